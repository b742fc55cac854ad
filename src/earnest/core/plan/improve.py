"""The improve-only pass: whoever can move to an earlier day does, and nobody moves to a later one.

Day by day, each free slot is offered to the first in the order of service who could use it; the
slot that one leaves lies later and is offered when its day comes. So one pass is enough, and no
move overtakes anybody, unless a part runs out that one before could have used on a later day.
Not here: who yields it then (`yielding.py`), who has to leave a place (`repair.py`).
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from earnest.core.plan.counters import NOWHERE
from earnest.core.plan.plan import UNPLANNED_HOLDS, Task
from earnest.core.plan.room import Room
from earnest.core.plan.signature import Signature


class Pass:
    """One pass over the days of a task, from the places in `lines` and `days`, which it changes.

    Orders without a place are offered one as well; `stays` are those that keep theirs.
    """

    def __init__(self, task: Task, lines: list[int], days: list[int], stays: list[bool]) -> None:
        self._task = task
        self._lines = lines
        self._days = days
        self._room = Room.after(task, lines, days)
        self._needs = [self._room.needed_by(signature) for signature in task.signatures]
        self._waiting: dict[int, list[int]] = {}
        self._joining: list[list[int]] = [[] for _ in range(task.grid.days + 1)]
        for number, order in enumerate(task.orders):
            if not stays[number] and order.hold not in UNPLANNED_HOLDS:
                self._joining[task.offered_from(order)].append(number)

    def run(self) -> None:
        """Offer the free slots of each day."""
        for day in range(self._task.grid.days):
            for number in self._joining[day]:
                heappush(self._waiting.setdefault(self._task.orders[number].signature, []), number)
            if self._room.has_line(day):
                self._offer(day)

    def _offer(self, day: int) -> None:
        """Give the slots of a day to the first who can use them.

        What is used up when the day is offered stays so, and whoever needs it is not asked.
        """
        heads = []
        left = self._room.left_on(day)
        for of, waiting in self._waiting.items():
            if any(needs & left == needs for needs in self._needs[of]):
                self._drop_served(waiting, day)
                if waiting:
                    heads.append((waiting[0], of))
        heapify(heads)
        while heads and self._room.has_line(day):
            number, of = heads[0]
            signature = self._task.signatures[of]
            line = self._room.line_for(signature, day)
            if line == NOWHERE:
                heappop(heads)
                continue
            self._serve(number, signature, line, day)
            waiting = self._waiting[of]
            heappop(waiting)
            self._drop_served(waiting, day)
            heappop(heads)
            if waiting:
                heappush(heads, (waiting[0], of))

    def _serve(self, number: int, signature: Signature, line: int, day: int) -> None:
        """Move an order to a day, or put it aside until a day on which its parts may suffice."""
        before = self._days[number]
        until = self._task.grid.days if before == NOWHERE else before
        if self._room.blocked_until(signature, day, until) > day:
            self._put_aside(number, signature, day)
            return
        self._room.move(signature, (self._lines[number], before), (line, day))
        self._lines[number], self._days[number] = line, day

    def _put_aside(self, number: int, signature: Signature, day: int) -> None:
        """Ask an order again on the next day on which its parts may suffice."""
        before = self._days[number]
        until = self._task.grid.days if before == NOWHERE else before
        blocked = self._room.blocked_until(signature, day, until)
        self._joining[min(blocked, until)].append(number)

    def _drop_served(self, waiting: list[int], day: int) -> None:
        """Forget those who stand on this day or before it."""
        days = self._days
        while waiting and NOWHERE < days[waiting[0]] <= day:
            heappop(waiting)
