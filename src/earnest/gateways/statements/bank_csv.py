"""A bank's CSV file, read by the columns that are kept with its account.

A bank numbers no such file, so its days are its number. What stood there after each line has to
follow from the line before. Not here: keeping the columns.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from earnest.core.reconciliation.statement import (
    BankColumns,
    LineKind,
    OutsideAccount,
    OutsideLine,
    OutsideStatement,
)
from earnest.gateways.statements.faults import (
    LONGEST_REFERENCE,
    FaultCode,
    day_of,
    fault,
    sum_of,
    text_of,
)
from earnest.gateways.statements.tables import Row, all_of, rows_of


class _Read(NamedTuple):
    line: OutsideLine
    after: int


def read_bank_csv(
    content: bytes, account: OutsideAccount, columns: BankColumns
) -> OutsideStatement:
    """The statement in a bank's CSV file. Raises `StatementFaulty`.

    Banks write the newest line first or last; which it is follows from the days and, on a single
    day, from what stood there after each line.
    """
    named = [each for each in _named(columns) if each]
    rows = rows_of(text_of(content, columns.encoding), columns.separator, named)
    read = all_of(rows, lambda row: _line(row, columns))
    if _is_newest_first(read):
        read.reverse()
    for before, after in pairwise(read):
        if before.after + after.line.amount != after.after:
            raise fault(after.line.number, FaultCode.BALANCE_DIFFERS, columns.balance_after)
        if after.line.booked_on < before.line.booked_on:
            raise fault(after.line.number, FaultCode.DAY_OUTSIDE, columns.booked_on)
    first, last = read[0], read[-1]
    begins, ends = first.line.booked_on, last.line.booked_on
    return OutsideStatement(
        number=f"{begins}/{ends}",
        account_number=account.number,
        currency=account.currency,
        begins=begins,
        ends=ends,
        opening=first.after - first.line.amount,
        closing=last.after,
        lines=tuple(each.line for each in read),
    )


def _named(columns: BankColumns) -> tuple[str, ...]:
    return (
        *(columns.booked_on, columns.balance_after, columns.amount, columns.credit),
        *(columns.debit, columns.reference, columns.payer, columns.text),
    )


def _is_newest_first(read: list[_Read]) -> bool:
    first, last = read[0], read[-1]
    if first.line.booked_on != last.line.booked_on:
        return first.line.booked_on > last.line.booked_on
    return len(read) > 1 and first.after + read[1].line.amount != read[1].after


def _line(row: Row, columns: BankColumns) -> _Read:
    amount = _amount(row, columns)
    if amount == 0:
        raise fault(row.line, FaultCode.SUM_ZERO, columns.amount or columns.credit)
    line = OutsideLine(
        number=row.line,
        kind=LineKind.OTHER,
        booked_on=day_of(row.get(columns.booked_on), row.line, columns.booked_on, columns.day_form),
        amount=amount,
        reference=row.get(columns.reference, LONGEST_REFERENCE),
        payer=row.get(columns.payer),
        text=row.get(columns.text),
    )
    after = sum_of(row.get(columns.balance_after), row.line, columns.balance_after)
    return _Read(line, after)


def _amount(row: Row, columns: BankColumns) -> int:
    """The sum with its sign: of one column, or of two of which exactly one is filled in."""
    if columns.amount:
        return sum_of(row.get(columns.amount), row.line, columns.amount)
    sides = [(each, row.get(each)) for each in (columns.credit, columns.debit)]
    came, left = (sum_of(text, row.line, name) if text else 0 for name, text in sides)
    if came and left:
        raise fault(row.line, FaultCode.SIGN_WRONG, columns.debit)
    if came < 0:
        raise fault(row.line, FaultCode.SIGN_WRONG, columns.credit)
    # Some banks write what left with a minus in a column of its own, some without.
    return came - abs(left)
