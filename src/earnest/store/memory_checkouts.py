"""The orders that wait for a provider, in memory.

Not here: the rest of the twin (`memory.py`). One contract suite holds it against PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from earnest.desk.checkouts import CheckoutWanted
from earnest.desk.ports import OrderKey
from earnest.store.memory import MemoryStore


class MemoryCheckouts:
    """`Checkouts` of the desk, for as long as the process lives."""

    def __init__(self, store: MemoryStore, monotonic: Callable[[], float]) -> None:
        """Read this store; turns end by this clock."""
        self._store = store
        self._monotonic = monotonic
        self._turns: dict[str, tuple[str, float]] = {}

    async def take_turn(self, name: str, holder: str, seconds: float) -> bool:
        """Whether this process may call the provider for so long; others wait meanwhile."""
        now = self._monotonic()
        has, ends = self._turns.get(name, (holder, now))
        if has != holder and now < ends:
            return False
        self._turns[name] = (holder, now + seconds)
        return True

    async def book_turn(self, name: str, holder: str, seconds: float) -> float:
        """Book the next free so many seconds under a name; in how many seconds they begin."""
        now = self._monotonic()
        begins = max(self._turns.get(name, (holder, now))[1], now)
        self._turns[name] = (holder, begins + seconds)
        return begins - now

    async def next_checkouts(self, most: int) -> Sequence[CheckoutWanted]:
        """The next orders in the order of their ranks."""
        rows = self._store.tables
        wanted = [
            CheckoutWanted(order=rows.orders[key], is_sent=state == "sent")
            for key, state in rows.checkouts.items()
            if state in {"wanted", "sent"}
        ]
        return sorted(wanted, key=lambda each: (each.order.rank, each.order.queue_id))[:most]

    async def note_sent(self, orders: Sequence[OrderKey]) -> None:
        """Note before the calls that they may have been made."""
        for key in orders:
            if self._store.tables.checkouts.get(key) == "wanted":
                self._store.tables.checkouts[key] = "sent"

    async def note_refused(self, order: OrderKey, explanation: str) -> None:
        """Set aside for a person what the provider will not open."""
        assert explanation, "a person wants to know why"
        self._store.tables.checkouts[order] = "refused"
