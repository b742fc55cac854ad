"""Number 12: a payment provider that loses requests and answers, repeats itself and comes late.

Buyers pay, some of them twice, and withdraw or leave for the seller's breach with their deposit
doubled, through a proxy that breaks every third call. The sandbox doubles webhooks, sends them in
another order, holds some back for three days, and lets every fifth refund and payout fail, at once
or after it was accepted. In the end the provider and the books agree to the cent. The control takes
a new key for each try of a refund. Not here: what the dispatcher does with an unknown result
(`gateways/payments/payouts.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from enum import StrEnum

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
FAILING_SHARE = 0.2
LOOKS = 15
"""How often somebody looks whether the deposit arrived; nobody waits for a late message."""

UNPAID, CHARGED_TWICE, NOT_QUIET = "not_paid", "charged_more_than_once", "never_quiet"
REFUND_WRONG = "refunded_other_than_once"

SWITCHES = (
    {"name": "duplicate", "share": 0.3, "copies": 2},
    {"name": "out_of_order", "share": 0.2, "copies": 3, "seconds": 5},
    {"name": "delay", "share": LATE_SHARE, "seconds": LATE_S},
    {"name": "refund_failure", "share": FAILING_SHARE, "how": "later"},
    {"name": "payout_failure", "share": FAILING_SHARE, "how": "now"},
)


class Wish(StrEnum):
    """What a buyer does, by turns."""

    WITHDRAWS = "pays and withdraws"
    KEEPS = "pays"
    PAYS_TWICE = "pays twice"
    PAYS_TWICE_AND_WITHDRAWS = "pays twice and withdraws"
    LEAVES_FOR_BREACH = "leaves for the seller's breach, with the deposit doubled"


WISHES = tuple(Wish)
MANY = 2_000
SELDOM = 40
"""Among more than many buyers only so seldom is one of each wish; the others pay and stay.

A refund takes several tries, each later than the last, and a few at a time: it would be most of
a long form, which is about a hundred thousand payments.
"""

TWICE = frozenset({Wish.PAYS_TWICE, Wish.PAYS_TWICE_AND_WITHDRAWS})
WITHDRAW = frozenset({Wish.WITHDRAWS, Wish.PAYS_TWICE_AND_WITHDRAWS})


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
        await one_charge_each(town, buyers.charged, buyers.returned, outcome)
        ranks_dense(town.world.database.url, outcome)
        async with town.books() as books:
            await sound(town.world.database.url, outcome, books)
        outcome.figures["payments"] = buyers.charged.total()
        outcome.figures["deposits given back"] = buyers.returned.total()
        outcome.figures["deposits doubled"] = buyers.doubled
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
    """Those who pay, and what each of them does as soon as the deposit has arrived.

    `charged` and `returned` count deposits by order: what the provider must have taken and given.
    """

    def __init__(self, attempt: Attempt, town: Town, outcome: Outcome) -> None:
        self.charged: Counter[str] = Counter()
        self.returned: Counter[str] = Counter()
        self.doubled = 0
        self._attempt = attempt
        self._town = town
        self._outcome = outcome
        self._numbers = iter(range(attempt.rounds))

    def next(self) -> int | None:
        return next(self._numbers, None)

    async def live(self, number: int) -> None:
        town = self._town
        turn = number % (SELDOM if self._attempt.rounds > MANY else len(WISHES))
        wish = WISHES[turn] if turn < len(WISHES) else Wish.KEEPS
        placed = await town.reserve(number)
        link = await town.open_link(number, placed, LOOKS)
        for attempt in ("a1", "a2") if wish in TWICE else ("a1",):
            paid = link is not None and await town.pay(link, attempt)
            self._outcome.expect(
                UNPAID, that=paid, explanation=f"{placed.order_id} could not be paid"
            )
            self.charged[placed.order_id] += paid
        self.returned[placed.order_id] += self.charged[placed.order_id] - 1
        self._attempt.reach(len(self.charged), len(self.charged) + self.charged.total())
        if wish in {Wish.KEEPS, Wish.PAYS_TWICE}:
            return
        if await town.stage_after(number, placed, LOOKS) == "reserved":
            return
        if wish in WITHDRAW:
            self.returned[placed.order_id] += await town.withdraw(number, placed)
        else:
            await town.leave_for_breach(number, placed)
            self.returned[placed.order_id] += 2
            self.doubled += 1


async def one_charge_each(
    town: Town, charged: Counter[str], returned: Counter[str], outcome: Outcome
) -> None:
    """The provider took each deposit once for every attempt, and gave back what is owed, once."""
    deposit = town.people.deposit_minor
    moved: set[str] = set()
    for movement in await town.movements():
        order_id = movement.reference.split(".")[1]
        moved.add(order_id)
        back = movement.refunded_minor + movement.paid_out_minor
        if movement.captured_minor != charged[order_id] * deposit:
            outcome.fail(
                CHARGED_TWICE,
                f"{movement.reference} was captured as {movement.captured_minor}, "
                f"which was paid {charged[order_id]} times",
            )
        if back != returned[order_id] * deposit:
            outcome.fail(
                REFUND_WRONG,
                f"{movement.reference} got {back} back of {returned[order_id] * deposit}",
            )
    for order_id in +charged:
        if order_id not in moved:
            outcome.fail(CHARGED_TWICE, f"{order_id} was paid, and the provider knows nothing")


TRIAL = Trial(
    name="provider",
    number=12,
    shows="A provider that loses, repeats and delays everything charges and refunds once.",
    unit="buyers",
    rounds=100_000,
    short_rounds=60,
    lasts="7 min",
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
