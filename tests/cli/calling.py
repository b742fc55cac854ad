"""Commands run inside the test's own process, for what needs no process of its own.

Not here: servers (`tests/demo/running.py`).
"""

from __future__ import annotations

import pytest

from earnest.cli import main
from tests.demo.running import Ran


class Terminal:
    """Runs commands and keeps what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def run(self, *arguments: object) -> Ran:
        """One command, to its exit code."""
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        said = self._capsys.readouterr()
        assert isinstance(ended.value.code, int), "a command leaves with a number"
        return Ran(ended.value.code, said.out, said.err)
