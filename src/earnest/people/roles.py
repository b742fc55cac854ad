"""Which roles of the staff need more than an administrator's word.

Both sets follow from what roles may do in an order's life, so that nobody has to remember them.
Not here: giving roles (`staffing.py`) and what a role may do (`core/order/authority.py`).
"""

from __future__ import annotations

from earnest.core.order.actor import STAFF
from earnest.core.order.authority import AUTHORITY
from earnest.people.caller import Privilege

ALL_ROLES = frozenset({*(role.value for role in STAFF), *(each.value for each in Privilege)})
"""Every role and privilege that somebody of the staff can have."""

APPROVES_MONEY = ("ReleasePayout", "ReleaseForfeiture", "ApproveLoss", "ApproveCancellation")
"""Commands by which a second person lets money go or be kept."""

KEEPS_OR_DOUBLES_MONEY = (*APPROVES_MONEY, "CancelBySeller", "RefusePerformance")
"""Commands after which an earnest is kept or returned double, and those that release it."""


def _roles_for(commands: tuple[str, ...]) -> frozenset[str]:
    return frozenset(role.value for name in commands for role in AUTHORITY[name] & STAFF)


GIVEN_BY_TWO = _roles_for(APPROVES_MONEY) | {Privilege.ADMIN.value}
"""Roles that two people give: those that approve money, and the one that gives roles."""

NEEDS_SECOND_FACTOR = _roles_for(KEEPS_OR_DOUBLES_MONEY) | {Privilege.ADMIN.value}
"""Roles in which nobody acts from a browser without a second factor."""
