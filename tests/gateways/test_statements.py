"""Files of providers and banks: what is read of good ones, and every fault of bad ones by its line.

The bad ones stand in `statements/*.txt`. Not here: what a statement means for the books.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from earnest.core.reconciliation.statement import (
    BankColumns,
    LineKind,
    OutsideAccount,
    OutsideLine,
    OutsideStatement,
    why_unsound,
)
from earnest.gateways.statements.faults import (
    LARGEST_FILE,
    LARGEST_SUM,
    MOST_LINES,
    FaultCode,
    StatementFaulty,
    day_of,
    sum_of,
)
from earnest.gateways.statements.reading import columns_suit, digest_of, read_statement
from tests.core.reconciling import BANK, PAY

TABLES = Path(__file__).parent / "statements"
EXAMPLES = Path(__file__).parents[2] / "examples" / "money"
COLUMNS = BankColumns(
    booked_on="记账日期",
    credit="收入",
    debit="支出",
    balance_after="余额",
    payer="对方户名",
    text="摘要",
)
BY_COLUMNS = msgspec.structs.replace(BANK, columns=COLUMNS)
ACCOUNTS = {"provider_csv": PAY, "bank_csv": BY_COLUMNS, "camt053": BANK, "mt940": BANK}
EXAMPLE_BANK = msgspec.structs.replace(
    BANK,
    number="6222 0200 1234 5678",
    columns=msgspec.structs.replace(
        COLUMNS,
        credit="收入金额",
        debit="支出金额",
        balance_after="账户余额",
        reference="交易流水号",
    ),
)


def bad_files() -> Iterator[tuple[str, OutsideAccount, list[str], str]]:
    """Title, account, faults and text of every bad file."""
    for form, account in ACCOUNTS.items():
        _, *cases = (TABLES / f"{form}.txt").read_text("utf-8").split("\n\n")
        for case in cases:
            told, _, text = case.partition("\n---\n")
            title, *faults = told.strip().splitlines()
            yield f"{form}: {title}", account, faults, text


BAD = list(bad_files())


@pytest.mark.parametrize(
    ("account", "expected", "text"), [each[1:] for each in BAD], ids=[each[0] for each in BAD]
)
def test_every_fault_is_named_with_its_line(
    account: OutsideAccount, expected: list[str], text: str
) -> None:
    with pytest.raises(StatementFaulty) as faulty:
        read_statement(text.encode(), account)

    told = [f"{each.line} {each.code} {each.name}".strip() for each in faulty.value.faults]
    assert told == expected


def code_of(content: bytes, account: OutsideAccount) -> tuple[int, FaultCode]:
    """The line and the code of the only fault of a file."""
    with pytest.raises(StatementFaulty) as faulty:
        read_statement(content, account)
    (only,) = faulty.value.faults
    return only.line, only.code


def test_a_file_that_is_no_text_or_nothing_at_all_is_refused() -> None:
    assert code_of(b" \n", PAY) == (1, FaultCode.EMPTY)
    assert code_of(b"k" * (LARGEST_FILE + 1), PAY) == (1, FaultCode.FILE_TOO_LARGE)
    assert code_of(b"kind\n\xff\xfe", PAY) == (2, FaultCode.ENCODING_WRONG)
    assert code_of(b"kind\n\x00", PAY) == (2, FaultCode.CHARACTER_UNSUITABLE)
    assert code_of(b"day,sum\n", BANK) == (1, FaultCode.FORM_UNKNOWN)
    assert code_of(b"<a>" * 40 + b"</a>" * 40, BANK) == (1, FaultCode.XML_UNSAFE)


def test_a_file_that_is_too_long_is_refused_before_it_is_understood() -> None:
    head = "kind,id,reference,batch,day,amount,currency\n"
    assert code_of(f"{head}{'x' * 1_001},,,,,,\n".encode(), PAY)[1] is FaultCode.TEXT_TOO_LONG
    many = head + "payment,p,,,2026-11-02,1.00,CNY\n" * (MOST_LINES + 1)
    assert code_of(many.encode(), PAY) == (MOST_LINES + 2, FaultCode.LINES_TOO_MANY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 100),
        ("1.5", 150),
        ("-0.05", -5),
        ("+1,234.50", 123_450),
        ("12,345,678.9000", 1_234_567_890),
    ],
)
def test_a_sum_is_read_to_the_cent(text: str, expected: int) -> None:
    assert sum_of(text, 1, "amount") == expected


@pytest.mark.parametrize(
    "text", ["", "1,23", "1.234", "1e5", "１", "1,2345.00", f"{LARGEST_SUM}", "--1", "=1+1", "NaN"]
)
def test_whatever_is_no_sum_is_a_fault(text: str) -> None:
    with pytest.raises(StatementFaulty):
        sum_of(text, 1, "amount")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        *(("YYYY-MM-DD", "2026-11-02"), ("YYYY/MM/DD", "2026/11/02"), ("YYYYMMDD", "20261102")),
        *(("DD.MM.YYYY", "02.11.2026"), ("DD/MM/YYYY", "02/11/2026")),
        ("MM/DD/YYYY", "11/02/2026"),
    ],
)
def test_a_day_is_read_in_the_form_that_is_set(form: str, text: str) -> None:
    assert day_of(text, 1, "day", form) == date(2026, 11, 2)


# Good files ---------------------------------------------------------------------------------


def example(name: str, account: OutsideAccount = EXAMPLE_BANK) -> OutsideStatement:
    """An example that is shipped; it must be sound."""
    read = read_statement((EXAMPLES / name).read_bytes(), account)
    assert why_unsound(read, account) is None
    return read


def test_the_provider_example_is_read() -> None:
    read = example("provider.csv", PAY)

    assert (read.number, read.begins, read.ends) == (
        "2026-11",
        date(2026, 11, 1),
        date(2026, 11, 5),
    )
    assert (read.opening, read.closing) == (0, 500_000)
    assert [(each.kind, each.amount, each.batch) for each in read.lines] == [
        (LineKind.PAYMENT, 500_000, "B20261102"),
        (LineKind.PAYMENT, 500_000, "B20261102"),
        (LineKind.REFUND, -500_000, "B20261102"),
        (LineKind.FEE, -2_000, "B20261102"),
        (LineKind.PAYOUT, -498_000, "B20261102"),
        (LineKind.PAYMENT, 500_000, ""),
    ]


def test_the_bank_says_the_same_in_each_of_its_forms() -> None:
    camt, mt940, table = (
        example(name) for name in ("bank-camt053.xml", "bank-mt940.sta", "bank.csv")
    )

    def told(read: OutsideStatement) -> list[tuple[date, int, str, str, str]]:
        return [(x.booked_on, x.amount, x.reference, x.payer, x.text) for x in read.lines]

    assert told(camt) == [
        (date(2026, 11, 4), 498_000, "HB000001", "Sandbox Pay", "PAYOUT P20261102"),
        (date(2026, 11, 5), 500_000, "HB000002", "王芳", "定金"),
        (date(2026, 11, 5), -5_000, "HB000003", "", "账户管理费"),
    ]
    assert told(mt940) == told(table) == told(camt)
    balances = {(each.opening, each.closing) for each in (camt, mt940, table)}
    assert balances == {(20_000_000, 20_993_000)}
    assert [camt.number, mt940.number, table.number] == [
        *("HB-2026-11", "2026-00011/1"),
        "2026-11-04/2026-11-05",
    ]


def test_a_bank_may_write_the_newest_line_first_with_one_signed_column_in_its_own_encoding() -> (
    None
):
    columns = BankColumns(
        booked_on="日期",
        amount="金额",
        balance_after="余额",
        separator=";",
        day_form="YYYYMMDD",
        encoding="gb18030",
    )
    account = msgspec.structs.replace(BANK, columns=columns)
    text = "日期;金额;余额\n\n20261102;-1.00;6.00\n20261102;+2.00;7.00\n"

    read = read_statement(text.encode("gb18030"), account)

    assert (read.opening, read.closing) == (500, 600)
    assert [(each.number, each.amount) for each in read.lines] == [(4, 200), (3, -100)]
    upside = "日期;金额;余额\n20261103;-1.00;6.00\n20261102;+2.00;7.00\n"
    assert read_statement(upside.encode("gb18030"), account).opening == 500


def test_a_camt_entry_of_many_transfers_has_no_payer_and_pending_ones_do_not_count() -> None:
    text = (EXAMPLES / "bank-camt053.xml").read_text("utf-8")
    details = text[text.index("<TxDtls>") : text.index("</TxDtls>") + len("</TxDtls>")]
    first, second, third = text.split("<Ntry>")[1:]
    pending = second.replace("BOOK", "PDNG")
    more = text.replace(details, details + details, 1).replace(second, pending + "<Ntry>" + second)

    read = read_statement(more.encode(), BANK)

    assert (len(read.lines), read.lines[0].payer) == (3, "")
    assert (first, third) != ("", "")


def test_an_mt940_may_reverse_wrap_and_tell_in_plain_words() -> None:
    text = (
        "{1:F01BANK}{2:I940}{4:\n:20:X\n:25:BANK/6222 0001\n:28C:1\n:60F:D261231CNY1,\n"
        ":61:261231RD5,50NMSC12345678\nmore of it\n:86:over the\n counter\n"
        ":61:2701020102RC0,5NMSCNONREF\n:62F:C270102CNY4,00\n-}"
    )

    read = read_statement(text.encode(), BANK)

    assert why_unsound(read, BANK) is None
    assert (read.number, read.account_number) == ("2027-1", "6222 0001")
    assert (read.opening, read.closing) == (-100, 400)
    assert read.lines == (
        OutsideLine(
            number=1,
            kind=LineKind.OTHER,
            booked_on=date(2026, 12, 31),
            amount=550,
            reference="12345678",
            text="more of it over the counter",
        ),
        OutsideLine(number=2, kind=LineKind.OTHER, booked_on=date(2027, 1, 2), amount=-50),
    )


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"amount": "金额"}, False),
        ({"debit": ""}, False),
        ({"booked_on": ""}, False),
        ({"balance_after": ""}, False),
        ({"payer": "摘要"}, False),
        ({"separator": "|"}, False),
        ({"encoding": "utf-7"}, False),
        ({"day_form": "YY"}, False),
    ],
)
def test_columns_that_cannot_be_read_by_are_told_apart(
    changed: dict[str, str], *, expected: bool
) -> None:
    assert columns_suit(msgspec.structs.replace(COLUMNS, **changed)) is expected


def test_the_same_bytes_have_the_same_digest() -> None:
    assert digest_of(b"a") == digest_of(b"a") != digest_of(b"a ")
