"""Number 8: every request is sent up to five times at once, to different servers, some altered.

Each request has one effect; its copies get the same answer, and a copy with another content under
the same key gets 422. The control looks keys up outside of the transaction. Not here: requests
that are repeated because a server died (`kills.py`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from random import Random

import msgspec

from chaos.judging import DOUBLED, LOST_PLACE, look, ranks_dense, sound
from chaos.people import CREATED, NO_CONTENT, People, Told, read_made
from chaos.serving import FORGETFUL
from chaos.trial import Attempt, Control, Outcome, Trial
from chaos.world import world_in
from earnest.simulator.client import Client
from earnest.simulator.wire import Reply

AT_ONCE = 24
SERVERS = 2
MOST_COPIES = 5
ALTERED_SHARE = 0.01
OK, UNPROCESSABLE = 200, 422
STEPS = ("a place", "its deposit", "a case")
"""What each buyer asks for; each is one request with its copies."""

DIFFERENT_ANSWERS = "copies_answered_differently"
ALTERED_TAKEN = "altered_copy_not_refused"

_EFFECTS = """
    SELECT order_id, kind, count(*) FROM earnest.event
    WHERE kind IN ('Reserved', 'DepositReceived', 'SurplusReceived', 'CaseOpened')
    GROUP BY order_id, kind
"""


class Copies(msgspec.Struct, kw_only=True):
    """The answers to the copies of one request, by the content that each copy had."""

    plain: list[Reply] = []
    altered: list[Reply] = []


async def send_often(attempt: Attempt) -> Outcome:
    """Send copies to several servers at once."""
    return await _sent(attempt, None)


async def send_often_forgetfully(attempt: Attempt) -> Outcome:
    """The same where keys are looked up before the transaction and kept after it."""
    return await _sent(attempt, FORGETFUL)


async def _sent(attempt: Attempt, variant: str | None) -> Outcome:
    outcome = Outcome()
    async with world_in(attempt.folder, servers=SERVERS, variant=variant) as world:
        people = await People.of(world, "duplicates", attempt.seed)
        desk = _Sender(attempt, people, outcome)
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(AT_ONCE):
                    tasks.create_task(desk.keep_sending())
        finally:
            await people.close()
        _one_effect_each(world.database.url, desk.orders, outcome)
        if variant is None:
            ranks_dense(world.database.url, outcome)
            await sound(world.database.url, outcome)
    outcome.figures["requests"] = desk.done
    outcome.figures["sent"] = desk.sent
    outcome.figures["altered"] = desk.altered
    return outcome


class _Sender:
    """Sends requests of one buyer after the other until enough were sent."""

    def __init__(self, attempt: Attempt, people: People, outcome: Outcome) -> None:
        self.orders: set[str] = set()
        self.done = 0
        self.sent = 0
        self.altered = 0
        self._attempt = attempt
        self._people = people
        self._outcome = outcome
        self._next = 0

    async def keep_sending(self) -> None:
        while self._next * len(STEPS) < self._attempt.rounds:
            number, self._next = self._next, self._next + 1
            await self._buyer(number)
            self._attempt.reach(self.done)

    async def _buyer(self, number: int) -> None:
        people = self._people
        chance = self._attempt.chance(f"copies {number}")
        copies = await self._copies(
            chance, people.reservation(number), people.reservation(number, altered=True)
        )
        first = self._judge("a place", CREATED, copies)
        if first is None:
            return
        made = read_made(first)
        self.orders.add(made.order_id)
        told = Told(
            buyer_id=people.buyer_id(number),
            order_id=made.order_id,
            rank=made.rank,
            sent=0.0,
            answered=0.0,
        )
        copies = await self._copies(chance, people.payment(told), b"")
        self._judge("its deposit", NO_CONTENT, copies)
        plain, other = (
            people.post(number, f"/orders/{made.order_id}/open-case", body, key=f"case-{number}")
            for body in (b'{"subject":"the paint"}', b'{"subject":"the wheels"}')
        )
        self._judge("a case", OK, await self._copies(chance, plain, other))

    async def _copies(self, chance: Random, plain: bytes, other: bytes) -> Copies:
        """Send a request one to five times at once; sometimes one copy has another content."""
        number = chance.randint(1, MOST_COPIES)
        contents = [plain] * number
        if other and number > 1 and chance.random() < ALTERED_SHARE * 2:
            contents[chance.randrange(number)] = other
            self.altered += 1
        self.done += 1
        self.sent += number
        clients = self._people.clients
        first = chance.randrange(len(clients))
        answers = await asyncio.gather(
            *(
                _answer(clients[(first + place) % len(clients)], content)
                for place, content in enumerate(contents)
            )
        )
        copies = Copies()
        for content, reply in zip(contents, answers, strict=True):
            (copies.plain if content is plain else copies.altered).append(reply)
        return copies

    def _judge(self, what: str, good: int, copies: Copies) -> Reply | None:
        """One content is carried out and answered the same each time; the other one is refused."""
        winners, losers = copies.plain, copies.altered
        if losers and losers[0].status == good:
            winners, losers = losers, winners
        bodies = Counter((reply.status, _essence(reply.body)) for reply in winners)
        if len(bodies) != 1 or next(iter(bodies))[0] != good:
            self._outcome.fail(DIFFERENT_ANSWERS, f"{what}: {_shown(bodies)}")
        for reply in losers:
            if reply.status != UNPROCESSABLE:
                self._outcome.fail(ALTERED_TAKEN, f"{what}: {reply.status} {reply.body!r}")
        return next((reply for reply in winners if reply.status == good), None)


def _essence(body: bytes) -> bytes:
    """An answer without the payment's link, which leads back to the server that was asked."""
    return body.partition(b',"payment":')[0]


async def _answer(client: Client, request: bytes) -> Reply:
    return await client.ask(request)


def _shown(bodies: Counter[tuple[int, bytes]]) -> str:
    return ", ".join(
        f"{number} x {status} {body[:120]!r}" for (status, body), number in bodies.items()
    )


def _one_effect_each(url: str, orders: Sequence[str] | set[str], outcome: Outcome) -> None:
    """Every event that a request causes is there at most once, and every place is there."""
    found = set()
    effects = 0
    for order_id, kind, number in look(url, _EFFECTS):
        found.add(order_id)
        effects += number
        if number != 1 or kind == "SurplusReceived":
            outcome.fail(DOUBLED, f"order {order_id} has {number} x {kind}")
    for order_id in set(orders) - found:
        outcome.fail(LOST_PLACE, f"order {order_id} is not there")
    outcome.figures["effects"] = effects


TRIAL = Trial(
    name="duplicates",
    number=8,
    shows="A request sent up to five times at once to several servers has one effect.",
    unit="requests",
    rounds=1_000_000,
    short_rounds=900,
    lasts="40 min",
    act=send_often,
    control=Control(
        says="keys that are looked up outside of the transaction let an effect happen twice",
        act=send_often_forgetfully,
        noticed_as=frozenset({DOUBLED}),
        rounds=900,
        short_rounds=300,
    ),
)
"""What `make chaos` runs."""
