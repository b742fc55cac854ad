"""The main stories once more through the same doors, with PostgreSQL behind them.

Not here: what only the twin in memory can show (`test_bad_input.py` and others).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.web.life import begun
from tests.web.maker import World, world
from tests.web.test_bad_input import BODIES
from tests.web.test_haikou import story_of_haikou
from tests.web.test_house import PEOPLE
from tests.web.test_life import whole_life
from tests.web.test_lottery import STORIES as LOTTERY
from tests.web.test_terms import terms_of_a_life
from tests.web.test_waiting_room import STORIES as WAITING_ROOM
from tests.web.test_webhooks import paid, reserved, tell


async def bad_bodies(here: World) -> None:
    """Whatever is wrong with a reservation, nothing is written and no rank is used up."""
    for place, (name, (body, status, code, _)) in enumerate(BODIES.items()):
        told = await here.buyer().post("/api/v1/reservations", body, f"key-{place}")
        assert (told.status, told.code) == (status, code), name
    orders = (await here.staff("auditor").get("/api/v1/orders")).json["orders"]
    assert orders == []
    assert (await here.reserve(key="after")).json["rank"] == 1


async def repetitions(here: World) -> None:
    """The same key gives the same answer, at both kinds of door."""
    first = await here.reserve()
    assert await here.reserve() == first
    assert (await here.pay(first.json["payment"]["link"])).status == 204
    assert (await here.deliver(-1)).status == 204
    path = f"/api/v1/orders/{first.json['order_id']}/withdraw"
    told = [await here.buyer().post(path, None, "leave") for _ in range(2)]
    assert told[0] == told[1]
    assert told[0].json["events"] == ["Withdrawn", "SettlementFixed"]
    admin = here.staff("admin")
    imported = [await admin.post("/api/v1/buyers", PEOPLE, "import") for _ in range(2)]
    assert imported[0] == imported[1]


async def messages_kept(here: World) -> None:
    """A message that fits nothing is kept once, however often it is told."""
    _, reference = await reserved(here)
    stray = paid(here, "invoice 7")
    unknown = paid(here, "0123456789ABCDEF.0123456789ABCDEF.1", event_id="evt_2")
    for event in (stray, stray, unknown, unknown):
        told = await tell(here, event)
        assert (told.status, told.code) == (202, "payment_unknown")
    assert (await tell(here, paid(here, reference, event_id="evt_3"))).status == 204


async def pages(here: World) -> None:
    """Lists, one order, its history, and an order of somebody else."""
    lives = [await begun(here, name) for name in ("one", "two", "three")]
    staff = here.staff("sales")
    first = (await staff.get("/api/v1/orders?limit=2")).json
    rest = (await staff.get(f"/api/v1/orders?cursor={first['next_cursor']}")).json
    listed = [each["order_id"] for page in (first, rest) for each in page["orders"]]
    assert sorted(listed) == sorted(life.order_id for life in lives)
    assert (await here.buyer("two").get(lives[0].path)).code == "order_unknown"
    kinds = [each["kind"] for each in (await lives[0].shown("/timeline"))["events"]]
    assert kinds == ["Reserved", "DepositReceived"]
    assert (await here.anybody().get("/api/v1/health")).status == 200


STORIES: tuple[Callable[[World], Awaitable[None]], ...] = (
    whole_life,
    story_of_haikou,
    bad_bodies,
    repetitions,
    messages_kept,
    pages,
    terms_of_a_life,
    *WAITING_ROOM,
    *LOTTERY,
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_the_story_holds_on_postgresql(
    story: Callable[[World], Awaitable[None]], fresh_database_url: str
) -> None:
    async def told() -> None:
        async with world(url=fresh_database_url) as here:
            await story(here)

    asyncio.run(told())
