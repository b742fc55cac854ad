"""Cars that were given up, and who waits for them, on PostgreSQL.

Not here: giving them on (`desk/giving_on.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.parts import Slot
from earnest.core.order.state import Order
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.desk.allocating import AHEAD_LIMIT
from earnest.desk.ports import OrderKey
from earnest.store.codec import decode_order, encode
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS


class PostgresCars:
    """`GivenCars` of the desk."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def givers(self) -> Sequence[Order]:
        """Every order that gave up a car that nobody has yet, and some whose cars are taken."""
        return await self._orders("orders_that_gave_cars_up")

    async def waiting_for(self, queue_id: QueueId, configuration: Configuration) -> Sequence[Order]:
        """The first orders of a queue that wait for exactly this car, by rank."""
        return await self._orders(
            "orders_waiting_for_car",
            queue_id=queue_id,
            configuration=encode(configuration),
            most=AHEAD_LIMIT,
        )

    async def left_slots(self, week: str) -> Sequence[Order]:
        """Every order that left a slot of this week or a later one, and nobody has it."""
        return await self._orders("orders_that_left_slots", week=week)

    async def taken_slots(self, since: Instant) -> Sequence[tuple[OrderKey, Slot]]:
        """The slots that were taken since an instant, with the orders that had left them."""
        with named_faults():
            async with self._pool.connection() as connection:
                text = STATEMENTS["slots_taken_since"].text
                found = await connection.execute(text, {"since": since})
                rows = await found.fetchall()
        return [(OrderKey(row[0], row[1]), Slot(plant=row[2], week=row[3])) for row in rows]

    async def _orders(self, name: str, **parameters: object) -> list[Order]:
        with named_faults():
            async with self._pool.connection() as connection:
                found = await connection.execute(STATEMENTS[name].text, parameters)
                return [decode_order(row[0]) for row in await found.fetchall()]
