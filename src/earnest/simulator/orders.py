"""Earnest's list of orders, walked page by page as an auditor, and the books over all of them.

Not here: what is expected of them (`checks.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

import msgspec

from earnest.simulator.door import Door
from earnest.simulator.life import AccountShown

PAGE = 200
"""Orders asked for at once; the server may give fewer."""


class OrderListed(msgspec.Struct, frozen=True, gc=False):
    """One order of a page."""

    order_id: str
    buyer_id: str
    stage: str
    rank: int


class OrderPage(msgspec.Struct, frozen=True):
    """A page of orders and where the next one begins; the last has no next."""

    orders: tuple[OrderListed, ...]
    next_cursor: str | None = None


class AccountsShown(msgspec.Struct, frozen=True):
    """What every account stands at, over all orders."""

    accounts: tuple[AccountShown, ...]


async def walk(
    auditor: Door, queue_id: str, *, stage: str | None = None
) -> AsyncIterator[tuple[OrderListed, ...]]:
    """Every order of a queue, page by page; with `stage`, only those that stand there."""
    chosen = f"&stage={stage}" if stage is not None else ""
    cursor: str | None = None
    while True:
        start = f"&cursor={quote(cursor)}" if cursor is not None else ""
        path = f"/orders?queue_id={quote(queue_id)}&limit={PAGE}{chosen}{start}"
        page = await auditor.get(path, OrderPage)
        if page.orders:
            yield page.orders
        cursor = page.next_cursor
        if cursor is None:
            return


async def is_any(auditor: Door, queue_id: str, stage: str | None = None) -> bool:
    """Whether any order of the queue stands in this stage, or exists at all."""
    chosen = f"&stage={stage}" if stage is not None else ""
    page = await auditor.get(f"/orders?queue_id={quote(queue_id)}&limit=1{chosen}", OrderPage)
    return bool(page.orders)


async def account_balances(auditor: Door) -> tuple[AccountShown, ...]:
    """What every account stands at."""
    return (await auditor.get("/accounts", AccountsShown)).accounts
