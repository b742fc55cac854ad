"""The parts of an order about deferring: the request, and what stays of the seller's delay.

Not here: what stays in which case (`late_rights.py`) and the deferral itself, which is an
agreement (`core/terms/agreement.py`).
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

import msgspec

from earnest.core.order.parts import DeliveryDemand
from earnest.core.values.instant import Instant

ANSWER_WITHIN = timedelta(hours=336)
"""How long the maker has to answer a request, 14 days: silence must not hold an order (CN-06)."""


class LateRight(StrEnum):
    """What the delay of a seller gives its buyer. Codes are part of the interface."""

    COMPENSATION = "compensation"
    """The days of delay until now count, where the terms pay for each (CN-18)."""

    LEAVE = "leave"
    """Leaving for a delay that was announced, with the whole deposit back (US-01, DE-04)."""

    END = "end"
    """Ending the order for the breach, as the time of a demand ran out in vain (CN-12)."""

    CURE_TIME = "cure_time"
    """The time of a demand that is running: once it is over, the order can be ended (CN-12)."""

    DEMAND = "demand"
    """Demanding delivery of a late seller now (CN-12)."""


class EarlierDelay(msgspec.Struct, frozen=True, kw_only=True):
    """A delay that ended because the buyer deferred: its days stay the seller's.

    `promised` is the end of the window that was promised first, `until` when the buyer deferred.
    """

    promised: Instant
    until: Instant
    days: int


class KeptRights(msgspec.Struct, frozen=True, kw_only=True):
    """What of a delay stays through a deferral, and what waits for the window agreed anew.

    `demand` is the demand as it goes on, `leave` the number of the announced delay for which the
    buyer may still leave. `puts_off` are the rights that wait.
    """

    delay: EarlierDelay | None = None
    demand: DeliveryDemand | None = None
    leave: int | None = None
    puts_off: tuple[LateRight, ...] = ()


class DeferralRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A deferral that needs the maker's agreement and waits for the answer.

    `puts_off` are the rights of which the buyer acknowledged that they wait then.
    """

    requested_at: Instant
    valid_until: Instant
    puts_off: tuple[LateRight, ...] = ()

    @property
    def answer_until(self) -> Instant:
        """When the request ends without an answer; there is none to a time that is over."""
        return min(self.requested_at + ANSWER_WITHIN, self.valid_until)
