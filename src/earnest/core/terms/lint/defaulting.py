"""Checks on default: when a side may end the order, what it keeps, what it gives back.

Not here: how and when the money comes back (`refunding.py`).
"""

from __future__ import annotations

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.citing import (
    AT_MOST_S2,
    BY_ITS_RULES,
    Found,
    Weight,
    found,
    knows,
    words,
)
from earnest.core.terms.lint.paying import LABEL_OF_KIND
from earnest.core.terms.packs.law import Remedy
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.packs.rule import Cure, Severity
from earnest.core.terms.policy import LEAST_CURE_DAYS, DepositKind
from earnest.core.terms.sections.leaving import Kept, Returned

SHORT_CURE_DAYS = 10
"""A cure period below this is no reasonable time (DE-06)."""

USUAL_INTEREST = 400
"""About what a one-year loan costs, in basis points; a cure for terms that name no rate."""

HIGHEST_FLAT_DAMAGES = 1_500
"""Usual loss of a seller whose buyer does not take the car, in basis points (DE-03, DE-05)."""

KEPT_IN_ORDER = (Kept.NOTHING, Kept.LOSS, Kept.EARNEST, Kept.DEPOSIT)
RETURNED_IN_ORDER = (
    Returned.NOTHING,
    Returned.SINGLE,
    Returned.SINGLE_WITH_INTEREST,
    Returned.DOUBLE,
)


def remedy_of(document: TermsDocument) -> Remedy:
    """What a deposit secures under the document's law, as settlement computes it."""
    return LAWS[document.jurisdiction].remedy


def is_suitable(document: TermsDocument) -> bool:
    """Whether the law knows this kind of deposit for what the terms take it for.

    Where every deposit comes back it can only be called so (US-04, US-05, KR-01). A fee that is
    kept although nothing was done for it is known in China only; where losses are secured, a fee
    is kept up to the loss (EU-06, UK-02).
    """
    kind, remedy = document.deposit.kind, remedy_of(document)
    if remedy is Remedy.REFUNDABLE:
        return kind is DepositKind.INTENT
    return kind is not DepositKind.FEE or remedy is Remedy.LOSS or knows(document, "CN-23")


def most_kept(document: TermsDocument) -> Kept:
    """The most that a seller may keep of a suitable deposit under the document's law."""
    if document.deposit.kind is DepositKind.INTENT:
        return Kept.NOTHING
    if remedy_of(document) is Remedy.LOSS:
        return Kept.LOSS
    return Kept.EARNEST if document.deposit.kind is DepositKind.EARNEST else Kept.DEPOSIT


def least_returned(document: TermsDocument) -> Returned:
    """The least that a seller in breach gives back of this kind of deposit.

    Interest is owed in China from the payment on (CN-29), elsewhere as the mirror of what the
    buyer can lose (EU-06, UK-01).
    """
    if document.deposit.kind is DepositKind.EARNEST and remedy_of(document) is Remedy.EARNEST:
        return Returned.DOUBLE
    is_mirrored = knows(document, "EU-06") or knows(document, "UK-01")
    keeps_something = document.buyers_default.keeps is not Kept.NOTHING
    if knows(document, "CN-29") or (is_mirrored and keeps_something):
        return Returned.SINGLE_WITH_INTEREST
    return Returned.SINGLE


def unsuitable_deposit(document: TermsDocument) -> Found:
    """A deposit of a kind that may not be kept under this law, so that it has to come back."""
    if is_suitable(document):
        return ()
    kind = DepositKind.INTENT
    return found(
        document,
        ("EU-06", "EU-07", "UK-02", "US-04", "US-05", "KR-01"),
        clause="deposit",
        cures=(
            Cure("deposit.kind", kind),
            Cure("deposit.label", LABEL_OF_KIND[kind]),
            Cure("buyers_default.keeps", Kept.NOTHING),
        ),
        why=words(
            zh="在该法域，这类款项不得因买方退出而扣留：没有提供服务的“服务费”应予退还，美国的订"
            "车款须全额退还。韩国公平交易委员会曾就此责令改正。",
            en="Under this law such a payment cannot be kept when the buyer leaves: a fee for "
            "which nothing was done comes back, and so does every deposit in the United "
            "States. The Korean authority had a maker change exactly this.",
        ),
    )


