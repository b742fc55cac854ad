"""Steps in lanes: in order, bounded, and stopped by the first fault."""

from __future__ import annotations

import asyncio

import pytest

from earnest.simulator.lanes import in_lanes


def test_no_more_than_so_many_at_a_time() -> None:
    busy = 0
    most = 0
    done: list[int] = []

    async def step(item: int) -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0)
        busy -= 1
        done.append(item)

    asyncio.run(in_lanes(range(20), 3, step))

    assert most == 3
    assert sorted(done) == list(range(20))


def test_the_first_fault_stops_the_others_and_is_raised_as_it_is() -> None:
    done: list[int] = []

    async def step(item: int) -> None:
        if item == 2:
            raise LookupError("item two")
        await asyncio.sleep(0)
        done.append(item)

    with pytest.raises(LookupError, match="item two"):
        asyncio.run(in_lanes(range(1_000), 3, step))
    assert len(done) < 10
