"""Simplified Chinese: demands, exits, payouts, cases and reminders.

Not here: the main path of an order (`chinese.py`).
"""

from __future__ import annotations

from earnest.desk.telling.sentence import Wording

_KEPT = "款项已妥善保管，将在{payout.due_at:until}之前退还给您[CN-29]。"
_OPEN_CASE = "如有不同意见，请在订单页面提出争议。"
_STATEMENT = "订单页面的结算单逐笔列明金额及其依据的规则。"

_DEMANDS = {
    "PerformanceDemanded": Wording(
        "卖方请您履行",
        "卖方请您履行（{ground:word}），并给予{cure_days}天期限，自证明通知送达之时起算[CN-11]。订单并未"
        "终止。",
        _OPEN_CASE,
    ),
    "PerformanceDemanded.balance_default": Wording(
        "卖方催告逾期尾款",
        "卖方请您支付所验车辆的逾期尾款，并给予{cure_days}天期限，自证明通知送达之时起算[CN-11]。订单并未"
        "终止。",
        f"请在订单页面一次或分次支付。{_OPEN_CASE}",
    ),
    "PerformanceDemanded.collection_default": Wording(
        "卖方请您到场验车",
        "卖方请您到场验车，并给予{cure_days}天期限，自证明通知送达之时起算[CN-11]。验车之前无需支付任何"
        "款项，订单并未终止。",
        f"请在订单页面选择验车时间，或申请延期。{_OPEN_CASE}",
    ),
    "PerformanceDemanded.deferral_silence": Wording(
        "延期届满后，卖方询问您的选择",
        "延期已届满，卖方询问您的选择，并给予{cure_days}天期限，自证明通知送达之时起算[CN-11]。订单并未"
        "终止。",
        f"请在订单页面选择：恢复、再次延期或退出。{_OPEN_CASE}",
    ),
    "NoticeDelivered": Wording(
        "履行期限已起算",
        "已记录：第{demand_number}号催告于{delivered_at}送达您。您在{cure_until:until}之前履行的，不会有任何"
        "后果；逾期后卖方方可取消订单，且须经第二人复核[CN-11]。",
        _OPEN_CASE,
    ),
    "NoticeDelivered.in_app": Wording(
        "您的履行期限已开始计算",
        "您于{delivered_at}以本人账号打开了第{demand_number}号催告，此即送达证明。您在{cure_until:until}之前"
        "按催告履行的，不产生任何后果；此后卖方方可取消订单，且须经第二人复核[CN-11]。",
        _OPEN_CASE,
    ),
    "NoticeDelivered.balance": Wording(
        "尾款的支付期限已起算",
        "已记录：尾款通知于{delivered_at}送达您，期限自该时起算[CN-11]，尾款应在{cure_until:until}之前支付。",
        f"请在订单页面一次或分次支付。{_OPEN_CASE}",
    ),
    "NoticeDelivered.balance_in_app": Wording(
        "您的尾款支付期限已开始计算",
        "您于{delivered_at}以本人账号打开了尾款通知，此即送达证明，期限自该时起算[CN-11]，尾款应在"
        "{cure_until:until}之前支付。",
        f"请在订单页面一次或分次支付。{_OPEN_CASE}",
    ),
    "CancellationApproved": Wording(
        "一项拟议的取消已复核",
        "第二人复核了卖方拟议的取消（{ground:word}）。此举本身不改变任何事项。",
    ),
}

