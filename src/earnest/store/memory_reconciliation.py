"""The twin in memory of outside accounts, statements and matches.

Not here: what matches what. One contract suite runs against this and against PostgreSQL.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from earnest.core.ledger.account import Account
from earnest.core.reconciliation.booked import Booked, BookedPlace, booked_of
from earnest.core.reconciliation.by_hand import Match, MatchState
from earnest.core.reconciliation.explained import (
    AccountSums,
    ItemKind,
    Sums,
    days_shown,
    when_booked,
)
from earnest.core.reconciliation.matching import Cause, OpenLine
from earnest.core.reconciliation.statement import (
    LineKind,
    LinePlace,
    OutsideAccount,
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
from earnest.store.memory import MemoryStore
from earnest.store.memory_tables import ConstraintViolated


class _Tables(NamedTuple):
    """Everything that is kept; a transaction works on a copy."""

    accounts: dict[str, OutsideAccount]
    statements: dict[str, Imported]
    drafts: dict[str, Draft]
    matches: dict[str, KeptMatch]

    def copied(self) -> _Tables:
        return _Tables(
            dict(self.accounts), dict(self.statements), dict(self.drafts), dict(self.matches)
        )


class MemoryReconciliations:
    """`Reconciliations` of the desk's ports, beside the tables of a store in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._tables = _Tables({}, {}, {}, {})
        self._one_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[MemoryOutsideBooks]:
        """Read, and write what needs no order."""
        yield MemoryOutsideBooks(self._store, self._tables)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryOutsideBooks]:
        """Write, one at a time; nothing of it stays when it fails."""
        async with self._one_at_a_time:
            tables = self._tables.copied()
            yield MemoryOutsideBooks(self._store, tables)
            self._tables = tables


