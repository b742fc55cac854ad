"""The parts that a launch leaves on an order: its benefits and the unit of an edition.

Not here: the order itself (`state.py`) and the rest of its parts (`parts.py`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.launch.benefit import Benefit
from earnest.core.values.instant import Instant


class OrderBenefit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A benefit as it was published when the order was reserved, and when it was delivered."""

    benefit: Benefit
    delivered_at: Instant | None = None


class UnitState(StrEnum):
    """Whether an order of an edition has one of its units."""

    HELD = "held"
    WAITING = "waiting"


class UnitFact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An order's part in the edition of its queue.

    `waiting_number` is the place on the waiting list that was told at the reservation, from 1;
    it stays known after a unit was given. `offer_minutes` is how long a freed unit is offered, as
    it was announced then.
    """

    state: UnitState
    offer_minutes: int
    waiting_number: int | None = None