_ENDS = {
    "Withdrawn": Wording(
        "您已撤回",
        "您在冷静期内撤回了订单[CN-27]。订单已结束，您无需承担任何费用，已付款项全额退还给您。",
    ),
    "CancelledByBuyer": Wording(
        "您已取消订单",
        "您已取消订单。哪些款项退还、哪些不退，均逐笔结算并注明依据的规则[CN-16][CN-17]。",
        _STATEMENT,
    ),
    "CancelledBySeller": Wording(
        "卖方已取消您的订单",
        "经第{demand_number}号催告、补正期限届满和第二人复核，卖方取消了订单（{ground:word}）[CN-11]。退还"
        "给您的款项逐笔结算并注明依据的规则。",
        f"{_STATEMENT}{_OPEN_CASE}",
    ),
    "CancellationContested": Wording(
        "您的订单并未终止",
        "卖方声明取消订单，但订单并未终止，原因是：{missing:words}[CN-11]。您的排号、排产名额和款项均保持"
        "不变；您可以坚持履行，也可以因这一违约行为解除订单并{owed}。",
        "已就此立案处理。您无需任何操作即可保留订单。",
    ),
    "CancellationContested.against_agreement": Wording(
        "您的订单并未终止",
        "卖方违反仍在有效期内的延期协议[CN-05]声明取消订单，但订单并未终止，原因是：{missing:words}[CN-11]。您的排号、"
        "排产名额和款项均保持不变；您可以坚持履行，也可以因卖方违反协议解除订单并{owed}。",
        "已就此立案处理。您无需任何操作即可保留订单。",
    ),
    "CancellationRevoked": Wording(
        "卖方已收回取消声明",
        "卖方收回了取消订单的声明。您的排号、排产名额和款项从未受影响，订单继续执行。",
    ),
    "PerformanceRefused": Wording(
        "卖方表示不再履行",
        "卖方表示不再履行，但订单并不因此终止：您可以坚持履行，也可以立即解除订单[CN-12]并{owed}。"
        "{explanation:reason}",
        "请在订单页面比较两种选择，页面会逐分列明对您款项的影响。",
    ),
    "DeliveryDemanded": Wording(
        "您已催告交付",
        "您已催告交付，并给予逾期的卖方宽限至{cure_until:until}[CN-12]。届时仍未备车待验的，您可以解除订单"
        "并{owed}。",
    ),
    "TerminatedByBuyer": Wording(
        "您已因卖方违约解除订单",
        "您已因卖方违约（{ground:word}）解除订单[CN-12]。卖方应付的款项逐笔确定[CN-17]；超出您已付"
        "款项的部分须经第二人复核放行，复核不得变更金额。",
        _STATEMENT,
    ),
    "TerminatedForForceMajeure": Wording(
        "订单因不可抗力解除",
        "卖方因{occurred_at:day}发生的、双方均无需负责的事件解除了订单[CN-20]。您已付的款项全额退还一次。",
        f"{_STATEMENT}{_OPEN_CASE}",
    ),
    "TerminatedForForceMajeure.by_buyer": Wording(
        "您已因不可抗力解除订单",
        "您因{occurred_at:day}发生的、双方均无需负责的事件解除了订单[CN-20]。您已付的款项全额退还一次。",
        _STATEMENT,
    ),
}

_SETTLEMENTS = {
    "SettlementFixed": Wording(
        "结算已确定",
        "结算已确定：应付给您{statement.owed_to_buyer}。",
        _STATEMENT,
    ),
    "SettlementFixed.doubled": Wording(
        "结算已确定",
        "结算已确定：应付给您{statement.owed_to_buyer}，其中定金加倍部分为{doubled}[CN-17]。加倍部分须经第二人"
        "在{release_due_at:until}之前复核放行。",
        _STATEMENT,
    ),
    "SettlementFixed.forfeited": Wording(
        "结算已确定",
        "结算已确定：定金{forfeited}经第二人复核放行后不予返还[CN-17]。",
        f"{_STATEMENT}{_OPEN_CASE}",
    ),
    "SettlementFixed.forfeited_rest_owed": Wording(
        "结算已确定",
        "结算已确定：应付给您{statement.owed_to_buyer}；定金{forfeited}经第二人复核放行后不予返还"
        "[CN-16][CN-17]。",
        f"{_STATEMENT}{_OPEN_CASE}",
    ),
    "SettlementFixed.fee_kept": Wording(
        "结算已确定",
        "结算已确定：服务费{fee_kept}不予退还。",
        f"{_STATEMENT}{_OPEN_CASE}",
    ),
    "SettlementFixed.fee_kept_rest_owed": Wording(
        "结算已确定",
        "结算已确定：应付给您{statement.owed_to_buyer}；服务费{fee_kept}不予退还。",
        f"{_STATEMENT}{_OPEN_CASE}",
    ),
    "SettlementFixed.forfeited_may_come_back": Wording(
        "结算已确定",
        "结算已确定：定金{forfeited}暂予扣留[CN-17]。其他订单在{back_until:until}之前接走您的名额或车辆的，该款项扣除已举证的"
        "费用后退还给您；在此之前任何人不得放行入账。",
        f"{_STATEMENT}{_OPEN_CASE}",
    ),
    "SettlementFixed.forfeited_rest_owed_may_come_back": Wording(
        "结算已确定",
        "结算已确定：应付给您{statement.owed_to_buyer}；定金{forfeited}暂予扣留[CN-16][CN-17]。其他订单在{back_until:until}"
        "之前接走您的名额或车辆的，该款项扣除已举证的费用后退还给您；在此之前任何人不得放行入账。",
        f"{_STATEMENT}{_OPEN_CASE}",
    ),
    "SettlementFixed.fee_kept_may_come_back": Wording(
        "结算已确定",
        "结算已确定：服务费{fee_kept}暂予扣留。其他订单在{back_until:until}之前接走您的名额或车辆的，该款项扣除已举证的费用后"
        "退还给您。",
        f"{_STATEMENT}{_OPEN_CASE}",
    ),
    "SettlementFixed.fee_kept_rest_owed_may_come_back": Wording(
        "结算已确定",
        "结算已确定：应付给您{statement.owed_to_buyer}；服务费{fee_kept}暂予扣留。其他订单在{back_until:until}之前接走您的名额"
        "或车辆的，该款项扣除已举证的费用后退还给您。",
        f"{_STATEMENT}{_OPEN_CASE}",
    ),
    "SettlementFixed.set_off": Wording(
        "结算已确定",
        "结算已确定：应付给您的款项已全部由您的银行退回。",
        _STATEMENT,
    ),
    "SettlementFixed.nothing": Wording(
        "结算已确定",
        "结算已确定：未持有任何款项，双方互不相欠。",
    ),
}

