"""Reading a terms document: what is said about every kind of fault, and where it stands.

Not here: what the engine cannot run (`test_terms_compile.py`) and unfairness.
"""

from __future__ import annotations

import pytest

from earnest.core.terms.clauses.words import NOT_EXECUTED
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.fault import FaultCode
from earnest.core.terms.nearest import nearest
from earnest.core.terms.reading import STAND_IN, read_document
from earnest.core.terms.sections.delivering import PromiseKind
from earnest.core.terms.sections.leaving import Channel
from tests.core.documents import END, NAME, PLAIN, ROWS, Row, changed, faults, read


@pytest.mark.parametrize("row", ROWS)
def test_a_fault_is_said_with_its_line_and_what_would_be_right(row: Row) -> None:
    assert [fault.sentence() for fault in row.faults()] == row.said


@pytest.mark.parametrize("row", ROWS)
def test_a_fault_is_said_in_chinese_too(row: Row) -> None:
    assert [fault.sentence("zh-Hans") for fault in row.faults()] == row.said_in_chinese
    assert {tuple(fault.why) for fault in row.faults()} <= {("en", "zh-Hans")}


def test_the_tables_know_every_fault() -> None:
    told = {fault.code for row in ROWS for fault in row.faults()}

    assert set(FaultCode) - told == {FaultCode.TOML_MALFORMED}


def test_all_faults_are_said_at_once_in_the_order_of_their_lines() -> None:
    text = changed(
        ('jurisdiction = "CN"', 'jurisdiction = "XX"'),
        ('amount = "5000"', 'amount = "5000.005"'),
        ("hours = 168", "hour = 168"),
        ("weeks_to = 12", "weeks_to = 3"),
        ('checklist = ["exterior", "interior"]', 'checklist = ["exterior", 1]'),
        (END, f"{END}[[clauses]]\nid = 'queue'\nen = 'A'\n[texts.queue]\nen = 'A'\n"),
    )

    assert [(fault.line, fault.key, fault.code) for fault in faults(text)] == [
        (2, "jurisdiction", FaultCode.VALUE_NOT_ALLOWED),
        (16, "deposit.amount", FaultCode.AMOUNT_TOO_PRECISE),
        (22, "cooling_off.hours", FaultCode.KEY_MISSING),
        (23, "cooling_off.hour", FaultCode.KEY_UNKNOWN),
        (27, "promise.weeks_to", FaultCode.PARAMETERS_CONTRADICT),
        (30, "inspection.checklist[1]", FaultCode.TYPE_WRONG),
        (40, "clauses[0].zh_hans", FaultCode.KEY_MISSING),
        (41, "clauses[0].id", FaultCode.CLAUSE_ID_TAKEN),
    ]


def test_a_value_at_fault_hides_no_other_and_causes_no_other() -> None:
    text = changed(
        ('currency = "CNY"', 'currency = "Y"'),
        ('amount = "5000"', 'amount = "0.001"'),
        ('lowest = "90000"', 'lowest = "9"'),
        ("weeks_from = 8", "weeks_from = -8"),
    )

    assert [fault.key for fault in faults(text)] == ["currency", "promise.weeks_from"]


@pytest.mark.parametrize(
    ("amount", "section"),
    [("0.001", "late_delivery"), ("0.001", "storage"), ("0.001", "tax")],
)
def test_an_amount_that_is_too_precise_is_its_only_fault(amount: str, section: str) -> None:
    text = changed((END, f'{END}[{section}]\ncap = "{amount}"\n'))

    assert [fault.code for fault in faults(text)] == [FaultCode.AMOUNT_TOO_PRECISE]


def test_a_daily_fee_that_is_too_precise_is_its_only_fault() -> None:
    text = changed((END, f'{END}[storage]\nper_day = "0.001"\n'))

    assert [fault.code for fault in faults(text)] == [FaultCode.AMOUNT_TOO_PRECISE]


def test_the_won_has_no_decimals() -> None:
    text = changed(
        ('jurisdiction = "CN"', 'jurisdiction = "KR"'),
        ('currency = "CNY"', 'currency = "KRW"'),
        ('amount = "5000"', 'amount = "5000.0"'),
    )

    (fault,) = faults(text)

    assert fault.why["en"] == '"5000.0" is finer than KRW can be paid; no decimals are allowed'


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (PLAIN.replace("[payee]", "[payee"), 11, "Expected ']' at the end of a table declaration"),
        (PLAIN + "[price]\n", 40, "Cannot declare ('price',) twice"),
        ('version = "2026', 1, "Unterminated string"),
        ("version =", 1, "Invalid value"),
        ('a = """\n\n', 2, "Unterminated string"),
    ],
)
def test_what_is_no_toml_is_said_with_the_parsers_own_line(text: str, line: int, said: str) -> None:
    (fault,) = faults(text)

    assert (fault.line, fault.key, fault.code) == (line, "", FaultCode.TOML_MALFORMED)
    assert said in fault.why["en"]
    assert fault.sentence().startswith(f"{NAME}:{line}: this is not TOML: ")
    message = fault.why["en"].removeprefix("this is not TOML: ").partition(". Texts")[0]
    assert fault.why == {
        "en": f"this is not TOML: {message}. Texts stand in quotes, tables in [brackets]",
        "zh-Hans": f"不符合 TOML 语法：{message}。文字须加引号，表名须置于[方括号]内",
    }


