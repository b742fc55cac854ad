"""/live/{topic}: a stream that says when something that is shown has changed, and nothing else.

A browser that hears of a change asks for its page again and puts the live parts in place, so
there is one way of writing a page. Each process looks at a topic once for all who listen to it.
Not here: what the change is; whoever may see it sees it on the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

from litestar import Request
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse
from litestar.response.streaming import ASGIStreamingResponse

from earnest.core.queue.pause import SalePause
from earnest.core.values.ids import CampaignId, OrderId, QueueId
from earnest.desk.ports import OrderKey, StoreUnavailable
from earnest.web.house import House
from earnest.web.identity import looks_like_id

LOOK_EVERY = timedelta(seconds=1)
BEATS = 60
"""Looks until a stream ends; the browser comes again, perhaps to another process."""

MOST_LISTENERS = 2_000
"""Streams of one process. Who comes beyond that looks for changes by itself, less often."""

Version: TypeAlias = Callable[[House, str], Awaitable[str]]
"""What differs as soon as something has changed; it tells nothing itself."""


async def _launch(house: House, name: str) -> str:
    """A launch: its published versions, which of its parts have begun, and pauses of its sale."""
    library, now = house.desk.library, house.clock.now()
    versions = library.versions_of(CampaignId(name))
    begun = [
        (each.campaign.is_revealed(now), each.campaign.is_open(now))
        for each in versions
        if each.published_at <= now
    ]
    pauses = library.pauses_of(versions[0].campaign.queue_id) if versions else ()
    return f"{len(versions)}:{begun}:{len(library.offers())}:{_stand(pauses)}"


def _stand(pauses: Sequence[SalePause]) -> str:
    """How many pauses there were, and whether the last one goes on or is settled."""
    if not pauses:
        return ""
    return f"{len(pauses)}:{pauses[-1].is_running}:{pauses[-1].settled_at is not None}"


async def _order(house: House, name: str) -> str:
    """An order: how many things have happened to it. Anybody may know that something did."""
    if not looks_like_id(name):
        return ""
    order = await house.reader.order_by_id(OrderId(name))
    return "" if order is None else str(order.sequence)


async def _conversation(house: House, name: str) -> str:
    """A conversation: how many messages there are and which were seen, and not what they say."""
    order = await house.reader.order_by_id(OrderId(name)) if looks_like_id(name) else None
    if order is None:
        return ""
    progress = await house.conversations.progress(OrderKey(order.buyer_id, order.order_id))
    return f"{progress}:{order.sequence}"


async def _sale(house: House, name: str) -> str:  # noqa: ARG001 - one of them for everybody
    """What is on sale."""
    now = house.clock.now()
    return str([(each.queue_id, each.is_open(now)) for each in house.desk.library.offers()])


async def _figures(house: House, name: str) -> str:
    """A queue that sells: how many ranks it gave, which anybody may know, and what a server did."""
    queue = await house.shelf.queue(QueueId(name))
    if queue is None:
        return ""
    pauses = house.desk.library.pauses_of(queue.queue_id)
    return f"{queue.next_rank}:{house.desk.counts.commands}:{_stand(pauses)}"


async def _bulk(house: House, name: str) -> str:
    """Something asked for many orders: how many were answered."""
    act = await house.bulk_acts.act(name)
    return "" if act is None else f"{len(await house.bulk_acts.answers(act))}:{act.finished_at}"


async def _plan_run(house: House, name: str) -> str:
    """A dry run: in which step it is, which anybody may know."""
    if not looks_like_id(name):
        return ""
    run = await house.plan_runs.kept.run(name)
    return "" if run is None else run.step.value


TOPICS: dict[str, Version] = {
    "bulk": _bulk,
    "conversation": _conversation,
    "figures": _figures,
    "launch": _launch,
    "order": _order,
    "plan-run": _plan_run,
    "sale": _sale,
}
"""What can be listened to; behind the colon stands an order, a queue, a campaign, or `all`."""


class Following:
    """The topics that somebody listens to, each looked at by one task."""

    def __init__(
        self,
        house: House,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        topics: Mapping[str, Version] = TOPICS,
    ) -> None:
        self._house = house
        self._sleep = sleep
        self._topics = topics
        self._known: dict[str, str] = {}
        self._changed: dict[str, asyncio.Event] = {}
        self._listeners: dict[str, int] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def listeners(self) -> int:
        """How many listen."""
        return sum(self._listeners.values())

    async def stream(self, topic: str) -> AsyncGenerator[bytes]:
        """What one listener is sent."""
        self._begin(topic)
        try:
            yield b"retry: 2000\n\n"
            for _ in range(BEATS):
                changed = self._changed[topic]
                try:
                    async with asyncio.timeout(15):
                        await changed.wait()
                except TimeoutError:
                    # A line that says nothing keeps what stands between from closing the stream.
                    yield b":\n\n"
                else:
                    yield b"event: changed\ndata: -\n\n"
        finally:
            self._end(topic)

    def _begin(self, topic: str) -> None:
        self._listeners[topic] = self._listeners.get(topic, 0) + 1
        if topic not in self._tasks:
            self._changed[topic] = asyncio.Event()
            self._tasks[topic] = asyncio.create_task(self._look(topic))

    def _end(self, topic: str) -> None:
        self._listeners[topic] -= 1
        if not self._listeners[topic]:
            del self._listeners[topic]
            self._tasks.pop(topic).cancel()
            self._changed.pop(topic)
            self._known.pop(topic, None)

    async def _look(self, topic: str) -> None:
        kind, _, name = topic.partition(":")
        while True:
            try:
                version = await self._topics[kind](self._house, name)
            except StoreUnavailable:
                version = self._known.get(topic, "")
            if self._known.setdefault(topic, version) != version:
                self._known[topic] = version
                before, self._changed[topic] = self._changed[topic], asyncio.Event()
                before.set()
            await self._sleep(LOOK_EVERY.total_seconds())


def live_door(house: House) -> HTTPRouteHandler:
    """The door to the streams."""
    following = Following(house)
    headers = {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
    }

    async def listen(request: Request[Any, Any, Any]) -> ASGIResponse:
        topic = str(request.path_params["topic"])
        if topic.partition(":")[0] not in TOPICS:
            return ASGIResponse(status_code=404, media_type="text/plain")
        if following.listeners >= MOST_LISTENERS:
            return ASGIResponse(status_code=503, media_type="text/plain")
        return ASGIStreamingResponse(iterator=following.stream(topic), headers=headers)

    handler = HTTPRouteHandler(
        "/live/{topic:str}",
        http_method=["GET"],
        name="live",
        include_in_schema=False,
        status_code=200,
    )
    return handler(listen)
