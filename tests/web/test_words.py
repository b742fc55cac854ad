"""Refusals in words: every code, in every language, saying what to do; and which language.

Not here: the sentences about events (`tests/desk`).
"""

import ast
from string import Formatter

import pytest

from earnest.core.ledger.account import Account
from earnest.core.values.reason import Reason
from earnest.desk.telling.account_words import account_words
from earnest.web.codes import DoorCode
from earnest.web.languages import LANGUAGES, language_of
from earnest.web.problems import problem
from earnest.web.refusals import WORDINGS, status_of, wording_of
from tests.tidy.source import ROOT

CODES = [*Reason, *DoorCode]


def gaps(text: str) -> set[str]:
    """The details that a text mentions."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words_and_no_words_lack_a_code(language: str) -> None:
    assert set(WORDINGS[language]) == {code.value for code in CODES}


def test_codes_of_rules_and_doors_do_not_collide() -> None:
    assert not {code.value for code in Reason} & {code.value for code in DoorCode}


@pytest.mark.parametrize("code", CODES)
def test_words_are_whole_sentences_and_the_same_in_every_language(code: Reason | DoorCode) -> None:
    wordings = [WORDINGS[language][code.value] for language in LANGUAGES]

    mentioned = [gaps(each.title + each.detail + each.way_out) for each in wordings]
    assert mentioned[0] == mentioned[1]
    for each in wordings:
        assert not gaps(each.title)
        assert each.title[-1] not in ".。"
        assert each.detail[-1] in ".。"
        assert each.way_out[-1] in ".。"


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_status_that_says_whose_turn_it_is(code: Reason | DoorCode) -> None:
    assert status_of(code) in {400, 401, 403, 404, 405, 409, 412, 413, 422, 500, 503}


def rejections() -> list[tuple[str, ast.expr | None]]:
    """Every place in core that rejects: the reason by name, and the details as written there."""
    return [
        (node.args[0].attr, node.args[1] if len(node.args) > 1 else None)
        for path in sorted((ROOT / "src/earnest/core").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Rejected"
        and isinstance(node.args[0], ast.Attribute)
    ]


def test_rules_give_every_detail_that_the_words_mention() -> None:
    found = rejections()
    missing = set()
    for name, details in found:
        given: set[object] = set()
        if isinstance(details, ast.Dict):
            given = {key.value for key in details.keys if isinstance(key, ast.Constant)}
        elif details is not None:
            continue
        wording = WORDINGS["en"][Reason[name].value]
        if not gaps(wording.detail + wording.way_out) <= given:
            missing.add((name, *sorted(map(str, given))))

    assert len(found) > 60
    assert missing == set()


def test_details_are_filled_in_and_a_missing_one_breaks_nothing() -> None:
    days = wording_of(Reason.CURE_PERIOD_TOO_SHORT, "en", {"days": "14"})
    unknown = wording_of(Reason.CURE_PERIOD_TOO_SHORT, "en", {})

    assert (days.detail, days.way_out) == (
        "The buyer must have at least 14 days.",
        "Give 14 days or more.",
    )
    assert unknown.detail == "The buyer must have at least … days."


def test_a_detail_is_text_and_never_a_pattern() -> None:
    told = wording_of(Reason.OPTION_UNKNOWN, "en", {"option": "{model.__class__}", "model": "x"})

    assert told.detail == "The model `x` has no option `{model.__class__}`."


def test_a_problem_names_its_code_as_a_urn() -> None:
    document = problem(DoorCode.KEY_MISSING, "zh-Hans", {})

    assert (document.type, document.status) == ("urn:earnest:problem:key_missing", 400)


@pytest.mark.parametrize(
    ("code", "details", "english", "chinese"),
    [
        (Reason.STAGE_UNSUITABLE, {"stage": "deposited"}, "“Deposit paid, cooling off”", "“已付"),
        (Reason.ACKNOWLEDGEMENT_MISSING, {"clause": "lock_effect"}, "“Lock”", "“锁单”"),
        (Reason.OVERRIDE_REPEATED, {"field": "cure_days"}, "“– days to make good", "“"),
        (DoorCode.WRONG_TYPE, {"field": "colour", "expected": "x"}, "`colour`", "`colour`"),
    ],
)
def test_the_sentences_of_a_refusal_name_no_codes_and_its_details_keep_them(
    code: Reason | DoorCode, details: dict[str, str], english: str, chinese: str
) -> None:
    said = problem(code, "en", details)

    assert english in said.detail
    assert chinese in problem(code, "zh-Hans", details).detail
    assert said.details == details


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_account_has_words(language: str) -> None:
    words = [account_words(account, language) for account in Account]

    assert len(set(words)) == len(Account)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("zh", "zh-Hans"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-TW", "zh-Hans"),
        ("de, en;q=0.3, zh;q=0.7", "zh-Hans"),
        ("de", "en"),
        ("en-GB;q=0.4, zh;q=0.2", "en"),
        ("*", "en"),
        ("zh;q=0, *;q=0.5", "en"),
        ("zh;q=much, en", "en"),
        ("zh;level=1", "zh-Hans"),
        ("ZH-hans", "zh-Hans"),
    ],
)
def test_readers_are_answered_in_the_language_they_like_best(accepted: str, language: str) -> None:
    assert language_of(accepted) == language
