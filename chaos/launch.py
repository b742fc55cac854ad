"""Number 1: a launch as it was, over HTTP and at its rate, with every check that a replay makes.

Two hundred thousand people reserve and pay within three minutes, then withdraw, lapse and lock, and
some lead whole lives. Fewer rounds replay a part of the crowd in a part of the time, so that the
rate is always that of the launch. The control gives each request a transaction of its own and
cannot keep up. Not here: the replay itself (`earnest replay`).
"""

from __future__ import annotations

from rich.console import Console

from chaos.judging import look, sound
from chaos.serving import ALONE
from chaos.town import books_of
from chaos.trial import Attempt, Control, Outcome, Trial
from chaos.world import world_in
from earnest.simulator.access import access_of_demo
from earnest.simulator.display import Display, Phase
from earnest.simulator.options import ReplayOptions
from earnest.simulator.replay import Replay
from earnest.simulator.report import ReplayReport

LAUNCH = "yu7"
CROWD = 200_000
"""People who came in the first three minutes, as the press reported."""

FIRST_MINUTES_S = 180.0
SLOWEST_MS = 500.0
SHORT_ROUNDS = 2_000
LEAST_TOGETHER = 2
"""Reservations of one transaction, on average: together they keep up, one by one they do not.

The short form runs beside other tests, where a time would say more about those; it judges this
alone, which no slower machine makes worse.
"""

CONNECTIONS = 768
"""Enough that people who wait for the provider keep nobody from asking for a place."""

CLIENTS = 2
SAMPLE = 20
_NOWHERE = Console(quiet=True)

CHECK, TURNED_AWAY = "check_of_the_replay", "not_everybody_accepted"
TOO_SLOW, ONE_BY_ONE = "too_slow", "reserved_one_by_one"
_TOGETHER = """
    SELECT count(*), count(DISTINCT written_in) FROM earnest.queue_move WHERE cause = 'reserved'
"""


async def launch(attempt: Attempt) -> Outcome:
    """Replay the launch at the shipped server."""
    return await _launched(attempt, None)


async def launch_one_by_one(attempt: Attempt) -> Outcome:
    """The same where every request has a transaction of its own."""
    return await _launched(attempt, ALONE)


async def _launched(attempt: Attempt, variant: str | None) -> Outcome:
    outcome = Outcome()
    part = attempt.rounds / CROWD
    async with world_in(attempt.folder, variant=variant, is_demo=True) as world:
        options = ReplayOptions(
            file=LAUNCH,
            access=access_of_demo(world.folder),
            speed=1 / part,
            scale=part,
            until_s=FIRST_MINUTES_S,
            connections=CONNECTIONS,
            processes=CLIENTS,
            sample=SAMPLE,
            seed=attempt.seed,
        )
        report = await _replayed(attempt, options)
        for check in report.checks:
            outcome.expect(CHECK, that=check.passed, explanation=f"{check.name}: {check.detail}")
        if variant is None:
            async with books_of(world) as books:
                await sound(world.database.url, outcome, books)
        ((reservations, transactions),) = look(world.database.url, _TOGETHER)
    _judge(report, outcome)
    outcome.expect(
        ONE_BY_ONE,
        that=reservations >= LEAST_TOGETHER * transactions,
        explanation=f"{reservations} reservations took {transactions} transactions",
    )
    outcome.figures["reservations"] = reservations
    outcome.figures["in transactions"] = transactions
    if attempt.rounds > SHORT_ROUNDS:
        slowest = report.pace.reservations.p99_ms
        outcome.expect(
            TOO_SLOW,
            that=slowest < SLOWEST_MS,
            explanation=f"99 of 100 reservations took up to {slowest:.0f} ms",
        )
    return outcome


class _Step(Phase):
    """A step of the replay, told to whoever waits for the trial."""

    def __init__(self, attempt: Attempt, name: str, total: int) -> None:
        super().__init__(_NOWHERE, None, name, total)
        self._attempt = attempt
        self._words = f"{name}: {{}} of {total:,}"
        self._is_launch = name.startswith("launch")

    def reach(self, done: int, note: str = "") -> None:  # noqa: ARG002 - a bar needs no words
        """Only the launch itself moves the bar."""
        if self._is_launch:
            self._attempt.reach(done, done)

    def finish(self, done: int, note: str = "") -> None:
        """Say how it went."""
        self._attempt.say(" ".join([self._words.format(f"{done:,}"), note]).strip())


class _Steps(Display):
    """Where the replay shows itself."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__(_NOWHERE)
        self._attempt = attempt

    def phase(self, name: str, total: int) -> Phase:
        """Begin a step."""
        return _Step(self._attempt, name, total)


async def _replayed(attempt: Attempt, options: ReplayOptions) -> ReplayReport:
    """The replay, saying its steps."""
    replay = Replay(options, _Steps(attempt))
    try:
        return await replay.run()
    finally:
        await replay.close()


def _judge(report: ReplayReport, outcome: Outcome) -> None:
    """Everybody was accepted; and what the replay measured."""
    outcome.expect(
        TURNED_AWAY,
        that=report.accepted == report.offered,
        explanation=f"{report.accepted} of {report.offered} were accepted",
    )
    outcome.figures["offered"] = report.offered
    outcome.figures["acknowledged"] = report.accepted + report.paid
    outcome.figures["paid orders a second"] = round(report.pace.whole_per_s)
    outcome.figures["best minute, a second"] = round(report.pace.best_minute_per_s)
    outcome.figures["reservations, p99 ms"] = round(report.pace.reservations.p99_ms)
    outcome.figures["checks held"] = sum(check.passed for check in report.checks)
    outcome.figures["checks"] = len(report.checks)


TRIAL = Trial(
    name="launch",
    number=1,
    shows="The YU7 launch at its own rate: all accepted, p99 below half a second, no check fails.",
    unit="people",
    rounds=CROWD,
    short_rounds=SHORT_ROUNDS,
    lasts="8 min",
    act=launch,
    control=Control(
        says="one transaction for each request cannot keep up",
        act=launch_one_by_one,
        noticed_as=frozenset({TOO_SLOW, TURNED_AWAY, ONE_BY_ONE}),
        rounds=4_000,
        short_rounds=SHORT_ROUNDS,
    ),
)
"""What `make chaos` runs."""
