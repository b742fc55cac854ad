"""Who is at the door, and whether this door is theirs.

Not here: what a role may do with an order at a stage; the core decides that again by itself.
"""

from __future__ import annotations

from enum import Enum

from earnest.core.order.actor import Role
from earnest.core.values.ids import ID_LENGTH, BuyerId
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.people.caller import Caller, Privilege
from earnest.people.tokens import TokenRejected, Tokens
from earnest.web.codes import DoorCode
from earnest.web.problems import TurnedAway
from earnest.web.reading import RawHeaders, header

_BEARER = b"bearer "


class Access(Enum):
    """For whom a door is. Every route names one, so none can be left open by forgetting it."""

    PUBLIC = "public"
    BUYER = "buyer"
    READERS = "readers"
    """Buyers for their own orders; staff and auditors for all."""
    ACTORS = "actors"
    """Whoever has one of the roles that the route's command names."""
    CONFIDANTS = "confidants"
    """Buyers for their own orders, auditors, and staff with one of the roles that it names."""
    OFFICE = "office"
    """Auditors, and staff with one of the roles that it names."""
    ADMIN = "admin"
    OVERSEERS = "overseers"
    """Admins and auditors, and staff with one of the roles that it names."""
    STAFF = "staff"
    """Whoever works for the seller, whatever their roles."""
    SIGNED_IN = "signed_in"
    """Whoever is signed in, buyers and staff alike, for what is their own."""
    EDITORS = "terms_editors"
    """Whoever publishes terms."""


def caller_of(headers: RawHeaders, tokens: Tokens, now: Instant) -> Caller:
    """Who asks, by the bearer token of the request."""
    value = header(headers, b"authorization")
    if value is None or value[: len(_BEARER)].lower() != _BEARER:
        raise TurnedAway(DoorCode.TOKEN_MISSING)
    return caller_as(value[len(_BEARER) :].strip().decode("latin-1"), tokens, now)


def caller_as(token: str, tokens: Tokens, now: Instant) -> Caller:
    """Who asks, by the token itself, as a cookie of the pages holds it."""
    try:
        return tokens.verify(token, now)
    except TokenRejected as rejected:
        raise TurnedAway(DoorCode(rejected.code)) from rejected


def is_welcome(caller: Caller, access: Access, roles: frozenset[Role]) -> bool:
    """Whether a door with this access (and, for actors, these roles) is open to the caller."""
    match access:
        case Access.PUBLIC | Access.SIGNED_IN:
            return True
        case Access.BUYER:
            return caller.buyer_id is not None
        case Access.READERS:
            return caller.buyer_id is not None or caller.may_read_all
        case Access.ACTORS:
            return bool(caller.actor.roles & roles)
        case Access.CONFIDANTS:
            is_auditor = Privilege.AUDITOR in caller.privileges
            return caller.buyer_id is not None or is_auditor or bool(caller.actor.roles & roles)
        case Access.OFFICE:
            return Privilege.AUDITOR in caller.privileges or bool(caller.actor.roles & roles)
        case Access.ADMIN:
            return Privilege.ADMIN in caller.privileges
        case Access.OVERSEERS:
            overseers = {Privilege.ADMIN, Privilege.AUDITOR}
            return bool(caller.privileges & overseers) or bool(caller.actor.roles & roles)
        case Access.STAFF:
            return caller.buyer_id is None
        case Access.EDITORS:
            return Privilege.TERMS_EDITOR in caller.privileges


def admit(caller: Caller, access: Access, roles: frozenset[Role]) -> None:
    """Open the door, or turn the caller away before anything else is looked at."""
    if not is_welcome(caller, access, roles):
        raise TurnedAway(Reason.NOT_PERMITTED)


def owner_of(caller: Caller) -> BuyerId:
    """The buyer whose login this is."""
    if caller.buyer_id is None:
        raise TurnedAway(Reason.NOT_PERMITTED)
    return caller.buyer_id


def looks_like_id(text: str) -> bool:
    """Whether the text could be an id at all, so that the store is not asked for nonsense."""
    return len(text) == ID_LENGTH and text.isascii() and text.isalnum()
