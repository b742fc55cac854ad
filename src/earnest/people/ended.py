"""What has ended before its time, as a process knows it: a look costs two look-ups and no wait.

Not here: learning it (`sessions.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from earnest.core.values.instant import Instant


class Ended:
    """Sessions by their id, and actors by the instant before which all their tokens ended."""

    def __init__(self) -> None:
        self._sessions: dict[str, Instant] = {}
        self._actors: dict[str, float] = {}

    def covers(self, actor_id: str, session_id: str, issued_at: int) -> bool:
        """Whether a token has ended: of this actor, with this id, issued at these epoch seconds."""
        return session_id in self._sessions or issued_at < self._actors.get(actor_id, 0)

    def learn(self, sessions: Mapping[str, Instant], actors: Mapping[str, Instant]) -> None:
        """Learn of sessions with the instant at which their tokens are over by themselves."""
        self._sessions |= sessions
        self._actors |= {actor_id: before.timestamp() for actor_id, before in actors.items()}

    def forget(self, now: Instant) -> None:
        """Forget sessions whose tokens are over by themselves."""
        self._sessions = {each: end for each, end in self._sessions.items() if end > now}
