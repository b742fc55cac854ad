"""Several people at once: the same steps in a bounded number of lanes, stopped at the first fault.

Not here: what the steps are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


async def in_lanes(
    items: Iterable[Item], lanes: int, step: Callable[[Item], Awaitable[object]]
) -> None:
    """Take the items in order, `lanes` of them at a time.

    The first exception cancels the other lanes and is raised as it is.
    """
    waiting = iter(items)

    async def lane() -> None:
        for item in waiting:
            await step(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(lanes):
                group.create_task(lane())
    except BaseExceptionGroup as faults:
        raise faults.exceptions[0] from None
