"""The twin in memory of what staff were shown.

Not here: staff (`memory_staff.py`). One contract suite runs against this and against PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence

from earnest.core.values.instant import Instant
from earnest.desk.sights import Sight, SightFilter, SightLine


class MemorySights:
    """`SightBook` of the desk."""

    def __init__(self) -> None:
        self.noted: list[Sight] = []

    async def note(self, sight: Sight) -> None:
        """Note a sight; it is never changed."""
        self.noted.append(sight)

    async def sights(
        self, wanted: SightFilter, before: tuple[Instant, str] | None, limit: int
    ) -> Sequence[SightLine]:
        """At most `limit` sights that fit, the newest first, before an instant and a place."""
        found = [
            SightLine(place=f"{number:019}", sight=sight)
            for number, sight in enumerate(self.noted, start=1)
            if _fits(sight, wanted)
        ]
        found.sort(key=lambda each: (each.sight.at, each.place), reverse=True)
        return [each for each in found if before is None or (each.sight.at, each.place) < before][
            :limit
        ]


def _fits(sight: Sight, wanted: SightFilter) -> bool:
    return (
        wanted.actor_id in {None, sight.actor_id}
        and wanted.about in {None, *sight.buyer_ids, *sight.order_ids}
        and (wanted.begins is None or sight.at >= wanted.begins)
        and (wanted.ends is None or sight.at < wanted.ends)
    )
