"""Fail-points: places between two steps of a server at which it kills itself, for one trial.

Each is a part of the server that does what it always does and then, at the passage that is due,
ends the process with -9. The product knows nothing of them: `serving.py` puts these parts in place
of the real ones. Not here: the trial (`boundaries.py`).
"""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from earnest.core.order.commands import Command
from earnest.core.timers import Deadline
from earnest.core.values.instant import Instant
from earnest.desk.answer import Answer
from earnest.desk.desk import Desk
from earnest.desk.group import KeyReused
from earnest.desk.outgoing import Handler, Outcome
from earnest.desk.ports import (
    Changes,
    Channel,
    InboxMessage,
    Loaded,
    Lookup,
    OrderDeadline,
    OutgoingMessage,
    Transaction,
)
from earnest.gateways.payments.contract import (
    CheckoutOrder,
    CheckoutResult,
    PayoutRequest,
    ProviderEvent,
    RefundRequest,
    TransferResult,
)
from earnest.gateways.payments.sandbox import SandboxPayments
from earnest.main import Makers, provider
from earnest.sending import post_of
from earnest.settings import Settings
from earnest.store.desk_store import PostgresStore
from earnest.store.pool import Pool

POINT, PASSAGES = "CHAOS_POINT", "CHAOS_PASSAGES"
"""Environment variables of a server of this trial: where, and at which passage."""

LOADED = "loaded, nothing decided"
SAVED = "saved, not committed"
COMMITTED = "committed, nobody knows"
DECIDED = "decided, not answered"
DUE = "deadlines read, none fired"
WEBHOOK_READ = "webhook verified, not decided"
WEBHOOK_KEPT = "webhook kept for a person, not answered"
LETTERS_TAKEN = "job of letters taken, none sent"
LETTERS_SENT = "letters sent, job not finished"
PAYOUTS_TAKEN = "job of payouts taken, provider not asked"
TRANSFER_UNSENT = "provider asked, transfer not sent"
TRANSFER_SENT = "transfer sent, not noted"
PAYOUTS_NOTED = "payouts noted, job not finished"
PAGE_UNOPENED = "page noted as sent, not sent"
PAGE_OPENED = "page opened, not noted"

POINTS = (
    LOADED,
    SAVED,
    COMMITTED,
    DECIDED,
    DUE,
    WEBHOOK_READ,
    WEBHOOK_KEPT,
    LETTERS_TAKEN,
    LETTERS_SENT,
    PAYOUTS_TAKEN,
    TRANSFER_UNSENT,
    TRANSFER_SENT,
    PAYOUTS_NOTED,
    PAGE_UNOPENED,
    PAGE_OPENED,
)
"""In the order in which an order meets them."""


class Fuse:
    """Ends the process at one passage of one point."""

    def __init__(self, point: str, passages: int) -> None:
        """The passage with this number, counted from one, is the last; no point ends nothing."""
        self._point = point
        self._left = passages

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Fuse:
        """What the environment of this process asks for."""
        return cls(environment.get(POINT, ""), int(environment.get(PASSAGES, "1")))

    def reach(self, point: str) -> None:
        """A step is done and the next one is not begun."""
        if point != self._point:
            return
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class PointedStore(PostgresStore):
    """The store, with points around its commit."""

    def __init__(self, pool: Pool, fuse: Fuse) -> None:
        """Keep everything on this pool."""
        super().__init__(pool)
        self._fuse = fuse

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """A transaction with points after it loaded, after it saved, and after its commit."""
        async with super().transaction() as real:
            yield _PointedTransaction(real, self._fuse)
        self._fuse.reach(COMMITTED)

    async def due_deadlines(self, now: Instant, limit: int) -> Sequence[OrderDeadline]:
        """What is due, and a point if anything is."""
        due = await super().due_deadlines(now, limit)
        if due:
            self._fuse.reach(DUE)
        return due

    async def keep_in_inbox(self, message: InboxMessage) -> bool:
        """Keep a message for a person, and a point."""
        kept = await super().keep_in_inbox(message)
        self._fuse.reach(WEBHOOK_KEPT)
        return kept


