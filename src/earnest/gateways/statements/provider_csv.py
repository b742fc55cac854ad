"""A payment provider's file: one row for the beginning, one for each sum, one for the end.

The columns are `kind,id,reference,batch,day,amount,currency`, described in docs/money.md. Not here:
what a provider calls them; whoever connects one writes its file in this form.
"""

from __future__ import annotations

from earnest.core.reconciliation.statement import (
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

COLUMNS = ("kind", "id", "reference", "batch", "day", "amount", "currency")
_OPENING, _CLOSING = "opening", "closing"
_KINDS = {each.value: each for each in LineKind if each is not LineKind.OTHER}
_COMING = frozenset({LineKind.PAYMENT})
_LEAVING = frozenset(
    {LineKind.REFUND, LineKind.TRANSFER, LineKind.CHARGEBACK, LineKind.FEE, LineKind.PAYOUT}
)


def read_provider_csv(content: bytes, account: OutsideAccount) -> OutsideStatement:
    """The statement in a provider's file. Raises `StatementFaulty`."""
    rows = rows_of(text_of(content, "utf-8"), ",", COLUMNS)
    opening, *between, closing = rows if len(rows) > 1 else (rows[0], rows[0])
    for row, kind in ((opening, _OPENING), (closing, _CLOSING)):
        if row.get("kind") != kind:
            raise fault(row.line, FaultCode.FIELD_MISSING, kind)
    begins, ends = (day_of(each.get("day"), each.line, "day") for each in (opening, closing))
    number = opening.get("id", LONGEST_REFERENCE)
    if not number:
        raise fault(opening.line, FaultCode.FIELD_MISSING, "id")
    if ends < begins:
        raise fault(closing.line, FaultCode.DAY_OUTSIDE, "day")
    seen: set[tuple[LineKind, str]] = set()

    def read(row: Row) -> OutsideLine:
        line = _line(row, account.currency)
        if not begins <= line.booked_on <= ends:
            raise fault(row.line, FaultCode.DAY_OUTSIDE, "day")
        if (line.kind, line.reference) in seen:
            raise fault(row.line, FaultCode.REFERENCE_REPEATED, "id")
        seen.add((line.kind, line.reference))
        return line

    for row in (opening, closing):
        _check_currency(row, account.currency)
    return OutsideStatement(
        number=number,
        account_number=opening.get("reference", LONGEST_REFERENCE),
        currency=account.currency,
        begins=begins,
        ends=ends,
        opening=sum_of(opening.get("amount"), opening.line, "amount"),
        closing=sum_of(closing.get("amount"), closing.line, "amount"),
        lines=tuple(all_of(between, read)),
    )


def _line(row: Row, currency: str) -> OutsideLine:
    kind = _KINDS.get(row.get("kind"))
    if kind is None:
        raise fault(row.line, FaultCode.FIELD_UNKNOWN, "kind")
    _check_currency(row, currency)
    amount = sum_of(row.get("amount"), row.line, "amount")
    if amount == 0:
        raise fault(row.line, FaultCode.SUM_ZERO, "amount")
    if (amount < 0 and kind in _COMING) or (amount > 0 and kind in _LEAVING):
        raise fault(row.line, FaultCode.SIGN_WRONG, "amount")
    reference = row.get("id", LONGEST_REFERENCE)
    if not reference:
        raise fault(row.line, FaultCode.FIELD_MISSING, "id")
    return OutsideLine(
        number=row.line,
        kind=kind,
        booked_on=day_of(row.get("day"), row.line, "day"),
        amount=amount,
        reference=reference,
        batch=row.get("batch", LONGEST_REFERENCE),
        text=row.get("reference", LONGEST_REFERENCE).replace(".", " "),
    )


def _check_currency(row: Row, currency: str) -> None:
    if row.get("currency") != currency:
        raise fault(row.line, FaultCode.CURRENCY_DIFFERS, "currency")
