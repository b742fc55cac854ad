"""Outside statements: what a provider or a bank says of the seller's money with it.

Not here: reading files (`gateways/statements`) and what a line is about (`matching.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

import msgspec

from earnest.core.values.ids import derive_id
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


class OutsideKind(StrEnum):
    """With whom the money is."""

    PROVIDER = "provider"
    BANK = "bank"


class LineKind(StrEnum):
    """What a line says it is. A bank does not say, so its lines are `other`."""

    PAYMENT = "payment"
    REFUND = "refund"
    TRANSFER = "transfer"
    """From the provider to a buyer, beyond what that buyer paid."""
    CHARGEBACK = "chargeback"
    FEE = "fee"
    PAYOUT = "payout"
    """From the provider to the seller's bank."""
    OTHER = "other"


class BankColumns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which column of a bank's CSV file says what; kept with the account.

    The sum stands in one column with its sign (`amount`) or in two without (`credit`, `debit`).
    `balance_after` is what stood there after the line. `day_form` is one of `DAY_FORMS`,
    `separator` what stands between columns, `encoding` one of `ENCODINGS`.
    """

    booked_on: str
    balance_after: str
    amount: str = ""
    credit: str = ""
    debit: str = ""
    reference: str = ""
    payer: str = ""
    text: str = ""
    separator: str = ","
    day_form: str = "YYYY-MM-DD"
    encoding: str = "utf-8"


class OutsideAccount(msgspec.Struct, frozen=True, kw_only=True):
    """The seller's money with one provider or bank, in one currency.

    `number` is how its statements name it. `appears_as` is how a provider is named as payer on a
    bank's statement. Above `second_person_above` minor units a match by hand takes two people.
    """

    account_id: str
    kind: OutsideKind
    name: str
    number: str
    currency: str
    second_person_above: int
    appears_as: str = ""
    columns: BankColumns | None = None


class OutsideLine(msgspec.Struct, frozen=True, kw_only=True):
    """One sum that came (positive) or left (negative), in minor units, by the day of booking.

    `reference` is the provider's or bank's own id. `batch` names the payout to the seller with
    which the line was settled. `payer` and `text` may name people: they are kept in the schema
    `people`, or nowhere.
    """

    number: int
    kind: LineKind
    booked_on: date
    amount: int
    reference: str = ""
    batch: str = ""
    payer: str = ""
    text: str = ""


class OutsideStatement(msgspec.Struct, frozen=True, kw_only=True):
    """What stood there (`opening`), every line, and what stood there then (`closing`).

    `begins` and `ends` are its first and its last day, both inside.
    """

    number: str
    account_number: str
    currency: str
    begins: date
    ends: date
    opening: int
    closing: int
    lines: tuple[OutsideLine, ...]


class StatementHead(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that was imported, without its lines."""

    statement_id: str
    account_id: str
    number: str
    digest: str
    currency: str
    begins: date
    ends: date
    opening: int
    closing: int


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Between two statements something is missing: days, or `amount` that nobody accounts for."""

    after: date
    before: date
    amount: int


class LinePlace(NamedTuple):
    """Where a line stands: its statement, and its number there."""

    statement_id: str
    line: int


def statement_id_of(account_id: str, number: str) -> str:
    """The id that a statement gets: the same for the same number of the same account."""
    return derive_id("outside statement", account_id, number)


def why_unsound(statement: OutsideStatement, account: OutsideAccount) -> Rejected | None:
    """Why a statement cannot be right, if so, or is not one of this account.

    Rejections: `statement_of_another_account`, `currency_differs`, `statement_unbalanced`,
    `batch_differs`.
    """
    if _plain(statement.account_number) != _plain(account.number):
        return Rejected(Reason.STATEMENT_OF_ANOTHER_ACCOUNT, {"number": account.number})
    if statement.currency != account.currency:
        return Rejected(Reason.CURRENCY_DIFFERS, {"currency": account.currency})
    moved = sum(line.amount for line in statement.lines)
    if statement.opening + moved != statement.closing:
        missing = statement.closing - statement.opening - moved
        return Rejected(Reason.STATEMENT_UNBALANCED, {"missing": _written(missing)})
    return _unsettled(statement)


def _unsettled(statement: OutsideStatement) -> Rejected | None:
    """A payout to the seller is the sum of its batch: payments less refunds, less the fee."""
    settled: dict[str, int] = {}
    for line in statement.lines:
        if line.batch and line.kind is not LineKind.PAYOUT:
            settled[line.batch] = settled.get(line.batch, 0) + line.amount
    for line in statement.lines:
        is_settled = line.kind is LineKind.PAYOUT and line.batch in settled
        if is_settled and settled[line.batch] + line.amount:
            return Rejected(Reason.BATCH_DIFFERS, {"batch": line.batch})
    return None


def overlapping(begins: date, ends: date, known: Sequence[StatementHead]) -> StatementHead | None:
    """A statement of the same account that covers one of these days already, if there is one."""
    return next((each for each in known if each.begins <= ends and begins <= each.ends), None)


def gaps_of(known: Sequence[StatementHead]) -> tuple[Gap, ...]:
    """Where what stood at an end is not what stood at the next beginning, or days are missing."""
    ordered = sorted(known, key=lambda each: each.begins)
    found = []
    for earlier, later in pairwise(ordered):
        amount = later.opening - earlier.closing
        if amount or (later.begins - earlier.ends).days > 1:
            found.append(Gap(after=earlier.ends, before=later.begins, amount=amount))
    return tuple(found)


def _plain(number: str) -> str:
    """An account number without the blanks and hyphens that people write for reading."""
    return number.replace(" ", "").replace("-", "").upper()


def _written(amount: int) -> str:
    """A sum with two decimals, for the wording of a rejection."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02}"
