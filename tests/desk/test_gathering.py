"""Questions that are asked together: few groups, each answered by itself, whatever fails.

Not here: joining a waiting room (`test_rooms.py`) and what the door of reservations asks
(`tests/people/test_reserving.py`), which both gather.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest
from structlog.typing import EventDict

from earnest.desk.desk import QUEUE_LIMIT, CommandFailed, DeskFull
from earnest.desk.gathering import Gathering
from earnest.desk.ports import StoreUnavailable


class Squares:
    """Answers with squares, and notes what was asked together. A failure is used up by a group."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.failure: Exception | None = None
        self.begun = asyncio.Event()

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.groups.append(list(numbers))
        self.begun.set()
        failure, self.failure = self.failure, None
        await asyncio.sleep(0)
        if failure is not None:
            raise failure
        return [number * number for number in numbers]


@asynccontextmanager
async def gathering(
    squares: Squares, *, queue_limit: int = QUEUE_LIMIT, group_limit: int = 500
) -> AsyncIterator[Gathering[int, int]]:
    """Squares that are asked for together."""
    made: Gathering[int, int] = Gathering(
        "squares", squares, queue_limit=queue_limit, group_limit=group_limit
    )
    task = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def test_whatever_waits_is_asked_together_and_everybody_gets_their_own_answer() -> None:
    async def story() -> None:
        squares = Squares()
        async with gathering(squares, group_limit=100) as asked:
            found = await asyncio.gather(*(asked.ask(number) for number in range(250)))
            assert found == [number * number for number in range(250)]
            assert [len(group) for group in squares.groups] == [100, 100, 50]
            assert (asked.waiting, await asked.ask(3)) == (0, 9)
            assert squares.groups[-1] == [3]

    asyncio.run(story())


def test_who_comes_while_a_group_is_asked_is_in_the_next() -> None:
    async def story() -> None:
        squares = Squares()
        async with gathering(squares) as asked:
            first = asyncio.create_task(asked.ask(1))
            await squares.begun.wait()
            later = [asyncio.create_task(asked.ask(number)) for number in (2, 3)]
            assert await asyncio.gather(first, *later) == [1, 4, 9]
            assert squares.groups == [[1], [2, 3]]

    asyncio.run(story())


def test_beyond_those_that_may_wait_nobody_is_asked_for() -> None:
    async def story() -> None:
        squares = Squares()
        made: Gathering[int, int] = Gathering("squares", squares, queue_limit=2)
        waiting = [asyncio.create_task(made.ask(number)) for number in (1, 2)]
        await asyncio.sleep(0)
        with pytest.raises(DeskFull):
            await made.ask(3)

        task = asyncio.create_task(made.run())
        assert await asyncio.gather(*waiting) == [1, 4]
        assert await made.ask(3) == 9
        task.cancel()

    asyncio.run(story())


def test_a_failed_group_fails_for_those_who_waited_for_it_each_by_itself(
    logged: list[EventDict],
) -> None:
    async def story() -> None:
        for failure, told in (
            (StoreUnavailable("away"), StoreUnavailable),
            (KeyError("a defect"), CommandFailed),
        ):
            squares = Squares()
            squares.failure = failure
            async with gathering(squares, group_limit=2) as asked:
                waiting = [asyncio.create_task(asked.ask(number)) for number in (1, 2)]
                await squares.begun.wait()
                later = asyncio.create_task(asked.ask(3))
                found = await asyncio.gather(*waiting, return_exceptions=True)

                assert [type(each) for each in found] == [told, told]
                assert found[0] is not found[1]
                assert await later == 9

    asyncio.run(story())
    assert [(each["event"], each["of"], each["questions"]) for each in logged] == [
        ("gathering_failed", "squares", 2)
    ]


def test_who_left_before_the_answer_hinders_nobody() -> None:
    async def story() -> None:
        squares = Squares()
        async with gathering(squares) as asked:
            for failure in (None, StoreUnavailable()):
                squares.failure = failure
                gone, stays = (asyncio.create_task(asked.ask(number)) for number in (1, 2))
                await asyncio.sleep(0)
                gone.cancel()
                (found,) = await asyncio.gather(stays, return_exceptions=True)
                assert found == 4 if failure is None else isinstance(found, StoreUnavailable)

    asyncio.run(story())


def test_who_is_asked_for_when_it_ends_is_told_to_come_again() -> None:
    async def story() -> None:
        begun = asyncio.Event()

        async def never(_: Sequence[int]) -> list[int]:
            begun.set()
            await asyncio.Event().wait()
            return []

        made: Gathering[int, int] = Gathering("never", never)
        task = asyncio.create_task(made.run())
        asks = asyncio.create_task(made.ask(1))
        await begun.wait()
        task.cancel()
        with pytest.raises(DeskFull):
            await asks

    asyncio.run(story())
