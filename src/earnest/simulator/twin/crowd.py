"""The crowd: when the buyers of a scenario come, and what each of them will do.

Everything is drawn from the seed in the order in which it is needed, so the same seed lives the
same year. Not here: carrying it out (`world.py`).
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator

from earnest.simulator.curve import find_curve
from earnest.simulator.twin.scenario import Behaviour, Scenario

DAY_S = 86_400
HOUR_S = 3_600


def arrivals(scenario: Scenario, draw: random.Random) -> Iterator[list[int]]:
    """For each day from the beginning: the seconds after the opening at which somebody reserves.

    The first day follows the launch curve; the others are spread evenly over the day.
    """
    points = scenario.arrivals.points
    done = 0
    for day in range(scenario.days):
        until = round(_share(points, day + 1) * scenario.orders)
        count, done = until - done, until
        if day == 0:
            yield _launch(scenario.arrivals.launch, count)
        else:
            yield sorted(day * DAY_S + draw.randrange(DAY_S) for _ in range(count))


def _launch(name: str, count: int) -> list[int]:
    """So many reservations along a launch curve, the first at its opening."""
    curve = find_curve(name)
    seconds = [point.elapsed_s for point in curve.points]
    deposits = [point.deposits for point in curve.points]
    times = []
    for place in range(count):
        wanted = deposits[-1] * place / count
        after = min(bisect_right(deposits, wanted), len(deposits) - 1)
        low, high = deposits[after - 1], deposits[after]
        part = (wanted - low) / (high - low)
        times.append(int(seconds[after - 1] + part * (seconds[after] - seconds[after - 1])))
    return times


def _share(points: tuple[tuple[float, float], ...], day: float) -> float:
    """The share that has come by a day, straight between the points."""
    if day >= points[-1][0]:
        return points[-1][1]
    after = bisect_right([point[0] for point in points], day)
    (low_day, low), (high_day, high) = points[after - 1], points[after]
    return low + (high - low) * (day - low_day) / (high_day - low_day)


class Mind:
    """What buyers decide, one draw after the other."""

    def __init__(self, behaviour: Behaviour, draw: random.Random) -> None:
        self._behaviour = behaviour
        self._draw = draw

    def does(self, share: float) -> bool:
        """Whether this one is among a share."""
        return self._draw.random() < share

    def within(self, low: int, high: int) -> int:
        """A number of seconds (or days) from `low` to `high`, both included."""
        return self._draw.randint(low, high)

    def pays_after(self) -> int | None:
        """Seconds from reserving to paying; None for who never pays."""
        if self.does(self._behaviour.never_pays):
            return None
        return self.within(20, 900)

    def in_cooling_off(self, hours: int) -> tuple[str, int] | None:
        """Withdraw or lock early, and how many seconds after paying; None for who waits."""
        drawn = self._draw.random()
        if drawn < self._behaviour.withdraws:
            return "withdraw", self.within(0, hours * HOUR_S - 1)
        if drawn < self._behaviour.withdraws + self._behaviour.locks_early:
            return "lock_early", self.within(HOUR_S, hours * HOUR_S // 3)
        return None

    def after_lock(self) -> tuple[str, int] | None:
        """Defer or cancel, and how many seconds after the lock; None for who waits."""
        drawn = self._draw.random()
        if drawn < self._behaviour.defers:
            return "defer", self.within(2, 60) * DAY_S + self.within(0, DAY_S - 1)
        if drawn < self._behaviour.defers + self._behaviour.cancels:
            return "cancel", self.within(2, 200) * DAY_S + self.within(0, DAY_S - 1)
        return None

    def deferral_days(self) -> int:
        """For how long a buyer defers."""
        return self.within(*self._behaviour.defers_days)
