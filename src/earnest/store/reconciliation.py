"""Outside accounts, statements and matches on PostgreSQL.

Not here: what matches what (`core/reconciliation`). Those who write wait for each other.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import msgspec
from psycopg import AsyncConnection

from earnest.core.reconciliation.booked import Booked, BookedPlace, booked_of
from earnest.core.reconciliation.by_hand import Match, MatchState
from earnest.core.reconciliation.explained import AccountSums, Sums, days_shown
from earnest.core.reconciliation.matching import Cause, OpenLine
from earnest.core.reconciliation.statement import (
    LineKind,
    LinePlace,
    OutsideAccount,
    OutsideKind,
    OutsideLine,
    StatementHead,
)
from earnest.core.values.instant import Instant
from earnest.desk.reconciliation_ports import (
    DRAFT_LASTS,
    TIME_ZONE,
    Draft,
    Imported,
    KeptMatch,
    OpenCount,
)
from earnest.store.codec import decode_event, encode
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.rows import recorded_posting
from earnest.store.statements import STATEMENTS

Row = tuple[Any, ...]
_ACCOUNT = msgspec.json.Decoder(OutsideAccount)
_NEVER = date(1, 1, 1)
"""Before every day: without a statement everything booked is later than all of them."""


class PostgresReconciliations:
    """`Reconciliations` of the desk's ports. Everything raises `StoreUnavailable`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[PostgresOutsideBooks]:
        """Read what is committed."""
        with named_faults():
            async with self._pool.connection() as connection:
                yield PostgresOutsideBooks(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresOutsideBooks]:
        """Write, one at a time."""
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(STATEMENTS["one_reconciliation_at_a_time"].text)
                yield PostgresOutsideBooks(connection)


