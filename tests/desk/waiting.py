"""A launch with a waiting room to tell stories about, and a store of rooms that can be lost.

Not here: what the twin itself promises (`tests/store/test_rooms.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from earnest.core.launch.admission import AdmissionKind, AdmissionRule
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.room import Joining, Room
from earnest.core.values.ids import BuyerId, CampaignId, QueueId
from earnest.desk.ports import StoreUnavailable
from earnest.people.admissions import Admissions
from earnest.people.tokens import SigningKey
from earnest.store.memory_rooms import MemoryRooms, MemoryRoomTransaction

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
OPENS = NOON + timedelta(hours=1)
ENDS = NOON + timedelta(minutes=30)
FIRST_COME = AdmissionRule(kind=AdmissionKind.FIRST_COME, joins_from=NOON, per_minute=60)
LOTTERY = AdmissionRule(
    kind=AdmissionKind.LOTTERY, joins_from=NOON, per_minute=60, joins_until=ENDS, places=2
)
KEYS = Admissions([SigningKey("main", b"a key for tests, of thirty-two bytes")])
OTHER_KEYS = Admissions([SigningKey("main", b"another key, also of thirty-two by")])


def launch(rule: AdmissionRule | None = LOTTERY, name: str = "launch") -> Campaign:
    """A launch that lets people in by this rule."""
    return Campaign(
        campaign_id=CampaignId(name),
        version=1,
        queue_id=QueueId("s7-cn"),
        names={"en": "The launch", "zh-Hans": "开售"},
        opens_at=OPENS,
        reveal_at=NOON,
        admission=rule,
    )


def joining(name: str, at: datetime = NOON) -> Joining:
    """Somebody who wants to join."""
    return Joining(buyer_id=BuyerId(name), entry=f"entry-{name}", at=at)


class ShakyRooms(MemoryRooms):
    """The twin with a network in between, which says how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.is_lost = False
        self.has_defect = False
        self.looks = 0
        self.asked = asyncio.Condition()

    async def rooms(self) -> Sequence[Room]:
        """Every room, unless the network is gone."""
        async with self.asked:
            self.looks += 1
            self.asked.notify_all()
        self._check()
        return await super().rooms()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryRoomTransaction]:
        """Open a transaction, unless the network is gone."""
        self._check()
        async with super().transaction() as transaction:
            yield transaction

    def _check(self) -> None:
        if self.is_lost:
            raise StoreUnavailable("the network is gone")
        if self.has_defect:
            raise ZeroDivisionError

    async def looked(self, times: int) -> None:
        """Wait until the rooms were asked for so many times more."""
        wanted = self.looks + times
        async with self.asked:
            await self.asked.wait_for(lambda: self.looks >= wanted)
