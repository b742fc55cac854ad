"""The launch itself: a crowd that reserves and pays over HTTP, and a record of what each one saw.

Instants are those of the machine's measuring clock, which all processes of one machine share, in
seconds. Latency counts from when somebody meant to send, so a queue before the first byte counts
too. Not here: judging what was seen (`fairness.py`, `checks.py`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from time import perf_counter

import msgspec

from earnest.simulator.arrays import Instants, Numbers, instants, numbers
from earnest.simulator.client import Client, Unanswered
from earnest.simulator.crowd import Buyer
from earnest.simulator.door import API, key_and_body, problem_of
from earnest.simulator.histogram import Histogram
from earnest.simulator.shop import LANGUAGES
from earnest.simulator.wire import Reply

CREATED = 201
DONE = 200
DECLINED = 402

MOST_ATTEMPTS_TO_PAY = 3
"""How often a buyer tries whose bank declines."""

_WORTH_SLEEPING_S = 0.0005


class LaunchPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What every process of a launch needs to know.

    `bodies` are the reservations' JSON bodies, two languages for each configuration. `starts_at`
    is the opening on the measuring clock. `is_timed` follows the curve; otherwise every lane sends
    as soon as it is free.
    """

    url: str
    sandbox_url: str
    run: str
    bodies: list[bytes]
    starts_at: float
    is_timed: bool
    connections: int
    seed: int
    patience_s: float


class Asked(msgspec.Struct, frozen=True, gc=False):
    """The payment that a reservation asks for."""

    link: str


class Placed(msgspec.Struct, frozen=True, gc=False):
    """What a buyer learns from a reservation."""

    order_id: str
    rank: int
    payment: Asked


class Tally(msgspec.Struct):
    """How far the launch is, for whoever watches. `latency` restarts whenever it was shown."""

    offered: int = 0
    accepted: int = 0
    rejected: int = 0
    paid: int = 0
    unanswered: int = 0
    latency: Histogram = msgspec.field(default_factory=Histogram)

    def add(self, other: Tally) -> None:
        """Count everything that the other one counted."""
        self.offered += other.offered
        self.accepted += other.accepted
        self.rejected += other.rejected
        self.paid += other.paid
        self.unanswered += other.unanswered
        self.latency.merge(other.latency)


class Seen(msgspec.Struct):
    """What each of the crowd saw, by position; instants are zero where nothing happened.

    `status` is the reservation's final HTTP status (zero: nobody ever answered), `paid_status`
    the payment's. `unequal` names orders whose request, sent twice, got two different answers.
    """

    intended: Instants
    sent: Instants
    answered: Instants
    paid: Instants
    pay_sent: Instants
    status: Numbers
    paid_status: Numbers
    rank: Numbers
    order_id: list[str]
    sent_twice: int = 0
    unequal: list[str] = []
    codes: dict[str, int] = {}
    troubles: dict[str, int] = {}

    @classmethod
    def of(cls, count: int) -> Seen:
        """Nothing seen yet by so many."""
        return cls(
            intended=instants(count),
            sent=instants(count),
            answered=instants(count),
            paid=instants(count),
            pay_sent=instants(count),
            status=numbers(count),
            paid_status=numbers(count),
            rank=numbers(count),
            order_id=[""] * count,
        )


