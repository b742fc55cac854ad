"""The twin in memory of figures of servers and looks at campaigns.

Not here: what they mean (`desk/watching.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from earnest.core.values.ids import CampaignId
from earnest.core.values.instant import Instant
from earnest.desk.watching import ServerFigures
from earnest.store.memory import MemoryStore


class MemoryWatching:
    """`Watching` of the desk, for as long as the process lives."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._servers: dict[str, ServerFigures] = {}

    async def put(self, figures: ServerFigures) -> None:
        """Write what a process saw in place of what it wrote before."""
        self._servers[figures.server] = figures

    async def servers(self, since: Instant) -> Sequence[ServerFigures]:
        """What each process saw that wrote it later than an instant, by name."""
        return [
            self._servers[name] for name in sorted(self._servers) if self._servers[name].at > since
        ]

    async def add_looks(self, looks: Mapping[tuple[CampaignId, str], int]) -> None:
        """Add to how often pages of campaigns were asked for through a channel."""
        for key, number in looks.items():
            self._store.looks[key] = self._store.looks.get(key, 0) + number
