"""What the parameters of exits and guarantees are worth to the buyer.

Not here: the first half of a contract (`ordering.py`) and delivery (`delivering.py`).
"""

from __future__ import annotations

from earnest.core.terms.weighing.measure import (
    Measure,
    depends,
    fewer_of,
    less,
    more,
    more_of,
    nothing_changes,
    ranked,
)
from earnest.core.terms.weighing.worth import amount, back_if_taken

LEAVING: dict[str, Measure] = {
    "buyers_default.grounds": Measure(
        fewer_of, "The seller can end the order for fewer reasons.", "卖方可解除合同的事由更少。"
    ),
    "buyers_default.demand": Measure(
        more, "The seller has to ask before it ends anything.", "卖方解除前必须先催告。"
    ),
    "buyers_default.cure_days": Measure(
        more, "More time to put a default right.", "补正的时间更充裕。"
    ),
    "buyers_default.keeps": Measure(
        ranked("deposit", "earnest", "loss", "nothing"),
        "The less the seller keeps, the less the buyer can lose.",
        "卖方没收越少，买方损失越小。",
    ),
    "buyers_default.flat_damages_basis_points": Measure(
        less, "Lower flat damages.", "定额赔偿更低。"
    ),
    "buyers_default.lower_loss_may_be_proven": Measure(
        more, "The buyer can show that the loss was lower.", "买方可证明实际损失更低。"
    ),
    "buyers_default.deposit_back_if_taken_days": Measure(
        more,
        "What was kept comes back for longer once another order takes slot or car.",
        "其他订单接走名额或车辆后退还已扣款项的期限更长。",
        back_if_taken,
    ),
    "sellers_default.returns": Measure(
        ranked("nothing", "single", "single_with_interest", "double"),
        "The more the seller returns, the dearer its own breach.",
        "卖方返还越多，其违约代价越高。",
    ),
    "sellers_default.seller_may_leave_freely": Measure(
        less, "Who may leave at will is not bound.", "可任意退出的，不受约束。"
    ),
    "sellers_default.notice_must_arrive": Measure(
        more, "What never arrived should end nothing.", "未送达的通知不应产生效力。"
    ),
    "sellers_default.buyer_may_claim_more": Measure(
        more, "A loss above the deposit can be claimed.", "超过定金的损失可以索赔。"
    ),
    "refunds.days": Measure(less, "The money is back sooner.", "退款更快到账。"),
    "refunds.release_days": Measure(
        less, "The second person's look takes less time.", "复核放款的时间更短。"
    ),
    "refunds.channels": Measure(more_of, "More ways to cancel.", "取消的渠道更多。"),
    "refunds.interest_basis_points": Measure(
        more, "More interest on what comes back late.", "退款利息更多。"
    ),
    "refunds.all_at_once": Measure(more, "The refund is one sum.", "退款一次付清。"),
    "withdrawal_after_handover.days": Measure(
        more, "More days to give the car back.", "退车的日数更多。"
    ),
    "withdrawal_after_handover.exempt_as_made_to_specification": Measure(
        less, "An exemption takes the right to give the car back.", "以定制为由会排除退车权。"
    ),
    "withdrawal_after_handover.explained_before_order": Measure(
        more, "Who knows the right can use it.", "知道权利才能行使。"
    ),
    "transfer.to": Measure(
        ranked("nobody", "family", "with_consent"),
        "More people can take the order over.",
        "可受让订单的人更多。",
    ),
    "forum.court": Measure(
        ranked(("seller", "arbitration"), "buyer", "buyer_or_delivery"),
        "A court nearby, and a choice, make a claim worth bringing.",
        "就近诉讼并可选择，维权才有意义。",
    ),
    "forum.complaints_open": Measure(more, "The buyer can complain.", "买方可以投诉。"),
    "price.lowest": Measure(
        depends, "Other cars are sold under these terms.", "适用本条款的车型价格不同。"
    ),
    "price.fixed": Measure(more, "The price cannot rise.", "价格不得上涨。"),
    "price.months_fixed": Measure(more, "The price is guaranteed for longer.", "保价时间更长。"),
    "price.falls_passed_on": Measure(
        more, "A lower price reaches those who wait.", "降价惠及等待中的买方。"
    ),
    "tax.difference_borne": Measure(
        more, "The seller bears the tax if it is late.", "卖方迟延时承担税费差额。"
    ),
    "tax.cap": Measure(
        more, "The seller bears more of the tax.", "卖方承担的税费差额更多。", amount("tax.cap")
    ),
    "finance.deposit_returned_if_declined": Measure(
        more, "Without a loan the deposit comes back.", "贷款未获批准时退还订购款。"
    ),
    "finance.trade_in_quote_binds": Measure(
        more, "The value of the old car stands.", "旧车置换价不得压低。"
    ),
    "close_days_after_handover": Measure(
        depends, "The file stays open for another time.", "订单办结的时间不同。"
    ),
    "clauses": Measure(depends, "The maker's own clauses have to be read.", "自拟条款须逐条阅读。"),
    "texts": Measure(
        nothing_changes, "A pinned text says what the parameters say.", "固定文本与参数含义一致。"
    ),
}
