"""Checks on how free a buyer is before the car: cooling-off, lock, changes, queue.

Not here: what is paid meanwhile (`paying.py`).
"""

from __future__ import annotations

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.citing import (
    AT_MOST_S2,
    BY_ITS_RULES,
    GOOD_PRACTICE,
    Found,
    found,
    words,
)
from earnest.core.terms.packs.rule import Cure
from earnest.core.terms.sections.ordering import (
    Changeable,
    Ending,
    QueueEffect,
    QueueKey,
    Unlocked,
    WaitingChoice,
)

ACTS_OF_PURCHASE = frozenset({Ending.BUYER_LOCK, Ending.SIGNATURE})
"""What can end the cooling-off period early: an act by which the buyer buys."""

LEAST_ANSWER_DAYS = 7
LEAST_UNDO_HOURS = 24


def lock_by_another_act(document: TermsDocument) -> Found:
    """Pattern 15: a test drive or the seller's planning ends the cooling-off period."""
    others = [each for each in document.cooling_off.ended_by if each not in ACTS_OF_PURCHASE]
    if not others:
        return ()
    remaining = tuple(each for each in document.cooling_off.ended_by if each in ACTS_OF_PURCHASE)
    return found(
        document,
        ("CN-04", "CN-26", "CN-27", "EU-08", "UK-01"),
        pattern=15,
        clause="cooling_off",
        cures=(Cure("cooling_off.ended_by", remaining),),
        why=words(
            zh="试驾、改配或排产不是购买行为，不能以此提前结束冷静期。公开承诺的冷静期应当按承诺"
            "兑现；以此没收的款项应当退还。",
            en="A test drive, a change of configuration or the seller's own planning is no act of "
            "buying and cannot end the cooling-off period. What was advertised must be kept as "
            "advertised; money kept on such a lock goes back.",
        ),
    )


def ending_not_confirmed(document: TermsDocument) -> Found:
    """Pattern 20: an act ends the cooling-off period and nobody confirmed that it does."""
    if document.cooling_off.ending_confirmed_separately:
        return ()
    return found(
        document,
        ("CN-03", "CN-33", "EU-08", "UK-01"),
        pattern=20,
        clause="lock_effect",
        cures=(Cure("cooling_off.ending_confirmed_separately", value=True),),
        why=words(
            zh="提前锁单使买方丧失退订权，属于有重大利害关系的条款。未单独提示并由买方单独确认的"
            "，买方可以主张该条款不成为合同内容，定金应退还。",
            en="An early lock takes away the right to withdraw. Unless that effect was pointed "
            "out and confirmed on its own, the buyer can say that the clause is no part of the "
            "contract, and the deposit comes back.",
        ),
    )


def slow_refund_in_cooling_off(document: TermsDocument) -> Found:
    """A withdrawal inside the cooling-off period is refunded at once, at the latest in 3 days."""
    hours = document.cooling_off.refund_hours
    if hours <= 72:  # noqa: PLR2004 - three days, said in the docstring
        return ()
    is_late = hours > 24 * 14
    return found(
        document,
        ("CN-29", "EU-02", "US-03"),
        weight=BY_ITS_RULES if is_late else GOOD_PRACTICE,
        clause="cooling_off",
        cures=(Cure("cooling_off.refund_hours", 24),),
        why=words(
            zh="冷静期内退订的款项应当立即退还。超过法定期限拖延退款，视为故意拖延，可处罚款并应"
            "付利息。",
            en="Money withdrawn in the cooling-off period goes back at once. A refund beyond the "
            "legal term counts as wilful delay: interest, and a fine.",
        ),
    )


def loss_by_doing_nothing(document: TermsDocument) -> Found:
    """Pattern 14: who does not lock loses order and deposit."""
    if document.lock.if_buyer_does_nothing is not Unlocked.LAPSES_WITH_LOSS:
        return ()
    return found(
        document,
        ("CN-04", "CN-17", "CN-26", "EU-07", "DE-03", "UK-01"),
        pattern=14,
        clause="lock_effect",
        cures=(Cure("lock.if_buyer_does_nothing", Unlocked.LOCKS),),
        why=words(
            zh="买方未点锁单就失去订单和定金：不作为不是使合同目的落空的违约，没收定金没有法律依"
            "据。",
            en="Who does not tap lock loses the order and the deposit. Doing nothing is no breach "
            "that defeats the contract, so nothing allows the seller to keep the money.",
        ),
    )