class _PointedTransaction:
    def __init__(self, real: Transaction, fuse: Fuse) -> None:
        self._real = real
        self._fuse = fuse

    async def load(self, lookup: Lookup) -> Loaded:
        loaded = await self._real.load(lookup)
        self._fuse.reach(LOADED)
        return loaded

    async def save(self, changes: Changes) -> None:
        await self._real.save(changes)
        self._fuse.reach(SAVED)


class PointedDesk(Desk):
    """The desk, with a point before its answer reaches anybody."""

    def __init__(self, fuse: Fuse, *parts: Any, **named: Any) -> None:  # noqa: ANN401 - as the desk takes them
        """Put together as the real one."""
        super().__init__(*parts, **named)
        self._fuse = fuse

    async def submit(
        self,
        command: Command,
        content_hash: str,
        fired: Deadline | None = None,
        *,
        unkeyed: bool = False,
    ) -> Answer | KeyReused:
        """Decide, and a point."""
        result = await super().submit(command, content_hash, fired, unkeyed=unkeyed)
        self._fuse.reach(DECIDED)
        return result


class PointedPayments(SandboxPayments):
    """The provider's client, with points around every call and after every message."""

    fuse: Fuse

    def verify_webhook(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> ProviderEvent:
        """Check a message, and a point."""
        event = super().verify_webhook(headers, body, now)
        self.fuse.reach(WEBHOOK_READ)
        return event

    async def refund(self, request: RefundRequest) -> TransferResult:
        """Give money back between two points."""
        self.fuse.reach(TRANSFER_UNSENT)
        result = await super().refund(request)
        self.fuse.reach(TRANSFER_SENT)
        return result

    async def pay_out(self, request: PayoutRequest) -> TransferResult:
        """Pay money out between two points."""
        self.fuse.reach(TRANSFER_UNSENT)
        result = await super().pay_out(request)
        self.fuse.reach(TRANSFER_SENT)
        return result

    async def open_checkout(self, order: CheckoutOrder) -> CheckoutResult:
        """Have a page opened between two points."""
        self.fuse.reach(PAGE_UNOPENED)
        result = await super().open_checkout(order)
        self.fuse.reach(PAGE_OPENED)
        return result


class PointedPost:
    """The post, with points before and after what it sends."""

    def __init__(self, real: Handler, fuse: Fuse) -> None:
        """Send by the real one."""
        self._real = real
        self._fuse = fuse

    async def handle(
        self, messages: Sequence[OutgoingMessage], attempt: int = 1
    ) -> Sequence[Outcome]:
        """Send between two points."""
        is_payout = messages[0].channel is Channel.PAYOUT
        self._fuse.reach(PAYOUTS_TAKEN if is_payout else LETTERS_TAKEN)
        outcomes = await self._real.handle(messages, attempt)
        self._fuse.reach(PAYOUTS_NOTED if is_payout else LETTERS_SENT)
        return outcomes


Wrap = Callable[[Handler], Handler]
"""Puts something before the post, for a control."""


def pointed(environment: Mapping[str, str], wrap: Wrap = lambda post: post) -> Makers:
    """The makers of a server with every fail-point, of which the environment lights one."""
    fuse = Fuse.of(environment)

    def payments(settings: Settings) -> PointedPayments:
        made = provider(settings, PointedPayments)
        made.fuse = fuse
        return made

    def post(settings: Settings, **parts: Any) -> Handler:  # noqa: ANN401 - as the real one takes them
        return wrap(PointedPost(post_of(settings, **parts), fuse))

    def desk(*parts: Any, **named: Any) -> PointedDesk:  # noqa: ANN401 - as the real one takes them
        return PointedDesk(fuse, *parts, **named)

    return Makers(
        store=lambda pool: PointedStore(pool, fuse), payments=payments, desk=desk, post=post
    )
