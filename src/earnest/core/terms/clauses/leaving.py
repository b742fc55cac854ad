"""The clauses on the ways out: default of either side, cancelling, refunds, withdrawal.

Not here: what is guaranteed besides (`guarantees.py`).
"""

from __future__ import annotations

from earnest.core.terms.clauses.unexecuted import by_the_parties
from earnest.core.terms.clauses.words import Both, clause, count, listed, percent
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.policy import STATUTORY_EARNEST_CAP, DepositKind
from earnest.core.terms.sections.leaving import (
    BuyerDefault,
    BuyersDefault,
    Channel,
    Kept,
    Returned,
)
from earnest.core.terms.version import FORFEITURE_CLAUSE, Clause

_DEFAULTS = {
    BuyerDefault.BALANCE: Both("does not pay the balance that is due", "未支付已到期的尾款"),
    BuyerDefault.COLLECTION: Both(
        "misses the appointments to inspect and collect the car", "未按预约验车提车"
    ),
    BuyerDefault.DEFERRAL_SILENCE: Both(
        "stays silent after a deferral has ended", "延期届满后不作答复"
    ),
}


def buyers_default(document: TermsDocument) -> Clause:
    """When the seller may end the order for the buyer's default, and what it keeps (CN-17)."""
    rule = document.buyers_default
    return clause(
        FORFEITURE_CLAUSE,
        _grounds(rule),
        _kept(document),
        Both(
            f"Beside that the buyer owes flat damages of "
            f"{percent(rule.flat_damages_basis_points)} of the price.",
            f"此外，买方应按车价的{percent(rule.flat_damages_basis_points)}支付固定赔偿。",
        )
        if rule.flat_damages_basis_points
        else None,
        Both(
            "The buyer may always prove that the seller lost less.",
            "买方可举证证明卖方的实际损失较低。",
        )
        if rule.lower_loss_may_be_proven
        else Both(
            "The buyer may not prove that the seller lost less.",
            "买方不得以卖方实际损失较低为由请求减少。",
        ),
        by_the_parties("buyers_default.lower_loss_may_be_proven"),
        _back_if_taken(document),
        material=True,
    )


def _grounds(rule: BuyersDefault) -> Both:
    if not rule.grounds:
        return Both(
            "The seller does not end the order for a default of the buyer.",
            "卖方不因买方违约而解除合同。",
        )
    acts = listed([_DEFAULTS[each] for each in rule.grounds], "or", "或")
    if not rule.demand:
        return Both(
            f"If the buyer {acts.en}, the seller may end the order without a demand.",
            f"买方{acts.zh}的，卖方无须催告即可解除合同。",
        )
    return Both(
        f"If the buyer {acts.en}, the seller may end the order, but only after a demand that "
        f"reached the buyer and a cure period of at least {count(rule.cure_days, 'day')}.",
        f"买方{acts.zh}的，卖方应先行催告；催告送达后给予至少{rule.cure_days:,}日宽限期，"
        "期满仍未履行的，卖方方可解除合同。",
    )


def _kept(document: TermsDocument) -> Both:
    cap = percent(STATUTORY_EARNEST_CAP)
    when = Both(
        "If the order ends that way, or the buyer leaves after the lock without a breach by the "
        "seller,",
        "合同因此解除，或买方在锁单后、卖方无违约的情况下退出的，",
    )
    what = {
        Kept.NOTHING: Both(
            "the seller keeps nothing and the deposit comes back.",
            "卖方不扣留任何款项，订购款全额退还。",
        ),
        Kept.LOSS: Both(
            "the seller keeps at most its documented net loss, never more than the deposit; the "
            "rest comes back.",
            "卖方仅可扣除有凭证的实际净损失，且不超过订购款，余额退还。",
        ),
        Kept.EARNEST: Both(
            f"the seller may keep the earnest money, at most {cap} of the price and never more; "
            "a second person checks it first.",
            f"卖方可不退还定金，但以车价的{cap}为限，且须先经第二人复核。",
        )
        if document.deposit.kind is DepositKind.EARNEST
        else Both(
            "the seller may keep the deposit as if it were earnest money.",
            "卖方可参照定金规则不退还订购款。",
        ),
        Kept.DEPOSIT: Both("the seller keeps the whole deposit.", "订购款全额不予退还。"),
    }[document.buyers_default.keeps]
    return Both(f"{when.en} {what.en}", f"{when.zh}{what.zh}")


def _back_if_taken(document: TermsDocument) -> Both | None:
    """When what was kept comes back, because the order that ended has left no gap."""
    rule = document.buyers_default
    days = rule.deposit_back_if_taken_days
    if not days or rule.keeps is Kept.NOTHING:
        return None
    return Both(
        f"If another order takes the production slot or the car of the order within "
        f"{count(days, 'day')} of its end, what was kept comes back, less the costs of the seller "
        "that were documented and checked by a second person before the end; until then, or until "
        "those days are over, nobody releases it.",
        f"合同解除后{days:,}日内，其他订单接走该订单的排产名额或车辆的，卖方应退还所扣款项，"
        "但可扣除合同解除前已举证并经第二人复核的费用；在此之前或上述期限届满之前，所扣款项不得放行入账。",
    )


