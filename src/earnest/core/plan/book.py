"""The book: live counters of every car that waits, so that the next one knows its day at once.

Cars are placed as a plan run would place them, one after another at the earliest day. When one
leaves, those behind it move up, so what falls free is the last place of its kind and not its own:
otherwise the next buyer would be promised a day before everybody who waits.

Not here: who waits (the desk) and plans that are published (`planner.py`, `improve.py`).
"""

from __future__ import annotations

from datetime import date, timedelta
from heapq import heappop, heappush

from earnest.core.plan.calendar import Grid
from earnest.core.plan.calibration import Calibration
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.counters import NOWHERE, Binding, Counters, Found, Resource
from earnest.core.plan.plan import Place
from earnest.core.plan.possible import Possible
from earnest.core.plan.promise import (
    Foreseen,
    PromiseReason,
    earliest_arrival,
    window_around,
)
from earnest.core.plan.signature import Signatures
from earnest.core.values.instant import Instant, zone

_WEEK = 7
_RECEIPTS_WEEKS = 4
"""A part comes in lots, so what comes in a week is the mean of four."""


class _Places:
    """Where the cars of one signature stand: how many on each day and line, and the last of these.

    Cars leave the last place only, so the heap holds every place with a car exactly once.
    """

    def __init__(self) -> None:
        self.cars: dict[tuple[int, int], int] = {}
        self._last_first: list[tuple[int, int]] = []

    def add(self, place: Place, cars: int) -> None:
        """So many more cars stand there."""
        at = (place.day, place.line)
        if at not in self.cars:
            self.cars[at] = 0
            heappush(self._last_first, (-place.day, -place.line))
        self.cars[at] += cars

    def in_order(self) -> list[tuple[int, int]]:
        """Day and line of every place with a car, the first one first."""
        return sorted(self.cars)

    def leave_last(self) -> tuple[int, int]:
        """Take a car off the last place; its day and line."""
        day, line = self._last_first[0]
        at = (-day, -line)
        self.cars[at] -= 1
        if not self.cars[at]:
            del self.cars[at]
            heappop(self._last_first)
        return at


