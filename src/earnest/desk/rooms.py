"""Joining waiting rooms in groups, and the snapshot from which everybody reads where they stand.

Whatever waits when the last commit returned becomes the next transaction (`gathering.py`). The
snapshot is refreshed twice a second, so that no read of a place needs the database. Not here: who
gets which place (`core/launch/room.py`) and draws (`drawing.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import msgspec
import structlog

from earnest.core.launch.campaign import Campaign
from earnest.core.launch.room import Joining, Place, Room, Standing, join, standing
from earnest.core.queue.pause import SalePause
from earnest.core.values.ids import BuyerId, CampaignId, QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.desk import QUEUE_LIMIT
from earnest.desk.gathering import Gathering
from earnest.desk.ports import StoreUnavailable
from earnest.desk.room_store import PersonInRoom, PlaceKey, RoomStore

log = structlog.get_logger(__name__)

SNAPSHOT_SECONDS = 0.5
"""How old the snapshot of the rooms gets before it is read anew."""

PAGE = 10_000


class _Picture(msgspec.Struct):
    """One room as it was read last: everybody in it, and the slots by arrival in their order."""

    room: Room
    places: dict[BuyerId, Place] = {}
    arrivals: list[Place] = []
    last_number: int = 0


class WaitingRooms:
    """The waiting rooms of one process: joining, and looking where somebody stands."""

    def __init__(
        self,
        store: RoomStore,
        campaigns: Callable[[], Sequence[Campaign]],
        *,
        pauses_of: Callable[[QueueId], Sequence[SalePause]] = lambda _: (),
        queue_limit: int = QUEUE_LIMIT,
    ) -> None:
        """`campaigns` gives the versions in force, `pauses_of` those of a queue's sale.

        Nothing is read before `run` or `refresh`.
        """
        self._store = store
        self._campaigns = campaigns
        self._pauses_of = pauses_of
        # Joining again changes nothing, whether or not an answer that was lost had been kept.
        self._joining: Gathering[tuple[Campaign, Joining], Place | Rejected] = Gathering(
            "joining", self._joined, queue_limit=queue_limit
        )
        self._pictures: dict[CampaignId, _Picture] = {}

    @property
    def store(self) -> RoomStore:
        """Where the rooms are kept."""
        return self._store

    @property
    def waiting(self) -> int:
        """How many wait to join."""
        return self._joining.waiting

    def campaign(self, launch: CampaignId) -> Campaign | None:
        """The version in force of a launch."""
        return next((each for each in self._campaigns() if each.campaign_id == launch), None)

    # Joining ------------------------------------------------------------------------------------

    async def join(self, launch: CampaignId, joining: Joining) -> Place | Rejected:
        """A place in the room, kept before the answer. Raises `DeskFull`, `StoreUnavailable`."""
        campaign = self.campaign(launch)
        if campaign is None:
            return Rejected(Reason.CAMPAIGN_UNKNOWN)
        return await self._joining.ask((campaign, joining))

    async def run(self) -> None:
        """Let people join and keep the snapshot fresh, for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._joining.run())
            tasks.create_task(self._keep_looking())

    async def _joined(self, group: Sequence[tuple[Campaign, Joining]]) -> list[Place | Rejected]:
        launches = sorted({campaign.campaign_id for campaign, _ in group})
        keys = {PlaceKey(each.buyer_id, campaign.campaign_id) for campaign, each in group}
        people = {
            PersonInRoom(campaign.campaign_id, each.person): None
            for campaign, each in group
            if each.person is not None
        }
        outcomes: list[Place | Rejected] = []
        async with self._store.transaction() as transaction:
            rooms = dict(await transaction.lock(launches))
            known = dict(await transaction.places(sorted(keys)))
            entered = dict(await transaction.entered(sorted(people))) if people else {}
            changed: dict[PlaceKey, Place] = {}
            moved: dict[CampaignId, Room] = {}
            for campaign, asked in group:
                launch = campaign.campaign_id
                key = PlaceKey(asked.buyer_id, launch)
                pauses = self._pauses_of(campaign.queue_id)
                person = PersonInRoom(launch, asked.person or "")
                joining = msgspec.structs.replace(asked, entered_by=entered.get(person))
                outcome = join(rooms.get(launch), campaign, known.get(key), joining, pauses)
                if isinstance(outcome, Rejected):
                    outcomes.append(outcome)
                    continue
                room, place = outcome
                if place is not known.get(key):
                    rooms[launch] = moved[launch] = room
                    known[key] = changed[key] = place
                    if place.person is not None:
                        entered[PersonInRoom(launch, place.person)] = place.buyer_id
                outcomes.append(place)
            if changed:
                await transaction.put([*moved.values()], [*changed.values()])
        return outcomes

    # Looking ------------------------------------------------------------------------------------

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self.refresh()
            except StoreUnavailable:
                log.warning("rooms_wait_for_store")
            await asyncio.sleep(SNAPSHOT_SECONDS)

    async def refresh(self) -> None:
        """Read what changed since the last time; a room that was drawn is read whole once."""
        running = {each.campaign_id for each in self._campaigns() if each.admission is not None}
        pictures: dict[CampaignId, _Picture] = {}
        for room in await self._store.rooms():
            launch = CampaignId(room.draw.launch)
            if launch not in running:
                continue
            before = self._pictures.get(launch)
            if before is None or before.room.draw.revealed_at != room.draw.revealed_at:
                before = _Picture(room=room)
            pictures[launch] = await self._read_on(launch, room, before)
        self._pictures = pictures

    async def _read_on(self, launch: CampaignId, room: Room, picture: _Picture) -> _Picture:
        while picture.last_number < room.numbers:
            page = await self._store.places_after(launch, picture.last_number, PAGE)
            for place in page:
                picture.places[place.buyer_id] = place
                if place.let_in_at is not None:
                    picture.arrivals.append(place)
            if not page:
                break
            picture.last_number = page[-1].number
        picture.arrivals.sort(key=lambda each: each.slot or 0)
        picture.room = room
        return picture

    def room(self, launch: CampaignId) -> Room | None:
        """The counters and the draw of a launch as they were last read."""
        picture = self._pictures.get(launch)
        return None if picture is None else picture.room

    async def standing(
        self, campaign: Campaign, buyer_id: BuyerId, at: Instant, place: Place | None = None
    ) -> tuple[Room, Standing] | None:
        """Where a buyer stands, from the snapshot; None for somebody who has not joined.

        Only whoever joined since it was read is looked for in the database, unless their place
        is given, as it was just kept.
        """
        launch = campaign.campaign_id
        if launch not in self._pictures:
            await self.refresh()
        picture = self._pictures.get(launch)
        if picture is None:
            return None
        place = place or picture.places.get(buyer_id)
        if place is None:
            place = await self._store.place(PlaceKey(buyer_id, launch))
        if place is None:
            return None
        return picture.room, standing(place, picture.room, campaign, picture.arrivals, at)
