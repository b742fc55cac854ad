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
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, LiteralString, TypeVar

import procrastinate
import psycopg
import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from earnest.desk.outgoing import ATTEMPTS, Handler, NotSent, Outcome, wait_after
from earnest.desk.ports import Channel, OutgoingMessage, StoreUnavailable
from earnest.store.faults import is_lost_connection, named_faults
from earnest.store.jobs import Letter, defer_again, letter_in, queue_of, task_of
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS

NEVER_GIVEN_UP = frozenset({Channel.PAYOUT})
PAYOUT_JOBS_AT_ONCE = 4
"""So that one provider that is slow to answer never holds up all refunds."""

STALLED_SECONDS = 30
"""A worker that has not been heard of for so long is dead; its jobs are taken up again."""

GRACE_SECONDS = 5.0
"""How long what is being sent may finish when the outbox stops; then it is sent again later."""

_STOP_SECONDS = 10.0
_PAUSE_SECONDS = 1.0
_LOOK_SECONDS = 10.0

Answer = TypeVar("Answer")

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
        self._stop_seconds = grace_seconds + _STOP_SECONDS
        self._connector = _Connector()
        self._app = procrastinate.App(connector=self._connector)
        for channel in Channel:
            self._app.task(name=task_of(channel), retry=_AfterInterruption())(self._send)

    async def run(self) -> None:
        """Send for ever; cancel the task to stop after what is being sent."""
        async with self._app.open_async(self._pool):
            works = {asyncio.create_task(self._keep_working(channel)) for channel in Channel}
            works.add(asyncio.create_task(self._keep_taking_up()))
            try:
                ended, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
                for defective in ended:
                    defective.result()
            finally:
                await _stopped(works, 2 * self._stop_seconds)

    async def drain(self) -> None:
        """Send what is due now and return; for tests and for short-lived commands."""
        async with self._app.open_async(self._pool):
            await self._take_up_stalled()
            await self._app.run_worker_async(
                wait=False, install_signal_handlers=False, delete_jobs="successful"
            )

    async def _keep_working(self, channel: Channel) -> None:
        """One channel's worker, replaced whenever it lost the database.

        Jobs that a lost worker held without knowing it, because the answer to its question was
        lost, are free when it has signed off, and are then taken up again.
        """
        while True:
            work = asyncio.create_task(self._work(channel))
            lost = asyncio.create_task(self._connector.connection_lost.wait())
            try:
                await asyncio.wait({work, lost}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await _stopped({work, lost}, self._stop_seconds)
            log.warning("outbox_waits_for_store", channel=channel.value)
            await asyncio.sleep(_PAUSE_SECONDS)
            self._connector.connection_lost.clear()

    async def _work(self, channel: Channel) -> None:
        with suppress(ConnectorException):
            await self._app.run_worker_async(
                queues=[queue_of(channel)],
                concurrency=PAYOUT_JOBS_AT_ONCE if channel is Channel.PAYOUT else 1,
                name=channel.value,
                install_signal_handlers=False,
                delete_jobs="successful",
                shutdown_graceful_timeout=self._grace_seconds,
                stalled_worker_timeout=STALLED_SECONDS,
            )

    async def _keep_taking_up(self) -> None:
        while True:
            try:
                await self._take_up_stalled()
            except ConnectorException:
                log.warning("outbox_waits_for_store")
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
        outcomes = await self._handed_over(letter.messages, letter.attempt)
        waits = [
            None if outcome is None else _wait_after(outcome, message, letter.attempt)
            for message, outcome in zip(letter.messages, outcomes, strict=True)
        ]
        await self._defer_again(letter, waits)

    async def _handed_over(
        self, messages: Sequence[OutgoingMessage], attempt: int
    ) -> Sequence[Outcome]:
        """Hand messages over together; each alone if a defect of one keeps all from leaving."""
        try:
            return await self._handler.handle(messages, attempt)
        except StoreUnavailable as lost:
            return [lost] * len(messages)
        except Exception as defect:  # noqa: BLE001 - whatever it is, the message comes again
            if len(messages) == 1:
                return [defect]
        return [
            outcome
            for message in messages
            for outcome in await self._handed_over([message], attempt)
        ]

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


def _wait_after(failed: Exception, message: OutgoingMessage, attempt: int) -> int:
    """In how many seconds a message that did not leave is tried again; notes why."""
    about = {"order_id": message.order_id, "channel": message.channel.value, "attempt": attempt}
    match failed:
        case NotSent():
            log.info("message_not_sent", why=str(failed), **about)
        case StoreUnavailable():
            log.info("message_not_sent", why="store_unavailable", **about)
        case _:
            log.error("message_failed", exc_info=failed, **about)
    return wait_after(failed, attempt)


async def _stopped(works: set[asyncio.Task[Any]], patience_seconds: float) -> None:
    """Cancel tasks and wait until they have ended.

    The library may overhear being cancelled, so it is told again; but only when it has had time
    to end well, because being told twice makes it leave its jobs as they are.
    """
    while running := {work for work in works if not work.done()}:
        for work in running:
            work.cancel()
        await asyncio.wait(running, timeout=patience_seconds)
    for work in works:
        if not work.cancelled() and (error := work.exception()) is not None:
            log.error("outbox_work_failed", exc_info=error)


class _Connector(procrastinate.PsycopgConnector):
    """The library's connector, which asks once more on another connection when one was lost.

    Without that, a job that was sent could not be marked as sent. `connection_lost` tells that
    an answer was lost, so that what the library believes may not be what the database holds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.connection_lost = asyncio.Event()

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:  # noqa: ANN401 - as the library has it
        """Run a statement without an answer."""
        await self._twice(super().execute_query_async, query, arguments)

    async def execute_query_one_async(
        self,
        query: LiteralString,
        **arguments: Any,  # noqa: ANN401 - as the library has it
    ) -> dict[str, Any]:
        """Run a statement that answers with one row."""
        return await self._twice(super().execute_query_one_async, query, arguments)

    async def execute_query_all_async(
        self,
        query: LiteralString,
        **arguments: Any,  # noqa: ANN401 - as the library has it
    ) -> list[dict[str, Any]]:
        """Run a statement that answers with rows."""
        return await self._twice(super().execute_query_all_async, query, arguments)

    async def _twice(
        self, ask: Callable[..., Awaitable[Answer]], query: LiteralString, arguments: dict[str, Any]
    ) -> Answer:
        try:
            return await ask(query, **arguments)
        except ConnectorException as error:
            lost = error.__cause__
            if not isinstance(lost, psycopg.OperationalError) or not is_lost_connection(lost):
                raise
            self.connection_lost.set()
            return await ask(query, **arguments)


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
