"""POST /people/me/proofs/…: proving who one is, for queues that limit what one person may hold.

One telephone is one person, however it is written, and a login stays the person it was shown to be.
Not here: believing (`people/proving.py`). Numbers and telephones are never stored or logged.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.people.proving import NotProven
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access, owner_of
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, Reply, Route

Phone = Annotated[str, Meta(pattern=r"^\+?[0-9][0-9 ()-]{4,24}$")]

PROVING = tuple(DoorCode(each.value) for each in NotProven)
"""Why somebody is not believed."""


class CodeWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A telephone to which a code is to be sent."""

    phone: Phone


class CodeShown(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The code that arrived at a telephone."""

    phone: Phone
    code: Annotated[str, Meta(pattern=r"^[0-9]{6}$")]


class NumberShown(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name and the identity number that belongs to it."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    number: Annotated[str, Meta(min_length=15, max_length=20)]


async def send_code(house: House, asked: Asked, wanted: CodeWanted) -> Reply:
    """Send a code by text message."""
    buyer_id = owner_of(asked.by)
    return _believed(
        await house.people.send_code(buyer_id, wanted.phone, asked.language, asked.received_at)
    )


async def prove_phone(house: House, asked: Asked, shown: CodeShown) -> Reply:
    """Prove a telephone by the code that was sent to it."""
    buyer_id = owner_of(asked.by)
    return _believed(
        await house.people.confirm_code(buyer_id, shown.phone, shown.code, asked.received_at)
    )


async def prove_number(house: House, asked: Asked, shown: NumberShown) -> Reply:
    """Prove an identity number."""
    buyer_id = owner_of(asked.by)
    return _believed(
        await house.people.check_number(buyer_id, shown.name, shown.number, asked.received_at)
    )


def _believed(why_not: NotProven | None) -> Reply:
    if why_not is not None:
        raise TurnedAway(DoorCode(why_not.value))
    return Reply(value=Taken(taken=True))


class Taken(msgspec.Struct, frozen=True):
    """What was asked is done: the code is on its way, or the proof is taken."""

    taken: bool


def _route(path: str, operation: str, summary: str, takes: Any, handler: Any) -> Route[Any]:  # noqa: ANN401 - as a route has it
    return Route(
        method="POST",
        path=f"/people/me/proofs/{path}",
        operation=operation,
        summary=summary,
        tag="shop",
        access=Access.BUYER,
        takes=takes,
        handler=handler,
        gives=Taken,
        codes=PROVING,
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        _route(
            "codes",
            "sendProofCode",
            "Send a code to a telephone to prove it.",
            CodeWanted,
            send_code,
        ),
        _route("phone", "provePhone", "Prove a telephone by its code.", CodeShown, prove_phone),
        _route(
            "identity-number",
            "proveIdentityNumber",
            "Prove an identity number; only a keyed digest of it is kept.",
            NumberShown,
            prove_number,
        ),
    ]
