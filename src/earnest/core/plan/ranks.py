"""Ranks and places: whoever comes back stands again where its rank belongs, among its own kind.

A deferred order keeps its rank, and others are planned while it is away. When it comes back, each
car of its kind (same signature) behind it hands its place on to the next, as far as the promised
windows allow, so no other kind gives anything up. Not here: free places (`improve.py`).
"""

from __future__ import annotations

from bisect import bisect_left, insort

import msgspec

from earnest.core.plan.counters import NOWHERE, Counters, Resource
from earnest.core.plan.plan import UNPLANNED_HOLDS, Place, PlanOrder, Task, cars_by_place
from earnest.core.plan.repair import Start, release, standing, without_lost

_Spot = tuple[int, int, bool]
"""A place by day and line, so that places of one kind sort by day, and whether it was free."""


def gentle_start(task: Task) -> Start:
    """What a gentle plan is made from: nobody on places that are lost, every kind by its ranks."""
    return ranks_restored(without_lost(task))


def ranks_restored(start: Start) -> Start:
    """The start of a gentle plan, with the places of each kind given to the lower ranks first.

    Nobody is moved behind its promised window for it, into the frozen zone, or, without having
    agreed to that, before its window. For one that has no place, the last of its kind that can
    wait gives its own up and is planned as one that just came. Promises come before ranks, and
    ranks before few moves (PLANNING 4).
    """
    task = start.task
    lines, days, _ = standing(task)
    movable = [
        day >= task.frozen_until and order.fixed is None
        for order, day in zip(task.orders, days, strict=True)
    ]
    kinds = _kinds_to_look_at(task, movable)
    if not kinds:
        return start
    left = _Left(task, lines, days)
    ends = _Ends(task, left)
    orders = list(task.orders)
    before: dict[int, Place | None] = {}
    members: dict[int, list[int]] = {kind: [] for kind in sorted(kinds)}
    for number, order in enumerate(task.orders):
        movable[number] = movable[number] and left.is_untouched(number)
        if order.signature in kinds and (movable[number] or left.has_none(number)):
            members[order.signature].append(number)
    for kind, numbers in members.items():
        for number, place in _Kind(task, kind, numbers, movable, ends).restored().items():
            order = orders[number]
            before[number] = order.current
            # Who gave its place up is not pulled in before it.
            not_before = order.not_before
            if place is None and order.current is not None:
                not_before = max(not_before, order.current.day)
            orders[number] = msgspec.structs.replace(order, current=place, not_before=not_before)
    return msgspec.structs.replace(
        start, task=msgspec.structs.replace(task, orders=tuple(orders)), before=before
    )


def _wants_a_place(task: Task, order: PlanOrder) -> bool:
    """Whether an order stands nowhere and is to be planned."""
    return (
        order.fixed is None
        and order.hold not in UNPLANNED_HOLDS
        and not task.enters(order)
        and task.earliest(order) < task.grid.days
    )


def _kinds_to_look_at(task: Task, movable: list[bool]) -> set[int]:
    """Signatures of which a later rank stands on a day that an earlier one may be able to use."""
    found: set[int] = set()
    behind: dict[int, int] = {}
    days = task.grid.days
    for order, is_movable in zip(reversed(task.orders), reversed(movable), strict=True):
        first = behind.get(order.signature, days)
        day = days
        if is_movable:
            assert order.current is not None, "only who stands somewhere is movable"
            day = order.current.day
            behind[order.signature] = min(day, first)
        if first < day and (
            task.offered_from(order) < day if is_movable else _wants_a_place(task, order)
        ):
            found.add(order.signature)
    return found


_NOWHERE: _Spot = (NOWHERE, NOWHERE, False)
_NEVER = 1 << 60


class _Left:
    """Where everybody stands once those are gone for whom too little is left.

    Whatever one of these stood on, line and day or a scarce part, is no place to hand on: who
    leaves it is decided by ranks already (`repair.py`).
    """

    def __init__(self, task: Task, lines: list[int], days: list[int]) -> None:
        """Take those who have to leave off the lines and days on which everybody stands."""
        self._task = task
        self.lines, self.days = lines, days
        self._gone = release(task, lines, days, [each.fixed is not None for each in task.orders])
        codes = {binding.name for binding in self._gone.values() if binding.kind is Resource.PART}
        self._parts = {at for at, part in enumerate(task.grid.parts) if part.code in codes}
        self._places = {task.orders[number].current for number in self._gone}

    def is_untouched(self, number: int) -> bool:
        """Whether neither the place of an order nor a part of its car is short."""
        if not self._gone:
            return True
        order = self._task.orders[number]
        parts = self._task.signatures[order.signature].parts
        return order.current not in self._places and self._parts.isdisjoint(parts)

    def has_none(self, number: int) -> bool:
        """Whether an order had no place to lose, and is to be planned."""
        return (
            self.days[number] == NOWHERE
            and number not in self._gone
            and _wants_a_place(self._task, self._task.orders[number])
        )


class _Ends:
    """What is free for a kind while everybody stands, and where it ends."""

    def __init__(self, task: Task, left: _Left) -> None:
        self._task = task
        self._left = left
        self._counters: Counters | None = None

    def free(self, kind: int, first: int, last: int) -> tuple[_Spot, _Spot]:
        """The first free place of a kind, which is taken, and the first one behind a last day."""
        if self._counters is None:
            self._counters = self._filled()
        found = self._spot(*self._counters.first(kind, first))
        end = self._spot(*self._counters.first(kind, max(found[0], last)))
        if found[1] != NOWHERE:
            self._counters.take(kind, found[1], found[0])
        return found, end

    def _spot(self, day: int, line: int) -> _Spot:
        """A free place; the end of the horizon where there is none."""
        return (self._task.grid.days, NOWHERE, True) if line == NOWHERE else (day, line, True)

    def _filled(self) -> Counters:
        counters = Counters(self._task.grid, self._task.signatures)
        taken = cars_by_place(self._task, self._left.lines, self._left.days)
        for (signature, line, day), cars in taken.items():
            counters.take(signature, line, day, cars)
        return counters


