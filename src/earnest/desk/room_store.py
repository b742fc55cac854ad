"""Where waiting rooms are kept, as the desk sees it.

Not here: how PostgreSQL does it (`store/rooms.py`) and what a place is (`core/launch/room.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec

from earnest.core.launch.draw import Draw
from earnest.core.launch.room import Place, Room
from earnest.core.values.ids import BuyerId, CampaignId


class PlaceKey(msgspec.Struct, frozen=True, order=True):
    """Whose place in which launch."""

    buyer_id: BuyerId
    launch: CampaignId


class PersonInRoom(msgspec.Struct, frozen=True, order=True):
    """A person, as a queue knows them, in the room of a launch."""

    launch: CampaignId
    person: str


class RoomTransaction(Protocol):
    """One transaction about waiting rooms. Leaving its context commits."""

    async def lock(self, launches: Sequence[CampaignId]) -> Mapping[CampaignId, Room]:
        """Lock these rooms, in the order of their names. One that does not exist is left out."""

    async def places(self, keys: Sequence[PlaceKey]) -> Mapping[PlaceKey, Place]:
        """The places that are there already, read after the rooms were locked."""

    async def entered(self, people: Sequence[PersonInRoom]) -> Mapping[PersonInRoom, BuyerId]:
        """The accounts with which people have joined, read after the rooms were locked."""

    async def without_slot(self, launch: CampaignId) -> Sequence[Place]:
        """Everybody whom the draw has still to place, by number."""

    async def put(self, rooms: Sequence[Room], places: Sequence[Place]) -> None:
        """Write rooms that are locked, and places that are new or changed."""


class RoomStore(Protocol):
    """Waiting rooms in the database. Every method raises `StoreUnavailable`."""

    def transaction(self) -> AbstractAsyncContextManager[RoomTransaction]:
        """Open a transaction."""

    async def commit_seed(self, draw: Draw) -> None:
        """Open a room under the digest of its seed; the first commitment stays."""

    async def rooms(self) -> Sequence[Room]:
        """Every room with its draw."""

    async def places_after(self, launch: CampaignId, number: int, limit: int) -> Sequence[Place]:
        """At most `limit` places whose number is higher, by number."""

    async def drawn_entries(self, launch: CampaignId) -> Sequence[str]:
        """The entries of a draw in the order in which they were drawn."""

    async def place(self, key: PlaceKey) -> Place | None:
        """One buyer's place."""
