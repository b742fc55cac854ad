"""One set of doors lent to every house of a test run: making them takes half a second each time.

The application asks a stand-in for its house, and the stand-in asks whichever house is being
asked. Only the hot doors are made anew, because each counts for a house of its own. Not here:
doors that a test changes or walks through; it makes its own with `create_app`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from copy import copy
from functools import cache
from typing import Any, cast

from litestar.types import Receive, Scope, Send

from earnest.web.app import Doors, hot_doors
from earnest.web.house import House, Settings

Make = Callable[[House], Doors]

_asked: ContextVar[House] = ContextVar("the house that is being asked")


class _StandIn:
    """Whatever somebody wants of it, the house that is being asked has it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any part of a house
        return getattr(_asked.get(), name)


@cache
def _made(make: Make, settings: Settings) -> Doors:
    """The doors that are lent; the settings are all that is looked at while they are made."""
    assert _asked.get().settings == settings
    return make(cast("House", _StandIn()))


class LentDoors:
    """The doors of one house as an ASGI application."""

    def __init__(self, house: House, make: Make) -> None:
        """Doors as `make` makes them."""
        self._house = house
        asked = _asked.set(house)
        try:
            self._doors = copy(_made(make, house.settings))
        finally:
            _asked.reset(asked)
        self._doors.hot, self._doors.hot_prefixes = hot_doors(house)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request for this house."""
        asked = _asked.set(self._house)
        try:
            await self._doors(scope, receive, send)
        finally:
            _asked.reset(asked)
