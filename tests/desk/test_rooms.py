"""Joining in groups and looking from the snapshot: full, lost, with a defect, and after a restart.

Not here: who gets which slot (`tests/core/test_room.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import msgspec
import pytest
from structlog.typing import EventDict

from earnest.core.launch.campaign import Campaign
from earnest.core.launch.room import Place
from earnest.core.values.ids import BuyerId, CampaignId
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.desk import QUEUE_LIMIT, CommandFailed, DeskFull
from earnest.desk.drawing import commit_seed, take_due_steps
from earnest.desk.ports import StoreUnavailable
from earnest.desk.room_store import RoomStore
from earnest.desk.rooms import WaitingRooms
from earnest.store.memory_rooms import MemoryRooms, MemoryRoomTransaction
from earnest.store.pool import open_pool
from earnest.store.rooms import PostgresRooms
from tests.desk.shop import STUCK_SECONDS
from tests.desk.waiting import FIRST_COME, KEYS, NOON, OPENS, ShakyRooms, joining, launch

LAUNCH = launch(FIRST_COME)
NAME = LAUNCH.campaign_id
SECOND = timedelta(seconds=1)


@asynccontextmanager
async def working(
    store: RoomStore, *campaigns: Campaign, queue_limit: int = QUEUE_LIMIT
) -> AsyncIterator[WaitingRooms]:
    """Waiting rooms at work on a store."""
    rooms = WaitingRooms(store, lambda: campaigns or (LAUNCH,), queue_limit=queue_limit)
    task = asyncio.create_task(rooms.run())
    try:
        yield rooms
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def opened(store: RoomStore) -> None:
    await commit_seed(store, NAME, KEYS, NOON)


async def drawn(store: RoomStore) -> None:
    assert await take_due_steps(store, [LAUNCH], KEYS, OPENS + 2 * SECOND) == ()


async def all_joined(rooms: WaitingRooms, names: Sequence[str]) -> list[Place]:
    found = await asyncio.gather(*(rooms.join(NAME, joining(each)) for each in names))
    assert all(isinstance(each, Place) for each in found), found
    return [each for each in found if isinstance(each, Place)]


def test_many_who_join_at_once_get_numbers_without_a_gap_and_the_same_one_again() -> None:
    async def story() -> None:
        store = ShakyRooms()
        await opened(store)
        names = [f"{number:04}" for number in range(1_200)]
        async with working(store) as rooms:
            first = await all_joined(rooms, names)
            again = await all_joined(rooms, names[:300] + names[:300])
            assert sorted(each.number for each in first) == list(range(1, 1_201))
            assert again == first[:300] + first[:300]
            assert rooms.waiting == 0
            nowhere = await rooms.join(CampaignId("none"), joining("a"))
            assert nowhere == Rejected(Reason.CAMPAIGN_UNKNOWN)

    asyncio.run(story())


def test_a_full_room_turns_away_and_the_same_buyer_joins_later() -> None:
    async def story() -> None:
        store = ShakyRooms()
        await opened(store)
        rooms = WaitingRooms(store, lambda: [LAUNCH], queue_limit=2)
        waiting = [asyncio.create_task(rooms.join(NAME, joining(each))) for each in "ab"]
        await asyncio.sleep(0)
        with pytest.raises(DeskFull):
            await rooms.join(NAME, joining("c"))

        task = asyncio.create_task(rooms.run())
        places = await asyncio.gather(*waiting)
        third = await rooms.join(NAME, joining("c"))
        task.cancel()

        assert isinstance(third, Place)
        assert [each.number for each in places if isinstance(each, Place)] == [1, 2]
        assert third.number == 3

    asyncio.run(story())


def test_somebody_who_left_before_the_answer_hinders_nobody() -> None:
    async def story() -> None:
        store = ShakyRooms()
        await opened(store)
        rooms = WaitingRooms(store, lambda: [LAUNCH])
        gone, stays = (asyncio.create_task(rooms.join(NAME, joining(each))) for each in "ab")
        await asyncio.sleep(0)
        gone.cancel()
        task = asyncio.create_task(rooms.run())
        assert isinstance(await stays, Place)
        task.cancel()

        store.is_lost = True
        rooms = WaitingRooms(store, lambda: [LAUNCH])
        gone, stays = (asyncio.create_task(rooms.join(NAME, joining(each))) for each in "ab")
        await asyncio.sleep(0)
        gone.cancel()
        task = asyncio.create_task(rooms.run())
        with pytest.raises(StoreUnavailable):
            await stays
        task.cancel()

    asyncio.run(story())


def test_who_is_just_joining_when_the_rooms_stop_is_told_to_come_again() -> None:
    async def story() -> None:
        stuck = asyncio.Event()

        class Hangs(MemoryRooms):
            @asynccontextmanager
            async def transaction(self) -> AsyncIterator[MemoryRoomTransaction]:
                stuck.set()
                await asyncio.Event().wait()
                async with super().transaction() as never:
                    yield never

        rooms = WaitingRooms(Hangs(), lambda: [LAUNCH])
        task = asyncio.create_task(rooms.run())
        joins = asyncio.create_task(rooms.join(NAME, joining("a")))
        await stuck.wait()
        task.cancel()

        with pytest.raises(DeskFull):
            await joins

    asyncio.run(story())


def test_a_lost_store_is_told_to_each_and_reads_go_on(logged: list[EventDict]) -> None:
    async def story() -> None:
        store = ShakyRooms()
        await opened(store)
        async with working(store) as rooms:
            await all_joined(rooms, "a")
            await rooms.refresh()
            store.is_lost = True
            failures = await asyncio.gather(
                *(rooms.join(NAME, joining(each)) for each in "bc"), return_exceptions=True
            )
            assert [type(each) for each in failures] == 2 * [StoreUnavailable]
            assert failures[0] is not failures[1]
            await store.looked(1)
            found = await rooms.standing(LAUNCH, BuyerId("a"), NOON)
            assert found is not None
            assert found[1].place.number == 1
            store.is_lost = False
            assert (await all_joined(rooms, "b"))[0].number == 2

    asyncio.run(asyncio.wait_for(story(), STUCK_SECONDS))
    assert "rooms_wait_for_store" in {each["event"] for each in logged}


def test_a_defect_fails_its_group_and_no_other(logged: list[EventDict]) -> None:
    async def story() -> None:
        store = ShakyRooms()
        await opened(store)
        rooms = WaitingRooms(store, lambda: [LAUNCH])
        joins = [asyncio.create_task(rooms.join(NAME, joining(each))) for each in "ab"]
        await asyncio.sleep(0)
        store.has_defect = True
        joining_on = asyncio.create_task(rooms._joining.run())  # noqa: SLF001 - without looking
        failed = await asyncio.gather(*joins, return_exceptions=True)
        assert [type(each) for each in failed] == 2 * [CommandFailed]
        store.has_defect = False
        assert (await all_joined(rooms, "a"))[0].number == 1
        joining_on.cancel()

    asyncio.run(story())
    failed = [each for each in logged if each["event"] == "gathering_failed"]
    assert [(each["of"], each["questions"]) for each in failed] == [("joining", 2)]


def test_the_snapshot_knows_who_was_drawn_who_came_later_and_who_never_did() -> None:
    async def story() -> None:
        store = ShakyRooms()
        await opened(store)
        rooms = WaitingRooms(store, lambda: [LAUNCH])
        assert rooms.room(NAME) is None
        assert await rooms.standing(launch(name="other"), BuyerId("a"), NOON) is None
        async with working(store) as busy:
            await all_joined(busy, "abc")
            await drawn(store)
            await rooms.refresh()
            later = await busy.join(NAME, joining("late", OPENS + 4 * SECOND))
            assert isinstance(later, Place)
            seen = await rooms.standing(LAUNCH, BuyerId("late"), OPENS + 4 * SECOND)
            assert seen is not None
            assert (seen[1].place.slot, seen[1].ahead) == (4, 0)
            await rooms.refresh()
            assert await rooms.standing(LAUNCH, BuyerId("nobody"), OPENS) is None
            room = rooms.room(NAME)
            assert room is not None
            assert (room.numbers, room.draw.entries) == (4, 3)

    asyncio.run(story())


def test_a_launch_that_is_over_leaves_the_snapshot() -> None:
    async def story() -> None:
        store, running = ShakyRooms(), [LAUNCH]
        await opened(store)
        rooms = WaitingRooms(store, lambda: running)
        await rooms.refresh()
        assert rooms.room(NAME) is not None
        running.clear()
        await rooms.refresh()
        assert rooms.room(NAME) is None

    asyncio.run(story())


def test_after_a_restart_everybody_stands_where_they_stood(fresh_database_url: str) -> None:
    """On PostgreSQL: a process that never saw anybody join reads numbers, slots and draw."""

    async def story() -> None:
        async with await open_pool(fresh_database_url, size_min=1, size_max=3) as pool:
            store = PostgresRooms(pool)
            await opened(store)
            async with working(store) as rooms:
                await all_joined(rooms, "abcd")
            await drawn(store)
            async with working(store) as rooms:
                await rooms.join(NAME, joining("late", OPENS + 10 * SECOND))
                await rooms.refresh()
                before = [
                    await rooms.standing(LAUNCH, BuyerId(each), OPENS + 3 * SECOND)
                    for each in ("a", "b", "c", "d", "late")
                ]
            restarted = WaitingRooms(store, lambda: [LAUNCH])
            after = [
                await restarted.standing(LAUNCH, BuyerId(each), OPENS + 3 * SECOND)
                for each in ("a", "b", "c", "d", "late")
            ]
            assert None not in before
            assert after == before

    asyncio.run(story())


def test_a_page_that_ends_early_is_read_on_later() -> None:
    """A number that was given and not yet seen is looked for again the next time."""

    async def story() -> None:
        store = ShakyRooms()
        await opened(store)
        async with store.transaction() as transaction:
            (room,) = (await transaction.lock([NAME])).values()
            await transaction.put([msgspec.structs.replace(room, numbers=2)], [])
        rooms = WaitingRooms(store, lambda: [LAUNCH])
        await rooms.refresh()
        found = rooms.room(NAME)
        assert found is not None
        assert found.numbers == 2

    asyncio.run(story())