_RETURNED = {
    Returned.NOTHING: Both("nothing comes back", "卖方不退还已付款项"),
    Returned.SINGLE: Both("everything paid comes back once", "卖方退还已付的全部款项"),
    Returned.SINGLE_WITH_INTEREST: Both(
        "everything paid comes back with interest from the day of payment",
        "卖方退还已付的全部款项，并自付款之日起支付利息",
    ),
    Returned.DOUBLE: Both(
        "the earnest money comes back double, and whatever else was paid in full",
        "卖方双倍返还定金，并退还已付的其他款项",
    ),
}


def sellers_default(document: TermsDocument) -> Clause:
    """What the seller owes for its own default (CN-17, CN-18, pattern 4)."""
    rule = document.sellers_default
    back = _RETURNED[rule.returns]
    return clause(
        "sellers_default",
        Both(
            "If the seller's breach defeats the contract, or the buyer ends the order for it, "
            f"{back.en}.",
            f"因卖方违约致使合同目的不能实现，或买方因此解除合同的，{back.zh}。",
        ),
        Both(
            "The buyer may claim a loss beyond that.",
            "买方的损失超出上述款项的，可另行主张赔偿。",
        )
        if rule.buyer_may_claim_more
        else Both(
            "The buyer has no further claim.",
            "除此之外，买方不得主张其他赔偿。",
        ),
        material=rule.returns is Returned.NOTHING or not rule.buyer_may_claim_more,
    )


def seller_cancels(document: TermsDocument) -> Clause:
    """When the seller may leave, and when its declaration counts (CN-11, EU-07)."""
    rule = document.sellers_default
    free = rule.seller_may_leave_freely
    return clause(
        "seller_cancels",
        Both(
            "The seller may end the order at any time without giving a reason.",
            "卖方可随时解除合同，无须说明理由。",
        )
        if free
        else Both(
            "The seller can end the order only on a ground stated in these terms and after a "
            "check by a second person; anything else ends nothing, and the buyer's place and "
            "money stay.",
            "卖方仅可依本条款所列事由、并经第二人复核后解除合同；否则解除不发生效力，买方的排位与款项不变。",
        ),
        Both(
            "Its declaration counts only when it is proven to have reached the buyer.",
            "解除通知须有送达证明方发生效力。",
        )
        if rule.notice_must_arrive
        else Both("Its declaration counts when it is sent.", "解除通知自发出时生效。"),
        material=free,
    )


_CHANNELS = {
    Channel.ONLINE: Both("online", "线上"),
    Channel.PHONE: Both("by telephone", "电话"),
    Channel.STORE: Both("in the store", "门店"),
}


def refunds(document: TermsDocument) -> Clause:
    """How money comes back and how long it takes at most (CN-29, CN-32, KR-01, pattern 16)."""
    rule = document.refunds
    if rule.channels:
        channels = listed([_CHANNELS[each] for each in rule.channels], "or", "或")
        where = Both(
            f"The buyer can cancel {channels.en}.", f"买方可通过{channels.zh}方式取消订单。"
        )
    else:
        where = Both("There is no way for the buyer to cancel.", "本条款未提供取消订单的途径。")
    rate = percent(rule.interest_basis_points)
    return clause(
        "refunds",
        where,
        Both(
            "Refunds go back the way the money came, at the latest "
            f"{count(rule.days, 'day')} after they are fixed; where a second person has to "
            f"release them, that is done within {count(rule.release_days, 'day')}.",
            f"退款按原支付渠道退回，至迟于确定后{rule.days:,}日内退还；须经第二人复核的，"
            f"应在{rule.release_days:,}日内复核完毕。",
        ),
        Both("They come in one sum.", "退款一次付清。")
        if rule.all_at_once
        else Both("The seller may pay them in parts.", "卖方可分期退款。"),
        Both(
            f"Where interest is owed it is at least {rate} a year.",
            f"应付利息的，年利率不低于{rate}。",
        )
        if rule.interest_basis_points
        else Both(
            "Where interest is owed it follows the law.",
            "应付利息的，按法律规定计算。",
        ),
        None if set(rule.channels) <= {Channel.ONLINE} else by_the_parties("refunds.channels"),
    )


def withdrawal_after_handover(document: TermsDocument) -> Clause:
    """The right to give the car back, or its absence (EU-02, EU-03, EU-04, CN-27)."""
    rule = document.withdrawal_after_handover
    if rule.exempt_as_made_to_specification:
        right = Both(
            "The car is made to the buyer's specification, so there is no right to withdraw "
            "after handover.",
            "车辆系按买方要求定制，交车后不享有无理由退货（撤回）的权利。",
        )
    elif rule.days:
        right = Both(
            f"The buyer can withdraw within {count(rule.days, 'day')} of handover and give the "
            "car back; everything paid comes back.",
            f"交车后{rule.days:,}日内，买方可无理由撤回并退还车辆，已付款项全额退还。",
        )
    else:
        right = Both(
            "These terms add no right to withdraw after handover to those of the law.",
            "交车后，本条款不另行约定法定以外的无理由退货权利。",
        )
    return clause(
        "withdrawal_after_handover",
        right,
        Both(
            "This was explained before the order.",
            "上述内容已在下单前向买方说明。",
        )
        if rule.explained_before_order
        else Both(
            "This was not explained before the order.",
            "上述内容在下单前未向买方说明。",
        ),
        by_the_parties("withdrawal_after_handover.explained_before_order"),
        material=rule.exempt_as_made_to_specification,
    )
