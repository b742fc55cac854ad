"""A running demo and a browser for the tests of each file.

Where there is no Chromium these tests are not collected, and the head of the report says so.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import CHROMIUM, chromium, missing
from tests.demo.running import Running, running_demo
from tests.unmeasured import nobody_counts_lines

__all__ = ["browser", "demo", "nobody_counts_lines"]

collect_ignore_glob = [] if CHROMIUM.exists() else ["test_*.py"]


def pytest_report_header() -> list[str]:
    """What is missing on this machine."""
    return missing()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser; every visitor has a window apart.

    It ends with its file: while Playwright is there, no other test could run an event loop.
    """
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def demo() -> Iterator[Running]:
    """A running demo of the file's own: some journeys move its clock far into the future."""
    with running_demo() as running:
        yield running
