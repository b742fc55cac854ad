"""Registering buyers: one request, up to a thousand people, the same ids and tokens when repeated.

Not here: the HTTP around it (`web/api/buyers.py`) and the tables (`store`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from earnest.core.values.ids import BuyerId, derive_id
from earnest.desk.views import Admission, BuyerProfile, Register
from earnest.people.tokens import Tokens


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to be registered, as they gave their data."""

    name: str
    email: str | None
    phone: str | None
    language: str


class Registered(msgspec.Struct, frozen=True):
    """A registered buyer with the token of their own login."""

    buyer_id: BuyerId
    token: str


def derive_buyer_id(actor_id: str, key: str, place: int) -> BuyerId:
    """The id of the buyer at this place of the request with this key."""
    return BuyerId(derive_id("buyer", actor_id, key, str(place)))


async def register_buyers(
    register: Register,
    tokens: Tokens,
    admission: Admission,
    people: Sequence[Person],
    tokens_last: timedelta,
) -> tuple[Registered, ...] | None:
    """Register everybody once; None when the key was used before with other content.

    A repeated request gets the same ids, and tokens that end when the first ones did.
    """
    buyers = [
        BuyerProfile(
            buyer_id=derive_buyer_id(admission.actor_id, admission.key, place),
            name=person.name,
            email=person.email,
            phone=person.phone,
            language=person.language,
            created_at=admission.admitted_at,
        )
        for place, person in enumerate(people, start=1)
    ]
    first = await register.admit(admission, buyers)
    if first.content_hash != admission.content_hash:
        return None
    return tuple(
        Registered(buyer.buyer_id, tokens.for_buyer(buyer.buyer_id, first.admitted_at, tokens_last))
        for buyer in buyers
    )
