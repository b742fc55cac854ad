"""Mail gives way to a launch, and to nothing else."""

import asyncio

from earnest.desk.courtesy import (
    LOOK_SECONDS,
    MAILS_PER_SECOND,
    MAILS_PER_SECOND_WHILE_BUSY,
    Courtesy,
)
from earnest.desk.desk import Counts


class Day:
    """A clock that only sleeping moves, and a desk whose rate is set by hand."""

    def __init__(self, commands_per_second: float) -> None:
        self.now = 0.0
        self.counts = Counts()
        self._rate = commands_per_second

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.counts.commands = int(self.now * self._rate)

    def falls_silent(self) -> None:
        self._rate = 0.0
        self.counts.commands = 0
        self.now += 10 * LOOK_SECONDS

    def courtesy(self) -> Courtesy:
        return Courtesy(self.counts, self.monotonic, self.sleep)


async def _mails_in(day: Day, courtesy: Courtesy, count: int) -> float:
    began = day.now
    for _ in range(count):
        await courtesy.turn()
    return day.now - began


def test_mail_leaves_steadily_while_the_desk_is_quiet() -> None:
    day = Day(commands_per_second=5)
    courtesy = day.courtesy()
    asyncio.run(day.sleep(LOOK_SECONDS))

    seconds = asyncio.run(_mails_in(day, courtesy, 1_001))

    assert round(seconds, 6) == 1_000 / MAILS_PER_SECOND


def test_mails_that_leave_together_take_the_turns_of_all() -> None:
    day = Day(commands_per_second=5)
    courtesy = day.courtesy()
    asyncio.run(day.sleep(LOOK_SECONDS))

    async def in_twenties() -> float:
        for _ in range(6):
            await courtesy.turn(20)
        return day.now - LOOK_SECONDS

    assert round(asyncio.run(in_twenties()), 6) == 100 / MAILS_PER_SECOND


def test_mail_leaves_slowly_while_the_desk_is_busy() -> None:
    day = Day(commands_per_second=2_000)
    courtesy = day.courtesy()
    asyncio.run(day.sleep(LOOK_SECONDS))

    seconds = asyncio.run(_mails_in(day, courtesy, 101))

    assert round(seconds, 6) == 100 / MAILS_PER_SECOND_WHILE_BUSY


def test_mail_leaves_steadily_again_when_the_launch_is_over() -> None:
    day = Day(commands_per_second=2_000)
    courtesy = day.courtesy()
    asyncio.run(day.sleep(LOOK_SECONDS))
    asyncio.run(_mails_in(day, courtesy, 1))
    day.falls_silent()

    seconds = asyncio.run(_mails_in(day, courtesy, 1_001))

    assert round(seconds, 6) == 1_000 / MAILS_PER_SECOND
