"""What planning keeps and reads: versions of capacity, versions of plans, and who waits.

`store/plans.py` implements it on PostgreSQL, `store/memory_plans.py` in memory for tests.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

import msgspec

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.parts import LockFact, Slot
from earnest.core.order.parts_of_deferral import DeferralRequest
from earnest.core.order.promise_health import PromiseState
from earnest.core.order.stage import Stage
from earnest.core.plan.calibration import PlanError
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.differences import Summary
from earnest.core.queue.rank import Queue
from earnest.core.terms.agreement import DeferralAgreement
from earnest.core.values.ids import BuyerId, CatalogueHash, OrderId, QueueId
from earnest.core.values.instant import Instant, Window
from earnest.core.values.outcome import Rejected
from earnest.desk.ports import OrderKey


class CapacityVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A published capacity document: its number, who published it by which key, and when.

    The number is given by the store; before that it is zero.
    """

    version: int
    digest: str
    capacity: Capacity
    actor_id: str
    key: str
    content_hash: str
    published_at: Instant


class CapacityHead(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the history of capacity: everything of a version but the document."""

    version: int
    digest: str
    begins: date
    ends: date
    actor_id: str
    published_at: Instant


class Way(StrEnum):
    """How a plan is made: gently from the published one, or from nothing."""

    GENTLE = "gentle"
    FRESH = "fresh"


class QueueSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A queue as a plan run saw it: orders below a rank, how many of them wait for what."""

    queue_id: QueueId
    next_rank: int
    orders: int
    fixed: int
    holds: dict[str, int]


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan was made from. Applying it makes it again from the same and compares."""

    way: Way
    today: date
    capacity_version: int
    published_plan: int | None
    queues: tuple[QueueSeen, ...]


class PlanVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that was applied: its number, content, basis, figures, and who applied it."""

    version: int
    digest: str
    basis: Basis
    summary: Summary
    frozen_until: date
    actor_id: str
    key: str
    content_hash: str
    published_at: Instant


class PlannedSlot(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order in a plan version: its place, or none, and what changed it with its one cause.

    `arrives` is the day on which the car reaches its market. `previous_day` is that of the plan
    before.
    """

    order: OrderKey
    queue_id: QueueId
    plant: str | None = None
    line: str | None = None
    day: date | None = None
    arrives: date | None = None
    previous_day: date | None = None
    cause: str | None = None
    resource: str | None = None
    breaks_promise: bool = False


class CarsPlaced(msgspec.Struct, frozen=True, kw_only=True):
    """How many cars a plan version builds on one line on one day."""

    plant: str
    line: str
    day: date
    cars: int

    @property
    def name(self) -> str:
        """Plant and line in one word, as in a capacity document."""
        return f"{self.plant}/{self.line}"


class PromisesCounted(msgspec.Struct, frozen=True, kw_only=True):
    """Promises of one week and lane group that stand alike.

    `week` is the Monday of the week of the reservation, in the time of its queue, `lane_group` the
    model. `is_claimed` tells that their windows claimed how often they hold.
    """

    week: date
    lane_group: str
    state: PromiseState
    is_claimed: bool
    orders: int


class WaitingOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a plan run reads of a stored order; everything else of it is passed over.

    Nothing in it leads back to it, so the collector of cycles, at whose work everybody at the doors
    would wait, need not look at hundreds of thousands of them.
    """

    buyer_id: BuyerId
    order_id: OrderId
    queue_id: QueueId
    rank: int
    stage: Stage
    catalogue_hash: CatalogueHash
    configuration: Configuration
    reserved_at: Instant
    promise: Window
    pay_until: Instant | None = None
    cooling_off_ends: Instant | None = None
    lock: LockFact | None = None
    deferral: DeferralAgreement | None = None
    deferral_request: DeferralRequest | None = None
    slot: Slot | None = None
    is_earlier_allowed: bool = False

    @property
    def key(self) -> OrderKey:
        """Where the order is stored."""
        return OrderKey(self.buyer_id, self.order_id)


class WaitingKind(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders of a queue wait for the same car, and the first number among them."""

    queue_id: QueueId
    configuration: Configuration
    orders: int
    order_id: OrderId


class Plans(Protocol):
    """Capacity and plans in the database. Every method raises `StoreUnavailable`."""

    async def add_capacity(
        self, capacity: CapacityVersion, instead_of: int | None = None
    ) -> CapacityVersion | Rejected:
        """Publish a capacity document; the version on record under its actor and key.

        Rejections: `capacity_outdated` if it was made from a version (`instead_of`, zero for none)
        that is not the newest any more.
        """

    async def capacity(self, version: int | None = None) -> CapacityVersion | None:
        """A capacity document by its number, or the one published last."""

    async def capacity_history(self) -> Sequence[CapacityHead]:
        """Every version, the newest first."""

    async def queues(self) -> Sequence[Queue]:
        """Every queue, by id."""

    def waiting(self, since: date) -> AsyncIterator[WaitingOrder]:
        """Every order that waits for a car, and every later one with a slot on or after a day."""

    async def waiting_kinds(self) -> Sequence[WaitingKind]:
        """How many orders wait for which car, by queue and configuration."""

    async def plan(self, version: int | None = None) -> PlanVersion | None:
        """A plan by its number, or the published one."""

    async def plan_by_key(self, actor_id: str, key: str) -> PlanVersion | None:
        """The plan that this actor applied with this key."""

    async def plan_history(self, limit: int) -> Sequence[PlanVersion]:
        """The plans applied last, the newest first."""

    def slots(self, version: int) -> AsyncIterator[PlannedSlot]:
        """Every order of a plan version, in the order of their keys."""

    async def slot_of(self, order: OrderKey) -> PlannedSlot | None:
        """An order's row in the published plan."""

    async def slot_in(self, order: OrderKey, plant: str, week: str) -> PlannedSlot | None:
        """The newest row that placed an order in this plant and week, inside the frozen zone.

        It may be of a plan that is not the published one any more.
        """

    async def cars_placed(
        self, version: int, begins: date, ends: date, features: Sequence[str] | None = None
    ) -> Sequence[CarsPlaced]:
        """How many cars a plan version builds on the days of `[begins, ends)`, by line and day.

        With `features` only those that were of one of these models or had one of these options
        when the plan was applied.
        """

    async def promise_counts(
        self, begins: date, ends: date, today: date
    ) -> Sequence[PromisesCounted]:
        """How the promises to those stand who reserved on the days of `[begins, ends)`."""

    async def publish_plan(
        self,
        plan: PlanVersion,
        slots: Iterable[PlannedSlot],
        features: Iterable[tuple[str, ...]],
    ) -> PlanVersion | Rejected:
        """Write a plan with all its rows and make it the published one, in one transaction.

        `features` are model and options of each of the orders, by which its cars are counted.
        Rejections: `plan_outdated` if another plan or capacity was published since its basis.
        """

    async def plan_errors(self, day: date) -> Sequence[PlanError]:
        """What became of promises, as far as it counts on a day, equal errors of a week as one."""

    async def carried_out(self, version: int) -> bool:
        """Whether the commands that follow from a plan were all given."""

    async def mark_carried_out(self, version: int, at: Instant) -> None:
        """Note that they were; a second time changes nothing."""
