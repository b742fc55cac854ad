"""The clauses on what holds throughout: price, tax, finance, transfer, agreements and forum.

Not here: the ways out (`leaving.py`).
"""

from __future__ import annotations

from earnest.core.terms.clauses.unexecuted import by_the_parties
from earnest.core.terms.clauses.words import Both, clause, count, money
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.sections.leaving import Court, TransferRule
from earnest.core.terms.version import Clause


def price(document: TermsDocument) -> Clause:
    """What the price can do during the wait (DE-04, US-05, pattern 9)."""
    rule = document.price
    lowest = money(document, rule.lowest)
    return clause(
        "price",
        Both(
            f"These terms are for cars from {lowest.en}.",
            f"本条款适用于售价不低于{lowest.zh}的车辆。",
        ),
        Both(
            f"The price of the order is fixed for {count(rule.months_fixed, 'month')}; it never "
            "rises without the buyer's consent.",
            f"订单价格在{rule.months_fixed}个月内固定；未经买方同意不得上涨。",
        )
        if rule.fixed
        else Both(
            "The price can change until handover; it is kept for "
            f"{count(rule.months_fixed, 'month')} at most.",
            f"交车前价格可能变动，价格保留期最长{rule.months_fixed}个月。",
        ),
        Both(
            "If the list price falls before handover the buyer may take the lower price.",
            "交车前官方售价下调的，买方可选择适用较低价格。",
        )
        if rule.falls_passed_on
        else Both(
            "If the list price falls the price of the order stays.",
            "官方售价下调的，订单价格不变。",
        ),
        by_the_parties("price.lowest", "price.months_fixed")
        if rule.fixed
        else by_the_parties("price.lowest", "price.months_fixed", "price.fixed"),
        material=not rule.fixed,
    )


def tax(document: TermsDocument) -> Clause:
    """Who bears it when tax or subsidy worsens because the seller is late (CN-40)."""
    rule = document.tax
    if rule.difference_borne:
        cap = money(document, rule.cap)
        borne = Both(
            "If tax rises or a subsidy falls away because the seller is late, the seller bears "
            f"the difference, at most {cap.en}.",
            f"因卖方延迟交付致使税费增加或补贴减少的，差额由卖方承担，最高{cap.zh}。",
        )
    else:
        borne = Both(
            "These terms give no guarantee about tax and subsidies; claims for a delay stay.",
            "本条款不对税费及补贴作出保证，买方因延迟交付享有的权利不受影响。",
        )
    return clause("tax", borne)


def finance(document: TermsDocument) -> Clause:
    """What a failed loan and an agreed trade-in mean (US-04, US-06)."""
    rule = document.finance
    return clause(
        "finance",
        Both(
            "If a loan or lease for this order is declined the buyer may leave and the deposit "
            "comes back in full.",
            "买方为本订单申请的贷款或融资租赁未获批准的，买方可退出，订购款全额退还。",
        )
        if rule.deposit_returned_if_declined
        else Both(
            "A declined loan or lease changes nothing about the order.",
            "贷款或融资租赁未获批准的，不影响本订单的履行。",
        ),
        Both(
            "A trade-in value agreed in writing binds the seller unless the used car has changed.",
            "书面确认的置换价格对卖方有约束力，旧车状况发生变化的除外。",
        )
        if rule.trade_in_quote_binds
        else Both(
            "A trade-in value may be changed by the seller at handover.",
            "交车时，卖方可调整置换价格。",
        ),
        by_the_parties("finance.trade_in_quote_binds"),
    )


_TRANSFERS = {
    TransferRule.NOBODY: Both(
        "The order cannot be passed on to another person.", "订单不得转让给他人。"
    ),
    TransferRule.FAMILY: Both(
        "The order can be passed on to a member of the buyer's close family; the place in the "
        "queue stays.",
        "订单可转让给买方的近亲属，排位保留。",
    ),
    TransferRule.WITH_CONSENT: Both(
        "The order can be passed on with the seller's consent, which is not refused without a "
        "stated reason.",
        "经卖方同意，订单可转让给他人；卖方不同意的，应说明理由。",
    ),
}


def transfer(document: TermsDocument) -> Clause:
    """Whether another person may take the order over (CN-10)."""
    return clause("transfer", _TRANSFERS[document.transfer.to], executed=False)


def agreements(document: TermsDocument) -> Clause:
    """What binds beside this text (CN-05, CN-32, EU-09, DE-01, pattern 8)."""
    rule = document.contract
    return clause(
        "agreements",
        Both(
            "What was agreed individually, also with the seller's staff by chat or mail, beats "
            "these terms.",
            "双方另有约定的（包括与卖方工作人员通过聊天、邮件达成的约定），优先于本条款。",
        )
        if rule.staff_promises_bind
        else Both(
            "These terms are the entire agreement; promises of the seller's staff do not bind.",
            "本条款构成双方的全部约定，卖方工作人员的承诺对卖方无约束力。",
        ),
        Both(
            "What the seller promised in public, in advertisements or statements, binds it.",
            "卖方在广告、公告等公开渠道作出的承诺对卖方有约束力。",
        )
        if rule.public_promises_bind
        else Both(
            "Advertisements and public statements do not bind the seller.",
            "卖方的广告及公开声明对卖方无约束力。",
        ),
        material=not (rule.staff_promises_bind and rule.public_promises_bind),
    )


_COURTS = {
    Court.BUYER: Both(
        "Disputes are decided by the court at the buyer's residence.",
        "因本合同产生的争议，由买方住所地法院管辖。",
    ),
    Court.BUYER_OR_DELIVERY: Both(
        "Disputes are decided by the court at the buyer's residence or at the place of "
        "handover, as the buyer chooses.",
        "因本合同产生的争议，由买方选择其住所地或交付地有管辖权的法院管辖。",
    ),
    Court.SELLER: Both(
        "Disputes are decided only by the court at the seller's seat.",
        "因本合同产生的争议，由卖方住所地法院专属管辖。",
    ),
    Court.ARBITRATION: Both(
        "Disputes are decided only by arbitration.",
        "因本合同产生的争议，一律提交仲裁解决。",
    ),
}


def forum(document: TermsDocument) -> Clause:
    """Where a dispute is decided and whether one may complain (CN-31, CN-41, pattern 12)."""
    rule = document.forum
    return clause(
        "forum",
        _COURTS[rule.court],
        Both(
            "The buyer may complain to any authority or consumer association at any time.",
            "买方可随时向主管部门或消费者组织投诉。",
        )
        if rule.complaints_open
        else Both(
            "The buyer does not complain to authorities or in public.",
            "买方不得向主管部门或公众投诉。",
        ),
        material=True,
        executed=False,
    )