_PAYOUTS = {
    "SurplusReceived": Wording(
        "收到您的多余款项，将予退还",
        f"收到您无需支付的款项{{amount}}。{_KEPT}",
    ),
    "SurplusReceived.paid_twice": Wording(
        "您重复付款，第二笔将予退还",
        f"第{{payment_number}}笔付款重复到账，金额{{amount}}。{_KEPT}",
    ),
    "SurplusReceived.order_over": Wording(
        "当时无需付款，款项将予退还",
        f"收到{{amount}}，当时本订单无需付款。{_KEPT}",
    ),
    "SurplusReceived.amount_differs": Wording(
        "金额与订购款不符，款项将予退还",
        f"收到{{amount}}，与应付的订购款金额不符。{_KEPT}",
        "如需保留排号，请在付款时限内按准确金额支付订购款。",
    ),
    "SurplusReceived.paid_too_late": Wording(
        "订购款支付逾期，款项将予退还",
        f"{{amount}}于{{paid_at}}支付，已超过付款时限。{_KEPT}",
    ),
    "SurplusReceived.more_than_due": Wording(
        "您多付了款，差额将予退还",
        f"您的付款超出尾款{{amount}}。{_KEPT}",
    ),
    "PayoutReleased": Wording(
        "款项已放行",
        "第二人已复核放行第{payout_number}笔打款，款项即将付给您。",
    ),
    "ForfeitureReleased": Wording(
        "定金不予返还已复核放行",
        "第二人已复核放行：定金{amount}不予返还[CN-17]。",
    ),
    "PayoutPaid": Wording(
        "款项已付给您",
        "已向您支付{amount}。支付机构流水号：{provider_reference}。",
    ),
    "PayoutUnknown": Wording(
        "正在查询打款结果",
        "支付机构尚未确认第{payout_number}笔打款。我们会先查询结果再决定是否重试，确保您恰好收到一次。",
    ),
    "PayoutFailed": Wording(
        "打款未成功，将再次尝试",
        "支付机构未完成第{payout_number}笔打款；该款项仍应付给您，将再次尝试[CN-29]。{explanation:reason}",
    ),
    "ChargebackReceived": Wording(
        "您的银行已退回款项",
        "您的银行从第{payment_number}笔付款中退回了{amount}。订单保持不变，已立案核实。",
    ),
}

_CASES = {
    "CaseOpened": Wording(
        "争议已立案",
        "第{number}号争议已立案：{subject:quoted}。争议与订单并行，本身不改变订单。",
    ),
    "CaseOpened.contested_cancellation": Wording(
        "已就卖方取消立案",
        "第{number}号争议已立案：卖方的取消缺少必要条件。订单照常执行。",
    ),
    "CaseOpened.chargeback": Wording(
        "已就银行退款立案",
        "第{number}号争议已立案：核实您的银行退回的款项。订单照常执行。",
    ),
    "EvidenceAdded": Wording(
        "证据已提交",
        "第{number}号证据已提交（{evidence_kind:word}）：{description:quoted}。双方均可查阅，任何人不得修改"
        "或删除。",
        "请在订单页面查阅，并可提交您自己的证据。",
    ),
    "CaseAnswered": Wording(
        "卖方已答复您的争议",
        "卖方已答复第{number}号争议：{answer:quoted}。在未曾参与此争议的人员作出决定之前，争议仍为未结。",
        "如有希望一并考虑的材料，请在订单页面提交为证据。",
    ),
    "CaseClosed": Wording(
        "争议已结案",
        "第{number}号争议已结案，结果：{outcome:word}。{reasons:reason}",
        "如有异议，您可以再次提出争议、向主管部门投诉或提起诉讼；订单页面的争议材料包已备齐所需内容。",
    ),
    "CaseClosed.withdrawn": Wording(
        "您已撤回争议",
        "您已撤回第{number}号争议。您可以随时再次提出。",
    ),
}

