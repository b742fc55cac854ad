"""Events by which a plan run, or who plans, changed an order: its slot and its promise.

Not here: how they change the order (`schedule.py`, `delay.py`, `passing.py`) and the rest of its
life (`events.py`).
"""

from __future__ import annotations

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.event import Event
from earnest.core.order.parts import Payout, Slot
from earnest.core.order.parts_of_planning import DelayChoice, DelayNotice
from earnest.core.plan.promise import PromiseReason
from earnest.core.queue.lane import Lane
from earnest.core.queue.overtaking import Why
from earnest.core.settlement.statement import Line
from earnest.core.values.ids import OrderId, Vin
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money


class Scheduled(Event, frozen=True, kw_only=True):
    """The order entered the frozen zone with a slot; `cause` where it is one that fell free."""

    slot: Slot
    cause: str = ""


class Rescheduled(Event, frozen=True, kw_only=True):
    """The slot changed, with its single cause. `frees` leaves the earlier slot to others."""

    slot: Slot
    cause: str
    frees: bool = False


class PromiseRevised(Event, frozen=True, kw_only=True):
    """The promised window changed; the earlier ones stay in the history.

    `delay` is there when the window is later than the one that binds, with the buyer's rights.
    `is_earlier` says that it ends before the one that was shown, `promise_reason` why a plan gave
    this one.
    """

    promise: Window
    cause: str
    delay: DelayNotice | None = None
    is_earlier: bool = False
    promise_reason: PromiseReason | None = None


class DelayAnswered(Event, frozen=True, kw_only=True):
    """The buyer answered a delay; `promise` is the later window that a yes made binding."""

    number: int
    choice: DelayChoice
    promise: Window | None = None


class DelayUnanswered(Event, frozen=True, kw_only=True):
    """The buyer did not agree to a delay in time, where silence is no yes: the order ended."""

    number: int


class EarlierAllowed(Event, frozen=True, kw_only=True):
    """The buyer let the order be pulled in to an earlier slot, or took that back."""

    is_allowed: bool


class Overtaken(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A later rank of the lane was given an earlier slot or car; without `why` unjustly."""

    lane: Lane
    by_rank: int
    given_at: Instant
    why: Why | None = None


class CarAllocated(Event, frozen=True, kw_only=True):
    """A built car that another order gave up is this order's now."""

    vin: Vin
    configuration: Configuration
    built_at: Instant
    from_order_id: OrderId


class SlotTaken(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The slot that this order left went to another order.

    With it goes back what was kept of the deposit of an order that ended, where its terms say so.
    """

    slot: Slot
    to_order_id: OrderId
    line: Line | None = None
    payout: Payout | None = None


class CarHeld(Event, frozen=True, kw_only=True):
    """The car that this order gave up is kept back, for a repair for example, or no more."""

    vin: Vin
    is_held: bool
    explanation: str = ""


class CarTaken(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The car that this order gave up went to another order.

    `price` is what the car brought where this order had ended; with it goes back what the seller
    kept beyond its loss. It is None where the buyer had refused the car and still waits.
    """

    vin: Vin
    to_order_id: OrderId
    price: Money | None = None
    line: Line | None = None
    payout: Payout | None = None
