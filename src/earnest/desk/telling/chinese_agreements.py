"""Simplified Chinese: what departs from the standard terms of one order.

Not here: the rest of an order's life (`chinese.py`, `chinese_exits.py`).
"""

from earnest.desk.telling.sentence import Wording

AGREEMENTS = {
    "AgreementProposed": Wording(
        "有一份补充协议待确认",
        "您的订单有第{agreement.number}号补充协议待确认：{agreement.overrides:overrides}。原话为：{agreement.text:quoted}"
        "。在双方均接受之前，一切不变。",
        "请在订单页面查看，并选择接受或拒绝。",
    ),
    "AgreementMade": Wording(
        "补充协议已生效",
        "第{agreement.number}号补充协议已生效，并优先于标准条款[CN-05]：{agreement.overrides:overrides}。原话为："
        "{agreement.text:quoted}。",
    ),
    "AgreementDeclined": Wording(
        "补充协议未获接受",
        "第{number}号补充协议提议已被拒绝或撤回，其他一切不变。{explanation:reason}",
    ),
    "PublicPromisesApplied": Wording(
        "公开承诺已适用于您的订单",
        "厂家的公开承诺已成为您订单的内容，并在订单存续期间始终有效[CN-26]：{promised:overrides}。",
    ),
    "PriceLowered": Wording(
        "您的订单降价了",
        "您的订单车价由{previous_price}降为{price}，其他一切不变。",
    ),
}
"""What Chinese says about promises and agreements."""
