"""The contract of `GivenCars`: which cars are free, and who waits for exactly such a one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from earnest.core.order.parts import InspectionResult, Remedy, Slot
from earnest.core.order.reallocate import cars_given_up
from tests.core import world
from tests.store.house import PROVIDER, START, House, command, key_of

pytestmark = pytest.mark.anyio


async def locked(house: House, *names: str) -> None:
    """Orders of these buyers that wait for a car."""
    await house.reserved(*names)
    for name in names:
        await house.live(key_of(name), "RecordPayment", START + timedelta(minutes=5), PROVIDER)
        at = START + timedelta(days=8)
        await house.live(key_of(name), "Lock", at, world.actor("timer"))


async def free_vins(house: House) -> list[str]:
    """The cars that somebody could be given."""
    return [car.vin for giver in await house.cars.givers() for car, _ in cars_given_up(giver)]


async def test_a_refused_car_is_free_until_another_order_takes_it(house: House) -> None:
    (ann,) = await house.reserved("ann")
    at = await house.tendered(ann)
    assert await free_vins(house) == []
    at += timedelta(days=1)
    refusing = {
        "result": InspectionResult.REFUSED,
        "remarks": ("scratch",),
        "remedy": Remedy.ANOTHER_CAR,
    }
    await house.live(ann, "RecordInspection", at, world.actor("buyer"), **refusing)
    assert await free_vins(house) == [world.VIN]
    await locked(house, "bo")

    order = await house.reader.order_of_buyer(key_of("bo"))
    assert order is not None
    taking = {"vin": world.VIN, "from_buyer_id": ann.buyer_id, "from_order_id": ann.order_id}
    (answer,) = await house.tell(
        command("AllocateCar", order, at, world.actor("planning"), **taking)
    )
    assert answer.is_accepted
    assert await free_vins(house) == []


async def test_the_car_of_a_cancelled_order_is_free_until_it_is_sold(house: House) -> None:
    (ann,) = await house.reserved("ann")
    at = await house.tendered(ann) + timedelta(days=1)
    await house.live(ann, "CancelByBuyer", at, world.actor("buyer"))
    assert await free_vins(house) == [world.VIN]


async def test_who_waits_for_exactly_this_car_is_named_by_rank(house: House) -> None:
    await locked(house, "ann", "bo")
    await house.reserved("cy")
    order = await house.reader.order_of_buyer(key_of("ann"))
    assert order is not None
    chosen = order.configuration

    async def ranks() -> list[int]:
        return [each.rank for each in await house.cars.waiting_for(world.QUEUE, chosen)]

    assert await ranks() == [1, 2]
    assert await house.cars.waiting_for(world.QUEUE, world.SMALL) == []
    at = START + timedelta(days=9)
    until = START + timedelta(days=90)
    await house.live(key_of("ann"), "Defer", at, world.actor("buyer"), until=until)
    assert await ranks() == [2]


async def test_slots_that_orders_left_are_found_until_their_week_is_over_or_they_are_taken(
    house: House,
) -> None:
    await locked(house, "ann", "bo", "cy")
    at = START + timedelta(days=9)
    for name, week in (("ann", "2024-W20"), ("bo", "2024-W22")):
        slot = Slot(plant="north", week=week)
        await house.live(key_of(name), "Schedule", at, world.actor("planning"), slot=slot)
    assert await house.cars.left_slots("2024-W01") == []
    await house.live(key_of("ann"), "CancelByBuyer", at, world.actor("buyer"))
    await house.live(key_of("bo"), "CancelByBuyer", at, world.actor("buyer"))

    async def left(week: str) -> set[str]:
        return {each.order_id for each in await house.cars.left_slots(week)}

    ann, bo = key_of("ann"), key_of("bo")
    assert await left("2024-W20") == {ann.order_id, bo.order_id}
    assert await left("2024-W21") == {bo.order_id}
    order = await house.reader.order_of_buyer(key_of("cy"))
    assert order is not None
    taking = {
        "slot": Slot(plant="north", week="2024-W22"),
        "from_buyer_id": bo.buyer_id,
        "from_order_id": bo.order_id,
    }
    (answer,) = await house.tell(command("TakeSlot", order, at, world.actor("planning"), **taking))
    assert answer.is_accepted
    assert await house.cars.taken_slots(START) == [(bo, Slot(plant="north", week="2024-W22"))]
    assert await house.cars.taken_slots(at + timedelta(days=99)) == []
    assert await left("2024-W20") == {ann.order_id}
