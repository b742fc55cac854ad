"""What a replay is asked for.

Not here: reading it from a command line.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from earnest.simulator.access import Access
from earnest.simulator.client import PATIENCE_S
from earnest.simulator.crowd import Shares

AS_FAST_AS_POSSIBLE = "max"


class OptionsError(Exception):
    """Options that contradict themselves or cannot be; the message names the option."""


class ReplayOptions(msgspec.Struct, frozen=True, kw_only=True):
    """One replay.

    `file` is a launch file or the name of a packaged launch. `speed` is a factor on real time
    (60: an hour of the launch in a minute), None for as fast as the connections allow. `until_s`
    is in the launch's own seconds. `run` names the crowd: the same run is the same people with the
    same keys, so a replay that was broken off can be repeated; without it every replay is a new
    crowd. `sample` is how many orders are led through the stages afterwards.
    """

    file: str
    access: Access
    speed: float | None = None
    scale: float = 1.0
    until_s: float | None = None
    connections: int = 64
    processes: int = 1
    shares: Shares = Shares()
    sample: int = 40
    seed: int = 1
    queue_id: str | None = None
    run: str | None = None
    json_path: Path | None = None
    patience_s: float = PATIENCE_S

    def __post_init__(self) -> None:
        """Refuse what cannot be. Raises `OptionsError`."""
        if self.speed is not None and self.speed <= 0:
            raise OptionsError("--speed must be a positive factor, or max")
        if self.scale <= 0:
            raise OptionsError("--scale must be positive; 1 is the launch as it was")
        if self.until_s is not None and self.until_s <= 0:
            raise OptionsError("--until must be a positive number of the launch's seconds")
        if self.connections < 1:
            raise OptionsError("--connections must be at least 1")
        if not 1 <= self.processes <= self.connections:
            raise OptionsError("--processes must be at least 1 and at most --connections")
        if self.sample < 0:
            raise OptionsError("--sample must not be negative")
        if self.run is not None and not (self.run.isascii() and self.run.isalnum()):
            raise OptionsError("--run must consist of letters and digits")

    @property
    def speed_in_words(self) -> str:
        """The speed as people write it."""
        return "as fast as possible" if self.speed is None else f"×{self.speed:g}"
