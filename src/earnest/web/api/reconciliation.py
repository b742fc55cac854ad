"""GET /reconciliation and /reconciliation/open-items: what is held, and why the books differ.

Names of payers are shown to those who handle buyers' money and to auditors. Not here: importing and
matching.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import natural_account_balance
from earnest.core.reconciliation.explained import Explained, explain
from earnest.core.reconciliation.matching import Doubt, DoubtKind
from earnest.core.reconciliation.statement import Gap, OutsideAccount, StatementHead, gaps_of
from earnest.core.values.money import Money
from earnest.desk.reconciling import doubts_now
from earnest.desk.views import AccountSum
from earnest.web.api.accounts import BOOKKEEPERS, MOST_LINES
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.reconciling_shapes import (
    BookedShown,
    LineShown,
    MatchShown,
    booked_key,
    booked_shown,
    line_key,
    line_shown,
    match_shown,
    may_see_payers,
    payers_seen,
)
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.spreadsheets import decimal_text, spreadsheet

OWED_TO_BUYERS = (
    Account.CUSTOMER_DEPOSITS,
    Account.COMMITTED_DEPOSITS,
    Account.CUSTOMER_BALANCES,
    Account.OWED_TO_BUYERS,
    Account.FORFEITURES_UNRELEASED,
)
"""Accounts of money that buyers may still get back, or that waits for a car."""

COLUMNS = (
    *("side", "account", "statement", "line", "order_id", "day", "kind"),
    *("amount", "currency", "reference", "payer", "text"),
)


class OpenAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many open lines and booked sums to list at most, the oldest first.

    Finding out what is doubtful looks at everything that is open, so it can be left out. `about`
    finds matches by the number of an order or the reference of a line, also those that made
    themselves.
    """

    limit: Annotated[int, Meta(ge=0, le=1_000)] = 200
    doubts: bool = True
    about: Annotated[str, Meta(max_length=140)] = ""


class StatementsOfAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An outside account, its statements with the newest first, and what is missing between."""

    account: OutsideAccount
    statements: tuple[StatementHead, ...]
    gaps: tuple[Gap, ...]


class DoubtShown(msgspec.Struct, frozen=True, kw_only=True):
    """An open line that something fits without being certain: keys of what fits."""

    line: str
    kind: DoubtKind
    fits: tuple[str, ...]


class Reconciliation(msgspec.Struct, frozen=True, kw_only=True):
    """What is held outside beside the books.

    `owed_to_buyers` is what the books owe buyers, by currency. `explained` leads from what
    providers and banks hold to what the books say went through them.
    """

    owed_to_buyers: tuple[Money, ...]
    explained: tuple[Explained, ...]
    accounts: tuple[StatementsOfAccount, ...]
    lines_open: int
    booked_open: int
    lines: tuple[LineShown, ...]
    booked: tuple[BookedShown, ...]
    doubts: tuple[DoubtShown, ...]
    matches: tuple[MatchShown, ...]


async def show_reconciliation(house: House, asked: Asked, wanted: OpenAsked) -> Reply:
    """Everything of the room: what is held, why it differs, and what is open."""
    with_payer = may_see_payers(asked.by)
    owed = await house.reader.account_sums()
    async with house.reconciliations.reading() as books:
        accounts, statements = await books.accounts(), await books.statements()
        lines, booked = await books.open_lines(wanted.limit), await books.open_booked(wanted.limit)
        count = await books.open_count()
        doubts = (await doubts_now(books, house.register)).doubts if wanted.doubts else ()
        shown = Reconciliation(
            owed_to_buyers=_owed(owed),
            explained=tuple(explain(each) for each in await books.sums()),
            accounts=tuple(_with_statements(each, statements) for each in accounts),
            lines_open=count.lines,
            booked_open=count.booked,
            lines=tuple(line_shown(each, with_payer=with_payer) for each in lines),
            booked=tuple(booked_shown(each) for each in booked),
            doubts=tuple(_doubt_shown(each) for each in doubts[: wanted.limit]),
            matches=tuple(
                match_shown(each) for each in await books.matches(wanted.limit, wanted.about)
            ),
        )
    return Reply(value=shown, seen=payers_seen(lines) if with_payer else ())


async def export_open(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Everything that is open on both sides, as CSV."""
    with_payer = may_see_payers(asked.by)
    async with house.reconciliations.reading() as books:
        numbers = {each.statement_id: each.number for each in await books.statements()}
        lines = await books.open_lines(MOST_LINES + 1)
        booked = await books.open_booked(MOST_LINES + 1)
    if len(lines) + len(booked) > MOST_LINES:
        raise TurnedAway(DoorCode.JOURNAL_TOO_LONG, {"most": str(MOST_LINES)})
    outside = (
        (
            *("outside", each.account.account_id, numbers[each.place.statement_id]),
            *(each.place.line, "", each.line.booked_on, each.line.kind.value),
            *(decimal_text(each.line.amount), each.account.currency, each.line.reference),
            *((each.line.payer, each.line.text) if with_payer else ("", "")),
        )
        for each in lines
    )
    inside = (
        (
            *("books", "", "", "", each.place.order_id, each.on, ""),
            *(decimal_text(each.amount), each.currency, each.reference, "", ""),
        )
        for each in booked
    )
    name = f"open-items-{asked.received_at.date()}.csv"
    file = spreadsheet(name, COLUMNS, [*outside, *inside])
    seen = payers_seen(lines) if with_payer else ()
    return msgspec.structs.replace(file, seen=seen)


def _owed(sums: Sequence[AccountSum]) -> tuple[Money, ...]:
    """What buyers are owed, by currency."""
    owed: dict[str, int] = {}
    for each in sums:
        if each.account in OWED_TO_BUYERS:
            amount = natural_account_balance(each.account, each.debits_minus_credits)
            owed[each.currency] = owed.get(each.currency, 0) + amount
    return tuple(Money(amount, currency) for currency, amount in sorted(owed.items()))


def _with_statements(
    account: OutsideAccount, statements: Sequence[StatementHead]
) -> StatementsOfAccount:
    own = [each for each in statements if each.account_id == account.account_id]
    return StatementsOfAccount(account=account, statements=tuple(reversed(own)), gaps=gaps_of(own))


def _doubt_shown(each: Doubt) -> DoubtShown:
    fits = (*map(booked_key, each.booked), *map(line_key, each.lines))
    return DoubtShown(line=line_key(each.line), kind=each.kind, fits=fits)


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/reconciliation",
            operation="showReconciliation",
            summary="What providers and banks hold, why the books differ, and what is open.",
            tag="money",
            access=Access.OVERSEERS,
            roles=BOOKKEEPERS,
            takes=OpenAsked,
            handler=show_reconciliation,
            gives=Reconciliation,
        ),
        Route(
            method="GET",
            path="/reconciliation/open-items",
            operation="exportOpenItems",
            summary="Everything that is open on both sides, as CSV.",
            tag="money",
            access=Access.OVERSEERS,
            roles=BOOKKEEPERS,
            takes=NoInput,
            handler=export_open,
            gives=None,
            gives_file=("text/csv",),
            codes=(DoorCode.JOURNAL_TOO_LONG,),
        ),
    ]
