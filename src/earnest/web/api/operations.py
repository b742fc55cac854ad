"""GET /health and /metrics: what operators watch.

Not here: metrics about single orders or people; there are none.
"""

from __future__ import annotations

from typing import Any

import msgspec
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from earnest.core.values.instant import Instant
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.metrics import registry_of
from earnest.web.route import Asked, NoInput, Reply, Route


async def show_health(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Whether the house can work: the database answers."""
    await house.reader.ping()
    return Reply(value=Health(status="ok", now=asked.received_at))


async def show_metrics(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Counts of the desk and of the hot doors, in Prometheus' text format."""
    text = generate_latest(registry_of(house))
    return Reply(raw=text, media_type=CONTENT_TYPE_LATEST)


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """All is well; anything else is a problem document."""

    status: str
    now: Instant


def routes() -> list[Route[Any]]:
    """The routes below the API's base."""
    return [
        Route(
            method="GET",
            path="/health",
            operation="showHealth",
            summary="Whether the house can work.",
            tag="operations",
            access=Access.PUBLIC,
            takes=NoInput,
            handler=show_health,
            gives=Health,
            codes=(DoorCode.STORE_UNAVAILABLE,),
        )
    ]


def top_routes() -> list[Route[Any]]:
    """The routes at the top, where scrapers look."""
    return [
        Route(
            method="GET",
            path="/metrics",
            operation="showMetrics",
            summary="Counts for Prometheus.",
            tag="operations",
            access=Access.OVERSEERS,
            takes=NoInput,
            handler=show_metrics,
            gives=str,
        )
    ]
