"""The sandbox as an ASGI application: routes, and the life of its journal and webhooks.

It does not choose an address to listen on; ``run`` does.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from msgspec import Struct

from earnest.gateways.clock import Clock, VirtualClock
from earnest.gateways.payments.sandbox_server.api import Api
from earnest.gateways.payments.sandbox_server.books import Books
from earnest.gateways.payments.sandbox_server.controls import Controls
from earnest.gateways.payments.sandbox_server.dispatcher import Dispatcher
from earnest.gateways.payments.sandbox_server.http import (
    Receive,
    Reply,
    Request,
    Scope,
    Send,
    problem_reply,
    read_request,
    send_reply,
)
from earnest.gateways.payments.sandbox_server.journal import Journal
from earnest.gateways.payments.sandbox_server.operations import Operations
from earnest.gateways.payments.sandbox_server.pages import Pages
from earnest.gateways.payments.sandbox_server.problems import Problem
from earnest.gateways.payments.sandbox_server.provider import Provider

Door = Callable[[Request], Awaitable[Reply]]


class SandboxSettings(Struct, frozen=True, kw_only=True):
    """What a sandbox needs to know.

    ``merchant_key`` signs links and proves the merchant; ``webhook_secret`` (base64, ``whsec_``
    allowed) signs webhooks, which go to ``webhook_url``. ``durable`` makes every answer wait for
    the disk. ``concurrency`` bounds the webhooks under way at once.
    """

    journal: Path
    merchant_key: str
    webhook_secret: str
    webhook_url: str
    merchant: str = "earnest"
    durable: bool = False
    concurrency: int = 512


class SandboxApp:
    """The ASGI application; it needs the lifespan protocol to be on."""

    def __init__(self, settings: SandboxSettings, *, clock: Clock | None = None) -> None:
        """Read the journal. Raise ``JournalUnusable`` or ``ValueError`` with what to do."""
        self._journal = Journal(settings.journal, durable=settings.durable)
        self._syncing: asyncio.Task[None] | None = None
        try:
            self._build(settings, clock)
        except BaseException:
            self._journal.close()
            raise

    def _build(self, settings: SandboxSettings, clock: Clock | None) -> None:
        """Fold the journal and put the parts together."""
        books = Books()
        for record in self._journal.replay():
            books.apply(record)
        virtual = VirtualClock(timedelta(seconds=books.offset_seconds), source=clock)
        operations = Operations(
            merchant=settings.merchant,
            merchant_key=settings.merchant_key,
            clock=virtual,
            books=books,
            write=self._journal.append,
        )
        self._dispatcher = Dispatcher(
            books=books,
            switches=operations.switches,
            clock=virtual,
            url=settings.webhook_url,
            secret=settings.webhook_secret,
            write=self._journal.append,
            concurrency=settings.concurrency,
        )
        provider = Provider(operations, self._dispatcher, self._journal)
        self._doors = _doors(
            Api(provider, settings.merchant_key), Controls(provider), Pages(provider)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or start and stop with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        assert scope["type"] == "http", "the sandbox speaks HTTP only"
        await send_reply(await self._answer(scope, receive), send)

    async def _answer(self, scope: Scope, receive: Receive) -> Reply:
        """Find the door and let it answer."""
        methods = self._doors.get(scope["path"])
        if methods is None:
            return problem_reply(Problem(404, "path_unknown", "the sandbox has no such address"))
        door = methods.get(scope["method"])
        if door is None:
            allowed = ", ".join(methods)
            reply = problem_reply(Problem(405, "method_not_allowed", f"use {allowed} here"))
            reply.headers = ((b"allow", allowed.encode()),)
            return reply
        request = await read_request(scope, receive)
        if isinstance(request, Problem):
            return problem_reply(request)
        try:
            return await door(request)
        except OSError as error:
            # Only the journal touches the machine here. A record that was not written has not
            # happened; one that did not reach the disk may have, so the caller must look it up.
            return problem_reply(
                Problem(503, "journal_unwritable", f"free the journal's disk: {error}")
            )

    async def _live(self, receive: Receive, send: Send) -> None:
        """Start sending when the server starts, and close the journal when it stops."""
        await receive()
        self._syncing = asyncio.create_task(self._journal.keep_syncing())
        self._dispatcher.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._dispatcher.stop()
        self._syncing.cancel()
        await asyncio.gather(self._syncing, return_exceptions=True)
        self._journal.close()
        await send({"type": "lifespan.shutdown.complete"})


def _doors(api: Api, controls: Controls, pages: Pages) -> dict[str, dict[str, Door]]:
    """Return every address with its methods."""
    return {
        "/api/pay": {"POST": api.pay},
        "/pay": {"GET": pages.show, "POST": pages.pay},
        "/sandbox.css": {"GET": pages.css},
        "/api/checkouts": {"POST": api.open_page, "GET": api.find_page},
        "/api/refunds": {"POST": api.refund},
        "/api/payouts": {"POST": api.pay_out},
        "/api/transfers": {"GET": api.find_transfer},
        "/api/payments": {"GET": api.find_payments},
        "/api/holdings": {"GET": api.holdings},
        "/api/movements": {"GET": api.movements},
        "/api/chargebacks": {"POST": controls.charge_back},
        "/api/clock": {"POST": controls.set_clock},
        "/api/switches": {"POST": controls.set_switches},
        "/api/webhooks/resend": {"POST": controls.resend},
        "/api/status": {"GET": controls.status},
    }
