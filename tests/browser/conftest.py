"""One running demo and one browser for all tests of pages.

Where there is no Chromium these tests are not collected, and the head of the report says so.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import CHROMIUM, chromium, missing
from tests.demo.running import Running, running_demo

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


@pytest.fixture(scope="session")
def demo() -> Iterator[Running]:
    """A running demo."""
    with running_demo() as running:
        yield running