class PostgresOutsideBooks:
    """`OutsideBooks` on one connection."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def accounts(self) -> Sequence[OutsideAccount]:
        """Every outside account, by id."""
        return [_ACCOUNT.decode(row[0]) for row in await self._rows("outside_accounts")]

    async def add_account(self, account: OutsideAccount, by: str, at: Instant) -> None:
        """Make an account known."""
        await self._execute(
            "add_outside_account",
            account_id=account.account_id,
            body=encode(account),
            currency=account.currency,
            is_provider=account.kind is OutsideKind.PROVIDER,
            added_by=by,
            added_at=at,
        )

    async def statements(self) -> Sequence[StatementHead]:
        """Every statement, by account and first day."""
        names = StatementHead.__struct_fields__
        rows = await self._rows("outside_statements")
        return [StatementHead(**dict(zip(names, row, strict=True))) for row in rows]

    async def statement_lines(self, statement_id: str) -> Sequence[OutsideLine]:
        """The lines of one statement, in its order."""
        rows = await self._rows("outside_lines", statement_id=statement_id)
        return [_line(row) for row in rows]

    async def keep_draft(self, draft: Draft) -> None:
        """Keep the file that somebody looks at, in place of an earlier one."""
        stale_before = draft.uploaded_at - DRAFT_LASTS
        kept = msgspec.structs.asdict(draft)
        await self._execute("put_outside_draft", stale_before=stale_before, **kept)

    async def draft(self, actor_id: str) -> Draft | None:
        """The file that somebody looks at."""
        rows = await self._rows("outside_draft", actor_id=actor_id)
        if not rows:
            return None
        account_id, digest, content, uploaded_at = rows[0]
        return Draft(
            actor_id=actor_id,
            account_id=account_id,
            digest=digest,
            content=content,
            uploaded_at=uploaded_at,
        )

    async def drop_draft(self, actor_id: str) -> None:
        """Let that file go."""
        await self._execute("drop_outside_draft", actor_id=actor_id)

    async def add_statement(self, imported: Imported) -> None:
        """Keep a statement with its lines; payers and texts go to the schema `people`."""
        await self._execute(
            "add_outside_statement",
            **msgspec.structs.asdict(imported.head),
            imported_by=imported.imported_by,
            imported_at=imported.imported_at,
        )
        lines, named = imported.lines, [each for each in imported.lines if each.payer or each.text]
        await self._execute(
            "add_outside_lines",
            statement_id=imported.head.statement_id,
            lines=[each.number for each in lines],
            kinds=[each.kind.value for each in lines],
            days=[each.booked_on for each in lines],
            amounts=[each.amount for each in lines],
            references=[each.reference for each in lines],
            batches=[each.batch for each in lines],
        )
        await self._execute(
            "add_outside_texts",
            statement_id=imported.head.statement_id,
            lines=[each.number for each in named],
            payers=[each.payer for each in named],
            texts=[each.text for each in named],
        )

    async def open_lines(self, limit: int) -> Sequence[OpenLine]:
        """At most `limit` lines that no match holds, the oldest first."""
        return await self._open_lines("open_outside_lines", limit=limit)

    async def lines_at(self, places: Sequence[LinePlace]) -> Sequence[OpenLine]:
        """Those of these lines that exist and that no match holds."""
        asked = sorted(set(places))
        return await self._open_lines(
            "outside_lines_at",
            statement_ids=[each.statement_id for each in asked],
            lines=[each.line for each in asked],
        )

    async def open_booked(self, limit: int) -> Sequence[Booked]:
        """At most `limit` sums on the clearing account that no match holds, the oldest first."""
        return [_booked(row) for row in await self._rows("open_clearing", limit=limit)]

    async def booked_at(self, places: Sequence[BookedPlace]) -> Sequence[Booked]:
        """Those of these booked sums that exist and that no match holds."""
        asked = sorted(set(places))
        rows = await self._rows("clearing_at", **_places(asked))
        return [_booked(row) for row in rows]

    async def open_count(self) -> OpenCount:
        """How many of both are open."""
        ((lines, booked),) = await self._rows("open_counts")
        return OpenCount(lines=lines, booked=booked)

    async def sums(self) -> Sequence[Sums]:
        """Everything added up, by currency; only currencies of outside accounts."""
        accounts = {each.account_id: each for each in await self.accounts()}
        added = [_account_sums(row, accounts) for row in await self._rows("outside_sums")]
        written_off: dict[str, int] = dict(await self._rows("written_off"))
        found = []
        for currency in sorted({each.currency for each in accounts.values()}):
            ours = tuple(each for each in added if each.account.currency == currency)
            begins, ends = days_shown(ours)
            ((ledger, before, during, after),) = await self._rows(
                "clearing_sums", currency=currency, begins=begins or _NEVER, ends=ends or _NEVER
            )
            found.append(
                Sums(
                    currency=currency,
                    ledger=ledger,
                    accounts=ours,
                    booked_before=before,
                    booked_during=during,
                    booked_after=after,
                    written_off=written_off.get(currency, 0),
                )
            )
        return found

    async def match(self, match_id: str) -> KeptMatch | None:
        """One match, with everything that became of it."""
        found = await self._matches(await self._rows("outside_match", match_id=match_id))
        return found[0] if found else None

    async def matches(self, limit: int, about: str) -> Sequence[Match]:
        """At most `limit` matches that were not undone, the newest first."""
        rows = (
            await self._rows("outside_matches_about", limit=limit, about=about)
            if about
            else await self._rows("outside_matches_by_hand", limit=limit)
        )
        return [each.match for each in await self._matches(rows)]

    async def put_matches(self, matches: Sequence[KeptMatch]) -> None:
        """Keep new matches, or what became of those that are known."""
        if not matches:
            return
        await self._execute("put_outside_matches", **_match_columns(matches))
        holding = [(each.match, each.match.state is not MatchState.UNDONE) for each in matches]
        lines = [(made, holds, place) for made, holds in holding for place in made.lines]
        await self._execute(
            "put_lines_of_matches",
            match_ids=[made.match_id for made, _, _ in lines],
            statement_ids=[place.statement_id for _, _, place in lines],
            lines=[place.line for _, _, place in lines],
            holding=[holds for _, holds, _ in lines],
        )
        booked = [(made, holds, place) for made, holds in holding for place in made.booked]
        await self._execute(
            "put_postings_of_matches",
            match_ids=[made.match_id for made, _, _ in booked],
            holding=[holds for _, holds, _ in booked],
            **_places([place for _, _, place in booked]),
        )

    async def _matches(self, rows: list[Row]) -> list[KeptMatch]:
        match_ids = [row[0] for row in rows]
        lines: dict[str, list[LinePlace]] = {each: [] for each in match_ids}
        for match_id, *place in await self._rows("lines_of_matches", match_ids=match_ids):
            lines[match_id].append(LinePlace(*place))
        booked: dict[str, list[BookedPlace]] = {each: [] for each in match_ids}
        for match_id, *place in await self._rows("postings_of_matches", match_ids=match_ids):
            booked[match_id].append(BookedPlace(*place))
        return [_kept(row, lines[row[0]], booked[row[0]]) for row in rows]

    async def _open_lines(self, name: str, **parameters: object) -> list[OpenLine]:
        accounts = {each.account_id: each for each in await self.accounts()}
        return [
            OpenLine(place=LinePlace(row[0], row[2]), account=accounts[row[1]], line=_line(row[2:]))
            for row in await self._rows(name, **parameters)
        ]

    async def _rows(self, name: str, **parameters: object) -> list[Row]:
        cursor = await self._connection.execute(STATEMENTS[name].text, parameters)
        return await cursor.fetchall()

    async def _execute(self, name: str, **parameters: object) -> None:
        await self._connection.execute(STATEMENTS[name].text, parameters)


def _line(row: Row) -> OutsideLine:
    number, kind, booked_on, amount, reference, batch, payer, text = row
    return OutsideLine(
        number=number,
        kind=LineKind(kind),
        booked_on=booked_on,
        amount=amount,
        reference=reference,
        batch=batch,
        payer=payer,
        text=text,
    )


def _booked(row: Row) -> Booked:
    posting = recorded_posting(row[:8]).posting
    return booked_of(BookedPlace(*row[:4]), posting, decode_event(row[8]), TIME_ZONE)


def _account_sums(row: Row, accounts: dict[str, OutsideAccount]) -> AccountSums:
    account_id, begins, ends, opening, closing, lines, fees, payouts, others = row
    return AccountSums(
        account=accounts[account_id],
        begins=begins,
        ends=ends,
        opening=opening,
        closing=closing,
        lines=lines,
        fees=fees,
        payouts_open=payouts,
        others_open=others,
    )


def _places(places: Sequence[BookedPlace]) -> dict[str, object]:
    return {
        "buyer_ids": [each.buyer_id for each in places],
        "order_ids": [each.order_id for each in places],
        "sequences": [each.sequence for each in places],
        "lines": [each.line for each in places],
    }


def _match_columns(matches: Sequence[KeptMatch]) -> dict[str, object]:
    made = [each.match for each in matches]
    return {
        "match_ids": [each.match_id for each in made],
        "causes": [each.cause.value for each in made],
        "currencies": [each.currency for each in made],
        "differences": [each.difference for each in made],
        "reasons": [each.reason for each in made],
        "needing": [each.needs_second for each in made],
        "makers": [each.made_by for each in made],
        "made": [each.made_at for each in made],
        "hashes": [each.content_hash for each in matches],
        "approvers": [each.approved_by for each in made],
        "approved": [each.approved_at for each in made],
        "undoers": [each.undone_by for each in made],
        "undone": [each.undone_at for each in made],
        "undone_reasons": [each.undone_reason for each in made],
    }


def _kept(row: Row, lines: list[LinePlace], booked: list[BookedPlace]) -> KeptMatch:
    match_id, cause, currency, difference, reason, needs_second, made_by, made_at = row[:8]
    approved_by, approved_at, undone_by, undone_at, undone_reason, content_hash = row[8:]
    return KeptMatch(
        match=Match(
            match_id=match_id,
            cause=Cause(cause),
            lines=tuple(lines),
            booked=tuple(booked),
            currency=currency,
            difference=difference,
            made_by=made_by,
            made_at=made_at,
            reason=reason,
            needs_second=needs_second,
            approved_by=approved_by,
            approved_at=approved_at,
            undone_by=undone_by,
            undone_at=undone_at,
            undone_reason=undone_reason,
        ),
        content_hash=content_hash,
    )
