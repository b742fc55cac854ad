"""A draw takes its course: each step once, whoever takes it, and what waits for a person waits.

Not here: the order itself (`tests/core/test_draw.py`) and the commands (`tests/cli`).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import msgspec
import pytest
from structlog.typing import EventDict

from earnest.core.launch.admission import DIGEST_STANDS
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.draw import verify
from earnest.desk.drawing import (
    DrawRefused,
    close_entries,
    commit_seed,
    document,
    keep_drawing,
    reveal,
    take_due_steps,
)
from earnest.desk.room_store import RoomStore
from earnest.desk.rooms import WaitingRooms
from tests.desk.shop import STUCK_SECONDS
from tests.desk.waiting import (
    ENDS,
    KEYS,
    LOTTERY,
    NOON,
    OTHER_KEYS,
    ShakyRooms,
    joining,
    launch,
)

SECOND = timedelta(seconds=1)
SHOWN = ENDS + DIGEST_STANDS
"""The first instant at which a seed may be shown whose entries were closed at their end."""
LAUNCH = launch()
SOURCE = msgspec.structs.replace(LOTTERY, public_source="the index at its close")
MIXED = launch(SOURCE)


async def entered(store: RoomStore, campaign: Campaign = LAUNCH, *names: str) -> None:
    """A committed seed, and people who join in time."""
    await commit_seed(store, campaign.campaign_id, KEYS, NOON)
    rooms = WaitingRooms(store, lambda: [campaign])
    working = asyncio.create_task(rooms.run())
    for name in names or ("a", "b", "c"):
        await rooms.join(campaign.campaign_id, joining(name))
    working.cancel()


async def refusal(step: object) -> str:
    """The code with which a step is refused."""
    with pytest.raises(DrawRefused) as refused:
        await step  # type: ignore[misc]  # a coroutine of any step
    return str(refused.value).rpartition("[")[2].rstrip("]")


def test_a_server_takes_each_step_when_its_time_has_come_and_once() -> None:
    async def story() -> None:
        store = ShakyRooms()
        await entered(store)
        room = (await store.rooms())[0]
        assert (
            await take_due_steps(store, [launch(None, "free"), LAUNCH], KEYS, ENDS + SECOND) == ()
        )
        assert await store.rooms() == [room]

        late = ENDS + 2 * SECOND
        await take_due_steps(store, [LAUNCH], KEYS, late)
        (closed,) = await store.rooms()
        assert (closed.draw.entries, closed.draw.closed_at, closed.draw.seed) == (3, late, "")
        await take_due_steps(store, [LAUNCH], KEYS, late + DIGEST_STANDS - SECOND)
        assert await store.rooms() == [closed]
        await take_due_steps(store, [LAUNCH], KEYS, late + DIGEST_STANDS)
        (drawn,) = await store.rooms()
        assert drawn.draw.entries_digest == closed.draw.entries_digest
        assert (drawn.draw.closed_at, drawn.draw.revealed_at) == (late, late + DIGEST_STANDS)
        await take_due_steps(store, [LAUNCH], KEYS, late + 2 * DIGEST_STANDS)
        assert await store.rooms() == [drawn]
        assert verify(await document(store, LAUNCH)) == ()

    asyncio.run(story())


def test_steps_taken_again_by_hand_change_nothing() -> None:
    async def story() -> None:
        store = ShakyRooms()
        await entered(store)
        first = await commit_seed(store, LAUNCH.campaign_id, OTHER_KEYS, NOON + SECOND)
        assert first.committed_at == NOON
        closed = await close_entries(store, LAUNCH, ENDS)
        assert await close_entries(store, LAUNCH, ENDS + SECOND) == closed
        shown = await reveal(store, LAUNCH, KEYS, SHOWN)
        assert await reveal(store, LAUNCH, OTHER_KEYS, SHOWN + SECOND, "3912.45") == shown

    asyncio.run(story())


def test_two_servers_at_once_draw_once() -> None:
    async def story() -> None:
        store = ShakyRooms()
        await entered(store)
        for due in (ENDS, SHOWN + 5 * SECOND):
            steps = [take_due_steps(store, [LAUNCH], KEYS, due + n * SECOND) for n in range(2, 6)]
            assert await asyncio.gather(*steps) == 4 * [()]
        assert verify(await document(store, LAUNCH)) == ()

    asyncio.run(story())


def test_what_is_foretold_is_not_written_and_shows_no_order() -> None:
    async def story() -> None:
        store, name = ShakyRooms(), LAUNCH.campaign_id
        foretold = await commit_seed(store, name, KEYS, NOON, for_good=False)
        assert await store.rooms() == []
        assert await commit_seed(store, name, KEYS, NOON) == foretold
        await entered(store)
        closed = await close_entries(store, LAUNCH, ENDS, for_good=False)
        assert (await store.rooms())[0].draw == foretold
        assert await close_entries(store, LAUNCH, ENDS) == closed
        assert await reveal(store, LAUNCH, KEYS, SHOWN, for_good=False) == closed
        assert (await store.rooms())[0].draw == closed
        assert closed.seed == ""

    asyncio.run(story())


def test_a_step_before_its_time_is_refused_with_what_comes_first() -> None:
    async def story() -> None:
        store = ShakyRooms()
        free = launch(None)
        assert await refusal(close_entries(store, LAUNCH, ENDS)) == "draw_not_committed"
        assert await refusal(document(store, LAUNCH)) == "draw_not_committed"
        await entered(store)
        assert await refusal(close_entries(store, LAUNCH, ENDS - SECOND)) == "entries_open"
        assert await refusal(reveal(store, LAUNCH, KEYS, ENDS)) == "entries_not_closed"
        assert await refusal(document(store, LAUNCH)) == "draw_not_revealed"
        assert await refusal(close_entries(store, free, ENDS)) == "nothing_to_draw"
        assert await refusal(reveal(store, free, KEYS, ENDS)) == "nothing_to_draw"

    asyncio.run(story())


def test_a_public_source_waits_for_its_value_and_changes_the_order() -> None:
    async def story() -> None:
        orders = []
        for value in ("3912.45", "3912.46"):
            store = ShakyRooms()
            await entered(store, MIXED, *"abcdefgh")
            assert await take_due_steps(store, [MIXED], KEYS, ENDS + 2 * SECOND) == ()
            room = (await store.rooms())[0]
            assert (room.draw.entries, room.draw.revealed_at) == (8, None)
            early = reveal(store, MIXED, KEYS, SHOWN + SECOND, value)
            assert await refusal(early) == "digest_stands"
            late = SHOWN + 2 * SECOND
            assert await take_due_steps(store, [MIXED], KEYS, late) == ()
            assert await refusal(reveal(store, MIXED, KEYS, late)) == "public_value_missing"
            await reveal(store, MIXED, KEYS, late, value)
            whole = await document(store, MIXED)
            assert verify(whole) == ()
            assert (whole.public_source, whole.draw.public_value) == (SOURCE.public_source, value)
            assert (whole.places, len(whole.result)) == (2, 8)
            orders.append(whole.result)
        assert orders[0] != orders[1]

    asyncio.run(story())


def test_a_value_where_no_source_is_named_is_refused() -> None:
    async def story() -> None:
        store = ShakyRooms()
        await entered(store)
        await close_entries(store, LAUNCH, ENDS)
        assert await refusal(reveal(store, LAUNCH, KEYS, SHOWN, "7")) == "public_value_missing"

    asyncio.run(story())


def test_a_lost_seed_waits_for_its_key_and_holds_up_no_other_draw() -> None:
    async def story() -> None:
        store, late = ShakyRooms(), SHOWN + 2 * SECOND
        await entered(store)
        other = launch(name="other")
        await commit_seed(store, other.campaign_id, OTHER_KEYS, NOON)
        await take_due_steps(store, [LAUNCH, other], OTHER_KEYS, ENDS + 2 * SECOND)

        (waits,) = await take_due_steps(store, [LAUNCH, other], OTHER_KEYS, late)

        assert "[seed_lost]" in str(waits)
        drawn, waiting = (await document(store, other)).draw, (await store.rooms())[0].draw
        assert (drawn.revealed_at, waiting.revealed_at) == (late, None)
        assert await take_due_steps(store, [LAUNCH, other], KEYS, late + SECOND) == ()
        assert verify(await document(store, LAUNCH)) == ()

    asyncio.run(story())


def test_a_server_goes_on_after_a_lost_store_and_says_once_what_waits_for_a_person(
    logged: list[EventDict],
) -> None:
    async def story() -> None:
        store = ShakyRooms()
        await entered(store)
        await close_entries(store, LAUNCH, ENDS)
        store.is_lost = True
        keeping = asyncio.create_task(
            keep_drawing(store, lambda: [LAUNCH], OTHER_KEYS, lambda: SHOWN)
        )
        await store.looked(1)
        store.is_lost = False
        await store.looked(3)
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        assert (await store.rooms())[0].draw.revealed_at is None

    asyncio.run(asyncio.wait_for(story(), STUCK_SECONDS))
    said = [each["event"] for each in logged]
    assert said.count("draws_wait_for_store") == 1
    assert said.count("draw_waits_for_a_person") == 1
