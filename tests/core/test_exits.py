"""The preview of every exit: what is open, what is missing, and what it would yield."""

from __future__ import annotations

import pytest

from earnest.core.order.decide import Step
from earnest.core.order.events import SettlementFixed
from earnest.core.order.exits import Exit, exits
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from tests.core.orders import answer, order_after, then
from tests.core.world import FACTS, local, yuan


def preview(order: Order, at: Instant) -> dict[Ground, Exit]:
    """The exits by ground."""
    found = exits(order, FACTS, at)
    assert len({each.ground for each in found}) == len(found)
    return {each.ground: each for each in found}


def test_inside_the_cooling_off_leaving_is_free() -> None:
    ways = preview(order_after("DepositReceived"), local(2024, 7, 2))

    assert {ground: each.reason for ground, each in ways.items()} == {
        Ground.COOLING_OFF: None,
        Ground.BUYER_WISH: Reason.STAGE_UNSUITABLE,
        Ground.FINANCE_DECLINED: Reason.STAGE_UNSUITABLE,
        Ground.DELAY: Reason.GROUND_NOT_PROVEN,
        Ground.REFUSAL: Reason.GROUND_NOT_PROVEN,
        Ground.UNFOUNDED_CANCELLATION: Reason.GROUND_NOT_PROVEN,
        Ground.BREACHED_AGREEMENT: Reason.GROUND_NOT_PROVEN,
        Ground.FORCE_MAJEURE: None,
    }
    assert ways[Ground.COOLING_OFF].is_open
    assert not ways[Ground.DELAY].is_open
    assert yuan(5_000) == ways[Ground.COOLING_OFF].statement.owed_to_buyer


def test_a_closed_exit_shows_what_it_would_yield_and_what_is_missing() -> None:
    delay = preview(order_after("Scheduled"), local(2024, 7, 23))[Ground.DELAY]

    assert yuan(10_000) == delay.statement.owed_to_buyer
    assert (delay.reason, delay.details) == (Reason.GROUND_NOT_PROVEN, {"ground": "delay"})


def test_the_same_order_can_be_asked_about_any_date() -> None:
    order = order_after("DepositReceived")

    assert preview(order, local(2024, 7, 8, 10, 4))[Ground.COOLING_OFF].is_open
    assert not preview(order, local(2024, 7, 8, 10, 5))[Ground.COOLING_OFF].is_open


def test_an_order_that_is_over_has_no_exits() -> None:
    assert exits(order_after("HandedOver"), FACTS, local(2024, 9, 1)) == ()


@pytest.mark.parametrize("event", ["Reserved", "DepositReceived", "Locked", "BalanceReceived"])
def test_what_was_shown_is_what_is_posted(event: str) -> None:
    at = local(2024, 9, 1)
    order = then(order_after(event), at, "buyer", "OpenCase")
    taken = 0

    for shown in exits(order, FACTS, at):
        if shown.ground is Ground.FINANCE_DECLINED:
            assert shown.reason in {Reason.GROUND_NOT_PROVEN, Reason.STAGE_UNSUITABLE}
            continue
        fields = {"ground": shown.ground} if shown.command == "TerminateByBuyer" else {}
        outcome = answer(order, at, "buyer", shown.command, **fields)
        assert isinstance(outcome, Step) is shown.is_open
        if isinstance(outcome, Step):
            taken += 1
            [fixed] = [each for each in outcome.events if isinstance(each, SettlementFixed)]
            assert shown.statement == fixed.statement

    assert taken > 0
