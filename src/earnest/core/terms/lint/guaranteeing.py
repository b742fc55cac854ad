"""Checks on what is guaranteed and where a dispute is heard: price, trade-in, transfer, court.

Not here: changes that a seller makes alone (`committing.py`).
"""

from __future__ import annotations

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.citing import (
    BY_ITS_RULES,
    GOOD_PRACTICE,
    IF_A_RULE_SAYS_SO,
    Found,
    Weight,
    found,
    knows,
    words,
)
from earnest.core.terms.packs.rule import Cure, Severity
from earnest.core.terms.sections.leaving import Court, TransferRule

USUAL_MONTHS_FIXED = 24
LEAST_MONTHS_FIXED = 4
"""No price rise within four months, whatever was agreed (DE-04, section 309 no. 1 BGB)."""

LARGEST_TAX_RELIEF = "15000"
"""The most that purchase tax is lowered by in 2026 and 2027, in yuan (CN-40)."""

WEEKS_OF_YEAR = 52
MONTHS_OF_YEAR = 12


def price_not_fixed(document: TermsDocument) -> Found:
    """Pattern 9: the price of the order is not the price at delivery."""
    if document.price.fixed:
        return ()
    return found(
        document,
        ("CN-09", "CN-31", "EU-08", "DE-04", "UK-01", "US-05"),
        pattern=9,
        clause="price",
        cures=(Cure("price.fixed", value=True),),
        why=words(
            zh="订单价格不固定，交付时可以涨价。价格是合同的主要内容，单方涨价对买方没有约束力。",
            en="The price of the order may rise until delivery. The price is agreed; a rise that "
            "the seller decides alone does not bind the buyer.",
        ),
    )


def months_to_deliver(document: TermsDocument) -> int:
    """The months that the promised window reaches, rounded up."""
    return -(-document.promise.weeks_to * MONTHS_OF_YEAR // WEEKS_OF_YEAR)


def price_fixed_too_short(document: TermsDocument) -> Found:
    """Pattern 9: the price guarantee ends before the promised delivery."""
    needed = months_to_deliver(document)
    if knows(document, "DE-04"):
        needed = max(needed, LEAST_MONTHS_FIXED)
    if not document.price.fixed or document.price.months_fixed >= needed:
        return ()
    return found(
        document,
        ("CN-09", "EU-08", "DE-04", "UK-01", "US-05"),
        pattern=9,
        clause="price",
        cures=(Cure("price.months_fixed", max(needed, USUAL_MONTHS_FIXED)),),
        why=words(
            zh="保价期短于承诺的交付期，或短于法定的四个月，等于允许在交付前涨价。",
            en="The price guarantee ends before the promised delivery, or before the four months "
            "of German law. That is a price rise in advance.",
        ),
    )


def falls_not_passed_on(document: TermsDocument) -> Found:
    """Good practice: who waits gets a price that fell meanwhile."""
    if document.price.falls_passed_on:
        return ()
    return found(
        document,
        ("CN-35",),
        weight=GOOD_PRACTICE,
        clause="price",
        cures=(Cure("price.falls_passed_on", value=True),),
        why=words(
            zh="等待期间降价，已下单的买方不享受。“刚下单就降价”是常见的投诉。",
            en="A price that falls during the wait is not passed on to those who wait. It is a "
            "common complaint.",
        ),
    )


def tax_difference_left_to_buyer(document: TermsDocument) -> Found:
    """Good practice: a seller that is late over the turn of the year bears the tax (CN-40)."""
    if document.tax.difference_borne:
        return ()
    return found(
        document,
        ("CN-40",),
        weight=IF_A_RULE_SAYS_SO,
        clause="tax",
        cures=(
            Cure("tax.difference_borne", value=True),
            Cure("tax.cap", LARGEST_TAX_RELIEF),
        ),
        why=words(
            zh="购置税按开票年份计算。卖方迟延跨年交付的，买方可能多缴上万元，条款却不承担差额；"
            "合同没有约定的，只能另行主张赔偿。",
            en="The year of the invoice decides the purchase tax. If the seller is late over the "
            "turn of the year the buyer can owe thousands more, and without a guarantee has to "
            "sue for it.",
        ),
    )


def trade_in_not_binding(document: TermsDocument) -> Found:
    """The value agreed for the old car may be cut at delivery (US-06)."""
    if document.finance.trade_in_quote_binds:
        return ()
    return found(
        document,
        ("US-06", "FR-01", "CN-35"),
        weight=Weight(otherwise=Severity.S3),
        clause="finance",
        cures=(Cure("finance.trade_in_quote_binds", value=True),),
        why=words(
            zh="交车时可以压低旧车置换价。约定的置换价有约束力，除非车况确有实质变化。",
            en="The agreed trade-in value may be cut at delivery. It binds, unless the old car "
            "really lost value since.",
        ),
    )


def no_transfer(document: TermsDocument) -> Found:
    """Good practice: an order can be passed on with consent (CN-10)."""
    if document.transfer.to is not TransferRule.NOBODY:
        return ()
    return found(
        document,
        ("CN-10",),
        weight=GOOD_PRACTICE,
        clause="transfer",
        cures=(Cure("transfer.to", TransferRule.FAMILY),),
        why=words(
            zh="任何人都不能受让订单，包括近亲属。经卖方同意，合同权利义务可以一并转让。",
            en="Nobody can take the order over, not even the closest family. With consent a "
            "contract can be transferred.",
        ),
    )


def remote_court(document: TermsDocument) -> Found:
    """Pattern 12: only the seller's court, or only arbitration."""
    court = document.forum.court
    if court not in {Court.SELLER, Court.ARBITRATION}:
        return ()
    is_usual = court is Court.ARBITRATION and knows(document, "US-01")
    return found(
        document,
        ("CN-32", "CN-41", "UK-01"),
        weight=GOOD_PRACTICE if is_usual else BY_ITS_RULES,
        pattern=12,
        clause="forum",
        cures=(Cure("forum.court", Court.BUYER_OR_DELIVERY),),
        why=words(
            zh="约定只能在卖方所在地诉讼或只能仲裁。格式条款不得限制消费者选择诉讼的权利；未经合"
            "理提示的管辖条款可以认定无效。",
            en="Disputes are heard only at the seller's seat, or only by arbitration. Standard "
            "terms may not take the choice of court from a consumer; a forum clause that was "
            "not pointed out can be declared invalid.",
        ),
    )


def complaints_barred(document: TermsDocument) -> Found:
    """Pattern 12: the buyer gives up complaints."""
    if document.forum.complaints_open:
        return ()
    return found(
        document,
        ("CN-25", "CN-31", "CN-34", "UK-01"),
        pattern=12,
        clause="forum",
        cures=(Cure("forum.complaints_open", value=True),),
        why=words(
            zh="排除买方投诉、举报的权利，无效，还可能被处罚。",
            en="The buyer gives up the right to complain. That is void, and it can be fined.",
        ),
    )
