"""Payments opened at a provider that is slower than the launch: each once, in rank order, paced.

Time is played: five thousand orders at fifty calls a second take a hundred played seconds. Not
here: the sandbox over HTTP (`test_contract.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from earnest.core.launch.edition import Edition
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.desk.allotting import allot_free
from earnest.desk.checkouts import CheckoutWanted
from earnest.desk.library import Library
from earnest.desk.ports import StoreUnavailable
from earnest.gateways.payments.checkouts import CheckoutDispatcher, checkout_key
from earnest.gateways.payments.contract import (
    CheckoutOrder,
    CheckoutResult,
    NotFound,
    Refused,
    Unknown,
)
from earnest.gateways.payments.null import LOST_REQUEST, NullPayments
from earnest.gateways.payments.opened import Busy, CheckoutOpened
from earnest.store.memory_checkouts import MemoryCheckouts
from tests.desk.fakes import Fault
from tests.desk.scarce import ScarceLibrary, campaign_of
from tests.desk.shop import START, Shop, buyer_of, in_shop, submitted

WINDOW = timedelta(minutes=30)


class LaterShop(Shop):
    """A shop whose provider has to be asked for each page, and an edition if there is one."""

    edition: Edition | None = None

    def library(self) -> Library:
        """A library that knows it."""
        campaigns = [] if self.edition is None else [campaign_of(self.edition)]
        return ScarceLibrary(self.store, campaigns, payment_opens_later=True)


class PlayedTime:
    """Seconds that pass when somebody sleeps, and the shop's clock with them."""

    def __init__(self, shop: Shop) -> None:
        self.seconds = 0.0
        self._shop = shop

    def monotonic(self) -> float:
        """Seconds since the beginning."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Whoever sleeps longest is woken last; time is as late as the latest of them."""
        until = self.seconds + seconds
        await asyncio.sleep(0)
        if until > self.seconds:
            self.seconds = until
            self._shop.clock.instant = START + timedelta(seconds=until)


class Counting(NullPayments):
    """The null provider, noting each call and when it came."""

    def __init__(self, time: PlayedTime) -> None:
        super().__init__(opens_checkouts=True)
        self.opened: list[tuple[str, float]] = []
        self.found: list[str] = []
        self._time = time

    async def open_checkout(self, order: CheckoutOrder) -> CheckoutResult:
        """Note the call."""
        self.opened.append((order.key, self._time.seconds))
        return await super().open_checkout(order)

    async def find_checkout(self, key: str) -> CheckoutResult | NotFound:
        """Note the question."""
        self.found.append(key)
        return await super().find_checkout(key)


class AwayOnce(MemoryCheckouts):
    """A store that is away when it is asked first."""

    asked = 0

    async def next_checkouts(self, most: int) -> Sequence[CheckoutWanted]:
        """Lose the first question."""
        self.asked += 1
        if self.asked == 1:
            raise StoreUnavailable("away")
        return await super().next_checkouts(most)


class Bench:
    """A shop, a provider and a dispatcher between them."""

    def __init__(self, shop: Shop, *, calls_per_second: float = 50.0) -> None:
        self.shop = shop
        self.time = PlayedTime(shop)
        self.provider = Counting(self.time)
        self.checkouts: MemoryCheckouts = MemoryCheckouts(shop.store, self.time.monotonic)
        self._calls_per_second = calls_per_second

    def dispatcher(self, holder: str = "one") -> CheckoutDispatcher:
        """One as a process has it."""
        return CheckoutDispatcher(
            desk=self.shop.desk,
            checkouts=self.checkouts,
            provider=self.provider,
            holder=holder,
            public_url="https://shop.example",
            calls_per_second=self._calls_per_second,
            now=self.shop.clock.now,
            monotonic=self.time.monotonic,
            sleep=self.time.sleep,
        )

    async def reserve(self, *buyers: str) -> list[Order]:
        """Reserve at once; the orders by rank."""
        await submitted(self.shop.desk, *(self.shop.reserve(each) for each in buyers))
        return sorted(self.shop.store.orders.values(), key=lambda each: each.rank)


