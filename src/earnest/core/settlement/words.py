"""The lines of a statement in words, in Chinese and English, to the buyer and about the buyer.

Not here: amounts as text; the doors format money for their readers.
"""

from enum import StrEnum

from earnest.core.settlement.statement import Line, LineKind


class Reader(StrEnum):
    """Who reads a settlement."""

    BUYER = "buyer"
    """The buyer, who is spoken to."""
    OTHERS = "others"
    """Staff, auditors, a court: the buyer is spoken about."""


WORDS: dict[LineKind, dict[str, str]] = {
    LineKind.DEPOSIT_REFUNDED: {
        "en": "The whole deposit comes back to you.",
        "zh-Hans": "已付订车款项全额退还给您。",
    },
    LineKind.EXCESS_REFUNDED: {
        "en": "The part of the deposit above 20 % of the price is not earnest money; it is a "
        "prepayment and comes back to you.",
        "zh-Hans": "超过车价百分之二十的部分不具有定金效力，属于预付款，退还给您。",
    },
    LineKind.BALANCE_REFUNDED: {
        "en": "What you paid towards the balance comes back to you.",
        "zh-Hans": "您已支付的尾款退还给您。",
    },
    LineKind.EARNEST_RETURNED: {
        "en": "Your earnest money comes back to you.",
        "zh-Hans": "您的定金退还给您。",
    },
    LineKind.EARNEST_DOUBLED: {
        "en": "The seller answers for the end of this order, so the same sum is paid to you once "
        "more (double return).",
        "zh-Hans": "因卖方原因导致合同目的不能实现，卖方再向您支付同等金额（双倍返还定金）。",
    },
    LineKind.EARNEST_FORFEITED: {
        "en": "The seller keeps the earnest money, after a second person has checked and released "
        "it.",
        "zh-Hans": "定金不予退还；须经第二人复核放行后方可入账。",
    },
    LineKind.FEE_KEPT: {
        "en": "The fee for the service is not returned.",
        "zh-Hans": "服务费不予退还。",
    },
    LineKind.ALREADY_CHARGED_BACK: {
        "en": "Your bank already returned this sum to you, so it is set off.",
        "zh-Hans": "该笔款项已由您的银行退回，予以抵扣。",
    },
    LineKind.DEPOSIT_REST_REFUNDED: {
        "en": "The rest of the deposit, which no documented loss of the seller covers, comes back "
        "to you.",
        "zh-Hans": "超出卖方已举证净损失的剩余订车款项退还给您。",
    },
    LineKind.DELIVERED_PART_REFUNDED: {
        "en": "The part of the earnest money that stands for the vehicles already delivered and "
        "accepted comes back to you.",
        "zh-Hans": "与已交付并接收的车辆相对应的定金退还给您。",
    },
    LineKind.LOSS_KEPT: {
        "en": "The seller keeps its documented net loss and no more, after a second person has "
        "checked and released it. You may prove that the loss was lower.",
        "zh-Hans": "卖方仅可扣除已举证的净损失，且须经第二人复核放行；您有权证明实际损失更低。",
    },
    LineKind.INTEREST_PAID: {
        "en": "The seller had your money without giving you the car and pays you interest on it.",
        "zh-Hans": "卖方占用您的款项而未能交车，按日向您支付利息。",
    },
    LineKind.DELAY_COMPENSATED: {
        "en": "The seller delivered late and pays you the agreed sum for each day, up to the cap.",
        "zh-Hans": "卖方逾期交付，按约定的每日金额向您支付补偿，以约定上限为限。",
    },
    LineKind.LOSS_COMPENSATED: {
        "en": "The seller makes good the part of your documented loss that nothing else here "
        "covers.",
        "zh-Hans": "您已举证的损失中，其他款项未能弥补的部分由卖方赔偿。",
    },
    LineKind.TAX_DIFFERENCE_BORNE: {
        "en": "The delivery slipped into another tax year through the seller, which bears the "
        "difference up to its guarantee.",
        "zh-Hans": "因卖方原因跨年交付产生的购置税差额，由卖方在保障上限内承担。",
    },
    LineKind.PRICE_REFUNDED: {
        "en": "You give the car back, so the whole price comes back to you once the car has "
        "arrived.",
        "zh-Hans": "您退回车辆，卖方收到车辆后向您退还全部车款。",
    },
    LineKind.RESALE_RETURNED: {
        "en": "The car was sold to somebody else, so the seller lost less than it kept; the "
        "difference comes back to you.",
        "zh-Hans": "车辆已转售他人，卖方实际损失低于已扣金额，差额退还给您。",
    },
    LineKind.TAKEN_RETURNED: {
        "en": "Another order took the slot or the car in time, so what was kept comes back to you "
        "by the terms of your order, less the documented costs.",
        "zh-Hans": "其他订单已在期限内接走名额或车辆，按您订单的条款，"
        "所扣款项扣除已举证的费用后退还给您。",
    },
}
"""One sentence for each kind of line, by language, to the buyer."""

