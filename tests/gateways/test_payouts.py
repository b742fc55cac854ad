"""Paying out: exactly one transfer, whatever is repeated, lost or killed on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import msgspec
import pytest
from structlog.testing import capture_logs

from earnest.core.order.commands import Command
from earnest.core.order.parts import PayoutState
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.values.ids import OrderId
from earnest.core.values.reason import Reason
from earnest.desk.answer import Answer
from earnest.desk.desk import CommandFailed
from earnest.desk.outgoing import NotSent
from earnest.desk.ports import Channel, OrderKey, OutgoingMessage
from earnest.gateways.clock import VirtualClock
from earnest.gateways.payments.contract import (
    CheckoutRequest,
    NotFound,
    PayoutRequest,
    Pending,
    RefundRequest,
    Refused,
    Succeeded,
    TransferResult,
    Unknown,
)
from earnest.gateways.payments.null import NullPayments
from earnest.gateways.payments.pace import Pace, SharedPace
from earnest.gateways.payments.payouts import PayoutDispatcher, transfer_key
from earnest.gateways.payments.sandbox_server.switches import Switch
from earnest.store.memory import MemoryStore
from earnest.store.memory_checkouts import MemoryCheckouts
from tests.desk.shop import DEPOSIT, Shop, in_shop

Result = TypeVar("Result")


class Killed(BaseException):
    """The process was killed here."""


class Shaky(NullPayments):
    """The null twin with a network in between that can lose a call or its answer."""

    def __init__(self, store_is_free: Callable[[], bool]) -> None:
        """Begin well-behaved; `store_is_free` tells whether no transaction is open."""
        super().__init__(clock=VirtualClock())
        self.calls: list[str] = []
        self.transfers: dict[str, int] = {}
        self.answers: list[str | TransferResult] = []
        self.looked_up: list[TransferResult | NotFound] = []
        self._store_is_free = store_is_free

    async def refund(self, request: RefundRequest) -> TransferResult:
        """A refund that can be lost."""
        self.calls.append(f"refund {request.key} {request.reference} {request.amount_minor}")
        return await self._through(lambda: super(Shaky, self).refund(request))

    async def pay_out(self, request: PayoutRequest) -> TransferResult:
        """A transfer that can be lost."""
        self.calls.append(
            f"pay_out {request.key} {request.account_reference} {request.order_reference} "
            f"{request.amount_minor}"
        )
        return await self._through(lambda: super(Shaky, self).pay_out(request))

    async def find_transfer(self, key: str) -> TransferResult | NotFound:
        """A look-up whose answer a test can choose."""
        assert self._store_is_free(), "no connection is held during a provider's call"
        self.calls.append(f"find {key}")
        if self.looked_up:
            return self.looked_up.pop(0)
        return await super().find_transfer(key)

    async def _through(self, send: Callable[[], Awaitable[TransferResult]]) -> TransferResult:
        assert self._store_is_free(), "no connection is held during a provider's call"
        answer = self.answers.pop(0) if self.answers else ""
        if answer == "lost on the way":
            return Unknown(explanation="the provider did not answer in time")
        if not isinstance(answer, str):
            return answer
        result = await send()
        if answer == "killed":
            raise Killed
        if answer == "lost on the way back":
            return Unknown(explanation="the answer was lost")
        return result


class Bank:
    """A shop with a provider, and the dispatcher between them."""

    def __init__(self, shop: Shop) -> None:
        """Put dispatcher and provider together."""
        self.shop = shop
        self.provider = Shaky(lambda: shop.store.open_transactions == 0)
        self.dispatcher = PayoutDispatcher(
            desk=shop.desk,
            occurrences=shop.store,
            providers=[self.provider],
            now=shop.clock.now,
            monotonic=lambda: 0.0,
            calls_per_second={"null": 1_000_000.0},
        )

    async def withdrawn(self, buyer: str = "li") -> Order:
        """An order that was paid for and then withdrawn, so that a refund is due."""
        order = await self.shop.does(self.shop.reserve(buyer))
        self._paid_at_provider(order)
        await self.shop.does(self.shop.payment(order))
        return await self.shop.does(
            self.shop.command("Withdraw", order, "buyer", f"withdraw-{buyer}")
        )

    async def refused(self, buyer: str = "li") -> Order:
        """An order whose seller will not perform and whose buyer ended it: double return."""
        order = await self.shop.deposited(buyer)
        self._paid_at_provider(order)
        no = self.shop.command("RefusePerformance", order, "sales:an", "no", explanation="no")
        await self.shop.does(no)
        end = self.shop.command("TerminateByBuyer", order, "buyer", "end", ground=Ground.REFUSAL)
        return await self.shop.does(end)

    def _paid_at_provider(self, order: Order) -> None:
        link = self.provider.checkout_link(
            CheckoutRequest(
                reference=f"{order.buyer_id}.{order.order_id}.1",
                amount_minor=DEPOSIT.amount,
                currency=DEPOSIT.currency,
                description="deposit",
                return_url="https://maker.example/orders",
                expires_at=VirtualClock().now().replace(year=2100),
            )
        )
        self.provider.pay(link)

    def messages(self, order: Order) -> list[OutgoingMessage]:
        """The payout messages of an order, in the order of their events."""
        return [
            each
            for each in self.shop.store.messages
            if each.channel is Channel.PAYOUT and each.order_id == order.order_id
        ]

    async def handle_last(self, order: Order) -> None:
        """Handle the newest payout message."""
        await self.dispatcher.handle(self.messages(order)[-1])

    async def moved(self) -> tuple[int, int]:
        """Refunded and paid out at the provider, in minor units."""
        holdings = await self.provider.holdings()
        return (
            sum(each.refunded_minor for each in holdings),
            sum(each.paid_out_minor for each in holdings),
        )

    def state(self, order: Order, number: int = 1) -> PayoutState:
        """Where a payout stands."""
        payout = self.shop.order(order.order_id).payout(number)
        assert payout is not None, "the exit fixed a payout"
        return payout.state


def at_the_bank(visit: Callable[[Bank], Awaitable[Result]]) -> Result:
    """One visit to a fresh bank."""

    async def opened(shop: Shop) -> Result:
        return await visit(Bank(shop))

    return in_shop(opened)


def test_a_refund_goes_back_on_the_payment_it_came_by() -> None:
    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()
        await bank.handle_last(order)

        key = f"{order.buyer_id}.{order.order_id}.1.1"
        assert bank.provider.calls == [
            f"find {key}",
            f"refund {key} {order.buyer_id}.{order.order_id}.1 500000",
        ]
        assert bank.state(order) is PayoutState.PAID
        assert await bank.moved() == (500_000, 0)
        assert bank.shop.kinds(order)[-1] == "PayoutPaid"

    at_the_bank(visit)


def test_a_doubled_sum_waits_for_its_release_and_goes_to_the_buyers_account() -> None:
    async def visit(bank: Bank) -> None:
        order = await bank.refused()
        waiting = msgspec.structs.replace(bank.messages(order)[0], subject="2")
        await bank.dispatcher.handle(waiting)
        assert bank.provider.calls == []
        assert bank.state(order, 2) is PayoutState.AWAITING_RELEASE

        release = bank.shop.command(
            "ReleasePayout", order, "finance:bo", "release", payout_number=2
        )
        await bank.shop.does(release)
        await bank.handle_last(order)

        key = f"{order.buyer_id}.{order.order_id}.2.1"
        reference = f"{order.buyer_id}.{order.order_id}.1"
        assert bank.provider.calls == [
            f"find {key}",
            f"pay_out {key} {order.buyer_id} {reference} 500000",
        ]
        assert bank.state(order, 2) is PayoutState.PAID
        assert await bank.moved() == (0, 500_000)

    at_the_bank(visit)


def test_a_message_delivered_again_pays_nothing_again() -> None:
    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()
        message = bank.messages(order)[0]
        for _ in range(3):
            await bank.dispatcher.handle(message)

        assert await bank.moved() == (500_000, 0)
        assert bank.shop.kinds(order).count("PayoutPaid") == 1
        assert len(bank.provider.calls) == 2

    at_the_bank(visit)


def test_a_message_handled_twice_at_once_pays_once() -> None:
    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()
        message = bank.messages(order)[0]
        results = await asyncio.gather(
            bank.dispatcher.handle(message),
            bank.dispatcher.handle(message),
            return_exceptions=True,
        )

        # The second finds the command's key running and comes again from the outbox.
        assert [type(each) for each in results] == [type(None), NotSent]
        await bank.dispatcher.handle(message)
        assert await bank.moved() == (500_000, 0)
        assert bank.shop.kinds(order).count("PayoutPaid") == 1

    at_the_bank(visit)


def test_a_kill_between_the_call_and_the_command_pays_once() -> None:
    """The transfer happened, nobody noted it, the message comes again."""

    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()
        bank.provider.answers = ["killed"]
        with pytest.raises(Killed):
            await bank.handle_last(order)
        assert bank.state(order) is PayoutState.DUE
        assert await bank.moved() == (500_000, 0)

        await bank.handle_last(order)

        assert bank.state(order) is PayoutState.PAID
        assert await bank.moved() == (500_000, 0)
        assert [each.partition(" ")[0] for each in bank.provider.calls] == [
            "find",
            "refund",
            "find",
        ]

    at_the_bank(visit)


def test_a_key_that_changes_with_every_try_pays_twice() -> None:
    """Control: with a fresh key each time the kill above costs the seller a second refund."""

    async def visit(bank: Bank) -> None:
        order = await bank.refused()
        key = f"{order.buyer_id}.{order.order_id}.2.1"
        reference = f"{order.buyer_id}.{order.order_id}.1"
        for fresh in ("a", "b"):
            await bank.provider.pay_out(
                PayoutRequest(
                    key=f"{key}.{fresh}",
                    account_reference=order.buyer_id,
                    amount_minor=500_000,
                    currency="CNY",
                    order_reference=reference,
                )
            )

        assert await bank.moved() == (0, 1_000_000)

    at_the_bank(visit)


def test_a_lost_answer_is_noted_and_looked_up_before_anything_is_repeated() -> None:
    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()
        bank.provider.answers = ["lost on the way back"]
        await bank.handle_last(order)
        assert bank.state(order) is PayoutState.UNKNOWN
        again = bank.messages(order)[-1]
        assert again.not_before is not None

        await bank.dispatcher.handle(again)

        assert bank.state(order) is PayoutState.PAID
        assert await bank.moved() == (500_000, 0)
        assert [each.partition(" ")[0] for each in bank.provider.calls] == [
            "find",
            "refund",
            "find",
        ]

    at_the_bank(visit)


def test_a_call_that_never_arrived_is_sent_again_with_the_same_key() -> None:
    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()
        bank.provider.answers = ["lost on the way"]
        await bank.handle_last(order)
        assert bank.state(order) is PayoutState.UNKNOWN
        assert await bank.moved() == (0, 0)

        await bank.handle_last(order)

        assert bank.state(order) is PayoutState.PAID
        assert await bank.moved() == (500_000, 0)
        assert bank.provider.calls[1] == bank.provider.calls[3]

    at_the_bank(visit)


def test_what_stays_unknown_stays_in_the_outbox() -> None:
    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()
        bank.provider.answers = ["lost on the way", "lost on the way"]
        await bank.handle_last(order)

        with pytest.raises(NotSent, match="still open"):
            await bank.handle_last(order)

        assert bank.shop.kinds(order).count("PayoutUnknown") == 1

    at_the_bank(visit)


def test_a_provider_that_cannot_be_asked_is_sent_nothing() -> None:
    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()
        bank.provider.looked_up = [Unknown(explanation="no route")]

        with pytest.raises(NotSent, match="null cannot say what became of"):
            await bank.handle_last(order)

        assert bank.state(order) is PayoutState.DUE
        assert await bank.moved() == (0, 0)

    at_the_bank(visit)


def test_a_refused_payout_stays_owed_and_is_tried_under_a_new_key() -> None:
    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()
        bank.provider.switch_on(Switch(name="refund_failure", how="now", count=1))
        await bank.handle_last(order)

        failed = bank.shop.order(order.order_id).payout(1)
        assert failed is not None
        assert (failed.state, failed.attempt) == (PayoutState.FAILED, 2)
        assert transfer_key(order, failed) == f"{order.buyer_id}.{order.order_id}.1.2"

        await bank.handle_last(order)

        assert bank.state(order) is PayoutState.PAID
        assert await bank.moved() == (500_000, 0)

    at_the_bank(visit)


def test_a_pending_payout_is_asked_about_until_it_ended() -> None:
    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()
        bank.provider.answers = [Pending(provider_id="re_1")]
        await bank.handle_last(order)
        assert bank.state(order) is PayoutState.UNKNOWN

        bank.provider.looked_up = [Pending(provider_id="re_1")]
        with pytest.raises(NotSent, match="will confirm"):
            await bank.handle_last(order)

        bank.provider.looked_up = [Refused(code="account_closed", explanation="gone")]
        await bank.handle_last(order)
        assert bank.state(order) is PayoutState.FAILED

    at_the_bank(visit)


@pytest.mark.parametrize(
    "answer",
    [
        Refused(code="key_reused", explanation="this key did another transfer"),
        Succeeded(provider_id="re_9", amount_minor=1, currency="CNY", at=VirtualClock().now()),
        Succeeded(
            provider_id="re_9", amount_minor=500_000, currency="USD", at=VirtualClock().now()
        ),
    ],
)
def test_a_key_that_did_something_else_is_never_followed_by_a_new_one(
    answer: TransferResult,
) -> None:
    """A fresh attempt could pay a second time, so a person has to look."""

    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()
        bank.provider.answers = [answer]
        await bank.handle_last(order)

        payout = bank.shop.order(order.order_id).payout(1)
        assert payout is not None
        assert (payout.state, payout.attempt) == (PayoutState.UNKNOWN, 1)

    at_the_bank(visit)


def test_two_orders_of_one_buyer_are_both_paid() -> None:
    """Keys of commands are one space for all orders of a buyer, so they name the order."""

    async def visit(bank: Bank) -> None:
        shop = bank.shop
        for key in ("first", "second"):
            order = await shop.deposited("li", key)
            bank._paid_at_provider(order)  # noqa: SLF001 - the test's own bank
            await shop.does(shop.command("Withdraw", order, "buyer", f"withdraw-{key}"))
            await bank.handle_last(order)
            assert bank.state(order) is PayoutState.PAID

        assert await bank.moved() == (1_000_000, 0)

    at_the_bank(visit)


def test_a_payout_that_nobody_knows_is_dropped() -> None:
    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()
        message = bank.messages(order)[0]
        await bank.dispatcher.handle(msgspec.structs.replace(message, subject="9"))
        stranger = msgspec.structs.replace(message, order_id=OrderId("0000000000000000"))
        await bank.dispatcher.handle(stranger)

        assert bank.provider.calls == []

    at_the_bank(visit)


def test_a_desk_that_fails_leaves_the_message_in_the_outbox() -> None:
    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()

        class Broken:
            async def submit(self, command: object, content_hash: str) -> Answer:
                raise CommandFailed(f"{type(command).__name__} {content_hash}")

        dispatcher = PayoutDispatcher(
            desk=Broken(),
            occurrences=bank.shop.store,
            providers=[bank.provider],
            now=bank.shop.clock.now,
            monotonic=lambda: 0.0,
        )
        with pytest.raises(CommandFailed):
            await dispatcher.handle(bank.messages(order)[0])
        await bank.handle_last(order)

        assert bank.state(order) is PayoutState.PAID
        assert await bank.moved() == (500_000, 0)

    at_the_bank(visit)


def test_an_answer_the_order_does_not_take_is_written_to_the_log() -> None:
    """Nothing would change by trying again, and money already moved: a person has to look."""

    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()

        class Rejecting:
            async def submit(self, command: Command, content_hash: str) -> Answer:
                assert content_hash == command.key
                return Answer(order_id=command.order_id, reason=Reason.PAYOUT_NOT_WAITING)

        dispatcher = PayoutDispatcher(
            desk=Rejecting(),
            occurrences=bank.shop.store,
            providers=[bank.provider],
            now=bank.shop.clock.now,
            monotonic=lambda: 0.0,
        )
        with capture_logs() as lines:
            await dispatcher.handle(bank.messages(order)[0])

        assert [line["event"] for line in lines] == ["payout_not_recorded"]

    at_the_bank(visit)


def test_money_goes_back_through_the_provider_that_took_it() -> None:
    async def visit(bank: Bank) -> None:
        class Other(Shaky):
            @property
            def name(self) -> str:
                return "other"

        order = await bank.withdrawn()
        other = Other(lambda: True)
        dispatcher = PayoutDispatcher(
            desk=bank.shop.desk,
            occurrences=bank.shop.store,
            providers=[other, bank.provider],
            now=bank.shop.clock.now,
            monotonic=lambda: 0.0,
        )
        await dispatcher.handle(bank.messages(order)[0])

        assert other.calls == []
        assert len(bank.provider.calls) == 2

    at_the_bank(visit)


# The pace.


class Stopwatch:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.seconds = 0.0

    def now(self) -> float:
        """Seconds since the beginning."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.seconds += seconds


