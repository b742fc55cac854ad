"""Settlement beside the stories: every ground on every kind of deposit, and each line in words."""

from __future__ import annotations

import itertools
import re

import msgspec
import pytest

from earnest.core.ledger.account import Account
from earnest.core.settlement.earnest import EarnestSplit, split_earnest
from earnest.core.settlement.ground import (
    BUYER_ANSWERS,
    SELLER_ANSWERS,
    SELLER_MAY_CANCEL_FOR,
    Ground,
)
from earnest.core.settlement.handing_over import Lateness, late_handover
from earnest.core.settlement.injured import claims
from earnest.core.settlement.position import Claim, Fleet, Held, Position
from earnest.core.settlement.settle import settle
from earnest.core.settlement.statement import Direction, Line, LineKind
from earnest.core.settlement.words import WORDS, Reader, words
from earnest.core.terms.packs.law import Law, Remedy
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import DepositKind
from tests.core.world import yuan

CHINA = LAWS["CN"]


def _position(
    kind: DepositKind, *, acknowledged: bool = True, charged_back: int = 0, **more: object
) -> Position:
    usual = Position(
        price=yuan(90_000),
        deposit_kind=kind,
        deposit_account=Account.COMMITTED_DEPOSITS,
        deposit_paid=yuan(20_000),
        balance_paid=yuan(1_000),
        charged_back=yuan(charged_back),
        earnest_cap_basis_points=2_000,
        forfeiture_acknowledged=acknowledged,
    )
    return msgspec.structs.replace(usual, **more)


def test_every_ground_has_one_who_answers_or_nobody() -> None:
    nobody = {
        Ground.COOLING_OFF,
        Ground.FORCE_MAJEURE,
        Ground.FINANCE_DECLINED,
        Ground.CHANGED_WHILE_WAITING,
        Ground.DELAY_NOT_AGREED,
        Ground.WITHDRAWAL_AFTER_HANDOVER,
    }

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
        assert yuan(owed) == settle(ground, _position(kind), CHINA).owed_to_buyer


def test_forfeiture_and_double_return_mirror_each_other() -> None:
    lost = settle(Ground.BUYER_WISH, _position(DepositKind.EARNEST), CHINA)
    doubled = settle(Ground.DELAY, _position(DepositKind.EARNEST), CHINA)

    assert lost.sum_of(LineKind.EARNEST_FORFEITED) == doubled.sum_of(LineKind.EARNEST_DOUBLED)


def test_without_its_acknowledgement_the_forfeiture_clause_is_no_part_of_the_contract() -> None:
    statement = settle(Ground.BUYER_WISH, _position(DepositKind.EARNEST, acknowledged=False), CHINA)

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
        assert settle(ground, empty, CHINA).lines == ()


def test_more_than_is_owed_is_never_set_off() -> None:
    statement = settle(Ground.BUYER_WISH, _position(DepositKind.EARNEST, charged_back=9_000), CHINA)

    assert yuan(0) == statement.owed_to_buyer
    assert yuan(3_000) == statement.sum_of(LineKind.ALREADY_CHARGED_BACK)


def test_the_earnest_cap_cuts_what_was_really_paid() -> None:
    position = _position(DepositKind.EARNEST)
    small = msgspec.structs.replace(position, deposit_paid=yuan(5_000))

    assert EarnestSplit(yuan(18_000), yuan(2_000), yuan(18_000)) == split_earnest(position, CHINA)
    assert EarnestSplit(yuan(5_000), yuan(0), yuan(5_000)) == split_earnest(small, CHINA)


def test_earnest_money_is_at_stake_for_what_was_not_delivered() -> None:
    position = _position(DepositKind.EARNEST, fleet=Fleet(vehicles=4, delivered=1))

    assert yuan(13_500) == split_earnest(position, CHINA).at_stake


def test_a_cap_of_nothing_leaves_no_line_that_moves_nothing() -> None:
    position = _position(DepositKind.EARNEST)
    capped = msgspec.structs.replace(position, earnest_cap_basis_points=0)

    for ground in BUYER_ANSWERS | SELLER_ANSWERS:
        assert yuan(21_000) == settle(ground, capped, CHINA).owed_to_buyer


def _everything(law: Law) -> list[Line]:
    """Lines of every ground and kind of deposit, with every fact that can bear on them."""
    facts = itertools.product(
        Ground, DepositKind, (True, False), Claim, (None, yuan(3_000)), (False, True)
    )
    found: list[Line] = []
    for ground, kind, acknowledged, claim, loss, shipped in facts:
        position = _position(
            kind,
            acknowledged=acknowledged,
            charged_back=100,
            claim=claim,
            sellers_loss=loss,
            buyers_loss=yuan(30_000),
            delay_compensation=yuan(2_000),
            deposit_days=100,
            interest_basis_points=500,
            fleet=Fleet(vehicles=4, delivered=1),
            is_shipped=shipped,
            price_paid=yuan(90_000) if ground is Ground.WITHDRAWAL_AFTER_HANDOVER else None,
        )
        found += settle(ground, position, law).lines
    lateness = Lateness(compensation=yuan(1), tax_difference=yuan(1), buyers_loss=yuan(2))
    return [*found, *late_handover(lateness, law)]


