"""GET /accounts and /journal: the books over all orders, for finance and overseers.

Not here: one order's money (`statements.py`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import natural_account_balance
from earnest.core.order.actor import Role
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Moment
from earnest.web.spreadsheets import decimal_text, spreadsheet

BOOKKEEPERS = frozenset({Role.FINANCE})
MOST_LINES = 200_000
"""Lines of one export at most; a busy house exports by the day."""

COLUMNS = (
    *("recorded_at", "order_id", "sequence", "line", "cause"),
    *("debit", "credit", "amount", "currency"),
)


async def show_accounts(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The account balance of every account, over all orders of all buyers."""
    shown = tuple(
        AccountShown(
            account=each.account,
            currency=each.currency,
            amount=natural_account_balance(each.account, each.debits_minus_credits),
        )
        for each in await house.reader.account_sums()
    )
    return Reply(value=Accounts(accounts=shown))


class JournalAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which part of the journal: what was recorded in the half-open time `[begins, ends)`."""

    begins: Moment
    ends: Moment


async def show_journal(house: House, asked: Asked, wanted: JournalAsked) -> Reply:  # noqa: ARG001 - as all
    """Every posting of a time, one in a line, as accountants import it."""
    lines = await house.reader.journal(wanted.begins, wanted.ends, MOST_LINES + 1)
    if len(lines) > MOST_LINES:
        raise TurnedAway(DoorCode.JOURNAL_TOO_LONG, {"most": str(MOST_LINES)})
    return spreadsheet(
        f"journal-{wanted.begins.date()}-{wanted.ends.date()}.csv",
        COLUMNS,
        (
            (
                each.recorded_at.isoformat(),
                each.posting.order_id,
                each.posting.sequence,
                each.posting.line,
                each.cause,
                each.posting.posting.debit.value,
                each.posting.posting.credit.value,
                decimal_text(each.posting.posting.amount.amount),
                each.posting.posting.amount.currency,
            )
            for each in lines
        ),
    )


class AccountShown(msgspec.Struct, frozen=True, kw_only=True):
    """An account balance in minor units; liabilities and income are positive."""

    account: Account
    currency: str
    amount: int


class Accounts(msgspec.Struct, frozen=True):
    """All accounts that were ever posted to."""

    accounts: tuple[AccountShown, ...]


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/accounts",
            operation="showAccounts",
            summary="The account balances of the whole house.",
            tag="money",
            access=Access.OVERSEERS,
            roles=BOOKKEEPERS,
            takes=NoInput,
            handler=show_accounts,
            gives=Accounts,
        ),
        Route(
            method="GET",
            path="/journal",
            operation="showJournal",
            summary="Every posting of a time as CSV, for accountants.",
            description="By the instant at which it was recorded, which never changes afterwards: "
            "a month that was exported once is exported the same again.",
            tag="money",
            access=Access.OVERSEERS,
            roles=BOOKKEEPERS,
            takes=JournalAsked,
            handler=show_journal,
            gives=None,
            gives_file=("text/csv",),
            codes=(DoorCode.JOURNAL_TOO_LONG,),
        ),
    ]
