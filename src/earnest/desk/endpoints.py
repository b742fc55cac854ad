"""Addresses of the maker's own systems that are told of events, and how deliveries fared.

`store/endpoints.py` implements the protocol on PostgreSQL, and the memory twin for tests. A secret
is not kept: it follows from its reference and from a key that is not in the database. Not here:
posting (`gateways/webhooks.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.desk.staff import Act

DELIVERIES_KEPT = 100
"""Deliveries of an address that are kept; what is older is forgotten."""


class EndpointKept(msgspec.Struct, frozen=True, kw_only=True):
    """An address that is told of events of these kinds, or of all where none is named.

    `earlier_reference` is that of the secret before, which signs as well for a while.
    """

    endpoint_id: str
    url: str
    secret_reference: str
    kinds: tuple[str, ...]
    active: bool
    created_at: Instant
    earlier_reference: str | None = None
    rotated_at: Instant | None = None


class DeliveryResult(StrEnum):
    """What became of a delivery, the last time it was tried."""

    DELIVERED = "delivered"
    LATE = "late"
    """Not taken; it comes again by itself, for about three days."""
    GONE = "gone"
    """The receiver said that it wants nothing any more, and the address was switched off."""
    REFUSED = "refused"
    """Never sent, because the address cannot be used."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was told to an address, or that could not be.

    `attempts` counts all of them, those that somebody asked for as well. `answer_status` is the
    HTTP status of the last answer, None when none came. `next_try_at` is when it comes again by
    itself.
    """

    endpoint_id: str
    webhook_id: str
    buyer_id: BuyerId
    order_id: OrderId
    sequence: int
    kind: str
    delivered_at: Instant
    result: DeliveryResult
    explanation: str = ""
    answer_status: int | None = None
    next_try_at: Instant | None = None
    attempts: int = 1

    def after(self, before: Delivery) -> Delivery:
        """The delivery after one attempt more; what comes again by itself still does."""
        is_late = self.result is DeliveryResult.LATE
        next_try_at = self.next_try_at or (before.next_try_at if is_late else None)
        attempts = before.attempts + 1
        return msgspec.structs.replace(self, attempts=attempts, next_try_at=next_try_at)


class EndpointBook(Protocol):
    """Which addresses are told. Every method raises `StoreUnavailable` without a database."""

    async def endpoints(self) -> Sequence[EndpointKept]:
        """Every address, the oldest first."""

    async def add(self, endpoint: EndpointKept, act: Act) -> bool:
        """Add an address; False for an id in use."""

    async def switch(self, endpoint_id: str, act: Act, *, active: bool) -> bool:
        """Switch an address on or off; False for an unknown one."""

    async def rotate(self, endpoint_id: str, reference: str, act: Act) -> EndpointKept | None:
        """Give an address another secret; the one before is kept beside it."""

    async def note_act(self, act: Act) -> None:
        """Note an act that changed no address."""

    async def note(self, deliveries: Sequence[Delivery]) -> None:
        """Note how deliveries fared; of one that is tried again only the last result is kept."""

    async def deliveries(self, endpoint_id: str) -> Sequence[Delivery]:
        """The last deliveries of an address, the newest first."""