def no_undo(document: TermsDocument) -> Found:
    """Good practice: an early lock tapped by mistake can be taken back for a day."""
    lock = document.lock
    if not lock.early_offered or lock.undo_hours >= LEAST_UNDO_HOURS:
        return ()
    return found(
        document,
        ("CN-33",),
        weight=GOOD_PRACTICE,
        clause="lock_effect",
        cures=(Cure("lock.undo_hours", LEAST_UNDO_HOURS),),
        why=words(
            zh="提前锁单没有足够的撤销时间。一次发布会当天就有数百人要求撤销误点的锁单。",
            en="An early lock cannot be undone for a day. On one launch day hundreds asked to "
            "take back a lock tapped by mistake.",
        ),
    )


def unilateral_change(document: TermsDocument) -> Found:
    """Pattern 9: the seller changes price, configuration, delivery or terms alone."""
    if not document.changes.seller_alone:
        return ()
    rules: tuple[str, ...] = ("CN-09", "CN-31", "CN-34", "EU-08", "DE-04", "UK-01")
    if Changeable.PRICE in document.changes.seller_alone:
        rules = (*rules, "US-05")
    return found(
        document,
        rules,
        pattern=9,
        clause="changes",
        cures=(Cure("changes.seller_alone", ()),),
        why=words(
            zh="卖方保留单方变更价格、配置、交付或条款的权利。变更合同须双方协商一致；单方变更对"
            "买方没有约束力。",
            en="The seller reserves the right to change price, configuration, delivery or terms "
            "alone. A contract changes by agreement only; a change made alone does not bind "
            "the buyer.",
        ),
    )


def no_choice_while_waiting(document: TermsDocument) -> Found:
    """When the product changes during the wait, the buyer may keep what was ordered, or leave."""
    offered = document.changes.while_waiting
    if WaitingChoice.KEEP in offered and WaitingChoice.LEAVE in offered:
        return ()
    return found(
        document,
        ("CN-09", "CN-36", "EU-08", "DE-04", "UK-01", "US-05"),
        pattern=9,
        clause="changes",
        cures=(Cure("changes.while_waiting", tuple(WaitingChoice)),),
        why=words(
            zh="等待期间产品变更，买方却不能选择按原约定提车或退出。交付的车必须与约定的配置一致"
            "，变更不明确的推定为未变更。",
            en="The product changes during the wait, and the buyer may not keep what was ordered "
            "or may not leave. The car delivered is the car agreed; an unclear change counts "
            "as none.",
        ),
    )


def no_switch_while_waiting(document: TermsDocument) -> Found:
    """Good practice: a newer version is offered to those who wait, with the rank kept."""
    offered = document.changes.while_waiting
    if WaitingChoice.SWITCH in offered or not offered:
        return ()
    return found(
        document,
        ("CN-34",),
        weight=GOOD_PRACTICE,
        clause="changes",
        cures=(Cure("changes.while_waiting", tuple(WaitingChoice)),),
        why=words(
            zh="改款后不给等待中的买方换新款的选择。“新老款”之争是投诉的主要来源之一。",
            en="Buyers who wait are not offered the newer version. Old against new versions is "
            "among the commonest complaints.",
        ),
    )


def short_answer(document: TermsDocument) -> Found:
    """Good practice: who has to choose between versions gets a week."""
    if document.changes.answer_days >= LEAST_ANSWER_DAYS:
        return ()
    return found(
        document,
        (),
        weight=GOOD_PRACTICE,
        clause="changes",
        cures=(Cure("changes.answer_days", LEAST_ANSWER_DAYS),),
        why=words(
            zh="产品变更后，买方考虑的时间不足7天。",
            en="When the product changes, the buyer has fewer than 7 days to choose.",
        ),
    )


def change_restarts_queue(document: TermsDocument) -> Found:
    """A change of configuration sends the buyer back to the end of the queue."""
    if document.changes.queue_effect is not QueueEffect.RESTARTS:
        return ()
    return found(
        document,
        ("CN-34",),
        clause="changes",
        cures=(Cure("changes.queue_effect", QueueEffect.KEEPS_RANK),),
        why=words(
            zh="改配后重新排队，等于惩罚行使变更权的买方。Earnest 的排号一经给出就不再改变，不执"
            "行此规定。",
            en="A change of configuration restarts the queue, which punishes a buyer for a change "
            "that the terms allow. Earnest gives a rank once and does not run this.",
        ),
    )


def queue_by_lock(document: TermsDocument) -> Found:
    """A queue by time of lock rewards giving up the cooling-off period (ADR 0004)."""
    if document.queue.key is not QueueKey.LOCK:
        return ()
    return found(
        document,
        ("CN-26", "CN-27"),
        weight=AT_MOST_S2,
        clause="queue",
        cures=(Cure("queue.key", QueueKey.RESERVATION),),
        why=words(
            zh="按锁单时间排队，等于奖励放弃冷静期的人，使公开承诺的冷静期形同虚设。应按预订时间"
            "排队。",
            en="A queue by time of lock rewards whoever gives up the cooling-off period, so that "
            "the advertised period is worth nothing. Rank by reservation.",
        ),
    )
