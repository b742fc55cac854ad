"""Fixtures of the demo's tests: one running demo for all of them."""

from collections.abc import Iterator

import pytest

from tests.demo.running import Running, running_demo


@pytest.fixture(scope="session")
def demo() -> Iterator[Running]:
    """A running demo."""
    with running_demo() as running:
        yield running
