"""How a promise stands: kept, broken, at risk, or not to be judged, and counts of many of them.

A promise is the window that live counters gave at the reservation, or on resuming: a planned day
with so many days before and after it. It is judged by the first tender (`turned_out.py`), by the
calendar once its last day is over, and before that by the published plan. Not here: what a broken
promise gives the buyer (`delay.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

import msgspec

from earnest.core.order.stage import EXITS
from earnest.core.order.state import Order
from earnest.core.plan.calibration import TARGET_MISS
from earnest.core.plan.promise import PromiseReason


class PromiseState(StrEnum):
    """How the promise of an order stands. Codes are part of the interface and never renamed."""

    KEPT = "kept"
    """The car stood ready inside the window."""
    EARLY = "early"
    """It stood ready before the window."""
    BROKEN = "broken"
    """It stood ready after the window, or the window is over and it does not stand there."""
    AT_RISK = "at_risk"
    """The published plan brings it after the window, or has no day for it."""
    OPEN = "open"
    """The window is still to come, and nothing says that it will not hold."""
    PUT_OFF = "put_off"
    """The buyer asked for later."""
    LEFT = "left"
    """The order ended before its car stood ready."""
    BY_TERMS = "by_terms"
    """No counters gave the window: it is the weeks of the terms and claims nothing."""


JUDGED = frozenset({PromiseState.KEPT, PromiseState.EARLY, PromiseState.BROKEN})
"""What is known already."""

COUNTING = JUDGED | {PromiseState.AT_RISK, PromiseState.OPEN}
"""What is known, or will be: nobody took these promises back."""


class Planned(msgspec.Struct, frozen=True):
    """What the published plan says of an order: when its car arrives, or None for no day."""

    arrives: date | None


def promise_state(
    order: Order, late_days: int | None, planned: Planned | None, today: date
) -> PromiseState:
    """How the promise of an order stands on a day.

    `late_days` is what its first tender told, early below zero; None where no car was tendered.
    `planned` is None for an order that the published plan does not know.
    """
    reason = order.promise_reason
    if reason is not None and late_days is not None:
        return _turned_out(reason, late_days)
    if order.stage in EXITS:
        return PromiseState.LEFT
    if order.deferral is not None:
        return PromiseState.PUT_OFF
    if reason is None or reason.arrives is None:
        return PromiseState.BY_TERMS
    last_day = reason.arrives + timedelta(days=reason.ends)
    if last_day < today:
        return PromiseState.BROKEN
    if planned is not None and (planned.arrives is None or planned.arrives > last_day):
        return PromiseState.AT_RISK
    return PromiseState.OPEN


def _turned_out(reason: PromiseReason, late_days: int) -> PromiseState:
    if late_days > reason.ends:
        return PromiseState.BROKEN
    return PromiseState.EARLY if late_days < reason.begins else PromiseState.KEPT


class CohortHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How many promises stand how; `claimed` of those that count claimed a coverage."""

    counts: Mapping[PromiseState, int]
    claimed: int

    @property
    def promised(self) -> int:
        """All who were given a window."""
        return sum(self.counts.values())

    @property
    def judged(self) -> int:
        """Those of which it is known how they turned out."""
        return self._sum(JUDGED)

    @property
    def share(self) -> Fraction | None:
        """The share of the judged whose car came inside its window; None while none is judged."""
        return Fraction(self.counts.get(PromiseState.KEPT, 0), self.judged) if self.judged else None

    @property
    def claim(self) -> Fraction | None:
        """The share that was claimed, where every window that counts claimed it.

        Windows from too few weeks are wide by a rule of thumb and claim nothing.
        """
        return 1 - TARGET_MISS if 0 < self.claimed == self._sum(COUNTING) else None

    def _sum(self, states: Iterable[PromiseState]) -> int:
        return sum(self.counts.get(each, 0) for each in states)


def health_of(counted: Iterable[tuple[PromiseState, bool, int]]) -> CohortHealth:
    """Promises added up: of each state, whether they claimed a coverage, and how many."""
    counts: dict[PromiseState, int] = {}
    claimed = 0
    for state, is_claimed, orders in counted:
        counts[state] = counts.get(state, 0) + orders
        if is_claimed and state in COUNTING:
            claimed += orders
    return CohortHealth(counts=counts, claimed=claimed)
