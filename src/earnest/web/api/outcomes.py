"""POST /quotes/outcomes: what would happen to my money if…, before anybody orders anything.

The order is imagined and every situation settled by the command that would settle it. Nothing is
stored. Not here: an order that exists (`previews.py`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.order.exits import Exit, exits
from earnest.core.order.facts import Facts
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.words import Reader
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.core.values.reason import Reason
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.imagining import order_to_be
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import MOST_ITEMS, AskedConfiguration, Name
from earnest.web.telling_settlement import Settlement, settlement_in_words


class OutcomesAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A selection, and in which queue it would be reserved under the terms now on sale.

    `without` names the clauses that the buyer would not acknowledge; they are no part of the
    contract, and nothing in the answer relies on them.
    """

    queue_id: Name
    configuration: AskedConfiguration
    without: Annotated[tuple[Name, ...], Meta(max_length=MOST_ITEMS)] = ()


class Situation(StrEnum):
    """What may come of an order before the car is handed over."""

    LEAVE_IN_COOLING_OFF = "leave_in_cooling_off"
    LEAVE_AFTER_LOCK = "leave_after_lock"
    FINANCE_DECLINED = "finance_declined"
    SELLER_IS_LATE = "seller_is_late"
    SELLER_REFUSES = "seller_refuses"
    NOBODY_ANSWERS = "nobody_answers"


_GROUNDS = {
    Situation.LEAVE_IN_COOLING_OFF: Ground.COOLING_OFF,
    Situation.LEAVE_AFTER_LOCK: Ground.BUYER_WISH,
    Situation.FINANCE_DECLINED: Ground.FINANCE_DECLINED,
    Situation.SELLER_IS_LATE: Ground.DELAY,
    Situation.SELLER_REFUSES: Ground.REFUSAL,
    Situation.NOBODY_ANSWERS: Ground.FORCE_MAJEURE,
}


async def ask_outcomes(house: House, asked: Asked, wanted: OutcomesAsked) -> Reply:
    """Every situation with its settlement to the cent, as the rules on sale now would settle it."""
    configuration = wanted.configuration.meant(asked.received_at)
    queue_id = QueueId(wanted.queue_id)
    to_be = await order_to_be(house, asked, queue_id, configuration, wanted.without)
    made, facts, at = to_be.imagined, to_be.facts, asked.received_at
    ends = made.deposited.cooling_off_ends
    shown = [
        *_shown(made.deposited, facts, at, asked.language, {Situation.LEAVE_IN_COOLING_OFF}),
        *_shown(
            made.locked,
            facts,
            made.locked.changed_at,
            asked.language,
            set(Situation) - {Situation.LEAVE_IN_COOLING_OFF},
        ),
    ]
    return Reply(
        value=Outcomes(deposit=facts.policy.deposit, cooling_off_ends=ends, outcomes=tuple(shown))
    )


class OutcomeShown(msgspec.Struct, frozen=True, kw_only=True):
    """A situation and who would owe whom what."""

    situation: Situation
    settlement: Settlement


class Outcomes(msgspec.Struct, frozen=True, kw_only=True):
    """What would happen to the deposit, paid now, in every situation before the handover."""

    deposit: Money
    cooling_off_ends: Instant | None
    outcomes: tuple[OutcomeShown, ...]


def _shown(
    order: Order, facts: Facts, at: Instant, language: str, wanted: set[Situation]
) -> list[OutcomeShown]:
    found = exits(order, facts, at)
    shown = []
    for situation in Situation:
        ways = [each for each in found if each.ground is _GROUNDS[situation]]
        if situation in wanted and ways:
            # Of several claims the buyer may choose, the one that brings most is shown.
            best = max(ways, key=_owed)
            told = settlement_in_words(best.statement, facts.terms, language, Reader.BUYER)
            shown.append(OutcomeShown(situation=situation, settlement=told))
    return shown


def _owed(way: Exit) -> int:
    return way.statement.owed_to_buyer.amount


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/quotes/outcomes",
            operation="askOutcomes",
            summary="What would happen to the deposit in every situation, before ordering.",
            tag="shop",
            access=Access.PUBLIC,
            takes=OutcomesAsked,
            handler=ask_outcomes,
            gives=Outcomes,
            codes=(DoorCode.CATALOGUE_UNKNOWN, Reason.SALE_NOT_OPEN),
        )
    ]
