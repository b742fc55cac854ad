"""POST /buyers: registering buyers, for the systems in which they already have a login.

Not here: storing them (`people`). Names and addresses go there and nowhere else.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.values.ids import BuyerId
from earnest.desk.views import Admission
from earnest.people.registration import Person, register_buyers
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.reading import idempotency_key
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import Language

MOST_BUYERS = 1_000


class BuyerGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A buyer as a person."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    email: Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)] | None = None
    phone: Annotated[str, Meta(pattern=r"^\+?[0-9 ()-]{5,30}$")] | None = None
    language: Language = "zh-Hans"


class BuyersGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to a thousand buyers at once."""

    buyers: Annotated[tuple[BuyerGiven, ...], Meta(min_length=1, max_length=MOST_BUYERS)]


async def add_buyers(house: House, asked: Asked, wanted: BuyersGiven) -> Reply:
    """Register buyers; each gets an id and a token. The same key gives the same again."""
    people = [
        Person(name=each.name, email=each.email, phone=each.phone, language=each.language)
        for each in wanted.buyers
    ]
    admission = Admission(
        actor_id=asked.by.actor.actor_id,
        key=idempotency_key(asked.headers),
        content_hash=asked.content_hash,
        admitted_at=asked.received_at,
    )
    registered = await register_buyers(
        house.register, house.tokens, admission, people, house.settings.buyer_tokens_last
    )
    if registered is None:
        raise TurnedAway(DoorCode.KEY_REUSED)
    return Reply(
        status=201,
        value=BuyersAdded(
            buyers=tuple(
                BuyerAdded(buyer_id=each.buyer_id, token=each.token) for each in registered
            )
        ),
    )


class BuyerAdded(msgspec.Struct, frozen=True, kw_only=True):
    """A registered buyer and the token of their own login."""

    buyer_id: BuyerId
    token: str


class BuyersAdded(msgspec.Struct, frozen=True, kw_only=True):
    """The registered buyers, in the order in which they were given."""

    buyers: tuple[BuyerAdded, ...]


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/buyers",
            operation="addBuyers",
            summary="Register buyers and get a token for each.",
            tag="people",
            access=Access.ADMIN,
            takes=BuyersGiven,
            handler=add_buyers,
            gives=BuyersAdded,
            status=201,
            needs_key=True,
            codes=(DoorCode.KEY_REUSED,),
        )
    ]
