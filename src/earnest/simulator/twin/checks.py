"""Checks of the twin: what must hold after every step and every planning run.

They are written from what Earnest promises and not from how it keeps it. Not here: the audit of a
database (`earnest/audit`).
"""

from __future__ import annotations

import time
from collections import Counter

from earnest.core.bookkeeping import entry
from earnest.core.ledger.account import Account
from earnest.core.order import events as happened
from earnest.core.order.command import Command
from earnest.core.order.exits import exits
from earnest.core.order.facts import Facts
from earnest.core.order.parts import LockMode
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.plan.checker import Checker
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.simulator.twin.planning import Made
from earnest.simulator.twin.world import Seen

HELD = (Account.CUSTOMER_DEPOSITS, Account.COMMITTED_DEPOSITS, Account.CUSTOMER_BALANCES)
"""Accounts on which the buyers' money stands until it is earned or returned."""

PREVIEWED_EVERY = 20
"""Of so many settlements one is compared with its preview: a preview costs as much as a life."""

LOOKED_AT_ONCE = 100
"""So many steps are looked at together, because reading the clock for each costs as much.

With thousands of them a step is no longer near in memory when it is looked at.
"""

KEPT = 20
"""How many faults are kept word for word; the rest is counted."""


class Checks:
    """A witness that remembers every fault, and how long looking for it took."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._settled = 0
        self._next_rank = 1
        self._waiting: list[Seen] = []
        self.looked_at = 0
        self.faults: Counter[str] = Counter()
        self.examples: list[str] = []
        self.seconds = 0.0

    def saw(self, seen: Seen) -> None:
        """Take one accepted command; it is looked at with those around it."""
        self._waiting.append(seen)
        if len(self._waiting) == LOOKED_AT_ONCE:
            self.look()

    def look(self) -> None:
        """Look at every step that waits: the order before it, its events, the order after it."""
        began = time.process_time()
        for seen in self._waiting:
            self._money(seen)
            for event in seen.events:
                self._event(seen.before, seen.command, event, seen.order)
        self.looked_at += len(self._waiting)
        self._waiting.clear()
        self.seconds += time.process_time() - began

    def saw_rejected(self, command: Command, rejected: Rejected) -> None:
        """A rejection leaves nothing to check."""

    def planned(self, day: int, made: Made) -> None:
        """Look at a plan: capacities, dates, and nobody overtaken without a reason."""
        began = time.process_time()
        for finding in Checker(made.task, made.plan, is_fresh=False).findings():
            self._fault("plan", f"day {day}: {finding}")
        self.seconds += time.process_time() - began

    def _fault(self, rule: str, words: str) -> None:
        self.faults[rule] += 1
        if len(self.examples) < KEPT:
            self.examples.append(f"{rule}: {words}")

    def _money(self, seen: Seen) -> None:
        """What an order says it holds moves with its postings, to the cent."""
        posted = 0
        for event in seen.events:
            for posting in entry(event):
                if posting.credit in HELD:
                    posted += posting.amount.amount
                if posting.debit in HELD:
                    posted -= posting.amount.amount
        if posted != _held(seen.order) - _held(seen.before):
            self._fault("money", f"{type(seen.command).__name__} of {seen.order.order_id}")

    def _event(
        self, before: Order | None, command: Command, event: happened.Event, after: Order
    ) -> None:
        name = command.order_id
        if isinstance(event, happened.Reserved):
            if event.rank != self._next_rank:
                self._fault("ranks", f"{event.rank} after {self._next_rank - 1}")
            self._next_rank += 1
        elif isinstance(event, happened.BalanceDemanded):
            inspection, tender = after.inspection, after.tender
            if inspection is None or tender is None or not inspection.passed:
                self._fault("balance", f"{name} is asked for a balance before an inspection")
        elif isinstance(event, happened.Scheduled):
            if after.deferral is not None or _may_still_leave(after, event.at):
                self._fault("scheduled", f"{name} is deferred or may still leave freely")
        elif isinstance(event, happened.HandedOver):
            if before is None or before.stage is not Stage.PAID or before.balance_due.is_positive:
                self._fault("handover", f"{name} is handed over unpaid")
        elif isinstance(event, happened.SettlementFixed) and before is not None:
            self._previewed(before, command, event)

    def _previewed(self, before: Order, command: Command, event: happened.SettlementFixed) -> None:
        """The statement is the one that the buyer could have read a moment before."""
        self._settled += 1
        if self._settled % PREVIEWED_EVERY:
            return
        ways = exits(before, self._facts, command.received_at)
        if all(way.statement != event.statement for way in ways):
            self._fault("preview", f"{command.order_id} on {event.statement.ground}")


def _may_still_leave(order: Order, at: Instant) -> bool:
    """Whether the buyer may leave freely: while cooling off, or undo an early lock."""
    if order.lock is None:
        return True
    if order.lock.mode is LockMode.AT_EXPIRY:
        return order.cooling_off_running(at)
    return order.lock.undo_until is not None and at < order.lock.undo_until


def _held(order: Order | None) -> int:
    """Minor units of the buyer's money that an order says it holds, while it is not earned."""
    if order is None or order.handed_over_at is not None or order.statement is not None:
        return 0
    return order.deposit_paid.amount + order.balance_paid.amount
