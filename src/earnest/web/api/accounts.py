"""GET /accounts: the books over all orders, for overseers.

Not here: one order's money (`statements.py`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import natural_account_balance
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.route import Asked, NoInput, Reply, Route


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
            takes=NoInput,
            handler=show_accounts,
            gives=Accounts,
        )
    ]
