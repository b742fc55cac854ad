"""What buyer and seller agree on with an order, under one digest: before it is made, and for ever.

The digest covers the version of the terms (and so seller, payee, every clause and number), the car
out of its catalogue, the price, the deposit, and which clauses were acknowledged on their own. It
is the same in every language. Not here: promises and side agreements, which each have a text and a
digest of their own, and the window of delivery, which is fixed when the order is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.events import Reserved
from earnest.core.order.state import Order
from earnest.core.values.ids import CatalogueHash, TermsHash
from earnest.core.values.money import Money


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """What is agreed, with clauses and options in the order of their codes."""

    terms_hash: TermsHash
    catalogue_hash: CatalogueHash
    configuration: Configuration
    price: Money
    deposit: Money
    acknowledged: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of this as JSON."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


def agreed_by(event: Reserved) -> Agreed:
    """What was agreed when the order was made; it never changes."""
    return Agreed(
        terms_hash=event.terms_hash,
        catalogue_hash=event.catalogue_hash,
        configuration=event.configuration.sorted(),
        price=event.price,
        deposit=event.deposit,
        acknowledged=_each_once(each.clause_id for each in event.acknowledgements),
    )


def agreed_now(order: Order) -> Agreed:
    """What is agreed as the order stands: another car, other terms, one clause more."""
    return Agreed(
        terms_hash=order.terms_hash,
        catalogue_hash=order.catalogue_hash,
        configuration=order.configuration.sorted(),
        price=order.price,
        deposit=order.deposit,
        acknowledged=_each_once(order.acknowledged),
    )


def _each_once(clause_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(clause_ids)))
