"""A built car that is given up goes to the next order that waits for it, and to no second one.

The twin in memory shows the rule and both orders; PostgreSQL shows it between two desks whose
rows are really locked. Not here: the rule alone (`tests/core/test_reallocate.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec

from earnest.core.order import commands as ask
from earnest.core.order.parts import ChecklistItem, InspectionResult, Remedy, Slot
from earnest.core.order.stage import Stage
from earnest.core.queue.move import Cause
from earnest.core.values.ids import Vin, vin_with_check_digit
from earnest.core.values.instant import Window
from earnest.desk.answer import Answer
from earnest.desk.desk import Desk
from earnest.desk.group import Asked, Group, lookup_of
from earnest.desk.ports import OrderKey
from earnest.store.pool import open_pool
from earnest.store.reader import PostgresReader
from tests.core import world
from tests.desk.shop import (
    PLAIN,
    STUCK_SECONDS,
    TERMS,
    Shop,
    content_hash,
    in_shop,
    submitted,
)
from tests.desk.test_two_desks import desks_on

VIN = world.VIN
SLOT = Slot(plant="changping", week="2024-W30")
CHECKED = tuple(
    ChecklistItem(item=item, in_order=True) for item in TERMS.policy.inspection_checklist
)
VINS = [vin_with_check_digit(f"LEA5A2CB0R00001{number:02}") for number in range(4)]

Does = Callable[[ask.Command], Awaitable[object]]


async def locked(shop: Shop, does: Does, names: list[str]) -> list[ask.Command]:
    """Orders of these buyers, in the order of their ranks, past their cooling-off period."""
    orders = [shop.reserve(name) for name in names]
    for each in orders:
        await does(each)
        await does(shop.payment(each))
    shop.clock.advance(days=8)
    for each in orders:
        await does(shop.command("Lock", each, "timer", "lock"))
    return orders


async def built(shop: Shop, does: Does, order: ask.Command, vin: Vin = VIN) -> None:
    """The order's own car comes off the line."""
    await does(shop.command("Schedule", order, "planning", "schedule", slot=SLOT))
    await does(
        shop.command("RecordBuilt", order, "planning", "built", vin=vin, configuration=PLAIN)
    )


def give(
    shop: Shop, giver: ask.Command, taker: ask.Command, key: str = "give", vin: str = VIN
) -> ask.Command:
    """Planning gives a car on."""
    return shop.command(
        "AllocateCar",
        taker,
        "planning",
        f"{key}-{taker.order_id}",
        vin=vin,
        from_buyer_id=giver.buyer_id,
        from_order_id=giver.order_id,
    )


async def cancelled_with_car(shop: Shop) -> list[ask.Command]:
    """The first of three orders has its car and is cancelled; the others wait for the same."""
    orders = await locked(shop, shop.does, ["ann", "bo", "cy"])
    await built(shop, shop.does, orders[0])
    await shop.does(shop.command("CancelByBuyer", orders[0], "buyer", "leave"))
    return orders


def test_a_car_that_is_given_up_goes_to_the_next_rank_in_one_commit() -> None:
    async def visit(shop: Shop) -> None:
        ann, bo, cy = await cancelled_with_car(shop)

        too_early = await shop.desk.submit(give(shop, ann, cy), "cy")
        assert isinstance(too_early, Answer)
        assert too_early.reason == "not_next_in_line"
        order = await shop.does(give(shop, ann, bo))

        assert (order.stage, order.car and order.car.vin) == (Stage.BUILT, VIN)
        assert shop.kinds(bo)[-1] == "CarAllocated"
        assert shop.kinds(ann)[-1] == "CarTaken"
        gone = shop.order(ann.order_id)
        assert (gone.car, gone.resold_for) == (None, order.price)
        moves = [each for each in shop.store.tables.moves.values() if each.order_id == bo.order_id]
        assert [(each.change, each.cause) for each in moves] == [
            (1, Cause.RESERVED),
            (-1, Cause.REALLOCATED),
        ]
        shop.check()

    in_shop(visit)


def test_the_same_key_gives_a_car_once_and_another_key_finds_it_gone() -> None:
    async def visit(shop: Shop) -> None:
        ann, bo, cy = await cancelled_with_car(shop)
        first = await shop.desk.submit(give(shop, ann, bo), content_hash(give(shop, ann, bo)))
        again = await shop.desk.submit(give(shop, ann, bo), content_hash(give(shop, ann, bo)))
        late = await shop.desk.submit(give(shop, ann, cy), "late")

        assert first == again
        assert isinstance(late, Answer)
        assert late.reason == "car_not_released"
        assert shop.kinds(ann).count("CarTaken") == 1
        shop.check()

    in_shop(visit)