_REMINDERS = {
    "Reminded": Wording("订单提醒", "有事项到期：{due_at:until}。"),
    "Reminded.deferral_ends_soon": Wording(
        "延期即将届满",
        "您订单的延期即将届满，届满不会使您失去任何权益。您可以提出要车、再次延期或退出[CN-05]。",
        "请在订单页面选择，页面会逐分列明每种选择对您款项的影响。",
    ),
    "Reminded.deferral_answer_due": Wording(
        "您的延期申请仍待厂家答复",
        "厂家尚未答复您的延期申请，答复期限还剩三天。厂家如不答复，申请即告终止，您不会因此失去任何权益"
        "[CN-06]。",
        "您无需操作；您也可以在订单页面撤回申请。",
    ),
    "Reminded.change_answer_due": Wording(
        "有一项变更等待您的答复",
        "等待交付期间情况有变，答复期限即将届满。如不答复，您的订单保持不变[CN-09]。",
        "请在订单页面选择：保持、换购或退出。",
    ),
    "Reminded.agreement_turns": Wording(
        "补充协议开始或届满",
        "您订单的一份补充协议自此开始生效或届满。订单页面列明此后适用的内容及其依据[CN-05]。",
    ),
    "Reminded.promise_missed": Wording(
        "您的车交付逾期",
        "承诺交付期已于{due_at}届满，而车辆尚未备妥。您可以等待，也可以催告交付；此后经合理期限仍未交付的，"
        "您可以解除订单[CN-12]并{owed}。",
        "请在订单页面催告交付，或继续等待。",
    ),
    "Reminded.balance_overdue": Wording(
        "尾款已逾期",
        "您所验车辆的尾款应在{due_at:until}之前支付。订单不会自动终止：卖方须先催告，并给予您至少14天"
        "期限[CN-11]。",
        "请在订单页面一次或分次支付。",
    ),
    "Reminded.cure_period_over": Wording(
        "催告给予的期限已届满",
        "催告给予您的期限已于{due_at:until}届满，订单并未自动终止。卖方此后可以取消订单，但须经第二人复核"
        "[CN-11]。",
        f"只要订单仍在，请按催告履行。{_OPEN_CASE}",
    ),
    "Reminded.delivery_cure_over": Wording(
        "您现在可以因迟延解除订单",
        "您给予逾期卖方的期限已于{due_at:until}届满。您现在可以解除订单[CN-12]并{owed}，"
        "也可以继续等待。",
        "请在订单页面比较两种选择。",
    ),
    "Reminded.release_overdue": Wording(
        "复核放行已逾期",
        "第二人应在{due_at:until}之前复核放行本订单的一笔款项，但尚未放行。应付给您的金额不因此改变。",
        _OPEN_CASE,
    ),
    "Reminded.case_answer_overdue": Wording(
        "卖方尚未答复您的争议",
        "卖方应在{due_at:until}之前答复您的争议，但尚未答复[CN-33]。争议仍为未结，未答复一事已记入争议"
        "材料包。",
        "您可以随时向主管部门投诉或提起诉讼；订单页面的争议材料包已备齐所需内容。",
    ),
    "Reminded.case_decision_overdue": Wording(
        "争议尚未作出决定",
        "争议应在{due_at:until}之前作出决定，但仍为未结[CN-33]。",
        "您可以随时向主管部门投诉或提起诉讼；订单页面的争议材料包已备齐所需内容。",
    ),
    "Reminded.refund_overdue": Wording(
        "应付给您的款项已逾期",
        "一笔应付给您的款项应在{due_at:until}之前支付，但尚未确认到账。该款项仍应付给您；超过15日的，视为"
        "卖方故意拖延[CN-29]。",
        _OPEN_CASE,
    ),
}

EXITS = _DEMANDS | _ENDS | _SETTLEMENTS | _PAYOUTS | _CASES | _REMINDERS
"""What Chinese says on every occasion beside the main path."""
