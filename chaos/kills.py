"""Number 3: kill the server, the database or both with -9 while people reserve and pay.

Whatever was acknowledged before a kill must be there after it, and everybody who asks again with
the same key gets one place. The control answers before it commits. Not here: a machine that loses
its power (`power_cut.py`).
"""

from __future__ import annotations

import asyncio
import os
import signal
from statistics import median
from time import perf_counter

from chaos.judging import LOSSES, nobody_unheard, nothing_lost, ranks_dense, sound
from chaos.people import People
from chaos.serving import EARLY
from chaos.trial import Attempt, Control, Outcome, Trial
from chaos.world import World, world_in

AT_ONCE = 64
"""People who ask at the same time: enough that some commit is always under way."""

LIVES_S = (0.3, 1.5)
"""How long the world works between two kills."""

SERVER, DATABASE, BOTH = "server", "database", "both"
VICTIMS = (SERVER, DATABASE, BOTH)


async def kill_often(attempt: Attempt) -> Outcome:
    """Kill and restart the shipped server and its database."""
    return await _killed(attempt, None)


async def kill_early(attempt: Attempt) -> Outcome:
    """The same on a server that answers before it commits."""
    return await _killed(attempt, EARLY)


async def _killed(attempt: Attempt, variant: str | None) -> Outcome:
    outcome = Outcome()
    async with world_in(attempt.folder, variant=variant) as world:
        people = await People.of(world, "kills", attempt.seed)
        goes_on = True
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(people.crowd(AT_ONCE, lambda _: goes_on))
                back = await _kill_and_restart(attempt, world, people, outcome)
                goes_on = False
        finally:
            await people.close()
        nothing_lost(world.database.url, people, outcome)
        if variant is None:
            nobody_unheard(world.database.url, people, outcome)
            ranks_dense(world.database.url, outcome)
            await sound(world.database.url, outcome)
    outcome.figures["asked again"] = people.troubles
    outcome.figures["back after, median s"] = round(median(back), 1)
    return outcome


async def _kill_and_restart(
    attempt: Attempt, world: World, people: People, outcome: Outcome
) -> list[float]:
    chance = attempt.chance("kills")
    seconds: list[float] = []
    in_flight = 0
    for number in range(1, attempt.rounds + 1):
        await people.until_told(len(people.told) + AT_ONCE)
        await asyncio.sleep(chance.uniform(*LIVES_S))
        # Every kind of victim in turn, so that even a short run has them all.
        victim = VICTIMS[(number - 1) % len(VICTIMS)]
        in_flight += people.asked > len(people.told) or people.troubles > 0
        killed = perf_counter()
        await _kill(world, victim)
        seconds.append(perf_counter() - killed)
        attempt.say(f"kill {number} ({victim}): back after {seconds[-1]:.1f} s")
        attempt.reach(number, people.acknowledged)
    outcome.figures["kills"] = len(seconds)
    outcome.figures["kills with requests in the air"] = in_flight
    return seconds


async def _kill(world: World, victim: str) -> None:
    """Kill, restart, and wait until there are answers again."""
    (server,) = world.servers
    if victim != DATABASE:
        server.kill()
    if victim != SERVER:
        os.kill(world.database.process_id, signal.SIGKILL)
        await asyncio.to_thread(world.database.stop)
        await asyncio.to_thread(world.database.start)
    if victim != DATABASE:
        server.start()
    await server.until_up()


TRIAL = Trial(
    name="kills",
    number=3,
    shows="Whatever was acknowledged survives kill -9 of server, database or both, under load.",
    unit="kills",
    rounds=100,
    short_rounds=3,
    lasts="7 min",
    act=kill_often,
    control=Control(
        says="a server that answers before it commits loses what it acknowledged",
        act=kill_early,
        noticed_as=LOSSES,
        rounds=6,
        short_rounds=2,
    ),
)
"""What `make chaos` runs."""