class MemoryOutsideBooks:
    """`OutsideBooks` over tables in memory."""

    def __init__(self, store: MemoryStore, tables: _Tables) -> None:
        self._store = store
        self._tables = tables

    async def accounts(self) -> Sequence[OutsideAccount]:
        """Every outside account, by id."""
        return [each for _, each in sorted(self._tables.accounts.items())]

    async def add_account(self, account: OutsideAccount, by: str, at: Instant) -> None:  # noqa: ARG002 - the twin tells nobody who did it
        """Make an account known."""
        if account.account_id in self._tables.accounts:
            raise ConstraintViolated("an outside account is known once")
        self._tables.accounts[account.account_id] = account

    async def statements(self) -> Sequence[StatementHead]:
        """Every statement, by account and first day."""
        heads = [each.head for each in self._tables.statements.values()]
        return sorted(heads, key=lambda each: (each.account_id, each.begins))

    async def statement_lines(self, statement_id: str) -> Sequence[OutsideLine]:
        """The lines of one statement, in its order."""
        imported = self._tables.statements.get(statement_id)
        lines = () if imported is None else imported.lines
        return sorted(lines, key=lambda each: each.number)

    async def keep_draft(self, draft: Draft) -> None:
        """Keep the file that somebody looks at, in place of an earlier one."""
        stale_before = draft.uploaded_at - DRAFT_LASTS
        for actor_id, each in list(self._tables.drafts.items()):
            if each.uploaded_at < stale_before:
                del self._tables.drafts[actor_id]
        self._tables.drafts[draft.actor_id] = draft

    async def draft(self, actor_id: str) -> Draft | None:
        """The file that somebody looks at."""
        return self._tables.drafts.get(actor_id)

    async def drop_draft(self, actor_id: str) -> None:
        """Let that file go."""
        self._tables.drafts.pop(actor_id, None)

    async def add_statement(self, imported: Imported) -> None:
        """Keep a statement with its lines."""
        head = imported.head
        if head.account_id not in self._tables.accounts:
            raise ConstraintViolated("a statement is of an account that is known")
        for each in self._tables.statements.values():
            is_same = head.number == each.head.number or head.digest == each.head.digest
            if is_same and head.account_id == each.head.account_id:
                raise ConstraintViolated("a statement is imported once")
        self._tables.statements[head.statement_id] = imported

    async def open_lines(self, limit: int) -> Sequence[OpenLine]:
        """At most `limit` lines that no match holds, the oldest first."""
        found = [each for each in self._not_held() if each.line.kind is not LineKind.FEE]
        return sorted(found, key=lambda each: (each.line.booked_on, each.place))[:limit]

    async def lines_at(self, places: Sequence[LinePlace]) -> Sequence[OpenLine]:
        """Those of these lines that exist and that no match holds."""
        found = [each for each in self._not_held() if each.place in places]
        return sorted(found, key=lambda each: each.place)

    async def open_booked(self, limit: int) -> Sequence[Booked]:
        """At most `limit` sums on the clearing account that no match holds, the oldest first."""
        held = self._held_postings()
        found = [each for each in self._clearing() if each.place not in held]
        return sorted(found, key=lambda each: (each.on, each.place))[:limit]

    async def booked_at(self, places: Sequence[BookedPlace]) -> Sequence[Booked]:
        """Those of these booked sums that exist and that no match holds."""
        held = self._held_postings()
        wanted = set(places) - held
        found = [each for each in self._clearing() if each.place in wanted]
        return sorted(found, key=lambda each: each.place)

    async def open_count(self) -> OpenCount:
        """How many of both are open."""
        everything = 10**9
        return OpenCount(
            lines=len(await self.open_lines(everything)),
            booked=len(await self.open_booked(everything)),
        )

    async def sums(self) -> Sequence[Sums]:
        """Everything added up, by currency; only currencies of outside accounts."""
        standing = [
            each.match
            for each in self._tables.matches.values()
            if each.match.state is MatchState.STANDING
        ]
        lines = {place for each in standing for place in each.lines}
        booked = {place for each in standing for place in each.booked}
        currencies = {each.currency for each in self._tables.accounts.values()}
        found = []
        for currency in sorted(currencies):
            accounts = tuple(
                self._account_sums(account, lines)
                for account in await self.accounts()
                if account.currency == currency and self._of(account)
            )
            days = days_shown(accounts)
            ours = [each for each in self._clearing() if each.currency == currency]
            left = dict.fromkeys(ItemKind, 0)
            for each in ours:
                if each.place not in booked:
                    left[when_booked(each, *days)] += each.amount
            found.append(
                Sums(
                    currency=currency,
                    ledger=sum(each.amount for each in ours),
                    accounts=accounts,
                    booked_before=left[ItemKind.BOOKED_BEFORE],
                    booked_during=left[ItemKind.NOT_SHOWN],
                    booked_after=left[ItemKind.NOT_YET_SHOWN],
                    written_off=sum(
                        each.difference for each in standing if each.currency == currency
                    ),
                )
            )
        return found

    async def match(self, match_id: str) -> KeptMatch | None:
        """One match, with everything that became of it."""
        return self._tables.matches.get(match_id)

    async def matches(self, limit: int, about: str) -> Sequence[Match]:
        """At most `limit` matches that were not undone, the newest first."""
        named = {each.place for each in self._all_lines() if each.line.reference == about}
        found = [
            each
            for each in self._holding()
            if (not about and each.cause is Cause.BY_HAND)
            or (about and any(place in named for place in each.lines))
            or any(place.order_id == about for place in each.booked)
        ]
        found.sort(key=lambda each: each.match_id)
        return sorted(found, key=lambda each: each.made_at, reverse=True)[:limit]

    async def put_matches(self, matches: Sequence[KeptMatch]) -> None:
        """Keep new matches, or what became of those that are known."""
        for each in matches:
            self._tables.matches[each.match.match_id] = each
        holding = [*self._holding()]
        lines = [place for each in holding for place in each.lines]
        booked = [place for each in holding for place in each.booked]
        if len(lines) > len(set(lines)) or len(booked) > len(set(booked)):
            raise ConstraintViolated("a line and a booked sum are matched once")

    def _holding(self) -> Iterable[Match]:
        for each in self._tables.matches.values():
            if each.match.state is not MatchState.UNDONE:
                yield each.match

    def _held_postings(self) -> set[BookedPlace]:
        return {place for each in self._holding() for place in each.booked}

    def _of(self, account: OutsideAccount) -> list[Imported]:
        found = [
            each
            for each in self._tables.statements.values()
            if each.head.account_id == account.account_id
        ]
        return sorted(found, key=lambda each: each.head.begins)

    def _all_lines(self) -> Iterable[OpenLine]:
        for imported in self._tables.statements.values():
            account = self._tables.accounts[imported.head.account_id]
            for line in imported.lines:
                place = LinePlace(imported.head.statement_id, line.number)
                yield OpenLine(place=place, account=account, line=line)

    def _not_held(self) -> list[OpenLine]:
        held = {place for each in self._holding() for place in each.lines}
        return [each for each in self._all_lines() if each.place not in held]

    def _account_sums(self, account: OutsideAccount, explained: set[LinePlace]) -> AccountSums:
        heads = [each.head for each in self._of(account)]
        lines = [each for each in self._all_lines() if each.account == account]
        rest = [each.line for each in lines if each.place not in explained]
        return AccountSums(
            account=account,
            begins=heads[0].begins,
            ends=max(each.ends for each in heads),
            opening=heads[0].opening,
            closing=heads[-1].closing,
            lines=sum(each.line.amount for each in lines),
            fees=sum(each.line.amount for each in lines if each.line.kind is LineKind.FEE),
            payouts_open=sum(each.amount for each in rest if each.kind is LineKind.PAYOUT),
            others_open=sum(
                each.amount for each in rest if each.kind not in {LineKind.PAYOUT, LineKind.FEE}
            ),
        )

    def _clearing(self) -> Iterable[Booked]:
        """Every posting on the clearing account."""
        for key, postings in self._store.tables.postings.items():
            events = {each.sequence: each.event for each in self._store.tables.events[key]}
            for each in postings:
                if Account.PROVIDER_CLEARING in {each.posting.debit, each.posting.credit}:
                    place = BookedPlace(key.buyer_id, key.order_id, each.sequence, each.line)
                    yield booked_of(place, each.posting, events[each.sequence], TIME_ZONE)
