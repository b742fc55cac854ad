"""GET /notices, opening one, and preferences: the inbox of a buyer; and what became of notices.

Opening a demand with one's own login proves that it arrived, so its time starts then.
Not here: which events are told (`desk/notices.py`) and their words (`desk/telling`).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.cases.notice import Means
from earnest.core.order.commands import RecordNotice
from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.notices import UNTOLD, UNTOLD_KINDS, demand_number, is_legal
from earnest.desk.ports import OrderKey, RecordedEvent
from earnest.desk.private import (
    MarkKind,
    NoticeChannel,
    NoticeCursor,
    NoticeMark,
    NoticePlace,
    Preferences,
)
from earnest.desk.telling import subject, tell, what_you_can_do
from earnest.web.codes import DoorCode
from earnest.web.finding import key_of, order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access, looks_like_id, owner_of
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import LARGEST_NUMBER, Language

MOST_ON_A_PAGE = 100
_cursor = msgspec.json.Decoder(NoticeCursor)

Marks = Mapping[NoticePlace, Sequence[NoticeMark]]


class NoticesAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which page of the inbox, and in which language; without one, the buyer's own."""

    cursor: Annotated[str, Meta(max_length=400)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST_ON_A_PAGE)] = 50
    language: Language | None = None


class InLanguage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In which language; without one, the buyer's own."""

    language: Language | None = None


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a buyer wants to be told. What the law wants told is never switched off entirely."""

    language: Language | None = None
    mail: bool = True
    sms: bool = True


async def list_notices(house: House, asked: Asked, wanted: NoticesAsked) -> Reply:
    """A page of the inbox, the newest first. Reading the list opens nothing."""
    buyer_id = owner_of(asked.by)
    before = None if wanted.cursor is None else _place_of(wanted.cursor)
    found = await house.notices.told(buyer_id, UNTOLD_KINDS, before, wanted.limit + 1)
    marks = await house.notices.marks(buyer_id)
    language = await _language(house, asked, wanted.language)
    shown = found[: wanted.limit]
    return Reply(
        value=NoticesPage(
            notices=tuple(_line(each, marks, language) for each in shown),
            next_cursor=_cursor_after(shown[-1]) if len(found) > wanted.limit else None,
        )
    )


async def open_notice(house: House, asked: Asked, wanted: InLanguage) -> Reply:
    """Open a notice. The first time is kept, and proves that it arrived."""
    buyer_id = owner_of(asked.by)
    recorded = await _notice(house, asked)
    place = NoticePlace(recorded.order_id, recorded.sequence)
    opened = NoticeMark(
        place=place,
        channel=NoticeChannel.IN_APP,
        kind=MarkKind.OPENED,
        at=asked.received_at,
        proof=f"login {asked.by.actor.actor_id}",
    )
    await house.notices.mark(buyer_id, opened)
    marks = await house.notices.marks(buyer_id, place.order_id)
    number = demand_number(recorded.event)
    if number is not None:
        await _prove(house, asked, number, recorded.event.at, marks[place])
    order = await house.reader.order_of_buyer(OrderKey(buyer_id, place.order_id))
    assert order is not None, "a notice tells of an order"
    facts = await house.desk.library.facts_to_read(order)
    language = await _language(house, asked, wanted.language)
    return Reply(
        value=NoticeShown(
            notice=_line(recorded, marks, language),
            words=tell(recorded.event, language, facts.policy),
            what_you_can_do=what_you_can_do(recorded.event, language, facts.policy),
        )
    )


async def _prove(
    house: House, asked: Asked, number: int, sent_at: Instant, marks: Sequence[NoticeMark]
) -> None:
    """Let the opening start the demand's time; one that is met or proven already stays as it is."""
    opened_at = next(each.at for each in marks if each.kind is MarkKind.OPENED)
    sequence = int(asked.path["sequence"])
    command = RecordNotice(
        buyer_id=owner_of(asked.by),
        order_id=OrderId(asked.path["order_id"]),
        actor=asked.by.actor,
        key=f"opened-{asked.path['order_id']}-{sequence}",
        received_at=asked.received_at,
        demand_number=number,
        delivered_at=max(opened_at, sent_at),
        proof=f"notice {sequence} opened in the inbox by {asked.by.actor.actor_id}",
        means=Means.IN_APP,
    )
    await house.desk.submit(command, command.key)


