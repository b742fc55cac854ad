"""GET /orders/{order_id}/exits: what happens to my money if I leave, on any day.

The preview runs the very command and shows its settlement, so the posting later equals it.
Not here: leaving. The routes of the commands do that.
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.order.exits import Exit, exits
from earnest.core.settlement.ground import Ground
from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.web.api.commands import kebab
from earnest.web.codes import DoorCode
from earnest.web.finding import order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import Problem, TurnedAway, problem
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import Language, Moment
from earnest.web.telling_settlement import Settlement, settlement_in_words


class ExitsAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which instant (now, without one), and in which language."""

    at: Moment | None = None
    language: Language | None = None


async def show_exits(house: House, asked: Asked, wanted: ExitsAsked) -> Reply:
    """Every way out of an order at an instant, open or not, with its settlement to the cent."""
    order = await order_asked_for(house, asked)
    at = wanted.at or asked.received_at
    if at < order.changed_at:
        changed_at = order.changed_at.isoformat()
        raise TurnedAway(DoorCode.INSTANT_TOO_EARLY, {"changed_at": changed_at})
    facts = await house.desk.library.facts_to_read(order)
    language = wanted.language or asked.language
    return Reply(
        value=Exits(
            order_id=order.order_id,
            at=at,
            exits=tuple(_shown(way, language) for way in exits(order, facts, at)),
        )
    )


class ExitShown(msgspec.Struct, frozen=True, kw_only=True):
    """A way out. When it is not open, `obstacle` says what is missing and what to do instead."""

    command: str
    ground: Ground
    is_open: bool
    settlement: Settlement
    obstacle: Problem | None


class Exits(msgspec.Struct, frozen=True, kw_only=True):
    """All ways out of an order at an instant; none when the order is over."""

    order_id: OrderId
    at: Instant
    exits: tuple[ExitShown, ...]


def _shown(way: Exit, language: str) -> ExitShown:
    return ExitShown(
        command=kebab(way.command),
        ground=way.ground,
        is_open=way.is_open,
        settlement=settlement_in_words(way.statement, language),
        obstacle=None if way.reason is None else problem(way.reason, language, way.details),
    )


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
