"""Delivery centres on PostgreSQL.

Not here: booking a bay, which the desk does (`desk_store.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

import msgspec

from earnest.core.order.centre import BayTaken, Centre, CentreStanding, Delivery
from earnest.core.order.state import Order
from earnest.core.values.ids import CentreId
from earnest.core.values.instant import Instant, Window
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.centres import KeptCentre
from earnest.desk.keys import OrderKey
from earnest.store.codec import decode_order, encode
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS

decode_centre = msgspec.json.Decoder(Centre).decode


class PostgresCentres:
    """`Centres` of the desk."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def keep(self, kept: KeptCentre) -> Rejected | None:
        """Add a centre or replace what is known of it.

        Rejections: `centre_booked` while an appointment ahead has a bay that it would not have.
        """
        columns = {
            "centre_id": kept.centre.centre_id,
            "bays": kept.centre.bays,
            "body": encode(kept.centre),
            "changed_by": kept.changed_by,
            "changed_at": kept.changed_at,
            "now": kept.changed_at,
        }
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(STATEMENTS["lock_centre"].text, columns)
                found = await connection.execute(STATEMENTS["bay_beyond"].text, columns)
                beyond = await found.fetchone()
                if beyond is not None:
                    return booked_beyond(beyond[0], beyond[1])
                await connection.execute(STATEMENTS["put_centre"].text, columns)
        return None

    async def centres(self) -> Sequence[KeptCentre]:
        """Every centre, by id."""
        return [
            KeptCentre(centre=decode_centre(row[0]), changed_by=row[1], changed_at=row[2])
            for row in await self._rows("centres")
        ]

    async def standing(self, centre_id: CentreId, since: Instant) -> CentreStanding | None:
        """A centre with the bays that are taken from an instant on."""
        rows = await self._rows("centre", centre_id=centre_id)
        if not rows:
            return None
        taken = await self._rows("bays_of_centre", centre_id=centre_id, since=since)
        return CentreStanding(
            centre=decode_centre(rows[0][0]),
            taken=tuple(BayTaken(row[0], Window(row[1], row[2])) for row in taken),
        )

    async def orders_at(self, centre_id: CentreId, seen: Window, limit: int) -> Sequence[Order]:
        """At most `limit` orders that go to a centre, by their appointments, then by their keys."""
        rows = await self._rows(
            "orders_at_centre",
            centre_id=centre_id,
            begins=seen.begins,
            ends=seen.ends,
            limit=limit,
        )
        return [decode_order(row[0]) for row in rows]

    async def _rows(self, name: str, **parameters: object) -> list[tuple[Any, ...]]:
        with named_faults():
            async with self._pool.connection() as connection:
                found = await connection.execute(STATEMENTS[name].text, parameters)
                return await found.fetchall()


def deliveries_of(rows: Iterable[Sequence[Any]]) -> dict[OrderKey, Delivery]:
    """Where orders go, from rows of order, centre, bay and time."""
    return {
        OrderKey(row[0], row[1]): Delivery(
            centre_id=row[2],
            booked=None if row[3] is None else BayTaken(row[3], Window(row[4], row[5])),
        )
        for row in rows
    }


def booked_beyond(bay: int, begins: Instant) -> Rejected:
    """Why a centre cannot have fewer bays: somebody comes to one of them."""
    at = begins.astimezone(UTC).isoformat()
    return Rejected(Reason.CENTRE_BOOKED, {"bay": str(bay), "at": at})