class _Kind:
    """The orders of one signature, and where they stand while places are handed on."""

    def __init__(
        self, task: Task, kind: int, numbers: list[int], movable: list[bool], ends: _Ends
    ) -> None:
        self._task = task
        self._kind = kind
        self._numbers = numbers
        self._ends = ends
        self._free: dict[int, tuple[_Spot, _Spot]] = {}
        lines, days = task.signatures[kind].lines, task.transport[kind]
        self._transport = dict(zip(lines, days, strict=True))
        self._slowest = max(days, default=0)
        self._arrives_by = {number: _arrives_by(task, number) for number in numbers}
        self._spots: dict[int, _Spot] = {}
        for number in numbers:
            place = task.orders[number].current
            if movable[number] and place is not None:
                self._spots[number] = (place.day, place.line, False)
        self._before = dict(self._spots)
        self._in_order = sorted(set(self._spots.values()))
        # What is asked for each place of each order that comes back is kept beside it in lists.
        self._index = {spot: at for at, spot in enumerate(self._in_order)}
        self._arrives = [self._arrival(spot) for spot in self._in_order]
        self._standing: list[list[int]] = [[] for _ in self._in_order]
        for number, spot in self._spots.items():
            self._standing[self._index[spot]].append(number)
        # No less than the last day of anybody there; it is looked up again where nobody could wait.
        self._latest = [
            max(self._arrives_by[number] for number in standing) for standing in self._standing
        ]

    def restored(self) -> dict[int, Place | None]:
        """Whose place changes, and to which; None for one that gives its own up."""
        while sum(self._come_back(number) for number in self._passed()):
            pass
        return {
            number: None if was_free else Place(line, day)
            for number, (day, line, was_free) in sorted(self._spots.items())
            if (day, line, was_free) != self._before.get(number)
        }

    def _passed(self) -> list[int]:
        """Who stands behind a later rank, or nowhere while one stands somewhere, by rank."""
        found = []
        behind = self._task.grid.days
        for number in reversed(self._numbers):
            day = self._spots[number][0] if number in self._spots else self._task.grid.days
            if behind < day and self._task.offered_from(self._task.orders[number]) < day:
                found.append(number)
            behind = min(day, behind)
        return found[::-1]

    def _come_back(self, number: int) -> bool:
        """Bring an order as far forward as those behind it can hand their places on."""
        first = self._task.offered_from(self._task.orders[number])
        hole = until = self._spots.get(number, _NOWHERE)
        if number not in self._spots:
            hole, until = self._free_for(number, first)
        begins = bisect_left(self._in_order, (first, NOWHERE, False))
        arrives, own_end = self._arrival(until), self._own_end(number)
        is_handed_on = False
        for at in range(bisect_left(self._in_order, hole) - 1, begins - 1, -1):
            standing = self._standing[at]
            if not standing or standing[-1] <= number or self._latest[at] < arrives:
                continue
            spot = self._in_order[at]
            if spot[0] == hole[0] or self._arrives[at] > own_end:
                continue
            other = self._who_can_wait(at, number, arrives)
            if other is not None:
                self._put(other, hole)
                hole, arrives = spot, self._arrives[at]
                is_handed_on = True
        if is_handed_on:
            self._put(number, hole)
        return is_handed_on

    def _free_for(self, number: int, first: int) -> tuple[_Spot, _Spot]:
        """A free place for an order without one, and the one that it may become in the end.

        An earlier rank of another kind may be offered the free place first.
        """
        if number not in self._free:
            last = self._in_order[-1][0]
            self._free[number] = self._ends.free(self._kind, first, last)
        return self._free[number]

    def _arrival(self, spot: _Spot) -> int:
        """The day on which a car from a place arrives; from none, after all of the horizon."""
        day, line, _ = spot
        return day + self._transport.get(line, self._slowest)

    def _own_end(self, number: int) -> int:
        """The day by which an order has to arrive when it comes forward: a line may be slower."""
        if number not in self._spots:
            return _NEVER
        return max(self._arrives_by[number], self._arrival(self._spots[number]))

    def _who_can_wait(self, at: int, number: int, arrives: int) -> int | None:
        """The last rank behind an order whose promise lets its car arrive on a day."""
        standing = self._standing[at]
        for other in reversed(standing):
            if other <= number:
                break
            if self._arrives_by[other] >= arrives:
                return other
        self._latest[at] = max(self._arrives_by[each] for each in standing)
        return None

    def _put(self, number: int, spot: _Spot) -> None:
        """Let an order stand on a place, and no more where it stood."""
        before = self._index.get(self._spots.get(number, _NOWHERE))
        if before is not None:
            standing = self._standing[before]
            del standing[bisect_left(standing, number)]
        self._spots[number] = spot
        at = self._index.get(spot)
        if at is not None:
            insort(self._standing[at], number)
            self._latest[at] = max(self._latest[at], self._arrives_by[number])


def _arrives_by(task: Task, number: int) -> int:
    """The day by which an order was promised to arrive; without a promise it can always wait."""
    arrives_by = task.orders[number].arrives_by
    return _NEVER if arrives_by is None else arrives_by
