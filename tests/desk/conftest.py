"""Log lines of the desk, kept for a test to look at instead of printed."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[EventDict]]:
    """What was logged during the test."""
    with capture_logs() as lines:
        yield lines
