"""What holds for every test: Hypothesis profiles and the event loop.

Fixtures of one room do not belong here; they stand in the `conftest.py` of that room's folder.

Choose a profile with `EARNEST_HYPOTHESIS_PROFILE`: `dev` (default) looks for new examples each
time, `ci` looks at the same ones each time so that a red run can be repeated, `thorough` takes
minutes, `mutants` looks at few of them because it runs for every mutant.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

# No profile has a deadline: how long an example takes depends on the machine, not on the rule.
settings.register_profile("dev", deadline=None, max_examples=100)
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True, print_blob=True)
settings.register_profile(
    "thorough",
    deadline=None,
    max_examples=5_000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=10,
    derandomize=True,
    database=None,
    # That an example fails is enough; nobody reads the smallest one.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
settings.load_profile(os.environ.get("EARNEST_HYPOTHESIS_PROFILE", "dev"))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop of tests marked `anyio`: asyncio, the only one that Earnest runs on."""
    return "asyncio"
