"""/sights: who of the staff was shown whose personal data; /me/sights: the same for a buyer.

Overseers read it by person of the staff, by buyer or by order. A buyer learns on which day which
role of the maker was shown what about them, and no name: a name is asked for, and given by a person
who weighs it. Not here: noting sights (`web/noting.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.values.instant import zone
from earnest.desk.sights import Sight, SightFilter, SightKind
from earnest.people.caller import STAFF_PREFIX
from earnest.web.codes import DoorCode
from earnest.web.cursors import cursor_after_line, line_of
from earnest.web.house import House
from earnest.web.identity import Access, owner_of
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import HOUSE_ZONE, Moment, Name

MOST_ON_A_PAGE = 200
MOST_OF_BUYER = 500
"""Sights that a buyer is told of at most; the newest come first."""


class SightsAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which sights: by whom, about which person or order, in `[begins, ends)`; from where on."""

    by: Name | None = None
    about: Name | None = None
    begins: Moment | None = None
    ends: Moment | None = None
    cursor: Annotated[str, Meta(max_length=300)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST_ON_A_PAGE)] = 50


async def show_sights(house: House, asked: Asked, wanted: SightsAsked) -> Reply:  # noqa: ARG001 - as all
    """A page of sights, the newest first."""
    before = None if wanted.cursor is None else line_of(wanted.cursor, digits_only=True)
    found = await house.sights.sights(_filter(wanted), before, wanted.limit + 1)
    page, more = found[: wanted.limit], len(found) > wanted.limit
    return Reply(
        value=SightsShown(
            sights=tuple(each.sight for each in page),
            next_cursor=cursor_after_line(page[-1].sight.at, page[-1].place) if more else None,
        )
    )


def _filter(wanted: SightsAsked) -> SightFilter:
    by = wanted.by
    return SightFilter(
        actor_id=by if by is None or by.startswith(STAFF_PREFIX) else f"{STAFF_PREFIX}{by}",
        about=wanted.about,
        begins=wanted.begins,
        ends=wanted.ends,
    )


async def list_my_sights(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """On which days which roles of the maker were shown what about the buyer."""
    wanted = SightFilter(about=owner_of(asked.by))
    found = await house.sights.sights(wanted, None, MOST_OF_BUYER)
    return Reply(value=MySights(days=tuple(_by_day(each.sight for each in found))))


def _by_day(sights: Iterable[Sight]) -> Iterable[SightDay]:
    """One line for each day and each set of roles, the newest first."""
    kinds: dict[tuple[date, tuple[str, ...]], set[SightKind]] = {}
    for sight in sights:
        day = sight.at.astimezone(zone(HOUSE_ZONE)).date()
        kinds.setdefault((day, sight.roles), set()).update(sight.kinds)
    for (day, roles), shown in kinds.items():
        yield SightDay(day=day, roles=roles, kinds=tuple(sorted(shown)))


class SightsShown(msgspec.Struct, frozen=True, kw_only=True):
    """A page of sights; `next_cursor` is None on the last one."""

    sights: tuple[Sight, ...]
    next_cursor: str | None


class SightDay(msgspec.Struct, frozen=True, kw_only=True):
    """That on a day of the house these roles were shown so much of a buyer."""

    day: date
    roles: tuple[str, ...]
    kinds: tuple[SightKind, ...]


class MySights(msgspec.Struct, frozen=True, kw_only=True):
    """Who of the maker was shown what about a buyer, the newest day first."""

    days: tuple[SightDay, ...]


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/sights",
            operation="showSights",
            summary="Who of the staff was shown whose personal data, and when.",
            description="By a person of the staff, and about a buyer or an order by its id. What "
            "was shown is not repeated here.",
            tag="staff",
            access=Access.OVERSEERS,
            takes=SightsAsked,
            handler=show_sights,
            gives=SightsShown,
            codes=(DoorCode.CURSOR_MALFORMED,),
        ),
        Route(
            method="GET",
            path="/me/sights",
            operation="listMySights",
            summary="On which days which roles of the maker were shown what about you.",
            tag="me",
            access=Access.BUYER,
            takes=NoInput,
            handler=list_my_sights,
            gives=MySights,
        ),
    ]
