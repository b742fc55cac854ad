"""The lines of a statement in words, in Chinese and English.

Not here: amounts as text; the doors format money for their readers.
"""

from earnest.core.settlement.statement import Line, LineKind

WORDS: dict[LineKind, dict[str, str]] = {
    LineKind.DEPOSIT_REFUNDED: {
        "en": "The whole deposit comes back to you.",
        "zh-Hans": "已付订车款项全额退还给您。",
    },
    LineKind.EXCESS_REFUNDED: {
        "en": "The part of the deposit above 20 % of the price is not earnest money; it is a "
        "prepayment and comes back to you.",
        "zh-Hans": "超过车价百分之二十的部分不具有定金效力,属于预付款,退还给您。",
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
        "zh-Hans": "因卖方原因导致合同目的不能实现,卖方再向您支付同等金额(双倍返还定金)。",
    },
    LineKind.EARNEST_FORFEITED: {
        "en": "The seller keeps the earnest money, after a second person has checked and released "
        "it.",
        "zh-Hans": "定金不予退还;须经第二人复核放行后方可入账。",
    },
    LineKind.FEE_KEPT: {
        "en": "The fee for the service is not returned.",
        "zh-Hans": "服务费不予退还。",
    },
    LineKind.ALREADY_CHARGED_BACK: {
        "en": "Your bank already returned this sum to you, so it is set off.",
        "zh-Hans": "该笔款项已由您的银行退回,予以抵扣。",
    },
}
"""One sentence for each kind of line, by language."""


def words(line: Line, language: str) -> str:
    """The sentence for a line, in the language asked for."""
    return WORDS[line.kind][language]
