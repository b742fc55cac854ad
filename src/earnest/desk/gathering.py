"""Asking together: whatever waits when the last answer came is asked in one.

What thousands ask in one second costs the database one round trip for a whole group of them. Only
so many may wait, and when little happens a group has one member. Not here: commands, whose groups
the desk decides in two lanes (`desk.py`), and what is asked (`rooms.py`, `people/reserving.py`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import structlog

from earnest.desk.desk import GROUP_LIMIT, QUEUE_LIMIT, CommandFailed, DeskFull
from earnest.desk.ports import StoreUnavailable

log = structlog.get_logger(__name__)

Question = TypeVar("Question")
Found = TypeVar("Found")


class Gathering(Generic[Question, Found]):
    """Questions of one kind that wait for each other, and the task that answers them."""

    def __init__(
        self,
        name: str,
        answers: Callable[[Sequence[Question]], Awaitable[Sequence[Found]]],
        *,
        queue_limit: int = QUEUE_LIMIT,
        group_limit: int = GROUP_LIMIT,
    ) -> None:
        """`answers` gives one answer for each question of a group, in their order.

        Nothing is asked before `run`. The name is for the log.
        """
        self._name = name
        self._answers = answers
        self._queue_limit = queue_limit
        self._group_limit = group_limit
        self._waiting: deque[tuple[Question, asyncio.Future[Found]]] = deque()
        self._something = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many questions wait for the next group."""
        return len(self._waiting)

    async def ask(self, question: Question) -> Found:
        """The answer to one question, asked together with whatever else waits.

        Raises `DeskFull` when too many wait, and what failed for its whole group:
        `StoreUnavailable`, or `CommandFailed` after a defect.
        """
        if len(self._waiting) >= self._queue_limit:
            raise DeskFull
        future: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, future))
        self._something.set()
        return await future

    async def run(self) -> None:
        """Ask for one group after the other, for ever."""
        while True:
            await self._something.wait()
            size = min(len(self._waiting), self._group_limit)
            group = [self._waiting.popleft() for _ in range(size)]
            if not self._waiting:
                self._something.clear()
            await self._answer(group)

    async def _answer(self, group: Sequence[tuple[Question, asyncio.Future[Found]]]) -> None:
        """Answer everybody of a group, each with an exception of their own where it failed."""
        futures = [future for _, future in group]
        try:
            found = await self._answers([question for question, _ in group])
        except StoreUnavailable as lost:
            said = str(lost)
            _fail(futures, lambda: StoreUnavailable(said))
        except Exception as defect:
            log.exception("gathering_failed", of=self._name, questions=len(group), exc_info=defect)
            _fail(futures, lambda: CommandFailed(self._name))
        except asyncio.CancelledError:
            _fail(futures, DeskFull)
            raise
        else:
            for future, each in zip(futures, found, strict=True):
                if not future.done():
                    future.set_result(each)


def _fail(futures: Sequence[asyncio.Future[Found]], failure: Callable[[], Exception]) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(failure())