def keeps_too_much(document: TermsDocument) -> Found:
    """The seller keeps more than its loss, or than the earnest money the law knows."""
    most, keeps = most_kept(document), document.buyers_default.keeps
    if not is_suitable(document) or KEPT_IN_ORDER.index(keeps) <= KEPT_IN_ORDER.index(most):
        return ()
    of_kind = ("CN-02", "CN-23") if most is Kept.NOTHING else ("CN-15", "CN-16")
    return found(
        document,
        (*of_kind, "EU-06", "EU-07", "DE-03", "UK-01", "UK-02", "US-04", "US-05", "KR-01"),
        clause="forfeiture",
        cures=(Cure("buyers_default.keeps", most),),
        why=words(
            zh="卖方没收的超出法律允许的范围：意向金、订金应当退还；定金以车价百分之二十为限；其"
            "他法域只能扣除实际损失。超出部分买方可要求返还。",
            en="The seller keeps more than the law allows: money that is no earnest money comes "
            "back; earnest money binds up to 20 % of the price; elsewhere only the real loss "
            "may be kept. The rest can be claimed back.",
        ),
    )


def no_mirror(document: TermsDocument) -> Found:
    """Pattern 4: forfeiture without a mirror payment by the seller."""
    least, returns = least_returned(document), document.sellers_default.returns
    if RETURNED_IN_ORDER.index(returns) >= RETURNED_IN_ORDER.index(least):
        return ()
    cures = [Cure("sellers_default.returns", least)]
    if least is Returned.SINGLE_WITH_INTEREST and document.refunds.interest_basis_points == 0:
        cures.append(Cure("refunds.interest_basis_points", USUAL_INTEREST))
    doubling = ("CN-17", "FR-02") if least is Returned.DOUBLE else ()
    return found(
        document,
        (*doubling, "CN-29", "EU-06", "UK-01", "US-03", "KR-01"),
        pattern=4,
        clause="sellers_default",
        cures=tuple(cures),
        why=words(
            zh="买方违约要失去款项，卖方违约却少退或不退，权利义务不对等。收受定金的一方违约致使"
            "合同目的不能实现的，应双倍返还；预付款应连同利息退还。",
            en="A buyer in breach loses money, a seller in breach gives back too little. Whoever "
            "took earnest money and defeats the contract returns it double; a prepayment comes "
            "back with interest.",
        ),
    )


def interest_of_nothing(document: TermsDocument) -> Found:
    """Interest is promised at a rate of nothing (CN-29)."""
    if (
        document.sellers_default.returns is not Returned.SINGLE_WITH_INTEREST
        or document.refunds.interest_basis_points > 0
    ):
        return ()
    return found(
        document,
        ("CN-29", "FR-02"),
        weight=Weight(Severity.S2, Severity.S3),
        clause="sellers_default",
        cures=(Cure("refunds.interest_basis_points", USUAL_INTEREST),),
        why=words(
            zh="约定退款加付利息，利率却为零。卖方有过错的，应从付款之日起支付利息。",
            en="Interest is promised at a rate of zero. A seller at fault owes interest from the "
            "day of payment.",
        ),
    )


def no_demand(document: TermsDocument) -> Found:
    """Pattern 3: forfeiture without a demand."""
    if document.buyers_default.demand:
        return ()
    return found(
        document,
        ("CN-11", "CN-17", "EU-07", "DE-06", "UK-01"),
        pattern=3,
        clause="forfeiture",
        cures=(Cure("buyers_default.demand", value=True),),
        why=words(
            zh="未经催告就可取消订单、没收定金。迟延履行须经催告并给予合理期限；没有解除权的通知"
            "，即使对方沉默也不发生解除的效力。",
            en="The seller can cancel and keep the money without asking first. A default needs a "
            "demand and a reasonable time; a notice without a right behind it ends nothing, "
            "even if the buyer stays silent.",
        ),
    )


def short_cure(document: TermsDocument) -> Found:
    """Pattern 3: no cure period, or one too short to be reasonable."""
    days = document.buyers_default.cure_days
    if days >= LEAST_CURE_DAYS:
        return ()
    return found(
        document,
        ("CN-11", "CN-17", "EU-07", "DE-06", "UK-01"),
        weight=BY_ITS_RULES if days < SHORT_CURE_DAYS else AT_MOST_S2,
        pattern=3,
        clause="forfeiture",
        cures=(Cure("buyers_default.cure_days", LEAST_CURE_DAYS),),
        why=words(
            zh="催告后的宽限期过短。没有合理宽限期的解除不成立；至少应给14天。",
            en="The time to cure after a demand is too short. Without a reasonable period the "
            "seller's cancellation does not stand; give at least 14 days.",
        ),
    )


def damages_twice(document: TermsDocument) -> Found:
    """Flat damages beside a kept deposit: a penalty or earnest money, never both (CN-15, CN-18)."""
    default = document.buyers_default
    keeps_both = default.keeps in {Kept.EARNEST, Kept.DEPOSIT} and default.flat_damages_basis_points
    if not keeps_both:
        return ()
    return found(
        document,
        ("CN-15", "CN-18", "EU-07", "DE-03", "UK-01"),
        clause="forfeiture",
        cures=(Cure("buyers_default.flat_damages_basis_points", 0),),
        why=words(
            zh="既没收定金又收取违约金。违约金与定金只能择一适用；超过损失百分之三十的部分可以请"
            "求减少。",
            en="The deposit is kept and flat damages are charged as well. It is one or the other; "
            "what exceeds the loss by 30 % can be reduced by the court.",
        ),
    )


