"""Pausing a sale, resuming it, and giving back the time that the pause took.

A pause is kept beside the counter that every group of reservations locks: once its
acknowledgement leaves, nobody new gets in, through whatever process (docs/adr/0026). Not here: what
a pause does to an order (`core/order/standing_still.py`) and keeping it (`store/pauses.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import msgspec
import structlog

from earnest.core.order.actor import TIMER
from earnest.core.order.commands_of_launch import GiveTimeBack
from earnest.core.order.stage import Stage
from earnest.core.queue.pause import SalePause, why_not_paused
from earnest.core.terms.clauses.words import LANGUAGES
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.desk import CommandFailed, Desk, DeskFull, KeyRunning
from earnest.desk.group import KeyReused
from earnest.desk.pause_ports import KeptPause, PauseAct, SalePauses
from earnest.desk.ports import OrderKey, StoreUnavailable

log = structlog.get_logger(__name__)

GIVEN_AT_ONCE = 500
"""Orders that are given time together: one group of the desk."""

LOOK_SECONDS = 0.5
"""How long a resumed sale may wait until its time is given back."""

_STAGES = (Stage.RESERVED, Stage.DEPOSITED)
"""Where an order can wait for a payment, or for a date that one of its benefits names."""


async def pause_sale(
    pauses: SalePauses, act: PauseAct, texts: dict[str, str], now: Callable[[], Instant]
) -> SalePause | Rejected | KeyReused:
    """Let nobody new reserve in a queue, and tell everybody why.

    Rejections: `queue_unknown`, those of `why_not_paused`.
    """

    def judge(known: Sequence[SalePause]) -> SalePause | Rejected:
        rejected = why_not_paused(running_in(known), texts, LANGUAGES)
        return rejected or SalePause(
            queue_id=act.queue_id,
            number=len(known) + 1,
            since=now(),
            texts={language: texts[language].strip() for language in LANGUAGES},
            paused_by=act.actor_id,
        )

    return _same(await pauses.begin(act, judge), act)


async def resume_sale(
    pauses: SalePauses, act: PauseAct, now: Callable[[], Instant]
) -> SalePause | Rejected | KeyReused:
    """Let people reserve again. Rejections: `queue_unknown`, `sale_not_paused`."""

    def judge(known: Sequence[SalePause]) -> SalePause | Rejected:
        running = running_in(known)
        if running is None:
            return Rejected(Reason.SALE_NOT_PAUSED)
        resumed_at = max(now(), running.since)
        return msgspec.structs.replace(running, resumed_at=resumed_at, resumed_by=act.actor_id)

    return _same(await pauses.end(act, judge), act)


def running_in(known: Sequence[SalePause]) -> SalePause | None:
    """The pause that goes on, of those of one queue."""
    return next((each for each in known if each.is_running), None)


def _same(found: KeptPause | Rejected, act: PauseAct) -> SalePause | Rejected | KeyReused:
    """What is on record, unless its key was used for something else."""
    if isinstance(found, Rejected):
        return found
    return found.paused if found.content_hash == act.content_hash else KeyReused()


async def give_back(desk: Desk, pauses: SalePauses, now: Callable[[], Instant]) -> int:
    """Give back the time of every pause that is over; how many are settled now.

    One after another in the order of their numbers, because an order counts them so.
    """
    settled, skipped = 0, set[QueueId]()
    for each in await pauses.pauses():
        if each.settled_at is not None or each.queue_id in skipped:
            continue
        if each.is_running or not await _give_back(desk, pauses, each, now):
            skipped.add(each.queue_id)
            continue
        await pauses.settle(each, max(now(), each.since))
        settled += 1
    return settled


async def _give_back(
    desk: Desk, pauses: SalePauses, paused: SalePause, now: Callable[[], Instant]
) -> bool:
    """Whether every order that ran into the pause was given its time; if not, come again."""
    after: OrderKey | None = None
    while True:
        page = await pauses.orders_in(paused, _STAGES, after, GIVEN_AT_ONCE)
        given = await asyncio.gather(*(_give(desk, paused, key, now()) for key in page))
        if not all(given):
            return False
        if len(page) < GIVEN_AT_ONCE:
            return True
        after = page[-1]


async def _give(desk: Desk, paused: SalePause, key: OrderKey, now: Instant) -> bool:
    command = GiveTimeBack(
        buyer_id=key.buyer_id,
        order_id=key.order_id,
        actor=TIMER,
        key=f"pause:{paused.number}",
        received_at=now,
        paused=paused,
    )
    try:
        await desk.submit(command, command.key, unkeyed=True)
    except (DeskFull, KeyRunning, StoreUnavailable):
        return False
    except CommandFailed:
        # Its defect is an order's own. Everybody else is not kept waiting for it.
        log.exception("giving_back_failed", order_id=key.order_id, pause=paused.number)
    return True


async def keep_giving_back(
    desk: Desk,
    pauses: SalePauses,
    now: Callable[[], Instant],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Give time back for ever, soon after a sale is resumed."""
    while True:
        try:
            await give_back(desk, pauses, now)
        except StoreUnavailable:
            log.warning("giving_back_waits_for_store")
        await sleep(LOOK_SECONDS)
