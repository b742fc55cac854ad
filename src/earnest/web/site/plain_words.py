"""The clauses that matter, said in plain words, from the same numbers that run.

The legal text stands beside it and decides. A clause that is not here has no plain words yet, and
then only its legal text is shown. Not here: that text (`core/terms/clauses`).
"""

from __future__ import annotations

from earnest.core.terms.policy import DepositKind, Policy
from earnest.desk.telling import money_words

_EARNEST = {
    "en": "You pay {deposit} now, and it counts towards the price. It binds both sides: who breaks "
    "the contract loses as much.",
    "zh-Hans": "您现在支付{deposit}，抵作车款。定金对双方都有约束：谁违约，谁就损失同样的金额。",
}
_OTHER = {
    "en": "You pay {deposit} now, and it counts towards the price.",
    "zh-Hans": "您现在支付{deposit}，抵作车款。",
}
_WORDS = {
    "lock_effect": {
        "en": "For {cooling_off} hours after paying you can leave and get everything back. After "
        "that the order is locked. You never have to lock early, and it brings you nothing.",
        "zh-Hans": "付款后{cooling_off}小时内，您可以退出并拿回全部款项；此后订单锁定。"
        "您无需提前锁单，提前锁单也没有任何好处。",
    },
    "deferral": {
        "en": "You can move delivery later by up to {deferral} days, {free} without a reason or a "
        "fee, and you keep your place. If the time runs out, nothing is taken: you are asked.",
        "zh-Hans": "您最多可以把交付推迟{deferral}天，{free}无需理由和费用，排位保留。"
        "期满不会扣除任何款项，卖方会先询问您。",
    },
    "forfeiture": {
        "en": "The deposit can be kept only if you leave after the lock without a breach by the "
        "seller, or do not do your part although you were asked and had {cure} days. A second "
        "person checks it first.",
        "zh-Hans": "只有在锁单后您无故退出，或经催告并满{cure}天仍未履行时，"
        "卖方才可以不退定金，且须先经第二人复核。",
    },
    "forum": {
        "en": "If we end up in court, you choose: the court where you live, or the one where the "
        "car is handed over.",
        "zh-Hans": "如需诉讼，由您选择：您住所地的法院，或交车地的法院。",
    },
    "terms": {
        "en": "You order this car at this price under these terms. Whatever we change later does "
        "not touch your order unless you agree.",
        "zh-Hans": "您按本条款以此价格订购这辆车。我们以后作出的任何修改，"
        "未经您同意都不影响您的订单。",
    },
}
_TIMES = {
    "en": {0: "never", 1: "once", 2: "twice"},
    "zh-Hans": {0: "均非", 1: "其中1次", 2: "其中2次"},
}


def plain_words(clause_id: str, policy: Policy, language: str) -> str:
    """What a clause comes to; empty where nobody has put it in plain words."""
    words = _words(clause_id, policy)
    if words is None:
        return ""
    times = _TIMES[language].get(policy.deferrals_free)
    return words[language].format(
        deposit=money_words(policy.deposit, language),
        cooling_off=policy.cooling_off_hours,
        deferral=policy.deferral_days_longest,
        free=times or str(policy.deferrals_free),
        cure=policy.cure_days,
    )


def _words(clause_id: str, policy: Policy) -> dict[str, str] | None:
    """The words that are true under this policy, or none."""
    if clause_id == "deposit":
        return _EARNEST if policy.deposit_kind is DepositKind.EARNEST else _OTHER
    if clause_id == "lock_effect" and not policy.cooling_off_hours:
        return None
    if clause_id == "deferral" and not policy.deferrals_free:
        return None
    if clause_id == "forfeiture" and policy.deposit_kind is not DepositKind.EARNEST:
        return None
    return _WORDS.get(clause_id)
