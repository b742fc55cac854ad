"""The people of a case, by the words a lawyer has for them.

Not here: who may ask for what (`core/order/authority.py`).
"""

from __future__ import annotations

from earnest.core.order.actor import TIMER, Actor, Role, provider_actor
from earnest.core.values.ids import BuyerId

PROVIDER = "provider"
MACHINES = frozenset({Role.TIMER, Role.PROVIDER})
SECOND = "second "
SECOND_PERSON = "second person"
TIME = "time"

STAFF_NAMES = tuple(str(role) for role in Role if role not in {*MACHINES, Role.BUYER})
PEOPLE = (
    str(Role.BUYER),
    *STAFF_NAMES,
    *(f"{SECOND}{name}" for name in STAFF_NAMES),
    SECOND_PERSON,
    str(Role.PROVIDER),
    TIME,
)
"""Who a step can be `by`."""


def actor_of(by: str, buyer_id: BuyerId) -> Actor:
    """Somebody by the word a case has for them. Everybody else than the first is another person."""
    if by == Role.BUYER:
        return Actor(f"buyer:{buyer_id}", frozenset({Role.BUYER}))
    if by == Role.PROVIDER:
        return provider_actor(PROVIDER)
    if by == TIME:
        return TIMER
    if by == SECOND_PERSON:
        return Actor(SECOND_PERSON, frozenset(Role(name) for name in STAFF_NAMES))
    return Actor(f"staff:{by}", frozenset({Role(by.removeprefix(SECOND))}))