class Launch:
    """One process's part of a launch."""

    def __init__(self, plan: LaunchPlan, crowd: Sequence[Buyer], due_s: Sequence[float]) -> None:
        """Prepare; `due_s` says when each wants to send, in seconds after the opening."""
        chance = Random(plan.seed)  # one source for all waiting, so that a seed repeats a run
        self._plan = plan
        self._crowd = crowd
        self._due_s = due_s
        self._earnest = Client(plan.url, chance=chance, patience_s=plan.patience_s)
        self._sandbox = Client(plan.sandbox_url, chance=chance, patience_s=plan.patience_s)
        self._reserve_head = self._earnest.head("POST", f"{API}/reservations")
        self._pay_head = self._sandbox.head("POST", "/api/pay")
        self._placed = msgspec.json.Decoder(Placed)
        self._codes: Counter[str] = Counter()
        self.seen = Seen.of(len(crowd))
        self.tally = Tally()

    async def run(self) -> Seen:
        """Let everybody reserve and pay, and return what they saw."""
        positions = iter(range(len(self._crowd)))
        lanes = [self._lane(positions) for _ in range(self._plan.connections)]
        try:
            await asyncio.gather(*lanes)
        finally:
            await self._earnest.close()
            await self._sandbox.close()
        self.seen.codes = dict(self._codes)
        self.seen.troubles = dict(self._earnest.troubles + self._sandbox.troubles)
        return self.seen

    async def _lane(self, positions: Iterator[int]) -> None:
        starts_at = self._plan.starts_at
        seen = self.seen
        for position in positions:
            now = perf_counter()
            if self._plan.is_timed:
                intended = starts_at + self._due_s[position]
                if intended - now > _WORTH_SLEEPING_S:
                    await asyncio.sleep(intended - now)
            else:
                intended = now
            seen.intended[position] = intended
            try:
                link = await self._reserve(position)
                if link and not self._crowd[position].never_pays:
                    await self._pay(position, link)
            except Unanswered:
                self.tally.unanswered += 1

    async def _reserve(self, position: int) -> str:
        """Reserve; return the payment's link, or nothing when the reservation was rejected."""
        plan, seen = self._plan, self.seen
        buyer = self._crowd[position]
        variant = buyer.configuration * len(LANGUAGES) + buyer.language
        request = b"%bauthorization: Bearer %b\r\n%b" % (
            self._reserve_head,
            buyer.token.encode(),
            key_and_body(
                b"%b-%d" % (plan.run.encode(), buyer.number),
                plan.bodies[variant % len(plan.bodies)],
            ),
        )
        self.tally.offered += 1
        seen.sent[position] = perf_counter()
        reply = await self._ask(self._earnest, request, position, is_reservation=True)
        answered = seen.answered[position]
        # The tally may have been taken away and shown meanwhile, so it is never kept at hand.
        tally = self.tally
        tally.latency.record(answered - seen.intended[position])
        seen.status[position] = reply.status
        if reply.status != CREATED:
            tally.rejected += 1
            self._codes[problem_of(reply).code or f"status_{reply.status}"] += 1
            return ""
        placed = self._placed.decode(reply.body)
        seen.rank[position] = placed.rank
        seen.order_id[position] = placed.order_id
        tally.accepted += 1
        return placed.payment.link

    async def _pay(self, position: int, link: str) -> None:
        """Pay at the provider, again with a new attempt when the bank declines."""
        seen = self.seen
        number = self._crowd[position].number
        seen.pay_sent[position] = perf_counter()
        for attempt in range(1, MOST_ATTEMPTS_TO_PAY + 1):
            order = {"link": link, "attempt": f"{self._plan.run}-{number}-{attempt}"}
            request = self._pay_head + key_and_body(b"", msgspec.json.encode(order))
            reply = await self._ask(self._sandbox, request, position, is_reservation=False)
            seen.paid_status[position] = reply.status
            if reply.status == DONE:
                seen.paid[position] = perf_counter()
                self.tally.paid += 1
                return
            self._codes[problem_of(reply).code or f"pay_status_{reply.status}"] += 1
            if reply.status != DECLINED:
                return

    async def _ask(
        self, client: Client, request: bytes, position: int, *, is_reservation: bool
    ) -> Reply:
        """Ask once, or twice at the same time for those who do; both must get one answer."""
        if not self._crowd[position].sends_twice:
            reply = await client.ask(request)
            if is_reservation:
                self.seen.answered[position] = perf_counter()
            return reply
        self.seen.sent_twice += 1
        pair = [asyncio.ensure_future(client.ask(request)) for _ in range(2)]
        await asyncio.wait(pair, return_when=asyncio.FIRST_COMPLETED)
        if is_reservation:
            self.seen.answered[position] = perf_counter()
        first, second = await asyncio.gather(*pair)
        if (first.status, first.body) != (second.status, second.body):
            self.seen.unequal.append(f"{self._plan.run}-{self._crowd[position].number}")
        return first
