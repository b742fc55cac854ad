"""What may be asked for many orders at once takes nothing from anybody, and is decided as ever."""

from __future__ import annotations

import pytest

from earnest.core.order.commands import Command
from earnest.core.order.decide import decide
from earnest.core.order.in_bulk import IN_BULK, decide_in_bulk
from earnest.core.order.parts_of_agreements import ChangeKind
from earnest.core.order.stage import EXITS, TRANSITIONS
from earnest.core.terms.agreement import Origin
from earnest.core.terms.override import Override, OverrideField
from earnest.core.values.instant import Window
from earnest.core.values.outcome import Accepted, Rejected
from earnest.core.values.reason import Reason
from tests.core.asking import Moment, asked
from tests.core.orders import order_after
from tests.core.world import FACTS, actor, local, yuan

AT = local(2024, 7, 2, 10)
GIFT = Override(OverrideField.LATE_DELIVERY_PER_DAY, yuan(9_999))
FEWER = Override(OverrideField.DEFERRALS_FREE, 0)
FIELDS: dict[str, dict[str, object]] = {
    "RevisePromise": {
        "promise": Window(local(2025, 3, 1), local(2025, 4, 1)),
        "cause": "A supplier of displays is late.",
    },
    "ProposeAgreement": {"overrides": (GIFT,), "text": "I promise.", "origin": Origin.CHAT},
    "ApplyPublicPromise": {"promise_id": "spring"},
    "OfferTerms": {"terms_hash": "another"},
    "AnnounceChange": {"change": ChangeKind.MODEL_REFRESHED, "explanation": "A newer one is out."},
    "RefusePerformance": {"explanation": "No."},
}
"""What is said with each command, where it has something to say."""


def command(
    name: str, role: str = "sales", after: str = "DepositReceived", **fields: object
) -> Command:
    """A command of the staff about the order of the main path."""
    said = {**FIELDS.get(name, {}), **fields}
    return asked(name, actor(role), Moment(order_after(after), FACTS, AT, said))


def test_none_of_them_leads_an_order_out_or_onward() -> None:
    later = {
        (name, stage, target)
        for stage, ways in TRANSITIONS.items()
        for name in IN_BULK & ways.keys()
        for target in ways[name] - {stage}
    }

    # Agreeing to a buyer's own wish for a later car gives slot and car up, as the buyer asked.
    assert {name for name, _, _ in later} == {"AnswerDeferral"}
    assert not {target for _, _, target in later} & EXITS


@pytest.mark.parametrize("role", ["sales", "planning", "finance"])
def test_the_rules_decide_as_for_one_order(role: str) -> None:
    order = order_after("DepositReceived")
    for name in IN_BULK - {"AnswerDeferral"}:
        wanted = command(name, role)
        assert decide_in_bulk(order, wanted, FACTS, AT) == decide(order, wanted, FACTS, AT)


def test_a_gift_to_every_buyer_binds_at_once() -> None:
    gift = command("ProposeAgreement")
    order = order_after("DepositReceived")

    outcome = decide_in_bulk(order, gift, FACTS, AT)

    assert isinstance(outcome, Accepted)
    assert [type(each).__name__ for each in outcome.events] == ["AgreementMade"]


@pytest.mark.parametrize(
    "wanted",
    [
        command("ProposeAgreement", overrides=(FEWER,)),
        command("ProposeAgreement", replaces=(1,)),
        command("OfferTerms", even_if_worse=True),
        command("AnswerDeferral", agreed=False),
        command("DemandBalance"),
        command("RefusePerformance"),
    ],
    ids=["worse", "replacing", "worse terms", "declined", "demand", "refusal"],
)
def test_what_a_buyer_would_have_to_refuse_is_not_asked_of_many(wanted: Command) -> None:
    outcome = decide_in_bulk(order_after("DepositReceived"), wanted, FACTS, AT)

    assert outcome == Rejected(Reason.NOT_IN_BULK, {"command": type(wanted).__name__})
