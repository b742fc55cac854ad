"""Settlement beside the stories: every ground on every kind of deposit, and each line in words."""

from __future__ import annotations

import itertools

import pytest

from earnest.core.ledger.account import Account
from earnest.core.settlement.earnest import EarnestSplit, split_earnest
from earnest.core.settlement.ground import (
    BUYER_ANSWERS,
    SELLER_ANSWERS,
    SELLER_MAY_CANCEL_FOR,
    Ground,
)
from earnest.core.settlement.settle import Position, settle
from earnest.core.settlement.statement import LineKind
from earnest.core.settlement.words import WORDS, words
from earnest.core.terms.policy import DepositKind
from tests.core.world import yuan


def _position(kind: DepositKind, *, acknowledged: bool = True, charged_back: int = 0) -> Position:
    return Position(
        price=yuan(90_000),
        deposit_kind=kind,
        deposit_account=Account.COMMITTED_DEPOSITS,
        deposit_paid=yuan(20_000),
        balance_paid=yuan(1_000),
        charged_back=yuan(charged_back),
        earnest_cap_basis_points=2_000,
        forfeiture_acknowledged=acknowledged,
    )


def test_every_ground_has_one_who_answers_or_nobody() -> None:
    nobody = {Ground.COOLING_OFF, Ground.FORCE_MAJEURE}

    assert set(Ground) == BUYER_ANSWERS | SELLER_ANSWERS | nobody
    assert not BUYER_ANSWERS & SELLER_ANSWERS
    assert SELLER_MAY_CANCEL_FOR < BUYER_ANSWERS


@pytest.mark.parametrize(
    ("grounds", "kind", "owed"),
    [
        ({Ground.COOLING_OFF, Ground.FORCE_MAJEURE}, DepositKind.EARNEST, 21_000),
        ({Ground.COOLING_OFF, Ground.FORCE_MAJEURE}, DepositKind.INTENT, 21_000),
        ({Ground.COOLING_OFF, Ground.FORCE_MAJEURE}, DepositKind.FEE, 21_000),
        (BUYER_ANSWERS, DepositKind.EARNEST, 3_000),  # 18,000 are earnest money and lost
        (BUYER_ANSWERS, DepositKind.INTENT, 21_000),
        (BUYER_ANSWERS, DepositKind.FEE, 1_000),
        (SELLER_ANSWERS, DepositKind.EARNEST, 39_000),  # 2 x 18,000 + 2,000 + 1,000
        (SELLER_ANSWERS, DepositKind.INTENT, 21_000),
        (SELLER_ANSWERS, DepositKind.FEE, 21_000),
    ],
)
def test_what_the_buyer_gets_by_who_answers_and_kind_of_deposit(
    grounds: set[Ground], kind: DepositKind, owed: int
) -> None:
    for ground in grounds:
        assert yuan(owed) == settle(ground, _position(kind)).owed_to_buyer


def test_forfeiture_and_double_return_mirror_each_other() -> None:
    lost = settle(Ground.BUYER_WISH, _position(DepositKind.EARNEST))
    doubled = settle(Ground.DELAY, _position(DepositKind.EARNEST))

    assert lost.sum_of(LineKind.EARNEST_FORFEITED) == doubled.sum_of(LineKind.EARNEST_DOUBLED)


def test_without_its_acknowledgement_the_forfeiture_clause_is_no_part_of_the_contract() -> None:
    statement = settle(Ground.BUYER_WISH, _position(DepositKind.EARNEST, acknowledged=False))

    assert yuan(21_000) == statement.owed_to_buyer
    assert [line.rule for line in statement.lines] == ["CN-03", "CN-14"]


def test_an_order_that_holds_nothing_has_an_empty_statement() -> None:
    empty = Position(
        price=yuan(90_000),
        deposit_kind=DepositKind.EARNEST,
        deposit_account=Account.CUSTOMER_DEPOSITS,
        deposit_paid=yuan(0),
        balance_paid=yuan(0),
        charged_back=yuan(500),
        earnest_cap_basis_points=2_000,
        forfeiture_acknowledged=True,
    )

    for ground in Ground:
        assert settle(ground, empty).lines == ()


def test_more_than_is_owed_is_never_set_off() -> None:
    statement = settle(Ground.BUYER_WISH, _position(DepositKind.EARNEST, charged_back=9_000))

    assert yuan(0) == statement.owed_to_buyer
    assert yuan(3_000) == statement.sum_of(LineKind.ALREADY_CHARGED_BACK)


def test_the_earnest_cap_cuts_what_was_really_paid() -> None:
    assert EarnestSplit(yuan(18_000), yuan(2_000)) == split_earnest(
        yuan(20_000), yuan(90_000), 2_000
    )
    assert EarnestSplit(yuan(5_000), yuan(0)) == split_earnest(yuan(5_000), yuan(90_000), 2_000)


def test_every_line_says_in_both_languages_what_it_is() -> None:
    said: list[str] = []
    for ground, kind, acknowledged in itertools.product(Ground, DepositKind, (True, False)):
        position = _position(kind, acknowledged=acknowledged, charged_back=100)
        for line in settle(ground, position).lines:
            said += [words(line, "en"), words(line, "zh-Hans")]

    assert {kind: {"en", "zh-Hans"} for kind in LineKind} == {
        kind: set(texts) for kind, texts in WORDS.items()
    }
    assert set(said) == {text for texts in WORDS.values() for text in texts.values()}
