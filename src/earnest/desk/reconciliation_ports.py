"""What reconciling needs from the store, as protocols and plain values.

Not here: how PostgreSQL does it (`store/reconciliation.py`) and what matches what (`core`).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Protocol

import msgspec

from earnest.core.reconciliation.booked import Booked, BookedPlace
from earnest.core.reconciliation.by_hand import Match
from earnest.core.reconciliation.explained import Sums
from earnest.core.reconciliation.matching import OpenLine
from earnest.core.reconciliation.statement import (
    LinePlace,
    OutsideAccount,
    OutsideLine,
    StatementHead,
)
from earnest.core.values.instant import Instant

TIME_ZONE = "Asia/Shanghai"
"""Where the seller's banks are: by its days statements and booked sums are compared."""

DRAFT_LASTS = timedelta(days=1)
"""How long a file may lie that nobody imported; it goes when the next one comes."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A file that somebody looks at before importing it; each person has one at a time.

    It names payers, so it stays in the schema `people` and leaves it with the import.
    """

    actor_id: str
    account_id: str
    digest: str
    content: bytes
    uploaded_at: Instant


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """A statement to be kept: its head, its lines, and who imported it when."""

    head: StatementHead
    lines: tuple[OutsideLine, ...]
    imported_by: str
    imported_at: Instant


class KeptMatch(msgspec.Struct, frozen=True, kw_only=True):
    """A match with the digest of the request that made it; empty for one that nobody asked for."""

    match: Match
    content_hash: str = ""


class OpenCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many lines and booked sums are open, however many of them are listed."""

    lines: int
    booked: int


class OutsideBooks(Protocol):
    """Accounts, statements and matches as one reader or one transaction sees them."""

    async def accounts(self) -> Sequence[OutsideAccount]:
        """Every outside account, by id."""

    async def add_account(self, account: OutsideAccount, by: str, at: Instant) -> None:
        """Make an account known."""

    async def statements(self) -> Sequence[StatementHead]:
        """Every statement, by account and first day."""

    async def statement_lines(self, statement_id: str) -> Sequence[OutsideLine]:
        """The lines of one statement, in its order."""

    async def keep_draft(self, draft: Draft) -> None:
        """Keep the file that somebody looks at, in place of an earlier one; old ones go."""

    async def draft(self, actor_id: str) -> Draft | None:
        """The file that somebody looks at."""

    async def drop_draft(self, actor_id: str) -> None:
        """Let that file go."""

    async def add_statement(self, imported: Imported) -> None:
        """Keep a statement with its lines; payers and texts go to the schema `people`."""

    async def open_lines(self, limit: int) -> Sequence[OpenLine]:
        """At most `limit` lines that no match holds, the oldest first; fees explain themselves."""

    async def open_booked(self, limit: int) -> Sequence[Booked]:
        """At most `limit` sums on the clearing account that no match holds, the oldest first."""

    async def open_count(self) -> OpenCount:
        """How many of both are open."""

    async def lines_at(self, places: Sequence[LinePlace]) -> Sequence[OpenLine]:
        """Those of these lines that exist and that no match holds."""

    async def booked_at(self, places: Sequence[BookedPlace]) -> Sequence[Booked]:
        """Those of these booked sums that exist and that no match holds."""

    async def sums(self) -> Sequence[Sums]:
        """Everything added up, by currency; only currencies of outside accounts."""

    async def match(self, match_id: str) -> KeptMatch | None:
        """One match, with everything that became of it."""

    async def matches(self, limit: int, about: str) -> Sequence[Match]:
        """At most `limit` matches that were not undone, the newest first.

        `about` is the number of an order or the reference of a line. Without it, matches that
        people made; those that made themselves are too many to read.
        """

    async def put_matches(self, matches: Sequence[KeptMatch]) -> None:
        """Keep new matches, or what became of those that are known.

        A line and a booked sum are held by one match at most; the store refuses a second.
        """


class Reconciliations(Protocol):
    """Where outside accounts and matches are kept. Raises `StoreUnavailable`."""

    def reading(self) -> AbstractAsyncContextManager[OutsideBooks]:
        """Read what is committed."""

    def transaction(self) -> AbstractAsyncContextManager[OutsideBooks]:
        """Write, one at a time, so that what was open stays open until it is matched."""
