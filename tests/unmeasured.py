"""A fixture for tests of whole servers: their lines are not counted, which would slow them down.

Each line that such a server reaches is reached by the tests of its room as well. A folder or a
file that wants it imports it:

    from tests.unmeasured import nobody_counts_lines

    __all__ = ["nobody_counts_lines"]

Not here: what is counted (`pyproject.toml`).
"""

import os
from collections.abc import Iterator

import pytest

_MEASURED = "COVERAGE_PROCESS_CONFIG"


@pytest.fixture(autouse=True, scope="module")
def nobody_counts_lines() -> Iterator[None]:
    """Whatever a test starts runs at its own speed."""
    measured = os.environ.pop(_MEASURED, None)
    yield
    if measured is not None:
        os.environ[_MEASURED] = measured
