"""What every key of a terms document means, in a sentence: for its schema and its manual.

Not here: the types and defaults, which the sections say themselves.
"""

from __future__ import annotations

MEANINGS: dict[str, tuple[str, str]] = {
    "version": ("The name of this version, unique for you.", "本版本的名称，由您自定且不重复。"),
    "jurisdiction": ("The law that the document is checked against.", "据以检查本文件的法域。"),
    "currency": ("The currency of every sum, by its three letters.", "全部金额所用货币的代码。"),
    "time_zone": (
        "Where days begin and end, as an IANA name.",
        "计算日期所用的时区（IANA 名称）。",
    ),
    "handover_documents": ("The papers handed over with the car.", "随车交付的文件。"),
    "close_days_after_handover": (
        "Days after handover until the order is closed.",
        "交车后多少日订单办结。",
    ),
    "texts": (
        "Texts that your lawyers signed off, by clause and language; each equals the rendering.",
        "经贵方法务审定的文本，按条款和语言填写；须与由参数生成的文本完全一致。",
    ),
    "seller.name": ("Who sells and answers.", "卖方名称。"),
    "seller.address": ("The seller's full address.", "卖方的完整地址。"),
    "seller.contact": ("Where the seller can be reached.", "卖方的联系方式。"),
    "payee.name": ("Who takes the money.", "收款方名称。"),
    "payee.jointly_liable": (
        "Whether a payee other than the seller answers jointly.",
        "收款方与卖方不同时，是否承担连带责任。",
    ),
    "contract.formed_by": ("When there is a contract.", "合同何时成立。"),
    "contract.staff_promises_bind": (
        "Whether what staff promised beats the text.",
        "工作人员的承诺是否优先于条款。",
    ),
    "contract.public_promises_bind": (
        "Whether advertisements and public statements bind.",
        "广告与公开声明是否具有约束力。",
    ),
    "contract.seller_interprets": (
        "Whether the seller alone says what the text means.",
        "解释权是否归卖方单方所有。",
    ),
    "contract.order_button": (
        "What the button that ends the order says.",
        "提交订单按钮上的文字。",
    ),
    "deposit.kind": (
        "What the deposit legally is: intent comes back, earnest binds both, fee is kept.",
        "订购款的法律性质：intent 意向金（可退）、earnest 定金（约束双方）、fee 服务费。",
    ),
    "deposit.amount": ("What is paid first.", "首先支付的金额。"),
    "deposit.label": (
        "The word for it on page, receipt and terms.",
        "页面、收据和条款上所用的名称。",
    ),
    "deposit.holding": ("Where it is kept until handover.", "交车前款项的存放方式。"),
    "deposit.credited": ("Whether it counts towards the price.", "是否抵作车款。"),
    "payment.window_minutes": (
        "Minutes that a reservation waits for its deposit.",
        "预订等待订购款到账的分钟数。",
    ),
    "cooling_off.hours": (
        "Hours from payment in which the buyer can withdraw freely.",
        "自付款起可无理由撤回的小时数。",
    ),
    "cooling_off.refund_hours": (
        "Hours until everything is back after a withdrawal.",
        "撤回后退款到账的小时数。",
    ),
    "cooling_off.ended_by": ("Acts that end the period early.", "使冷静期提前结束的行为。"),
    "cooling_off.ending_confirmed_separately": (
        "Whether the buyer confirms that effect on its own.",
        "该后果是否须经买方单独确认。",
    ),
    "lock.early_offered": ("Whether the buyer can lock early.", "是否提供提前锁单。"),
    "lock.undo_hours": (
        "Hours in which an early lock can be undone.",
        "提前锁单后可撤销的小时数。",
    ),
    "lock.if_buyer_does_nothing": (
        "What becomes of an order whose buyer did nothing in cooling-off.",
        "买方在冷静期内未作任何操作时订单的结果。",
    ),
    "changes.hours_after_lock": (
        "Hours after the lock in which the configuration can change.",
        "锁单后可变更配置的小时数。",
    ),
    "changes.queue_effect": (
        "What a change does to the place in the queue.",
        "变更配置对排位的影响。",
    ),
    "changes.seller_alone": (
        "What the seller may change without consent.",
        "卖方可单方变更的内容。",
    ),
    "changes.while_waiting": (
        "What a buyer may choose when the product changes during the wait.",
        "等待期间产品变化时买方的选择。",
    ),
    "changes.answer_days": ("Days to choose in that case.", "买方作出选择的天数。"),
    "queue.key": ("What decides the place in the queue.", "排位的依据。"),
    "promise.kind": ("How firm the delivery time is.", "交付时间的约束力。"),
    "promise.weeks_from": (
        "The week after the order in which the window begins.",
        "承诺期自下单后第几周开始。",
    ),
    "promise.weeks_to": (
        "The week after the order in which the window ends.",
        "承诺期至下单后第几周结束。",
    ),
    "promise.place": ("Where the car is handed over.", "交付地点。"),
    "promise.shown_before_payment": (
        "Whether the promise is shown before the pay button.",
        "付款之前是否展示交付承诺。",
    ),
    "promise.seller_liable": (
        "Whether a missed window gives the buyer rights.",
        "逾期交付卖方是否承担责任。",
    ),
    "promise.seller_may_postpone_freely": (
        "Whether the seller may postpone as it likes.",
        "卖方是否可任意推迟。",
    ),
    "deferral.free": ("How many deferrals cost nothing.", "可免费延期的次数。"),
    "deferral.longest_days": (
        "Days that one may last; 0 for none.",
        "每次延期的最长天数；0 为不可延期。",
    ),
    "deferral.reminder_days": (
        "Days before its end on which the buyer is reminded.",
        "期满前多少日提醒买方。",
    ),
    "deferral.build": ("When a deferred car is built.", "延期的车辆何时生产。"),
    "deferral.at_end": ("What the end of a deferral does.", "延期届满的后果。"),
    "inspection.joint": (
        "Whether both look at the car before the balance is due.",
        "支付尾款前是否共同验车。",
    ),
    "inspection.checklist": ("What they look at.", "验车项目。"),
    "inspection.signature_means_accepted": (
        "Whether signing counts as accepting the quality.",
        "签收是否视为认可质量。",
    ),
    "balance_due.when": ("When the rest of the price is due.", "尾款何时到期。"),
    "balance_due.notice": (
        "What lets the seller ask, where it is due on notice.",
        "尾款经通知到期时，卖方据何通知。",
    ),
    "balance_due.days": ("Days to pay it.", "支付尾款的天数。"),
    "balance_due.instalments": ("Whether several payments are possible.", "是否可分次支付。"),
    "collection.days": ("Days from tender to come for the car.", "车辆备妥后提车的天数。"),
    "collection.missed_before_demand": (
        "Missed appointments before the seller can demand collection.",
        "未赴约多少次后卖方可催告提车。",
    ),
    "collection.if_buyer_does_not_come": (
        "What follows when the buyer does not come.",
        "买方不来提车的后果。",
    ),
    "late_delivery.per_day": ("What the seller pays for a day of delay.", "延迟交付每日补偿金额。"),
    "late_delivery.cap": ("What it pays at most.", "补偿总额上限。"),
    "late_delivery.free_days": (
        "Days after the window that are not paid.",
        "承诺期届满后不计补偿的天数。",
    ),
    "late_delivery.may_leave": (
        "Whether the buyer can leave a late seller.",
        "逾期交付时买方可否解除合同。",
    ),
    "late_delivery.cure_days": (
        "Days that the buyer's demand gives the seller.",
        "买方催告后给予卖方的天数。",
    ),
    "late_delivery.silence_is_consent": (
        "Whether silence accepts a later date.",
        "沉默是否视为同意延期。",
    ),
    "storage.basis": ("How a storage fee is measured.", "保管费的计算依据。"),
    "storage.per_day": ("The fee for a day, or its most.", "每日保管费或其上限。"),
    "storage.cap": ("The fee at most.", "保管费总额上限。"),
    "storage.free_days": (
        "Days after tender and notice without a fee.",
        "备妥并通知后免收保管费的天数。",
    ),
    "buyers_default.grounds": (
        "Defaults on which the seller can end the order.",
        "卖方可据以解除合同的买方违约情形。",
    ),
    "buyers_default.demand": ("Whether a demand comes first.", "解除前是否须先行催告。"),
    "buyers_default.cure_days": ("Days that the demand gives.", "催告给予的宽限天数。"),
    "buyers_default.keeps": ("What the seller keeps then.", "卖方届时可扣留的款项。"),
    "buyers_default.flat_damages_basis_points": (
        "Flat damages in hundredths of a percent of the price.",
        "固定赔偿占车价的万分比。",
    ),
    "buyers_default.lower_loss_may_be_proven": (
        "Whether the buyer may prove a lower loss.",
        "买方可否证明实际损失较低。",
    ),
    "buyers_default.deposit_back_if_taken_days": (
        "Days in which what was kept comes back if another order takes slot or car; 0 for never.",
        "其他订单接走名额或车辆后退还已扣款项的期限天数；0 为不退。",
    ),
    "sellers_default.returns": (
        "What comes back when the seller answers for the end.",
        "因卖方原因终止时返还的款项。",
    ),
    "sellers_default.seller_may_leave_freely": (
        "Whether the seller can leave without a ground.",
        "卖方可否无故解除合同。",
    ),
    "sellers_default.notice_must_arrive": (
        "Whether its notice counts only when it arrived.",
        "解除通知是否以送达为准。",
    ),
    "sellers_default.buyer_may_claim_more": (
        "Whether a further loss can be claimed.",
        "买方可否主张其他损失。",
    ),
    "refunds.days": ("Days until a refund is back at most.", "退款最迟到账的天数。"),
    "refunds.release_days": (
        "Days for the second person who releases a payout.",
        "第二人复核放行的天数。",
    ),
    "refunds.channels": ("Where a buyer can cancel.", "买方取消订单的途径。"),
    "refunds.interest_basis_points": (
        "Interest in hundredths of a percent a year; 0 for what the law says.",
        "年利率的万分比；0 为依法定。",
    ),
    "refunds.all_at_once": ("Whether a refund is one sum.", "退款是否一次付清。"),
    "withdrawal_after_handover.days": (
        "Days after handover in which the car can be given back.",
        "交车后可退车的天数。",
    ),
    "withdrawal_after_handover.exempt_as_made_to_specification": (
        "Whether the car is treated as made to specification, without that right.",
        "是否作为定制商品排除该权利。",
    ),
    "withdrawal_after_handover.explained_before_order": (
        "Whether this is explained before the order.",
        "是否在下单前说明。",
    ),
    "transfer.to": ("Who may take the order over.", "订单可转让给谁。"),
    "forum.court": ("Where a dispute is decided.", "争议由何处管辖。"),
    "forum.complaints_open": (
        "Whether the buyer may complain to authorities.",
        "买方可否向主管部门投诉。",
    ),
    "price.lowest": ("The lowest price sold under these terms.", "适用本条款的最低车价。"),
    "price.fixed": ("Whether the price of the order stays.", "订单价格是否固定。"),
    "price.months_fixed": ("Months for which it stays.", "价格固定的月数。"),
    "price.falls_passed_on": (
        "Whether a fallen list price may be taken.",
        "官方降价时买方可否适用低价。",
    ),
    "tax.difference_borne": (
        "Whether the seller bears worse tax when it is late.",
        "卖方逾期时是否承担税费差额。",
    ),
    "tax.cap": ("What it bears at most.", "承担差额的上限。"),
    "finance.deposit_returned_if_declined": (
        "Whether a declined loan frees the deposit.",
        "贷款未获批准时是否退还订购款。",
    ),
    "finance.trade_in_quote_binds": (
        "Whether an agreed trade-in value stays.",
        "书面置换价格是否有约束力。",
    ),
    "clauses.id": ("The name of your own clause.", "自有条款的名称。"),
    "clauses.material": ("Whether it needs its own acknowledgement.", "是否须经买方单独确认。"),
    "clauses.zh_hans": ("Its text in Chinese.", "中文文本。"),
    "clauses.en": ("Its text in English.", "英文文本。"),
}
"""Key by key as `section.key`: the meaning in English and in Chinese."""
