"""The clauses of the first half: who sells, how the contract comes about, binds and may change.

Not here: what is delivered (`delivering.py`) and how it ends (`leaving.py`).
"""

from __future__ import annotations

from earnest.core.terms.clauses.names import name_of
from earnest.core.terms.clauses.unexecuted import by_the_parties
from earnest.core.terms.clauses.words import Both, clause, count, listed, money, percent
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.policy import STATUTORY_EARNEST_CAP, DepositKind
from earnest.core.terms.sections.leaving import Kept
from earnest.core.terms.sections.ordering import (
    Changeable,
    Ending,
    Formation,
    Holding,
    QueueEffect,
    QueueKey,
    Unlocked,
    WaitingChoice,
)
from earnest.core.terms.version import ACCEPTANCE_CLAUSE, LOCK_CLAUSE, Clause


def terms(document: TermsDocument) -> Clause:
    """What the buyer accepts as a whole (CN-09)."""
    return clause(
        ACCEPTANCE_CLAUSE,
        Both(
            "The buyer orders the vehicle configured in the order at the price shown there, under "
            f"version {document.version} of these terms.",
            f"买方按订单所示价格订购订单所载配置的车辆，适用本条款{document.version}版。",
        ),
        Both(
            "This version stays the buyer's own: a later version changes nothing about the order "
            "unless the buyer accepts it.",
            "该版本始终适用于本订单；未经买方同意，后续版本对本订单不发生效力。",
        )
        if Changeable.TERMS not in document.changes.seller_alone
        else Both(
            "The seller may replace these terms by a later version, which then applies to the "
            "order.",
            "卖方可发布新版条款，新版条款发布后即适用于本订单。",
        ),
    )


def seller_and_payee(document: TermsDocument) -> Clause:
    """Who sells, who takes the money, and who answers for it (CN-28, pattern 19)."""
    seller, payee = document.seller, document.payee
    is_other = payee.name != seller.name
    if not is_other:
        paid = Both(
            "Payments are made to the seller itself.",
            "买方的款项由卖方收取。",
        )
    elif payee.jointly_liable:
        paid = Both(
            f"Payments are taken by {payee.name}, which answers jointly and severally with the "
            "seller for every sum that has to come back.",
            f"买方的款项由{payee.name}代为收取；应当返还的款项，由{payee.name}与卖方承担连带责任。",
        )
    else:
        paid = Both(
            f"Payments are taken by {payee.name}, which does not answer for the seller's duties.",
            f"买方的款项由{payee.name}代为收取，{payee.name}不对卖方的义务承担责任。",
        )
    return clause(
        "seller_and_payee",
        Both(
            f"The seller is {seller.name}, {seller.address}; contact: {seller.contact}.",
            f"卖方为{seller.name}，住所地：{seller.address}，联系方式：{seller.contact}。",
        ),
        paid,
        material=is_other,
        executed=False,
    )


_FORMED = {
    Formation.ORDER_SUBMITTED: Both(
        "The contract is concluded when the order has been submitted.",
        "订单提交成功时合同成立。",
    ),
    Formation.PAYMENT: Both(
        "The contract is concluded when the deposit has been paid.",
        "订购款支付成功时合同成立。",
    ),
    Formation.SELLER_CONFIRMS: Both(
        "There is no contract before the seller confirms it, even if money has been paid.",
        "即使买方已付款，在卖方确认之前合同不成立。",
    ),
}


def formation(document: TermsDocument) -> Clause:
    """When there is a contract, and who says what it means (CN-01, CN-25)."""
    rule = document.contract
    button = name_of(rule.order_button)
    return clause(
        "formation",
        Both(
            f"The button that ends the order reads “{button.en}”.",
            f"提交订单的按钮标明“{button.zh}”。",
        ),
        _FORMED[rule.formed_by],
        Both(
            "The seller alone decides what these terms mean.",
            "本条款的最终解释权归卖方所有。",
        )
        if rule.seller_interprets
        else Both(
            "Where a term can be read in two ways, the reading better for the buyer counts.",
            "对条款有两种以上解释的，以有利于买方的解释为准。",
        ),
        executed=False,
    )


_HELD = {
    Holding.OWN_ACCOUNT: Both(
        "Until handover it lies on the payee's own account.",
        "交车前，该款项存于收款方自有账户。",
    ),
    Holding.SEGREGATED: Both(
        "Until handover it is kept apart from the payee's own money.",
        "交车前，该款项与收款方自有资金分开存放。",
    ),
    Holding.ESCROW: Both(
        "Until handover it is held in escrow by a third party.",
        "交车前，该款项由第三方机构托管。",
    ),
}


