"""Checks on leaving and refunds: the clock, the channel, the sum, the return after handover.

Not here: who may keep what (`defaulting.py`).
"""

from __future__ import annotations

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.citing import (
    AT_MOST_S2,
    GOOD_PRACTICE,
    IF_A_RULE_SAYS_SO,
    Found,
    Weight,
    found,
    knows,
    words,
)
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.packs.rule import Cure, Severity
from earnest.core.terms.sections.leaving import Channel

USUAL_REFUND_DAYS = 7
"""Good practice everywhere, and the law for cash in the United States (US-03)."""

RETURN_DAYS = 14
"""Withdrawal after delivery of a distance contract (EU-02)."""


def longest_refund(document: TermsDocument) -> int:
    """The most days that the document's law gives a refund, whatever it was paid with.

    In the United States a card has longer than cash (US-03); the terms promise one figure.
    """
    if knows(document, "US-03"):
        return USUAL_REFUND_DAYS
    return LAWS[document.jurisdiction].longest_refund_days


def refund_too_late(document: TermsDocument) -> Found:
    """A refund beyond the clock of the law (CN-29, EU-02, US-03)."""
    if document.refunds.days <= longest_refund(document):
        return ()
    return found(
        document,
        ("CN-29", "EU-02", "FR-02", "US-03"),
        clause="refunds",
        cures=(Cure("refunds.days", USUAL_REFUND_DAYS),),
        why=words(
            zh="退款期限超过法定期限。拖延退款视为故意拖延或无理拒绝，可处罚款，并应支付利息。",
            en="Refunds take longer than the law allows. A late refund counts as wilful delay: "
            "interest is due, and an authority can fine it.",
        ),
    )


def refund_slow(document: TermsDocument) -> Found:
    """Good practice: a refund takes a week."""
    if not USUAL_REFUND_DAYS < document.refunds.days <= longest_refund(document):
        return ()
    return found(
        document,
        ("CN-29",),
        weight=GOOD_PRACTICE,
        clause="refunds",
        cures=(Cure("refunds.days", USUAL_REFUND_DAYS),),
        why=words(
            zh="退款超过7天。虽未超过法定期限，退款慢仍是常见的投诉。",
            en="Refunds take more than 7 days. That is within the law and still a common "
            "complaint.",
        ),
    )


def cancel_only_offline(document: TermsDocument) -> Found:
    """Pattern 16: who ordered online can cancel only by phone or in a store."""
    if Channel.ONLINE in document.refunds.channels:
        return ()
    return found(
        document,
        ("CN-31", "CN-32", "EU-02", "UK-01", "KR-01"),
        weight=AT_MOST_S2,
        pattern=16,
        clause="refunds",
        cures=(Cure("refunds.channels", (*document.refunds.channels, Channel.ONLINE)),),
        why=words(
            zh="网上下单，却只能打电话或到店取消。韩国公平交易委员会责令改正；取消应当与下单同样"
            "方便。",
            en="Ordered online, cancelled only by phone or in a store. The Korean authority "
            "ordered a maker to change this; leaving must be as easy as ordering.",
        ),
    )


def refund_in_parts(document: TermsDocument) -> Found:
    """A refund in parts (CN-32)."""
    if document.refunds.all_at_once:
        return ()
    return found(
        document,
        ("CN-32", "EU-02", "US-03"),
        clause="refunds",
        cures=(Cure("refunds.all_at_once", value=True),),
        why=words(
            zh="分期退款。退款应当一次性退清，不得拆分。",
            en="Refunds come in parts. What is owed back is paid back in one sum.",
        ),
    )


def return_right_denied(document: TermsDocument) -> Found:
    """Fewer than 14 days to give back a car that was bought at a distance (EU-02)."""
    withdrawal = document.withdrawal_after_handover
    if withdrawal.days >= RETURN_DAYS or withdrawal.exempt_as_made_to_specification:
        return ()
    return found(
        document,
        ("EU-02",),
        weight=IF_A_RULE_SAYS_SO,
        clause="withdrawal_after_handover",
        cures=(Cure("withdrawal_after_handover.days", RETURN_DAYS),),
        why=words(
            zh="远程订购的消费者自交付起有14天撤回权，条款给的时间不足。",
            en="Consumers who buy at a distance have 14 days from delivery to withdraw; the terms "
            "give fewer.",
        ),
    )


def return_right_exempted(document: TermsDocument) -> Found:
    """Every car is called made to specification, so that nobody may give one back (EU-03)."""
    if not document.withdrawal_after_handover.exempt_as_made_to_specification:
        return ()
    days = max(document.withdrawal_after_handover.days, RETURN_DAYS)
    return found(
        document,
        ("EU-03",),
        weight=IF_A_RULE_SAYS_SO,
        clause="withdrawal_after_handover",
        cures=(
            Cure("withdrawal_after_handover.exempt_as_made_to_specification", value=False),
            Cure("withdrawal_after_handover.days", days),
        ),
        why=words(
            zh="把所有车辆一概当作定制商品，排除撤回权。仅从标准选项中选配的汽车是否属于定制商品"
            "有争议；有疑义时应当给予撤回权。",
            en="Every car is said to be made to specification, which excludes the right to "
            "withdraw. Whether choosing from standard options is enough for that is disputed; "
            "in doubt the right is given.",
        ),
    )


def return_right_unexplained(document: TermsDocument) -> Found:
    """The right to withdraw, or its absence, is not explained before the order (EU-04)."""
    if document.withdrawal_after_handover.explained_before_order:
        return ()
    return found(
        document,
        ("EU-01", "EU-04"),
        weight=Weight(otherwise=Severity.S3),
        clause="withdrawal_after_handover",
        cures=(Cure("withdrawal_after_handover.explained_before_order", value=True),),
        why=words(
            zh="下单前没有说明撤回权。未说明的，撤回期延长12个月；有法院因此支持一年后退车。",
            en="The right to withdraw is not explained before the order. Then it lasts 12 months "
            "longer; a court has let a buyer return the car on that ground.",
        ),
    )


def deposit_kept_without_finance(document: TermsDocument) -> Found:
    """The loan is declined and the deposit is kept (US-04)."""
    if document.finance.deposit_returned_if_declined:
        return ()
    return found(
        document,
        ("US-04", "FR-01"),
        weight=Weight(otherwise=Severity.S3),
        clause="finance",
        cures=(Cure("finance.deposit_returned_if_declined", value=True),),
        why=words(
            zh="贷款或租赁未获批准仍扣留订车款。买方无法融资不应损失订车款；加州法律要求全额退还。",
            en="The deposit is kept although the loan or lease was declined. California gives it "
            "back in full, and elsewhere it is what a fair seller does.",
        ),
    )