def played(visit: Callable[[Bench], Awaitable[None]], edition: Edition | None = None) -> None:
    """A visit to a shop whose provider has to be asked."""

    class Here(LaterShop):
        pass

    Here.edition = edition
    in_shop(lambda shop: visit(Bench(shop)), Here(queue_limit=6_000))


def test_a_place_is_secure_at_once_and_its_window_counts_from_the_opening() -> None:
    async def visit(bench: Bench) -> None:
        [order] = await bench.reserve("li")
        assert (order.rank, order.pay_until, order.stage) == (1, None, Stage.RESERVED)
        bench.shop.clock.advance(hours=3)
        await bench.shop.fire()
        at = bench.shop.clock.now()

        assert await bench.dispatcher().step() == (1, 1)

        opened = bench.shop.order(order.order_id)
        assert opened.pay_until == at + WINDOW
        found = await bench.provider.find_checkout(checkout_key(order))
        assert isinstance(found, CheckoutOpened)
        assert [each.link for each in opened.payments] == [found.link]
        assert await bench.dispatcher().step() == (0, 0)
        assert bench.shop.store.tables.checkouts == {}
        bench.shop.check()

    played(visit)


def test_five_thousand_at_once_are_opened_at_fifty_a_second_in_rank_order() -> None:
    async def visit(bench: Bench) -> None:
        orders = await bench.reserve(*(f"buyer {number}" for number in range(5_000)))
        assert [each.rank for each in orders] == list(range(1, 5_001))
        dispatcher = bench.dispatcher()
        while (await dispatcher.step())[0]:
            pass

        assert [key for key, _ in bench.provider.opened] == [checkout_key(x) for x in orders]
        assert bench.provider.found == []
        instants = [at for _, at in bench.provider.opened]
        assert 99 <= instants[-1] <= 105
        assert all(later - at >= 0.98 for at, later in zip(instants, instants[50:], strict=False))
        windows = _windows(bench.shop)
        assert len(windows) == 5_000
        assert all(left == WINDOW for left in windows)
        assert all(each.stage is Stage.RESERVED for each in bench.shop.store.orders.values())

    played(visit)


def _windows(shop: Shop) -> list[timedelta]:
    """How long each buyer has from the opening on."""
    return [
        order.pay_until - order.payments[0].requested_at
        for order in shop.store.orders.values()
        if order.pay_until is not None
    ]


@pytest.mark.parametrize(
    ("trouble", "questions"),
    [
        (LOST_REQUEST, 1),
        (Unknown(explanation="the answer was lost after the effect"), 1),
        (Busy(), 1),
        (Busy(after_seconds=9), 1),
    ],
)
def test_what_is_not_known_is_asked_before_it_is_sent_again(
    trouble: Busy | Unknown, questions: int
) -> None:
    async def visit(bench: Bench) -> None:
        [order] = await bench.reserve("li")
        bench.provider.troubles.append(trouble)
        dispatcher = bench.dispatcher()

        assert await dispatcher.step() == (1, 0)
        assert bench.shop.order(order.order_id).pay_until is None
        assert await dispatcher.step() == (1, 1)
        assert len(bench.provider.found) == questions
        after_effect = trouble == Unknown(explanation="the answer was lost after the effect")
        assert len(bench.provider.opened) == (1 if after_effect else 2)
        assert bench.shop.order(order.order_id).pay_until is not None

    played(visit)


def test_all_calls_rest_when_one_was_too_many() -> None:
    async def visit(bench: Bench) -> None:
        await bench.reserve(*(f"buyer {number}" for number in range(40)))
        bench.provider.troubles.append(Busy(after_seconds=10))
        dispatcher = bench.dispatcher()
        while (await dispatcher.step())[0]:
            pass

        later = [at for _, at in bench.provider.opened[20:]]
        assert min(later) >= 10

    played(visit)


