"""/trail: who did what when, and on which order; for overseers, page by page or as a file.

It holds what staff caused in orders and what they did beside them. Not here: what buyers, time and
the provider did, which stands in the timeline of each order.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.values.ids import OrderId
from earnest.desk.staff import Act, TrailFilter, TrailLine
from earnest.people.caller import STAFF_PREFIX
from earnest.web.codes import DoorCode
from earnest.web.cursors import cursor_after_line, line_of
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import Moment, Name

MOST_ON_A_PAGE = 200
MOST_LINES = 50_000
"""Lines of one file at most; longer times are exported piece by piece."""

COLUMNS = ("at", "by", "kind", "order_id", "subject", "detail")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Filter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which lines: by whom, of which kind, on which order, recorded in `[begins, ends)`."""

    by: Name | None = None
    kind: Name | None = None
    order_id: Name | None = None
    begins: Moment | None = None
    ends: Moment | None = None


class TrailAsked(Filter, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which lines, and from where on."""

    cursor: Annotated[str, Meta(max_length=300)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST_ON_A_PAGE)] = 50


async def show_trail(house: House, asked: Asked, wanted: TrailAsked) -> Reply:  # noqa: ARG001 - as all
    """A page of the trail, the newest first."""
    before = None if wanted.cursor is None else line_of(wanted.cursor)
    found = await house.trail.trail(_filter(wanted), before, wanted.limit + 1)
    page = tuple(found[: wanted.limit])
    more = len(found) > wanted.limit
    next_cursor = cursor_after_line(page[-1].at, page[-1].place) if more else None
    return Reply(value=TrailShown(lines=page, next_cursor=next_cursor))


async def export_trail(house: House, asked: Asked, wanted: Filter) -> Reply:
    """The whole of it as CSV; whoever takes the file is in the trail as well."""
    found = await house.trail.trail(_filter(wanted), None, MOST_LINES + 1)
    if len(found) > MOST_LINES:
        raise TurnedAway(DoorCode.TRAIL_TOO_LONG, {"most": str(MOST_LINES)})
    given = msgspec.json.encode({k: v for k, v in msgspec.to_builtins(wanted).items() if v})
    await house.staffing.book.note(
        Act(
            at=asked.received_at,
            actor_id=asked.by.actor.actor_id,
            kind="trail_exported",
            subject="",
            detail=given.decode(),
        )
    )
    written = StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    table.writerows(
        (
            each.at.isoformat(),
            each.actor_id,
            each.kind,
            each.order_id or "",
            _harmless(each.subject),
            _harmless(each.detail),
        )
        for each in found
    )
    name = f"trail-{asked.received_at.date()}.csv"
    return Reply(
        raw=written.getvalue().encode(),
        media_type="text/csv",
        headers=[(b"content-disposition", f'attachment; filename="{name}"'.encode())],
    )


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _filter(wanted: Filter) -> TrailFilter:
    by = wanted.by
    return TrailFilter(
        actor_id=by if by is None or by.startswith(STAFF_PREFIX) else f"{STAFF_PREFIX}{by}",
        kind=wanted.kind,
        order_id=None if wanted.order_id is None else OrderId(wanted.order_id),
        begins=wanted.begins,
        ends=wanted.ends,
    )


class TrailShown(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the trail; `next_cursor` is None on the last one."""

    lines: tuple[TrailLine, ...]
    next_cursor: str | None


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/trail",
            operation="showTrail",
            summary="Who of the staff did what when, and on which order.",
            tag="staff",
            access=Access.OVERSEERS,
            takes=TrailAsked,
            handler=show_trail,
            gives=TrailShown,
            codes=(DoorCode.CURSOR_MALFORMED,),
        ),
        Route(
            method="GET",
            path="/trail/export",
            operation="exportTrail",
            summary="The trail as CSV.",
            tag="staff",
            access=Access.OVERSEERS,
            takes=Filter,
            handler=export_trail,
            gives=None,
            gives_file=("text/csv",),
            codes=(DoorCode.TRAIL_TOO_LONG,),
        ),
    ]
