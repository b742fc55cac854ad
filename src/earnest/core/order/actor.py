"""Who asks: actors and their roles, and which role may ask for what.

Not here: proving who somebody is; the doors do that. Personal data is never here.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Role(StrEnum):
    """What somebody is to an order."""

    BUYER = "buyer"
    SALES = "sales"
    PLANNING = "planning"
    DELIVERY = "delivery"
    FINANCE = "finance"
    PROVIDER = "provider"
    TIMER = "timer"


STAFF = frozenset({Role.SALES, Role.PLANNING, Role.DELIVERY, Role.FINANCE})
"""Roles of people who work for the seller."""


class Actor(msgspec.Struct, frozen=True):
    """Somebody with an id and the roles in which they may act."""

    actor_id: str
    roles: frozenset[Role]

    @property
    def is_staff(self) -> bool:
        """Whether this is somebody who works for the seller."""
        return bool(self.roles & STAFF)

    @property
    def is_buyer(self) -> bool:
        """Whether this is the buyer's own login."""
        return Role.BUYER in self.roles


TIMER = Actor("timer", frozenset({Role.TIMER}))
"""The actor of commands that fall due by themselves."""


def provider_actor(name: str) -> Actor:
    """The actor of commands that a payment provider's message causes."""
    return Actor(f"provider:{name}", frozenset({Role.PROVIDER}))
