"""Checks on time: the promise, its slips, and a delivery that the buyer moves.

Not here: how the car is looked at and collected (`inspecting.py`).
"""

from __future__ import annotations

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.citing import GOOD_PRACTICE, Found, Weight, found, words
from earnest.core.terms.packs.rule import Cure, Severity
from earnest.core.terms.sections.delivering import BuildRule, DeferralEnd, PromiseKind

WEEKS_WITHOUT_PROMISE = 4
"""Where nothing was agreed many laws say 30 days (EU-05, UK-01, US-01)."""

LONGEST_DELIVERY_CURE = 30
"""A reasonable time for a late seller, in days (CN-12; GBL 396-p says 30, US-05)."""

REMINDERS = (60, 30, 7)


def no_promise(document: TermsDocument) -> Found:
    """The contract names no date and no period for delivery (CN-38, EU-01, FR-01, US-05)."""
    if document.promise.kind is not PromiseKind.NONE:
        return ()
    promise = document.promise
    weeks_to = promise.weeks_to or max(WEEKS_WITHOUT_PROMISE, promise.weeks_from)
    return found(
        document,
        ("CN-28", "CN-38", "EU-01", "DE-04", "FR-01", "US-05", "KR-01"),
        clause="promise",
        cures=(
            Cure("promise.kind", PromiseKind.WINDOW),
            Cure("promise.weeks_to", weeks_to),
        ),
        why=words(
            zh="合同没有交付日期或期间。卖方必须在成交前告知交付时间；没有约定的，买方可随时要求"
            "履行，许多法域按30日计算。",
            en="The contract names no date and no period for delivery. It must be told before the "
            "deal; where it is missing the buyer can ask for the car after a reasonable time, "
            "in many laws after 30 days.",
        ),
    )


def promise_is_vague(document: TermsDocument) -> Found:
    """An estimate that binds nobody; German law calls it a delivery time too vague (DE-04)."""
    if document.promise.kind is not PromiseKind.ESTIMATE:
        return ()
    return found(
        document,
        ("DE-04", "FR-01"),
        weight=Weight(otherwise=Severity.S3),
        clause="promise",
        cures=(Cure("promise.kind", PromiseKind.WINDOW),),
        why=words(
            zh="只给出“预计”时间。法院会把它当作交付期限，或者认定条款过于含糊而无效；不如直接承"
            "诺一个能做到的时间段。",
            en="The time is only estimated. A court takes it as the delivery time all the same, "
            "or finds the term too vague to hold; promise a window that can be met.",
        ),
    )


def no_liability_for_delay(document: TermsDocument) -> Found:
    """Pattern 6: an estimate only, and no liability whatever the delay."""
    if document.promise.seller_liable:
        return ()
    return found(
        document,
        ("CN-04", "CN-12", "CN-34", "EU-05", "EU-07", "DE-04", "UK-01", "US-01", "US-05", "KR-01"),
        pattern=6,
        clause="promise",
        cures=(Cure("promise.seller_liable", value=True),),
        why=words(
            zh="约定无论迟延多久卖方概不负责，免除了自己的主要义务，无效。买方催告后仍不交付的，"
            "可以解除合同并要求承担违约责任。",
            en="The seller answers for no delay, however long. That excludes its main duty and is "
            "void: after a demand and a reasonable time the buyer can end the contract and "
            "claim for the breach.",
        ),
    )


def seller_postpones_freely(document: TermsDocument) -> Found:
    """Pattern 7: the seller can put production off as long as it likes."""
    if not document.promise.seller_may_postpone_freely:
        return ()
    return found(
        document,
        ("CN-04", "CN-09", "CN-34", "EU-05", "EU-08", "DE-04", "UK-01", "US-01", "US-05"),
        pattern=7,
        clause="promise",
        cures=(Cure("promise.seller_may_postpone_freely", value=False),),
        why=words(
            zh="卖方可以无限期推迟生产而买方不能退出。变更交付时间须经买方同意；迟延超过合理期限"
            "，买方可以解除合同。",
            en="The seller can put production off without end. A later delivery needs the buyer's "
            "agreement; beyond a reasonable time the buyer can leave.",
        ),
    )


