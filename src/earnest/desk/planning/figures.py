"""A plan in figures that people compare: lane by lane, and by how many weeks cars move.

Both are added up from the rows of a plan, so a stored plan and a dry run are counted alike. Not
here: the figures of a whole plan (`core/plan/differences.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from earnest.core.catalogue.configuration import Configuration
from earnest.core.catalogue.model import Catalogue
from earnest.core.order.standing import lane_in
from earnest.core.plan.differences import Cause
from earnest.core.queue.lane import Lane
from earnest.core.values.ids import CatalogueHash, QueueId
from earnest.desk.planning.ports import PlannedSlot, WaitingOrder
from earnest.desk.planning.publishing import OnSale

_WEEK = 7


class LaneFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A lane of a queue in a plan: who has a day, from when to when, and who moves.

    `promises_broken` counts those that the plan breaks, also of windows that were over before.
    """

    queue_id: QueueId
    lane: Lane
    orders: int
    placed: int
    first: date | None
    last: date | None
    earlier: int
    later: int
    newly_placed: int
    promises_broken: int

    @property
    def moved(self) -> int:
        """How many get another day."""
        return self.earlier + self.later + self.newly_placed


class WeekShift(msgspec.Struct, frozen=True, kw_only=True):
    """How many cars come so many weeks later, or earlier below zero; None for no day any more.

    A week that has begun counts whole, so one to seven days later is one week later.
    """

    weeks: int | None
    orders: int


class Lanes:
    """The lane of every order of a plan, by the catalogues that their prices come from."""

    def __init__(self, catalogues: Mapping[CatalogueHash, Catalogue]) -> None:
        self._catalogues = catalogues
        self._known: dict[tuple[CatalogueHash, Configuration], Lane] = {}

    def of(self, order: WaitingOrder) -> Lane:
        """The lane of an order."""
        key = (order.catalogue_hash, order.configuration)
        lane = self._known.get(key)
        if lane is None:
            lane = lane_in(order.configuration, self._catalogues[order.catalogue_hash])
            self._known[key] = lane
        return lane


async def lanes_of(on_sale: OnSale, orders: Iterable[WaitingOrder]) -> Lanes:
    """The lanes of these orders. Raises `StoreUnavailable`."""
    catalogues = {}
    for catalogue_hash in sorted({order.catalogue_hash for order in orders}):
        catalogue = await on_sale.catalogue(catalogue_hash)
        assert catalogue is not None, "an order keeps the catalogue of its price"
        catalogues[catalogue_hash] = catalogue
    return Lanes(catalogues)


class _Counted(msgspec.Struct):
    """What was counted of a lane so far."""

    orders: int = 0
    placed: int = 0
    first: date | None = None
    last: date | None = None
    earlier: int = 0
    later: int = 0
    newly_placed: int = 0
    promises_broken: int = 0

    def count(self, slot: PlannedSlot) -> None:
        """Count one order in."""
        self.orders += 1
        if slot.day is not None:
            self.placed += 1
            self.first = slot.day if self.first is None else min(self.first, slot.day)
            self.last = slot.day if self.last is None else max(self.last, slot.day)
        self.promises_broken += slot.breaks_promise
        if slot.cause == Cause.FIRST_PLAN:
            self.newly_placed += 1
        elif slot.previous_day is not None:
            is_later = slot.day is None or slot.day > slot.previous_day
            self.later += is_later
            self.earlier += slot.day is not None and slot.day < slot.previous_day


def lane_figures(lanes: Iterable[Lane], slots: Iterable[PlannedSlot]) -> tuple[LaneFigures, ...]:
    """Every lane of a plan in figures, by queue and lane; `lanes` are those of the slots."""
    counted: dict[tuple[QueueId, Lane], _Counted] = {}
    for lane, slot in zip(lanes, slots, strict=True):
        counted.setdefault((slot.queue_id, lane), _Counted()).count(slot)
    return tuple(
        LaneFigures(queue_id=queue_id, lane=lane, **msgspec.structs.asdict(each))
        for (queue_id, lane), each in sorted(counted.items())
    )


def week_shifts(slots: Iterable[PlannedSlot]) -> tuple[WeekShift, ...]:
    """How far cars move that had a day before, from the most weeks earlier to no day any more."""
    counted: Counter[int] = Counter()
    without = 0
    for slot in slots:
        if slot.cause is None or slot.previous_day is None:
            continue
        if slot.day is None:
            without += 1
        else:
            days = (slot.day - slot.previous_day).days
            counted[-(-days // _WEEK) if days > 0 else days // _WEEK] += 1
    shifts = [WeekShift(weeks=weeks, orders=counted[weeks]) for weeks in sorted(counted)]
    if without:
        shifts.append(WeekShift(weeks=None, orders=without))
    return tuple(shifts)
