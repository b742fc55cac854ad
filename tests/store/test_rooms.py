"""The contract of waiting rooms: one suite for PostgreSQL and for the twin in memory.

Not here: who gets which slot (`tests/core/test_room.py`). At the end stands what only a database
does: a draw takes its course whoever writes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from earnest.core.launch.draw import Draw, commitment_of, entries_digest
from earnest.core.launch.room import Place, Room
from earnest.core.values.ids import BuyerId, CampaignId
from earnest.desk.room_store import PersonInRoom, PlaceKey, RoomStore
from earnest.store.memory_rooms import MemoryRooms
from earnest.store.pool import open_pool
from earnest.store.rooms import PostgresRooms
from tests.postgres import SERVERS, PostgresServer

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LAUNCH, OTHER = CampaignId("yu9-2026"), CampaignId("su9-2026")
SEED = "5e" * 32


def committed(launch: CampaignId, at: datetime = NOON) -> Draw:
    return Draw(launch=launch, commitment=commitment_of(launch, SEED), committed_at=at)


def place(number: int, /, **changes: object) -> Place:
    made = Place(
        launch=LAUNCH,
        buyer_id=BuyerId(f"{number:016}"),
        entry=f"{number:020x}",
        number=number,
        joined_at=NOON + timedelta(seconds=number),
    )
    return msgspec.structs.replace(made, **changes)


@pytest.fixture(params=["memory", *SERVERS])
async def rooms(
    request: pytest.FixtureRequest, postgres_servers: dict[str, PostgresServer]
) -> AsyncIterator[RoomStore]:
    """A store of each kind with two committed rooms."""
    if request.param == "memory":
        memory = MemoryRooms()
        await _commit(memory)
        yield memory
        return
    server = postgres_servers[request.param]
    name = server.create_database(server.template)
    try:
        async with await open_pool(server.url_of(name)) as pool:
            stored = PostgresRooms(pool)
            await _commit(stored)
            yield stored
    finally:
        server.drop_database(name)


async def _commit(store: RoomStore) -> None:
    for launch in (LAUNCH, OTHER):
        await store.commit_seed(committed(launch))


async def test_the_first_commitment_stays(rooms: RoomStore) -> None:
    other = Draw(launch=LAUNCH, commitment="0" * 64, committed_at=NOON)

    await rooms.commit_seed(other)

    assert await rooms.rooms() == [Room(draw=committed(OTHER)), Room(draw=committed(LAUNCH))]


async def test_rooms_and_places_are_written_together(rooms: RoomStore) -> None:
    room = Room(draw=committed(LAUNCH), numbers=2)
    async with rooms.transaction() as transaction:
        locked = await transaction.lock([OTHER, LAUNCH, CampaignId("unknown")])
        await transaction.put([room], [place(1), place(2)])

    keys = [PlaceKey(place(n).buyer_id, LAUNCH) for n in (1, 2, 3)]
    async with rooms.transaction() as transaction:
        found = await transaction.places(keys)
    assert set(locked) == {LAUNCH, OTHER}
    assert found == {keys[0]: place(1), keys[1]: place(2)}
    assert await rooms.place(keys[1]) == place(2)
    assert await rooms.place(PlaceKey(keys[1].buyer_id, OTHER)) is None
    assert room in await rooms.rooms()


async def test_a_transaction_that_fails_writes_nothing(rooms: RoomStore) -> None:
    async def fail() -> None:
        async with rooms.transaction() as transaction:
            await transaction.put([Room(draw=committed(LAUNCH), numbers=1)], [place(1)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await rooms.places_after(LAUNCH, 0, 10) == []
    assert await rooms.rooms() == [Room(draw=committed(OTHER)), Room(draw=committed(LAUNCH))]


async def test_a_drawn_room_keeps_slots_and_the_seed(rooms: RoomStore) -> None:
    waiting = [place(1), place(2)]
    digest = entries_digest(sorted(each.entry for each in waiting))
    closed = msgspec.structs.replace(
        committed(LAUNCH), closed_at=NOON, entries=2, entries_digest=digest
    )
    shown = msgspec.structs.replace(closed, revealed_at=NOON, seed=SEED, public_value="3912.45")
    async with rooms.transaction() as transaction:
        await transaction.put([Room(draw=closed, numbers=2)], waiting)
    async with rooms.transaction() as transaction:
        await transaction.lock([LAUNCH])
        assert await transaction.without_slot(LAUNCH) == waiting
        drawn = [place(1, slot=2, drawn_slot=2), place(2, slot=1, drawn_slot=1)]
        room = Room(draw=shown, numbers=3, slots=3, free_from=NOON)
        await transaction.put([room], [*drawn, place(3, slot=3, let_in_at=NOON)])

    assert await rooms.places_after(LAUNCH, 1, 1) == [drawn[1]]
    assert await rooms.places_after(LAUNCH, 2, 5) == [place(3, slot=3, let_in_at=NOON)]
    assert room in await rooms.rooms()
    assert await rooms.drawn_entries(LAUNCH) == [drawn[1].entry, drawn[0].entry]
    async with rooms.transaction() as transaction:
        assert await transaction.without_slot(LAUNCH) == []


async def test_joining_again_replaces_the_place(rooms: RoomStore) -> None:
    again = place(1, number=9, slot=4, let_in_at=NOON, joined_at=NOON + timedelta(hours=1))
    for each in (place(1), again):
        async with rooms.transaction() as transaction:
            await transaction.put([], [each])

    assert await rooms.places_after(LAUNCH, 0, 5) == [again]


async def test_a_room_knows_the_people_in_it(rooms: RoomStore) -> None:
    one = place(1, person="p")
    async with rooms.transaction() as transaction:
        await transaction.put([], [one, place(2)])

    async with rooms.transaction() as transaction:
        asked = [PersonInRoom(OTHER, "p"), PersonInRoom(LAUNCH, "p"), PersonInRoom(LAUNCH, "q")]
        found = await transaction.entered(asked)

    assert found == {PersonInRoom(LAUNCH, "p"): one.buyer_id}
    assert await rooms.place(PlaceKey(one.buyer_id, LAUNCH)) == one


# What only a database does --------------------------------------------------------------------

_OPEN = "INSERT INTO earnest.waiting_room (launch, commitment, committed_at) VALUES (%s, %s, now())"
_CLOSE = "UPDATE earnest.waiting_room SET closed_at = now(), entries = 2, entries_digest = %s"
_SHOW = "UPDATE earnest.waiting_room SET revealed_at = now(), seed = %s, numbers = 5, slots = 5"


@pytest.mark.parametrize(
    "change",
    [
        "commitment = repeat('0', 64)",
        "committed_at = committed_at - interval '1 second'",
        "entries = 3",
        "entries_digest = repeat('0', 64)",
        "closed_at = NULL, entries = NULL, entries_digest = NULL",
        "public_value = 'another'",
        "numbers = 4",
        "slots = 4",
    ],
)
def test_a_draw_takes_its_course_even_for_the_owner(
    connection: psycopg.Connection, change: str
) -> None:
    connection.execute(_OPEN, (LAUNCH, commitment_of(LAUNCH, SEED)))
    connection.execute(_CLOSE, ("ab" * 32,))
    connection.execute(_SHOW, (SEED,))

    with pytest.raises(psycopg.errors.RestrictViolation), connection.transaction():
        connection.execute(f"UPDATE earnest.waiting_room SET {change}")  # noqa: S608 - the table above
    with pytest.raises(psycopg.errors.RestrictViolation), connection.transaction():
        connection.execute("DELETE FROM earnest.waiting_room")


def test_only_the_committed_seed_is_shown_and_only_when_entries_are_fixed(
    connection: psycopg.Connection,
) -> None:
    connection.execute(_OPEN, (LAUNCH, commitment_of(LAUNCH, SEED)))

    with pytest.raises(psycopg.errors.CheckViolation), connection.transaction():
        connection.execute(_SHOW, (SEED,))
    connection.execute(_CLOSE, ("ab" * 32,))
    with pytest.raises(psycopg.errors.CheckViolation), connection.transaction():
        connection.execute(_SHOW, ("00" * 32,))
    assert connection.execute(_SHOW, (SEED,)).rowcount == 1


def test_one_person_has_one_entry_whoever_writes(connection: psycopg.Connection) -> None:
    connection.execute(_OPEN, (LAUNCH, commitment_of(LAUNCH, SEED)))
    enter = (
        "INSERT INTO earnest.waiting_place (buyer_id, launch, entry, number, joined_at, person)"
        " VALUES (%s, %s, %s, %s, now(), %s)"
    )
    connection.execute(enter, ("a", LAUNCH, "a", 1, "p"))
    connection.execute(enter, ("b", LAUNCH, "b", 2, None))
    connection.execute(enter, ("c", LAUNCH, "c", 3, None))

    with pytest.raises(psycopg.errors.UniqueViolation), connection.transaction():
        connection.execute(enter, ("d", LAUNCH, "d", 4, "p"))