def no_exit_from_delay(document: TermsDocument) -> Found:
    """Pattern 7 as well: a buyer cannot leave a seller that is late, or only after long."""
    delay = document.late_delivery
    if delay.may_leave and delay.cure_days <= LONGEST_DELIVERY_CURE:
        return ()
    cure = (
        Cure("late_delivery.cure_days", LONGEST_DELIVERY_CURE)
        if delay.may_leave
        else Cure("late_delivery.may_leave", value=True)
    )
    return found(
        document,
        ("CN-04", "CN-12", "EU-05", "DE-04", "UK-01", "US-01", "US-02", "US-05"),
        pattern=7,
        clause="delay",
        cures=(cure,),
        why=words(
            zh="卖方迟延，买方却不能退出，或者要等很久才能退出。法律规定：经催告在合理期限内仍未"
            "交付的，买方可以解除合同、取回全部款项。",
            en="The seller is late and the buyer cannot leave, or only after a long wait. The law "
            "says otherwise: after a demand and a reasonable time the buyer can end the "
            "contract and gets everything back.",
        ),
    )


def silence_is_consent(document: TermsDocument) -> Found:
    """Pattern 13: whoever does not answer is taken to agree to a longer delay."""
    if not document.late_delivery.silence_is_consent:
        return ()
    return found(
        document,
        ("CN-09", "CN-04", "EU-08", "UK-01", "US-02"),
        pattern=13,
        clause="delay",
        cures=(Cure("late_delivery.silence_is_consent", value=False),),
        why=words(
            zh="把沉默当作同意延期。沉默只有在法律规定、当事人约定或交易习惯下才算意思表示；较长"
            "的延期须买方明确同意，否则应主动退款。",
            en="Silence is taken as consent to the delay. A long, indefinite or second delay "
            "needs an express yes; without it the buyer is refunded unasked.",
        ),
    )


def promise_hidden_before_payment(document: TermsDocument) -> Found:
    """The delivery time is shown only after payment (CN-38, EU-01)."""
    if document.promise.shown_before_payment:
        return ()
    return found(
        document,
        ("CN-26", "CN-38", "EU-01", "FR-01", "KR-01"),
        clause="promise",
        cures=(Cure("promise.shown_before_payment", value=True),),
        why=words(
            zh="付款前看不到交付时间。不能当场交车的，必须在成交前告知交付时间；隐瞒重要信息可构"
            "成误导，买方可以请求撤销。",
            en="The delivery time is shown only after payment. Where the car is not there at "
            "once, the time must be told before the deal; to hide it misleads the buyer, who "
            "may rescind.",
        ),
    )


def built_at_sellers_choice(document: TermsDocument) -> Found:
    """A deferred car is built when the seller likes: the breach of the Haikou case."""
    if document.deferral.build is not BuildRule.AT_SELLERS_CHOICE:
        return ()
    return found(
        document,
        ("CN-05", "CN-06", "EU-10"),
        clause="deferral",
        cures=(Cure("deferral.build", BuildRule.ON_REQUEST),),
        why=words(
            zh="买方已获准延期，卖方却可随时自行生产并催款。海口案中，法院认定不通知买方即生产、"
            "随后催收尾款，违反了延期的补充协议。",
            en="A deferral was agreed, and still the seller builds when it likes and asks for "
            "money. In the Haikou case the court found that building the car without telling "
            "the buyer, and then demanding payment, broke the deferral.",
        ),
    )


def deferral_ends_with_loss(document: TermsDocument) -> Found:
    """Pattern 3: at the end of a deferral order and deposit are simply gone."""
    if document.deferral.at_end is not DeferralEnd.LAPSES_WITH_LOSS:
        return ()
    return found(
        document,
        ("CN-04", "CN-11", "CN-17", "EU-07", "DE-03", "UK-01"),
        pattern=3,
        clause="deferral",
        cures=(Cure("deferral.at_end", DeferralEnd.ASKS),),
        why=words(
            zh="延期期满，订单自动终止并没收定金。没收须有使合同目的落空的违约，并经催告和合理的"
            "宽限期；期满本身不是违约。",
            en="When a deferral ends, order and deposit are gone. Forfeiture needs a breach that "
            "defeats the contract, a demand and time to cure; the end of a period is no "
            "breach.",
        ),
    )


def deferral_without_reminder(document: TermsDocument) -> Found:
    """Good practice: nobody forgets a deferral that is announced before it ends."""
    deferral = document.deferral
    if deferral.reminder_days or deferral.longest_days <= min(REMINDERS):
        return ()
    fitting = tuple(str(days) for days in REMINDERS if days < deferral.longest_days)
    return found(
        document,
        ("CN-06",),
        weight=GOOD_PRACTICE,
        clause="deferral",
        cures=(Cure("deferral.reminder_days", fitting),),
        why=words(
            zh="延期到期前不提醒。诚信原则要求履行通知义务，到期前应提醒买方。",
            en="No reminder before a deferral ends. Good faith asks the seller to tell the buyer "
            "in time.",
        ),
    )
