"""The page of a launch: what it tells before, at and after the opening, and its waiting room.

Not here: the rules (`test_campaigns.py`, `test_waiting_room.py`).
"""

from __future__ import annotations

import asyncio
import re
from hashlib import blake2b

import pytest

from earnest.web.pages.live import Following
from tests.web.browsing import Browser, signed_in
from tests.web.maker import World, world
from tests.web.test_campaigns import SECRET_PRICE, announced
from tests.web.test_checkout import AT, PAY, hidden, reviewed
from tests.web.test_waiting_room import announced as announced_with_a_room
from tests.web.test_waiting_room import steps


def test_nothing_is_told_before_its_time_and_then_it_is_there() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            anna = Browser(here)
            before = await anna.get("/launch/launch")
            assert before.status == 200
            for words in ("Prices and options are shown from", "data-countdown", "Loyal", "Wheels"):
                assert words in before.body.decode()
            home = (await anna.get("/")).body.decode()
            price = f"{SECRET_PRICE.amount // 100:,}"
            assert "/launch/launch" in home
            assert price not in before.body.decode() + home
            assert (await anna.get("/models/s9-cn/s7-max")).status == 404
            here.pass_time(hours=1)
            assert price in (await anna.get("/launch/launch")).body.decode()
            early = (await anna.get("/models/s9-cn/s7-max")).body.decode()
            assert "Not on sale yet" in early
            here.pass_time(hours=2)
            assert "The sale is open." in (await anna.get("/launch/launch")).body.decode()
            assert "Go on to order" in (await anna.get("/models/s9-cn/s7-max")).body.decode()
            assert (await anna.get("/launch/none")).status == 404

    asyncio.run(story())


def test_who_waits_is_let_in_and_orders_without_knowing_of_tokens() -> None:
    async def story() -> None:
        async with world() as here:
            await announced_with_a_room(here)
            await steps(here)
            anna = await signed_in(here)
            assert "Join the waiting room" in (await anna.get("/launch/launch")).body.decode()
            joined = await anna.send("/launch/launch", {"form": "join"})
            assert joined.status == 303
            await here.house.rooms.refresh()
            assert "You are in: entry 1 of 1." in (await anna.get("/launch/launch")).body.decode()
            here.pass_time(hours=1, seconds=3)
            await steps(here)
            assert "You have an admission" in (await anna.get("/launch/launch")).body.decode()
            order = hidden(await reviewed(anna), "order")
            made = await anna.post(AT, order)
            assert (made.status, made.headers["location"]) == (303, PAY)
            late = await signed_in(here, "late@example.com")
            refused = await late.post(AT, hidden(await reviewed(late), "order"))
            assert (refused.status, b'data-code="admission_missing"' in refused.body) == (403, True)

    asyncio.run(story())


def test_news_are_asked_for_by_who_is_signed_in() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            anna, nobody = await signed_in(here), Browser(here)
            told = await anna.send("/launch/launch", {"form": "news"})
            assert told.headers["location"] == "/launch/launch?news=yes"
            assert (
                "We will write to you" in (await anna.get("/launch/launch?news=yes")).body.decode()
            )
            away = await nobody.post(
                "/launch/launch", {"form": "news", "seal": await nobody.seal("/sign-in")}
            )
            assert away.status == 401

    asyncio.run(story())


CHANGED = re.compile(rb"id: [0-9a-f]{12}\nevent: changed\ndata: -\n\n")


def digest(version: str) -> str:
    """What a page says it has seen."""
    return blake2b(version.encode(), digest_size=6).hexdigest()


async def heard(here: World, versions: list[str], seen: str, times: int) -> list[bytes]:
    """What a listener is sent first who saw this, while a topic takes these versions in turn."""
    left = list(versions)

    async def version(house: object, name: str) -> str:  # noqa: ARG001 - as all
        return left.pop(0) if len(left) > 1 else left[0]

    async def sleep(seconds: float) -> None:  # noqa: ARG001 - no test waits for a duration
        for _ in range(5):
            await asyncio.sleep(0)

    following = Following(here.house, sleep, {"launch": version})
    stream = following.stream("launch:one", seen)
    sent = [await anext(stream) for _ in range(times)]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(stream), 0.05)
    await stream.aclose()
    assert following.listeners == 0
    return sent


def test_a_listener_hears_of_each_change_and_of_nothing_else() -> None:
    async def story() -> None:
        async with world() as here:
            none, *changes = await heard(here, ["a", "b", "b", "c"], digest("a"), 3)
            assert none == b"retry: 2000\n\n"
            assert [bool(CHANGED.fullmatch(each)) for each in changes] == [True, True]
            assert [f"id: {digest(name)}".encode() in changes[at] for at, name in enumerate("bc")]

    asyncio.run(story())


def test_what_changed_before_the_stream_was_there_is_heard_as_well() -> None:
    async def story() -> None:
        async with world() as here:
            _, changed = await heard(here, ["b"], digest("a"), 2)
            assert CHANGED.fullmatch(changed)
            assert len(await heard(here, ["b"], digest("b"), 1)) == 1

    asyncio.run(story())


def test_what_is_listened_to_tells_nothing() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            anna = Browser(here)
            assert (await anna.get("/live/secrets:all")).status == 404
            page = (await anna.get("/launch/launch")).body.decode()
            assert re.search(r'<body data-live="launch:launch\?seen=[0-9a-f]{12}">', page)

    asyncio.run(story())
