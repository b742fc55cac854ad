"""Cars that were given up go to the next by themselves, unless somebody keeps one back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from earnest.core.order import commands as ask
from earnest.core.order.parts import InspectionResult, Remedy
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.values.instant import Window
from earnest.desk import giving_on
from earnest.desk.answer import Answer
from earnest.desk.desk import TRIES
from earnest.desk.giving_on import give_cars_on, keep_giving_cars_on
from earnest.desk.ports import StoreUnavailable
from earnest.store.memory_given_cars import MemoryCars
from tests.core import world
from tests.desk.fakes import Fault
from tests.desk.shop import Shop, in_shop
from tests.desk.test_allocating import CHECKED, VIN, built, cancelled_with_car, give, locked


async def look(shop: Shop) -> int:
    """One look of the job."""
    return await give_cars_on(shop.desk, MemoryCars(shop.store), shop.clock.now())


async def refused_by_first(shop: Shop) -> list[ask.Command]:
    """The first of three orders refused its car for another one."""
    orders = await locked(shop, shop.does, ["ann", "bo", "cy"])
    await built(shop, shop.does, orders[0])
    begins = shop.clock.now() + timedelta(days=1)
    appointments = (Window(begins, begins + timedelta(hours=1)),)
    tender = {"vin": VIN, "place": "Haikou", "appointments": appointments}
    await shop.does(shop.command("Tender", orders[0], "delivery", "tender", **tender))
    result = {
        "result": InspectionResult.REFUSED,
        "checklist": CHECKED,
        "remarks": ("The door is scratched.",),
        "remedy": Remedy.ANOTHER_CAR,
    }
    await shop.does(shop.command("RecordInspection", orders[0], "buyer", "inspect", **result))
    return orders


def has_car(shop: Shop, order: ask.Command) -> bool:
    """Whether an order has the car now."""
    car = shop.order(order.order_id).car
    return car is not None and car.vin == VIN


def test_the_car_of_a_cancelled_order_goes_to_the_next_by_itself() -> None:
    async def visit(shop: Shop) -> None:
        ann, bo, cy = await cancelled_with_car(shop)

        assert await look(shop) == 1
        assert await look(shop) == 0
        assert (has_car(shop, bo), has_car(shop, cy)) == (True, False)
        assert shop.kinds(ann)[-1] == "CarTaken"
        shop.check()

    in_shop(visit)


def test_who_cannot_be_given_a_car_is_passed_by() -> None:
    async def visit(shop: Shop) -> None:
        _, bo, cy = await cancelled_with_car(shop)
        until = shop.clock.now() + timedelta(days=30)
        await shop.does(shop.command("Defer", bo, "buyer", "later", until=until))

        assert await look(shop) == 1
        assert has_car(shop, cy)

    in_shop(visit)


def test_a_car_that_nobody_waits_for_stays_where_it_is() -> None:
    async def visit(shop: Shop) -> None:
        (ann,) = await locked(shop, shop.does, ["ann"])
        await built(shop, shop.does, ann)
        await shop.does(shop.command("CancelByBuyer", ann, "buyer", "leave"))
        assert await look(shop) == 0
        assert shop.order(ann.order_id).car is not None

    in_shop(visit)


def test_a_refused_car_rests_and_goes_to_the_next_but_not_to_who_refused_it() -> None:
    async def visit(shop: Shop) -> None:
        ann, bo, _ = await refused_by_first(shop)
        shop.clock.advance(hours=47)
        assert await look(shop) == 0
        shop.clock.advance(hours=1)
        assert await look(shop) == 1
        assert (has_car(shop, ann), has_car(shop, bo)) == (False, True)
        assert shop.order(ann.order_id).stage is Stage.LOCKED
        shop.check()

    in_shop(visit)


def test_staff_keeps_a_car_back_for_a_repair_and_lets_it_go() -> None:
    async def visit(shop: Shop) -> None:
        ann, bo, _ = await refused_by_first(shop)
        hold = {"vin": VIN, "explanation": "The door is painted anew."}
        held = await shop.does(shop.command("HoldCar", ann, "delivery", "hold", **hold))
        assert held.held_cars == (VIN,)
        await shop.does(shop.command("HoldCar", ann, "delivery", "again", **hold))
        assert shop.kinds(ann).count("CarHeld") == 1
        shop.clock.advance(days=3)
        assert await look(shop) == 0
        by_hand = await shop.desk.submit(give(shop, ann, bo), "by hand")
        assert isinstance(by_hand, Answer)
        assert by_hand.reason == "car_not_released"

        free = await shop.does(
            shop.command("HoldCar", ann, "delivery", "free", vin=VIN, is_held=False)
        )
        assert free.held_cars == ()
        assert await look(shop) == 1
        assert has_car(shop, bo)
        too_late = shop.command("HoldCar", ann, "delivery", "late", **hold)
        answer = await shop.desk.submit(too_late, "late")
        assert isinstance(answer, Answer)
        assert answer.reason == "car_not_released"
        shop.check()

    in_shop(visit)


def test_a_look_that_could_not_write_is_made_again() -> None:
    async def visit(shop: Shop) -> None:
        _, bo, _ = await cancelled_with_car(shop)
        shop.store.faults.extend([Fault.AT_OPENING] * 2 * TRIES)
        assert await look(shop) == 0
        shop.store.faults.clear()
        assert await look(shop) == 1
        assert has_car(shop, bo)

    in_shop(visit)


class _Stopped(Exception):
    pass


class AwayOnce(MemoryCars):
    """Cars whose store cannot be reached at the first look."""

    looks = 0

    async def givers(self) -> Sequence[Order]:
        """Nothing at first."""
        self.looks += 1
        if self.looks == 1:
            raise StoreUnavailable("no connection")
        return await super().givers()


def test_the_job_waits_for_the_store_and_goes_on() -> None:
    async def visit(shop: Shop) -> None:
        _, bo, _ = await cancelled_with_car(shop)
        cars = AwayOnce(shop.store)

        async def pause(seconds: float) -> None:
            assert seconds == giving_on.LOOK_SECONDS
            if cars.looks == 2:
                raise _Stopped

        with pytest.raises(_Stopped):
            await keep_giving_cars_on(shop.desk, cars, shop.clock.now, pause)
        assert has_car(shop, bo)
        assert VIN == world.VIN

    in_shop(visit)
