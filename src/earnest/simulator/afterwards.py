"""What follows a launch: webhooks arrive, some change their minds, unpaid places lapse, all lock.

Not here: the launch (`launch.py`) and the sampled lives (`lives.py`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from time import perf_counter

import msgspec

from earnest.core.ledger.account import Account
from earnest.simulator.client import PATIENCE_S
from earnest.simulator.crowd import Buyer
from earnest.simulator.door import Door, Refusal
from earnest.simulator.lanes import in_lanes
from earnest.simulator.launch import Seen
from earnest.simulator.life import AccountShown, Done
from earnest.simulator.orders import account_balances, is_any, walk
from earnest.simulator.shop import LANGUAGES, Shop
from earnest.simulator.timeline import Timeline

TIMERS_PATIENCE = 6
"""Everything that fell due at once may take so many times anybody's patience."""

_LOOK_AGAIN_S = 0.25
_COUNT_EVERY_S = 2.0
_REST = 5
"""Between two looks, a rest of so many times what looking took: a watcher must not be the load."""

Progress = Callable[[int], None]


class Webhooks(msgspec.Struct, frozen=True):
    """What the provider still has to send."""

    pending: int


class ProviderShown(msgspec.Struct, frozen=True):
    """The provider's own figures."""

    webhooks: Webhooks


class Afterwards:
    """The hours and days after a launch, for a crowd that has reserved."""

    def __init__(
        self,
        *,
        auditor: Door,
        sandbox: Door,
        timeline: Timeline,
        shop: Shop,
        crowd: Sequence[Buyer],
        seen: Seen,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._patience_s = patience_s
        self._auditor = auditor
        self._sandbox = sandbox
        self._timeline = timeline
        self._shop = shop
        self._crowd = crowd
        self._seen = seen
        self._queue_id = shop.offer.queue_id

    async def drain(self, progress: Progress) -> int:
        """Wait until every payment has reached its order; return how many never did.

        Gives up when nothing moves any more for as long as anybody's patience.
        """
        paid = {
            order_id
            for order_id, instant in zip(self._seen.order_id, self._seen.paid, strict=True)
            if instant
        }
        last_move = perf_counter()
        least = len(paid) + 1
        while True:
            pending = (await self._sandbox.get("/api/status", ProviderShown)).webhooks.pending
            if pending == 0:
                waiting = await self._still_reserved(paid)
                if waiting == 0:
                    progress(len(paid))
                    return 0
                pending = waiting
            if pending < least:
                least, last_move = pending, perf_counter()
            elif perf_counter() - last_move > self._patience_s:
                return pending
            progress(max(0, len(paid) - pending))
            await asyncio.sleep(_LOOK_AGAIN_S)

    async def _still_reserved(self, paid: set[str]) -> int:
        count = 0
        async for page in walk(self._auditor, self._queue_id, stage="reserved"):
            count += sum(order.order_id in paid for order in page)
        return count

    async def change_minds(
        self, door_of: Callable[[Buyer], Door], run: str, lanes: int, progress: Progress
    ) -> Counter[str]:
        """Let those withdraw who want to, and those lock early who want to, acknowledging it.

        Returns how it went: `withdrawn`, `locked`, or the code of a rejection.
        """
        positions = [
            position
            for position, buyer in enumerate(self._crowd)
            if self._seen.paid[position] and (buyer.withdraws or buyer.locks_early)
        ]
        outcomes: Counter[str] = Counter()

        async def change(position: int) -> None:
            buyer = self._crowd[position]
            command = "withdraw" if buyer.withdraws else "lock"
            path = f"/orders/{self._seen.order_id[position]}/{command}"
            body: dict[str, object] = {}
            if buyer.locks_early:
                language = LANGUAGES[buyer.language]
                body["acknowledgement"] = self._shop.lock_acknowledgement(language)
            key = f"{run}-{buyer.number}-{command}"
            try:
                done = await door_of(buyer).post(path, body, Done, key=key)
                outcomes[done.stage] += 1
            except Refusal as refusal:
                outcomes[refusal.code] += 1
            progress(outcomes.total())

        await in_lanes(positions, lanes, change)
        return outcomes

    async def lapse(self, progress: Progress) -> bool:
        """Move the clock past the payment window; whether no place stayed reserved."""
        await self._timeline.advance(timedelta(minutes=self._shop.policy.payment_window_minutes))
        unpaid = sum(
            1
            for rank, instant in zip(self._seen.rank, self._seen.paid, strict=True)
            if rank and not instant
        )

        async def look() -> None:
            progress(0)

        lapsed = await self._nobody_is("reserved", look)
        progress(unpaid if lapsed else 0)
        return lapsed

    async def lock_all(self, expected: int, progress: Progress) -> float | None:
        """Move the clock to the end of all cooling-off periods.

        Returns the real seconds until every one of the expected orders was locked; None if some
        never were.
        """
        await self._timeline.advance(timedelta(hours=self._shop.policy.cooling_off_hours))
        started = perf_counter()
        before = await self._committed()

        async def look() -> None:
            progress(min(expected, await self._committed() - before))

        if not await self._nobody_is("deposited", look):
            return None
        locked_after_s = perf_counter() - started
        progress(expected)
        return locked_after_s

    async def _committed(self) -> int:
        """How many deposits are committed by a lock, as the books have it."""
        committed = sum(
            each.amount
            for each in await account_balances(self._auditor)
            if each.account == Account.COMMITTED_DEPOSITS
        )
        return committed // self._shop.policy.deposit.amount

    async def paid_out(self) -> tuple[AccountShown, ...]:
        """Wait until nothing is owed to buyers any more; returns the books in any case."""
        started = perf_counter()
        while True:
            asked_at = perf_counter()
            accounts = await account_balances(self._auditor)
            owed = sum(each.amount for each in accounts if each.account == Account.OWED_TO_BUYERS)
            if owed == 0 or perf_counter() - started > self._patience_s:
                return accounts
            await asyncio.sleep(max(_LOOK_AGAIN_S, _REST * (perf_counter() - asked_at)))

    async def _nobody_is(self, stage: str, look: Callable[[], Awaitable[None]]) -> bool:
        """Wait until no order of the queue stands in this stage; False when patience ends."""
        started = perf_counter()
        next_look = started + _COUNT_EVERY_S
        while await is_any(self._auditor, self._queue_id, stage):
            now = perf_counter()
            if now - started > TIMERS_PATIENCE * self._patience_s:
                return False
            if now > next_look:
                await look()
                took = perf_counter() - now
                next_look = perf_counter() + max(_COUNT_EVERY_S, _REST * took)
            await asyncio.sleep(_LOOK_AGAIN_S)
        return True
