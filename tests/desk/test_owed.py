"""A letter promises what the order's own law gives, and never a double return besides.

`owed.txt` has every sentence about a breach of the seller under every law, word for word. After a
wording was changed on purpose, `python -m tests.desk.test_owed` writes it anew, and a person reads
the difference. Not here: all other sentences (`test_telling.py`).
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from earnest.core.terms.packs.law import Remedy
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import DepositKind
from earnest.desk.telling import LANGUAGES, tell, what_you_can_do
from earnest.desk.telling.english import TABLE
from earnest.desk.telling.occasion import occasion
from earnest.desk.telling.sentence import OWED
from tests.desk.laws import POLICY, policy_under
from tests.desk.samples_settling import EVERY_OCCASION

FILE = Path(__file__).parent / "owed.txt"
LAW_NAMES = ("cn", "eu", "de", "fr", "uk", "us-ftc", "us-ca", "us-ny", "kr")
ABOUT_A_BREACH = [
    event
    for event in EVERY_OCCASION
    if f"{{{OWED}}}" in (TABLE.get(occasion(event)) or TABLE[type(event).__name__]).told
]
_DOUBLE = ("double", "双倍")


def block(law: str) -> str:
    """What is told of a breach under this law: the occasion, then a line for each language."""
    lines = [f"== {law}"]
    for event in ABOUT_A_BREACH:
        lines.append(occasion(event))
        lines += [f"  {tell(event, language, policy_under(law))}" for language in LANGUAGES]
    return "\n".join(lines)


def whole() -> str:
    """The file as it should be."""
    return "\n\n".join(map(block, LAW_NAMES)) + "\n"


@pytest.mark.parametrize("law", LAW_NAMES)
def test_every_sentence_about_a_breach_reads_as_written_down(law: str) -> None:
    written = FILE.read_text(encoding="utf-8").removesuffix("\n").split("\n\n")

    assert block(law) == written[LAW_NAMES.index(law)]


def test_the_sentences_about_a_breach_are_these() -> None:
    assert sorted({occasion(event) for event in ABOUT_A_BREACH}) == [
        "CancellationContested.against_agreement",
        "CancellationContested.without_ground",
        "DeliveryDemanded",
        "PerformanceRefused",
        "PromiseRevised.delay",
        "PromiseRevised.inside",
        "PromiseRevised.undated_delay",
        "Reminded.delivery_cure_over",
        "Reminded.promise_missed",
    ]


@pytest.mark.parametrize("kind", DepositKind)
@pytest.mark.parametrize("jurisdiction", LAWS)
def test_double_is_promised_for_earnest_money_under_a_law_of_earnest_money_only(
    jurisdiction: str, kind: DepositKind
) -> None:
    policy = msgspec.structs.replace(POLICY, jurisdiction=jurisdiction, deposit_kind=kind)
    is_doubled = LAWS[jurisdiction].remedy is Remedy.EARNEST and kind is DepositKind.EARNEST

    for language in LANGUAGES:
        for event in EVERY_OCCASION:
            # A settlement that was fixed with a double return says so whatever is given here.
            if occasion(event) == "SettlementFixed.doubled":
                continue
            said = tell(event, language, policy) + what_you_can_do(event, language, policy)
            assert any(word in said for word in _DOUBLE) is (is_doubled and event in ABOUT_A_BREACH)


def test_lost_terms_promise_what_they_gave_and_name_no_sum_and_no_law() -> None:
    event = next(each for each in ABOUT_A_BREACH if occasion(each) == "Reminded.promise_missed")

    assert tell(event, "en", None) == (
        "The window promised for your delivery ended on 29 November 2026, 16:00 and the car is not "
        "there. You may wait, or demand delivery; if a reasonable time after that passes in vain, "
        "you may end the order and get what your terms and the law give you for it."
    )
    assert tell(event, "zh-Hans", None).endswith("您可以解除订单并获得条款和法律规定的返还。")


if __name__ == "__main__":
    FILE.write_text(whole(), encoding="utf-8")
