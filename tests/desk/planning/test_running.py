"""A plan run over real orders: tried dry, applied whole or not at all, and carried out."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from earnest.core.order.parts import Slot
from earnest.core.order.stage import Stage
from earnest.core.plan.calibration import Calibration
from earnest.core.plan.capacity import Holiday
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Window, last_day_of, zone
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.demo.maker import QUEUES
from earnest.desk.group import KeyReused
from earnest.desk.planning.carrying import carry_out, cause_of, commands_of, keep_carrying_out
from earnest.desk.planning.ports import PlannedSlot, PlanVersion, Way
from earnest.desk.planning.running import DryRun, apply_plan, dry_run, make
from earnest.desk.planning.task import hold_of, in_order_of_service, week_of
from earnest.desk.planning.windows import Windows
from earnest.store.memory_reader import MemoryReader
from tests.desk.planning.makers import CAPACITY, RARE, PlanningShop, act, day, with_stretch
from tests.desk.shop import Shop, in_shop


async def _stop(_: float) -> None:
    raise _Stopped


class _Stopped(Exception):
    pass


def _in(visit: object) -> None:
    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # every visit here wants this shop


async def _locked(shop: Shop, *buyers: str) -> None:
    for buyer in buyers:
        await shop.deposited(buyer)
    shop.clock.advance(days=8)
    while await shop.fire():
        pass


def test_without_capacity_nothing_is_planned() -> None:
    async def visit(shop: PlanningShop) -> None:
        refused = await dry_run(shop.plans, Way.GENTLE, shop.clock.now())
        assert refused == Rejected(Reason.CAPACITY_MISSING)

    _in(visit)


def test_a_calendar_that_ends_inside_the_frozen_zone_is_too_short() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        shop.clock.advance(days=50)
        refused = await dry_run(shop.plans, Way.GENTLE, shop.clock.now())
        assert isinstance(refused, Rejected)
        assert refused.reason is Reason.HORIZON_SHORT
        assert refused.details == {"ends": str(day(60)), "frozen_until": str(day(60))}

    _in(visit)


def test_a_dry_run_writes_nothing_and_applying_it_writes_all() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await shop.deposited("ann")
        await shop.does(shop.reserve("bo", configuration=RARE))
        run = await shop.tried()

        assert await shop.plans.plan() is None
        assert [(each.day, each.arrives, each.cause) for each in run.moves] == [
            (day(10), day(13), "first_plan"),
            (day(11), day(14), "first_plan"),
        ]
        assert [each.holds for each in run.basis.queues] == [
            {"cooling_off": 1, "unpaid": 1},
            {},
        ]
        made = await apply_plan(shop.plans, act("a", shop.clock.now()), run.digest, run.basis)
        assert isinstance(made, PlanVersion)
        assert await shop.plans.plan() == made
        assert made.summary == run.summary
        assert await shop.days(1) == [10, 11]

        again = await apply_plan(shop.plans, act("a", shop.clock.now()), run.digest, run.basis)
        assert again == made
        other = act("a", shop.clock.now(), "other")
        assert isinstance(await apply_plan(shop.plans, other, run.digest, run.basis), KeyReused)

    _in(visit)


def test_the_same_queue_gives_the_same_bytes() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await shop.deposited("ann")
        assert (await shop.tried()).digest == (await shop.tried(Way.FRESH)).digest

    _in(visit)


def test_a_plan_of_a_queue_that_changed_is_refused_with_what_changed() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        ann = await shop.deposited("ann")
        await shop.deposited("bo")
        run = await shop.tried()
        await shop.does(shop.command("Withdraw", ann, "buyer", "w"))

        refused = await apply_plan(shop.plans, act("a", shop.clock.now()), run.digest, run.basis)

        assert refused == Rejected(
            Reason.PLAN_OUTDATED,
            {"s7-cn orders": "2 -> 1", "s7-cn cooling_off": "2 -> 1"},
        )
        assert await shop.plans.plan() is None
        assert await shop.plans.plan_history(5) == []

    _in(visit)


def test_who_is_held_for_what_is_part_of_what_a_plan_is_made_from() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        order = await shop.does(shop.reserve("ann"))
        run = await shop.tried()
        await shop.does(shop.payment(order))

        refused = await apply_plan(shop.plans, act("a", shop.clock.now()), run.digest, run.basis)

        assert refused == Rejected(
            Reason.PLAN_OUTDATED, {"s7-cn cooling_off": "0 -> 1", "s7-cn unpaid": "1 -> 0"}
        )
        assert await shop.plans.plan() is None

    _in(visit)


def test_a_plan_of_another_day_is_not_applied() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await _locked(shop, "ann", "bo")
        run = await shop.tried()
        assert [each.day for each in run.moves] == [day(18), day(19)]
        shop.clock.advance(days=20)

        refused = await apply_plan(shop.plans, act("a", shop.clock.now()), run.digest, run.basis)

        today = f"{day(8)} -> {day(28)}"
        assert refused == Rejected(Reason.PLAN_OUTDATED, {"today": today})
        assert await shop.plans.plan() is None
        made = await shop.planned("b")
        assert made.frozen_until == day(38)

    _in(visit)


@pytest.mark.parametrize("today", [date.min, date.max])
def test_a_day_that_cannot_be_is_a_day_that_differs(today: date) -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await shop.deposited("ann")
        run = await shop.tried()
        basis = msgspec.structs.replace(run.basis, today=today)

        refused = await apply_plan(shop.plans, act("a", shop.clock.now()), run.digest, basis)

        assert refused == Rejected(Reason.PLAN_OUTDATED, {"today": f"{today} -> {day(0)}"})

    _in(visit)


def test_queues_that_a_basis_leaves_out_or_makes_up_differ() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await shop.deposited("ann")
        run = await shop.tried()
        made_up = msgspec.structs.replace(run.basis.queues[0], queue_id=QueueId("x"))
        at = shop.clock.now()
        for queues, changes in (
            ((), {"s7-cn orders": "0 -> 1", "s7-cn cooling_off": "0 -> 1"}),
            (
                (*run.basis.queues, made_up),
                {"x orders": "1 -> 0", "x cooling_off": "1 -> 0"},
            ),
        ):
            basis = msgspec.structs.replace(run.basis, queues=queues)
            refused = await apply_plan(shop.plans, act("a", at), run.digest, basis)
            assert refused == Rejected(Reason.PLAN_OUTDATED, changes)

    _in(visit)


def test_who_came_since_the_dry_run_waits_for_the_next_one() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await shop.does(shop.reserve("ann"))
        run = await shop.tried()
        await shop.deposited("bo")

        made = await apply_plan(shop.plans, act("a", shop.clock.now()), run.digest, run.basis)

        assert isinstance(made, PlanVersion)
        assert await shop.days(1) == [10]

    _in(visit)


def test_newer_capacity_or_another_plan_makes_a_dry_run_old() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await shop.deposited("ann")
        run = await shop.tried()
        await shop.planned("other")
        await shop.build(with_stretch(cars_per_shift=2), "second")

        refused = await apply_plan(shop.plans, act("a", shop.clock.now()), run.digest, run.basis)

        assert refused == Rejected(
            Reason.PLAN_OUTDATED, {"capacity_version": "1 -> 2", "published_plan": "0 -> 1"}
        )

    _in(visit)


def test_applying_needs_capacity_and_days() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        run = await shop.tried()
        shop.clock.advance(days=50)
        refused = await apply_plan(shop.plans, act("a", shop.clock.now()), run.digest, run.basis)
        assert isinstance(refused, Rejected)
        assert refused.reason is Reason.HORIZON_SHORT
        # Nothing can be compared with a plan that cannot be made.
        longer = msgspec.structs.replace(CAPACITY, ends=day(90))
        longer = with_stretch(longer, ends=day(90))
        supposed = await dry_run(shop.plans, Way.GENTLE, shop.clock.now(), longer)
        assert isinstance(supposed, DryRun)
        assert supposed.effect is None

    _in(visit)


def test_changes_that_no_count_shows_are_said_as_such() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        run = await shop.tried()
        refused = await apply_plan(shop.plans, act("a", shop.clock.now()), "other", run.basis)
        assert refused == Rejected(
            Reason.PLAN_OUTDATED,
            {"orders": "configurations or promises of the same orders changed"},
        )

    _in(visit)


def test_a_plan_is_carried_out_once_through_the_desk() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await shop.deposited("ann")
        await shop.deposited("bo")
        await shop.planned("first")
        reader = MemoryReader(shop.store)
        plan = await shop.plans.plan()
        assert plan is not None
        assert await carry_out(shop.desk, shop.plans, reader, plan, shop.clock.now())
        shop.clock.advance(days=8)
        while await shop.fire():
            pass
        await shop.planned("second")
        with pytest.raises(_Stopped):
            await keep_carrying_out(shop.desk, shop.plans, reader, shop.clock.now, _stop)
        with pytest.raises(_Stopped):
            await keep_carrying_out(shop.desk, shop.plans, reader, shop.clock.now, _stop)

        orders = sorted(shop.store.orders.values(), key=lambda each: each.rank)
        assert [each.stage for each in orders] == [Stage.SCHEDULED, Stage.SCHEDULED]
        assert orders[0].slot == Slot(plant="north", week=week_of(day(10)))
        assert await shop.days(2) == [10, 11]
        assert await shop.plans.carried_out(2)
        shop.check()

    _in(visit)


def test_who_cools_off_or_is_deferred_does_not_enter_the_frozen_zone() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await _locked(shop, "ann", "bo")
        await shop.planned("first")
        bo = sorted(shop.store.orders.values(), key=lambda each: each.rank)[1]
        until = shop.clock.now() + timedelta(days=60)
        await shop.does(shop.command("Defer", bo, "buyer", "d", until=until))
        await shop.deposited("cem")
        shop.clock.advance(days=4)
        run = await shop.tried()

        assert [(each.cause, each.resource) for each in run.moves] == [
            ("held", "deferred"),
            ("first_plan", None),
        ]
        await shop.planned("second")
        assert await shop.days(2) == [18, None, 22]

    _in(visit)


def test_a_shortage_moves_the_last_and_revises_the_promise_it_breaks() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await _locked(shop, "ann", "bo", "cem")
        await shop.planned("first")
        assert await shop.days(1) == [18, 19, 20]
        cem = sorted(shop.store.orders.values(), key=lambda each: each.rank)[2]
        key = next(each for each, order in shop.store.orders.items() if order == cem)
        at = shop.clock.now()
        promise = Window(at + timedelta(days=1), at + timedelta(days=18))
        await shop.does(
            shop.command("RevisePromise", cem, "planning", "p", promise=promise, cause="test")
        )
        closed = tuple(Holiday("north", day(number)) for number in range(20, 40))
        await shop.build(msgspec.structs.replace(CAPACITY, holidays=closed), "second")
        run = await shop.tried()

        (move,) = run.moves
        assert (move.order, move.cause, move.resource) == (key, "short", "line north/1")
        assert (move.previous_day, move.day, move.breaks_promise) == (day(20), day(40), True)
        plan = await shop.planned("second")
        assert await carry_out(
            shop.desk, shop.plans, MemoryReader(shop.store), plan, shop.clock.now()
        )
        revised = shop.order(cem.order_id)
        assert local_days(revised.promise) == (day(22), day(64))
        reason = revised.revised_reason
        assert reason is not None
        assert (reason.planned, reason.name, reason.last) == (day(40), "north/1", 21)
        assert shop.kinds(cem)[-1] == "PromiseRevised"
        assert cause_of(move) == "short: line north/1"

    _in(visit)


def test_a_scheduled_car_that_lost_its_day_is_rescheduled() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await _locked(shop, "ann")
        await shop.planned("first")
        shop.clock.advance(days=9)
        reader = MemoryReader(shop.store)
        await carry_out(shop.desk, shop.plans, reader, await shop.planned("a"), shop.clock.now())
        closed = (Holiday("north", day(18)),)
        await shop.build(msgspec.structs.replace(CAPACITY, holidays=closed), "second")
        plan = await shop.planned("b")
        await carry_out(shop.desk, shop.plans, reader, plan, shop.clock.now())

        (order,) = shop.store.orders.values()
        assert order.slot == Slot(plant="north", week=week_of(day(27)))
        assert shop.kinds(order)[-1] == "Rescheduled"

    _in(visit)


def test_a_car_scheduled_by_hand_takes_a_day_of_its_week() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await _locked(shop, "ann", "bo", "cem", "dan")
        orders = sorted(shop.store.orders.values(), key=lambda each: each.rank)
        for number, plant in enumerate(("north", "north", "west")):
            slot = Slot(plant=plant, week=week_of(day(21)))
            order = orders[number]
            await shop.does(shop.command("Schedule", order, "planning", "s", slot=slot))
        await shop.planned("first")
        monday = day(21) - timedelta(days=day(21).weekday())
        first = (monday - day(0)).days
        assert await shop.days(1) == [first, first + 1, None, 18]
        await shop.planned("second")
        assert await shop.days(2) == [first, first + 1, None, 18]

    _in(visit)


def test_a_car_behind_its_day_keeps_the_place_it_had() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await _locked(shop, "ann")
        await shop.planned("first")
        shop.clock.advance(days=9)
        reader = MemoryReader(shop.store)
        await carry_out(shop.desk, shop.plans, reader, await shop.planned("a"), shop.clock.now())
        shop.clock.advance(days=5)
        await shop.build(
            msgspec.structs.replace(
                with_stretch(begins=day(22)), begins=day(22), receipts=(), parts=()
            ),
            "second",
        )
        await shop.planned("b")
        assert await shop.days(3) == [18]

    _in(visit)


def test_queues_are_served_by_when_they_had_come_so_far() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        for name in ("ann", "bo", "cem"):
            await shop.does(shop.reserve(name))
            shop.clock.advance(minutes=1)
        ann, bo, cem = [each async for each in shop.plans.waiting(day(0))]
        other = msgspec.structs.replace(bo, queue_id="y7-cn", rank=1)
        early = msgspec.structs.replace(
            cem, queue_id="s7-cn", reserved_at=ann.reserved_at - timedelta(hours=1)
        )
        served = in_order_of_service([other, early, bo, ann])
        assert served == [ann, bo, early, other]

    _in(visit)


def test_each_hold_has_its_reason() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await _locked(shop, "ann")
        (order,) = [each async for each in shop.plans.waiting(day(0))]
        assert order.lock is not None
        now = shop.clock.now()
        replace = msgspec.structs.replace
        undo = replace(order, lock=replace(order.lock, undo_until=now + timedelta(hours=1)))
        prolonged = replace(order, cooling_off_ends=now + timedelta(days=1))
        waiting = replace(order, stage=Stage.RESERVED, pay_until=None)
        assert hold_of(order, now) is None
        assert hold_of(undo, now) == "cooling_off"
        assert hold_of(prolonged, now) == "cooling_off"
        assert hold_of(waiting, now) == "waiting_list"
        assert hold_of(replace(order, deferral_request=True), now) == "answer_open"

    _in(visit)


def test_a_plan_passes_the_independent_check() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await _locked(shop, "ann", "bo")
        made = await make(shop.plans, Way.FRESH, shop.clock.now())
        assert not isinstance(made, Rejected)
        assert made.findings() == ()

    _in(visit)


def test_nothing_is_said_about_an_order_that_has_gone_on() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await shop.deposited("ann")
        plan = await shop.planned("first")
        (key, order) = next(iter(shop.store.orders.items()))
        slot = PlannedSlot(
            order=key, queue_id=order.queue_id, plant="north", line="1", day=day(3), arrives=day(6)
        )
        windows = Windows(CAPACITY, Calibration())
        queue = QUEUES[0]
        assert commands_of(plan, slot, order, queue, windows, shop.clock.now()) == []
        assert cause_of(slot) == "plan"

    _in(visit)


def test_a_car_that_got_another_slot_while_a_plan_was_made_keeps_it() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await _locked(shop, "ann")
        plan = await shop.planned("first")
        (key, order) = next(iter(shop.store.orders.items()))
        slot = Slot(plant="north", week=week_of(day(25)))
        order = await shop.does(shop.command("Schedule", order, "planning", "s", slot=slot))
        row = PlannedSlot(
            order=key,
            queue_id=order.queue_id,
            plant="north",
            line="1",
            day=day(30),
            arrives=day(33),
            previous_day=day(18),
            cause="short",
        )
        windows = Windows(CAPACITY, Calibration())

        def told(**fields: object) -> list[str]:
            said = msgspec.structs.replace(row, **fields)
            now = shop.clock.now()
            commands = commands_of(plan, said, order, QUEUES[0], windows, now)
            return [type(each).__name__ for each in commands]

        assert told() == []
        assert told(previous_day=None) == []
        assert told(previous_day=day(25)) == ["Reschedule"]

    _in(visit)


def local_days(window: Window) -> tuple[date, date]:
    """The first and the last local day of a window."""
    begins = window.begins.astimezone(zone("Asia/Shanghai")).date()
    return begins, last_day_of(window.ends, "Asia/Shanghai")


def test_a_window_that_ended_before_the_plan_is_not_broken_by_it_and_is_said_anew() -> None:
    async def visit(shop: PlanningShop) -> None:
        await _locked(shop, "ann", "bo")
        ann, bo = sorted(shop.store.orders.values(), key=lambda each: each.rank)
        soon = Window(shop.clock.now(), shop.clock.now() + timedelta(days=3))
        broken = Window(shop.clock.now(), shop.clock.now() + timedelta(days=14))
        for order, promise in ((ann, soon), (bo, broken)):
            await shop.does(
                shop.command("RevisePromise", order, "planning", "p", promise=promise, cause="x")
            )
        shop.clock.advance(days=5)
        await shop.build()
        plan = await shop.planned("first")

        assert (plan.summary.promises_over, plan.summary.promises_broken) == (1, 1)
        reader = MemoryReader(shop.store)
        await carry_out(shop.desk, shop.plans, reader, plan, shop.clock.now())
        told = [shop.order(each.order_id).revised_reason for each in (ann, bo)]
        assert [each and each.planned for each in told] == [day(23), day(24)]
        again = await shop.planned("second")
        assert (again.summary.promises_over, again.summary.promises_broken) == (0, 0)

    _in(visit)


def test_who_fits_nowhere_is_told_at_once_with_every_right_and_once() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        for buyer in ("ann", "bo", "cem", "dan"):
            order = await shop.does(shop.reserve(buyer, configuration=RARE))
            await shop.does(shop.payment(order))
        shop.clock.advance(days=8)
        while await shop.fire():
            pass
        cem, dan = sorted(shop.store.orders.values(), key=lambda each: each.rank)[2:]
        promise = Window(shop.clock.now() + timedelta(days=1), shop.clock.now() + timedelta(30))
        await shop.does(
            shop.command("RevisePromise", cem, "planning", "p", promise=promise, cause="test")
        )
        reader = MemoryReader(shop.store)

        async def carried_out(key: str) -> None:
            plan = await shop.planned(key)
            assert plan.summary.short == {"part rim": 2}
            assert await carry_out(shop.desk, shop.plans, reader, plan, shop.clock.now())

        await carried_out("first")

        (notice,) = shop.order(cem.order_id).delays
        assert notice.is_indefinite
        assert {"wait", "agree", "leave"} <= {each.value for each in notice.rights}
        assert notice.promise.begins.astimezone(zone("Asia/Shanghai")).date() == day(63)
        reason = shop.order(cem.order_id).revised_reason
        assert reason is not None
        assert (reason.planned, reason.name, reason.horizon) == (None, "rim", day(60))
        # Whose window ends after all that is published may still get the car in time.
        assert shop.order(dan.order_id).delays == ()
        shop.clock.advance(days=1)
        await carried_out("second")
        assert shop.kinds(cem).count("PromiseRevised") == 2
        left = await shop.does(shop.command("LeaveForDelay", cem, "buyer", "leave", number=1))
        assert left.stage is Stage.CANCELLED
        shop.check()

    _in(visit)
