"""What falls due goes through the desk in groups, once, while everything else goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import msgspec
import pytest
from structlog.typing import EventDict

from earnest.core.order.events import Reminded
from earnest.core.order.state import Order
from earnest.core.timers import Deadline, DeadlineKind
from earnest.core.values.instant import Instant
from earnest.desk import firing
from earnest.desk.answer import Answer
from earnest.desk.firing import fire_due, keep_firing
from earnest.desk.ports import OrderDeadline, OrderKey, StoreUnavailable
from tests.desk.fakes import Fault, ShakyStore
from tests.desk.shop import STUCK_SECONDS, Shop, in_shop, submitted


def deadline_of(order: Order, kind: DeadlineKind, due_at: Instant) -> OrderDeadline:
    return OrderDeadline(OrderKey(order.buyer_id, order.order_id), Deadline(kind, due_at))


def test_many_orders_lock_in_the_same_second_while_reservations_go_on() -> None:
    async def visit(shop: Shop) -> None:
        orders = [await shop.deposited(f"buyer {number}") for number in range(40)]
        shop.clock.advance(hours=168)
        shop.store.groups.clear()
        opened = shop.store.opened
        fired, answers = await asyncio.gather(
            shop.fire(), submitted(shop.desk, *(shop.reserve(f"late {n}") for n in range(10)))
        )

        assert fired == 40
        assert [isinstance(each, Answer) and each.is_accepted for each in answers] == [True] * 10
        assert shop.store.opened - opened <= 4
        assert {shop.order(order.order_id).stage for order in orders} == {"locked"}
        shop.check()

    in_shop(visit, Shop(group_limit=25))


def test_nothing_falls_due_before_its_instant() -> None:
    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        assert order.cooling_off_ends is not None
        shop.clock.instant = order.cooling_off_ends - timedelta(microseconds=1)
        assert await shop.fire() == 0

        shop.clock.instant = order.cooling_off_ends
        assert await shop.fire() == 1
        assert shop.order(order.order_id).stage == "locked"
        shop.check()

    in_shop(visit)


def test_an_unpaid_reservation_lapses_and_a_payment_in_time_brings_it_back() -> None:
    async def visit(shop: Shop) -> None:
        order = await shop.does(shop.reserve("li"))
        paid = shop.payment(order)
        shop.clock.advance(minutes=30)
        await shop.fire()
        assert shop.order(order.order_id).stage == "lapsed"

        await shop.does(paid)

        assert shop.kinds(order)[1:] == ["Lapsed", "Reinstated", "DepositReceived"]
        shop.check()

    in_shop(visit)


def test_a_reminder_is_sent_once() -> None:
    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        shop.clock.advance(hours=168)
        await shop.fire()
        shop.clock.advance(weeks=20)
        for _ in range(3):
            await shop.fire()

        reminders = [each.event for each in shop.store.events if isinstance(each.event, Reminded)]
        assert [each.subject for each in reminders] == ["promise_missed"]
        mails = [each.subject for each in shop.store.messages if each.subject == "Reminded"]
        assert mails == ["Reminded"]
        assert shop.order(order.order_id).stage == "locked"
        shop.check()

    in_shop(visit)


def test_a_deadline_that_another_process_fired_meanwhile_does_nothing_more() -> None:
    """Both processes saw it due; the second finds the order locked and lets it go."""

    async def life() -> None:
        shop = Shop()
        other = shop.another_desk()
        async with shop.open(shop.desk, other):
            order = await shop.deposited("li")
            shop.clock.advance(hours=168)
            first, second = await asyncio.gather(
                fire_due(shop.desk, shop.store, shop.clock.now()),
                fire_due(other, shop.store, shop.clock.now()),
            )

            assert (first, second) == (1, 1)
            assert shop.kinds(order).count("Locked") == 1
            assert await shop.fire() == 0
            shop.check()

    asyncio.run(life())


def test_a_row_that_belongs_to_no_deadline_any_more_is_cleared() -> None:
    """Rows are derived, so a stray one is let go and not asked for again for ever."""

    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        stray = deadline_of(order, DeadlineKind.LAPSE, shop.clock.now())
        shop.store.tables.deadlines |= {stray}
        assert await shop.fire() == 1

        assert stray not in shop.store.deadlines
        assert shop.kinds(order) == ["Reserved", "DepositReceived"]
        shop.check()

    in_shop(visit)


def test_a_deadline_that_fails_stays_and_holds_up_no_other(logged: list[EventDict]) -> None:
    async def visit(shop: Shop) -> None:
        store = shop.store
        one, two = await shop.deposited("li"), await shop.deposited("wang")
        # A defect of the order itself: it says that it is cooling off and has no period.
        key = OrderKey(one.buyer_id, one.order_id)
        whole = store.tables.orders[key]
        store.tables.orders[key] = broken(whole)
        shop.clock.advance(hours=168)
        assert await shop.fire() == 1

        assert shop.order(two.order_id).stage == "locked"
        assert "deadline_failed" in [line["event"] for line in logged]
        store.tables.orders[key] = whole
        assert await shop.fire() == 1
        assert shop.order(one.order_id).stage == "locked"
        shop.check()

    in_shop(visit)


def broken(order: Order) -> Order:
    """An order as no events could make it."""
    return msgspec.structs.replace(order, cooling_off_ends=None)


def test_deadlines_wait_while_the_queue_is_full() -> None:
    async def visit(shop: Shop) -> None:
        orders = [await shop.deposited(f"buyer {number}") for number in range(3)]
        shop.clock.advance(hours=168)
        shop.store.gate = asyncio.Event()
        blocking = asyncio.create_task(submitted(shop.desk, shop.reserve("first")))
        await asyncio.sleep(0.01)
        firing_now = asyncio.create_task(shop.fire())
        await asyncio.sleep(0.01)
        shop.store.gate.set()
        await blocking

        assert await firing_now == 2
        assert await shop.fire() == 1
        assert {shop.order(order.order_id).stage for order in orders} == {"locked"}
        shop.check()

    in_shop(visit, Shop(queue_limit=2))


def test_a_store_that_is_away_leaves_deadlines_where_they_are() -> None:
    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        shop.clock.advance(hours=168)
        shop.store.faults.extend([Fault.AT_OPENING] * 6)
        assert await shop.fire() == 0
        assert shop.order(order.order_id).stage == "deposited"

        assert await shop.fire() == 1
        shop.check()

    in_shop(visit)


def test_firing_goes_on_for_ever_and_rests_when_nothing_can_be_fired(
    monkeypatch: pytest.MonkeyPatch, logged: list[EventDict]
) -> None:
    class Counting(ShakyStore):
        """A store that is away the first time it is asked."""

        def __init__(self) -> None:
            """Nobody asked yet."""
            super().__init__()
            self.asked = 0
            self.nothing_left = asyncio.Event()

        async def due_deadlines(self, now: Instant, limit: int) -> Sequence[OrderDeadline]:
            """Fail once, and say when nothing is left."""
            self.asked += 1
            if self.asked == 1:
                raise StoreUnavailable("restarting")
            due = await super().due_deadlines(now, limit)
            if not due:
                self.nothing_left.set()
            return due

    monkeypatch.setattr(firing, "PAUSE_SECONDS", 0.001)

    async def life() -> None:
        shop = Shop()
        store = Counting()
        shop.store = store
        shop.desk = shop.another_desk()
        async with shop.open():
            order = await shop.deposited("li")
            shop.clock.advance(hours=168)
            firing_on = asyncio.create_task(keep_firing(shop.desk, store, shop.clock.now))
            async with asyncio.timeout(STUCK_SECONDS):
                await store.nothing_left.wait()
            firing_on.cancel()
            with suppress(asyncio.CancelledError):
                await firing_on
            assert store.asked == 3
            assert shop.order(order.order_id).stage == "locked"
            shop.check()

    asyncio.run(life())
    assert [line["event"] for line in logged] == ["firing_waits_for_store"]
