"""Numbers 2, 7 and 10: a surge of ten times what may wait, a limited edition, and the lottery.

All live beside their tests in `tests/chaos` and have their controls there; here they become trials
of the suite. Not here: what they do.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import psycopg
from psycopg.sql import SQL, Identifier

from chaos.trial import Attempt, Control, Outcome, Trial
from earnest.store.embedded import EmbeddedServer
from earnest.store.migrate import migrate
from tests.chaos.lottery import FURTHEST, Shuffle, biased, chi_square, correlation, fair
from tests.chaos.oversell import Plan, Round, sell
from tests.chaos.surge import TIMES, UNBOUNDED, Scale, surge

BUYERS_FOR_EACH_UNIT = 10
UNITS, SHORT_UNITS = 1_000, 24
SHORT_ROUNDS = 1
ROUNDS_IN_A_DATABASE = 10
"""Who looks from outside counts all rows there are, so they must not become more for ever."""

NOT_EXACT, SURGED = "units_not_exact", "surge_not_as_it_must_be"
NOT_EQUALLY_LIKELY, ARRIVAL_COUNTS = "not_equally_likely", "arrival_counts"
MAY_WAIT_SHORT = 40
FURTHEST_SIGMA = 4.0
"""Pure chance lies beyond this once in more than ten thousand draws."""


@asynccontextmanager
async def _server(attempt: Attempt) -> AsyncIterator[EmbeddedServer]:
    """A PostgreSQL of its own."""
    server = EmbeddedServer(attempt.folder)
    await asyncio.to_thread(server.start)
    try:
        yield server
    finally:
        await asyncio.to_thread(server.stop)


async def _fresh(server: EmbeddedServer, name: str) -> str:
    """A migrated database of this name; its URL."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    place, _, where = server.url.rpartition("?")
    url = f"{place.rpartition('/')[0]}/{name}?{where}"
    await asyncio.to_thread(migrate, url)
    return url


async def sell_out(attempt: Attempt) -> Outcome:
    """Sell an edition out, again and again."""
    return await _sold(attempt, is_careless=False)


async def sell_carelessly(attempt: Attempt) -> Outcome:
    """The same where units are counted before the lock."""
    return await _sold(attempt, is_careless=True)


async def _sold(attempt: Attempt, *, is_careless: bool) -> Outcome:
    outcome = Outcome()
    is_short = is_careless or attempt.rounds <= SHORT_ROUNDS
    units = SHORT_UNITS if is_short else UNITS
    plan = Plan(
        buyers=units * BUYERS_FOR_EACH_UNIT,
        units=units,
        rounds=ROUNDS_IN_A_DATABASE,
        group_limit=20 if is_short else 500,
        seed=attempt.seed,
    )
    rounds: list[Round] = []

    def reach(done: int) -> None:
        attempt.reach(done, done * (plan.buyers + units))

    async with _server(attempt) as server:
        for before in range(0, attempt.rounds, ROUNDS_IN_A_DATABASE):
            count = min(ROUNDS_IN_A_DATABASE, attempt.rounds - before)
            rounds += await sell(
                await _fresh(server, f"rounds_{before}"),
                msgspec.structs.replace(plan, rounds=count),
                careless=is_careless,
                first=before + 1,
                reach=reach,
            )
    for number, each in enumerate(rounds, start=1):
        outcome.expect(
            NOT_EXACT,
            that=each.deposited == each.counted == units,
            explanation=f"round {number} sold {each.deposited} of {units}",
        )
    outcome.figures["units in a round"] = units
    outcome.figures["buyers in a round"] = plan.buyers
    outcome.figures["sold, most"] = max(each.deposited for each in rounds)
    outcome.figures["sold, least"] = min(each.deposited for each in rounds)
    return outcome


async def come_in_masses(attempt: Attempt) -> Outcome:
    """Let ten times more come than may wait."""
    return await _surged(attempt, attempt.rounds)