_ABOUT: dict[LineKind, dict[str, str]] = {
    LineKind.DEPOSIT_REFUNDED: {
        "en": "The whole deposit goes back to the buyer.",
        "zh-Hans": "已付订车款项全额退还买方。",
    },
    LineKind.EXCESS_REFUNDED: {
        "en": "The part of the deposit above 20 % of the price is not earnest money; it is a "
        "prepayment and goes back to the buyer.",
        "zh-Hans": "超过车价百分之二十的部分不具有定金效力，属于预付款，退还买方。",
    },
    LineKind.BALANCE_REFUNDED: {
        "en": "What the buyer paid towards the balance goes back to the buyer.",
        "zh-Hans": "买方已支付的尾款退还买方。",
    },
    LineKind.EARNEST_RETURNED: {
        "en": "The earnest money goes back to the buyer.",
        "zh-Hans": "定金退还买方。",
    },
    LineKind.EARNEST_DOUBLED: {
        "en": "The seller answers for the end of this order, so the same sum is paid to the buyer "
        "once more (double return).",
        "zh-Hans": "因卖方原因导致合同目的不能实现，卖方再向买方支付同等金额（双倍返还定金）。",
    },
    LineKind.ALREADY_CHARGED_BACK: {
        "en": "The buyer's bank already returned this sum to the buyer, so it is set off.",
        "zh-Hans": "该笔款项已由买方的银行退回，予以抵扣。",
    },
    LineKind.DEPOSIT_REST_REFUNDED: {
        "en": "The rest of the deposit, which no documented loss of the seller covers, goes back "
        "to the buyer.",
        "zh-Hans": "超出卖方已举证净损失的剩余订车款项退还买方。",
    },
    LineKind.DELIVERED_PART_REFUNDED: {
        "en": "The part of the earnest money that stands for the vehicles already delivered and "
        "accepted goes back to the buyer.",
        "zh-Hans": "与已交付并接收的车辆相对应的定金退还买方。",
    },
    LineKind.LOSS_KEPT: {
        "en": "The seller keeps its documented net loss and no more, after a second person has "
        "checked and released it. The buyer may prove that the loss was lower.",
        "zh-Hans": "卖方仅可扣除已举证的净损失，且须经第二人复核放行；买方有权证明实际损失更低。",
    },
    LineKind.INTEREST_PAID: {
        "en": "The seller had the buyer's money without giving the car and pays interest on it.",
        "zh-Hans": "卖方占用买方款项而未能交车，按日向买方支付利息。",
    },
    LineKind.DELAY_COMPENSATED: {
        "en": "The seller delivered late and pays the buyer the agreed sum for each day, up to the "
        "cap.",
        "zh-Hans": "卖方逾期交付，按约定的每日金额向买方支付补偿，以约定上限为限。",
    },
    LineKind.LOSS_COMPENSATED: {
        "en": "The seller makes good the part of the buyer's documented loss that nothing else "
        "here covers.",
        "zh-Hans": "买方已举证的损失中，其他款项未能弥补的部分由卖方赔偿。",
    },
    LineKind.PRICE_REFUNDED: {
        "en": "The buyer gives the car back, so the whole price goes back once the car has "
        "arrived.",
        "zh-Hans": "买方退回车辆，卖方收到车辆后向买方退还全部车款。",
    },
    LineKind.RESALE_RETURNED: {
        "en": "The car was sold to somebody else, so the seller lost less than it kept; the "
        "difference goes back to the buyer.",
        "zh-Hans": "车辆已转售他人，卖方实际损失低于已扣金额，差额退还买方。",
    },
    LineKind.TAKEN_RETURNED: {
        "en": "Another order took the slot or the car in time, so what was kept goes back to the "
        "buyer by the terms of the order, less the documented costs.",
        "zh-Hans": "其他订单已在期限内接走名额或车辆，按订单条款，"
        "所扣款项扣除已举证的费用后退还买方。",
    },
}
"""The sentences that differ where the buyer is spoken about."""


def words(line: Line, language: str, reader: Reader) -> str:
    """The sentence for a line, in the language asked for and for this reader."""
    about = _ABOUT.get(line.kind) if reader is Reader.OTHERS else None
    return (about or WORDS[line.kind])[language]
