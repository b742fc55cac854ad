"""Sights: that somebody of the staff was shown personal data, kept for whoever it is about.

Personal is what stands in the schema people about a buyer, and the disputes of an order with their
evidence. A sight names people and orders by their ids and repeats nothing that was shown, not even
what was searched for: whoever is erased leaves an opaque id here. It is kept for three years at
least, as PIPL 56 wants of records of processing, and the database removes none before.
`store/sights.py` implements the port. Not here: which door shows what, which each route says with
its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from earnest.core.order.state import Order
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.desk.ports import OrderKey


class SightKind(StrEnum):
    """What of somebody was shown."""

    BUYER = "buyer"
    """Name, telephone and address, beside an order."""
    FOUND = "found"
    """The same, in a list of orders that were found."""
    MESSAGES = "messages"
    WAITING = "waiting"
    """The names of those who wait for an answer."""
    CASES = "cases"
    EVIDENCE = "evidence"
    DISPUTE_PACK = "dispute_pack"
    PAPERS = "papers"
    APPOINTMENTS = "appointments"
    """The names of those who come to a centre."""
    PAYERS = "payers"
    """Who paid a line of a bank's statement, and what they wrote."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What one answer shows, and of whom. Payers whom no order is known for are of nobody."""

    kind: SightKind
    of: tuple[OrderKey, ...] = ()


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """Who was shown what of whom, and when: one for each request, however much it showed.

    `roles` are those of the token that was used; `session_id` is its own, empty where nobody noted
    who holds it.
    """

    at: Instant
    actor_id: str
    session_id: str
    roles: tuple[str, ...]
    kinds: tuple[SightKind, ...]
    buyer_ids: tuple[BuyerId, ...]
    order_ids: tuple[OrderId, ...]


class SightFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which sights: by whom, about a person or an order by its id, in `[begins, ends)`."""

    actor_id: str | None = None
    about: str | None = None
    begins: Instant | None = None
    ends: Instant | None = None


class SightLine(msgspec.Struct, frozen=True, kw_only=True):
    """A sight that was noted. `place` orders those of one instant."""

    place: str
    sight: Sight


class SightBook(Protocol):
    """Everything that was shown to staff. Every method raises `StoreUnavailable`."""

    async def note(self, sight: Sight) -> None:
        """Note a sight; it is never changed."""

    async def sights(
        self, wanted: SightFilter, before: tuple[Instant, str] | None, limit: int
    ) -> Sequence[SightLine]:
        """At most `limit` sights that fit, the newest first, before an instant and a place."""


def cases_seen(order: Order) -> tuple[Seen, ...]:
    """That an answer tells of the disputes of an order and of its evidence, if it has any."""
    is_there = bool(order.cases or order.evidence)
    key = OrderKey(order.buyer_id, order.order_id)
    return (Seen(kind=SightKind.CASES, of=(key,)),) if is_there else ()


def sight_of(
    seen: Sequence[Seen],
    *,
    at: Instant,
    actor_id: str,
    session_id: str,
    roles: Iterable[str],
) -> Sight:
    """Everything that one request showed as one sight."""
    keys = [key for each in seen for key in each.of]
    return Sight(
        at=at,
        actor_id=actor_id,
        session_id=session_id,
        roles=tuple(sorted(roles)),
        kinds=tuple(sorted({each.kind for each in seen})),
        buyer_ids=tuple(sorted({key.buyer_id for key in keys})),
        order_ids=tuple(sorted({key.order_id for key in keys})),
    )
