"""POST /reservations: the first hot door, from the buyer's token to the payment link.

Not here: bad input of every kind (`test_bad_input.py`).
"""

import asyncio

from tests.web.maker import price, reservation, world


def test_a_reservation_names_rank_and_payment() -> None:
    async def story() -> None:
        async with world() as here:
            told = await here.reserve()

            assert told.status == 201
            order_id = told.json["order_id"]
            assert told.headers["location"] == f"/api/v1/orders/{order_id}"
            assert told.headers["etag"] == '"1"'
            assert told.headers["cache-control"] == "no-store"
            assert told.headers["x-content-type-options"] == "nosniff"
            payment = told.json["payment"]
            assert payment.pop("link").startswith("https://null.invalid/pay?")
            assert told.json | {"payment": payment} == {
                "order_id": order_id,
                "rank": 1,
                "stage": "reserved",
                "sequence": 1,
                "payment": {
                    "payment_number": 1,
                    "amount": {"amount": 500_000, "currency": "CNY"},
                    "pay_until": "2024-07-19T04:30:00Z",
                },
            }

    asyncio.run(story())


def test_a_repeated_reservation_gets_the_first_answer() -> None:
    async def story() -> None:
        async with world() as here:
            first = await here.reserve()
            here.pass_time(minutes=5)
            second = await here.reserve()

            assert first == second
            assert len(here.memory.tables.orders) == 1

    asyncio.run(story())


def test_ranks_follow_the_order_of_commits() -> None:
    async def story() -> None:
        async with world() as here:
            told = [await here.reserve(name) for name in ("one", "two", "three")]

            assert [each.json["rank"] for each in told] == [1, 2, 3]

    asyncio.run(story())


def test_a_rejected_reservation_says_why_in_the_readers_language() -> None:
    async def story() -> None:
        async with world() as here:
            wrong = reservation(price={"amount": 1, "currency": "CNY"})

            told = await here.buyer().post(
                "/api/v1/reservations", wrong, "k", accept_language="zh-CN,en;q=0.5"
            )

            assert told.status == 422
            assert told.headers["content-language"] == "zh-Hans"
            assert told.json == {
                "type": "urn:earnest:problem:price_differs",
                "title": "价格不一致",
                "status": 422,
                "detail": f"该配置的价格为 {price().price.amount}（最小货币单位），与提交的不同。",
                "code": "price_differs",
                "way_out": "请向购车人展示正确价格；同意后用新的幂等键提交。",
                "details": {"price": str(price().price.amount)},
            }

    asyncio.run(story())
