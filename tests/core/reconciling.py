"""Small outside accounts, lines and booked sums for the tests of reconciling.

Not here: tests.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from earnest.core.reconciliation.booked import Booked, BookedPlace
from earnest.core.reconciliation.matching import OpenLine
from earnest.core.reconciliation.statement import (
    LineKind,
    LinePlace,
    OutsideAccount,
    OutsideKind,
    OutsideLine,
    OutsideStatement,
)
from earnest.core.values.ids import BuyerId, OrderId, derive_id

DAY = date(2026, 11, 2)
AT = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
PAY = OutsideAccount(
    account_id="pay",
    kind=OutsideKind.PROVIDER,
    name="Sandbox Pay",
    number="earnest",
    currency="CNY",
    second_person_above=1_000_000,
    appears_as="Sandbox Pay",
)
BANK = OutsideAccount(
    account_id="bank",
    kind=OutsideKind.BANK,
    name="Harbour Bank",
    number="6222 0001",
    currency="CNY",
    second_person_above=1_000_000,
)


def line(
    number: int,
    amount: int,
    *,
    account: OutsideAccount = PAY,
    kind: LineKind = LineKind.PAYMENT,
    day: date = DAY,
    **said: str,
) -> OpenLine:
    """An open line of the only statement of an account."""
    told = OutsideLine(
        number=number,
        kind=kind if account is PAY else LineKind.OTHER,
        booked_on=day,
        amount=amount,
        **said,
    )
    statement_id = derive_id("outside statement", account.account_id, "1")
    return OpenLine(place=LinePlace(statement_id, number), account=account, line=told)


def booked(
    name: str, amount: int, reference: str = "", *, day: date = DAY, currency: str = "CNY"
) -> Booked:
    """A booked sum of a buyer's only order."""
    place = BookedPlace(buyer(name), OrderId(derive_id("order", name)), 2, 1)
    return Booked(place=place, on=day, amount=amount, currency=currency, reference=reference)


def buyer(name: str) -> BuyerId:
    """The id of a buyer by a name."""
    return BuyerId(derive_id("buyer", name))


def statement(
    *lines: OutsideLine, opening: int = 0, closing: int | None = None
) -> OutsideStatement:
    """A statement of the provider that adds up, unless a closing balance is given."""
    moved = sum(each.amount for each in lines)
    return OutsideStatement(
        number="1",
        account_number="earnest",
        currency="CNY",
        begins=DAY,
        ends=DAY,
        opening=opening,
        closing=opening + moved if closing is None else closing,
        lines=lines,
    )
