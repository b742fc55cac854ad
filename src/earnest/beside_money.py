"""What `earnest money` reads and writes in the database beside a running server.

Not here: what is printed (`cli/money.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec

from earnest.core.reconciliation.explained import Explained, explain
from earnest.core.reconciliation.statement import OutsideAccount, StatementHead
from earnest.core.values.instant import Instant, zone
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.demo.statements_seeded import next_files
from earnest.desk.publishing import Act
from earnest.desk.reconciliation_ports import TIME_ZONE, OpenCount
from earnest.desk.reconciling import MOST_OPEN, Preview, import_statement, preview_statement
from earnest.gateways.clock import VirtualClock
from earnest.gateways.statements.reading import digest_of, read_statement
from earnest.main import database_to_read
from earnest.people.caller import STAFF_PREFIX
from earnest.settings import Settings
from earnest.store.pool import Pool, open_pool
from earnest.store.publications import PostgresPublications
from earnest.store.reconciliation import PostgresReconciliations
from earnest.store.register import PostgresRegister


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds, and the statement that it became, if it was imported."""

    account: OutsideAccount
    preview: Preview
    imported: StatementHead | None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What is held outside, why the books differ, and what is open."""

    accounts: tuple[OutsideAccount, ...]
    statements: tuple[StatementHead, ...]
    explained: tuple[Explained, ...]
    open: OpenCount


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[Pool, Instant]]:
    with database_to_read(settings) as url:
        async with await open_pool(url, size_min=1, size_max=2) as pool:
            offset = await PostgresPublications(pool).clock_offset_seconds()
            yield pool, VirtualClock(timedelta(seconds=offset)).now()


async def look_at_statement(
    settings: Settings, account_id: str, content: bytes, staff_id: str | None
) -> Looked | Rejected:
    """What importing a file would do; with a member of staff it is done.

    Raises `StatementFaulty`. Rejections: `outside_account_unknown`, those of `judged`.
    """
    async with _opened(settings) as (pool, now):
        store, register = PostgresReconciliations(pool), PostgresRegister(pool)
        async with store.reading() as books:
            accounts = {each.account_id: each for each in await books.accounts()}
            account = accounts.get(account_id)
            if account is None:
                return Rejected(Reason.OUTSIDE_ACCOUNT_UNKNOWN)
            statement, digest = read_statement(content, account), digest_of(content)
            preview = await preview_statement(books, register, account, statement, digest)
        if isinstance(preview, Rejected):
            return preview
        if staff_id is None:
            return Looked(account=account, preview=preview, imported=None)
        act = Act(
            actor_id=f"{STAFF_PREFIX}{staff_id}",
            key=f"statement:{digest}",
            content_hash=digest,
            received_at=now,
        )
        head = await import_statement(store, register, account, statement, digest, act)
        if isinstance(head, Rejected):
            return head
        return Looked(account=account, preview=preview, imported=head)


async def read_standing(settings: Settings) -> Standing:
    """What is held outside, and what is open."""
    async with _opened(settings) as (pool, _), PostgresReconciliations(pool).reading() as books:
        return Standing(
            accounts=tuple(await books.accounts()),
            statements=tuple(await books.statements()),
            explained=tuple(explain(each) for each in await books.sums()),
            open=await books.open_count(),
        )


async def example_files(settings: Settings) -> dict[str, bytes]:
    """The files that a demo's provider and bank would send next."""
    async with _opened(settings) as (pool, now), PostgresReconciliations(pool).reading() as books:
        today = now.astimezone(zone(TIME_ZONE)).date()
        booked, lines = await books.open_booked(MOST_OPEN), await books.open_lines(MOST_OPEN)
        return next_files(today, booked, lines, await books.statements())
