"""GET /orders/{order_id}/exits: what happens to my money if I leave, on any day.

The preview runs the very command and shows its settlement, so the posting later equals it.
Not here: leaving. The routes of the commands do that.
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.foresight import as_it_stood, as_it_will_stand
from earnest.core.order.effective import effective_policy
from earnest.core.order.exits import Exit, exits, sellers_exits
from earnest.core.order.facts import Facts
from earnest.core.order.settling import compensation_lines
from earnest.core.order.stage import ALIVE, Stage
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.position import Claim
from earnest.core.settlement.words import Reader
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.web.api.commands import kebab
from earnest.web.codes import DoorCode
from earnest.web.finding import key_of, order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import Problem, TurnedAway, problem
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import Language, Moment
from earnest.web.telling_settlement import (
    IfTaken,
    Settlement,
    SettlementLine,
    if_taken,
    line_in_words,
    reader_of,
    settlement_in_words,
)


class ExitsAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which instant (now, without one), and in which language."""

    at: Moment | None = None
    language: Language | None = None


async def show_exits(house: House, asked: Asked, wanted: ExitsAsked) -> Reply:
    """Every way out of an order at an instant, open or not, with its settlement to the cent.

    In the past, the order is taken as it stood; in the future, as it will stand if nobody does
    anything until then.
    """
    order = await order_asked_for(house, asked)
    at = wanted.at or asked.received_at
    facts = await house.desk.library.facts_to_read(order)
    order = await _at(house, order, facts, at)
    language, reader = wanted.language or asked.language, reader_of(asked.caller)
    sellers = sellers_exits(order, facts, at, asked.by.actor) if asked.by.actor.is_staff else ()
    return Reply(
        value=Exits(
            order_id=order.order_id,
            at=at,
            stage=order.stage,
            exits=tuple(
                _shown(way, facts.terms, language, reader) for way in exits(order, facts, at)
            ),
            sellers_exits=tuple(_shown(way, facts.terms, language, reader) for way in sellers),
            late_handover=_late_handover(order, facts, at, language, reader),
        )
    )


async def _at(house: House, order: Order, facts: Facts, at: Instant) -> Order:
    """The order at the instant asked for."""
    if at >= order.changed_at:
        return as_it_will_stand(order, facts, at)
    recorded = await house.reader.events(key_of(order))
    then = as_it_stood((each.event for each in recorded), at)
    if then is None:
        raise TurnedAway(DoorCode.INSTANT_TOO_EARLY, {"reserved_at": order.reserved_at.isoformat()})
    return as_it_will_stand(then, facts, at)


class ExitShown(msgspec.Struct, frozen=True, kw_only=True):
    """A way out. When it is not open, `obstacle` says what is missing and what to do instead.

    `if_taken` is there where the terms give back what is kept once another order takes slot or car.
    """

    command: str
    ground: Ground
    claim: Claim | None
    is_open: bool
    settlement: Settlement
    obstacle: Problem | None
    if_taken: IfTaken | None


class Exits(msgspec.Struct, frozen=True, kw_only=True):
    """All ways out of an order at an instant; none when the order is over.

    `stage` is where the order stands then. The seller's exits are shown to its staff only.
    `late_handover` is what a handover at that instant would owe the buyer beside the car.
    """

    order_id: OrderId
    at: Instant
    stage: Stage
    exits: tuple[ExitShown, ...]
    sellers_exits: tuple[ExitShown, ...]
    late_handover: tuple[SettlementLine, ...]


def _shown(way: Exit, terms: TermsVersion, language: str, reader: Reader) -> ExitShown:
    return ExitShown(
        command=kebab(way.command),
        ground=way.ground,
        claim=way.claim,
        is_open=way.is_open,
        settlement=settlement_in_words(way.statement, terms, language, reader),
        obstacle=None if way.reason is None else problem(way.reason, language, way.details),
        if_taken=if_taken(way.back, way.back_until, terms.policy.time_zone, language, reader),
    )


def _late_handover(
    order: Order, facts: Facts, at: Instant, language: str, reader: Reader
) -> tuple[SettlementLine, ...]:
    if order.stage not in ALIVE:
        return ()
    lines = compensation_lines(order, effective_policy(order, facts, at), at)
    return tuple(line_in_words(line, language, reader) for line in lines)


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/orders/{order_id}/exits",
            operation="showExits",
            summary="What would happen to the money at every exit, at any instant.",
            tag="orders",
            access=Access.READERS,
            takes=ExitsAsked,
            handler=show_exits,
            gives=Exits,
            codes=(Reason.ORDER_UNKNOWN, DoorCode.INSTANT_TOO_EARLY),
        )
    ]
