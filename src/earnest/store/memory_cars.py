"""Who waits for the same car as an order and is ahead of it, on the tables in memory.

Not here: whether any of them could be given the car (`core/order/reallocate.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.desk.allocating import AHEAD_LIMIT
from earnest.desk.ports import OrderKey


def orders_ahead(
    orders: Mapping[OrderKey, Order], keys: Iterable[OrderKey]
) -> dict[OrderKey, tuple[Order, ...]]:
    """Who is ahead of each of these orders that exists."""
    return {key: _ahead_of(orders, orders[key]) for key in keys if key in orders}


def _ahead_of(orders: Mapping[OrderKey, Order], order: Order) -> tuple[Order, ...]:
    """Earlier ranks of the queue with the same configuration, in stages that can be given one."""
    ahead = (
        each
        for each in orders.values()
        if (each.queue_id, each.configuration) == (order.queue_id, order.configuration)
        and each.rank < order.rank
        and each.stage in {Stage.LOCKED, Stage.SCHEDULED}
        and each.deferral is None
    )
    return tuple(sorted(ahead, key=lambda each: each.rank))[:AHEAD_LIMIT]
