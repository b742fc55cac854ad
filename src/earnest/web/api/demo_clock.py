"""GET and POST /demo/clock: looking at a demonstration's time, and moving it forward.

Outside a demonstration these doors do not exist. Not here: keeping the offset (`main.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.values.instant import Instant
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route

LONGEST_STEP = 3_650 * 86_400
"""Seconds: ten years at once are enough for any car."""


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far time shall move; it never moves back."""

    advance_seconds: Annotated[int, Meta(ge=0, le=LONGEST_STEP)]


async def show_clock(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The demonstration's time, and how far it runs ahead."""
    return await _moved(house, timedelta(0))


async def move_clock(house: House, asked: Asked, wanted: Step) -> Reply:  # noqa: ARG001 - as all
    """Move the demonstration's time forward. Deadlines that pass by this fire as they would."""
    return await _moved(house, timedelta(seconds=wanted.advance_seconds))


class ClockShown(msgspec.Struct, frozen=True, kw_only=True):
    """The virtual present, and its distance from the real one in seconds."""

    now: Instant
    offset_seconds: int


async def _moved(house: House, step: timedelta) -> Reply:
    offset = await _advance_of(house)(step)
    now = house.clock.now()
    return Reply(value=ClockShown(now=now, offset_seconds=int(offset.total_seconds())))


def _advance_of(house: House) -> Callable[[timedelta], Awaitable[timedelta]]:
    if house.advance is None:
        raise TurnedAway(DoorCode.DEMO_ONLY)
    return house.advance


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/demo/clock",
            operation="showClock",
            summary="A demonstration's time.",
            tag="demo",
            access=Access.ADMIN,
            takes=NoInput,
            handler=show_clock,
            gives=ClockShown,
            codes=(DoorCode.DEMO_ONLY,),
        ),
        Route(
            method="POST",
            path="/demo/clock",
            operation="moveClock",
            summary="Move a demonstration's time forward.",
            tag="demo",
            access=Access.ADMIN,
            takes=Step,
            handler=move_clock,
            gives=ClockShown,
            codes=(DoorCode.DEMO_ONLY,),
        ),
    ]
