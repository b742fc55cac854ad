"""`python -m chaos.sending`: one of the processes that send copies of requests to several servers.

It is told its part on standard input and tells on standard output how far it is, a line of JSON at
a time; it is no command for people. Every answer is judged where it arrives. Not here: what the
database holds in the end (`duplicates.py`).
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import uvloop

from chaos.people import CREATED, NO_CONTENT, People, Told, read_made
from chaos.trial import Outcome, Reach
from chaos.world import Server, World
from earnest.simulator.wire import Reply

AT_ONCE = 96
"""Buyers at a time in each process: the more wait together, the more one commit serves."""

MOST_COPIES = 5
ALTERED_SHARE = 0.027
"""This part of places and cases with copies has an altered one: one in a hundred of all."""

CASE_EVERY = 10
"""One buyer in so many opens a case as well: a request through the doors that are not hot."""

TELL_EVERY_S = 1.0
OK, UNPROCESSABLE = 200, 422
DIFFERENT_ANSWERS = "copies_answered_differently"
ALTERED_TAKEN = "altered_copy_not_refused"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one process sends: every so-manieth buyer, until so many requests were sent.

    It keeps the numbers of its orders in the file `kept`, a line each.
    """

    kept: str
    folder: str
    database_url: str
    ports: list[int]
    seed: int
    first: int
    step: int
    requests: int

    def keep(self, orders: Sequence[str]) -> None:
        """Write the numbers down: the end of a line of millions of characters was seen lost."""
        Path(self.kept).write_text("\n".join(orders))

    def orders(self) -> set[str]:
        """The numbers that were written down."""
        return set(Path(self.kept).read_text().split())


class Sent(msgspec.Struct, kw_only=True):
    """How far a process is; the last one has what was not as it must be.

    `again` is how often a copy had to wait for another one that was being decided.
    """

    is_last: bool = False
    done: int = 0
    sent: int = 0
    altered: int = 0
    again: int = 0
    failures: dict[str, int] = {}
    examples: list[str] = []


class SenderLost(Exception):
    """A process ended before it told what it sent."""


async def send_from_processes(parts: Sequence[Part], reach: Reach) -> list[Sent]:
    """Let a process send each part; what each of them sent. Raises `SenderLost`."""
    so_far = [Sent() for _ in parts]

    async def follow(number: int) -> Sent:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "chaos.sending"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdin is not None, "it was started with a pipe"
        assert process.stdout is not None, "it was started with a pipe"
        try:
            process.stdin.write(msgspec.json.encode(parts[number]) + b"\n")
            async for line in process.stdout:
                so_far[number] = told = msgspec.json.decode(line, type=Sent)
                reach(sum(each.done for each in so_far), sum(each.done for each in so_far))
                if told.is_last:
                    return told
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
        raise SenderLost(f"process {number} that sends ended too early")

    async with asyncio.TaskGroup() as tasks:
        works = [tasks.create_task(follow(number)) for number in range(len(parts))]
    return [work.result() for work in works]


class Elsewhere(msgspec.Struct, frozen=True):
    """The database of a world that another process keeps."""

    url: str
    process_id: int = 0

    def start(self) -> None:
        """Somebody else does."""

    def stop(self) -> None:
        """Somebody else does."""


class Copies(msgspec.Struct, kw_only=True):
    """The answers to the copies of one request, by the content that each copy had."""

    plain: list[Reply] = []
    altered: list[Reply] = []


class Chance:
    """What is drawn for one request, from the seed and its name alone and in a microsecond."""

    def __init__(self, seed: int, name: str) -> None:
        """Draw sixteen bytes."""
        self._drawn = hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=16).digest()

    @property
    def copies(self) -> int:
        """How often the request is sent."""
        return 1 + self._drawn[0] % MOST_COPIES

    @property
    def first_server(self) -> int:
        """Which server gets the first copy; the others follow in turn."""
        return self._drawn[1]

    @property
    def altered(self) -> int | None:
        """Which copy has another content, if any."""
        is_altered = int.from_bytes(self._drawn[2:6]) / 2**32 < ALTERED_SHARE
        return self._drawn[6] % self.copies if is_altered and self.copies > 1 else None


