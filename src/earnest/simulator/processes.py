"""A launch in this process, or spread over several when one cannot send fast enough.

Buyers are dealt out in turn, so every process follows the whole curve. Not here: what a process
does with its part (`launch.py`, `shard.py`).
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from time import perf_counter

import msgspec

from earnest.simulator.arrays import Instants
from earnest.simulator.crowd import Buyer
from earnest.simulator.lanes import in_lanes
from earnest.simulator.launch import Launch, LaunchPlan, Seen, Tally
from earnest.simulator.shard import LENGTH_BYTES, TELL_EVERY_S, Part, Start, Told, packed, unpacked

LEAD_S = 0.2
"""From the last process being ready to the opening."""


class ShardLost(Exception):
    """A process of the launch ended before it told what it saw."""


Watcher = Callable[[Tally], None]
"""Is shown, now and then, what was added since it was last shown."""


async def run_launch(
    plan: LaunchPlan,
    crowd: Sequence[Buyer],
    due_s: Instants,
    *,
    processes: int,
    watch: Watcher,
) -> tuple[LaunchPlan, Seen]:
    """Run the launch; return the plan with the instant at which it opened, and what was seen.

    Raises `ShardLost`.
    """
    if processes > 1:
        return await _run_spread(plan, crowd, due_s, processes, watch)
    plan = msgspec.structs.replace(plan, starts_at=perf_counter() + LEAD_S)
    launch = Launch(plan, crowd, due_s)

    async def tell() -> None:
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            tally, launch.tally = launch.tally, Tally()
            watch(tally)

    telling = asyncio.create_task(tell())
    try:
        await asyncio.sleep(LEAD_S)
        seen = await launch.run()
    finally:
        telling.cancel()
    watch(launch.tally)
    return plan, seen


async def _run_spread(
    plan: LaunchPlan,
    crowd: Sequence[Buyer],
    due_s: Instants,
    processes: int,
    watch: Watcher,
) -> tuple[LaunchPlan, Seen]:
    shards = [
        await _Shard.start(plan, crowd[number::processes], due_s[number::processes], number)
        for number in range(processes)
    ]
    try:
        for shard in shards:
            await shard.wait_until_ready()
        plan = msgspec.structs.replace(plan, starts_at=perf_counter() + LEAD_S)
        for shard in shards:
            await shard.open(plan.starts_at)
        parts: dict[int, Seen] = {}

        async def follow(number: int) -> None:
            parts[number] = await shards[number].follow(watch)

        await in_lanes(range(processes), processes, follow)
    finally:
        for shard in shards:
            await shard.stop()
    return plan, merged([parts[number] for number in range(processes)], len(crowd))


def merged(parts: Sequence[Seen], count: int) -> Seen:
    """What everybody saw, from parts that were dealt out in turn."""
    whole = Seen.of(count)
    codes: Counter[str] = Counter()
    troubles: Counter[str] = Counter()
    for number, part in enumerate(parts):
        turn = slice(number, None, len(parts))
        whole.intended[turn] = part.intended
        whole.sent[turn] = part.sent
        whole.answered[turn] = part.answered
        whole.paid[turn] = part.paid
        whole.pay_sent[turn] = part.pay_sent
        whole.status[turn] = part.status
        whole.paid_status[turn] = part.paid_status
        whole.rank[turn] = part.rank
        whole.order_id[turn] = part.order_id
        whole.sent_twice += part.sent_twice
        whole.unequal = [*whole.unequal, *part.unequal]
        codes.update(part.codes)
        troubles.update(part.troubles)
    whole.codes = dict(codes)
    whole.troubles = dict(troubles)
    return whole


class _Shard:
    """One process and the talk with it."""

    def __init__(self, number: int, process: asyncio.subprocess.Process) -> None:
        self._number = number
        self._process = process

    @classmethod
    async def start(
        cls, plan: LaunchPlan, crowd: Sequence[Buyer], due_s: Instants, number: int
    ) -> _Shard:
        """Start the process and tell it its part."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "earnest.simulator.shard",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        shard = cls(number, process)
        part = msgspec.structs.replace(plan, seed=plan.seed + number)
        await shard._send(Part(part, list(crowd), due_s))
        return shard

    async def wait_until_ready(self) -> None:
        """Wait for its first word."""
        await self._told()

    async def open(self, starts_at: float) -> None:
        """Tell it when the launch opens."""
        await self._send(Start(starts_at))

    async def follow(self, watch: Watcher) -> Seen:
        """Pass on how far it is, and return what its buyers saw."""
        while True:
            told = await self._told()
            if told.seen is not None:
                return told.seen
            if told.tally is not None:
                watch(told.tally)

    async def stop(self) -> None:
        """Make sure that the process is gone."""
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()

    async def _send(self, message: object) -> None:
        assert self._process.stdin is not None, "the process was started with a pipe"
        try:
            self._process.stdin.write(packed(message))
            await self._process.stdin.drain()
        except ConnectionError as error:
            raise ShardLost(f"process {self._number} of the launch is gone") from error

    async def _told(self) -> Told:
        assert self._process.stdout is not None, "the process was started with a pipe"
        try:
            length = int.from_bytes(await self._process.stdout.readexactly(LENGTH_BYTES), "big")
            return unpacked(await self._process.stdout.readexactly(length), Told)
        except asyncio.IncompleteReadError as error:
            code = await self._process.wait()
            raise ShardLost(
                f"process {self._number} of the launch ended too early: exit code {code}, "
                f"{len(error.partial)} of {error.expected} bytes read"
            ) from error