def turns(pace: Pace, watch: Stopwatch, count: int) -> list[float]:
    """When each of so many calls in a row could begin."""

    async def run() -> list[float]:
        begun = []
        for _ in range(count):
            await pace.turn()
            begun.append(round(watch.now(), 6))
        return begun

    return asyncio.run(run())


def test_calls_are_spread_over_the_second() -> None:
    watch = Stopwatch()
    pace = Pace(4, monotonic=watch.now, sleep=watch.sleep)

    assert turns(pace, watch, 5) == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_a_burst_is_allowed_after_a_quiet_time_and_not_again_at_once() -> None:
    watch = Stopwatch()
    pace = Pace(4, burst=3, monotonic=watch.now, sleep=watch.sleep)

    assert turns(pace, watch, 5) == [0.0, 0.0, 0.0, 0.25, 0.5]
    watch.seconds += 10
    assert turns(pace, watch, 4) == [10.5, 10.5, 10.5, 10.75]


def test_a_quiet_time_saves_up_no_more_than_the_burst() -> None:
    watch = Stopwatch()
    pace = Pace(4, monotonic=watch.now, sleep=watch.sleep)
    watch.seconds = 100.0

    assert turns(pace, watch, 3) == [100.0, 100.25, 100.5]


@pytest.mark.parametrize(("per_second", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_a_pace_that_lets_nothing_pass_cannot_be_made(per_second: float, burst: int) -> None:
    with pytest.raises(ValueError, match="a rate above zero"):
        Pace(per_second, burst=burst, monotonic=lambda: 0.0)


def test_every_call_takes_its_turn() -> None:
    """Look-ups count as well: a provider limits calls, not transfers."""

    async def visit(bank: Bank) -> None:
        watch = Stopwatch()
        order = await bank.withdrawn()
        dispatcher = PayoutDispatcher(
            desk=bank.shop.desk,
            occurrences=bank.shop.store,
            providers=[bank.provider],
            now=bank.shop.clock.now,
            monotonic=watch.now,
            calls_per_second={"null": 2.0},
            sleep=watch.sleep,
        )
        await dispatcher.handle(bank.messages(order)[0])

        assert watch.now() == 0.5

    at_the_bank(visit)


def test_two_processes_keep_the_pace_of_one_provider_together() -> None:
    async def visit(bank: Bank) -> None:
        watch = Stopwatch()
        turns_of_all = MemoryCheckouts(bank.shop.store, watch.now)
        for buyer in ("li", "an"):
            order = await bank.withdrawn(buyer)
            dispatcher = PayoutDispatcher(
                desk=bank.shop.desk,
                occurrences=bank.shop.store,
                providers=[bank.provider],
                now=bank.shop.clock.now,
                monotonic=watch.now,
                calls_per_second={"null": 2.0},
                turns=turns_of_all,
                holder=f"process of {buyer}",
                sleep=watch.sleep,
            )
            await dispatcher.handle(bank.messages(order)[0])

        assert watch.now() == 1.5

    at_the_bank(visit)


def begins(paces: Sequence[Pace | SharedPace], count: int, waits: list[float]) -> list[float]:
    """When calls begin that all processes want at once; `waits` is filled by their sleep."""

    async def run() -> list[float]:
        await asyncio.gather(*(pace.turn() for _ in range(count) for pace in paces))
        return sorted([*waits, *([0.0] * (count * len(paces) - len(waits)))])

    return [round(each, 6) for each in asyncio.run(run())]


def test_shared_turns_are_given_without_gap_and_without_overlap() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    turns_of_all = MemoryCheckouts(MemoryStore(), lambda: 0.0)
    shared = [
        SharedPace(
            50,
            turns=turns_of_all,
            name="payouts:null",
            holder=holder,
            monotonic=lambda: 0.0,
            sleep=sleep,
        )
        for holder in ("one", "two", "three")
    ]
    assert begins(shared, 50, waits) == [round(n / 50, 6) for n in range(150)]


def test_paces_that_share_nothing_call_as_often_as_there_are_processes() -> None:
    """The control: this is what the shared turns are for."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    alone = [Pace(50, monotonic=lambda: 0.0, sleep=sleep) for _ in range(3)]
    assert begins(alone, 50, waits) == [round(n / 50, 6) for n in range(50) for _ in alone]


def test_what_was_booked_and_not_used_is_booked_anew() -> None:
    watch = Stopwatch()
    turns_of_all = MemoryCheckouts(MemoryStore(), watch.now)

    async def run() -> list[float]:
        here, there = (
            SharedPace(
                50,
                turns=turns_of_all,
                name="payouts:null",
                holder=holder,
                monotonic=watch.now,
                sleep=watch.sleep,
            )
            for holder in ("here", "there")
        )
        begun = []
        for pace, pause in ((here, 0.09), (here, 0.0), (there, 3.0), (here, 0.0)):
            await pace.turn()
            begun.append(round(watch.now(), 6))
            watch.seconds += pause
        return begun

    # At 0.09 a whole turn is left no more, so the next is booked after the first booking.
    assert asyncio.run(run()) == [0.0, 0.1, 0.2, 3.2]


def test_the_key_of_an_order_is_where_its_message_points() -> None:
    async def visit(bank: Bank) -> None:
        order = await bank.withdrawn()
        message = bank.messages(order)[0]

        assert OrderKey(message.buyer_id, message.order_id) in bank.shop.store.orders
        assert (message.subject, message.not_before) == ("1", None)

    at_the_bank(visit)
