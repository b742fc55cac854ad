"""A demo with its payment provider, whose clocks can be moved, and buyers who live in it.

They reserve, pay at the provider and withdraw, and keep asking whatever breaks. Not here: what is
broken (`provider.py`).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from random import Random
from typing import Any

import msgspec
import psycopg

from chaos.judging import look
from chaos.people import People
from chaos.world import World
from earnest.gateways.payments.contract import Movement
from earnest.gateways.payments.sandbox import SandboxPayments
from earnest.main import MERCHANT
from earnest.simulator.access import access_of_demo
from earnest.simulator.client import Client
from earnest.simulator.door import Door, Refusal, key_and_body
from earnest.simulator.timeline import Timeline

STILL_FOR_S = 60.0
"""When nothing has moved for so long, nothing will: jobs of a dead server are taken up after 40."""

_PAUSE_S = 1.0
_LOOK_S = 0.2
_OWED = """
    SELECT coalesce(sum(CASE WHEN credit = 'owed_to_buyers' THEN amount_minor ELSE 0 END)
        - sum(CASE WHEN debit = 'owed_to_buyers' THEN amount_minor ELSE 0 END), 0)
    FROM earnest.posting
"""
_JOBS = """
    SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE status IN ('todo', 'doing')
"""
_SAY_EVERY = 10
_HURRY = """
    UPDATE procrastinate.procrastinate_jobs SET scheduled_at = now() WHERE scheduled_at > now()
"""


class Asked(msgspec.Struct, frozen=True):
    """The payment that a reservation asks for."""

    link: str


class Placed(msgspec.Struct, frozen=True):
    """What a buyer learns from a reservation. Some providers open the payment only later."""

    order_id: str
    rank: int
    payment: Asked | None = None


class PaymentListed(msgspec.Struct, frozen=True):
    """A payment of an order: where it can be made, and why it cannot if it cannot."""

    standing: str
    link: str | None = None


class Payments(msgspec.Struct, frozen=True):
    """The payments of an order, the deposit first."""

    payments: list[PaymentListed]


class Shown(msgspec.Struct, frozen=True):
    """The part of an order that its buyer looks at."""

    stage: str


class Webhooks(msgspec.Struct, frozen=True):
    """What the provider still has to send."""

    pending: int


class Status(msgspec.Struct, frozen=True):
    """The provider's own figures."""

    webhooks: Webhooks


@asynccontextmanager
async def books_of(world: World) -> AsyncIterator[SandboxPayments]:
    """The provider beside a demo's server, as an auditor asks it."""
    (server,) = world.servers
    async with SandboxPayments(
        # The demo's file may name a proxy, where the server itself looks for the provider.
        base_url=f"http://127.0.0.1:{server.port + 1}",
        merchant_key=world.keys.merchant_key,
        webhook_secrets=[world.keys.provider_webhook_secret],
        merchant=MERCHANT,
    ) as payments:
        yield payments


