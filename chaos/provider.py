"""Number 12: a payment provider that loses requests and answers, repeats itself and comes late.

Buyers pay and withdraw through a proxy that breaks every third call, while the sandbox doubles
webhooks, sends them in another order, and holds some back for three days. In the end the provider
and the books agree to the cent. The control takes a new key for each try of a refund. Not here:
what the dispatcher does with an unknown result (`gateways/payments/payouts.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from chaos.judging import AUDIT, ranks_dense, sound
from chaos.people import People
from chaos.ports import free_ports
from chaos.proxy import Proxy
from chaos.serving import FRESH_KEYS
from chaos.town import Town, in_streams
from chaos.trial import Attempt, Control, Outcome, Trial
from chaos.world import world_in

AT_ONCE = 32
LATE_SHARE = 0.05
LATE_S = 3 * 86_400
WITHDRAW_EVERY = 2

UNPAID, CHARGED_TWICE, NOT_QUIET = "not_paid", "charged_more_than_once", "never_quiet"
REFUND_WRONG = "refunded_other_than_once"

SWITCHES = (
    {"name": "duplicate", "share": 0.3, "copies": 2},
    {"name": "out_of_order", "share": 0.2, "copies": 3, "seconds": 5},
    {"name": "delay", "share": LATE_SHARE, "seconds": LATE_S},
)


async def pay_through_faults(attempt: Attempt) -> Outcome:
    """Pay and withdraw at the shipped server."""
    return await _paid(attempt, None)


async def pay_with_fresh_keys(attempt: Attempt) -> Outcome:
    """The same where every try of a refund has a key of its own."""
    return await _paid(attempt, FRESH_KEYS)


async def _paid(attempt: Attempt, variant: str | None) -> Outcome:
    outcome = Outcome()
    proxy = Proxy(free_ports(1), attempt.seed)
    async with proxy.running(), _town(attempt, variant, proxy) as town:
        await town.sandbox.post("/api/switches", {"switches": SWITCHES}, dict)
        buyers = _Buyers(attempt, town, outcome)
        await in_streams(AT_ONCE, buyers.next, buyers.live)
        # What is sent from now on is not late again, or the end would never come.
        await town.sandbox.post("/api/switches", {"reset": True}, dict)
        # The late third day comes: places lapsed long ago, and paid ones get theirs back.
        await town.timeline.advance(timedelta(seconds=LATE_S + 3_600))
        outcome.expect(
            NOT_QUIET,
            that=await town.until_quiet(attempt.say),
            explanation="messages or payouts never end",
        )
        await _one_charge_each(town, buyers.withdrawn, outcome)
        ranks_dense(town.world.database.url, outcome)
        async with town.books() as books:
            await sound(town.world.database.url, outcome, books)
        outcome.figures["payments"] = buyers.paid
        outcome.figures["refunds"] = len(buyers.withdrawn)
        outcome.figures["faults met"] = proxy.met.total()
        outcome.figures["reconciliation differences"] = outcome.failures[AUDIT]
    return outcome


@asynccontextmanager
async def _town(attempt: Attempt, variant: str | None, proxy: Proxy) -> AsyncIterator[Town]:
    async with world_in(
        attempt.folder, variant=variant, is_demo=True, provider_url=proxy.url
    ) as world:
        people = await People.of(world, "provider", attempt.seed)
        town = Town(world, people, proxy.url, attempt.seed)
        proxy.target = town.sandbox_url
        try:
            await town.timeline.synchronise()
            yield town
        finally:
            await town.close()


class _Buyers:
    """Those who pay, and every second of them withdraws as soon as the deposit has arrived."""

    def __init__(self, attempt: Attempt, town: Town, outcome: Outcome) -> None:
        self.paid = 0
        self.withdrawn: set[str] = set()
        self._attempt = attempt
        self._town = town
        self._outcome = outcome
        self._numbers = iter(range(attempt.rounds))

    def next(self) -> int | None:
        return next(self._numbers, None)

    async def live(self, number: int) -> None:
        town = self._town
        placed = await town.reserve(number)
        paid = await town.pay(placed)
        self._outcome.expect(UNPAID, that=paid, explanation=f"{placed.order_id} could not be paid")
        self.paid += paid
        self._attempt.reach(self.paid)
        if number % WITHDRAW_EVERY:
            return
        # A message that is three days late is not waited for.
        for _ in range(100):
            stage = await town.stage(number, placed)
            if stage != "reserved":
                break
            await asyncio.sleep(0.1)
        else:
            return
        if await town.withdraw(number, placed):
            self.withdrawn.add(placed.order_id)


async def _one_charge_each(town: Town, withdrawn: set[str], outcome: Outcome) -> None:
    """Each payment was captured once; each that was withdrawn was given back once, all of it."""
    most = 0
    for movement in await town.movements():
        order_id = movement.reference.split(".")[1]
        captured, back = movement.captured_minor, movement.refunded_minor + movement.paid_out_minor
        most = max(most, captured // town.people.deposit_minor)
        if captured != town.people.deposit_minor:
            outcome.fail(CHARGED_TWICE, f"{movement.reference} was captured as {captured}")
        owed = captured if order_id in withdrawn else 0
        if back != owed:
            outcome.fail(REFUND_WRONG, f"{movement.reference} got {back} back of {owed}")
    outcome.figures["charges of one attempt, most"] = most


TRIAL = Trial(
    name="provider",
    number=12,
    shows="A provider that loses, repeats and delays everything charges and refunds once.",
    unit="payments",
    rounds=100_000,
    short_rounds=60,
    lasts="15 min",
    only_long=True,
    act=pay_through_faults,
    control=Control(
        says="a new key for every try of a refund makes books and provider differ",
        act=pay_with_fresh_keys,
        noticed_as=frozenset({AUDIT, REFUND_WRONG}),
        rounds=60,
        short_rounds=60,
    ),
)
"""What `make chaos` runs."""
