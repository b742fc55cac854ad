"""The parts of an order about its plan: delays, who overtook it, and cars that are given on.

Not here: the order itself (`state.py`), how a delay is announced (`delay.py`) and finding out who
was overtaken (`core/queue/overtaking.py`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.order.parts import BuiltCar
from earnest.core.queue.lane import Lane
from earnest.core.queue.overtaking import Why
from earnest.core.values.ids import OrderId, QueueId
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money


class DelayRight(StrEnum):
    """What a buyer can do about a window that is later than the one that binds."""

    WAIT = "wait"
    """Hold on: the earlier window still binds the seller (CN-09)."""

    AGREE = "agree"
    """Say yes to the later window, which binds from then on (CN-09, US-02)."""

    CHANGE = "change"
    """Choose another configuration at the prices of the order, with the rank kept."""

    LEAVE = "leave"
    """Leave with the whole deposit back (US-01, DE-04)."""

    COMPENSATION = "compensation"
    """Be paid for each day after the window that was promised first, where the terms pay it."""


class DelayChoice(StrEnum):
    """How a buyer answered a delay."""

    AGREE = "agree"
    LEAVE = "leave"


class DelayNotice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The seller expects to be later than it is bound to be, with what the buyer can do.

    `was` is the window that bound when it was announced. `answer_until` is None where silence
    changes nothing; otherwise the order ends then and the money goes back unasked (US-02).
    `counts` says whether the next delay is a second one after it; `ended_at` is set when a newer
    window, a deferral or the end of the order took its place. `is_kept` says that the buyer
    deferred while it was open: the right to leave for it stays until the car is ready in the
    window agreed anew, and nothing follows from silence any more.
    """

    number: int
    announced_at: Instant
    was: Window
    promise: Window
    rights: tuple[DelayRight, ...]
    is_indefinite: bool = False
    answer_until: Instant | None = None
    answer: DelayChoice | None = None
    answered_at: Instant | None = None
    ended_at: Instant | None = None
    counts: bool = True
    is_kept: bool = False

    def as_kept(self) -> DelayNotice:
        """The same delay after its buyer deferred, which was an answer of its own."""
        return msgspec.structs.replace(self, answer_until=None, counts=False, is_kept=True)

    @property
    def is_unanswered(self) -> bool:
        """Whether the buyer may still answer it."""
        return self.answer is None and self.ended_at is None


class Overtaking(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A later rank of the order's lane was served earlier, and whether it had to be.

    `given_at` is when that rank got its slot or car. Without `why` it is an inversion.
    """

    lane: Lane
    by_rank: int
    given_at: Instant
    recorded_at: Instant
    why: Why | None = None


class RefusedCar(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A car that this order's buyer refused for another one, and who got it since."""

    car: BuiltCar
    refused_at: Instant
    taken_by: OrderId | None = None


class Allocation(msgspec.Struct, frozen=True, kw_only=True):
    """What was read for giving a car on, with the order that gives it up locked as well.

    `car` is None when that order has no such car to give, `queue_id` is its queue. `is_next` says
    that no order of an earlier rank, for the same car, could be given it.
    """

    car: BuiltCar | None
    queue_id: QueueId | None
    is_next: bool


class Taker(msgspec.Struct, frozen=True, kw_only=True):
    """The order that took a car in this very transaction, and what it pays for it.

    Without a VIN it took a slot.
    """

    order_id: OrderId
    vin: str
    price: Money