def test_two_orders_in_one_group_do_not_get_one_car() -> None:
    async def visit(shop: Shop) -> None:
        ann, bo, cy = await cancelled_with_car(shop)
        answers = await submitted(shop.desk, give(shop, ann, bo), give(shop, ann, cy))

        reasons = [each.reason for each in answers if isinstance(each, Answer)]
        assert reasons == [None, "car_not_released"]
        shop.check()

    in_shop(visit)


def test_a_refused_car_passes_by_who_refused_it_and_goes_to_the_next() -> None:
    async def visit(shop: Shop) -> None:
        ann, bo = await locked(shop, shop.does, ["ann", "bo"])
        await built(shop, shop.does, ann)
        begins = shop.clock.now() + timedelta(days=1)
        await shop.does(
            shop.command(
                "Tender",
                ann,
                "delivery",
                "tender",
                vin=VIN,
                place="Haikou",
                appointments=(Window(begins, begins + timedelta(hours=1)),),
            )
        )
        await shop.does(
            shop.command(
                "RecordInspection",
                ann,
                "buyer",
                "inspect",
                result=InspectionResult.REFUSED,
                checklist=CHECKED,
                remarks=("The door is scratched.",),
                remedy=Remedy.ANOTHER_CAR,
            )
        )
        refused = await shop.desk.submit(give(shop, bo, ann), "own")
        assert isinstance(refused, Answer)
        assert refused.reason == "car_refused_before"
        order = await shop.does(give(shop, ann, bo))

        assert order.stage is Stage.BUILT
        waiting = shop.order(ann.order_id)
        assert (waiting.stage, waiting.resold_for) == (Stage.LOCKED, None)
        assert [each.taken_by for each in waiting.refused_cars] == [bo.order_id]
        shop.check()

    in_shop(visit)


def test_a_car_of_no_order_is_not_given() -> None:
    async def visit(shop: Shop) -> None:
        ann, bo = await locked(shop, shop.does, ["ann", "bo"])
        for giver in (shop.reserve("nobody"), bo):
            answer = await shop.desk.submit(give(shop, giver, ann, giver.order_id), "x")
            assert isinstance(answer, Answer)
            assert answer.reason == "car_not_released"

    in_shop(visit)


def test_two_groups_that_read_before_the_other_wrote_would_give_one_car_twice() -> None:
    """Control: what keeps a car from going to two orders is reading it under the lock."""

    async def visit(shop: Shop) -> None:
        ann, bo, cy = await cancelled_with_car(shop)
        first = Asked(give(shop, ann, bo), "bo")
        # Read while the first still waits, decided as if it had left meanwhile.
        second = Asked(give(shop, ann, cy), "cy")
        async with shop.store.transaction() as transaction:
            loaded = await transaction.load(lookup_of([first, second]))
        alone = msgspec.structs.replace(loaded, ahead={})
        library = shop.desk.library
        for asked in (first, second):
            group = Group(
                alone, library.facts_of, shop.clock.now(), lane_of=library.lane_of, webhooks=False
            )
            answer = group.decide(asked)
            assert isinstance(answer, Answer)
            assert answer.is_accepted

    in_shop(visit)


def test_two_desks_on_postgresql_never_give_one_car_to_two_orders(
    fresh_database_url: str,
) -> None:
    """Both desks are asked for each of two orders at once; the first of them gets the car."""

    async def asked_of(desk: Desk, command: ask.Command) -> Answer:
        answer = await desk.submit(command, content_hash(command))
        assert isinstance(answer, Answer)
        return answer

    async def life() -> None:
        shop = Shop()
        async with (
            asyncio.timeout(STUCK_SECONDS),
            desks_on(fresh_database_url, shop, 2) as (here, there),
        ):

            async def does(command: ask.Command) -> None:
                assert (await asked_of(here, command)).is_accepted

            givers = await locked(shop, does, [f"giver {number}" for number in range(4)])
            takers = await locked(shop, does, [f"taker {number}" for number in range(4)])
            for giver, vin in zip(givers, VINS, strict=True):
                await built(shop, does, giver, vin)
                await does(shop.command("CancelByBuyer", giver, "buyer", "leave"))
            early = give(shop, givers[0], takers[-1], "early", VINS[0])
            assert (await asked_of(there, early)).reason == "not_next_in_line"
            for giver, vin in zip(givers, VINS, strict=True):
                answers = await asyncio.gather(
                    *(
                        asked_of(desk, give(shop, giver, taker, f"{vin}-{side}", vin))
                        for taker in takers
                        for side, desk in enumerate((here, there))
                    )
                )
                assert sum(each.is_accepted for each in answers) == 1
        async with await open_pool(fresh_database_url) as pool:
            reader = PostgresReader(pool)
            found = [
                await reader.order_of_buyer(OrderKey(each.buyer_id, each.order_id))
                for each in (*givers, *takers)
            ]
            cars_now = [each.car and each.car.vin for each in found if each is not None]
            assert cars_now == [*([None] * 4), *VINS]

    asyncio.run(life())
