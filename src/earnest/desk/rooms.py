"""Joining waiting rooms in groups, and the snapshot from which everybody reads where they stand.

Like the desk: whatever waits when the last commit returned becomes the next transaction, and only
so many may wait. The snapshot is refreshed twice a second, so that no read of a place needs the
database. Not here: who gets which place (`core/launch/room.py`) and draws (`drawing.py`).
"""

from __future__ import annotations

import asyncio
from collections import deque
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
from earnest.desk.desk import CommandFailed, DeskFull
from earnest.desk.ports import StoreUnavailable
from earnest.desk.room_store import PersonInRoom, PlaceKey, RoomStore

log = structlog.get_logger(__name__)

JOINS_WAITING_MOST = 4_000
"""How many may wait to join; beyond that they are told to come again, and lose nothing by it."""

JOINS_AT_ONCE = 500
SNAPSHOT_SECONDS = 0.5
"""How old the snapshot of the rooms gets before it is read anew."""

PAGE = 10_000

Joined = tuple[Campaign, Joining, "asyncio.Future[Place | Rejected]"]


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
        waiting_most: int = JOINS_WAITING_MOST,
    ) -> None:
        """`campaigns` gives the versions in force, `pauses_of` those of a queue's sale.

        Nothing is read before `run` or `refresh`.
        """
        self._store = store
        self._campaigns = campaigns
        self._pauses_of = pauses_of
        self._waiting_most = waiting_most
        self._waiting: deque[Joined] = deque()
        self._something = asyncio.Event()
        self._pictures: dict[CampaignId, _Picture] = {}

    @property
    def store(self) -> RoomStore:
        """Where the rooms are kept."""
        return self._store

    @property
    def waiting(self) -> int:
        """How many wait to join."""
        return len(self._waiting)

    def campaign(self, launch: CampaignId) -> Campaign | None:
        """The version in force of a launch."""
        return next((each for each in self._campaigns() if each.campaign_id == launch), None)

    # Joining ------------------------------------------------------------------------------------

    async def join(self, launch: CampaignId, joining: Joining) -> Place | Rejected:
        """A place in the room, kept before the answer. Raises `DeskFull`, `StoreUnavailable`."""
        campaign = self.campaign(launch)
        if campaign is None:
            return Rejected(Reason.CAMPAIGN_UNKNOWN)
        if len(self._waiting) >= self._waiting_most:
            raise DeskFull
        future: asyncio.Future[Place | Rejected] = asyncio.get_running_loop().create_future()
        self._waiting.append((campaign, joining, future))
        self._something.set()
        return await future

    async def run(self) -> None:
        """Let people join and keep the snapshot fresh, for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_joining())
            tasks.create_task(self._keep_looking())

    async def _keep_joining(self) -> None:
        while True:
            await self._something.wait()
            group = [self._waiting.popleft() for _ in range(min(len(self._waiting), JOINS_AT_ONCE))]
            if not self._waiting:
                self._something.clear()
            await self._answer(group)

    async def _answer(self, group: Sequence[Joined]) -> None:
        """Answer everybody of a group, each with an exception of their own where it failed."""
        try:
            outcomes = await self._joined(group)
        except StoreUnavailable as lost:
            said = str(lost)
            _fail(group, lambda: StoreUnavailable(said))
        except Exception as defect:
            log.exception("joining_failed", people=len(group), exc_info=defect)
            _fail(group, lambda: CommandFailed("join"))
        except asyncio.CancelledError:
            # Joining again changes nothing, whether or not this was kept.
            _fail(group, DeskFull)
            raise
        else:
            for (_, _, future), outcome in zip(group, outcomes, strict=True):
                if not future.done():
                    future.set_result(outcome)

    async def _joined(self, group: Sequence[Joined]) -> list[Place | Rejected]:
        launches = sorted({campaign.campaign_id for campaign, _, _ in group})
        keys = {PlaceKey(each.buyer_id, campaign.campaign_id) for campaign, each, _ in group}
        people = {
            PersonInRoom(campaign.campaign_id, each.person): None
            for campaign, each, _ in group
            if each.person is not None
        }
        outcomes: list[Place | Rejected] = []
        async with self._store.transaction() as transaction:
            rooms = dict(await transaction.lock(launches))
            known = dict(await transaction.places(sorted(keys)))
            entered = dict(await transaction.entered(sorted(people))) if people else {}
            changed: dict[PlaceKey, Place] = {}
            moved: dict[CampaignId, Room] = {}
            for campaign, asked, _ in group:
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


def _fail(group: Sequence[Joined], failure: Callable[[], Exception]) -> None:
    for _, _, future in group:
        if not future.done():
            future.set_exception(failure())
