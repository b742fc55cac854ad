"""Preparing terms for publication and putting them on sale: what is refused, and why.

Not here: keeping them (`tests/store/test_shelf.py`) and the doors.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from earnest.core.launch.sale import Sale, put_on_sale
from earnest.core.queue.offer import Offer
from earnest.core.queue.rank import Queue
from earnest.core.terms.compile import read_and_compile
from earnest.core.terms.fault import FaultCode
from earnest.core.terms.packs.rule import Severity
from earnest.core.terms.paper import markdown
from earnest.core.terms.publishing import Publishable, Unpublishable, prepare
from earnest.core.terms.version import TermsVersion
from earnest.core.values.outcome import Rejected
from tests.core.documents import END, NAME, PLAIN, changed
from tests.core.world import CATALOGUE, QUEUE, TERMS, local

NOW = local(2026, 11, 26)
LINE = Queue(queue_id=QUEUE, model_line="aurora", market="CN", time_zone="Asia/Shanghai")


def terms(text: str = PLAIN) -> TermsVersion:
    compiled = read_and_compile(text, NAME)
    assert isinstance(compiled, TermsVersion)
    return compiled


SALE = Sale(queue=LINE, terms=terms(), catalogue=CATALOGUE, opens_at=NOW)


def sale(**changes: object) -> Sale:
    return msgspec.structs.replace(SALE, **changes)


# Preparing ----------------------------------------------------------------------------------


def test_fair_terms_are_publishable_with_what_the_linter_says_all_the_same() -> None:
    prepared = prepare(PLAIN, NAME)

    assert isinstance(prepared, Publishable)
    assert prepared.version == terms()
    assert Severity.S1 not in {each.finding.severity for each in prepared.findings}


def test_a_document_with_faults_is_not_linted() -> None:
    prepared = prepare(changed(("hours = 168", "hour = 168")), NAME)

    assert isinstance(prepared, Unpublishable)
    assert {(fault.code, fault.file) for fault in prepared.faults} == {
        (FaultCode.KEY_MISSING, NAME),
        (FaultCode.KEY_UNKNOWN, NAME),
    }
    assert prepared.findings == ()


def test_what_cannot_run_and_what_is_unfair_are_said_together() -> None:
    when = '[balance_due]\nwhen = "on_notice"\nnotice = "sales_situation"\n'

    prepared = prepare(changed((END, END + when)), NAME)

    assert isinstance(prepared, Unpublishable)
    assert {(fault.code, fault.file) for fault in prepared.faults} == {
        (FaultCode.ENGINE_CANNOT_RUN, NAME)
    }
    grave = [each for each in prepared.findings if each.finding.severity is Severity.S1]
    assert (41, "balance_due.when") in {(each.line, each.finding.key) for each in grave}


def test_what_would_run_and_is_unfair_is_blocked_by_the_linter_alone() -> None:
    prepared = prepare(changed((END, f"{END}[forum]\ncomplaints_open = false\n")), NAME)

    assert isinstance(prepared, Unpublishable)
    assert prepared.faults == ()
    first = prepared.findings[0]
    assert (first.line, first.finding.key) == (
        41,
        "forum.complaints_open",
    )


def test_an_own_clause_that_takes_a_right_is_named_at_its_line() -> None:
    own = "[[clauses]]\nid = 'last_word'\nzh_hans = '最终解释权归卖方。'\nen = '-'\n"

    prepared = prepare(changed((END, END + own)), NAME)

    assert (40, "clauses.last_word") in {
        (each.line, each.finding.key) for each in prepared.findings
    }


# On sale ------------------------------------------------------------------------------------


def test_terms_go_on_sale_from_an_instant_on() -> None:
    closes = NOW + timedelta(days=90)

    assert put_on_sale(sale(closes_at=closes), NOW) == Offer(
        queue_id=LINE.queue_id,
        terms_hash=terms().terms_hash,
        catalogue_hash=CATALOGUE.catalogue_hash,
        opens_at=NOW,
        closes_at=closes,
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"opens_at": NOW - timedelta(microseconds=1)}, "offer_in_the_past"),
        ({"closes_at": NOW}, "offer_closes_too_early"),
        ({"queue": msgspec.structs.replace(LINE, model_line="boreal")}, "model_line_missing"),
        (
            {"terms": terms(changed(("90000", "90000.01")))},
            "price_below_terms",
        ),
        (
            {
                "terms": terms(
                    changed(
                        ('jurisdiction = "CN"', 'jurisdiction = "FR"'),
                        ('currency = "CNY"', 'currency = "EUR"'),
                    )
                )
            },
            "currency_differs",
        ),
    ],
)
def test_what_cannot_go_on_sale(changes: dict[str, object], reason: str) -> None:
    outcome = put_on_sale(sale(**changes), NOW)

    assert isinstance(outcome, Rejected)
    assert outcome.reason == reason


def test_terms_from_before_documents_can_go_on_sale() -> None:
    assert isinstance(put_on_sale(sale(terms=TERMS), NOW), Offer)


# On paper -----------------------------------------------------------------------------------


def test_the_paper_is_complete_and_marks_what_matters() -> None:
    own = "[[clauses]]\nid = 'card'\nzh_hans = '甲。'\nen = 'A card.'\n"
    version = terms(changed((END, END + own)))

    paper = markdown(version, "en")

    assert paper.startswith("# Terms of sale 2026-11\n\nSeller: Aurora Haikou  \nDigest of this ")
    assert version.terms_hash in paper
    assert (
        "\n\n## 4. Deposit\n\n> Major impact: acknowledged on its own.\n\nThe buyer pays" in paper
    )
    assert "\n\n## 29. card\n\n> Not executed by Earnest.\n\nA card. Earnest does not " in paper
    assert paper.endswith("carry it out themselves.\n")
    assert "<" not in paper
    assert "\n\n## 6. 冷静期\n\n" in markdown(version, "zh-Hans")
