"""The orders that wait for a provider to open their payment, on PostgreSQL.

Not here: writing the rows, which the desk's store does with the orders (`saving.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from earnest.desk.checkouts import CheckoutWanted
from earnest.desk.ports import OrderKey
from earnest.store.codec import decode_order
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.saving import order_columns
from earnest.store.statements import STATEMENTS


class PostgresCheckouts:
    """`Checkouts` of the desk. Every method raises `StoreUnavailable`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def take_turn(self, name: str, holder: str, seconds: float) -> bool:
        """Whether this process may call the provider for so long; others wait meanwhile."""
        asked = {"name": name, "holder": holder, "seconds": seconds}
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS["take_turn"].text, asked)
                return cursor.rowcount == 1

    async def book_turn(self, name: str, holder: str, seconds: float) -> float:
        """Book the next free so many seconds under a name; in how many seconds they begin."""
        asked = {"name": name, "holder": holder, "seconds": seconds}
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS["book_turn"].text, asked)
                row = await cursor.fetchone()
        assert row is not None, "a turn is always booked"
        return float(row[0])

    async def next_checkouts(self, most: int) -> Sequence[CheckoutWanted]:
        """The next orders in the order of their ranks."""
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS["next_checkouts"].text, {"most": most})
                rows = await cursor.fetchall()
        return [CheckoutWanted(order=decode_order(row[0]), is_sent=row[1]) for row in rows]

    async def note_sent(self, orders: Sequence[OrderKey]) -> None:
        """Note before the calls that they may have been made."""
        with named_faults():
            async with self._pool.connection() as connection:
                await connection.execute(
                    STATEMENTS["note_checkouts_sent"].text, order_columns(orders)
                )

    async def note_refused(self, order: OrderKey, explanation: str) -> None:
        """Set aside for a person what the provider will not open."""
        refused = {
            "buyer_id": order.buyer_id,
            "order_id": order.order_id,
            "explanation": explanation,
        }
        with named_faults():
            async with self._pool.connection() as connection:
                await connection.execute(STATEMENTS["note_checkout_refused"].text, refused)
