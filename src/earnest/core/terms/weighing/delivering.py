"""What the parameters of delivery are worth to the buyer.

Not here: how the contract comes about (`ordering.py`) and how it ends (`leaving.py`).
"""

from __future__ import annotations

from earnest.core.terms.weighing.measure import Measure, depends, less, more, more_of, ranked
from earnest.core.terms.weighing.worth import amount, cap, weeks_from, weeks_to

DELIVERING: dict[str, Measure] = {
    "promise.kind": Measure(
        ranked("none", "estimate", "window"),
        "A window binds, an estimate hardly, nothing not at all.",
        "承诺期有约束力，预计时间约束力弱，没有时间则无约束。",
    ),
    "promise.weeks_from": Measure(less, "The car can come earlier.", "交车可能更早。", weeks_from),
    "promise.weeks_to": Measure(
        less,
        "The seller is late sooner, and the buyer has rights sooner.",
        "卖方更早构成迟延，买方更早享有权利。",
        weeks_to,
    ),
    "promise.place": Measure(depends, "The car is handed over somewhere else.", "交车地点不同。"),
    "promise.shown_before_payment": Measure(
        more, "Who knows the time before paying can decide.", "付款前知道时间才能作出决定。"
    ),
    "promise.seller_liable": Measure(
        more, "A promise that nobody answers for is none.", "无人负责的承诺不成其为承诺。"
    ),
    "promise.seller_may_postpone_freely": Measure(
        less, "Who may postpone at will has promised nothing.", "可任意推迟的，等于没有承诺。"
    ),
    "deferral.free": Measure(more, "More deferrals without asking.", "可自行延期的次数更多。"),
    "deferral.longest_days": Measure(more, "Delivery can be moved further.", "可推迟更久。"),
    "deferral.reminder_days": Measure(
        more_of, "Nobody forgets what is announced.", "有提醒就不易遗忘。"
    ),
    "deferral.build": Measure(
        ranked("at_sellers_choice", "on_request"),
        "A car built unasked is soon demanded to be paid.",
        "未经申请而生产的车，很快就会被催款。",
    ),
    "deferral.at_end": Measure(
        ranked("lapses_with_loss", "asks"),
        "The end of a deferral should take nothing.",
        "延期届满不应丧失权利。",
    ),
    "inspection.joint": Measure(
        more, "What both saw cannot be denied.", "双方共同看过的，谁也无法否认。"
    ),
    "inspection.checklist": Measure(more_of, "More is looked at.", "查验的项目更多。"),
    "inspection.signature_means_accepted": Measure(
        less, "To sign for the car is not to accept its quality.", "签收不等于认可质量。"
    ),
    "balance_due.when": Measure(
        ranked(
            "with_order", "at_lock", "on_notice", "after_tender", "after_inspection", "at_handover"
        ),
        "The later the price is due, the safer the buyer: first the car, then the money.",
        "尾款到期越晚，买方越安全：先见车，后付款。",
    ),
    "balance_due.notice": Measure(
        ranked("sales_situation", "production", "inspection"),
        "Only an inspected car is a reason to ask for money.",
        "只有验过的车才是催款的理由。",
    ),
    "balance_due.days": Measure(more, "More time to pay.", "付款时间更充裕。"),
    "balance_due.instalments": Measure(more, "The price may come in parts.", "车款可分次支付。"),
    "collection.days": Measure(more, "More time to come for the car.", "提车时间更充裕。"),
    "collection.missed_before_demand": Measure(
        more, "More appointments can be missed before a demand.", "催告前可错过的预约更多。"
    ),
    "collection.if_buyer_does_not_come": Measure(
        ranked("cancelled", "assumed_accepted", "demand"),
        "Who did not come should be asked first.",
        "未到场的应当先予催告。",
    ),
    "late_delivery.per_day": Measure(
        more,
        "More money for each day of delay.",
        "每迟延一日的补偿更多。",
        amount("late_delivery.per_day"),
    ),
    "late_delivery.cap": Measure(
        more, "More money for a long delay.", "长期迟延的补偿更多。", cap("late_delivery")
    ),
    "late_delivery.free_days": Measure(less, "Compensation begins sooner.", "补偿更早开始计算。"),
    "late_delivery.may_leave": Measure(more, "Who waits in vain can leave.", "久等无车可以退出。"),
    "late_delivery.cure_days": Measure(
        less, "The buyer can leave a late seller sooner.", "卖方迟延时买方可更早退出。"
    ),
    "late_delivery.silence_is_consent": Measure(
        less, "Silence should agree to nothing.", "沉默不应视为同意。"
    ),
    "storage.basis": Measure(
        ranked("flat", "actual_cost", "none"),
        "No fee is better than the cost, the cost better than a flat fee.",
        "不收费优于实际费用，实际费用优于固定收费。",
    ),
    "storage.per_day": Measure(
        less, "Less is charged for each day.", "每日收费更少。", amount("storage.per_day")
    ),
    "storage.cap": Measure(less, "Less can be charged in all.", "收费总额更少。", cap("storage")),
    "storage.free_days": Measure(more, "More days without a fee.", "免费保管的日数更多。"),
    "handover_documents": Measure(more_of, "More papers come with the car.", "随车文件更多。"),
}
