"""A receiver of webhooks and a sandbox that posts to it, fresh for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateways.running import Receiver, SandboxInThread


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The merchant's address for webhooks."""
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def sandbox(tmp_path: Path, receiver: Receiver) -> Iterator[SandboxInThread]:
    """A well-behaved sandbox with an empty journal."""
    sandbox = SandboxInThread(tmp_path / "journal.jsonl", receiver.url)
    yield sandbox
    sandbox.close()
