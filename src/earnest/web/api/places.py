"""GET /orders/{order_id}/position and /queues/{queue_id}: places, from a picture in memory.

Nothing here asks the database while an order is in the picture, so places can be read while writes
are saturated. The picture is at most a second old and says how old it is.

Not here: the picture (`desk/places`), and quotas of a campaign.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.queue.lane import Lane
from earnest.core.queue.move import Cause, Direction
from earnest.core.values.ids import BuyerId, OrderId, QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.places.queue_book import Stands
from earnest.desk.places.snapshot import History, MoveLine, Place, Turn
from earnest.desk.places.words import line_words, place_words
from earnest.web.codes import DoorCode
from earnest.web.finding import order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access, looks_like_id
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Language

MOST_LINES = 200
_CURSOR = re.compile(r"(\d{1,10})-(\d{1,10})")

STANDS = {Stands.OUT: "out", Stands.WAITS: "waiting", Stands.ASIDE: "deferred"}
"""How an order stands, as the API writes it."""


class PositionAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which page of the moves, and in which language."""

    cursor: Annotated[str, Meta(max_length=30)] | None = None
    limit: Annotated[int, Meta(ge=0, le=MOST_LINES)] = 50
    language: Language | None = None


async def show_position(house: House, asked: Asked, wanted: PositionAsked) -> Reply:
    """Where an order stands, and every move that changed it, each with its one cause."""
    order_id, buyer_id = OrderId(asked.path["order_id"]), _whose(asked)
    turn = None if wanted.cursor is None else _turn(wanted.cursor)
    picture = house.places.snapshot
    place = picture.place(order_id, buyer_id) if looks_like_id(order_id) else None
    if place is None:
        # Perhaps it is only newer than the picture; the database knows whether there is one.
        await order_asked_for(house, asked)
        raise TurnedAway(DoorCode.PLACES_NOT_READY)
    history = picture.history(order_id, buyer_id, turn, wanted.limit)
    assert history is not None, "a place that is known has a history"
    language = wanted.language or asked.language
    return Reply(value=_shown(order_id, place, history, language, house.places.as_of))


def _whose(asked: Asked) -> BuyerId | None:
    """Whose order it must be; None where the reader may see all."""
    return None if asked.by.may_read_all else asked.by.buyer_id


def _turn(cursor: str) -> Turn:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise TurnedAway(DoorCode.CURSOR_MALFORMED)
    return Turn(int(found[1]), int(found[2]))


class MoveShown(msgspec.Struct, frozen=True, kw_only=True):
    """One move ahead of the order: which rank, forward or back by one, why, and what it left."""

    at: Instant
    rank: int
    change: int
    cause: Cause
    ahead_after: int
    words: str


class PositionShown(msgspec.Struct, frozen=True, kw_only=True):
    """A place. Ahead are null once the order waits no more.

    `stands` is waiting, deferred or out. `at_joining` and the counts in `since` give
    `ahead_in_lane`; `moves` are those counts one by one, and adding their `change` to
    `at_joining` gives it too. A page may have fewer moves than asked for; the last has no cursor.
    """

    order_id: OrderId
    queue_id: QueueId
    lane: Lane
    rank: int
    stands: str
    ahead_in_lane: int | None
    ahead_in_queue: int | None
    at_joining: int
    since: dict[Direction, int]
    words: str
    as_of: Instant | None
    moves: tuple[MoveShown, ...]
    next_cursor: str | None


def _shown(
    order_id: OrderId, place: Place, history: History, language: str, as_of: Instant | None
) -> PositionShown:
    position, further = place.position, history.further
    is_out = place.stands is Stands.OUT
    return PositionShown(
        order_id=order_id,
        queue_id=place.queue_id,
        lane=position.lane,
        rank=position.rank,
        stands=STANDS[place.stands],
        ahead_in_lane=None if is_out else position.ahead_in_lane,
        ahead_in_queue=None if is_out else position.ahead_in_queue,
        at_joining=position.at_joining,
        since=position.since,
        words=place_words(place, language),
        as_of=as_of,
        moves=tuple(_move(each, language) for each in history.lines),
        next_cursor=None if further is None else f"{further.number}-{further.ahead}",
    )


def _move(line: MoveLine, language: str) -> MoveShown:
    return MoveShown(
        at=line.at,
        rank=line.rank,
        change=line.change,
        cause=line.cause,
        ahead_after=line.ahead_after,
        words=line_words(line, language),
    )


async def show_queue(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """What is public about a queue: how many wait, are deferred, cool off, and were built."""
    queue_id = QueueId(asked.path["queue_id"])
    facts = house.places.snapshot.queue_facts(queue_id, asked.received_at)
    if facts is None:
        ready = house.places.as_of is not None
        raise TurnedAway(DoorCode.QUEUE_NOT_FOUND if ready else DoorCode.PLACES_NOT_READY)
    return Reply(
        value=QueueShown(
            queue_id=queue_id,
            model_line=facts.queue.model_line,
            market=facts.queue.market,
            ranks_given=facts.ranks,
            waiting=facts.waiting,
            deferred=facts.aside,
            cooling_off=house.places.cooling_off.get(queue_id, 0),
            cooling_off_as_of=house.places.cooling_off_as_of,
            built_this_week=facts.built_this_week,
            lanes=facts.lanes,
            as_of=house.places.as_of,
        )
    )


class QueueShown(msgspec.Struct, frozen=True, kw_only=True):
    """A queue in numbers. The week begins on Monday by the clock of the queue.

    Who is `waiting` has no car yet; who is `deferred` stepped aside and keeps the rank. Those in
    the cooling-off period are among both, and are counted about once a minute.
    """

    queue_id: QueueId
    model_line: str
    market: str
    ranks_given: int
    waiting: int
    deferred: int
    cooling_off: int
    cooling_off_as_of: Instant | None
    built_this_week: int
    lanes: int
    as_of: Instant | None


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/orders/{order_id}/position",
            operation="showPosition",
            summary="Where an order stands in its queue, and why.",
            description="From a picture of the queue that is at most a second old.",
            tag="orders",
            access=Access.READERS,
            takes=PositionAsked,
            handler=show_position,
            gives=PositionShown,
            codes=(Reason.ORDER_UNKNOWN, DoorCode.CURSOR_MALFORMED, DoorCode.PLACES_NOT_READY),
        ),
        Route(
            method="GET",
            path="/queues/{queue_id}",
            operation="showQueue",
            summary="A queue in numbers, for everybody.",
            description="From a picture of the queue that is at most a second old.",
            tag="shop",
            access=Access.PUBLIC,
            takes=NoInput,
            handler=show_queue,
            gives=QueueShown,
            codes=(DoorCode.QUEUE_NOT_FOUND, DoorCode.PLACES_NOT_READY),
        ),
    ]