class Town:
    """The demo as its buyers and its operators see it."""

    def __init__(self, world: World, people: People, pay_at: str, seed: int) -> None:
        """Buyers pay at `pay_at`, which may be a proxy before the provider."""
        access = access_of_demo(world.folder)
        (self.server,) = world.servers
        self.world = world
        self.people = people
        (self.earnest,) = people.clients
        self.provider = Client(pay_at, chance=Random(seed), answer_within_s=20.0)
        # The demo's file names the proxy, where the server itself looks for the provider.
        self.sandbox_url = f"http://127.0.0.1:{self.server.port + 1}"
        self._provider_itself = Client(self.sandbox_url, chance=Random(seed))
        self.sandbox = Door(self._provider_itself, base="")
        self._sales = Door(self.earnest, access.tokens.sales)
        self._finance = Door(self.earnest, access.tokens.finance)
        self.timeline = Timeline(Door(self.earnest, access.tokens.admin), self.sandbox)

    async def close(self) -> None:
        """Let go of every connection."""
        await self.people.close()
        await self.provider.close()
        await self._provider_itself.close()

    def token(self, number: int) -> str:
        """The login of this buyer."""
        return self.people.token(number)

    async def reserve(self, number: int) -> Placed:
        """Take a place, asking until there is an answer."""
        reply = await self.earnest.ask(self.people.reservation(number))
        assert reply.status == 201, reply  # noqa: PLR2004 - it was created
        return msgspec.json.decode(reply.body, type=Placed)

    async def open_link(self, number: int, placed: Placed, looks: int) -> str | None:
        """Where the deposit can be paid, looking until the provider has opened its page.

        None when it cannot be paid any more, or was not opened after so many looks.
        """
        if placed.payment is not None:
            return placed.payment.link
        door = Door(self.earnest, self.token(number))
        for _ in range(looks):
            (deposit, *_) = (
                await door.get(f"/orders/{placed.order_id}/payments", Payments)
            ).payments
            if deposit.link is not None or deposit.standing == "over":
                return deposit.link
            await asyncio.sleep(_LOOK_S)
        return None

    async def pay(self, link: str, attempt: str = "a1") -> bool:
        """Pay at the provider with one attempt, however often it has to be asked."""
        body = msgspec.json.encode({"link": link, "attempt": attempt})
        request = self.provider.head("POST", "/api/pay") + key_and_body(b"", body)
        reply = await self.provider.ask(request)
        return reply.status == 200  # noqa: PLR2004 - it was paid

    async def stage(self, number: int, placed: Placed) -> str:
        """Where the order stands, as its buyer reads it."""
        door = Door(self.earnest, self.token(number))
        return (await door.get(f"/orders/{placed.order_id}", Shown)).stage

    async def stage_after(self, number: int, placed: Placed, looks: int) -> str:
        """The stage once it is no longer reserved, or what it is after so many looks."""
        stage = "reserved"
        for _ in range(looks):
            stage = await self.stage(number, placed)
            if stage != "reserved":
                break
            await asyncio.sleep(_LOOK_S)
        return stage

    async def withdraw(self, number: int, placed: Placed) -> bool:
        """Withdraw within the cooling-off period; whether it still was possible."""
        door = Door(self.earnest, self.token(number))
        try:
            await door.post(f"/orders/{placed.order_id}/withdraw", {}, Shown, key=f"out-{number}")
        except Refusal:
            return False
        return True

    async def leave_for_breach(self, number: int, placed: Placed) -> None:
        """Lock, be refused the car, and leave for that; the second deposit needs a release."""
        order = f"/orders/{placed.order_id}"
        buyer = Door(self.earnest, self.token(number))
        said = {"acknowledgement": self.people.shop.lock_acknowledgement("en")}
        await buyer.post(f"{order}/lock", said, Shown, key=f"lock-{number}")
        why = {"explanation": "the model is discontinued"}
        await self._sales.post(f"{order}/refuse-performance", why, Shown, key=f"refuse-{number}")
        ground = {"ground": "refusal"}
        await buyer.post(f"{order}/terminate-by-buyer", ground, Shown, key=f"leave-{number}")
        # The first payout gives the deposit back, the second one doubles it.
        second = {"payout_number": 2}
        await self._finance.post(f"{order}/release-payout", second, Shown, key=f"release-{number}")

    async def until_quiet(self, say: Callable[[str], None]) -> bool:
        """Wait until every message and every payout has arrived; False when it never does.

        Waiting is what tries of the outbox are about, so the time between two is taken away.
        """
        least, unchanged = (sys.maxsize,) * 3, 0
        while unchanged < STILL_FOR_S / _PAUSE_S:
            self.change(_HURRY)
            pending = (await self.sandbox.get("/api/status", Status)).webhooks.pending
            ((owed,),) = look(self.world.database.url, _OWED)
            ((jobs,),) = look(self.world.database.url, _JOBS)
            left = pending, int(owed), jobs
            if not any(left):
                return True
            # What is tried again and again without an end goes up and down, and never lower.
            moves = any(now < before for now, before in zip(left, least, strict=True))
            unchanged = 0 if moves else unchanged + 1
            least = tuple(map(min, left, least))
            if unchanged % _SAY_EVERY == 0:
                say(f"{pending} webhooks on their way, {owed} owed to buyers, {jobs} jobs")
            await asyncio.sleep(_PAUSE_S)
        return False

    def change(self, statement: str) -> None:
        """Let time pass in the database, where the library of jobs reads it."""
        with psycopg.connect(self.world.database.url, autocommit=True) as connection:
            connection.execute("SET search_path TO procrastinate")
            connection.execute(statement.encode())

    def books(self) -> AbstractAsyncContextManager[SandboxPayments]:
        """The provider as an auditor asks it: itself, past every proxy."""
        return books_of(self.world)

    async def movements(self) -> list[Movement]:
        """Everything that the provider moved, by payment."""
        found: list[Movement] = []
        cursor: str | None = None
        async with self.books() as payments:
            while True:
                page = await payments.movements(cursor)
                found.extend(page.items)
                cursor = page.next_cursor
                if cursor is None:
                    return found


async def in_streams(
    at_once: int, wanted: Callable[[], int | None], live: Callable[[int], Any]
) -> None:
    """So many lives at a time, each with the next number, until none is wanted."""

    async def stream() -> None:
        while (number := wanted()) is not None:
            await live(number)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(at_once):
            tasks.create_task(stream())
