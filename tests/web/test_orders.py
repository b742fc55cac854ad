"""Lists of orders and one order as it stands: pages, filters, versions.

Not here: who may see which (`test_access.py`).
"""

import asyncio
from datetime import timedelta

from earnest.core.order.stage import Stage
from earnest.core.values.ids import BuyerId, OrderId
from earnest.desk.ports import OrderKey
from earnest.desk.views import OrderFilter
from earnest.web.cursors import cursor_after, place_of
from earnest.web.finding import page_of_orders
from tests.web.life import VIN, begun
from tests.web.maker import acknowledged, world


def test_pages_show_every_order_once() -> None:
    async def story() -> None:
        async with world() as here:
            made = {await here.deposited(f"buyer {number}") for number in range(5)}
            staff = here.staff("sales")

            seen: list[str] = []
            path = "/api/v1/orders?limit=2"
            sizes = []
            while path:
                page = (await staff.get(path)).json
                sizes.append(len(page["orders"]))
                seen += [each["order_id"] for each in page["orders"]]
                cursor = page["next_cursor"]
                path = f"/api/v1/orders?limit=2&cursor={cursor}" if cursor else ""

            assert sizes == [2, 2, 1]
            assert len(seen) == len(set(seen))
            assert set(seen) == made

    asyncio.run(story())


def test_a_full_last_page_has_no_successor() -> None:
    async def story() -> None:
        async with world() as here:
            await here.deposited()

            page = (await here.buyer().get("/api/v1/orders?limit=1")).json

            assert (len(page["orders"]), page["next_cursor"]) == (1, None)

    asyncio.run(story())


def test_orders_are_found_by_stage_queue_and_vin() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here, "one")
            await here.reserve("two")
            await life.until_locked()
            await life.until_built()
            staff = here.staff("planning")

            found = {
                query: [
                    each["order_id"]
                    for each in (await staff.get(f"/api/v1/orders?{query}")).json["orders"]
                ]
                for query in ("stage=built", f"vin={VIN}", "queue_id=s7-cn", "queue_id=y7-cn")
            }

            assert found["stage=built"] == [life.order_id]
            assert found[f"vin={VIN}"] == [life.order_id]
            assert len(found["queue_id=s7-cn"]) == 2
            assert found["queue_id=y7-cn"] == []

    asyncio.run(story())


def test_an_order_that_did_not_change_is_not_sent_again() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            first = await here.buyer().get(life.path)

            same = await here.buyer().get(
                life.path, if_none_match=f'"0", W/{first.headers["etag"]}'
            )
            await life.done(here.buyer(), "withdraw")
            changed = await here.buyer().get(life.path, if_none_match=first.headers["etag"])

            assert first.headers["etag"] == '"2"'
            assert (same.status, same.body) == (304, b"")
            assert (changed.status, changed.json["stage"]) == (200, "withdrawn")

    asyncio.run(story())


def test_an_order_shows_every_fact_and_nobody_who_works_for_the_seller() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            shown = acknowledged("deferral")
            await life.done(here.buyer(), "acknowledge-clause", acknowledgement=shown)
            await life.until_locked()
            until = (here.clock.now() + timedelta(days=10)).isoformat()
            await life.done(here.buyer(), "defer", until=until)
            here.pass_time(days=11)
            colleague = here.staff("finance", name="secret-colleague")
            ground = "deferral_silence"
            await life.done(colleague, "demand-performance", ground=ground, cure_days=14)
            await life.done(colleague, "approve-cancellation", ground=ground)

            told = await here.buyer().get(life.path)

            assert told.json["lock"]["mode"] == "at_expiry"
            assert told.json["promise"] == told.json["binding_promise"]
            assert told.json["balance_due"]["amount"] == told.json["price"]["amount"] - 500_000
            assert b"secret-colleague" not in told.body

    asyncio.run(story())


def test_a_cursor_stands_for_its_key() -> None:
    key = OrderKey(BuyerId("0123456789ABCDEF"), OrderId("FEDCBA9876543210"))

    assert place_of(cursor_after(key)) == key


def test_a_page_looks_at_so_many_orders_and_the_next_goes_on_behind_them() -> None:
    async def story() -> None:
        async with world() as here:
            paid = {await here.deposited(name) for name in ("one", "two")}
            unpaid = {(await here.reserve(name)).json["order_id"] for name in ("three", "four")}
            for stage, orders in ((Stage.DEPOSITED, paid), (Stage.RESERVED, unpaid)):
                wanted, cursor, pages = OrderFilter(stage=stage), None, []
                while True:
                    page, cursor = await page_of_orders(here.house, wanted, cursor, 10, 1)
                    pages.append([each.order_id for each in page])
                    if cursor is None:
                        break
                assert {each for page in pages for each in page} == orders
                # One order is looked at for each page, and after the last one there is none.
                assert [len(page) for page in pages].count(0) == 3

    asyncio.run(story())
