"""`python -m chaos`: break a running Earnest on purpose, and look for what was lost.

Not here: the trials (`trials.py` lists them).
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from random import SystemRandom
from typing import Annotated

import uvloop
from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.console import Console

from chaos.running import GOOD, Result, Size, Verdict, run_control, run_trial
from chaos.showing import show_results, show_trials, write_json
from chaos.telling import told
from chaos.trial import Trial
from chaos.trials import TRIALS
from earnest.cli.logs import configure_logs

_NAMES = ", ".join(trial.name for trial in TRIALS)

app = App(
    name="chaos",
    help="Break a running Earnest on purpose and look for what was lost, doubled or overtaken.\n\n"
    "Each trial has a control: the same load on a variant with a known fault, which the trial must "
    "notice. The exit code is 1 when a trial is broken or a control is not noticed.\n\n"
    f"Trials: {_NAMES}. See them with `python -m chaos trials`.",
    version_flags=[],
)


@app.command
def trials() -> None:
    """Show what can be run, and how long it takes."""
    show_trials(TRIALS, Console())


@app.default
def run(
    *,
    only: Annotated[
        list[str] | None, Parameter(help="Only the trials with these names.", negative="")
    ] = None,
    short: Annotated[
        bool, Parameter(help="The short form, as in continuous integration.", negative="")
    ] = False,
    rounds: Annotated[
        int | None,
        Parameter(help="Rounds of each trial, instead of its own.", validator=Number(gt=0)),
    ] = None,
    seed: Annotated[
        int | None, Parameter(help="Seed; a run with the same seed asks and breaks the same.")
    ] = None,
    controls: Annotated[
        bool, Parameter(help="Run the controls as well; without them a trial proves little.")
    ] = True,
    place: Annotated[
        Path | None, Parameter(help="Folder for the databases; a real disk, not memory.")
    ] = None,
    json: Annotated[Path | None, Parameter(help="Write the results here as JSON.")] = None,
) -> int:
    """Run trials, each with its control."""
    console = Console()
    chosen = [trial for trial in TRIALS if only is None or trial.name in only]
    unknown = sorted(set(only or ()) - {trial.name for trial in TRIALS})
    if unknown:
        console.print(f"There is no trial named {', '.join(unknown)}; there are: {_NAMES}.")
        return 2
    # Under root the database runs as another account; what it may walk through need not be told.
    configure_logs("warning")
    logging.getLogger("earnest.store.engine").setLevel(logging.ERROR)
    drawn = SystemRandom().randrange(1, 1_000_000) if seed is None else seed
    load = os.getloadavg()[0]
    console.print(f"seed {drawn}, load average {load:.1f} on {os.cpu_count()} cores")
    size = Size(is_short=short, rounds=rounds)
    results: list[Result] = []
    for trial in chosen:
        if size.is_short and trial.only_long:
            continue
        results.append(_watched(trial, size, drawn, place, console, is_control=False))
        if controls and trial.control is not None and results[-1].verdict is not Verdict.IMPOSSIBLE:
            results.append(_watched(trial, size, drawn, place, console, is_control=True))
    show_results(results, console)
    if json is not None:
        write_json(results, drawn, load, json)
    return 0 if all(each.verdict in GOOD | {Verdict.IMPOSSIBLE} for each in results) else 1


def _watched(
    trial: Trial, size: Size, seed: int, place: Path | None, console: Console, *, is_control: bool
) -> Result:
    """Run one of the two, and show how far it is."""
    total = size.of_control(trial) if is_control else size.of_trial(trial)
    name = f"{trial.name}, control" if is_control else trial.name
    act = run_control if is_control else run_trial
    with told(name, total, trial.unit, console) as watch:
        return uvloop.run(act(trial, size, seed, watch, place))


if __name__ == "__main__":
    sys.exit(app())
