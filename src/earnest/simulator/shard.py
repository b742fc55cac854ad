"""One process of a launch that is too much for one: told its part on stdin, tells on stdout.

Run by `processes.py` as `python -m earnest.simulator.shard`; it is not a command for people. Each
message is its length in eight bytes and then MessagePack.
"""

from __future__ import annotations

import asyncio
import sys
from time import perf_counter
from typing import BinaryIO, TypeVar

import msgspec
import uvloop

from earnest.simulator.arrays import Instants, array_bytes, array_of
from earnest.simulator.crowd import Buyer
from earnest.simulator.launch import Launch, LaunchPlan, Seen, Tally

LENGTH_BYTES = 8
TELL_EVERY_S = 0.5

Shape = TypeVar("Shape")


class Part(msgspec.Struct, frozen=True):
    """What one process does: its buyers and when each of them wants to send."""

    plan: LaunchPlan
    crowd: list[Buyer]
    due_s: Instants


class Start(msgspec.Struct, frozen=True):
    """When the launch opens, on the measuring clock that all processes share."""

    starts_at: float


class Told(msgspec.Struct, frozen=True):
    """Ready (both empty), how far the part is, or what its buyers saw."""

    tally: Tally | None = None
    seen: Seen | None = None


def packed(message: object) -> bytes:
    """A message with its length."""
    content = msgspec.msgpack.encode(message, enc_hook=array_bytes)
    return len(content).to_bytes(LENGTH_BYTES, "big") + content


def unpacked(content: bytes, shape: type[Shape]) -> Shape:
    """The message in these bytes, without the length."""
    return msgspec.msgpack.decode(content, type=shape, dec_hook=array_of)


def _read(stream: BinaryIO, shape: type[Shape]) -> Shape:
    length = int.from_bytes(stream.read(LENGTH_BYTES), "big")
    return unpacked(stream.read(length), shape)


def _write(stream: BinaryIO, message: Told) -> None:
    stream.write(packed(message))
    stream.flush()


async def _run(launch: Launch, out: BinaryIO) -> Seen:
    async def tell() -> None:
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            tally, launch.tally = launch.tally, Tally()
            _write(out, Told(tally=tally))

    telling = asyncio.create_task(tell())
    try:
        seen = await launch.run()
    finally:
        telling.cancel()
    _write(out, Told(tally=launch.tally))
    return seen


def follow(source: BinaryIO, out: BinaryIO) -> None:
    """Read the part, say ready, wait for the start, run, tell, and wait to be stopped."""
    part = _read(source, Part)
    _write(out, Told())
    starts_at = _read(source, Start).starts_at
    plan = msgspec.structs.replace(part.plan, starts_at=starts_at)

    async def launch() -> Seen:
        await asyncio.sleep(max(0.0, starts_at - perf_counter()))
        return await _run(Launch(plan, part.crowd, part.due_s), out)

    _write(out, Told(seen=uvloop.run(launch())))
    # What 100,000 buyers saw is several megabytes. uvloop drops what it has not read yet of a
    # process that ended, so this one stays until it is stopped or nobody is there any more.
    source.read()


if __name__ == "__main__":
    follow(sys.stdin.buffer, sys.stdout.buffer)
