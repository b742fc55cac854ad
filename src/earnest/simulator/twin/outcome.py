"""What a year came to: waits, promises, plans and money, counted while it is lived.

Not here: showing it (`report.py`, `charts.py`) and checking it (`checks.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta

from earnest.core.bookkeeping import entry
from earnest.core.order import events as happened
from earnest.core.order.command import Command
from earnest.core.order.event import Event
from earnest.core.order.state import Order
from earnest.core.values.outcome import Rejected
from earnest.simulator.twin.world import Seen, World

WEEK_DAYS = 7


class Cohort:
    """Everybody who reserved one trim in one month."""

    def __init__(self) -> None:
        self.reserved = 0
        self.locked = 0
        self.left = 0
        self.waits: list[int] = []
        self.in_window = 0
        self.promised_days = 0
        self.windows = 0


class Outcome:
    """A witness that counts."""

    def __init__(self, world: World) -> None:
        self._begins = world.scenario.begins
        self.events: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self.cohorts: dict[tuple[tuple[int, int], str], Cohort] = defaultdict(Cohort)
        self.money: dict[int, Counter[str]] = defaultdict(Counter)

    def saw(self, seen: Seen) -> None:
        """Count the events of one accepted command and the money they moved."""
        for event in seen.events:
            kind = type(event)
            self.events[kind.__name__] += 1
            for posting in entry(event):
                week = self.money[seen.day // WEEK_DAYS]
                week[posting.debit] += posting.amount.amount
                week[posting.credit] -= posting.amount.amount
            count = _COUNTED.get(kind)
            if count is not None:
                count(self.cohort(seen.order), seen.order)

    def saw_rejected(self, command: Command, rejected: Rejected) -> None:
        """Count a rejection by what was asked and why not."""
        self.rejected[f"{type(command).__name__}: {rejected.reason.value}"] += 1

    def day(self, number: int) -> date:
        """The date of a day of the year."""
        return self._begins + timedelta(days=number)

    def cohort(self, order: Order) -> Cohort:
        """The cohort of an order."""
        at = order.reserved_at
        return self.cohorts[(at.year, at.month), order.configuration.model]


def _reserved(cohort: Cohort, order: Order) -> None:
    cohort.reserved += 1
    cohort.promised_days += (order.promise.ends - order.reserved_at).days
    cohort.windows += (order.promise.ends - order.promise.begins).days


def _locked(cohort: Cohort, _: Order) -> None:
    cohort.locked += 1


def _left(cohort: Cohort, _: Order) -> None:
    cohort.left += 1


def _tendered(cohort: Cohort, order: Order) -> None:
    """The wait ends when the car first stands there; a later tender does not count again."""
    if order.tenders > 1 or order.deferrals_agreed:
        return
    assert order.tender is not None, "a tendered order has a tender"
    cohort.waits.append((order.tender.ready_since - order.reserved_at).days)
    cohort.in_window += order.tender.ready_since < order.binding_promise.ends


_COUNTED: dict[type[Event], Callable[[Cohort, Order], None]] = {
    happened.Reserved: _reserved,
    happened.Locked: _locked,
    happened.Withdrawn: _left,
    happened.CancelledByBuyer: _left,
    happened.TerminatedByBuyer: _left,
    happened.Tendered: _tendered,
}
