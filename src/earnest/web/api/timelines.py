"""GET /orders/{order_id}/timeline: everything that happened to an order, in words.

Not here: the words themselves (`desk/telling`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.terms.policy import Policy
from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.ports import RecordedEvent
from earnest.desk.sights import cases_seen
from earnest.desk.telling import tell, what_you_can_do
from earnest.web.finding import key_of, order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import Language


class TimelineAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In which language; without one, the request's own."""

    language: Language | None = None


async def show_timeline(house: House, asked: Asked, wanted: TimelineAsked) -> Reply:
    """Every event of an order: when, by what kind of person, in words and as data."""
    order = await order_asked_for(house, asked)
    facts = await house.desk.library.facts_to_read(order)
    language = wanted.language or asked.language
    return Reply(
        seen=cases_seen(order),
        value=Timeline(
            order_id=order.order_id,
            events=tuple(
                _told(recorded, language, facts.policy)
                for recorded in await house.reader.events(key_of(order))
            ),
        ),
    )


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One event. `data` has its fields; `by` is a kind of actor (buyer, staff, timer, provider)."""

    sequence: int
    kind: str
    at: Instant
    recorded_at: Instant
    by: str
    words: str
    what_you_can_do: str
    data: dict[str, Any]


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """An order's events from the first to the last."""

    order_id: OrderId
    events: tuple[Happened, ...]


def _told(recorded: RecordedEvent, language: str, policy: Policy) -> Happened:
    data = msgspec.to_builtins(recorded.event, builtin_types=(Instant,))
    return Happened(
        sequence=recorded.sequence,
        kind=data.pop("kind"),
        at=data.pop("at"),
        recorded_at=recorded.recorded_at,
        by=recorded.actor_id.partition(":")[0],
        words=tell(recorded.event, language, policy),
        what_you_can_do=what_you_can_do(recorded.event, language, policy),
        data=data,
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/orders/{order_id}/timeline",
            operation="showTimeline",
            summary="Everything that happened to an order, in words.",
            tag="orders",
            access=Access.READERS,
            takes=TimelineAsked,
            handler=show_timeline,
            gives=Timeline,
            codes=(Reason.ORDER_UNKNOWN,),
        )
    ]
