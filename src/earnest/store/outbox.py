"""The outbox: takes deferred jobs, hands their messages over, and tries again what did not leave.

Not here: deferring (`jobs.py`, in the transaction that causes a message) and sending itself,
which a handler does.

Every message leaves at least once. Each channel has a worker of its own, so that a webhook
receiver that hangs never holds up a refund. Of a job that carries many messages only those that
failed come again, later and later. Mail and webhooks are given up after about three days and
stay visible as failed jobs; a payout is never given up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import procrastinate
import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from earnest.desk.outgoing import Handler, NotSent
from earnest.desk.ports import Channel, OutgoingMessage, StoreUnavailable
from earnest.store.faults import named_faults
from earnest.store.jobs import Letter, defer_again, letter_in, queue_of, task_of
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS

FIRST_WAIT_SECONDS = 60
LONGEST_WAIT_SECONDS = 3_600
ATTEMPTS = 76
"""One, two, four minutes and so on up to an hour, then every hour: about three days."""

NEVER_GIVEN_UP = frozenset({Channel.PAYOUT})
AT_ONCE = 8
"""How many messages of one job are handed over at the same time."""

STALLED_SECONDS = 30
"""A worker that has not been heard of for so long is dead; its jobs are taken up again."""

GRACE_SECONDS = 5.0
"""How long what is being sent may finish when the outbox stops; then it is sent again later."""

_PAUSE_SECONDS = 1.0
_LOOK_SECONDS = 10.0

log = structlog.get_logger(__name__)


class GivenUp(Exception):
    """The last attempt at some messages failed; the job stays as failed, for a person."""


class Outbox:
    """Runs beside the doors, or in a worker process of its own, on the same pool."""

    def __init__(
        self,
        pool: Pool,
        handler: Handler,
        *,
        attempts: int = ATTEMPTS,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        """Hand every message to `handler`; nothing runs before `run` is awaited."""
        self._pool = pool
        self._handler = handler
        self._attempts = attempts
        self._grace_seconds = grace_seconds
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector())
        for channel in Channel:
            self._app.task(name=task_of(channel), retry=_AfterInterruption())(self._send)

    async def run(self) -> None:
        """Send for ever; cancel the task to stop after what is being sent."""
        while True:
            try:
                await self._work_until_lost()
            except (ConnectorException, StoreUnavailable) as lost:
                log.warning("outbox_waits_for_store", why=str(lost))
                await asyncio.sleep(_PAUSE_SECONDS)

    async def drain(self) -> None:
        """Send what is due now and return; for tests and for short-lived commands."""
        async with self._app.open_async(self._pool):
            await self._take_up_stalled()
            await self._app.run_worker_async(
                wait=False, install_signal_handlers=False, delete_jobs="successful"
            )

    async def _work_until_lost(self) -> None:
        async with self._app.open_async(self._pool):
            works = [asyncio.create_task(self._work(channel)) for channel in Channel]
            works.append(asyncio.create_task(self._keep_taking_up()))
            try:
                await asyncio.gather(*works)
            finally:
                for work in works:
                    work.cancel()
                await asyncio.gather(*works, return_exceptions=True)

    async def _work(self, channel: Channel) -> None:
        await self._app.run_worker_async(
            queues=[queue_of(channel)],
            name=channel.value,
            install_signal_handlers=False,
            delete_jobs="successful",
            shutdown_graceful_timeout=self._grace_seconds,
            stalled_worker_timeout=STALLED_SECONDS,
        )

    async def _keep_taking_up(self) -> None:
        while True:
            await self._take_up_stalled()
            await asyncio.sleep(_LOOK_SECONDS)

    async def _take_up_stalled(self) -> None:
        """Give jobs back that a dead worker had taken; they may have been sent already."""
        jobs = self._app.job_manager
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            log.warning("job_taken_up_again", job_id=job.id, task=job.task_name)
            await jobs.retry_job(job)

    async def _send(self, **arguments: object) -> None:
        """Hand over the messages of one job; those that did not leave are deferred again."""
        letter = letter_in(arguments)
        some = asyncio.Semaphore(AT_ONCE)

        async def hand_over(message: OutgoingMessage) -> int | None:
            async with some:
                return await self._hand_over(message, letter.attempt)

        waits = await asyncio.gather(*(hand_over(message) for message in letter.messages))
        await self._defer_again(letter, waits)

    async def _hand_over(self, message: OutgoingMessage, attempt: int) -> int | None:
        """None when the message left, otherwise in how many seconds it is tried again."""
        about = {"order_id": message.order_id, "channel": message.channel.value}
        asked_for = 0
        try:
            await self._handler.handle(message)
        except NotSent as failed:
            log.info("message_not_sent", why=str(failed), attempt=attempt, **about)
            asked_for = failed.after_seconds or 0
        except StoreUnavailable:
            log.info("message_not_sent", why="store_unavailable", attempt=attempt, **about)
        except Exception:
            log.exception("message_failed", attempt=attempt, **about)
        else:
            return None
        return max(wait_before(attempt + 1), asked_for)

    async def _defer_again(self, letter: Letter, waits: Sequence[int | None]) -> None:
        left_over: dict[int, list[OutgoingMessage]] = {}
        for message, wait in zip(letter.messages, waits, strict=True):
            if wait is not None:
                left_over.setdefault(wait, []).append(message)
        if not left_over:
            return
        if letter.attempt >= self._attempts and letter.messages[0].channel not in NEVER_GIVEN_UP:
            raise GivenUp(f"{sum(map(len, left_over.values()))} messages were never taken")
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                for wait, messages in left_over.items():
                    again = Letter(messages=tuple(messages), attempt=letter.attempt + 1)
                    await connection.execute(
                        STATEMENTS["defer_again"].text, defer_again(again, wait)
                    )


def wait_before(attempt: int) -> int:
    """Seconds to wait before an attempt; the second one comes after a minute."""
    return min(FIRST_WAIT_SECONDS << min(attempt - 2, 10), LONGEST_WAIT_SECONDS)


class _AfterInterruption(procrastinate.BaseRetryStrategy):
    """What becomes of a job that ended in the middle: all of it again, unless it was given up."""

    def get_retry_decision(
        self, *, exception: BaseException, job: Job
    ) -> procrastinate.RetryDecision | None:
        """Again in a moment: a shutdown or a lost database interrupted it."""
        if isinstance(exception, GivenUp):
            return None
        wait_seconds = 1 << min(job.attempts, 8)
        return procrastinate.RetryDecision(retry_in={"seconds": wait_seconds})