def test_an_empty_file_lacks_every_key_that_must_be_there() -> None:
    assert {fault.key for fault in faults("")} == set(STAND_IN)


def test_a_document_reads_with_the_fair_default_for_whatever_it_leaves_out() -> None:
    document = read(PLAIN)

    assert document.promise.kind is PromiseKind.WINDOW
    assert document.refunds.channels == tuple(Channel)
    assert document.money("5000.5").amount == 500_050


def test_a_document_without_any_delivery_time_reads() -> None:
    text = changed(("weeks_from = 8\nweeks_to = 12", 'kind = "none"'))

    assert read(text).promise.kind is PromiseKind.NONE


def test_no_deferral_at_all_reads() -> None:
    text = changed((END, f"{END}[deferral]\nfree = 0\nlongest_days = 0\n"))

    assert read(text).deferral.longest_days == 0


def test_a_pinned_text_that_equals_the_rendering_reads() -> None:
    pinned = "Orders are served by the time of reservation. The place is shown at any time, and "
    pinned += "every move in the queue has a stated cause."
    text = changed((END, f"{END}[texts.queue]\nen = '{pinned}'\n"))

    document = read_document(text, NAME)

    assert isinstance(document, TermsDocument)
    assert document.texts == {"queue": {"en": pinned}}


def test_a_pinned_text_that_breaks_off_differs() -> None:
    pinned = "Orders are served by the time of reservation."
    text = changed((END, f"{END}[texts.queue]\nen = '{pinned}'\n"))

    assert [fault.code for fault in faults(text)] == [FaultCode.TEXT_DIFFERS]


def test_a_difference_is_shown_from_just_before_it_on_both_sides() -> None:
    def why(pinned: str) -> str:
        (fault,) = faults(changed((END, f"{END}[texts.storage]\nen = '{pinned}'\n")))
        return fault.why["en"].partition("; change")[0]

    sixty = "x" * 60
    means = "where the parameters say “There is no storage fee.”"
    assert why(sixty) == f"the text says “{sixty}” {means}"
    assert why(f"{sixty}x") == f"the text says “{sixty}…” {means}"
    assert why("There is no storage fees.") == (
        "the text says “…torage fees.” where the parameters say “…torage fee.”"
    )


def test_a_pinned_text_of_no_clause_hides_no_other_that_differs() -> None:
    texts = "[texts.queues]\nen = 'A'\n[texts.storage]\nen = 'A'\nfr = 'A'\n"

    assert [(fault.key, fault.code) for fault in faults(changed((END, END + texts)))] == [
        ("texts.queues", FaultCode.CLAUSE_UNKNOWN),
        ("texts.storage.en", FaultCode.TEXT_DIFFERS),
        ("texts.storage.fr", FaultCode.LANGUAGE_UNKNOWN),
    ]


def test_a_clause_of_ones_own_can_be_pinned() -> None:
    own = "[[clauses]]\nid = 'card'\nzh_hans = '甲。'\nen = 'A.'\n"
    pinned = f"[texts.card]\nen = 'A. {NOT_EXECUTED.en}'\n"

    assert set(read(changed((END, END + own + pinned))).texts) == {"card"}


@pytest.mark.parametrize(
    ("written", "known", "meant"),
    [
        ("hour", ["hours", "refund_hours"], "hours"),
        ("HOURS", ["hours"], "hours"),
        ("huors", ["hours"], "hours"),
        ("colour", ["hours"], None),
        ("day", ["days", "hours"], "days"),
        ("dayss", ["days"], "days"),
        ("dys", ["day"], None),  # two of three letters
        ("dax", ["day"], "day"),  # a third of the letters
        ("ady", ["day"], "day"),
        ("dya", ["day"], "day"),
        ("ad", ["da"], None),
        ("x", [], None),
    ],
)
def test_the_nearest_word_is_the_one_that_was_probably_meant(
    written: str, known: list[str], meant: str | None
) -> None:
    assert nearest(written, known) == meant
