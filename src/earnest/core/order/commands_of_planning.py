"""Commands by which a plan run, or who plans, changes an order: its slot and its promise.

Not here: whether they hold (`schedule.py`, `delay.py`, `passing.py`), the plan itself
(`core/plan/`) and the rest of an order's life (`commands.py`).
"""

from __future__ import annotations

from earnest.core.order.command import Command
from earnest.core.order.parts import Slot
from earnest.core.plan.promise import PromiseReason
from earnest.core.queue.lane import Lane
from earnest.core.queue.overtaking import Why
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant, Window


class Schedule(Command, frozen=True, kw_only=True):
    """Put a locked order into the frozen zone, with a slot."""

    slot: Slot


class Reschedule(Command, frozen=True, kw_only=True):
    """Give a scheduled order another slot, for one cause."""

    slot: Slot
    cause: str


class RevisePromise(Command, frozen=True, kw_only=True):
    """Change the promised window, for one cause.

    `is_indefinite` says that the seller can name no date that it will keep; the window is then
    only what it hopes for. `reason` is there where a plan gave the window.
    """

    promise: Window
    cause: str
    is_indefinite: bool = False
    reason: PromiseReason | None = None


class ConsentToDelay(Command, frozen=True, kw_only=True):
    """Agree expressly to the later window that the seller announced."""

    number: int


class LeaveForDelay(Command, frozen=True, kw_only=True):
    """Leave because the seller announced a later window; the deposit comes back."""

    number: int


class EndDelay(Command, frozen=True, kw_only=True):
    """The time to agree to a delay is over where silence is no yes."""


class AllowEarlier(Command, frozen=True, kw_only=True):
    """Let the order be pulled in when an earlier slot falls free, or take that back."""

    is_allowed: bool = True


class RecordOvertaking(Command, frozen=True, kw_only=True):
    """Record that a later rank of the order's lane was given an earlier slot or car.

    `given_at` is when that rank got it; without `why` no published reason justified it.
    """

    lane: Lane
    by_rank: int
    given_at: Instant
    why: Why | None = None


class AllocateCar(Command, frozen=True, kw_only=True):
    """Give a built car that another order gave up to this one, the next that waits for it."""

    vin: str
    from_buyer_id: BuyerId
    from_order_id: OrderId


class TakeSlot(Command, frozen=True, kw_only=True):
    """Give this order a slot inside the frozen zone that another order left, with its window."""

    slot: Slot
    from_buyer_id: BuyerId
    from_order_id: OrderId
    promise: Window
    reason: PromiseReason | None = None


class RecordSlotTaken(Command, frozen=True, kw_only=True):
    """The slot that this order left went to another order.

    The desk gives this command itself, in the transaction in which the other order got the slot.
    """

    slot: Slot
    to_order_id: OrderId


class HoldCar(Command, frozen=True, kw_only=True):
    """Keep a car that this order gave up from being given on, or let it be given on again."""

    vin: str
    is_held: bool = True
    explanation: str = ""


class RecordCarTaken(Command, frozen=True, kw_only=True):
    """The car that this order gave up went to another order.

    The desk gives this command itself, in the transaction in which the other order got the car.
    """

    vin: str
    to_order_id: OrderId


PLANNING_COMMANDS: tuple[type[Command], ...] = tuple(
    kind for kind in Command.__subclasses__() if kind.__module__ == __name__
)
"""The command types of this file."""