def deposit(document: TermsDocument) -> Clause:
    """What is paid first, what it is called and what it legally is (CN-16, CN-17, CN-23)."""
    rule = document.deposit
    amount = money(document, rule.amount)
    cap = percent(STATUTORY_EARNEST_CAP)
    secures_loss = document.buyers_default.keeps is Kept.LOSS
    nature = {
        DepositKind.INTENT: Both(
            "It is a prepayment and no earnest money: it comes back whenever the buyer leaves.",
            "该款项为预付款，不具有定金性质；买方退出的，全额退还。",
        ),
        DepositKind.EARNEST: Both(
            "It secures the contract: against it the seller may set off its documented net loss "
            "and nothing more.",
            "该款项用于担保合同履行：卖方仅可就有凭证的实际净损失予以抵扣。",
        )
        if secures_loss
        else Both(
            f"It is earnest money (定金) as far as it does not exceed {cap} of the price; "
            "whatever lies above is a plain prepayment and always comes back.",
            f"该款项具有定金性质，但以车价的{cap}为限；超出部分为预付款，始终可退。",
        ),
        DepositKind.FEE: Both(
            "It is a fee for the seller's service in handling the order.",
            "该款项为卖方处理订单的服务费。",
        ),
    }[rule.kind]
    return clause(
        "deposit",
        Both(
            f"The buyer pays {amount.en} first; page, receipt and terms call it “{rule.label}”.",
            f"买方首先支付{amount.zh}；页面、收据和本条款均称之为“{rule.label}”。",
        ),
        nature,
        Both("It is credited to the price.", "该款项抵作车款。")
        if rule.credited
        else Both("It is paid on top of the price.", "该款项不抵作车款，在车价之外另行收取。"),
        _HELD[rule.holding],
        by_the_parties("deposit.label", "deposit.holding"),
        material=True,
    )


def payment_window(document: TermsDocument) -> Clause:
    """How long a reservation waits for its deposit."""
    minutes = document.payment.window_minutes
    return clause(
        "payment_window",
        Both(
            f"The place in the queue is kept for {count(minutes, 'minute')} until the deposit "
            "arrives; the time of payment shown by the payment provider counts.",
            f"排号自预订起保留{minutes:,}分钟，等待订购款到账；以支付机构记录的付款时间为准。",
        ),
        Both(
            "If it does not arrive in time the reservation lapses and nothing is owed.",
            "逾期未付的，预订失效，双方互不负担任何义务。",
        ),
    )


_ENDINGS = {
    Ending.BUYER_LOCK: Both("an early lock by the buyer", "买方提前锁单"),
    Ending.SIGNATURE: Both("signing the purchase agreement", "签署购车协议"),
    Ending.TEST_DRIVE: Both("a test drive", "试驾"),
    Ending.CONFIGURATION: Both("a change of configuration", "变更配置"),
    Ending.SCHEDULING: Both("scheduling of production", "排产"),
}


def cooling_off(document: TermsDocument) -> Clause:
    """Free withdrawal, and what ends it early (CN-27, patterns 15 and 20)."""
    rule = document.cooling_off
    if rule.hours == 0:
        free = Both(
            "There is no cooling-off period: the order is locked on payment.",
            "本订单不设冷静期，付款后即为锁单。",
        )
    else:
        free = Both(
            f"For {count(rule.hours, 'hour')} from payment the buyer can withdraw without a "
            "reason.",
            f"自付款之时起{rule.hours:,}小时内，买方可无理由撤回订单。",
        )
    ended = None
    if rule.ended_by and rule.hours:
        acts = listed([_ENDINGS[act] for act in rule.ended_by], "or", "或")
        ended = Both(
            f"The period ends early only by {acts.en}"
            + (
                ", after the buyer confirmed this effect separately."
                if rule.ending_confirmed_separately
                else ", without a separate confirmation."
            ),
            f"冷静期仅因{acts.zh}而提前结束，"
            + (
                "且须经买方对该后果另行确认。"
                if rule.ending_confirmed_separately
                else "无须买方另行确认。"
            ),
        )
    return clause(
        "cooling_off",
        free,
        Both(
            f"Everything paid comes back within {count(rule.refund_hours, 'hour')} of the "
            "withdrawal.",
            f"撤回后{rule.refund_hours:,}小时内退还已付的全部款项。",
        )
        if rule.hours
        else None,
        ended,
    )


_IDLE = {
    Unlocked.LOCKS: Both(
        "If the buyer neither withdraws nor locks, the order locks when the cooling-off period "
        "ends.",
        "买方既未撤回也未提前锁单的，冷静期届满时订单锁定。",
    ),
    Unlocked.LAPSES_REFUNDED: Both(
        "If the buyer does not lock, the order ends with the cooling-off period and everything "
        "paid comes back.",
        "买方未锁单的，冷静期届满时订单终止，已付款项全额退还。",
    ),
    Unlocked.LAPSES_WITH_LOSS: Both(
        "If the buyer does not lock, the order ends with the cooling-off period and the deposit "
        "is lost.",
        "买方未锁单的，冷静期届满时订单终止，订购款不予退还。",
    ),
}