def flat_damages_too_high(document: TermsDocument) -> Found:
    """Flat damages above the usual loss (DE-03, EU-07)."""
    if document.buyers_default.flat_damages_basis_points <= HIGHEST_FLAT_DAMAGES:
        return ()
    return found(
        document,
        ("CN-15", "EU-07", "DE-03", "UK-01"),
        clause="forfeiture",
        cures=(Cure("buyers_default.flat_damages_basis_points", HIGHEST_FLAT_DAMAGES),),
        why=words(
            zh="定额赔偿高于通常损失。过高的违约金，法院会予以减少或认定无效。",
            en="Flat damages above the usual loss. A court reduces them, or strikes the whole "
            "term.",
        ),
    )


def lower_loss_barred(document: TermsDocument) -> Found:
    """The buyer may not prove that the loss was lower (DE-03)."""
    if document.buyers_default.lower_loss_may_be_proven:
        return ()
    return found(
        document,
        ("CN-15", "EU-07", "DE-03", "UK-01"),
        clause="forfeiture",
        cures=(Cure("buyers_default.lower_loss_may_be_proven", value=True),),
        why=words(
            zh="不允许买方证明实际损失更低。“不得调整”的约定无效，违约金可以请求调整。",
            en="The buyer may not prove a lower loss. A term that bars this is void, and flat "
            "damages stay open to correction.",
        ),
    )


def nothing_to_come_back(document: TermsDocument) -> Found:
    """What was kept is to come back when slot or car are taken, and nothing is kept (EU-06)."""
    default = document.buyers_default
    if default.keeps is not Kept.NOTHING or not default.deposit_back_if_taken_days:
        return ()
    return found(
        document,
        ("EU-06", "UK-02"),
        weight=Weight(Severity.S3, Severity.S3),
        clause="forfeiture",
        cures=(Cure("buyers_default.deposit_back_if_taken_days", 0),),
        why=words(
            zh="约定他人接走名额或车辆后退还所扣款项，但本条款并不扣留任何款项。该约定没有内容，请删"
            "去。",
            en="What was kept is to come back once another order takes slot or car, but nothing is "
            "kept under these terms. The promise says nothing; leave it out.",
        ),
    )


def seller_leaves_freely(document: TermsDocument) -> Found:
    """The seller may end the order at will (CN-11, EU-07)."""
    if not document.sellers_default.seller_may_leave_freely:
        return ()
    return found(
        document,
        ("CN-11", "CN-31", "EU-07", "DE-04", "UK-01", "KR-01"),
        clause="seller_cancels",
        cures=(Cure("sellers_default.seller_may_leave_freely", value=False),),
        why=words(
            zh="卖方可以任意解除合同。解除须有法定或约定的事由；无权解除的通知不发生效力，卖方须"
            "承担违约责任。",
            en="The seller can leave at will. To end a contract takes a ground; a notice without "
            "one ends nothing, and the seller answers for the breach.",
        ),
    )


def notice_need_not_arrive(document: TermsDocument) -> Found:
    """A notice counts although it never reached the buyer (CN-11)."""
    if document.sellers_default.notice_must_arrive:
        return ()
    return found(
        document,
        ("CN-11", "EU-07", "UK-01"),
        clause="seller_cancels",
        cures=(Cure("sellers_default.notice_must_arrive", value=True),),
        why=words(
            zh="通知未送达也算数。解除通知到达对方时才生效，卖方须证明送达。",
            en="A notice counts although it never arrived. It takes effect when it reaches the "
            "other side, and the seller has to prove that it did.",
        ),
    )


def claims_barred(document: TermsDocument) -> Found:
    """The seller's liability ends at the deposit (CN-18, KR-01)."""
    if document.sellers_default.buyer_may_claim_more:
        return ()
    return found(
        document,
        ("CN-04", "CN-18", "CN-31", "EU-07", "UK-01", "KR-01"),
        clause="sellers_default",
        cures=(Cure("sellers_default.buyer_may_claim_more", value=True),),
        why=words(
            zh="卖方的责任以定金为限。定金不足以弥补损失的，买方可以请求赔偿超过定金的部分；限制"
            "赔偿的格式条款无效。",
            en="The seller's liability ends at the deposit. Loss beyond the earnest money can be "
            "claimed, and a standard term that excludes it is void.",
        ),
    )
