"""A sale paused, resumed and extended through the doors, and watched while it runs.

Not here: what a pause does to orders (`tests/desk/test_pausing.py`) and to what was announced
(`tests/core/test_pause.py`).
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from earnest.web.figures import FiguresKeeper
from earnest.web.pages.live import TOPICS
from tests.web.asking import Told
from tests.web.browsing import signed_in
from tests.web.maker import World, reservation, world
from tests.web.test_campaigns import DOCUMENT, OPENS, QUEUE, announced
from tests.web.test_office import staff

SALE = "/api/v1/queues/s7-cn"
WHY = {"texts": {"en": "The price list was wrong.", "zh-Hans": "价目表有误。"}}
CONTROL = "/office/launches/s7-cn"
ENDING = DOCUMENT.replace(
    "\n[[groups]]", f"\ncloses_at = {(OPENS + timedelta(days=9)).isoformat()}\n\n[[groups]]", 1
)


async def paused(here: World, key: str = "pause", sale: str = SALE) -> Told:
    return await here.staff("sales").post(f"{sale}/pause", WHY, key)


async def resumed(here: World, sale: str = SALE) -> Told:
    return await here.staff("sales").post(f"{sale}/resume", None, "resume")


def test_who_comes_in_a_pause_is_told_why_and_gets_a_place_with_the_same_key_afterwards() -> None:
    async def story() -> None:
        async with world() as here:
            before = (await here.reserve("one")).json
            assert (await paused(here)).status == 200
            told = await here.reserve("two", "again")
            chinese = await here.buyer("two").post(
                "/api/v1/reservations", reservation(), "again", accept_language="zh-Hans"
            )

            assert (told.status, told.json["code"]) == (503, "sale_paused")
            assert 2 <= int(told.headers["retry-after"]) <= 10
            assert "The price list was wrong." in told.json["detail"]
            assert "价目表有误。" in chinese.json["detail"]
            assert datetime.fromisoformat(told.json["details"]["since"]) == here.clock.now()
            assert (await here.reserve("one")).json == before
            assert (await here.pay(before["payment"]["link"])).status == 204

            assert (await resumed(here)).status == 200
            after = await here.reserve("two", "again")
            assert (after.status, after.json["rank"]) == (201, before["rank"] + 1)

    asyncio.run(story())


def test_a_pause_needs_words_in_both_languages_comes_once_and_can_be_read_by_everybody() -> None:
    async def story() -> None:
        async with world() as here:
            sales = here.staff("sales")
            half = {"texts": {"en": "A fault."}}
            told = [
                await sales.post(f"{SALE}/pause", half, "a"),
                await sales.post(f"{SALE}/resume", None, "b"),
                await paused(here),
                await paused(here),
                await paused(here, "c"),
                await sales.post(f"{SALE}/pause", half, "pause"),
                await sales.post("/api/v1/queues/none/pause", WHY, "d"),
                await here.anybody().get("/api/v1/queues/none/pauses"),
            ]
            assert [(each.status, each.json.get("code")) for each in told] == [
                (422, "explanation_missing"),
                (409, "sale_not_paused"),
                (200, None),
                (200, None),
                (503, "sale_paused"),
                (422, "key_reused"),
                (404, "queue_not_found"),
                (404, "queue_not_found"),
            ]
            [shown] = (await here.anybody().get(f"{SALE}/pauses")).json["pauses"]
            assert shown == told[2].json == told[3].json
            assert (shown["texts"], shown["resumed_at"]) == (WHY["texts"], None)
            assert "paused_by" not in shown

    asyncio.run(story())


def test_a_buyer_sees_on_every_page_that_the_sale_is_paused_and_that_time_stands_still() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            here.pass_time(hours=4)
            link, topic = "/launch/launch", TOPICS["launch"]
            anna = await signed_in(here)
            heard = await topic(here.house, "launch")
            assert b"The sale is open." in (await anna.get(link)).body
            assert (await paused(here, sale=f"/api/v1/queues/{QUEUE}")).status == 200
            assert await topic(here.house, "launch") != heard

            page = (await anna.get(link)).body.decode()
            assert "The price list was wrong." in page
            assert "The sale is open." not in page
            await anna.get(f"{link}?language=zh-Hans")
            assert "价目表有误。" in (await anna.get(link)).body.decode()
            listed = (await here.anybody().get("/api/v1/campaigns")).json["campaigns"]
            assert [each["is_paused"] for each in listed] == [True]

            order = (await here.reserve("one")).json
            assert (await paused(here, "other")).status == 200
            path = f"/api/v1/orders/{order['order_id']}/payments"
            [deposit] = (await here.buyer("one").get(path)).json["payments"]
            here.pass_time(hours=5)
            [later] = (await here.buyer("one").get(path)).json["payments"]
            assert (deposit["stands_still"], later["standing"]) == (True, "open")
            left = datetime.fromisoformat(later["pay_until"]) - here.clock.now()
            first = datetime.fromisoformat(order["payment"]["pay_until"])
            assert left == first - (here.clock.now() - timedelta(hours=5))

    asyncio.run(story())


def test_launch_control_pauses_resumes_and_extends_by_forms() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here, ENDING)
            path = f"/office/launches/{QUEUE}"
            sam, ida = staff(here, "sales", name="sam"), staff(here, "terms_editor", "sales")
            words = {"why-en": "A fault.", "why-zh-Hans": ""}
            refused = await sam.send(path, {"form": "pause", "key": "a", **words})
            assert refused.status == 422
            assert b'data-code="explanation_missing"' in refused.body
            assert b">A fault.</textarea>" in refused.body

            words["why-zh-Hans"] = "故障。"
            done = await sam.send(path, {"form": "pause", "key": "b", **words})
            assert (done.status, done.headers["location"]) == (303, path)
            shown = (await sam.get(path)).body.decode()
            assert 'data-pause="1"' in shown
            assert "form-resume" in shown
            assert "form-pause" not in shown
            assert (await sam.send(path, {"form": "resume", "key": "c"})).status == 303
            assert "form-pause" in (await sam.get(path)).body.decode()

            ends = {"form": "extend", "campaign_id": "launch"}
            earlier = {**ends, "key": "d", "closes_at": OPENS.strftime("%Y-%m-%dT%H:%M")}
            refused = await ida.send(path, earlier)
            assert b'data-code="period_taken_away"' in refused.body
            longer = (OPENS + timedelta(days=20)).astimezone().isoformat()
            done = await ida.send(path, {**ends, "key": "e", "closes_at": longer})
            assert done.status == 303
            campaign = (await here.anybody().get("/api/v1/campaigns/launch")).json
            assert campaign["version"] == 2
            assert datetime.fromisoformat(campaign["closes_at"]) == OPENS + timedelta(days=20)
            assert "form-extend" not in (await sam.get(path)).body.decode()

    asyncio.run(story())


def test_a_sale_is_watched_over_all_servers_with_its_troubles_in_words() -> None:
    async def story() -> None:
        async with world() as here:
            keeper = FiguresKeeper(here.house, "one:1")
            other = FiguresKeeper(here.house, "two:2")
            sales = here.staff("sales")
            assert (await sales.get(f"{SALE}/figures")).json["servers"] == 0
            assert b"No server says how it fares" in (await staff(here, "sales").get(CONTROL)).body

            await here.deposited("one")
            here.house.desk.counts.full += 3
            here.house.counts.webhooks[401] = 2
            await keeper.write()
            await other.write()
            figures = (await sales.get(f"{SALE}/figures")).json

            assert figures["servers"] == 2
            assert figures["answers"] == {"201": 2}
            assert figures["messages"] == {"204": 2, "401": 4}
            assert figures["turned_away"] == 6
            assert figures["answered"] == 2
            assert figures["within_ms"] >= 5
            assert figures["payments"] == {"to_open": 0, "refused": 0, "unmatched": []}
            page = (await staff(here, "sales").get(CONTROL)).body.decode()
            assert "Desks were full 6 times" in page
            assert "Messages of the payment provider are refused" in page
            metrics = (await here.staff("admin").get("/metrics")).body.decode()
            assert 'earnest_reservation_seconds_bucket{le="+Inf"} 1.0' in metrics

    asyncio.run(story())


def test_orders_are_counted_once_for_all_who_watch() -> None:
    async def story() -> None:
        async with world() as here:
            await here.reserve("one")
            sales = here.staff("sales")
            first = (await sales.get(f"{SALE}/figures")).json
            await here.reserve("two")
            second = (await sales.get(f"{SALE}/figures")).json

            assert (first["stages"], second["stages"]) == ({"reserved": 1}, {"reserved": 1})
            assert (first["reservations"], second["reservations"]) == (1, 2)
            assert second["counted_at"] == first["counted_at"]

    asyncio.run(story())
