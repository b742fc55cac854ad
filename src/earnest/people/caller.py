"""Somebody at the door whose token was verified: the actor, and what else they may do.

Not here: verifying the token (`tokens.py`) and the rights of roles in an order's life
(`core/order/authority.py`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.order.actor import STAFF, Actor, Role
from earnest.core.values.ids import BuyerId

BUYER_PREFIX = "buyer:"
STAFF_PREFIX = "staff:"


class Privilege(StrEnum):
    """What somebody may do beside acting on orders."""

    ADMIN = "admin"
    """Keeps staff, registers buyers and moves the demo's clock; sees no orders by it."""

    AUDITOR = "auditor"
    """Reads everything and changes nothing."""

    TERMS_EDITOR = "terms_editor"
    """Publishes terms and puts them on sale; sees no orders by it."""


_PRIVILEGES = frozenset(Privilege)


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks. `buyer_id` only for a buyer's own login; `expires_at` is in epoch seconds.

    `session_id` is empty where nobody noted who holds the token.
    """

    actor: Actor
    privileges: frozenset[Privilege]
    expires_at: int
    buyer_id: BuyerId | None = None
    session_id: str = ""

    @property
    def staff_id(self) -> str:
        """Who of the staff it is; empty for a buyer."""
        return "" if self.buyer_id is not None else self.actor.actor_id.removeprefix(STAFF_PREFIX)

    @property
    def role_names(self) -> frozenset[str]:
        """Roles and privileges by name."""
        return frozenset({*self.actor.roles, *self.privileges})

    @property
    def may_read_all(self) -> bool:
        """Whether every order may be read: staff and auditors; buyers only read their own."""
        return self.actor.is_staff or Privilege.AUDITOR in self.privileges


def buyer_caller(buyer_id: BuyerId, expires_at: int, session_id: str = "") -> Caller:
    """The buyer with this id."""
    return Caller(
        actor=Actor(f"{BUYER_PREFIX}{buyer_id}", frozenset({Role.BUYER})),
        privileges=frozenset(),
        expires_at=expires_at,
        buyer_id=buyer_id,
        session_id=session_id,
    )


def staff_caller(
    staff_id: str, names: frozenset[str], expires_at: int, session_id: str = ""
) -> Caller:
    """Somebody who works for the seller, with the names of their roles and privileges.

    Raises `ValueError` for a name that no person can have: nobody signs in as timer or provider.
    """
    privileges = frozenset(Privilege(name) for name in names & _PRIVILEGES)
    if not names - _PRIVILEGES <= STAFF:
        raise ValueError(
            "staff act as sales, planning, delivery, finance, terms_editor, admin or auditor"
        )
    roles = frozenset(Role(name) for name in names - _PRIVILEGES)
    return Caller(
        actor=Actor(f"{STAFF_PREFIX}{staff_id}", roles),
        privileges=privileges,
        expires_at=expires_at,
        session_id=session_id,
    )
