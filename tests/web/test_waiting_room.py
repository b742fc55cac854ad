"""The waiting room through the doors: joining, the draw, admissions, and who is turned away.

Not here: slots and times (`tests/core/test_room.py`) and signatures (`tests/people`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from earnest.core.launch.admission import AdmissionKind, AdmissionRule
from earnest.core.launch.announcing import Announced
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.draw import DrawDocument, verify
from earnest.core.values.ids import CampaignId, QueueId
from earnest.desk.campaign_ports import Announcement
from earnest.desk.campaigns import Circumstances, Draft, publish_campaign
from earnest.desk.drawing import take_due_steps
from earnest.desk.publishing import Act
from earnest.desk.rooms import WaitingRooms
from tests.web.maker import OPENED, World, buyer_id, reservation, world

LAUNCH = "/api/v1/campaigns/launch"
ROOM = f"{LAUNCH}/waiting-room"
CAMPAIGN = Campaign(
    campaign_id=CampaignId("launch"),
    version=1,
    queue_id=QueueId("s7-cn"),
    names={"en": "The launch", "zh-Hans": "开售"},
    opens_at=OPENED + timedelta(hours=1),
    reveal_at=OPENED,
    admission=AdmissionRule(
        kind=AdmissionKind.FIRST_COME, joins_from=OPENED, per_minute=6, token_minutes=30
    ),
)


async def announced(here: World) -> None:
    """Publish the launch."""
    version = Announced(campaign=CAMPAIGN, published_at=OPENED, published_by="staff:lin")
    announcement = Announcement(announced=version, key="launch", content_hash="launch")
    await here.house.campaigns.announce(announcement, lambda _: False)
    await here.desk.library.refresh_offers()


async def steps(here: World) -> None:
    """Let a server do what is due of the draw, and look."""
    rooms, now = here.house.rooms, here.clock.now()
    in_force = here.desk.library.campaigns_in_force(now)
    await take_due_steps(rooms.store, in_force, here.house.admissions, now)
    await rooms.refresh()


async def asked(here: World, name: str, token: str | None, key: str = "k") -> str:
    """What becomes of a reservation with this admission: its code, or 201."""
    headers = {} if token is None else {"earnest_admission": token}
    told = await here.buyer(name).post("/api/v1/reservations", reservation(), key, **headers)
    return str(told.status) if told.status == 201 else told.code


async def opened(here: World) -> dict[int, tuple[str, dict[str, Any]]]:
    """The room after its draw: three buyers and what they see, by slot."""
    await announced(here)
    await steps(here)
    for name in ("a", "b", "c"):
        joined = await here.buyer(name).post(ROOM)
        assert (joined.status, joined.json["slot"], joined.json["admission"]) == (200, None, None)
    here.pass_time(hours=1, seconds=3)
    await steps(here)
    shown = {name: (await here.buyer(name).get(ROOM)).json for name in ("a", "b", "c")}
    return {each["slot"]: (name, each) for name, each in shown.items()}


async def let_in_at_the_published_rate(here: World) -> None:
    """People join, are drawn, and come in one after another."""
    await announced(here)
    assert (await here.buyer("a").post(ROOM)).code == "room_not_open"
    places = await opened(here)

    assert sorted(places) == [1, 2, 3]
    assert (await here.buyer(places[1][0]).post(ROOM)).json["slot"] == 1
    (first, one), (last, three) = places[1], places[3]
    assert (one["ahead"], three["joined"]) == (0, 3)
    assert await asked(here, first, one["admission"]) == "201"
    assert await asked(here, first, one["admission"], "again") == "201"
    assert await asked(here, last, three["admission"]) == "admission_early"
    here.pass_time(seconds=20)
    assert await asked(here, last, three["admission"]) == "201"
    late = (await here.buyer("late").post(ROOM)).json
    await here.house.rooms.refresh()
    assert late["slot"] == 4
    assert (await here.buyer("nobody").get(ROOM)).code == "place_unknown"


async def let_in_by_nothing_else(here: World) -> None:
    """An admission that is not good here and now lets nobody in, and uses up no key."""
    places = await opened(here)
    (first, one), (second, _) = places[1], places[2]
    token = one["admission"]
    content = here.house.admissions.read(token)
    foreign = here.house.admissions.sign(
        msgspec.structs.replace(content, launch=CampaignId("other"))
    )

    assert await asked(here, first, None) == "admission_missing"
    assert await asked(here, first, token[:-1] + "!") == "admission_invalid"
    assert await asked(here, second, token) == "admission_of_another_buyer"
    assert await asked(here, first, foreign) == "admission_of_another_launch"
    assert (await here.staff("auditor").get("/api/v1/orders")).json["orders"] == []
    here.pass_time(minutes=30, seconds=5)
    assert await asked(here, first, token) == "admission_over"
    again = (await here.buyer(first).post(ROOM)).json
    assert again["number"] == 4


async def repeated_by_everybody(here: World) -> None:
    """Everybody can repeat the draw from its document."""
    assert (await here.anybody().get(f"{LAUNCH}/draw")).code == "campaign_unknown"
    await announced(here)
    await steps(here)
    hidden = await here.anybody().get(f"{LAUNCH}/draw/document")
    assert hidden.code == "draw_not_revealed"
    places = await opened(here)

    whole = await here.anybody().get(f"{LAUNCH}/draw/document")
    document = msgspec.json.decode(whole.body, type=DrawDocument)
    assert verify(document) == ()
    assert list(document.result) == [places[slot][1]["entry"] for slot in (1, 2, 3)]
    shown = (await here.anybody().get(f"{LAUNCH}/draw")).json
    assert shown["rule"]["kind"] == "first_come"
    assert shown["draw"]["commitment"] == document.draw.commitment


async def kept_over_a_restart(here: World) -> None:
    """A process that starts anew shows the same places and signs the same admissions."""
    places = await opened(here)
    before = {slot: each["admission"] for slot, (_, each) in places.items()}
    rooms = WaitingRooms(
        here.house.rooms.store, lambda: here.desk.library.campaigns_in_force(here.clock.now())
    )
    anew = World(msgspec.structs.replace(here.house, rooms=rooms), here.kept, here.desk, here.clock)
    for slot, (name, _) in places.items():
        assert (await anew.buyer(name).get(ROOM)).json["admission"] == before[slot]


async def moved_with_the_opening(here: World) -> None:
    """Whoever waits when the opening moves keeps their place, and is let in at the new one."""
    await announced(here)
    await steps(here)
    first = (await here.buyer("a").post(ROOM)).json
    later = msgspec.structs.replace(CAMPAIGN, version=2, opens_at=OPENED + timedelta(hours=3))
    act = Act(actor_id="staff:lin", key="later", content_hash="later", received_at=OPENED)
    for _ in range(2):
        house, around = here.house, Circumstances(offers=[])
        await publish_campaign(house.campaigns, house.shelf, act, Draft(campaign=later), around)
    await here.desk.library.refresh_offers()
    here.pass_time(hours=1, seconds=3)
    await steps(here)

    waits = (await here.buyer("a").get(ROOM)).json
    assert (waits["number"], waits["is_drawn"]) == (first["number"], False)
    assert waits["opens_at"] == "2024-07-19T07:00:00Z"
    here.pass_time(hours=2)
    await steps(here)
    drawn = (await here.buyer("a").get(ROOM)).json
    assert await asked(here, "a", drawn["admission"]) == "201"


STORIES = (
    let_in_at_the_published_rate,
    let_in_by_nothing_else,
    repeated_by_everybody,
    kept_over_a_restart,
    moved_with_the_opening,
)
"""Told here in memory, and on PostgreSQL in `test_on_postgres.py`."""


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_launch_lets_people_in(story: Callable[[World], Awaitable[None]]) -> None:
    async def told() -> None:
        async with world() as here:
            await story(here)

    asyncio.run(told())


def test_whoever_joined_gets_one_letter_about_a_moved_opening() -> None:
    async def story() -> None:
        async with world() as here:
            await moved_with_the_opening(here)
            news = [each for each in here.memory.tables.messages if each.subject == "launch"]
            assert [(each.buyer_id, each.sequence) for each in news] == [(buyer_id("a"), 2)]

    asyncio.run(story())


def test_whoever_finds_the_room_full_is_told_to_come_again() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            await steps(here)
            in_force = here.desk.library.campaigns_in_force
            full = WaitingRooms(
                here.house.rooms.store, lambda: in_force(here.clock.now()), queue_limit=0
            )
            house = msgspec.structs.replace(here.house, rooms=full)
            crowded = World(house, here.kept, here.desk, here.clock)

            told = await crowded.buyer("a").post(ROOM)
            assert (told.status, told.code) == (503, "desk_full")
            assert int(told.headers["retry-after"]) >= 1
            assert (await here.buyer("a").post(ROOM)).json["number"] == 1

    asyncio.run(story())
