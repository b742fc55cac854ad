"""A plan lane by lane, and how far cars move."""

from __future__ import annotations

from datetime import date, timedelta

from earnest.core.queue.lane import Lane
from earnest.core.values.ids import BuyerId, OrderId, QueueId
from earnest.desk.planning.figures import (
    LaneFigures,
    WeekShift,
    lane_figures,
    lanes_of,
    week_shifts,
)
from earnest.desk.planning.ports import PlannedSlot
from earnest.desk.ports import OrderKey
from tests.desk.planning.makers import RARE, PlanningShop
from tests.desk.shop import CATALOGUE, in_shop

MONDAY = date(2026, 3, 2)
QUEUE = QueueId("q")


def slot(
    previous: int | None, now: int | None, cause: str | None = "short", *, breaks: bool = False
) -> PlannedSlot:
    """A row of a plan, by days counted from a Monday."""

    def day(number: int | None) -> date | None:
        return None if number is None else MONDAY + timedelta(days=number)

    return PlannedSlot(
        order=OrderKey(BuyerId("b"), OrderId("o")),
        queue_id=QUEUE,
        day=day(now),
        previous_day=day(previous),
        cause=cause,
        breaks_promise=breaks,
    )


def test_a_lane_says_who_has_a_day_and_who_moves() -> None:
    red, grey = Lane("max/red"), Lane("max/grey")
    rows = [
        (red, slot(None, 4, "first_plan")),
        (red, slot(9, 2, "slot_free")),
        (red, slot(1, 5, breaks=True)),
        (red, slot(3, None, breaks=True)),
        (grey, slot(None, 1, None)),
        (grey, slot(None, None)),
    ]

    lanes = lane_figures((lane for lane, _ in rows), (row for _, row in rows))

    assert lanes == (
        LaneFigures(
            queue_id=QUEUE,
            lane=grey,
            orders=2,
            placed=1,
            first=MONDAY + timedelta(days=1),
            last=MONDAY + timedelta(days=1),
            earlier=0,
            later=0,
            newly_placed=0,
            promises_broken=0,
        ),
        LaneFigures(
            queue_id=QUEUE,
            lane=red,
            orders=4,
            placed=3,
            first=MONDAY + timedelta(days=2),
            last=MONDAY + timedelta(days=5),
            earlier=1,
            later=2,
            newly_placed=1,
            promises_broken=2,
        ),
    )
    assert [each.moved for each in lanes] == [0, 4]


def test_moves_are_counted_by_weeks_that_have_begun() -> None:
    days = [(10, 11), (10, 17), (10, 18), (10, 9), (10, 3), (10, 2), (10, 10), (10, None)]

    assert week_shifts([*(slot(*each) for each in days), slot(None, 5), slot(5, 5, None)]) == (
        WeekShift(weeks=-2, orders=1),
        WeekShift(weeks=-1, orders=2),
        WeekShift(weeks=0, orders=1),
        WeekShift(weeks=1, orders=2),
        WeekShift(weeks=2, orders=1),
        WeekShift(weeks=None, orders=1),
    )


def test_the_lane_of_an_order_comes_from_the_catalogue_of_its_price() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.deposited("ann")
        await shop.does(shop.reserve("bo", configuration=RARE))
        orders = [each async for each in shop.plans.waiting(MONDAY)]

        lanes = await lanes_of(shop.store, orders)

        found = sorted(lanes.of(order) for order in orders)
        assert found == ["s7-standard/paint-aqua/wheels-19", "s7-standard/paint-aqua/wheels-20"]
        assert {order.catalogue_hash for order in orders} == {CATALOGUE.catalogue_hash}

    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # the visit wants this shop
