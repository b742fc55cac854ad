"""The twenty patterns of unfair terms, by number, in the words of a heading.

Not here: the checks that find them, which name their pattern.
"""

from __future__ import annotations

PATTERNS: tuple[dict[str, str], ...] = (
    {
        "zh-Hans": "尾款先于备车验车到期",
        "en": "the balance is due before a car stands there to be inspected",
    },
    {"zh-Hans": "催款取决于卖方的销售情况", "en": "the notice depends on the seller's sales"},
    {
        "zh-Hans": "未经严重违约、催告或宽限期即没收款项",
        "en": "the deposit is lost without a grave breach, a demand or time to cure",
    },
    {
        "zh-Hans": "买方违约失款，卖方违约却不对等返还",
        "en": "the buyer loses money in breach, the seller gives none back in breach",
    },
    {"zh-Hans": "预付款过高", "en": "the deposit is too high"},
    {
        "zh-Hans": "只有预计时间，迟延概不负责",
        "en": "an estimate only, and no liability whatever the delay",
    },
    {
        "zh-Hans": "可无限期推迟生产而买方不能退出",
        "en": "production can be put off without end and the buyer cannot leave",
    },
    {
        "zh-Hans": "销售人员或广告的承诺不作数",
        "en": "what staff or advertising promised does not count",
    },
    {
        "zh-Hans": "卖方单方变更配置、价格或条款",
        "en": "the seller changes configuration, price or terms alone",
    },
    {"zh-Hans": "最终解释权归卖方", "en": "the seller has the final interpretation"},
    {"zh-Hans": "签字或缺席即视为质量合格", "en": "a signature or an absence accepts the quality"},
    {"zh-Hans": "只能到外地诉讼，或不得投诉", "en": "only a remote court, or no complaint"},
    {"zh-Hans": "沉默视为同意长期延期", "en": "silence agrees to a long delay"},
    {"zh-Hans": "未锁单即失去款项", "en": "who does not lock loses the deposit"},
    {"zh-Hans": "非购买行为导致锁单", "en": "an act that is no purchase locks the order"},
    {
        "zh-Hans": "网上下单，却只能电话或到店取消",
        "en": "ordered online, cancelled only by phone or in a store",
    },
    {"zh-Hans": "提车期限不足十天", "en": "fewer than ten days to collect the car"},
    {"zh-Hans": "保管费不以实际费用为准", "en": "a storage fee that is not the real cost"},
    {
        "zh-Hans": "收款方非卖方且不承担责任",
        "en": "another than the seller is paid and does not answer",
    },
    {
        "zh-Hans": "未经单独确认的行为即终止冷静期",
        "en": "the cooling-off period ends by an act whose effect nobody confirmed",
    },
)
"""Pattern 1 stands first."""


def pattern_named(number: int) -> dict[str, str]:
    """The heading of a pattern, counted from 1, in every language."""
    return PATTERNS[number - 1]
