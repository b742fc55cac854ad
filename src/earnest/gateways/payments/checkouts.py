"""Opening payments at a provider that is slower than a launch: paced, in rank order, once each.

The place was given before and never waits for this. A process can die at any point: what was noted
as sent is asked for first, and the key is the same each time, so that no order has two pages.

Not here: which orders wait (`desk/checkouts.py`) and when a window ends (`core/order/allot.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog

from earnest.core.order.actor import provider_actor
from earnest.core.order.commands_of_launch import OpenPayment
from earnest.core.order.parts import DEPOSIT_PAYMENT
from earnest.core.order.state import Order
from earnest.core.values.instant import Instant
from earnest.desk.answer import Answer
from earnest.desk.checkouts import Checkouts, CheckoutWanted
from earnest.desk.desk import CommandFailed, DeskFull, KeyRunning
from earnest.desk.outgoing import Submitting
from earnest.desk.ports import OrderKey, StoreUnavailable
from earnest.gateways.payments.contract import (
    CheckoutOrder,
    CheckoutRequest,
    CheckoutResult,
    NotFound,
    PaymentProvider,
    Refused,
)
from earnest.gateways.payments.opened import Busy, CheckoutOpened
from earnest.gateways.payments.pace import Pace
from earnest.gateways.payments.payouts import reference_of

log = structlog.get_logger(__name__)

TAKEN_AT_ONCE = 64
"""Orders noted as sent together; after a crash so many are asked for first."""

CALLS_AT_ONCE = 16
"""Calls under way at the same time, so that one slow answer holds up few."""

TURN_SECONDS = 15.0
"""How long a process keeps the turn; another takes over when it was not heard of for so long.

A step takes about three seconds at 25 calls a second and keeps the turn anew. One that is held up
for longer shares the provider with the next process for a while, which costs pace and nothing else:
the keys are the same, and what was noted as sent is asked for before it is sent again.
"""

BUSY_SECONDS = 1.0
"""How long all calls rest after one was refused as too many, unless the provider says longer."""

PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
"""The rest doubles up to this while the provider opens nothing."""

NO_END = datetime(2100, 1, 1, tzinfo=UTC)
"""A page has no end of its own: what is paid too late is paid back, and the key stays the same."""


def checkout_key(order: Order) -> str:
    """The provider's key for the page of an order's deposit; it follows from the order."""
    return f"{reference_of(order, DEPOSIT_PAYMENT)}.page"


class CheckoutDispatcher:
    """Opens pages at one provider and tells the desk, for as long as it has the turn."""

    def __init__(  # noqa: PLR0913 - keyword-only parts, named where they are put together
        self,
        *,
        desk: Submitting,
        checkouts: Checkouts,
        provider: PaymentProvider,
        holder: str,
        public_url: str,
        calls_per_second: float,
        now: Callable[[], Instant],
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Call `provider` at most `calls_per_second` times; `holder` names this process."""
        self._desk = desk
        self._checkouts = checkouts
        self._provider = provider
        self._holder = holder
        self._public_url = public_url
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._pace = Pace(calls_per_second, monotonic=monotonic, sleep=sleep)
        self._slots = asyncio.Semaphore(CALLS_AT_ONCE)
        self._rests_until = monotonic()

    async def run(self) -> None:
        """Open payments for ever, resting while there are none or the provider opens none."""
        pause = PAUSE_SECONDS
        while True:
            try:
                taken, opened = await self.step()
            except StoreUnavailable:
                log.warning("checkouts_wait_for_store")
                taken, opened = 0, 0
            if opened:
                pause = PAUSE_SECONDS
                continue
            await self._sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS) if taken else PAUSE_SECONDS

    async def step(self) -> tuple[int, int]:
        """Take the next orders, if it is this process's turn; how many, and how many opened."""
        name = f"checkouts:{self._provider.name}"
        if not await self._checkouts.take_turn(name, self._holder, TURN_SECONDS):
            return 0, 0
        wanted = await self._checkouts.next_checkouts(TAKEN_AT_ONCE)
        fresh = [_key(each.order) for each in wanted if not each.is_sent]
        if fresh:
            await self._checkouts.note_sent(fresh)
        opened = await asyncio.gather(*(self._bring_on(each) for each in wanted))
        return len(wanted), sum(opened)

    async def _bring_on(self, wanted: CheckoutWanted) -> bool:
        """One order a step further; False leaves it for the next look."""
        async with self._slots:
            result = await self._result(wanted)
        match result:
            case CheckoutOpened(link=link):
                return await self._tell(wanted.order, link)
            case Refused(code=code, explanation=explanation):
                log.error("checkout_refused", order_id=wanted.order.order_id, code=code)
                await self._checkouts.note_refused(_key(wanted.order), f"{code}: {explanation}")
            case _:
                log.info("checkout_open_question", order_id=wanted.order.order_id)
        return False

    async def _result(self, wanted: CheckoutWanted) -> CheckoutResult:
        """Ask what became of an earlier call, and open only what the provider never saw."""
        key = checkout_key(wanted.order)
        if wanted.is_sent:
            found = await self._called(lambda: self._provider.find_checkout(key))
            if not isinstance(found, NotFound):
                return found
        order = CheckoutOrder(key=key, request=self._request(wanted.order))
        opened = await self._called(lambda: self._provider.open_checkout(order))
        assert not isinstance(opened, NotFound), "opening never finds nothing"
        return opened

    async def _called(
        self, call: Callable[[], Awaitable[CheckoutResult | NotFound]]
    ) -> CheckoutResult | NotFound:
        """Make a call at the agreed pace; after one that was too many, all of them rest."""
        rest = self._rests_until - self._monotonic()
        if rest > 0:
            await self._sleep(rest)
        await self._pace.turn()
        result = await call()
        if isinstance(result, Busy):
            seconds = result.after_seconds or BUSY_SECONDS
            self._rests_until = max(self._rests_until, self._monotonic() + seconds)
        return result

    def _request(self, order: Order) -> CheckoutRequest:
        return CheckoutRequest(
            reference=reference_of(order, DEPOSIT_PAYMENT),
            amount_minor=order.deposit.amount,
            currency=order.deposit.currency,
            description=f"订购款 · Deposit · {order.order_id}",
            return_url=f"{self._public_url}/orders/{order.order_id}",
            expires_at=NO_END,
            language=order.language,
        )

    async def _tell(self, order: Order, link: str) -> bool:
        """Open the payment window. The key names the state of the order that was read."""
        key = f"open:{order.order_id}:{order.sequence}"
        command = OpenPayment(
            buyer_id=order.buyer_id,
            order_id=order.order_id,
            actor=provider_actor(self._provider.name),
            key=key,
            received_at=self._now(),
            payment_number=DEPOSIT_PAYMENT,
            link=link,
        )
        try:
            answer = await self._desk.submit(command, key)
        except (DeskFull, KeyRunning, StoreUnavailable, CommandFailed):
            return False
        return isinstance(answer, Answer) and answer.is_accepted


def _key(order: Order) -> OrderKey:
    return OrderKey(order.buyer_id, order.order_id)
