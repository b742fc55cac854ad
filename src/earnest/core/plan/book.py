"""The book: live counters of every car that waits, so that the next one knows its day at once.

Cars are placed as a plan run would place them, one after another at the earliest day. When one
leaves, those behind it move up, so what falls free is the last place of its kind and not its own:
otherwise the next buyer would be promised a day before everybody who waits.

Not here: who waits (the desk) and plans that are published (`planner.py`, `improve.py`).
"""

from __future__ import annotations

from datetime import date

from earnest.core.plan.calendar import Grid
from earnest.core.plan.calibration import Calibration
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.counters import NOWHERE, Binding, Counters, Found, Resource
from earnest.core.plan.plan import Place
from earnest.core.plan.promise import Foreseen, PromiseReason, window_around
from earnest.core.plan.signature import Signatures
from earnest.core.values.instant import Instant, zone

_WEEK = 7
_RECEIPTS_WEEKS = 4
"""A part comes in lots, so what comes in a week is the mean of four."""


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
        self._places: dict[int, dict[Place, int]] = {}
        self._users: dict[Binding, int] = {}
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

    def fix(self, number: int, place: Place) -> None:
        """Place one more car of a signature where it stands already."""
        self._counters.take(number, place.line, place.day)
        of_kind = self._places.setdefault(number, {})
        of_kind[place] = of_kind.get(place, 0) + 1
        self._count(number, place, 1)

    def leave(self, number: int) -> None:
        """One car of a signature is gone: its kind moves up and the last place falls free.

        Cars that fitted nowhere hold no place; then there is nothing to free.
        """
        of_kind = self._places.get(number)
        if not of_kind:
            return
        last = max(of_kind, key=lambda place: (place.day, place.line))
        of_kind[last] -= 1
        if not of_kind[last]:
            del of_kind[last]
        self._counters.give_back(number, last.line, last.day)
        self._count(number, last, -1)

    def foresee(
        self, number: int, lane_group: str, not_before: int, *, time_zone: str, now: Instant
    ) -> Foreseen:
        """What can be promised to the next car of a signature; nothing is placed."""
        found = self._counters.earliest(number, self._clipped(not_before))
        if found.day is None or found.line is None:
            reason = self._reason(number, found, lane_group, self._grid.days - 1)
            return Foreseen(None, reason)
        planned = self._grid.day(found.day)
        given_on = now.astimezone(zone(time_zone)).date()
        margin = self._calibration.margin(lane_group, (planned - given_on).days)
        lines = self.signatures.all[number].lines
        transport = self.signatures.transport[number][lines.index(found.line)]
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
        )
        return Foreseen(window_around(planned, transport, margin, time_zone, now), reason)

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

    def _count(self, number: int, place: Place, change: int) -> None:
        """Count a car with everything that it uses, so that reasons can say how many are ahead."""
        signature = self.signatures.all[number]
        names = [Binding(Resource.PART, self._grid.parts[part].code) for part in signature.parts]
        if place.line in signature.lines:
            rows = signature.caps[signature.lines.index(place.line)]
            names += [Binding(Resource.OPTION, self._grid.cap_of[row][1]) for row in rows]
        names.append(Binding(Resource.LINE, self._grid.lines[place.line].name))
        for name in names:
            self._users[name] = self._users.get(name, 0) + change

    def _clipped(self, not_before: int) -> int:
        return min(max(not_before, 0), self._grid.days)
