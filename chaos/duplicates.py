"""Number 8: every request is sent up to five times at once, to different servers, some altered.

Each request has one effect; its copies get the same answer, and a copy with another content under
the same key gets 422. The control looks keys up outside of the transaction. Not here: sending
(`sending.py`), and requests that are repeated because a server died (`kills.py`).
"""

from __future__ import annotations

from chaos.judging import DOUBLED, LOST_PLACE, look, ranks_dense, sound
from chaos.sending import Part, send_from_processes
from chaos.serving import FORGETFUL
from chaos.trial import Attempt, Control, Outcome, Trial
from chaos.world import world_in

SERVERS = 2
CLIENTS = 2
"""Processes that send; one of them alone is slower than two servers."""

_EFFECTS = """
    SELECT order_id, kind, count(*) FROM earnest.event
    WHERE kind IN ('Reserved', 'DepositReceived', 'SurplusReceived', 'CaseOpened')
    GROUP BY order_id, kind
"""


async def send_often(attempt: Attempt) -> Outcome:
    """Send copies to several servers at once."""
    return await _sent(attempt, None)


async def send_often_forgetfully(attempt: Attempt) -> Outcome:
    """The same where keys are looked up before the transaction and kept after it."""
    return await _sent(attempt, FORGETFUL)


async def _sent(attempt: Attempt, variant: str | None) -> Outcome:
    outcome = Outcome()
    async with world_in(attempt.folder, servers=SERVERS, variant=variant) as world:
        parts = [
            Part(
                kept=str(attempt.folder / f"orders-{number}.txt"),
                folder=str(world.folder),
                database_url=world.database.url,
                ports=[server.port for server in world.servers],
                seed=attempt.seed,
                first=number,
                step=CLIENTS,
                requests=-(-attempt.rounds // CLIENTS),
            )
            for number in range(CLIENTS)
        ]
        sent = await send_from_processes(parts, attempt.reach)
        orders = set[str]().union(*(part.orders() for part in parts))
        for each in sent:
            outcome.failures.update(each.failures)
            outcome.examples.extend(each.examples)
        _one_effect_each(world.database.url, orders, outcome)
        if variant is None:
            ranks_dense(world.database.url, outcome)
            await sound(world.database.url, outcome)
    outcome.figures["requests"] = sum(each.done for each in sent)
    outcome.figures["sent"] = sum(each.sent for each in sent)
    outcome.figures["asked again"] = sum(each.again for each in sent)
    outcome.figures["altered"] = sum(each.altered for each in sent)
    outcome.figures["processes that sent"] = CLIENTS
    return outcome


def _one_effect_each(url: str, orders: set[str], outcome: Outcome) -> None:
    """Every event that a request causes is there at most once, and every place is there."""
    found = set()
    effects = 0
    for order_id, kind, number in look(url, _EFFECTS):
        found.add(order_id)
        effects += number
        if number != 1 or kind == "SurplusReceived":
            outcome.fail(DOUBLED, f"order {order_id} has {number} x {kind}")
    for order_id in orders - found:
        outcome.fail(LOST_PLACE, f"order {order_id} is not there")
    outcome.figures["effects"] = effects


TRIAL = Trial(
    name="duplicates",
    number=8,
    shows="A request sent up to five times at once to several servers has one effect.",
    unit="requests",
    rounds=1_000_000,
    short_rounds=900,
    lasts="17 min",
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
