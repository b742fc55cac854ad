"""Lives that share one clock: time moves only when all of them wait, to the earliest instant."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from random import Random

import pytest

from earnest.simulator.client import Client
from earnest.simulator.door import Door, Refusal
from earnest.simulator.timeline import Timeline
from tests.simulator.fake_earnest import FakeEarnest, served

DAY = timedelta(days=1)


async def timeline_of(url: str) -> tuple[Timeline, Client]:
    client = Client(url, chance=Random(1), patience_s=5)
    timeline = Timeline(Door(client, "sales.admin"), Door(client, base=""))
    await timeline.synchronise()
    return timeline, client


def test_time_jumps_from_one_awaited_instant_to_the_next() -> None:
    async def run() -> list[tuple[str, int]]:
        fake = FakeEarnest()
        async with served(fake) as url:
            timeline, client = await timeline_of(url)
            start = timeline.now()
            happened: list[tuple[str, int]] = []

            def days() -> int:
                return round((timeline.now() - start) / DAY)

            async def life(name: str, *waits: int) -> str:
                for wait in waits:
                    await timeline.until(timeline.now() + wait * DAY)
                    happened.append((name, days()))
                return name

            ended = await timeline.live([life("a", 3, 4), life("b", 5), life("c"), life("d", 7)])
            await client.close()
            assert ended == ["a", "b", "c", "d"]
            return happened

    assert asyncio.run(run()) == [("a", 3), ("b", 5), ("d", 7), ("a", 7)]


def test_nobody_moves_time_while_somebody_is_busy() -> None:
    async def run() -> bool:
        fake = FakeEarnest()
        async with served(fake) as url:
            timeline, client = await timeline_of(url)
            finished = asyncio.Event()
            moved_early: list[bool] = []

            async def busy() -> None:
                await asyncio.sleep(0.1)
                moved_early.append(fake.offset_s > 0)
                finished.set()

            async def waiting() -> None:
                await timeline.until(timeline.now() + DAY)
                assert finished.is_set()

            await timeline.live([busy(), waiting()])
            await client.close()
            return moved_early == [False]

    assert asyncio.run(run())


def test_an_instant_that_has_passed_is_not_waited_for() -> None:
    async def run() -> int:
        fake = FakeEarnest()
        async with served(fake) as url:
            timeline, client = await timeline_of(url)

            async def life() -> None:
                await timeline.until(timeline.now() - DAY)

            await timeline.live([life()])
            await client.close()
            return fake.offset_s

    assert asyncio.run(run()) == 0


def test_a_lost_answer_does_not_move_the_clock_twice() -> None:
    async def run() -> tuple[int, datetime, datetime]:
        fake = FakeEarnest()
        async with served(fake) as url:
            timeline, client = await timeline_of(url)
            fake.lose_every = 2
            await timeline.advance(7 * DAY)
            await client.close()
            return fake.offset_s, timeline.now(), fake.now()

    offset_s, present, server_present = asyncio.run(run())

    assert offset_s == 7 * 86_400
    assert abs(present - server_present) < timedelta(seconds=5)


def test_everybody_hears_when_the_clock_cannot_be_moved() -> None:
    async def run() -> None:
        fake = FakeEarnest()
        async with served(fake) as url:
            timeline, client = await timeline_of(url)
            fake.clock_refuses = True

            async def life() -> None:
                await timeline.until(timeline.now() + DAY)

            with pytest.raises(Refusal, match="demo_only"):
                await timeline.live([life(), life()])
            await client.close()

    asyncio.run(run())
