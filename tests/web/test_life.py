"""A whole life over the API: every stage by its own routes, and what readers see on the way.

Not here: the rules of each step (`tests/core`).
"""

import asyncio

from tests.web.life import VIN, begun
from tests.web.maker import World, price, world


async def whole_life(here: World) -> None:
    """From the deposit to the closed file, and the books at the end."""
    life = await begun(here)
    assert (await life.shown())["stage"] == "deposited"
    await life.until_locked()
    assert (await life.shown())["stage"] == "locked"
    await life.until_built()
    await life.until_tendered()
    assert (await life.shown())["tender"]["vin"] == VIN
    await life.until_inspected()
    await life.until_paid()
    assert (await life.shown())["balance_due"] == {"amount": 0, "currency": "CNY"}
    await life.until_handed_over()
    here.pass_time(days=8)
    await here.time_acts()

    order = await life.shown()
    assert (order["stage"], order["rank"]) == ("closed", 1)
    statement = await life.shown("/statement?language=en")
    standing = {each["account"]: each["amount"]["amount"] for each in statement["account_balances"]}
    assert standing == {
        "committed_deposits": 0,
        "customer_balances": 0,
        "customer_deposits": 0,
        "provider_clearing": price().price.amount,
        "sales_revenue": price().price.amount,
    }


def test_an_order_lives_from_the_deposit_to_the_closed_file() -> None:
    async def story() -> None:
        async with world() as here:
            await whole_life(here)

    asyncio.run(story())


def test_the_timeline_tells_every_event_in_words() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()

            english = await life.shown("/timeline?language=en")
            chinese = await life.shown("/timeline?language=zh-Hans")

            assert [(event["kind"], event["by"]) for event in english["events"]] == [
                ("Reserved", "buyer"),
                ("DepositReceived", "provider"),
                ("Locked", "timer"),
            ]
            assert [event["sequence"] for event in english["events"]] == [1, 2, 3]
            reserved = english["events"][0]
            assert reserved["words"].startswith("Rank 1 in the queue is yours")
            assert reserved["data"]["rank"] == 1
            assert not {"kind", "at"} & set(reserved["data"])
            assert chinese["events"][0]["words"] != reserved["words"]
            assert all(event["what_you_can_do"] for event in chinese["events"])

    asyncio.run(story())


def test_a_preview_equals_the_settlement_that_follows() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            preview = await life.shown("/exits?language=en")
            ways = {(way["command"], way["ground"]): way for way in preview["exits"]}
            withdraw = ways["withdraw", "cooling_off"]
            assert withdraw["is_open"]
            assert withdraw["settlement"]["owed_to_buyer"] == {
                "amount": 500_000,
                "currency": "CNY",
            }

            await life.done(here.buyer(), "withdraw")

            statement = await life.shown("/statement?language=en")
            assert statement["settlement"] == withdraw["settlement"]
            assert (await life.shown("/exits"))["exits"] == []

    asyncio.run(story())


def test_a_preview_for_another_day_says_what_is_missing() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)

            preview = await life.shown("/exits?at=2024-08-01T00:00:00Z&language=en")
            before = await here.buyer().get(f"{life.path}/exits?at=2024-07-01T00:00:00Z")

            withdraw = preview["exits"][0]
            assert (withdraw["command"], withdraw["is_open"]) == ("withdraw", False)
            assert withdraw["obstacle"]["code"] == "cooling_off_over"
            assert before.status == 422
            assert before.code == "instant_too_early"

    asyncio.run(story())


def test_payments_show_where_to_pay_what_is_open() -> None:
    async def story() -> None:
        async with world() as here:
            made = (await here.reserve()).json
            path = f"/api/v1/orders/{made['order_id']}/payments"

            (open_one,) = (await here.buyer().get(path)).json["payments"]
            await here.pay(open_one["link"])
            (paid,) = (await here.buyer().get(path)).json["payments"]

            assert open_one["link"] == made["payment"]["link"]
            assert open_one["pay_until"] == "2024-07-19T04:30:00Z"
            assert (paid["link"], paid["received_at"]) == (None, "2024-07-19T04:00:00Z")

    asyncio.run(story())


def test_the_balance_can_be_paid_in_parts() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()
            await life.until_built()
            await life.until_tendered()
            await life.until_inspected()
            await life.done(here.staff("sales"), "demand-balance")
            part = {"amount": 10_000_000, "currency": "CNY"}

            asked = await life.done(here.buyer(), "request-payment", amount=part)

            assert asked["payment"]["payment_number"] == 2
            assert asked["payment"]["amount"] == part
            assert "pay_until" not in asked["payment"]
            (_, balance) = (await life.shown("/payments"))["payments"]
            # The page speaks the buyer's language; what is signed is the same.
            assert balance["link"].partition("&lang")[0] == asked["payment"]["link"]
            assert (await here.pay(balance["link"])).status == 204
            order = await life.shown()
            assert order["stage"] == "inspected"
            assert order["balance_paid"] == part

    asyncio.run(story())
