"""The waiting rooms' twin in memory: the same promises, without PostgreSQL and durability.

Not here: the other twins (`memory.py`). One contract suite runs against both.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from earnest.core.launch.draw import Draw
from earnest.core.launch.room import Place, Room
from earnest.core.values.ids import BuyerId, CampaignId
from earnest.desk.room_store import PersonInRoom, PlaceKey


class MemoryRoomTransaction:
    """One open transaction; its rows become the committed ones when it ends well."""

    def __init__(self, rooms: dict[CampaignId, Room], places: dict[PlaceKey, Place]) -> None:
        self.all_rooms = dict(rooms)
        self.all_places = dict(places)

    async def lock(self, launches: Sequence[CampaignId]) -> Mapping[CampaignId, Room]:
        """These rooms; the store runs one transaction at a time."""
        return {each: self.all_rooms[each] for each in sorted(launches) if each in self.all_rooms}

    async def places(self, keys: Sequence[PlaceKey]) -> Mapping[PlaceKey, Place]:
        """The places that are there already."""
        return {key: self.all_places[key] for key in keys if key in self.all_places}

    async def entered(self, people: Sequence[PersonInRoom]) -> Mapping[PersonInRoom, BuyerId]:
        """The accounts with which people have joined."""
        asked = set(people)
        return {
            key: each.buyer_id
            for each in self.all_places.values()
            if each.person and (key := PersonInRoom(each.launch, each.person)) in asked
        }

    async def without_slot(self, launch: CampaignId) -> Sequence[Place]:
        """Everybody whom the draw has still to place, by number."""
        found = [
            each for each in self.all_places.values() if each.launch == launch and each.slot is None
        ]
        return sorted(found, key=lambda each: each.number)

    async def put(self, rooms: Sequence[Room], places: Sequence[Place]) -> None:
        """Write rooms and places."""
        for room in rooms:
            self.all_rooms[CampaignId(room.draw.launch)] = room
        for place in places:
            self.all_places[PlaceKey(place.buyer_id, place.launch)] = place


class MemoryRooms:
    """`RoomStore` of the desk's ports, in memory."""

    def __init__(self) -> None:
        self._rooms: dict[CampaignId, Room] = {}
        self._places: dict[PlaceKey, Place] = {}
        self._one_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryRoomTransaction]:
        """Open a transaction."""
        async with self._one_at_a_time:
            transaction = MemoryRoomTransaction(self._rooms, self._places)
            yield transaction
            self._rooms, self._places = transaction.all_rooms, transaction.all_places

    async def commit_seed(self, draw: Draw) -> None:
        """Open a room under the digest of its seed; the first commitment stays."""
        self._rooms.setdefault(CampaignId(draw.launch), Room(draw=draw))

    async def rooms(self) -> Sequence[Room]:
        """Every room with its draw."""
        return [self._rooms[launch] for launch in sorted(self._rooms)]

    async def places_after(self, launch: CampaignId, number: int, limit: int) -> Sequence[Place]:
        """At most `limit` places whose number is higher, by number."""
        found = [
            each for each in self._places.values() if each.launch == launch and each.number > number
        ]
        return sorted(found, key=lambda each: each.number)[:limit]

    async def drawn_entries(self, launch: CampaignId) -> Sequence[str]:
        """The entries of a draw in the order in which they were drawn."""
        found = [
            (each.drawn_slot, each.entry)
            for each in self._places.values()
            if each.launch == launch and each.drawn_slot is not None
        ]
        return [entry for _, entry in sorted(found)]

    async def place(self, key: PlaceKey) -> Place | None:
        """One buyer's place."""
        return self._places.get(key)

    def buyers(self, launch: CampaignId) -> set[BuyerId]:
        """Everybody who has a place in the room of a launch."""
        return {key.buyer_id for key in self._places if key.launch == launch}