class Book:
    """What is left of one capacity document after every waiting car was placed."""

    def __init__(
        self, capacity: Capacity, grid: Grid, calibration: Calibration | None = None
    ) -> None:
        self._digest = capacity.digest
        self._ends = capacity.ends
        self._grid = grid
        self._calibration = calibration or Calibration()
        self.signatures = Signatures(capacity, grid)
        self._counters = Counters(grid, self.signatures.all)
        self._possible = Possible(grid, self.signatures)
        self._places: dict[int, _Places] = {}
        self._users: dict[Binding, int] = {}
        self._used: dict[tuple[int, int], tuple[Binding, ...]] = {}
        self._frozen_days = capacity.frozen_days

    def first_day(self, day: date, free_days: int) -> int:
        """The first day for a car of whoever reserves on a day and then has so many free days.

        Nobody enters the frozen zone while cooling off, so both times run one after the other.
        """
        return self._grid.index(day) + free_days + self._frozen_days

    def take(self, number: int, not_before: int) -> Place | None:
        """Place one more car of a signature at its earliest day; None where none is left."""
        day, line = self._counters.first(number, self._clipped(not_before))
        if line == NOWHERE:
            return None
        place = Place(line, day)
        self.fix(number, place)
        return place

    def fix(self, number: int, place: Place, cars: int = 1) -> None:
        """Place one more car of a signature, or several, where they stand already."""
        self._counters.take(number, place.line, place.day, cars)
        of_kind = self._places.get(number)
        if of_kind is None:
            of_kind = self._places[number] = _Places()
        of_kind.add(place, cars)
        self._count(number, place.line, cars)

    def leave(self, number: int) -> None:
        """One car of a signature is gone: its kind moves up and the last place falls free.

        Cars that fitted nowhere hold no place; then there is nothing to free.
        """
        of_kind = self._places.get(number)
        if of_kind is None or not of_kind.cars:
            return
        day, line = of_kind.leave_last()
        self._counters.give_back(number, line, day)
        self._count(number, line, -1)

    def foresee(
        self, number: int, lane_group: str, not_before: int, *, time_zone: str, now: Instant
    ) -> Foreseen:
        """What can be promised to the next car of a signature; nothing is placed."""
        first = self._clipped(not_before)
        found = self._counters.earliest(number, first)
        return self._foreseen(number, found, first, lane_group, time_zone, now)

    def foresee_by_rank(
        self,
        number: int,
        lane_group: str,
        not_before: int,
        *,
        ahead: int,
        time_zone: str,
        now: Instant,
    ) -> Foreseen:
        """What can be promised to a car with so many of its kind `ahead` of it by rank.

        A plan gives it the place of its rank, and each behind it the next one (`ranks.py`); so it
        is the first place that those before it leave, or a free one if that comes sooner.
        """
        first = self._clipped(not_before)
        found = self._counters.earliest(number, first)
        place = self._place_behind(number, ahead, first)
        if place is None or (found.day is not None and found.day <= place.day):
            return self._foreseen(number, found, first, lane_group, time_zone, now)
        plant = self._grid.lines[place.line].plant
        at_rank = Found(place.day, place.line, plant, binding=None)
        return self._foreseen(number, at_rank, first, lane_group, time_zone, now, by_rank=ahead)

    def _place_behind(self, number: int, ahead: int, first: int) -> Place | None:
        """The first place of a kind, from a day on, that is not of the so many first cars."""
        of_kind = self._places.get(number)
        if of_kind is None:
            return None
        lines = self.signatures.all[number].lines
        for day, line in of_kind.in_order():
            ahead -= of_kind.cars[day, line]
            if ahead < 0 and day >= first and line in lines:
                return Place(line, day)
        return None

    def _foreseen(
        self,
        number: int,
        found: Found,
        first: int,
        lane_group: str,
        time_zone: str,
        now: Instant,
        *,
        by_rank: int | None = None,
    ) -> Foreseen:
        if found.day is None or found.line is None:
            reason = self._reason(number, found, lane_group, self._grid.days - 1)
            return Foreseen(None, reason)
        planned = self._grid.day(found.day)
        given_on = now.astimezone(zone(time_zone)).date()
        margin = self._calibration.margin(lane_group, (planned - given_on).days)
        lines = self.signatures.all[number].lines
        transport = self.signatures.transport[number][lines.index(found.line)]
        arrives = planned + timedelta(days=transport)
        # A place that a car stands on fixed may be on a day on which nothing can be built any more.
        possible = self._possible.first_arrival(number, first)
        possible_from = None if possible is None else self._grid.day(possible)
        earliest = earliest_arrival(possible_from, arrives, given_on)
        reason = self._reason(
            number,
            found,
            lane_group,
            found.day,
            planned=planned,
            plant=found.plant,
            transport_days=transport,
            first=margin.first,
            last=margin.last,
            basis=margin.basis,
            cohorts=margin.cohorts,
            errors=margin.errors,
            known_until=self._calibration.known_until,
            given_on=given_on,
            earliest=earliest,
            rank_ahead=by_rank,
        )
        return Foreseen(window_around(arrives, margin, earliest, time_zone), reason)

    def _reason(
        self, number: int, found: Found, lane_group: str, day: int, **fields: object
    ) -> PromiseReason:
        binding = found.binding
        named: dict[str, object] = {}
        if binding is not None:
            named = {
                "resource": binding.kind,
                "name": binding.name,
                "ahead": self._users.get(binding, 0),
                "weekly": self._weekly(number, binding, day),
            }
        return PromiseReason(
            capacity=self._digest,
            horizon=self._ends,
            lane_group=lane_group,
            **named,  # type: ignore[arg-type]  # the fields of the reason, by name
            **fields,  # type: ignore[arg-type]  # as above
        )

    def _weekly(self, number: int, binding: Binding, day: int) -> int:
        """About how many of a resource come in a week, in the time before a day."""
        begins = max(0, day - _WEEK + 1)
        match binding.kind:
            case Resource.LINE:
                line = next(
                    each for each, line in enumerate(self._grid.lines) if line.name == binding.name
                )
                return sum(self._grid.cars[line][begins : day + 1])
            case Resource.OPTION:
                lines = self.signatures.all[number].lines
                rows = [
                    row
                    for row, (line, option) in enumerate(self._grid.cap_of)
                    if option == binding.name and line in lines
                ]
                return sum(sum(self._grid.caps[row][begins : day + 1]) for row in rows)
            case Resource.PART:
                part = next(each for each in self._grid.parts if each.code == binding.name)
                since = day - _RECEIPTS_WEEKS * _WEEK
                came = sum(units for arrives, units in part.arrivals if since < arrives <= day)
                return came // _RECEIPTS_WEEKS
            case _:
                return 0

    def _count(self, number: int, line: int, change: int) -> None:
        """Count a car with everything that it uses, so that reasons can say how many are ahead."""
        used = self._used.get((number, line))
        if used is None:
            used = self._used[number, line] = self._what_is_used(number, line)
        for binding in used:
            self._users[binding] = self._users.get(binding, 0) + change

    def _what_is_used(self, number: int, line: int) -> tuple[Binding, ...]:
        """Parts, capped options and the line of a car; one on a line it no longer fits has none."""
        signature = self.signatures.all[number]
        used = [Binding(Resource.PART, self._grid.parts[part].code) for part in signature.parts]
        used += [
            Binding(Resource.OPTION, self._grid.cap_of[row][1]) for row in signature.rows_on(line)
        ]
        return (*used, Binding(Resource.LINE, self._grid.lines[line].name))

    def _clipped(self, not_before: int) -> int:
        return min(max(not_before, 0), self._grid.days)
