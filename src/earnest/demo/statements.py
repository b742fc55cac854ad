"""The demo's statements: what its provider and its bank would say of the demo's own orders.

They are written as files, from what the books say, and go through the same reading as any other.
A buyer who paid past the provider and the bank's own charge stand on them, too, so that something
is left to do. Not here: importing them (`earnest/seeding.py`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from io import StringIO
from typing import NamedTuple
from xml.sax.saxutils import escape

from earnest.core.reconciliation.booked import Booked
from earnest.core.reconciliation.statement import (
    BankColumns,
    LineKind,
    OutsideAccount,
    OutsideKind,
)
from earnest.core.values.money import Money
from earnest.gateways.statements.provider_csv import COLUMNS

CURRENCY = "CNY"
PROVIDER_NAME = "Sandbox Pay"
FEE_BASIS_POINTS = 20
"""What the demo's provider keeps of a payment."""

PROVIDER = OutsideAccount(
    account_id="sandbox",
    kind=OutsideKind.PROVIDER,
    name=PROVIDER_NAME,
    number="earnest",
    currency=CURRENCY,
    second_person_above=1_000_000,
    appears_as=PROVIDER_NAME,
)
BANK = OutsideAccount(
    account_id="harbour-bank",
    kind=OutsideKind.BANK,
    name="Harbour Bank",
    number="6222 0200 1234 5678",
    currency=CURRENCY,
    second_person_above=1_000_000,
    columns=BankColumns(
        booked_on="记账日期",
        credit="收入金额",
        debit="支出金额",
        balance_after="账户余额",
        reference="交易流水号",
        payer="对方户名",
        text="摘要",
        encoding="utf-8",
    ),
)
OWN_FUNDS = 200_000_00
"""What stood at the demo's bank before anybody had ordered."""

_CHARGE = -50_00
_DIRECT = 5_000_00
DIRECT_PAYER, DIRECT_TEXT = "王芳", "定金 蓝色车"
_DAYS_OPEN = 3
"""How many of the last days are left to be imported by hand."""


class Entry(NamedTuple):
    """One line as provider or bank know it; `other` is the payer, or whoever is paid."""

    kind: LineKind
    reference: str
    day: date
    amount: int
    batch: str = ""
    other: str = ""
    text: str = ""


class Period(NamedTuple):
    """The days of a statement, both inside, and what stood there before."""

    begins: date
    ends: date
    opening: int


def first_period(today: date, booked: Sequence[Booked], opening: int) -> Period:
    """From the first order until some days ago: what has been imported when a demo begins."""
    begins = min(each.on for each in booked).replace(day=1)
    return Period(begins, today - timedelta(days=_DAYS_OPEN), opening)


def provider_entries(booked: Iterable[Booked], period: Period) -> list[Entry]:
    """What the provider took and gave back, and what it sent to the bank on the day after.

    Each day is a batch: its sum less the fee. A day that ends below zero waits for the next.
    """
    found: list[Entry] = []
    by_day: dict[date, list[Booked]] = {}
    for each in booked:
        if period.begins <= each.on <= period.ends:
            by_day.setdefault(each.on, []).append(each)
    waiting: list[Entry] = []
    for day in sorted(by_day):
        batch = f"B{day:%Y%m%d}"
        waiting += [_taken(each, day) for each in by_day[day]]
        came = sum(each.amount for each in by_day[day] if each.amount > 0)
        fee = -Money(came, CURRENCY).share(FEE_BASIS_POINTS).amount
        if fee:
            waiting.append(Entry(LineKind.FEE, f"F{day:%Y%m%d}", day, fee))
        net = sum(each.amount for each in waiting)
        if net > 0 and day < period.ends:
            found += [each._replace(batch=batch) for each in waiting]
            sent = day + timedelta(days=1)
            found.append(Entry(LineKind.PAYOUT, f"P{day:%Y%m%d}", sent, -net, batch))
            waiting = []
    return sorted([*found, *waiting], key=lambda each: each.day)


def _taken(each: Booked, day: date) -> Entry:
    kind = LineKind.PAYMENT if each.amount > 0 else LineKind.REFUND
    order = f"{each.place.buyer_id}.{each.place.order_id}.1"
    return Entry(kind, each.reference, day, each.amount, text=order)


def bank_entries(payouts: Iterable[Entry], period: Period) -> list[Entry]:
    """What arrived at the bank, two days after it was sent."""
    arrived = [
        Entry(
            LineKind.OTHER,
            f"HB{each.day:%y%m%d}{number:03}",
            each.day + timedelta(days=2),
            -each.amount,
            other=PROVIDER_NAME,
            text=f"PAYOUT {each.reference} {each.batch}",
        )
        for number, each in enumerate(payouts, start=1)
        if each.kind is LineKind.PAYOUT
    ]
    kept = [each for each in arrived if period.begins <= each.day <= period.ends]
    return sorted(kept, key=lambda each: (each.day, each.reference))