def test_every_line_says_in_both_languages_what_it_is() -> None:
    lines = [line for law in LAWS.values() for line in _everything(law)]
    said = {words(line, language, Reader.BUYER) for line in lines for language in ("en", "zh-Hans")}

    assert {kind: {"en", "zh-Hans"} for kind in LineKind} == {
        kind: set(texts) for kind, texts in WORDS.items()
    }
    later = (LineKind.RESALE_RETURNED, LineKind.TAKEN_RETURNED)
    elsewhere = {text for kind in later for text in WORDS[kind].values()}
    assert said == {text for texts in WORDS.values() for text in texts.values()} - elsewhere


def test_who_is_not_the_buyer_is_never_spoken_to_as_the_buyer() -> None:
    lines = [line for law in LAWS.values() for line in _everything(law)]

    assert [
        told
        for line in lines
        for language, speaks in (("en", r"\byou"), ("zh-Hans", "您"))
        if re.search(speaks, told := words(line, language, Reader.OTHERS), re.IGNORECASE)
    ] == []


def test_every_line_goes_one_way_and_cites_a_rule_of_its_law() -> None:
    building = {"CN": {"CN"}, "EU": {"EU"}, "DE": {"DE", "EU"}, "FR": {"FR", "EU"}, "UK": {"UK"}}
    for code, law in LAWS.items():
        lines = _everything(law)
        assert {line.rule[:2] for line in lines} <= building.get(code, {code[:2]})
        for line in lines:
            owed = line.posting.credit is Account.OWED_TO_BUYERS
            assert owed is (line.direction is Direction.TO_BUYER)
        assert Direction.SET_OFF in {line.direction for line in lines}


def test_both_computations_are_offered_where_they_differ() -> None:
    late = _position(DepositKind.EARNEST, delay_compensation=yuan(10_000))

    assert claims(late, CHINA) == (Claim.EARNEST, Claim.COMPENSATION)
    assert claims(_position(DepositKind.EARNEST), CHINA) == (Claim.EARNEST,)
    assert claims(late, LAWS["DE"]) == (Claim.COMPENSATION,)
    assert claims(_position(DepositKind.FEE), CHINA) == (Claim.COMPENSATION,)


def test_what_the_buyer_can_choose_from_follows_the_remedy_that_holds_once_the_car_is_shipped() -> (
    None
):
    law = msgspec.structs.replace(CHINA, remedy_once_shipped=Remedy.LOSS)
    shipped = _position(DepositKind.EARNEST, is_shipped=True)

    assert claims(shipped, law) == (Claim.COMPENSATION,)
    assert claims(shipped, CHINA) == (Claim.EARNEST,)


def test_a_late_handover_makes_good_the_delay_the_tax_and_the_loss_above_the_compensation() -> None:
    lateness = Lateness(
        compensation=yuan(2_000), tax_difference=yuan(1_500), buyers_loss=yuan(2_700)
    )

    lines = late_handover(lateness, CHINA)

    assert [(line.kind, line.amount, line.rule, line.posting.debit) for line in lines] == [
        (LineKind.DELAY_COMPENSATED, yuan(2_000), "CN-18", Account.COMPENSATION_EXPENSE),
        (LineKind.TAX_DIFFERENCE_BORNE, yuan(1_500), "CN-40", Account.TAX_GUARANTEE_EXPENSE),
        (LineKind.LOSS_COMPENSATED, yuan(700), "CN-18", Account.COMPENSATION_EXPENSE),
    ]
    assert {line.posting.credit for line in lines} == {Account.OWED_TO_BUYERS}


def test_some_car_of_a_fleet_that_is_settled_was_not_delivered() -> None:
    assert Fleet(vehicles=2, delivered=0).delivered == 0
    for delivered in (-1, 2, 3):
        with pytest.raises(AssertionError, match=r"^some car of the fleet is not delivered$"):
            Fleet(vehicles=2, delivered=delivered)


def test_interest_runs_for_the_days_that_the_seller_had_the_money() -> None:
    position = _position(
        DepositKind.INTENT,
        deposit_days=73,
        balance_held=(Held(yuan(1_000), 365),),
        interest_basis_points=400,
    )

    # 20,000 x 4 % x 73 / 365 + 1,000 x 4 %; Germany gives at least 5 %.
    assert yuan(200) == settle(Ground.DELAY, position, CHINA).sum_of(LineKind.INTEREST_PAID)
    assert yuan(250) == settle(Ground.DELAY, position, LAWS["DE"]).sum_of(LineKind.INTEREST_PAID)
