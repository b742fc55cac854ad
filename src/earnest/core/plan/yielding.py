"""Passes for plans in which several things are short at once, so that nobody is overtaken.

A plain pass gives the last unit of a part to who can be built sooner, though one before it can use
it later. Here who came later yields it: whoever is new gives the unit back, what it leaves is
offered again on its own day, and so on. That mends nearly everything by touching little; what it
cannot mend within bounds, the cautious pass leaves free. Not here: the plain pass (`improve.py`).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from heapq import heapify, heappop, heappush, heapreplace

from earnest.core.plan.counters import NOWHERE
from earnest.core.plan.improve import Pass
from earnest.core.plan.plan import UNPLANNED_HOLDS, Task
from earnest.core.plan.signature import Signature

LOOKS = 1_000_000_000
"""How many orders may be looked at again, so that it ends: pure Python needs minutes for them."""

_EVERYBODY = 0
"""The number from which on orders are asked again where anybody may have to leave."""


class Yielding(Pass):
    """A pass that also takes back: who is new, and who moved here though one before it wants to.

    Nobody ever leaves the place where it stood when the pass began, but for an earlier one.
    """

    def __init__(
        self,
        task: Task,
        lines: list[int],
        days: list[int],
        stays: list[bool],
        looks: int = LOOKS,
    ) -> None:
        super().__init__(task, lines, days, stays)
        self._home = list(zip(lines, days, strict=True))
        self._from = [task.offered_from(order) for order in task.orders]
        self._of = [order.signature for order in task.orders]
        self._stands = [self._until(day) for day in days]
        self._movable: dict[int, list[int]] = {}
        for number, order in enumerate(task.orders):
            if not stays[number] and order.hold not in UNPLANNED_HOLDS:
                self._movable.setdefault(order.signature, []).append(number)
        self._arrived: list[set[int]] = [set() for _ in range(task.grid.days)]
        self._new_users: list[list[int]] = [[] for _ in task.grid.parts]
        self._again: list[int] = []
        self._asked_from: dict[int, int] = {}
        self._seeking: set[int] = set()
        self._today = NOWHERE
        self._asks_anew = False
        self._looks = looks

    def mend(self, passed_on: dict[tuple[int, int], int]) -> bool:
        """Give those days again, in the order of service; False when that takes too long."""
        self._asks_anew = True
        for (_, day), number in sorted(passed_on.items()):
            self._mark(day, number)
        if not self._settle():
            return False
        self._asks_anew = False
        for day in range(self._task.grid.days):
            self._mark(day, _EVERYBODY)
        return self._settle()

    def _offer(self, day: int) -> None:
        self._today = day
        super()._offer(day)
        self._settle()

    def _settle(self) -> bool:
        """Offer marked days again, the first one first; False when that takes too long."""
        while self._again and self._looks > 0:
            day = heappop(self._again)
            number = self._asked_from.pop(day)
            self._looks -= len(self._of) - number
            self._give_again(day, number)
        return not self._again

    def _mark(self, day: int, number: int) -> None:
        """Have a day offered again to those from a number on, if its turn has been."""
        if not NOWHERE < day <= self._today:
            return
        if day not in self._asked_from:
            heappush(self._again, day)
        self._asked_from[day] = min(number, self._asked_from.get(day, number))

    def _give_again(self, day: int, number: int) -> None:
        """Offer what is left of a day; anew, to all who came to it and to those who could have."""
        before = {each for each in self._arrived[day] if each >= number and self._asks_anew}
        for each in sorted(before):
            self._go_home(each)
        self._give(day, number, before)
        lost = before - self._arrived[day]
        for each in sorted(lost):
            self._make_room(each)
        self._seeking = {
            each
            for each in self._seeking | lost
            if not NOWHERE < self._days[each] <= day + 1 and day < self._today
        }
        if self._seeking:
            self._mark(day + 1, min(self._seeking))

    def _make_room(self, number: int) -> None:
        """Have the day offered again on which an order is back, and those that share its units."""
        _, day = self._home[number]
        self._mark(day, _EVERYBODY)
        for part in self._task.signatures[self._of[number]].parts:
            room = self._room.parts[part]
            if day != NOWHERE and room.left[day] < 0:
                for each in room.days_beside(day):
                    self._mark(each, _EVERYBODY)

    def _give(self, day: int, number: int, before: set[int]) -> None:
        """Give a day to the first who can use it; of equals nobody is asked after one who cannot.

        `before` are those who had it already.
        """
        missed = [self._task.grid.days + 1] * len(self._needs)
        asking = self._asking(day, number, missed)
        heads = [(each, of) for of, which in asking.items() if (each := next(which, NOWHERE)) >= 0]
        heapify(heads)
        while heads and self._room.has_line(day):
            each, of = heads[0]
            stood, signature = self._days[each], self._task.signatures[of]
            line = self._room.line_for(signature, day)
            if line == NOWHERE:
                heappop(heads)
                continue
            if not self._place(each, signature, line, day, missed):
                missed[of] = self._stands[each]
            elif each not in before:
                self._mark(stood, _EVERYBODY if stood == self._home[each][1] else each)
            following = next(asking[of], None)
            if following is None:
                heappop(heads)
            else:
                heapreplace(heads, (following, of))

    def _asking(self, day: int, number: int, missed: list[int]) -> dict[int, Iterator[int]]:
        """By signature, who could use what is left of a day: from a number on, in that order."""
        left = self._room.left_on(day)
        return {
            of: self._asking_of(of, day, number, missed)
            for of in self._movable
            if any(needs & left == needs for needs in self._needs[of])
        }

    def _asking_of(self, of: int, day: int, number: int, missed: list[int]) -> Iterator[int]:
        """Who of a signature stands later, but before whoever of it missed the day."""
        movable, stands, first = self._movable[of], self._stands, self._from
        return (
            each
            for each in movable[bisect_left(movable, number) :]
            if first[each] <= day < stands[each] < missed[of]
        )

    def _serve(self, number: int, signature: Signature, line: int, day: int) -> None:
        if not self._place(number, signature, line, day, []):
            self._put_aside(number, signature, day)

    def _place(
        self, number: int, signature: Signature, line: int, day: int, missed: list[int]
    ) -> bool:
        """Move an order to a day, if parts suffice or others yield theirs; then all may ask."""
        before, until = self._days[number], self._stands[number]
        lacking = self._room.lacking(signature, day, until)
        if lacking:
            yielding = {self._who_yields(part, number, day, until) for part in lacking}
            if NOWHERE in yielding:
                return False
            missed[:] = [self._task.grid.days + 1] * len(missed)
            for each in sorted(yielding):
                self._mark(self._go_home(each), each)
        if before != NOWHERE:
            self._arrived[before].discard(number)
        self._room.move(signature, (self._lines[number], before), (line, day))
        self._lines[number], self._days[number] = line, day
        self._stands[number] = day
        self._arrived[day].add(number)
        if before == NOWHERE and self._is_new(number):
            for part in signature.parts:
                insort(self._new_users[part], number)
        return True

    def _who_yields(self, part: int, number: int, day: int, until: int) -> int:
        """The last in the order of service whose unit would do, of the new ones behind an order.

        Whoever had a place in the published plan had its unit already.
        """
        days = self._room.parts[part].sharing(day, until)
        users = self._new_users[part]
        return next(
            (
                each
                for each in reversed(users[bisect_left(users, number) :])
                if self._days[each] in days
            ),
            NOWHERE,
        )

    def _go_home(self, number: int) -> int:
        """Take an order back to where it stood, or nowhere; the day that it leaves."""
        line, day = self._lines[number], self._days[number]
        self._arrived[day].discard(number)
        signature = self._task.signatures[self._of[number]]
        home = self._home[number]
        self._room.move_back(signature, (line, day), home)
        self._lines[number], self._days[number] = home
        self._stands[number] = self._until(home[1])
        for part in signature.parts:
            if self._is_new(number):
                users = self._new_users[part]
                del users[bisect_left(users, number)]
        if not NOWHERE < home[1] <= self._today:
            self._joining[self._today + 1].append(number)
        return day

    def _until(self, day: int) -> int:
        """A day, or the end of the horizon for who stands nowhere."""
        return self._task.grid.days if day == NOWHERE else day

    def _is_new(self, number: int) -> bool:
        return self._task.orders[number].current is None


class Cautious(Pass):
    """A pass that leaves a day free for who is kept from it by a unit that is not rightly gone.

    While one waits for a unit that somebody new behind it has, its lines take nobody behind it on
    that day. So nobody is overtaken, whatever is short; the next plan gives what stayed free.
    """

    def __init__(self, task: Task, lines: list[int], days: list[int], stays: list[bool]) -> None:
        super().__init__(task, lines, days, stays)
        self._last_new: dict[tuple[int, int], int] = {}

    def _serve(self, number: int, signature: Signature, line: int, day: int) -> None:
        before = self._days[number]
        until = self._task.grid.days if before == NOWHERE else before
        lacking = self._room.lacking(signature, day, until)
        if not lacking:
            super()._serve(number, signature, line, day)
            if self._task.orders[number].current is None:
                for part in signature.parts:
                    key = self._key(part, day)
                    self._last_new[key] = max(number, self._last_new.get(key, number))
            return
        self._joining[day + 1].append(number)
        if all(self._last_new.get(self._key(part, day), NOWHERE) > number for part in lacking):
            self._room.close(signature, day)

    def _key(self, part: int, day: int) -> tuple[int, int]:
        """A part and, if it is not kept, the days that share its receipt."""
        room = self._room.parts[part]
        return part, NOWHERE if room.carries_over else room.ends[day]
