"""Number 15: kill the server at every boundary between two of its steps; lose and double nothing.

The server ends itself with -9 at a point of `points.py`: after it saved and before it committed,
after it committed and before anybody knew, after a job was taken and before the provider was
called, after the call and before it was noted, and so on. Meanwhile people reserve, pay, withdraw
and get their money back, some never pay, and some messages fit no order. The control calls a job
done as soon as somebody has begun with it. Not here: kills at any instant (`kills.py`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from time import perf_counter

from chaos.judging import (
    DOUBLED,
    LOST_PAYMENT,
    LOST_PLACE,
    NONSENSE,
    OTHER_RANK,
    UNANSWERED,
    look,
    ranks_dense,
    sound,
)
from chaos.people import People, Told
from chaos.points import (
    DUE,
    LETTERS_SENT,
    LETTERS_TAKEN,
    PASSAGES,
    PAYOUTS_NOTED,
    PAYOUTS_TAKEN,
    POINT,
    POINTS,
    WEBHOOK_KEPT,
)
from chaos.provider import NOT_QUIET, REFUND_WRONG, one_charge_each
from chaos.serving import HASTY_POINTS
from chaos.serving import POINTS as WITH_POINTS
from chaos.town import Placed, Town
from chaos.trial import Attempt, Control, Outcome, Trial
from chaos.world import world_in

AT_ONCE = 24
FURTHEST_PASSAGE = 12
FURTHEST_OF_SELDOM = 3
SELDOM = frozenset({DUE, WEBHOOK_KEPT, LETTERS_TAKEN, LETTERS_SENT, PAYOUTS_TAKEN, PAYOUTS_NOTED})
"""Points that are passed once for a whole job of messages, or for few buyers."""

REACHED_WITHIN_S = 60.0
WITHDRAW_EVERY, NEVER_PAY_EVERY, STRANGE_EVERY = 2, 5, 7
LOOKS = 400
_LOOK_S = 0.05
_PAGES_PER_SECOND = "200"
_STEP = timedelta(minutes=31)
"""A little more than the payment window, so that deadlines fall due."""

NOT_REACHED = "point_not_reached"
INBOX_WRONG = "kept_for_a_person_other_than_once"

SURPLUS = "SurplusReceived"
_PLACES = "SELECT order_id, rank FROM earnest.orders"
_EVENTS = """
    SELECT order_id, kind, count(*) FROM earnest.event
    WHERE kind IN ('Reserved', 'DepositReceived', 'SurplusReceived', 'Withdrawn', 'PayoutPaid')
    GROUP BY order_id, kind
