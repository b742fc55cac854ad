"""Payments that a provider has to open first: which orders wait for it, and whose turn it is.

A row follows from its order and is written with it; `sent` is noted before a provider is called,
so that after a crash it is asked what became of the call. Not here: the calls
(`gateways/payments/checkouts.py`) and the SQL (`store/checkouts.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from earnest.core.order.allot import waits_for_unit
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.desk.ports import OrderKey


class CheckoutWanted(msgspec.Struct, frozen=True, kw_only=True):
    """An order whose deposit cannot be paid before the provider has opened a page for it.

    `is_sent`: a call may have been made already, and what came of it is not known.
    """

    order: Order
    is_sent: bool = False


class Checkouts(Protocol):
    """The orders that wait for a provider. Every method raises `StoreUnavailable`."""

    async def take_turn(self, name: str, holder: str, seconds: float) -> bool:
        """Whether this process may call the provider for so long; others wait meanwhile."""

    async def next_checkouts(self, most: int) -> Sequence[CheckoutWanted]:
        """The next orders in the order of their ranks."""

    async def note_sent(self, orders: Sequence[OrderKey]) -> None:
        """Note before the calls that they may have been made."""

    async def note_refused(self, order: OrderKey, explanation: str) -> None:
        """Set aside for a person what the provider will not open."""


def wants_checkout(order: Order) -> bool:
    """Whether a payment still has to be opened: the place, and the unit if any, are secure."""
    return order.stage is Stage.RESERVED and order.pay_until is None and not waits_for_unit(order)
