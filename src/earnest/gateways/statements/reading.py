"""Which form a file has, and reading it as a statement of an account.

Not here: the forms themselves.
"""

from __future__ import annotations

import hashlib

from earnest.core.reconciliation.statement import (
    BankColumns,
    OutsideAccount,
    OutsideKind,
    OutsideStatement,
)
from earnest.gateways.statements.bank_csv import read_bank_csv
from earnest.gateways.statements.camt053 import read_camt053
from earnest.gateways.statements.faults import (
    DAY_FORMS,
    ENCODINGS,
    LARGEST_FILE,
    FaultCode,
    fault,
)
from earnest.gateways.statements.mt940 import is_mt940, read_mt940
from earnest.gateways.statements.provider_csv import read_provider_csv

SEPARATORS = (",", ";", "\t")
"""What may stand between the columns of a file."""

_BOM = b"\xef\xbb\xbf"


def read_statement(content: bytes, account: OutsideAccount) -> OutsideStatement:
    """The statement in a file, by its own form. Raises `StatementFaulty`."""
    if not content.strip():
        raise fault(1, FaultCode.EMPTY)
    if len(content) > LARGEST_FILE:
        raise fault(1, FaultCode.FILE_TOO_LARGE)
    if account.kind is OutsideKind.PROVIDER:
        return read_provider_csv(content, account)
    if content.removeprefix(_BOM).lstrip().startswith(b"<"):
        return read_camt053(content)
    encoding = "utf-8" if account.columns is None else account.columns.encoding
    if is_mt940(content.decode(encoding, "replace")):
        return read_mt940(content, encoding)
    if account.columns is None:
        raise fault(1, FaultCode.FORM_UNKNOWN)
    return read_bank_csv(content, account, account.columns)


def digest_of(content: bytes) -> str:
    """The digest by which the same file is known again."""
    return hashlib.sha256(content).hexdigest()


def columns_suit(columns: BankColumns) -> bool:
    """Whether a file could be read by these columns: one sum or two, and forms that are known."""
    one = bool(columns.amount) and not (columns.credit or columns.debit)
    two = bool(columns.credit) and bool(columns.debit) and not columns.amount
    named = [
        each
        for each in (
            *(columns.booked_on, columns.balance_after, columns.amount, columns.credit),
            *(columns.debit, columns.reference, columns.payer, columns.text),
        )
        if each
    ]
    return (
        (one or two)
        and bool(columns.booked_on)
        and bool(columns.balance_after)
        and len(named) == len(set(named))
        and columns.day_form in DAY_FORMS
        and columns.encoding in ENCODINGS
        and columns.separator in SEPARATORS
    )
