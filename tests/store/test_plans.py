"""The contract of `Plans`: versions are kept, one pointer counts, and nothing is half published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
import pytest

from earnest.core.order.promise_health import PromiseState
from earnest.core.order.stage import Stage
from earnest.core.order.turned_out import PromiseOutcome
from earnest.core.plan.calibration import Basis as MarginBasis
from earnest.core.plan.calibration import PlanError
from earnest.core.plan.differences import Summary
from earnest.core.plan.promise import Foreseen, PromiseReason
from earnest.core.values.instant import Window
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.planning.ports import (
    Basis,
    CapacityHead,
    CapacityVersion,
    CarsPlaced,
    PlannedSlot,
    Plans,
    PlanVersion,
    WaitingKind,
    Way,
)
from tests.core import world
from tests.core.plan.plants import CAPACITY, MONDAY
from tests.store.house import (
    BUYER,
    OTHER_QUEUE,
    PROVIDER,
    QUEUE,
    START,
    House,
    buyer_of,
    key_of,
    nothing_but,
    reservation,
)

pytestmark = pytest.mark.anyio

SUMMARY = Summary(
    orders=1,
    placed=1,
    not_planned=0,
    short={},
    earlier=0,
    later=0,
    newly_placed=1,
    promises_broken=0,
    mean_day=3.0,
)


def capacity_version(key: str = "first") -> CapacityVersion:
    return CapacityVersion(
        version=0,
        digest=CAPACITY.digest,
        capacity=CAPACITY,
        actor_id="staff:eva",
        key=key,
        content_hash="content",
        published_at=START,
    )


def plan_version(key: str = "first", *, capacity: int = 1, after: int | None = None) -> PlanVersion:
    return PlanVersion(
        version=0,
        digest="digest",
        basis=Basis(
            way=Way.GENTLE,
            today=MONDAY,
            capacity_version=capacity,
            published_plan=after,
            queues=(),
        ),
        summary=SUMMARY,
        frozen_until=MONDAY + timedelta(days=7),
        actor_id="staff:eva",
        key=key,
        content_hash="content",
        published_at=START,
    )


def slot(name: str, day: date | None = MONDAY) -> PlannedSlot:
    place = PlannedSlot(order=key_of(name), queue_id=world.QUEUE)
    if day is None:
        return msgspec.structs.replace(place, cause="short", resource="part chip")
    return msgspec.structs.replace(
        place, plant="north", line="1", day=day, arrives=day + timedelta(days=3)
    )


async def published(
    plans: Plans,
    *slots: PlannedSlot,
    key: str = "first",
    features: tuple[tuple[str, ...], ...] | None = None,
) -> PlanVersion:
    await plans.add_capacity(capacity_version())
    before = await plans.plan()
    after = None if before is None else before.version
    chosen = features or (world.PLAIN.features,) * len(slots)
    made = await plans.publish_plan(plan_version(key, after=after), slots, chosen)
    assert isinstance(made, PlanVersion)
    return made


async def test_capacity_is_kept_in_versions_once_per_key(house: House) -> None:
    assert await house.plans.capacity() is None

    first = await house.plans.add_capacity(capacity_version())
    again = await house.plans.add_capacity(
        msgspec.structs.replace(capacity_version(), content_hash="other")
    )
    second = await house.plans.add_capacity(capacity_version("second"), instead_of=1)

    assert isinstance(second, CapacityVersion)
    assert first == msgspec.structs.replace(capacity_version(), version=1)
    assert again == first
    assert second.version == 2
    assert await house.plans.capacity() == second
    assert await house.plans.capacity(1) == first
    assert await house.plans.capacity(3) is None
    assert await house.plans.capacity_history() == [
        CapacityHead(
            version=number,
            digest=CAPACITY.digest,
            begins=CAPACITY.begins,
            ends=CAPACITY.ends,
            actor_id="staff:eva",
            published_at=START,
        )
        for number in (2, 1)
    ]


async def test_capacity_made_from_an_older_version_is_not_published(house: House) -> None:
    await house.plans.add_capacity(capacity_version(), instead_of=0)

    refused = await house.plans.add_capacity(capacity_version("second"), instead_of=0)
    again = await house.plans.add_capacity(capacity_version(), instead_of=0)

    details = {"instead_of": "0", "version": "1"}
    assert refused == Rejected(Reason.CAPACITY_OUTDATED, details)
    assert again == await house.plans.capacity()
    assert len(await house.plans.capacity_history()) == 1


async def test_queues_are_listed(house: House) -> None:
    assert await house.plans.queues() == [QUEUE, OTHER_QUEUE]


async def test_a_plan_and_all_its_rows_are_published_by_one_pointer(house: House) -> None:
    rows = (slot("ann"), slot("bo", None))
    made = await published(house.plans, *rows)

    assert made == msgspec.structs.replace(plan_version(), version=1)
    assert await house.plans.plan() == made
    assert await house.plans.plan(1) == made
    assert await house.plans.plan(2) is None
    assert await house.plans.plan_by_key("staff:eva", "first") == made
    assert await house.plans.plan_by_key("staff:eva", "other") is None
    assert {each async for each in house.plans.slots(1)} == set(rows)
    assert await house.plans.slot_of(key_of("ann")) == rows[0]
    assert await house.plans.slot_of(key_of("eve")) is None

    later = await published(house.plans, slot("ann", MONDAY + timedelta(days=1)), key="second")
    assert later.version == 2
    found = await house.plans.slot_of(key_of("ann"))
    assert found is not None
    assert found.day == MONDAY + timedelta(days=1)
    assert await house.plans.slot_of(key_of("bo")) is None
    assert await house.plans.plan_history(5) == [later, made]
    assert await house.plans.plan_history(1) == [later]


async def test_a_repeated_key_gets_the_first_plan(house: House) -> None:
    made = await published(house.plans, slot("ann"))

    again = await house.plans.publish_plan(plan_version(after=1), (slot("bo"),), ((),))

    assert again == made
    assert await house.plans.slot_of(key_of("bo")) is None


async def test_a_plan_made_from_something_older_is_not_published(house: House) -> None:
    await published(house.plans, slot("ann"))
    await house.plans.add_capacity(capacity_version("second"))

    refused = await house.plans.publish_plan(plan_version("late"), (slot("bo"),), ((),))

    assert refused == Rejected(
        Reason.PLAN_OUTDATED, {"published_plan": "0 -> 1", "capacity_version": "1 -> 2"}
    )
    assert await house.plans.slot_of(key_of("bo")) is None
    assert await house.plans.plan_history(5) == [await house.plans.plan()]


async def test_a_plan_whose_writing_fails_leaves_the_published_one(house: House) -> None:
    made = await published(house.plans, slot("ann"))

    def broken() -> Iterator[PlannedSlot]:
        yield slot("bo")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await house.plans.publish_plan(plan_version("second", after=1), broken(), ((),) * 2)

    assert await house.plans.plan() == made
    assert await house.plans.slot_of(key_of("bo")) is None
    assert [each.order async for each in house.plans.slots(1)] == [key_of("ann")]


async def test_what_was_carried_out_is_known(house: House) -> None:
    await published(house.plans, slot("ann"))

    assert not await house.plans.carried_out(1)
    await house.plans.mark_carried_out(1, START)
    await house.plans.mark_carried_out(1, START)
    assert await house.plans.carried_out(1)


async def test_who_waits_is_read_with_what_a_plan_needs(house: House) -> None:
    ann, bo, cem = await house.reserved("ann", "bo", "cem")
    await house.live(bo, "RecordPayment", START + timedelta(minutes=1), PROVIDER)
    await house.live(bo, "Withdraw", START + timedelta(minutes=2), world.actor("buyer"))
    await house.tendered(cem)

    seen = [each async for each in house.plans.waiting(MONDAY)]
    assert [each.key for each in seen] == [ann]
    order = await house.reader.order_of_buyer(ann)
    assert order is not None
    for name in type(seen[0]).__struct_fields__:
        assert getattr(seen[0], name) == getattr(order, name)

    await published(house.plans, slot("ann"), slot("bo"), slot("cem"))
    with_slots = {each.key: each.stage async for each in house.plans.waiting(MONDAY)}
    assert with_slots == {ann: Stage.RESERVED, cem: Stage.TENDERED}
    assert {each.key async for each in house.plans.waiting(MONDAY + timedelta(days=1))} == {ann}
    assert buyer_of("ann") == ann.buyer_id


async def test_who_waits_for_the_same_car_is_counted_together(house: House) -> None:
    ann, bo, cem, di = await house.reserved("ann", "bo", "cem", "di")
    await house.live(di, "RecordPayment", START + timedelta(minutes=1), PROVIDER)
    await house.live(di, "Withdraw", START + timedelta(minutes=2), world.actor("buyer"))
    await house.tendered(cem)
    order = await house.reader.order_of_buyer(ann)
    assert order is not None

    assert await house.plans.waiting_kinds() == [
        WaitingKind(
            queue_id=order.queue_id,
            configuration=order.configuration,
            orders=2,
            order_id=min(ann.order_id, bo.order_id),
        )
    ]


def outcome(
    name: str,
    days: int,
    *,
    given_on: date = MONDAY,
    lead_days: int = 30,
    counts_from: date = MONDAY,
) -> PromiseOutcome:
    return PromiseOutcome(
        buyer_id=buyer_of(name),
        order_id=key_of(name).order_id,
        lane_group="max",
        given_on=given_on,
        lead_days=lead_days,
        days=days,
        counts_from=counts_from,
    )


async def test_outcomes_are_counted_by_week_and_bucket_and_the_first_one_stays(
    house: House,
) -> None:
    sunday = MONDAY + timedelta(days=6)
    first = [outcome("ann", 2, lead_days=55), outcome("bo", 2, given_on=sunday)]
    other = [outcome("cy", 2, lead_days=56), outcome("di", -1), outcome("ed", -1)]
    next_week = [outcome("flo", 2, given_on=MONDAY + timedelta(days=7))]
    await house.save(nothing_but(outcomes=[*first, *other, *next_week]))
    await house.save(nothing_but(outcomes=[outcome("ann", 99)]))

    found = await house.plans.plan_errors(MONDAY)

    def error(days: int, lead_days: int, cars: int, cohort: date = MONDAY) -> PlanError:
        return PlanError(lane_group="max", cohort=cohort, lead_days=lead_days, days=days, cars=cars)

    assert found == [
        error(-1, 30, 2),
        error(2, 30, 2),
        error(2, 56, 1),
        error(2, 30, 1, MONDAY + timedelta(days=7)),
    ]


async def test_an_outcome_counts_from_its_day_on_and_never_before(house: House) -> None:
    await house.save(nothing_but(outcomes=[outcome("ann", 2)]))

    assert await house.plans.plan_errors(MONDAY - timedelta(days=1)) == []
    assert [each.days for each in await house.plans.plan_errors(MONDAY)] == [2]


async def test_a_slot_inside_the_frozen_zone_is_found_after_a_later_plan(house: House) -> None:
    week = "2026-W10"
    beyond = msgspec.structs.replace(slot("bo"), day=MONDAY + timedelta(days=7))
    await published(house.plans, slot("ann"), beyond)
    await published(house.plans, slot("cem"), key="second")

    assert await house.plans.slot_of(key_of("ann")) is None
    assert await house.plans.slot_in(key_of("ann"), "north", week) == slot("ann")
    assert await house.plans.slot_in(key_of("ann"), "south", week) is None
    assert await house.plans.slot_in(key_of("ann"), "north", "2026-W11") is None
    assert await house.plans.slot_in(key_of("bo"), "north", "2026-W11") is None


async def test_cars_of_a_plan_are_counted_by_line_and_day(house: House) -> None:
    day = MONDAY + timedelta(days=1)
    later = msgspec.structs.replace(slot("cem"), day=day)
    chosen = (world.PLAIN.features, world.DEAR.features, world.PLAIN.features, world.DEAR.features)
    await published(house.plans, slot("ann"), slot("bo"), later, slot("di", None), features=chosen)
    (extra, *_) = set(world.DEAR.options) - set(world.PLAIN.options)

    def placed(cars: int, on: date = MONDAY) -> CarsPlaced:
        return CarsPlaced(plant="north", line="1", day=on, cars=cars)

    assert await house.plans.cars_placed(1, MONDAY, day) == [placed(2)]
    both = await house.plans.cars_placed(1, MONDAY, day + timedelta(days=1))
    assert both == [placed(2), placed(1, day)]
    assert await house.plans.cars_placed(1, MONDAY, day, [extra]) == [placed(1)]
    assert await house.plans.cars_placed(1, MONDAY, day, [world.DEAR.model]) == [placed(2)]
    assert await house.plans.cars_placed(2, MONDAY, day) == []


async def counted(house: House, today: date) -> dict[tuple[PromiseState, bool], int]:
    """How many promises of the week of the reservations stand how."""
    begins = START.date() - timedelta(days=START.weekday())
    rows = await house.plans.promise_counts(begins, begins + timedelta(days=7), today)
    assert {(each.week, each.lane_group) for each in rows} <= {(begins, "aurora")}
    return {(each.state, each.is_claimed): each.orders for each in rows}


FORESEEN = PromiseReason(
    capacity="capacity",
    horizon=START.date() + timedelta(days=400),
    lane_group="aurora",
    planned=START.date() + timedelta(days=30),
    transport_days=3,
    first=-2,
    last=4,
    basis=MarginBasis.CALIBRATED,
    given_on=START.date(),
)
DUE = START.date() + timedelta(days=33)


async def foreseen(house: House, *names: str, reason: PromiseReason = FORESEEN) -> None:
    """Reserve for these buyers with a window that live counters gave."""
    window = Window(START + timedelta(days=31), START + timedelta(days=38))
    facts = msgspec.structs.replace(world.FACTS, foreseen=Foreseen(window, reason))
    await house.tell(*(reservation(name) for name in names), facts=facts)


async def test_promises_are_counted_by_how_they_stand(house: House) -> None:
    await foreseen(house, "ann", "bo", "cem", "di", "ed", "flo")
    await house.reserved("gus")
    await house.live(key_of("ed"), "RecordPayment", START + timedelta(minutes=1), PROVIDER)
    await house.live(key_of("ed"), "Withdraw", START + timedelta(minutes=2), BUYER)
    days = {"ann": 4, "bo": 5, "cem": -3}
    await house.save(
        nothing_but(
            outcomes=[outcome(name, late, given_on=START.date()) for name, late in days.items()]
        )
    )
    late = msgspec.structs.replace(slot("di"), arrives=DUE + timedelta(days=5))
    fits = msgspec.structs.replace(slot("flo"), arrives=DUE + timedelta(days=4))
    await published(house.plans, late, fits)

    assert await counted(house, START.date()) == {
        (PromiseState.KEPT, True): 1,
        (PromiseState.BROKEN, True): 1,
        (PromiseState.EARLY, True): 1,
        (PromiseState.AT_RISK, True): 1,
        (PromiseState.LEFT, True): 1,
        (PromiseState.OPEN, True): 1,
        (PromiseState.BY_TERMS, False): 1,
    }
    over = await counted(house, DUE + timedelta(days=5))
    assert over[PromiseState.BROKEN, True] == 3
    assert (PromiseState.OPEN, True) not in over
    later = START.date() + timedelta(days=60)
    assert await house.plans.promise_counts(later, later + timedelta(days=7), later) == []


async def test_a_window_that_began_later_than_its_margin_is_judged_as_it_was_shown(
    house: House,
) -> None:
    cut = msgspec.structs.replace(FORESEEN, earliest=DUE - timedelta(days=1))
    await foreseen(house, "ann", "bo", reason=cut)
    days = {"ann": -2, "bo": -1}
    await house.save(
        nothing_but(
            outcomes=[outcome(name, late, given_on=START.date()) for name, late in days.items()]
        )
    )

    assert await counted(house, START.date()) == {
        (PromiseState.EARLY, True): 1,
        (PromiseState.KEPT, True): 1,
    }