async def come_without_limit(attempt: Attempt) -> Outcome:
    """The same where everybody may wait inside."""
    return await _surged(attempt, UNBOUNDED)


async def _surged(attempt: Attempt, limit: int) -> Outcome:
    outcome = Outcome()
    scale = Scale(may_wait=attempt.rounds, reads=max(20, attempt.rounds // 4))
    async with _server(attempt) as server:
        url = await _fresh(server, "surge")
        seen = await surge(
            url, scale, limit=limit, reach=lambda placed: attempt.reach(placed / TIMES)
        )
    for claim in seen.faults(scale, scale.may_wait):
        outcome.fail(SURGED, f"does not hold: {claim}")
    attempt.reach(attempt.rounds)
    outcome.figures["buyers"] = scale.buyers
    outcome.figures["answered 503, then 201"] = seen.answers[503]
    outcome.figures["waited inside, most"] = seen.most_waiting
    return outcome


async def draw_fairly(attempt: Attempt) -> Outcome:
    """Draw again and again, and once among as many people."""
    outcome = await _drawn(attempt, fair)
    sigma = await asyncio.to_thread(correlation, attempt.rounds)
    outcome.expect(
        ARRIVAL_COUNTS,
        that=abs(sigma) < FURTHEST_SIGMA,
        explanation=f"arrival and slot go together by {sigma:.1f} sigma",
    )
    outcome.figures["arrival against slot, sigma"] = round(sigma, 1)
    return outcome


async def draw_with_bias(attempt: Attempt) -> Outcome:
    """The same with a shuffle that swaps every place with any other."""
    return await _drawn(attempt, biased)


async def _drawn(attempt: Attempt, shuffle: Shuffle) -> Outcome:
    outcome = Outcome()
    found = await asyncio.to_thread(chi_square, attempt.rounds, shuffle)
    outcome.expect(
        NOT_EQUALLY_LIKELY,
        that=found < FURTHEST,
        explanation=f"chi-square is {found:.1f} with 23 degrees of freedom",
    )
    attempt.reach(attempt.rounds)
    outcome.figures["chi-square (23 degrees of freedom)"] = round(found, 1)
    return outcome


SURGE = Trial(
    name="surge",
    number=2,
    shows="Ten times more than may wait get 201 or 503, and all of them a place in the end.",
    unit="may wait",
    rounds=2_000,
    short_rounds=MAY_WAIT_SHORT,
    lasts="1 min",
    act=come_in_masses,
    control=Control(
        says="a queue without a limit fills the memory",
        act=come_without_limit,
        noticed_as=frozenset({SURGED}),
        rounds=MAY_WAIT_SHORT,
        short_rounds=MAY_WAIT_SHORT,
    ),
    only_long=True,
)
"""Its short form stands in `tests/chaos/test_surge.py`."""

OVERSELL = Trial(
    name="oversell",
    number=7,
    shows="A limited edition sells exactly its units while people leave and do not pay.",
    unit="rounds",
    rounds=100,
    short_rounds=SHORT_ROUNDS,
    lasts="24 min at most",
    act=sell_out,
    control=Control(
        says="units counted before the lock are sold twice",
        act=sell_carelessly,
        noticed_as=frozenset({NOT_EXACT}),
        rounds=2,
        short_rounds=2,
    ),
    only_long=True,
)
"""Its short form stands in `tests/chaos/test_oversell.py`."""

LOTTERY = Trial(
    name="lottery",
    number=10,
    shows="Every order of a draw is as likely as any other, and nobody gains by arriving early.",
    unit="draws",
    rounds=1_000_000,
    short_rounds=20_000,
    lasts="1 min",
    act=draw_fairly,
    control=Control(
        says="a shuffle that swaps every place with any other",
        act=draw_with_bias,
        noticed_as=frozenset({NOT_EQUALLY_LIKELY}),
        rounds=100_000,
        short_rounds=20_000,
    ),
    only_long=True,
)
"""Its short form stands in `tests/chaos/test_lottery.py`."""
