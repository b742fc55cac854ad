"""Every trial of the suite, in the order in which it is run.

Not here: the trials themselves, each in its own file.
"""

from __future__ import annotations

from chaos import boundaries, duplicates, fairness, gathered, kills, launch, power_cut, provider
from chaos.trial import Trial

TRIALS: tuple[Trial, ...] = (
    launch.TRIAL,
    gathered.SURGE,
    kills.TRIAL,
    power_cut.TRIAL,
    gathered.OVERSELL,
    duplicates.TRIAL,
    fairness.TRIAL,
    gathered.LOTTERY,
    provider.TRIAL,
    boundaries.TRIAL,
)
"""By their numbers in the programme of `docs/chaos.md`."""


def trial_named(name: str) -> Trial:
    """The trial with this name. Raises `KeyError`."""
    return {trial.name: trial for trial in TRIALS}[name]
