"""A surge ten times beyond what may wait: 201 or 503, all of them in the end, and reads go on."""

from __future__ import annotations

import asyncio

from tests.chaos.surge import SHORT, UNBOUNDED, Scale, surge


def test_a_surge_ends_with_a_place_for_everybody_while_reads_go_on(fresh_database_url: str) -> None:
    seen = asyncio.run(surge(fresh_database_url, SHORT))

    assert seen.faults(SHORT, SHORT.may_wait) == []


def test_the_smallest_surge_ends_as_well(fresh_database_url: str) -> None:
    """One may wait, so one at a time is decided: a part of one is still one."""
    smallest = Scale(may_wait=1, reads=1)

    seen = asyncio.run(surge(fresh_database_url, smallest))

    assert seen.faults(smallest, 1) == []


def test_a_queue_without_a_limit_is_found_out(fresh_database_url: str) -> None:
    """The control: everybody waits inside, so that memory grows with whoever comes."""
    seen = asyncio.run(surge(fresh_database_url, SHORT, limit=UNBOUNDED))

    assert seen.faults(SHORT, SHORT.may_wait) == [
        "no more waited than may",
        "somebody was turned away",
    ]
    assert seen.most_waiting > 5 * SHORT.may_wait