class _Sender:
    """Sends requests of one buyer after the other until enough were sent."""

    def __init__(self, part: Part, people: People) -> None:
        self.orders: list[str] = []
        self.outcome = Outcome()
        self.so_far = Sent()
        self._part = part
        self._people = people
        self._next = part.first

    async def keep_sending(self) -> None:
        while self.so_far.done < self._part.requests:
            number, self._next = self._next, self._next + self._part.step
            await self._buyer(number)

    async def _buyer(self, number: int) -> None:
        people = self._people
        token = people.token(number)
        copies = await self._copies(
            f"place {number}",
            people.reservation(number, token=token),
            people.reservation(number, altered=True, token=token),
        )
        first = self._judge("a place", CREATED, copies)
        if first is None:
            return
        made = read_made(first)
        self.orders.append(made.order_id)
        told = Told(
            buyer_id=people.buyer_id(number),
            order_id=made.order_id,
            rank=made.rank,
            sent=0.0,
            answered=0.0,
        )
        copies = await self._copies(f"deposit {number}", people.payment(told), b"")
        self._judge("its deposit", NO_CONTENT, copies)
        if number % CASE_EVERY:
            return
        path, key = f"/orders/{made.order_id}/open-case", f"case-{number}"
        plain, other = (
            people.post(number, path, body, key=key, token=token)
            for body in (b'{"subject":"the paint"}', b'{"subject":"the wheels"}')
        )
        self._judge("a case", OK, await self._copies(f"case {number}", plain, other))

    async def _copies(self, name: str, plain: bytes, other: bytes) -> Copies:
        """Send a request one to five times at once; sometimes one copy has another content."""
        chance = Chance(self._part.seed, name)
        contents = [plain] * chance.copies
        if other and chance.altered is not None:
            contents[chance.altered] = other
            self.so_far.altered += 1
        clients = self._people.clients
        answers = await asyncio.gather(
            *(
                clients[(chance.first_server + place) % len(clients)].ask(content)
                for place, content in enumerate(contents)
            )
        )
        self.so_far.done += 1
        self.so_far.sent += len(contents)
        copies = Copies()
        for content, reply in zip(contents, answers, strict=True):
            (copies.plain if content is plain else copies.altered).append(reply)
        return copies

    def _judge(self, what: str, good: int, copies: Copies) -> Reply | None:
        """One content is carried out and answered the same each time; the other one is refused."""
        winners, losers = copies.plain, copies.altered
        if losers and losers[0].status == good:
            winners, losers = losers, winners
        bodies = Counter((reply.status, _essence(reply.body)) for reply in winners)
        if len(bodies) != 1 or next(iter(bodies))[0] != good:
            self.outcome.fail(DIFFERENT_ANSWERS, f"{what}: {_shown(bodies)}")
        for reply in losers:
            if reply.status != UNPROCESSABLE:
                self.outcome.fail(ALTERED_TAKEN, f"{what}: {reply.status} {reply.body!r}")
        return next((reply for reply in winners if reply.status == good), None)


def _essence(body: bytes) -> bytes:
    """An answer without the payment's link, which leads back to the server that was asked."""
    return body.partition(b',"payment":')[0]


def _shown(bodies: Counter[tuple[int, bytes]]) -> str:
    return ", ".join(
        f"{number} x {status} {body[:120]!r}" for (status, body), number in bodies.items()
    )


async def _send(part: Part) -> Sent:
    """Send a part, telling now and then how far it is."""
    world = World(
        Path(part.folder), Elsewhere(part.database_url), "http://127.0.0.1", is_demo=False
    )
    world.servers = [Server(world, port, None) for port in part.ports]
    people = await People.of(world, "duplicates", part.seed)
    sender = _Sender(part, people)

    async def tell() -> None:
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            _tell(sender.so_far)

    telling = asyncio.create_task(tell())
    try:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(sender.keep_sending())
    finally:
        telling.cancel()
        await people.close()
    part.keep(sender.orders)
    return msgspec.structs.replace(
        sender.so_far,
        is_last=True,
        again=people.troubles,
        failures=dict(sender.outcome.failures),
        examples=sender.outcome.examples,
    )


def _tell(sent: Sent) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(sent) + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    """Read the part, send it, and tell."""
    part = msgspec.json.decode(sys.stdin.buffer.readline(), type=Part)
    _tell(uvloop.run(_send(part)))


if __name__ == "__main__":
    main()
