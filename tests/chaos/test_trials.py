"""Every trial of the chaos suite in its short form, and each control, which must be noticed.

Not here: the long forms (`make chaos`) and the trials themselves (`chaos/`).
"""

from __future__ import annotations

import pytest
import uvloop

from chaos.running import Result, Size, Verdict, Watch, run_control, run_trial
from chaos.trial import Trial
from chaos.trials import TRIALS

SHORT = Size(is_short=True)
SEED = 20_240_328
IN_SHORT = [trial for trial in TRIALS if not trial.only_long]
WITH_CONTROL = [trial for trial in IN_SHORT if trial.control is not None]


def words(result: Result) -> str:
    return "\n".join([result.verdict.value, *result.examples])


@pytest.mark.slow
@pytest.mark.parametrize("trial", IN_SHORT, ids=lambda trial: trial.name)
def test_a_trial_holds(trial: Trial) -> None:
    result = uvloop.run(run_trial(trial, SHORT, SEED, Watch()))

    # A machine without loop mounts cannot lose its power; the suite says so and goes on.
    assert result.verdict in {Verdict.HELD, Verdict.IMPOSSIBLE}, words(result)


@pytest.mark.slow
@pytest.mark.parametrize("trial", WITH_CONTROL, ids=lambda trial: trial.name)
def test_the_control_of_a_trial_is_noticed(trial: Trial) -> None:
    result = uvloop.run(run_control(trial, SHORT, SEED, Watch()))

    assert result.verdict in {Verdict.CONTROL_FAILED, Verdict.IMPOSSIBLE}, words(result)


def test_every_trial_has_a_name_and_a_control_of_its_own() -> None:
    names = [trial.name for trial in TRIALS]

    assert len(set(names)) == len(names)
    assert [trial.name for trial in TRIALS if trial.control is None] == []