def lock_effect(document: TermsDocument) -> Clause:
    """What a lock binds, what an early one gives up and how it is undone (patterns 14, 15, 20)."""
    rule = document.lock
    is_ranked = document.queue.key is QueueKey.LOCK
    early = Both(
        "By locking early the buyer gives up the rest of the cooling-off period"
        + (
            " and gets an earlier place in the queue."
            if is_ranked
            else "; it gives no better place in the queue."
        ),
        "买方提前锁单的，放弃剩余的冷静期，"
        + ("并可取得靠前的排位。" if is_ranked else "且不会因此使排位提前。"),
    )
    undo = (
        Both(
            f"The buyer can undo an early lock for {count(rule.undo_hours, 'hour')}.",
            f"提前锁单后{rule.undo_hours:,}小时内，买方可以撤销锁单。",
        )
        if rule.undo_hours
        else Both("An early lock cannot be undone.", "提前锁单后不得撤销。")
    )
    return clause(
        LOCK_CLAUSE,
        Both(
            "The lock fixes configuration and commitment; from then on leaving without a breach "
            "by the seller has the effects of the clause on the buyer's default.",
            "锁单后配置与购买承诺即告确定；此后买方在卖方无违约的情况下退出的，适用买方违约条款。",
        ),
        _IDLE[rule.if_buyer_does_nothing],
        *(
            (early, undo)
            if rule.early_offered
            else (Both("No early lock is offered.", "不提供提前锁单。"),)
        ),
        material=True,
    )


_ALONE = {
    Changeable.PRICE: Both("the price", "价格"),
    Changeable.CONFIGURATION: Both("the configuration", "配置"),
    Changeable.DELIVERY: Both("the delivery time", "交付时间"),
    Changeable.TERMS: Both("these terms", "本条款"),
}
_CHOICES = {
    WaitingChoice.KEEP: Both("keep the order as it is", "维持原订单"),
    WaitingChoice.SWITCH: Both("switch with the place in the queue kept", "保留排位改订新款"),
    WaitingChoice.LEAVE: Both("leave with everything paid refunded", "退出并获全额退款"),
}


def changes(document: TermsDocument) -> Clause:
    """Changes after the order: the buyer's window, the seller's limits (CN-09, pattern 9)."""
    rule = document.changes
    own = Both(
        f"The buyer can change the configuration until {count(rule.hours_after_lock, 'hour')} "
        "after the lock; "
        + (
            "the place in the queue stays."
            if rule.queue_effect is QueueEffect.KEEPS_RANK
            else "the place in the queue then starts anew."
        ),
        f"锁单后{rule.hours_after_lock:,}小时内，买方可变更配置，"
        + (
            "排位保留。"
            if rule.queue_effect is QueueEffect.KEEPS_RANK
            else "排位自变更之时起重新计算。"
        ),
    )
    if rule.seller_alone:
        subjects = listed([_ALONE[each] for each in rule.seller_alone])
        sellers = Both(
            f"The seller may change {subjects.en} without the buyer's consent.",
            f"卖方可单方变更{subjects.zh}，无须买方同意。",
        )
    else:
        sellers = Both(
            "The seller changes nothing without the buyer's express consent.",
            "未经买方明示同意，卖方不得变更合同内容。",
        )
    if rule.while_waiting:
        choices = listed([_CHOICES[each] for each in rule.while_waiting], "or", "或")
        waiting = Both(
            "If price, model or an option changes while the buyer waits, the buyer is told and "
            f"may, within {count(rule.answer_days, 'day')}, {choices.en}; silence keeps the order "
            "as it is.",
            f"等待期间价格、车型或选装发生变化的，卖方应告知买方，买方可在{rule.answer_days:,}日内选择"
            f"{choices.zh}；未作选择的，维持原订单。",
        )
    else:
        waiting = Both(
            "If price, model or an option changes while the buyer waits, the buyer has no choice "
            "and nothing is offered.",
            "等待期间价格、车型或选装发生变化的，买方无权另作选择。",
        )
    return clause("changes", own, sellers, waiting, material=bool(rule.seller_alone))


def queue(document: TermsDocument) -> Clause:
    """What decides the place in the queue (ADR 0004)."""
    return clause(
        "queue",
        Both(
            "Orders are served by the time of reservation.",
            "订单按预订时间的先后排位。",
        )
        if document.queue.key is QueueKey.RESERVATION
        else Both(
            "Orders are served by the time of the lock.",
            "订单按锁单时间的先后排位。",
        ),
        Both(
            "The place is shown at any time, and every move in the queue has a stated cause.",
            "买方可随时查询排位，每次排位变动均注明原因。",
        ),
    )
