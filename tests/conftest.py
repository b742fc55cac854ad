"""What holds for every test: Hypothesis profiles, the event loop, and where files lie.

Fixtures of one room do not belong here; they stand in the `conftest.py` of that room's folder.

Temporary files lie in memory where there is room for them, because a thousand databases are made
and dropped, and a disk that is asked to keep each of them takes ten times as long. `TMPDIR` puts
them elsewhere, to look at what a failed test left.

Choose a profile with `EARNEST_HYPOTHESIS_PROFILE`: `dev` (default) looks for new examples each
time, `ci` looks at the same ones each time so that a red run can be repeated, `thorough` takes
minutes, `mutants` looks at few of them because it runs for every mutant.
"""

import os
import shutil
import tempfile
from pathlib import Path

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


_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of this run's own is made in it
_ROOM_BYTES = 6 << 30
"""What a whole run may take at once, with several databases and their logs."""

_folder = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Choose where temporary files lie; the workers of a run inherit it."""
    if "TMPDIR" in os.environ or not _has_room(_MEMORY):
        return
    folder = tempfile.mkdtemp(prefix="earnest-tests-", dir=_MEMORY)
    # PostgreSQL runs as another account, which has to walk through.
    Path(folder).chmod(0o711)
    config.stash[_folder] = os.environ["TMPDIR"] = tempfile.tempdir = folder


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the memory back."""
    if _folder in config.stash:
        shutil.rmtree(config.stash[_folder], ignore_errors=True)


def _has_room(place: Path) -> bool:
    return place.is_dir() and shutil.disk_usage(place).free >= _ROOM_BYTES


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop of tests marked `anyio`: asyncio, the only one that Earnest runs on."""
    return "asyncio"