async def show_preferences(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """How the buyer wants to be told."""
    return Reply(value=await house.notices.preferences(owner_of(asked.by)))


async def prefer(house: House, asked: Asked, wanted: Wanted) -> Reply:
    """Change how the buyer wants to be told."""
    said = Preferences(language=wanted.language, mail=wanted.mail, sms=wanted.sms)
    await house.notices.prefer(owner_of(asked.by), said, asked.received_at)
    return Reply(value=said)


async def show_notices_of_order(house: House, asked: Asked, wanted: InLanguage) -> Reply:
    """What was told about an order, and what became of each notice, with its proof."""
    order = await order_asked_for(house, asked)
    marks = await house.notices.marks(order.buyer_id, order.order_id)
    language = wanted.language or asked.language
    return Reply(
        value=NoticesOfOrder(
            order_id=order.order_id,
            notices=tuple(
                _traced(each, marks, language)
                for each in await house.reader.events(key_of(order))
                if type(each.event) not in UNTOLD
            ),
        )
    )


class NoticeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A notice in a list. `is_legal` ones are told whatever is preferred."""

    order_id: OrderId
    sequence: int
    kind: str
    at: Instant
    subject: str
    is_legal: bool
    opened_at: Instant | None


class NoticesPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of an inbox; `next_cursor` is None on the last one."""

    notices: tuple[NoticeLine, ...]
    next_cursor: str | None


class NoticeShown(msgspec.Struct, frozen=True, kw_only=True):
    """A notice that was opened, whole."""

    notice: NoticeLine
    words: str
    what_you_can_do: str


class NoticeTraced(msgspec.Struct, frozen=True, kw_only=True):
    """A notice and what became of it: sent, delivered, opened, each with its proof."""

    notice: NoticeLine
    marks: tuple[NoticeMark, ...]


class NoticesOfOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was told about an order."""

    order_id: OrderId
    notices: tuple[NoticeTraced, ...]


async def _language(house: House, asked: Asked, wanted: str | None) -> str:
    """The language asked for, the one preferred, or the request's own."""
    if wanted is not None:
        return wanted
    preferred = await house.notices.preferences(owner_of(asked.by))
    return preferred.language or asked.language


async def _notice(house: House, asked: Asked) -> RecordedEvent:
    """The notice in the path, if it is in this buyer's inbox."""
    order_id, sequence = asked.path["order_id"], asked.path["sequence"]
    if looks_like_id(order_id) and sequence.isascii() and sequence.isdigit():
        key = OrderKey(owner_of(asked.by), OrderId(order_id))
        for recorded in await house.reader.events(key):
            if recorded.sequence == int(sequence) and type(recorded.event) not in UNTOLD:
                return recorded
    raise TurnedAway(DoorCode.NOTICE_UNKNOWN)


def _line(recorded: RecordedEvent, marks: Marks, language: str) -> NoticeLine:
    place = NoticePlace(recorded.order_id, recorded.sequence)
    opened = (each.at for each in marks.get(place, ()) if each.kind is MarkKind.OPENED)
    return NoticeLine(
        order_id=recorded.order_id,
        sequence=recorded.sequence,
        kind=type(recorded.event).__name__,
        at=recorded.event.at,
        subject=subject(recorded.event, language),
        is_legal=is_legal(recorded.event),
        opened_at=next(opened, None),
    )


def _traced(recorded: RecordedEvent, marks: Marks, language: str) -> NoticeTraced:
    place = NoticePlace(recorded.order_id, recorded.sequence)
    return NoticeTraced(notice=_line(recorded, marks, language), marks=tuple(marks.get(place, ())))


def _cursor_after(recorded: RecordedEvent) -> str:
    place = NoticePlace(recorded.order_id, recorded.sequence)
    written = msgspec.json.encode(NoticeCursor(recorded.recorded_at, place))
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def _place_of(cursor: str) -> NoticeCursor:
    """What a cursor stands for; one that was not given out is turned away."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found = _cursor.decode(base64.b64decode(padded, b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise TurnedAway(DoorCode.CURSOR_MALFORMED) from error
    if found.recorded_at.tzinfo is None or not 0 < found.place.sequence <= LARGEST_NUMBER:
        raise TurnedAway(DoorCode.CURSOR_MALFORMED)
    return found


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/notices",
            operation="listNotices",
            summary="The inbox of the buyer, the newest first.",
            tag="notices",
            access=Access.BUYER,
            takes=NoticesAsked,
            handler=list_notices,
            gives=NoticesPage,
            codes=(DoorCode.CURSOR_MALFORMED,),
        ),
        Route(
            method="GET",
            path="/notices/preferences",
            operation="showPreferences",
            summary="How the buyer wants to be told.",
            tag="notices",
            access=Access.BUYER,
            takes=NoInput,
            handler=show_preferences,
            gives=Preferences,
        ),
        Route(
            method="PUT",
            path="/notices/preferences",
            operation="prefer",
            summary="Change how the buyer wants to be told.",
            description=(
                "What the law or the terms want told stays in the inbox, and leaves by one more "
                "way at least, whatever is chosen here."
            ),
            tag="notices",
            access=Access.BUYER,
            takes=Wanted,
            handler=prefer,
            gives=Preferences,
        ),
        Route(
            method="POST",
            path="/notices/{order_id}/{sequence}/open",
            operation="openNotice",
            summary="Open a notice; the first time is kept and proves that it arrived.",
            description="Opening a demand starts its time to cure (CN-11). It can be repeated.",
            tag="notices",
            access=Access.BUYER,
            takes=InLanguage,
            handler=open_notice,
            gives=NoticeShown,
            codes=(DoorCode.NOTICE_UNKNOWN,),
        ),
        Route(
            method="GET",
            path="/orders/{order_id}/notices",
            operation="showNoticesOfOrder",
            summary="What was told about an order, with the proof of its arrival.",
            tag="notices",
            access=Access.READERS,
            takes=InLanguage,
            handler=show_notices_of_order,
            gives=NoticesOfOrder,
            codes=(Reason.ORDER_UNKNOWN,),
        ),
    ]
