"""Parts with a known fault, one for each control: what a hurried implementation would have done.

Each is an honest variant of one part and is put in its place by `serving.py`; the product itself
knows nothing of them. Not here: the trials that must notice them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from earnest.core.order.parts import Payout
from earnest.core.order.state import Order
from earnest.core.values.ids import QueueId
from earnest.desk.outgoing import Handler, Outcome
from earnest.desk.ports import (
    Changes,
    CommandKey,
    KnownCommand,
    Loaded,
    Lookup,
    OutgoingMessage,
    RecordedCommand,
    Transaction,
)
from earnest.gateways.payments.contract import (
    NotFound,
    PaymentProvider,
    PayoutRequest,
    RefundRequest,
    TransferResult,
)
from earnest.gateways.payments.payouts import PayoutDispatcher
from earnest.store.desk_store import PostgresStore
from earnest.store.statements import STATEMENTS

FAR_APART = 3_000
"""Between the first ranks of two independent sequences, so that no trial lets them meet.

Servers keep a picture of every rank up to the last one, so it may not be much more.
"""

_SOON_S = 0.2
"""How long after its promise the hasty post sends, which is about what a slow provider takes."""


class EarlyStore(PostgresStore):
    """Answers before the commit: what is saved is written behind the answer's back."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """A transaction that is left before it is committed."""
        early = _Early()
        early.work = asyncio.create_task(self._whole(early))
        await asyncio.wait(
            {early.work, asyncio.ensure_future(early.opened.wait())},
            return_when=asyncio.FIRST_COMPLETED,
        )
        if early.work.done():
            early.work.result()
        try:
            yield early
        finally:
            if not early.changes.done():
                early.changes.set_result(None)

    async def _whole(self, early: _Early) -> None:
        async with super().transaction() as real:
            early.real = real
            early.opened.set()
            changes = await early.changes
            if changes is not None:
                await real.save(changes)


class _Early:
    """The side of an early transaction that the desk sees."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.changes: asyncio.Future[Changes | None] = asyncio.get_running_loop().create_future()
        self.real: Transaction | None = None
        self.work: asyncio.Task[None] | None = None

    async def load(self, lookup: Lookup) -> Loaded:
        assert self.real is not None, "the transaction was opened"
        return await self.real.load(lookup)

    async def save(self, changes: Changes) -> None:
        """Promise to write it soon."""
        self.changes.set_result(changes)


class ForgetfulStore(PostgresStore):
    """Looks keys up before the transaction and keeps them after it, as a cache in front would."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """A transaction beside which the keys are looked up and kept."""
        late: list[RecordedCommand] = []
        async with super().transaction() as real:
            yield _Forgetful(self, real, late)
        async with super().transaction() as after:
            known = await self.known(each.command for each in late)
            fresh = [each for each in late if each.command not in known]
            await after.save(_only_commands(fresh))

    async def known(self, keys: Iterable[CommandKey]) -> dict[CommandKey, KnownCommand]:
        """The commands with these keys that were decided before, as another connection sees it."""
        asked = list(keys)
        async with self._pool.connection() as connection:
            found = await connection.execute(
                STATEMENTS["find_commands"].text,
                {
                    "buyer_ids": [key.buyer_id for key in asked],
                    "actors": [key.actor_id for key in asked],
                    "keys": [key.key for key in asked],
                },
            )
            return {
                CommandKey(row[0], row[1], row[2]): KnownCommand(row[3], row[4].encode())
                async for row in found
            }


class _Forgetful:
    """A transaction whose keys live outside of it."""

    def __init__(
        self, store: ForgetfulStore, real: Transaction, late: list[RecordedCommand]
    ) -> None:
        self._store = store
        self._real = real
        self._late = late

    async def load(self, lookup: Lookup) -> Loaded:
        known = await self._store.known(lookup.commands)
        loaded = await self._real.load(msgspec.structs.replace(lookup, commands=()))
        return msgspec.structs.replace(loaded, commands=known)

    async def save(self, changes: Changes) -> None:
        self._late.extend(changes.commands)
        await self._real.save(msgspec.structs.replace(changes, commands=[]))


def _only_commands(commands: list[RecordedCommand]) -> Changes:
    empty: dict[str, Any] = {
        name: set() if name == "created" else [] for name in Changes.__struct_fields__
    }
    return Changes(**{**empty, "commands": commands})


class OwnRanksStore(PostgresStore):
    """Gives ranks from a sequence of this process, as a counter for each server would."""

    def __init__(self, pool: Any, first: int) -> None:  # noqa: ANN401 - the pool of the real store
        """Begin at a rank of one's own."""
        super().__init__(pool)
        self.next_ranks: dict[QueueId, int] = {}
        self.first = first

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """A transaction that leaves the queue's own counter alone."""
        async with super().transaction() as real:
            yield _OwnRanks(self, real)


class _OwnRanks:
    def __init__(self, store: OwnRanksStore, real: Transaction) -> None:
        self._store = store
        self._real = real

    async def load(self, lookup: Lookup) -> Loaded:
        loaded = await self._real.load(lookup)
        ranks = self._store.next_ranks
        queues = {
            queue_id: msgspec.structs.replace(
                queue, next_rank=ranks.get(queue_id, self._store.first)
            )
            for queue_id, queue in loaded.queues.items()
        }
        return msgspec.structs.replace(loaded, queues=queues)

    async def save(self, changes: Changes) -> None:
        self._store.next_ranks.update({each.queue_id: each.next_rank for each in changes.queues})
        await self._real.save(msgspec.structs.replace(changes, queues=[]))


class FreshKeys(PayoutDispatcher):
    """Takes a new key for every try, and so never finds out what became of the last one."""

    tries = 0

    async def _carry_out(
        self, provider: PaymentProvider, order: Order, payout: Payout
    ) -> TransferResult:
        return await super()._carry_out(_Fresh(provider), order, payout)  # type: ignore[arg-type]  # the dispatcher asks for no more


class _Fresh:
    """A provider to whom every transfer is a new one."""

    tries = 0

    def __init__(self, provider: PaymentProvider) -> None:
        self._provider = provider
        self.name = provider.name

    async def find_transfer(self, key: str) -> NotFound:
        return NotFound(key=key)

    async def refund(self, request: RefundRequest) -> TransferResult:
        return await self._provider.refund(
            msgspec.structs.replace(request, key=self._fresh(request.key))
        )

    async def pay_out(self, request: PayoutRequest) -> TransferResult:
        return await self._provider.pay_out(
            msgspec.structs.replace(request, key=self._fresh(request.key))
        )

    @staticmethod
    def _fresh(key: str) -> str:
        _Fresh.tries += 1
        return f"{key}{_Fresh.tries:06}"


class HastyPost:
    """Calls a job done as soon as somebody has begun with it, so that the next need not wait."""

    def __init__(self, real: Handler) -> None:
        """Send by the real one, behind the outbox's back."""
        self._real = real
        self._under_way: set[asyncio.Task[Sequence[Outcome]]] = set()

    async def handle(
        self, messages: Sequence[OutgoingMessage], attempt: int = 1
    ) -> Sequence[Outcome]:
        """Promise to send it soon."""
        task = asyncio.create_task(self._later(messages, attempt))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return [None] * len(messages)

    async def _later(self, messages: Sequence[OutgoingMessage], attempt: int) -> Sequence[Outcome]:
        await asyncio.sleep(_SOON_S)
        return await self._real.handle(messages, attempt)
