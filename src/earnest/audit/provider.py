"""What the payment provider says it holds, order by order.

Not here: comparing it with the books (`run.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from earnest.audit.run import ProviderFigure
from earnest.gateways.payments.contract import Movement, PaymentProvider


class BooksOfProvider:
    """`ProviderBooks` from a provider's movements.

    References have the form `buyer.order.payment`, so the order is their middle part. Movements
    come grouped by reference in no promised order, so they are added up before they are told.
    """

    def __init__(self, provider: PaymentProvider) -> None:
        """Ask this provider."""
        self._provider = provider

    async def figures(self) -> AsyncIterator[ProviderFigure]:
        """Every order the provider ever moved money for, with what it still holds."""
        held: dict[tuple[str, str], int] = {}
        cursor: str | None = None
        while True:
            page = await self._provider.movements(cursor)
            for movement in page.items:
                key = (_order_of(movement), movement.currency)
                held[key] = held.get(key, 0) + _held(movement)
            cursor = page.next_cursor
            if cursor is None:
                break
        for (order_id, currency), amount in sorted(held.items()):
            yield ProviderFigure(order_id=order_id, currency=currency, held=amount)


def _order_of(movement: Movement) -> str:
    parts = movement.reference.split(".")
    return parts[1] if len(parts) > 1 else movement.reference


def _held(movement: Movement) -> int:
    return (
        movement.captured_minor
        - movement.refunded_minor
        - movement.paid_out_minor
        - movement.charged_back_minor
    )
