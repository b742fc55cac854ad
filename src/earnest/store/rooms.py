"""Waiting rooms on PostgreSQL: one locked row of counters a launch, one row a place.

Not here: who gets which number and slot (`core/launch/room.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection

from earnest.core.launch.draw import Draw
from earnest.core.launch.room import Place, Room
from earnest.core.values.ids import BuyerId, CampaignId
from earnest.desk.room_store import PersonInRoom, PlaceKey
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS

Row = tuple[Any, ...]


class PostgresRoomTransaction:
    """`RoomTransaction` of the desk's ports on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, launches: Sequence[CampaignId]) -> Mapping[CampaignId, Room]:
        """Lock these rooms, in the order of their names."""
        rooms = [_room(row) for row in await self._rows("lock_rooms", launches=list(launches))]
        return {CampaignId(room.draw.launch): room for room in rooms}

    async def places(self, keys: Sequence[PlaceKey]) -> Mapping[PlaceKey, Place]:
        """The places that are there already."""
        rows = await self._rows(
            "places_of_buyers",
            buyer_ids=[key.buyer_id for key in keys],
            launches=[key.launch for key in keys],
        )
        return {PlaceKey(row[1], row[0]): _place(row) for row in rows}

    async def entered(self, people: Sequence[PersonInRoom]) -> Mapping[PersonInRoom, BuyerId]:
        """The accounts with which people have joined."""
        rows = await self._rows(
            "buyers_of_people",
            launches=[each.launch for each in people],
            people=[each.person for each in people],
        )
        return {PersonInRoom(row[0], row[1]): row[2] for row in rows}

    async def without_slot(self, launch: CampaignId) -> Sequence[Place]:
        """Everybody whom the draw has still to place, by number."""
        return [_place(row) for row in await self._rows("places_without_slot", launch=launch)]

    async def put(self, rooms: Sequence[Room], places: Sequence[Place]) -> None:
        """Write rooms that are locked, and places that are new or changed."""
        for room in rooms:
            await self._connection.execute(STATEMENTS["put_room"].text, _room_columns(room))
        columns = {
            "buyer_ids": [place.buyer_id for place in places],
            "launches": [place.launch for place in places],
            "entries": [place.entry for place in places],
            "numbers": [place.number for place in places],
            "joined": [place.joined_at for place in places],
            "slots": [place.slot for place in places],
            "let_in": [place.let_in_at for place in places],
            "drawn_slots": [place.drawn_slot for place in places],
            "people": [place.person for place in places],
        }
        await self._connection.execute(STATEMENTS["put_places"].text, columns)

    async def _rows(self, name: str, **parameters: object) -> list[Row]:
        cursor = await self._connection.execute(STATEMENTS[name].text, parameters)
        return await cursor.fetchall()


class PostgresRooms:
    """`RoomStore` of the desk's ports, on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresRoomTransaction]:
        """Open a transaction."""
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                yield PostgresRoomTransaction(connection)

    async def commit_seed(self, draw: Draw) -> None:
        """Open a room under the digest of its seed; the first commitment stays."""
        columns = {
            "launch": draw.launch,
            "commitment": draw.commitment,
            "committed_at": draw.committed_at,
        }
        with named_faults():
            async with self._pool.connection() as connection:
                await connection.execute(STATEMENTS["commit_seed"].text, columns)

    async def rooms(self) -> Sequence[Room]:
        """Every room with its draw."""
        return [_room(row) for row in await self._rows("rooms")]

    async def places_after(self, launch: CampaignId, number: int, limit: int) -> Sequence[Place]:
        """At most `limit` places whose number is higher, by number."""
        rows = await self._rows("places_after", launch=launch, number=number, limit=limit)
        return [_place(row) for row in rows]

    async def drawn_entries(self, launch: CampaignId) -> Sequence[str]:
        """The entries of a draw in the order in which they were drawn."""
        return [row[0] for row in await self._rows("drawn_entries", launch=launch)]

    async def place(self, key: PlaceKey) -> Place | None:
        """One buyer's place."""
        rows = await self._rows("places_of_buyers", buyer_ids=[key.buyer_id], launches=[key.launch])
        return _place(rows[0]) if rows else None

    async def _rows(self, name: str, **parameters: object) -> list[Row]:
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS[name].text, parameters)
                return await cursor.fetchall()


def _room(row: Row) -> Room:
    draw = Draw(
        launch=row[0],
        commitment=row[1],
        committed_at=row[2],
        closed_at=row[3],
        entries=row[4] or 0,
        entries_digest=row[5] or "",
        revealed_at=row[6],
        seed=row[7] or "",
        public_value=row[8],
    )
    return Room(draw=draw, numbers=row[9], slots=row[10], free_from=row[11])


def _place(row: Row) -> Place:
    return Place(
        launch=row[0],
        buyer_id=row[1],
        entry=row[2],
        number=row[3],
        joined_at=row[4],
        slot=row[5],
        let_in_at=row[6],
        drawn_slot=row[7],
        person=row[8],
    )


def _room_columns(room: Room) -> dict[str, object]:
    draw = room.draw
    is_closed = draw.closed_at is not None
    return {
        "launch": draw.launch,
        "closed_at": draw.closed_at,
        "entries": draw.entries if is_closed else None,
        "entries_digest": draw.entries_digest if is_closed else None,
        "revealed_at": draw.revealed_at,
        "seed": draw.seed or None,
        "public_value": draw.public_value,
        "numbers": room.numbers,
        "slots": room.slots,
        "free_from": room.free_from,
    }