def left_to_do(period: Period) -> list[Entry]:
    """What stands on the first bank statement for a person to look at."""
    day, last = period.ends - timedelta(days=3), period.ends
    return [
        Entry(LineKind.OTHER, "HB900001", day, _DIRECT, other=DIRECT_PAYER, text=DIRECT_TEXT),
        Entry(LineKind.OTHER, "HB900002", last, _CHARGE, text="账户管理费 ACCOUNT CHARGE"),
    ]


def closing_of(entries: Iterable[Entry], period: Period) -> int:
    """What stands there after all entries."""
    return period.opening + sum(each.amount for each in entries)


def provider_csv(entries: Sequence[Entry], period: Period, number: str) -> bytes:
    """The provider's file."""
    written = StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    begins, ends, opening = period
    table.writerow(("opening", number, PROVIDER.number, "", begins, _decimal(opening), CURRENCY))
    for each in entries:
        amount = _decimal(each.amount)
        table.writerow(
            (each.kind.value, each.reference, each.text, each.batch, each.day, amount, CURRENCY)
        )
    closing = _decimal(closing_of(entries, period))
    table.writerow(("closing", number, PROVIDER.number, "", ends, closing, CURRENCY))
    return written.getvalue().encode()


def bank_camt053(entries: Sequence[Entry], period: Period, number: str) -> bytes:
    """The bank's file as CAMT.053."""
    closing = closing_of(entries, period)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>',
        f"<GrpHdr><MsgId>{number}</MsgId></GrpHdr>",
        f"<Stmt><Id>{number}</Id>",
        f"<FrToDt><FrDtTm>{period.begins}T00:00:00+08:00</FrDtTm>",
        f"<ToDtTm>{period.ends}T23:59:59+08:00</ToDtTm></FrToDt>",
        f"<Acct><Id><Othr><Id>{BANK.number.replace(' ', '')}</Id></Othr></Id>",
        f"<Ccy>{CURRENCY}</Ccy></Acct>",
        _balance("OPBD", period.opening, period.begins),
        _balance("CLBD", closing, period.ends),
        *(_entry(each) for each in entries),
        "</Stmt></BkToCstmrStmt></Document>\n",
    ]
    return "\n".join(parts).encode()


def _balance(code: str, amount: int, day: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(amount)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _entry(each: Entry) -> str:
    side = "Dbtr" if each.amount > 0 else "Cdtr"
    name = f"<{side}><Pty><Nm>{escape(each.other)}</Nm></Pty></{side}>" if each.other else ""
    return (
        f"<Ntry>{_amount(each.amount)}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{each.day}</Dt></BookgDt><AcctSvcrRef>{each.reference}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls><RltdPties>{name}</RltdPties>"
        f"<RmtInf><Ustrd>{escape(each.text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def _amount(amount: int) -> str:
    side = "CRDT" if amount >= 0 else "DBIT"
    plain = _decimal(abs(amount))
    return f'<Amt Ccy="{CURRENCY}">{plain}</Amt><CdtDbtInd>{side}</CdtDbtInd>'


def bank_mt940(entries: Sequence[Entry], period: Period, number: str) -> bytes:
    """The same file as MT940."""
    lines = [f":20:{number}", f":25:{BANK.number.replace(' ', '')}", f":28C:{number}/1"]
    lines.append(f":60F:{_tagged(period.opening, period.begins)}")
    for each in entries:
        side, amount = "C" if each.amount > 0 else "D", _comma(abs(each.amount))
        lines.append(f":61:{each.day:%y%m%d%m%d}{side}{amount}NTRFNONREF//{each.reference}")
        lines.append(f":86:?20{each.text}?32{each.other}")
    lines.append(f":62F:{_tagged(closing_of(entries, period), period.ends)}")
    return ("\n".join([*lines, "-"]) + "\n").encode()


def _tagged(amount: int, day: date) -> str:
    return f"{'C' if amount >= 0 else 'D'}{day:%y%m%d}{CURRENCY}{_comma(abs(amount))}"


def bank_csv(entries: Sequence[Entry], period: Period) -> bytes:
    """The same file as CSV, by the columns of the demo's bank account."""
    columns = BANK.columns
    assert columns is not None, "the demo's bank has columns"
    written = StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(
        (
            *(columns.booked_on, columns.reference, columns.credit, columns.debit),
            *(columns.balance_after, columns.payer, columns.text),
        )
    )
    stands = period.opening
    for each in entries:
        stands += each.amount
        came = _decimal(each.amount) if each.amount > 0 else ""
        left = _decimal(-each.amount) if each.amount < 0 else ""
        row = (each.day, each.reference, came, left, _decimal(stands), each.other, each.text)
        table.writerow(row)
    return written.getvalue().encode()


def _decimal(amount: int) -> str:
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02}"


def _comma(amount: int) -> str:
    return _decimal(amount).replace(".", ",")
