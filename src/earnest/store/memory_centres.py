"""Delivery centres over the store's twin in memory.

Not here: orders (`memory.py`). The contract suite runs against this twin and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from earnest.core.order.centre import CentreStanding, Delivery, overlap
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.values.ids import CentreId
from earnest.core.values.instant import Instant, Window
from earnest.core.values.outcome import Rejected
from earnest.desk.centres import KeptCentre, taken_at
from earnest.store.centres import booked_beyond
from earnest.store.memory import MemoryStore
from earnest.store.memory_tables import Tables

_ON_THE_WAY = frozenset(
    {Stage.BUILT, Stage.IN_TRANSIT, Stage.TENDERED, Stage.INSPECTED, Stage.PAID}
)
_NEVER = datetime.max.replace(tzinfo=UTC)


class MemoryCentres:
    """`Centres` of the desk, for as long as the process lives."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @property
    def _rows(self) -> Tables:
        return self._store.tables

    async def keep(self, kept: KeptCentre) -> Rejected | None:
        """Add a centre or replace what is known of it.

        Rejections: `centre_booked` while an appointment ahead has a bay that it would not have.
        """
        there = taken_at(kept.centre.centre_id, self._rows.deliveries)
        ahead = [each for each in there if each.window.ends > kept.changed_at]
        beyond = [each for each in ahead if each.bay > kept.centre.bays]
        if beyond:
            first = min(beyond, key=lambda each: (each.window.begins, each.bay))
            return booked_beyond(first.bay, first.window.begins)
        self._rows.centres[kept.centre.centre_id] = kept
        return None

    async def centres(self) -> Sequence[KeptCentre]:
        """Every centre, by id."""
        return [self._rows.centres[key] for key in sorted(self._rows.centres)]

    async def standing(self, centre_id: CentreId, since: Instant) -> CentreStanding | None:
        """A centre with the bays that are taken from an instant on."""
        kept = self._rows.centres.get(centre_id)
        if kept is None:
            return None
        taken = taken_at(centre_id, self._rows.deliveries)
        later = [each for each in taken if each.window.ends > since]
        later.sort(key=lambda each: (each.window.begins, each.bay))
        return CentreStanding(centre=kept.centre, taken=tuple(later))

    async def orders_at(self, centre_id: CentreId, seen: Window, limit: int) -> Sequence[Order]:
        """At most `limit` orders that go to a centre, by their appointments, then by their keys."""
        here = [
            (key, each)
            for key, each in self._rows.deliveries.items()
            if each.centre_id == centre_id
        ]
        here.sort(key=lambda each: (_begins(each[1]), each[0]))
        orders = [
            self._rows.orders[key]
            for key, each in here
            if (each.booked is not None and overlap(each.booked.window, seen))
            or self._rows.orders[key].stage in _ON_THE_WAY
        ]
        return orders[:limit]


def _begins(delivery: Delivery) -> Instant:
    return _NEVER if delivery.booked is None else delivery.booked.window.begins
