"""Keeping the live book at most a second old: who moved since, and a new book when plans change.

A book is made anew when capacity or a plan was published and when a day is over, and then knows
what became of earlier promises by that day; between, it follows the moves of all queues. An order
that moved is looked at as it stands now, so reading a move twice changes nothing. Not here: the
book (`live_book.py`) and the moves (`desk/places`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing
from datetime import date
from typing import cast

import structlog

from earnest.core.order.stage import Stage
from earnest.core.order.standing import is_waiting
from earnest.core.order.state import Order
from earnest.core.plan.plan import UNPLANNED_HOLDS, PlanOrder
from earnest.core.plan.planner import is_inside
from earnest.core.queue.move import Cause
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant, days_between
from earnest.desk.foreseeing.calibrating import calibration_on
from earnest.desk.foreseeing.live_book import LiveBook
from earnest.desk.library import Library, free_days
from earnest.desk.places.ports import Moves, MovesRead
from earnest.desk.planning.ports import CapacityVersion, Plans, WaitingOrder
from earnest.desk.planning.task import Preparation, Prepared, day_in
from earnest.desk.ports import RecordedMove, StoreUnavailable

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 0.5
"""How long the book rests between two looks; with the look itself it stays below a second."""

AT_ONCE = 500
"""Orders placed before others get their turn: a few thousandths of a second."""

_Basis = tuple[int, int, date]
"""The capacity, the plan and the day that a book was made for."""


class Foreseeing:
    """The book that a library promises from."""

    def __init__(
        self,
        plans: Plans,
        moves: Moves,
        library: Library,
        now: Callable[[], Instant],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Begin without a book; `run` or `refresh` makes one where capacity is published."""
        self._plans = plans
        self._moves = moves
        self._library = library
        self._now = now
        self._sleep = sleep
        self._basis: _Basis | None = None
        self._book: LiveBook | None = None
        self._cursor = ""

    async def refresh(self) -> None:
        """Bring the book up to what is committed now. Raises `StoreUnavailable`."""
        history = await self._plans.capacity_history()
        if not history:
            return
        queues = await self._plans.queues()
        plan = await self._plans.plan()
        today = day_in(queues[0].time_zone if queues else "UTC", self._now())
        basis = (history[0].version, 0 if plan is None else plan.version, today)
        if basis != self._basis or self._book is None:
            capacity = await self._plans.capacity(history[0].version)
            assert capacity is not None, "what the history names is there"
            await self._begin(capacity, basis)
        else:
            self._book.learn(queues)
            await self._go_on(self._book)

    async def _begin(self, capacity: CapacityVersion, basis: _Basis) -> None:
        """Place everybody who waits, in the order of service; shown only once it is whole.

        The moves are read on from before the orders were, so nobody is missed.
        """
        pieces = cast("AsyncGenerator[MovesRead, None]", self._moves.every_move())
        async with aclosing(pieces):
            cursor = (await anext(pieces)).cursor
        queues = await self._plans.queues()
        _, version, today = basis
        slots = {}
        if version:
            slots = {slot.order: slot async for slot in self._plans.slots(version)}
        orders = [order async for order in self._plans.waiting(capacity.capacity.begins)]
        now = self._now()
        preparation = Preparation(capacity.capacity, queues, slots, now, today)
        # A million orders take seconds, in which nobody else would be answered.
        prepared, pairs = await asyncio.to_thread(_prepared, preparation, orders)
        calibration = await calibration_on(self._plans, today)
        book = LiveBook(capacity.capacity, queues, calibration)
        for first in range(0, len(pairs), AT_ONCE):
            for order, planned in pairs[first : first + AT_ONCE]:
                if planned.fixed is not None:
                    if is_inside(prepared.task, planned.fixed):
                        book.fix(order.queue_id, order.rank, order.configuration, planned.fixed)
                else:
                    _place(book, order, planned, now)
            await self._sleep(0)
        self._basis, self._book, self._cursor = basis, book, cursor
        self._library.foresees = book

    async def _go_on(self, book: LiveBook) -> None:
        read = await self._moves.moves_since(self._cursor)
        for queue_id, ranks in _changed(book, read.moves).items():
            found = await self._moves.orders_of_ranks(queue_id, sorted(ranks))
            for order in found:
                self._look_at(book, order)
        book.forget_unconfirmed(self._now())
        self._cursor = read.cursor

    def _look_at(self, book: LiveBook, order: Order) -> None:
        """Let an order stand in the book as it stands now."""
        if order.car is not None:
            book.built(order.queue_id, order.rank)
        elif not is_waiting(order):
            book.leave(order.queue_id, order.rank)
        elif not book.is_standing(order.queue_id, order.rank, order.configuration):
            now, days = self._now(), 0
            if order.cooling_off_ends is not None:
                days = days_between(now, order.cooling_off_ends, "UTC")
            elif order.stage is Stage.RESERVED:
                days = free_days(self._library.terms(order.terms_hash).policy)
            book.enter(order.queue_id, order.rank, order.configuration, at=now, free_days=days)

    async def run(self) -> None:
        """Follow for ever; when the store is away the book grows old and still promises."""
        while True:
            try:
                await self.refresh()
            except StoreUnavailable:
                log.warning("foreseeing_waits_for_store")
            await self._sleep(PAUSE_SECONDS)


def _prepared(
    preparation: Preparation, orders: list[WaitingOrder]
) -> tuple[Prepared, list[tuple[WaitingOrder, PlanOrder]]]:
    """What the planner would be given, and each order with how it was given."""
    ends: dict[QueueId, int] = {}
    for order in orders:
        ends[order.queue_id] = max(ends.get(order.queue_id, 1), order.rank + 1)
    prepared = preparation.prepared(orders, ends)
    return prepared, list(zip(prepared.orders, prepared.task.orders, strict=True))


def _place(book: LiveBook, order: WaitingOrder, planned: PlanOrder, now: Instant) -> None:
    """Let an order that is not scheduled take its place, unless it stands aside."""
    if planned.hold not in UNPLANNED_HOLDS:
        ends = order.cooling_off_ends
        days = 0 if ends is None else days_between(now, ends, "UTC")
        book.enter(order.queue_id, order.rank, order.configuration, at=now, free_days=days)


def _changed(book: LiveBook, moves: Iterable[RecordedMove]) -> dict[QueueId, set[int]]:
    """The ranks to look at. A reservation that this process decided stands already."""
    found: dict[QueueId, set[int]] = {}
    for move in moves:
        if not book.knows(move.queue_id):
            continue
        if move.cause is Cause.RESERVED and book.confirm(move.queue_id, move.rank):
            continue
        found.setdefault(move.queue_id, set()).add(move.rank)
    return found
