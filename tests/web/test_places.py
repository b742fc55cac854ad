"""Places at the doors: an order's own, page by page, and a queue's numbers for everybody."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from earnest.core.queue.lane import Lane
from earnest.core.queue.move import Cause, Direction
from earnest.core.queue.position import Position
from earnest.core.values.ids import QueueId
from earnest.desk.places.queue_book import Stands
from earnest.desk.places.snapshot import MoveLine, Place
from earnest.desk.places.words import line_words, place_words
from tests.web.maker import OPENED, World, world


async def position(here: World, order_id: str, who: str, query: str = "") -> dict[str, Any]:
    """What the door says about an order's place."""
    told = await here.buyer(who).get(f"/api/v1/orders/{order_id}/position{query}")
    assert told.status == 200, told.body
    return dict(told.json)


async def withdraw(here: World, order_id: str, who: str) -> None:
    """A buyer withdraws in the cooling-off period."""
    told = await here.buyer(who).post(f"/api/v1/orders/{order_id}/withdraw", key="leave")
    assert told.status in {200, 201}, told.body


def test_a_place_is_shown_with_every_move_that_changed_it() -> None:
    async def story() -> None:
        async with world() as here:
            orders = {name: await here.deposited(name) for name in ("ann", "bo", "cy", "di")}
            await here.house.places.refresh()
            before = await position(here, orders["di"], "di")
            await withdraw(here, orders["bo"], "bo")
            here.pass_time(seconds=1)
            await here.house.places.refresh()

            after = await position(here, orders["di"], "di")

            assert (before["rank"], before["ahead_in_lane"], before["moves"]) == (4, 3, [])
            assert (after["ahead_in_lane"], after["ahead_in_queue"]) == (2, 2)
            assert (after["at_joining"], after["since"]["left"], after["stands"]) == (
                3,
                1,
                "waiting",
            )
            (line,) = after["moves"]
            assert (line["rank"], line["change"], line["cause"]) == (2, -1, "withdrawn")
            assert line["ahead_after"] == 2
            assert line["words"] == "Rank 2 withdrew: 2 ahead of you then."
            assert after["words"] == (
                "2 are ahead of you for this configuration and region (2 in all). "
                "Since you joined: 1 left."
            )
            chinese = await position(here, orders["di"], "di", "?language=zh-Hans")
            assert chinese["words"] == (
                "同配置、同地区您前面还有 2 位（全部配置共 2 位）。自您加入以来：1 位离开。"
            )
            gone = await position(here, orders["bo"], "bo")
            assert (gone["stands"], gone["ahead_in_lane"], gone["ahead_in_queue"]) == (
                "out",
                None,
                None,
            )
            assert after["as_of"] > before["as_of"]

    asyncio.run(story())


def test_the_moves_are_read_page_by_page() -> None:
    async def story() -> None:
        async with world() as here:
            orders = {name: await here.deposited(name) for name in ("ann", "bo", "cy", "di")}
            for name in ("ann", "bo", "cy"):
                await withdraw(here, orders[name], name)
            await here.house.places.refresh()

            first = await position(here, orders["di"], "di", "?limit=2")
            rest = await position(
                here, orders["di"], "di", f"?limit=2&cursor={first['next_cursor']}"
            )

            pages = [[each["ahead_after"] for each in page["moves"]] for page in (first, rest)]
            assert pages == [[2, 1], [0]]
            assert rest["next_cursor"] is None
            assert rest["words"].startswith("Nobody is ahead of you")
            bad = await here.buyer("di").get(f"/api/v1/orders/{orders['di']}/position?cursor=x")
            assert (bad.status, bad.code) == (400, "cursor_malformed")

    asyncio.run(story())


def test_somebody_elses_place_does_not_exist_and_staff_see_all() -> None:
    async def story() -> None:
        async with world() as here:
            order_id = await here.deposited("ann")
            await here.house.places.refresh()
            path = f"/api/v1/orders/{order_id}/position"

            foreign = await here.buyer("bo").get(path)
            staff = await here.staff("sales").get(path)

            assert (foreign.status, foreign.code) == (404, "order_unknown")
            assert staff.json["rank"] == 1
            nonsense = await here.buyer("bo").get("/api/v1/orders/x/position")
            assert nonsense.code == "order_unknown"

    asyncio.run(story())


def test_an_order_newer_than_the_picture_is_told_to_ask_again() -> None:
    async def story() -> None:
        async with world() as here:
            unready = await here.anybody().get("/api/v1/queues/s7-cn")
            await here.house.places.refresh()
            order_id = await here.deposited("ann")

            told = await here.buyer("ann").get(f"/api/v1/orders/{order_id}/position")

            assert (told.status, told.code) == (503, "places_not_ready")
            assert told.headers["retry-after"]
            assert (unready.status, unready.code) == (503, "places_not_ready")

    asyncio.run(story())


def test_a_queue_is_shown_in_numbers() -> None:
    async def story() -> None:
        async with world() as here:
            await here.deposited("ann")
            await here.reserve("bo")
            await here.house.places.refresh()

            shown = (await here.anybody().get("/api/v1/queues/s7-cn")).json

            assert (shown["model_line"], shown["market"]) == ("s7", "CN")
            assert (shown["ranks_given"], shown["waiting"], shown["deferred"]) == (2, 2, 0)
            assert (shown["cooling_off"], shown["built_this_week"], shown["lanes"]) == (1, 0, 1)
            unknown = await here.anybody().get("/api/v1/queues/x")
            assert (unknown.status, unknown.code) == (404, "queue_not_found")

    asyncio.run(story())


def place(stands: Stands, ahead: int, **since: int) -> Place:
    """A place as words tell it."""
    counts = {each: since.get(each.value, 0) for each in Direction}
    told = Position(
        lane=Lane("s7/red"),
        rank=9_000,
        ahead_in_lane=ahead,
        ahead_in_queue=40_000,
        at_joining=ahead,
        since=counts,
    )
    return Place(QueueId("s7-cn"), stands, told)


@pytest.mark.parametrize(
    ("shown", "english"),
    [
        (
            place(Stands.WAITS, 1_204, left=31, deferred=4),
            (
                "1,204 are ahead of you for this configuration and region (40,000 in all). "
                "Since you joined: 31 left, 4 deferred."
            ),
        ),
        (
            place(Stands.ASIDE, 1, served=2, other_lane=1, came=1),
            (
                "Your order is deferred and keeps its rank. Were you to resume now: 1 is ahead of "
                "you for this configuration and region (40,000 in all). Since you joined: "
                "2 got their car, "
                "1 changed to another configuration, 1 came back or joined with an earlier rank."
            ),
        ),
        (
            place(Stands.OUT, 1),
            "This order waits in no queue any more: it has its car, or it has ended.",
        ),
    ],
)
def test_a_place_is_told_in_words(shown: Place, english: str) -> None:
    assert place_words(shown, "en") == english
    assert place_words(shown, "zh-Hans") != english


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_cause_has_words_both_ways(language: str) -> None:
    told = {
        line_words(
            MoveLine(
                at=OPENED + timedelta(days=1), rank=7, change=change, cause=cause, ahead_after=3
            ),
            language,
        )
        for cause in Cause
        for change in (-1, 1)
    }

    assert all("7" in each and "3" in each for each in told)
    assert len(told) > len(Cause)
