"""Number 9: whoever was answered before another one asked stands before that one.

Judged from outside by one clock, over several server processes on one database. The control gives
each server a sequence of its own. Not here: how ranks are given (`core/queue`).
"""

from __future__ import annotations

import asyncio

from chaos.judging import OVERTAKEN, nobody_overtaken, nothing_lost, ranks_dense
from chaos.people import People
from chaos.serving import OWN_RANKS
from chaos.trial import Attempt, Control, Outcome, Trial
from chaos.world import world_in

AT_ONCE = 128
SERVERS = 2
_LOOK_S = 0.2


async def stand_in_line(attempt: Attempt) -> Outcome:
    """Reserve at several servers of one queue."""
    return await _stood(attempt, None)


async def stand_in_two_lines(attempt: Attempt) -> Outcome:
    """The same where every server counts by itself."""
    return await _stood(attempt, OWN_RANKS)


async def _stood(attempt: Attempt, variant: str | None) -> Outcome:
    outcome = Outcome()
    async with world_in(attempt.folder, servers=SERVERS, variant=variant) as world:
        people = await People.of(world, "fairness", attempt.seed)
        try:
            crowd = asyncio.create_task(
                people.crowd(AT_ONCE, lambda number: number < attempt.rounds, pays=False)
            )
            while not crowd.done():
                attempt.reach(len(people.told), people.acknowledged)
                await asyncio.wait({crowd}, timeout=_LOOK_S)
            await crowd
        finally:
            await people.close()
        nobody_overtaken(people.told, outcome)
        nothing_lost(world.database.url, people, outcome)
        if variant is None:
            ranks_dense(world.database.url, outcome)
    outcome.figures["reservations"] = len(people.told)
    outcome.figures["servers"] = SERVERS
    return outcome


TRIAL = Trial(
    name="fairness",
    number=9,
    shows="Whoever was answered before another one asked has the better place, at every server.",
    unit="reservations",
    rounds=200_000,
    short_rounds=1_500,
    lasts="3 min",
    act=stand_in_line,
    control=Control(
        says="two servers that count by themselves overtake",
        act=stand_in_two_lines,
        noticed_as=frozenset({OVERTAKEN}),
        rounds=2_000,
        short_rounds=300,
    ),
)
"""What `make chaos` runs."""
