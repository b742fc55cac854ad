"""One command for many orders: what was asked is kept, and each order gets a command of its own.

Every order's command has a key that follows from the act and the order, and its answer is kept by
the desk like any other. So doing it again changes nothing, a server that died in the middle goes
on, and the result can be counted for ever. Not here: what may be asked so
(`core/order/in_bulk.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import msgspec
import structlog

from earnest.core.order.commands import Command
from earnest.core.values.ids import OrderId, derive_id
from earnest.core.values.instant import Instant
from earnest.desk.answer import Answer
from earnest.desk.desk import CommandFailed, Desk, DeskFull, KeyRunning
from earnest.desk.ports import OrderKey, StoreUnavailable

log = structlog.get_logger(__name__)

MOST_ORDERS = 1_000
"""Orders of one act at most: two groups of the desk, and a page that can still be read."""

AT_ONCE = 100
"""Commands given together; whatever others ask meanwhile is decided between them."""

LOOK_SECONDS = 1.0
"""How often a server looks whether something new was asked."""


class BulkAct(msgspec.Struct, frozen=True, kw_only=True):
    """One command asked for many orders. `command` is that of the first order, as a pattern.

    Its actor and key name the act; `finished_at` is None while commands are still given.
    """

    bulk_id: str
    content_hash: str
    command: Command
    orders: tuple[OrderKey, ...]
    finished_at: Instant | None = None

    @property
    def actor_id(self) -> str:
        """Who asked."""
        return self.command.actor.actor_id

    def command_for(self, order: OrderKey) -> Command:
        """The command for one of the orders, under a key of its own."""
        return msgspec.structs.replace(
            self.command,
            buyer_id=order.buyer_id,
            order_id=order.order_id,
            key=key_of(self.bulk_id, order.order_id),
        )


def bulk_id_of(actor_id: str, key: str) -> str:
    """The number of the act that somebody asks with a key; asked again it is the same act."""
    return derive_id("bulk", actor_id, key)


def key_of(bulk_id: str, order_id: OrderId) -> str:
    """The idempotency key of an order's command in an act."""
    return f"bulk-{bulk_id}-{order_id}"


class BulkActs(Protocol):
    """Where acts are kept. Every method raises `StoreUnavailable`. Nothing is ever changed."""

    async def keep(self, act: BulkAct) -> BulkAct:
        """Keep an act; the one on record under its number, whatever it asks."""

    async def act(self, bulk_id: str) -> BulkAct | None:
        """The act with this number."""

    async def latest(self, limit: int) -> Sequence[BulkAct]:
        """The acts that were asked last, the newest first."""

    async def unfinished(self) -> Sequence[BulkAct]:
        """Acts whose commands were not all given, the oldest first."""

    async def answers(self, act: BulkAct) -> Mapping[OrderId, Answer]:
        """What the desk answered so far, by order."""

    async def finish(self, bulk_id: str, at: Instant) -> None:
        """Note that every command was given; a second time changes nothing."""


async def carry_out(desk: Desk, acts: BulkActs, act: BulkAct, now: Instant) -> bool:
    """Give the commands of an act that have no answer yet; whether all of them were given."""
    answered = await acts.answers(act)
    waiting = [order for order in act.orders if order.order_id not in answered]
    done = True
    for begins in range(0, len(waiting), AT_ONCE):
        group = waiting[begins : begins + AT_ONCE]
        given = await asyncio.gather(*(_submit(desk, act, order) for order in group))
        done = all(given) and done
    if done:
        await acts.finish(act.bulk_id, now)
    return done


async def _submit(desk: Desk, act: BulkAct, order: OrderKey) -> bool:
    """Whether a command was given. A rejection is an answer; a defect leaves none and is told."""
    command = act.command_for(order)
    try:
        await desk.submit(command, act.content_hash)
    except (DeskFull, KeyRunning, StoreUnavailable):
        return False
    except CommandFailed:
        log.exception("bulk_command_failed", order_id=order.order_id, bulk_id=act.bulk_id)
    return True


async def carry_out_all(desk: Desk, acts: BulkActs, now: Instant) -> None:
    """Give whatever waits to be given in any act."""
    for act in await acts.unfinished():
        await carry_out(desk, acts, act, now)


async def keep_carrying_bulk_out(
    desk: Desk,
    acts: BulkActs,
    now: Callable[[], Instant],
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Carry out every act that is asked, for ever."""
    while True:
        try:
            await carry_out_all(desk, acts, now())
        except StoreUnavailable:
            log.warning("bulk_waits_for_store")
        await sleep(LOOK_SECONDS)
