"""/live/{topic}: a stream that says when something that is shown has changed, and nothing else.

A browser that hears of a change asks for its page again and puts the live parts in place, so
there is one way of writing a page. The page says which version it was written after, and so does
a stream that was cut; whatever happened until the stream was there is a change as well. Each
process looks at a topic once for all who listen to it.
Not here: what the change is; whoever may see it sees it on the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from hashlib import blake2b
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
    """A launch: its published versions, which of its parts have begun, pauses, and its draw."""
    library, now = house.desk.library, house.clock.now()
    versions = library.versions_of(CampaignId(name))
    begun = [
        (each.campaign.is_revealed(now), each.campaign.is_open(now))
        for each in versions
        if each.published_at <= now
    ]
    pauses = library.pauses_of(versions[0].campaign.queue_id) if versions else ()
    room = house.rooms.room(CampaignId(name))
    draw = "" if room is None else f"{room.draw.closed_at}:{room.draw.revealed_at}"
    return f"{len(versions)}:{begun}:{len(library.offers())}:{_stand(pauses)}:{draw}"


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


async def followed(house: House, topic: str) -> str:
    """Where a page listens to a topic that it is going to show: everything from now on is heard.

    Raises `StoreUnavailable`.
    """
    return f"{topic}?seen={await _digest(house, topic, TOPICS)}"


async def _digest(house: House, topic: str, topics: Mapping[str, Version]) -> str:
    kind, _, name = topic.partition(":")
    version = await topics[kind](house, name)
    return blake2b(version.encode(), digest_size=6).hexdigest()


class _Followed:
    """One topic as this process knows it; nothing is known before the first look."""

    def __init__(self) -> None:
        self.known: str | None = None
        self.changed = asyncio.Event()
        self.listeners = 0

    def learn(self, version: str) -> None:
        """Wake who listens if this is news."""
        if version != self.known:
            self.known = version
            before, self.changed = self.changed, asyncio.Event()
            before.set()


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
        self._followed: dict[str, _Followed] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def listeners(self) -> int:
        """How many listen."""
        return sum(each.listeners for each in self._followed.values())

    async def stream(self, topic: str, seen: str) -> AsyncGenerator[bytes]:
        """What one listener is sent who has seen a version already."""
        followed = self._begin(topic)
        try:
            yield b"retry: 2000\n\n"
            for _ in range(BEATS):
                changed, known = followed.changed, followed.known
                if known is not None and known != seen:
                    seen = known
                    yield b"id: %s\nevent: changed\ndata: -\n\n" % seen.encode()
                    continue
                try:
                    async with asyncio.timeout(15):
                        await changed.wait()
                except TimeoutError:
                    # A line that says nothing keeps what stands between from closing the stream.
                    yield b":\n\n"
        finally:
            self._end(topic)

    def _begin(self, topic: str) -> _Followed:
        if topic not in self._followed:
            self._followed[topic] = _Followed()
            self._tasks[topic] = asyncio.create_task(self._look(topic))
        self._followed[topic].listeners += 1
        return self._followed[topic]

    def _end(self, topic: str) -> None:
        self._followed[topic].listeners -= 1
        if not self._followed[topic].listeners:
            del self._followed[topic]
            self._tasks.pop(topic).cancel()

    async def _look(self, topic: str) -> None:
        followed = self._followed[topic]
        while True:
            with suppress(StoreUnavailable):
                followed.learn(await _digest(self._house, topic, self._topics))
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
        # A stream that was cut goes on after what it said last, which is newer than the page.
        last = request.headers.get("last-event-id")
        seen = request.query_params.get("seen", "") if last is None else last
        return ASGIStreamingResponse(iterator=following.stream(topic, seen), headers=headers)

    handler = HTTPRouteHandler(
        "/live/{topic:str}",
        http_method=["GET"],
        name="live",
        include_in_schema=False,
        status_code=200,
    )
    return handler(listen)