"""
_END_TURN = "UPDATE earnest.dispatch_turn SET ends_at = now()"
_INBOX = "SELECT count(*) FROM earnest.inbox"


async def kill_everywhere(attempt: Attempt) -> Outcome:
    """Kill at every point in turn."""
    return await _killed(attempt, WITH_POINTS, POINTS)


async def kill_the_hasty(attempt: Attempt) -> Outcome:
    """The same where a job is done as soon as somebody has begun with it."""
    return await _killed(attempt, HASTY_POINTS, (PAYOUTS_TAKEN, LETTERS_TAKEN))


async def _killed(attempt: Attempt, variant: str, points: tuple[str, ...]) -> Outcome:
    outcome = Outcome()
    async with _town(attempt, variant) as town:
        lives = _Lives(town)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(lives.one_after_the_other())
            try:
                kills = await _kill_in_turn(attempt, town, lives, points, outcome)
            finally:
                lives.go_on = False
        outcome.expect(
            NOT_QUIET,
            that=await town.until_quiet(attempt.say),
            explanation="messages, jobs or payouts never end",
        )
        late = _nothing_lost(town, lives, outcome)
        await one_charge_each(town, lives.captured, late + Counter(lives.withdrawn), outcome)
        ranks_dense(town.world.database.url, outcome)
        async with town.books() as books:
            await sound(town.world.database.url, outcome, books)
    outcome.figures["kills"] = kills.total()
    outcome.figures["points"] = len(kills)
    outcome.figures["orders"] = len(lives.placed)
    outcome.figures["payments"] = len(lives.captured)
    outcome.figures["refunds"] = len(lives.withdrawn)
    return outcome


@asynccontextmanager
async def _town(attempt: Attempt, variant: str) -> AsyncIterator[Town]:
    async with world_in(
        attempt.folder,
        variant=variant,
        is_demo=True,
        environment={"EARNEST_CHECKOUTS_PER_SECOND": _PAGES_PER_SECOND},
    ) as world:
        people = await People.of(world, "boundaries", attempt.seed)
        beside = f"http://127.0.0.1:{world.servers[0].port + 1}"
        town = Town(world, people, beside, attempt.seed)
        try:
            await town.timeline.synchronise()
            yield town
        finally:
            await town.close()


async def _kill_in_turn(
    attempt: Attempt, town: Town, lives: _Lives, points: tuple[str, ...], outcome: Outcome
) -> Counter[str]:
    """Let the server end itself at one point after the other; how often it did at each."""
    kills = Counter[str]()
    chance = attempt.chance("boundaries")
    server = town.server
    for number in range(attempt.rounds):
        point = points[number % len(points)]
        passage = chance.randint(1, FURTHEST_OF_SELDOM if point in SELDOM else FURTHEST_PASSAGE)
        await asyncio.to_thread(server.stop)
        # The turn of the dead process ends after a minute; that minute is taken away.
        town.change(_END_TURN)
        server.start(**{POINT: point, PASSAGES: str(passage)})
        if await _ended(town, point):
            kills[point] += 1
        else:
            outcome.fail(NOT_REACHED, f"{point}, passage {passage}, within {REACHED_WITHIN_S:g} s")
        attempt.say(f"kill {number + 1}: {point}, passage {passage}")
        attempt.reach(number + 1, lives.acknowledged)
    server.kill()
    town.change(_END_TURN)
    server.start()
    await server.until_up()
    return kills


async def _ended(town: Town, point: str) -> bool:
    """Whether the server came to its point in time; deadlines need the time to pass for that."""
    started = perf_counter()
    passing = asyncio.create_task(_pass_time(town)) if point == DUE else None
    try:
        while not town.server.has_ended:
            if perf_counter() - started > REACHED_WITHIN_S:
                return False
            await asyncio.sleep(_LOOK_S)
    finally:
        if passing is not None:
            passing.cancel()
            await asyncio.gather(passing, return_exceptions=True)
    return True


async def _pass_time(town: Town) -> None:
    """Let one payment window after the other come to its end."""
    while True:
        await town.timeline.advance(_STEP)
        await asyncio.sleep(1.0)


class _Lives:
    """Buyers, one after the other: they reserve, most pay, and some of those withdraw."""

    def __init__(self, town: Town) -> None:
        self.go_on = True
        self.placed: dict[str, Placed] = {}
        self.captured: Counter[str] = Counter()
        self.withdrawn: set[str] = set()
        self.strange = 0
        self.asked = 0
        self._town = town

    @property
    def acknowledged(self) -> int:
        """How many answers people hold."""
        return len(self.placed) + self.captured.total() + len(self.withdrawn)

    async def one_after_the_other(self) -> None:
        while self.go_on:
            number, self.asked = self.asked, self.asked + 1
            await self._live(number)

    async def _live(self, number: int) -> None:
        town = self._town
        placed = await town.reserve(number)
        self.placed[placed.order_id] = placed
        if number % STRANGE_EVERY == STRANGE_EVERY - 1:
            await self._strange_message(number)
        if number % NEVER_PAY_EVERY == NEVER_PAY_EVERY - 1:
            return
        link = await town.open_link(number, placed, LOOKS)
        if link is None or not await town.pay(link):
            # The window was over before the provider had opened the page, or before it was used.
            return
        self.captured[placed.order_id] += 1
        if number % WITHDRAW_EVERY == 0:
            stage = await town.stage_after(number, placed, LOOKS)
            if stage == "deposited" and await town.withdraw(number, placed):
                self.withdrawn.add(placed.order_id)

    async def _strange_message(self, number: int) -> None:
        """The provider tells of a payment that is none of ours, until somebody takes it.

        While a server comes back trial time may go on for so long that the message is too old; a
        provider signs each of its attempts anew.
        """
        people = self._town.people
        order_id = f"{number:012d}"
        event = Told(
            buyer_id=people.buyer_id(number), order_id=order_id, rank=0, sent=0.0, answered=0.0
        )
        timeline, earnest = self._town.timeline, self._town.earnest
        paid_at = timeline.now()
        reply = await earnest.ask(people.payment(event, paid_at))
        for _ in range(LOOKS):
            if b'"webhook_stale"' not in reply.body:
                break
            reply = await earnest.ask(people.payment(event, paid_at, sent_at=timeline.now()))
        assert reply.status == 202, reply  # noqa: PLR2004 - it was kept for a person
        self.strange += 1


def _nothing_lost(town: Town, lives: _Lives, outcome: Outcome) -> Counter[str]:
    """Everything that somebody was told is there, once; what came too late is owed back.

    Returns how many deposits of an order came after the window, which trial time makes short.
    """
    url = town.world.database.url
    ranks = dict(look(url, _PLACES))
    outcome.expect(
        UNANSWERED,
        that=len(ranks) == lives.asked,
        explanation=f"{lives.asked} people asked, {len(ranks)} orders exist",
    )
    for placed in lives.placed.values():
        rank = ranks.get(placed.order_id)
        if rank is None:
            outcome.fail(LOST_PLACE, f"order {placed.order_id} is not there")
        elif rank != placed.rank:
            outcome.fail(OTHER_RANK, f"order {placed.order_id} was told {placed.rank}, has {rank}")
    events = {(order_id, kind): number for order_id, kind, number in look(url, _EVENTS)}
    late = Counter({key: number for (key, kind), number in events.items() if kind == SURPLUS})
    for order_id, paid in lives.captured.items():
        found = events.get((order_id, "DepositReceived"), 0) + late[order_id]
        if found < paid:
            outcome.fail(LOST_PAYMENT, f"the deposit of {order_id} is not there")
        elif found > paid:
            outcome.fail(DOUBLED, f"the deposit of {order_id} is there {found} times")
    for order_id in lives.withdrawn:
        if (order_id, "Withdrawn") not in events:
            outcome.fail(NONSENSE, f"order {order_id} was withdrawn and is not")
    for (order_id, kind), number in events.items():
        if number != 1:
            outcome.fail(DOUBLED, f"order {order_id} has {number} x {kind}")
    ((kept,),) = look(url, _INBOX)
    outcome.expect(
        INBOX_WRONG,
        that=kept == lives.strange,
        explanation=f"{lives.strange} messages fit no order, {kept} were kept for a person",
    )
    return late


TRIAL = Trial(
    name="boundaries",
    number=15,
    shows="A kill between any two steps of commit, outbox and webhook loses and doubles nothing.",
    unit="kills",
    rounds=20 * len(POINTS),
    short_rounds=len(POINTS),
    lasts="11 min",
    act=kill_everywhere,
    control=Control(
        says="a job that is done when somebody has begun with it loses what it carried",
        act=kill_the_hasty,
        noticed_as=frozenset({NOT_QUIET, REFUND_WRONG}),
        rounds=6,
        short_rounds=2,
    ),
)
"""What `make chaos` runs."""
