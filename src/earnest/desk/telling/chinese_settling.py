"""Simplified Chinese: what bears on a settlement and what comes out of one beside the usual.

Not here: demands, exits and payouts (`chinese_exits.py`).
"""

from __future__ import annotations

from earnest.desk.telling.sentence import Wording

_OPEN_CASE = "如有异议，可在订单页面提出争议。"
_STATEMENT = "订单页面的对账单逐笔列明每笔款项及其依据。"

SETTLING = {
    "Withdrawn.after_handover": Wording(
        "您将退回车辆",
        "您在交付后行使了无理由退货权。卖方收到车辆或收到退回证明后，您已付的款项全部退还。",
        "请将车辆送回或由卖方取回，并保留凭证。",
    ),
    "CarReturned": Wording(
        "车辆已退回，款项开始退还",
        "卖方已收到退回的车辆（{proof:quoted}）。您已付的全部款项正在退还。",
    ),
    "LossDocumented": Wording(
        "一项损失已登记",
        "已登记一项损失{amount}（{item:word}），证据：{evidence:quoted}。经第二人复核后方可计入结算。",
        _OPEN_CASE,
    ),
    "LossDocumented.buyer": Wording(
        "您的损失已登记",
        "您的损失{amount}（{item:word}）已登记，证据：{evidence:quoted}。须经卖方核对；如订单因卖方原因终止"
        "或逾期交付，其他款项未能弥补的部分将赔偿给您。",
    ),
    "LossApproved": Wording(
        "一项损失已复核",
        "第二人已依据证据复核第{number}项损失。此后该损失计入结算；各退出方式的结果见订单页面。",
        _OPEN_CASE,
    ),
    "FinanceDeclined": Wording(
        "您的贷款未获批准",
        "已登记您的贷款或融资租赁未获批准（{proof:quoted}）。订单照常继续。",
        "订单页面列明因此退出时款项如何处理；您也可以改用其他方式付款。",
    ),
    "PartlyDelivered": Wording(
        "您的车队已部分交付",
        "{fleet.vehicles}辆中已有{fleet.delivered}辆交付并接收。此后定金仅担保其余车辆。",
    ),
    "CompensationFixed": Wording(
        "卖方应向您支付逾期交付补偿",
        "您的车辆逾期交付，卖方另应向您支付{payout.amount}。该款项须经第二人在{payout.release_due_at:until}"
        "之前复核放行；您签署的任何文件均不构成放弃。",
        _STATEMENT,
    ),
    "LateRefundCompensated": Wording(
        "退款逾期，另有款项应付给您",
        "第{late_payout_number}笔付款逾期{days_late}天。经第二人复核放行后，另向您支付{payout.amount}。",
        _STATEMENT,
    ),
    "ResaleRecorded": Wording(
        "车辆已转售他人",
        "您订单的车辆已以{price}转售。已扣金额不因此改变。",
        _OPEN_CASE,
    ),
    "ResaleRecorded.returned": Wording(
        "车辆已转售他人，差额退还给您",
        "您订单的车辆已以{price}转售，卖方实际损失低于已扣金额：{payout.amount}将在{payout.due_at:until}之前"
        "退还给您。",
        _STATEMENT,
    ),
    "SettlementFixed.beyond": Wording(
        "结算已确定",
        "结算已确定：应付给您{statement.owed_to_buyer}，其中{beyond}超出您已付的款项。超出部分须经第二人在"
        "{release_due_at:until}之前复核放行。",
        _STATEMENT,
    ),
    "SettlementFixed.loss_kept": Wording(
        "结算已确定",
        "结算已确定：卖方已举证的净损失{kept}经第二人复核放行后可予扣除；您有权证明实际损失更低。",
        f"{_STATEMENT}{_OPEN_CASE}",
    ),
    "SettlementFixed.loss_kept_rest_owed": Wording(
        "结算已确定",
        "结算已确定：应付给您{statement.owed_to_buyer}；卖方已举证的净损失{kept}经第二人复核放行后可予扣除；"
        "您有权证明实际损失更低。",
        f"{_STATEMENT}{_OPEN_CASE}",
    ),
    "ForfeitureReleased.fee": Wording(
        "服务费已放行",
        "第二人已复核，服务费{amount}不予退还。",
    ),
}
"""What Chinese says about losses, compensation and late refunds."""
