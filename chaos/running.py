"""Running trials and their controls, one after the other, and judging both.

A trial passes when nothing failed; its control passes the judgement when something failed, and
failed for the reason it is there for. Not here: printing (`showing.py`).
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from time import perf_counter

import msgspec

from chaos.trial import Act, Attempt, Figure, Impossible, Outcome, Reach, Trial


class Verdict(StrEnum):
    """What a run of a trial or of its control means."""

    HELD = "held"
    BROKEN = "broken"
    CONTROL_FAILED = "control failed as it must"
    CONTROL_PASSED = "control was not noticed"
    IMPOSSIBLE = "not possible here"


GOOD = frozenset({Verdict.HELD, Verdict.CONTROL_FAILED})
"""Verdicts after which the suite may be trusted."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a trial or of its control."""

    name: str
    number: int
    is_control: bool
    says: str
    rounds: int
    unit: str
    seed: int
    seconds: float
    verdict: Verdict
    figures: dict[str, Figure]
    failures: Counter[str]
    examples: list[str]


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How much is run: the short form, the long one, or a number of rounds of one's own."""

    is_short: bool = False
    rounds: int | None = None

    def of_trial(self, trial: Trial) -> int:
        """Rounds of the trial itself."""
        return self.rounds or (trial.short_rounds if self.is_short else trial.rounds)

    def of_control(self, trial: Trial) -> int:
        """Rounds of its control."""
        assert trial.control is not None, "only asked where there is one"
        return trial.control.short_rounds if self.is_short else trial.control.rounds


def unheard(done: float, acknowledged: int = 0) -> None:
    """Tell nobody how far a run is."""


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told how far a run is: `reach` how many rounds are done, `say` a line for people."""

    reach: Reach = unheard
    say: Callable[[str], None] = lambda _: None


async def run_trial(
    trial: Trial, size: Size, seed: int, watch: Watch, place: Path | None = None
) -> Result:
    """Run a trial; nothing may fail."""
    rounds = size.of_trial(trial)
    return await _run(trial, trial.act, rounds, seed, watch, place)


async def run_control(
    trial: Trial, size: Size, seed: int, watch: Watch, place: Path | None = None
) -> Result:
    """Run the control of a trial; it must be noticed."""
    assert trial.control is not None, "only asked where there is one"
    return await _run(trial, trial.control.act, size.of_control(trial), seed, watch, place)


async def _run(
    trial: Trial, act: Act, rounds: int, seed: int, watch: Watch, place: Path | None
) -> Result:
    control = trial.control if act is not trial.act else None
    # A short name: the database's socket lies in it, and a system allows a hundred letters.
    folder = Path(tempfile.mkdtemp(prefix="chaos-", dir=place))
    started = perf_counter()
    attempt = Attempt(
        rounds=rounds, seed=seed, folder=folder / "trial", reach=watch.reach, say=watch.say
    )
    try:
        outcome = await act(attempt)
        verdict = _verdict(outcome, None if control is None else control.noticed_as)
    except Impossible as impossible:
        outcome = Outcome(examples=[str(impossible)])
        verdict = Verdict.IMPOSSIBLE
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Result(
        name=trial.name,
        number=trial.number,
        is_control=control is not None,
        says=trial.shows if control is None else control.says,
        rounds=rounds,
        unit=trial.unit,
        seed=seed,
        seconds=perf_counter() - started,
        verdict=verdict,
        figures=outcome.figures,
        failures=outcome.failures,
        examples=outcome.examples,
    )


def _verdict(outcome: Outcome, noticed_as: frozenset[str] | None) -> Verdict:
    """A trial must be spotless; a control must be noticed for the reason it is there for."""
    if noticed_as is None:
        return Verdict.BROKEN if outcome.failures else Verdict.HELD
    if noticed_as & outcome.failures.keys():
        return Verdict.CONTROL_FAILED
    return Verdict.CONTROL_PASSED
