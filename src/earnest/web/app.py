"""The doors as one Litestar application.

Not here: starting a server and making what stands behind the doors (`main.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from litestar import Litestar
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.types import HTTPScope, LifeSpanReceive, LifeSpanScope, LifeSpanSend, Receive, Scope, Send

from earnest.web.api import commands, reservations, webhooks
from earnest.web.hot import HotDoor
from earnest.web.house import House
from earnest.web.route import Route
from earnest.web.wiring import BASE, beyond_routes, wire


class Doors(Litestar):
    """The application. The two hot doors stand before Litestar's router, which costs a third."""

    hot: dict[str, HotDoor]
    hot_prefixes: tuple[tuple[str, HotDoor], ...]

    async def __call__(
        self,
        scope: Scope | LifeSpanScope,
        receive: Receive | LifeSpanReceive,
        send: Send | LifeSpanSend,
    ) -> None:
        """Answer one request."""
        if scope["type"] == ScopeType.HTTP:
            http = cast("HTTPScope", scope)
            door = self._hot_door(http["path"])
            if door is not None:
                await door(http, cast("Receive", receive), cast("Send", send))
                return
        await super().__call__(scope, receive, send)

    def _hot_door(self, path: str) -> HotDoor | None:
        door = self.hot.get(path)
        if door is not None:
            return door
        for prefix, hot in self.hot_prefixes:
            if path.startswith(prefix):
                return hot
        return None


def routes() -> list[Route[Any]]:
    """Every route of the API but the two hot ones."""
    return [*commands.routes()]


def create_app(house: House, pages: Sequence[HTTPRouteHandler] = ()) -> Doors:
    """The application over a house; `pages` are further handlers of their own (site, office)."""
    app = Doors(
        route_handlers=[*(wire(route, house, BASE) for route in routes()), *pages],
        exception_handlers={Exception: beyond_routes},
        openapi_config=None,
        logging_config=None,
        # The doors count bodies themselves, while they arrive.
        request_max_body_size=None,
    )
    app.hot = {
        f"{BASE}{reservations.PATH}": HotDoor(
            house, "reserve", reservations.reserve, house.counts.reservations
        )
    }
    webhook = HotDoor(house, "receiveWebhook", webhooks.receive_webhook, house.counts.webhooks)
    app.hot_prefixes = ((f"{BASE}{webhooks.PREFIX}", webhook),)
    return app