def test_a_process_that_died_is_followed_by_another_which_asks_first() -> None:
    """Killed between note and call, and between call and command: one page each, nothing lost."""

    async def visit(bench: Bench) -> None:
        orders = await bench.reserve(*(f"buyer {number}" for number in range(100)))
        dying = asyncio.create_task(bench.dispatcher("one").run())
        while len(bench.provider.opened) < 30:  # noqa: ASYNC110 - the provider has no event to wait for
            await asyncio.sleep(0)
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        other = bench.dispatcher("other")

        assert await other.step() == (0, 0)
        bench.time.seconds += 61
        while (await other.step())[0]:
            pass

        assert bench.provider.found
        assert all(each.pay_until is not None for each in bench.shop.store.orders.values())
        assert len({key for key, _ in bench.provider.opened}) == len(orders)
        bench.shop.check()

    played(visit)


def test_a_page_that_is_refused_waits_for_a_person() -> None:
    async def visit(bench: Bench) -> None:
        [order] = await bench.reserve("li")
        bench.provider.troubles.append(Refused(code="account_closed", explanation="gone"))

        assert await bench.dispatcher().step() == (1, 0)
        assert await bench.dispatcher().step() == (0, 0)
        assert bench.shop.order(order.order_id).pay_until is None
        assert list(bench.shop.store.tables.checkouts.values()) == ["refused"]

    with capture_logs() as logged:
        played(visit)
    assert "checkout_refused" in [each["event"] for each in logged]


def test_what_the_desk_cannot_take_now_is_told_again() -> None:
    async def visit(bench: Bench) -> None:
        await bench.reserve("li")
        bench.shop.store.faults.extend([Fault.AT_OPENING] * 6)
        dispatcher = bench.dispatcher()

        assert await dispatcher.step() == (1, 0)
        assert await dispatcher.step() == (1, 1)
        assert len(bench.provider.opened) == 1

    played(visit)


def test_who_left_meanwhile_is_not_opened_any_more() -> None:
    async def visit(bench: Bench) -> None:
        [order] = await bench.reserve("li")
        await bench.shop.does(bench.shop.command("Withdraw", order, "buyer", "leave"))

        assert await bench.dispatcher().step() == (0, 0)

    played(visit)


def test_only_who_has_a_unit_is_opened_and_a_freed_one_has_the_time_of_the_offer() -> None:
    async def visit(bench: Bench) -> None:
        await bench.reserve("a", "b")
        dispatcher = bench.dispatcher()
        assert await dispatcher.step() == (1, 1)
        a, b = (_of(bench.shop, each) for each in "ab")
        assert (a.pay_until is None, b.pay_until is None) == (False, True)
        await bench.shop.does(bench.shop.command("Withdraw", a, "buyer", "leave"))
        assert await allot_free(bench.shop.desk, bench.shop.store, bench.shop.clock.now()) == 1
        assert await dispatcher.step() == (1, 1)
        opened = _of(bench.shop, "b")
        assert opened.pay_until == bench.shop.clock.now() + timedelta(minutes=600)

    played(visit, Edition(units=1, offer_minutes=600))


def test_the_dispatcher_rests_while_nothing_opens_and_while_the_store_is_away() -> None:
    async def visit(bench: Bench) -> None:
        await bench.reserve("li")
        bench.provider.troubles.extend([LOST_REQUEST] * 3)
        bench.checkouts = AwayOnce(bench.shop.store, bench.time.monotonic)
        running = asyncio.create_task(bench.dispatcher().run())
        while _of(bench.shop, "li").pay_until is None:  # noqa: ASYNC110 - the desk has no event to wait for
            await asyncio.sleep(0)
        running.cancel()
        assert bench.time.seconds > 3

    with capture_logs() as logged:
        played(visit)
    assert "checkouts_wait_for_store" in [each["event"] for each in logged]


def _of(shop: Shop, buyer: str) -> Order:
    buyer_id = buyer_of(buyer)
    return next(each for each in shop.store.orders.values() if each.buyer_id == buyer_id)
