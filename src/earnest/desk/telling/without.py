"""What an order runs without when the buyer never acknowledged a clause of major impact (CN-03).

Not here: which clauses those are (`core/order/effective.py`) and the clauses themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

_ANY = {
    "en": "This clause is not part of your contract. Nobody can rely on it against you.",
    "zh-Hans": "该条款不是您合同的内容，任何人不得据此对您主张权利。",
}

_WITHOUT: Mapping[str, Mapping[str, str]] = {
    "forfeiture": {
        "en": "Without this clause your deposit comes back whole, also when you leave.",
        "zh-Hans": "没有该条款，即使您退出，订购款也全额退还。",
    },
    "lock_effect": {
        "en": "Without this clause the order cannot be locked early; your free withdrawal runs on.",
        "zh-Hans": "没有该条款，订单不能提前锁单，您仍可在冷静期内自由退订。",
    },
    "deferral": {
        "en": "Without this clause silence after a deferral costs you nothing, neither order nor "
        "deposit.",
        "zh-Hans": "没有该条款，延期届满后的沉默不会使您失去订单或订购款。",
    },
    "storage": {
        "en": "Without this clause nothing is charged for storing your car.",
        "zh-Hans": "没有该条款，不得向您收取车辆保管费。",
    },
    "forum": {
        "en": "Without this clause you can sue and be sued only where the law says, for a consumer "
        "at home or at the place of delivery.",
        "zh-Hans": "没有该条款，管辖法院依法确定，消费者可在住所地或交付地起诉。",
    },
    "seller_and_payee": {
        "en": "Without this clause the seller and whoever took your money both answer for it.",
        "zh-Hans": "没有该条款，卖方与收款方对您的款项共同承担责任。",
    },
}


def without_clause(clause_id: str, language: str) -> str:
    """What holds for the buyer because this clause is not part of the contract."""
    return _WITHOUT.get(clause_id, _ANY)[language]
