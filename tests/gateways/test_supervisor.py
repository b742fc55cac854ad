"""A part that fails is logged, counted, and started again after a growing rest; others go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from earnest.gateways.supervisor import (
    FIRST_REST_SECONDS,
    LONGEST_REST_SECONDS,
    RAN_WELL_SECONDS,
    Health,
    Part,
    PartEnded,
    Supervisor,
)


class Lived(Exception):
    """A defect of a part."""


class Watch:
    """A measuring clock that is moved by hand, and rests that take no time."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.rests: list[float] = []

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.rests.append(seconds)
        await asyncio.sleep(0)


class Failing:
    """A part that fails a number of times and then runs until it is cancelled."""

    def __init__(self, watch: Watch, fails: int, lives: Callable[[int], float]) -> None:
        self.starts = 0
        self.runs = asyncio.Event()
        self._watch = watch
        self._fails = fails
        self._lives = lives

    async def run(self) -> None:
        self.starts += 1
        if self.starts > self._fails:
            self.runs.set()
            await asyncio.Event().wait()
        self._watch.seconds += self._lives(self.starts)
        raise Lived(f"life {self.starts}")


async def until_it_runs(fails: int, lives: Callable[[int], float] = lambda _: 0.0) -> Watch:
    """Keep a part beside another one until it runs; both are stopped as a server stops them."""
    watch = Watch()
    supervisor = Supervisor(watch.now, watch.sleep)
    failing = Failing(watch, fails, lives)
    beside = Failing(watch, 0, lives)
    tasks = [
        asyncio.create_task(supervisor.keep(Part("failing", failing.run))),
        asyncio.create_task(supervisor.keep(Part("beside", beside.run))),
    ]
    await failing.runs.wait()
    assert not any(task.done() for task in tasks)
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in ended] == [asyncio.CancelledError] * 2
    assert supervisor.health == {"failing": Health(failures=fails), "beside": Health()}
    assert (failing.starts, beside.starts) == (fails + 1, 1)
    return watch


def test_a_part_that_fails_twice_runs_in_the_end_while_the_other_goes_on() -> None:
    with capture_logs() as lines:
        watch = asyncio.run(until_it_runs(2))

    assert watch.rests == [1.0, 2.0]
    assert [
        (line["event"], line["part"], line["failures"], line["again_after_seconds"])
        for line in lines
    ] == [("part_failed", "failing", 1, 1.0), ("part_failed", "failing", 2, 2.0)]
    assert [str(line["exc_info"]) for line in lines] == ["life 1", "life 2"]
    assert all(line["exc_info"].__traceback__ is not None for line in lines)


def test_the_rest_doubles_up_to_the_longest() -> None:
    watch = asyncio.run(until_it_runs(9))

    assert watch.rests[:7] == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, LONGEST_REST_SECONDS]
    assert watch.rests[-1] == LONGEST_REST_SECONDS


def test_a_part_that_ran_well_rests_briefly_again() -> None:
    watch = asyncio.run(until_it_runs(4, lambda life: RAN_WELL_SECONDS if life == 4 else 0.0))

    assert watch.rests == [1.0, 2.0, 4.0, FIRST_REST_SECONDS]


def test_a_part_that_comes_to_an_end_is_a_defect_too() -> None:
    async def ended() -> None:
        """Return, as nothing that runs for ever may."""

    async def once() -> Supervisor:
        resting = asyncio.Event()

        async def rest(_: float) -> None:
            resting.set()
            await asyncio.Event().wait()

        supervisor = Supervisor(lambda: 0.0, rest)
        task = asyncio.create_task(supervisor.keep(Part("ended", ended)))
        await resting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return supervisor

    with capture_logs() as lines:
        supervisor = asyncio.run(once())

    assert supervisor.health == {"ended": Health(failures=1, rests=True)}
    assert isinstance(lines[0]["exc_info"], PartEnded)
