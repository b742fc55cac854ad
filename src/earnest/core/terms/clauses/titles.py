"""What each clause of the engine is called on paper.

Not here: its text.
"""

from __future__ import annotations

TITLES: dict[str, dict[str, str]] = {
    clause_id: {"en": english, "zh-Hans": chinese}
    for clause_id, english, chinese in (
        ("terms", "Order and version", "订购与条款版本"),
        ("seller_and_payee", "Seller and payee", "卖方与收款方"),
        ("formation", "How the contract comes about", "合同的成立"),
        ("deposit", "Deposit", "订购款"),
        ("payment_window", "Payment window", "付款时限"),
        ("cooling_off", "Cooling-off", "冷静期"),
        ("lock_effect", "Lock", "锁单"),
        ("changes", "Changes", "变更"),
        ("queue", "Queue", "排位"),
        ("promise", "Delivery promise", "交付承诺"),
        ("deferral", "Deferral", "延期交付"),
        ("inspection", "Joint inspection", "共同验车"),
        ("balance_due", "Balance due", "尾款"),
        ("collection", "Collection", "提车"),
        ("delay", "Late delivery", "延迟交付"),
        ("storage", "Storage", "车辆保管"),
        ("handover", "Handover", "交车"),
        ("forfeiture", "The buyer's default", "买方违约"),
        ("sellers_default", "The seller's default", "卖方违约"),
        ("seller_cancels", "Cancellation by the seller", "卖方解除"),
        ("refunds", "Cancelling and refunds", "取消与退款"),
        ("withdrawal_after_handover", "Withdrawal after handover", "交车后的撤回"),
        ("price", "Price", "价格"),
        ("tax", "Tax and subsidies", "税费与补贴"),
        ("finance", "Finance and trade-in", "贷款与置换"),
        ("transfer", "Passing the order on", "订单转让"),
        ("agreements", "Agreements and promises", "约定与承诺"),
        ("forum", "Court and complaints", "争议与投诉"),
    )
}
"""Clause by clause in every language; a maker's own clause goes by its id."""
