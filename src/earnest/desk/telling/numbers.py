"""What a promise or an agreement says, field by field, in English and Simplified Chinese.

Not here: how a language writes money and instants (`language.py`) and the sentences around them.
"""

from __future__ import annotations

from collections.abc import Mapping

from earnest.core.terms.override import OverrideField

_ENGLISH: Mapping[OverrideField, str] = {
    OverrideField.COOLING_OFF_HOURS: "free withdrawal within {value} hours",
    OverrideField.UNDO_LOCK_HOURS: "{value} hours to take an early lock back",
    OverrideField.CHANGE_HOURS_AFTER_LOCK: "{value} hours after the lock to change the car",
    OverrideField.PAYMENT_WINDOW_MINUTES: "{value} minutes to pay the deposit",
    OverrideField.DEFERRALS_FREE: "deferrals without asking: {value}",
    OverrideField.DEFERRAL_DAYS_LONGEST: "a deferral of up to {value} days",
    OverrideField.PROMISE_WEEKS_TO: "delivery within {value} weeks of the reservation",
    OverrideField.APPOINTMENTS_BEFORE_DEMAND: "missed appointments before a demand: {value}",
    OverrideField.BALANCE_DUE_DAYS: "{value} days to pay the balance",
    OverrideField.CURE_DAYS: "{value} days to make good what was missed",
    OverrideField.DELIVERY_CURE_DAYS: "{value} days for a late seller to deliver after a demand",
    OverrideField.COOLING_OFF_REFUND_HOURS: "money back within {value} hours of a withdrawal",
    OverrideField.REFUND_DAYS: "money back within {value} days",
    OverrideField.REFUND_INTEREST_BASIS_POINTS: "interest on late refunds: {value} basis points",
    OverrideField.LATE_DELIVERY_PER_DAY: "{value} for each day of delay",
    OverrideField.LATE_DELIVERY_CAP: "compensation for delay of up to {value}",
    OverrideField.LATE_DELIVERY_FREE_DAYS: "days of delay without compensation: {value}",
    OverrideField.STORAGE_PER_DAY: "storage at {value} a day",
    OverrideField.STORAGE_CAP: "storage of {value} at most",
    OverrideField.STORAGE_FREE_DAYS: "{value} days of storage free of charge",
    OverrideField.TAX_DIFFERENCE_CAP: "lost tax relief made good up to {value}",
    OverrideField.PRICE_FALLS_PASSED_ON: "price falls passed on: {value}",
    OverrideField.CHANGE_ANSWER_DAYS: "{value} days to answer when something changes",
    OverrideField.DEPOSIT_RETURNED_IF_FINANCE_DECLINED: "deposit back if the loan fails: {value}",
    OverrideField.WITHDRAWAL_DAYS_AFTER_HANDOVER: "withdrawal within {value} days of the handover",
    OverrideField.FORFEITURE_WAIVED: "deposit back whatever happens: {value}",
    OverrideField.DELIVERY_UNTIL: "delivery before {value}",
    OverrideField.PRICE_REDUCTION: "{value} off the price",
}

_CHINESE: Mapping[OverrideField, str] = {
    OverrideField.COOLING_OFF_HOURS: "{value}小时内可自由退订",
    OverrideField.UNDO_LOCK_HOURS: "提前锁单后{value}小时内可撤销",
    OverrideField.CHANGE_HOURS_AFTER_LOCK: "锁单后{value}小时内可更改配置",
    OverrideField.PAYMENT_WINDOW_MINUTES: "{value}分钟内支付订购款",
    OverrideField.DEFERRALS_FREE: "可自行延期{value}次",
    OverrideField.DEFERRAL_DAYS_LONGEST: "每次最长可延期{value}天",
    OverrideField.PROMISE_WEEKS_TO: "自预订起{value}周内交付",
    OverrideField.APPOINTMENTS_BEFORE_DEMAND: "错过{value}次预约后方可催告",
    OverrideField.BALANCE_DUE_DAYS: "{value}天内支付尾款",
    OverrideField.CURE_DAYS: "补正期限为{value}天",
    OverrideField.DELIVERY_CURE_DAYS: "催告后卖方须在{value}天内交付",
    OverrideField.COOLING_OFF_REFUND_HOURS: "退订后{value}小时内退款",
    OverrideField.REFUND_DAYS: "{value}天内退款",
    OverrideField.REFUND_INTEREST_BASIS_POINTS: "逾期退款利率为万分之{value}",
    OverrideField.LATE_DELIVERY_PER_DAY: "迟延交付每日补偿{value}",
    OverrideField.LATE_DELIVERY_CAP: "迟延补偿最高{value}",
    OverrideField.LATE_DELIVERY_FREE_DAYS: "迟延{value}天内不计补偿",
    OverrideField.STORAGE_PER_DAY: "保管费每日{value}",
    OverrideField.STORAGE_CAP: "保管费最高{value}",
    OverrideField.STORAGE_FREE_DAYS: "{value}天内免收保管费",
    OverrideField.TAX_DIFFERENCE_CAP: "购置税优惠损失补偿最高{value}",
    OverrideField.PRICE_FALLS_PASSED_ON: "降价自动适用：{value}",
    OverrideField.CHANGE_ANSWER_DAYS: "发生变更时有{value}天答复",
    OverrideField.DEPOSIT_RETURNED_IF_FINANCE_DECLINED: "贷款未获批时退还订购款：{value}",
    OverrideField.WITHDRAWAL_DAYS_AFTER_HANDOVER: "交车后{value}天内可退车",
    OverrideField.FORFEITURE_WAIVED: "无论何种情形均退还订购款：{value}",
    OverrideField.DELIVERY_UNTIL: "在{value}之前交付",
    OverrideField.PRICE_REDUCTION: "车价减少{value}",
}

FIELDS: Mapping[str, Mapping[OverrideField, str]] = {"en": _ENGLISH, "zh-Hans": _CHINESE}
"""The words for every field, by language; `{value}` is where the value stands."""

FLAGS: Mapping[str, Mapping[bool, str]] = {
    "en": {True: "yes", False: "no"},
    "zh-Hans": {True: "是", False: "否"},
}
"""How a language says yes and no."""

SEPARATORS: Mapping[str, str] = {"en": "; ", "zh-Hans": "；"}
"""What stands between two of several numbers."""
