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
    "TermsOffered": Wording(
        "您可以选用新版条款",
        "卖方向您的订单提供{version}版条款。在您接受之前，您的订单仍适用原版本；您没有接受的义务[EU-08]。",
        "请在订单页面比较两个版本，并选择接受或拒绝。",
    ),
    "TermsOffered.worse": Wording(
        "卖方提供的其他条款有对您不利之处",
        "卖方向您的订单提供{version}版条款，其中部分内容对您较为不利。在您明确接受之前，您的订单仍适用原版本；您没有接受的义务[EU-08]。",
        "请在订单页面比较两个版本，并选择接受或拒绝。",
    ),
    "TermsAccepted": Wording(
        "您的订单已适用其他条款",
        "您已为订单接受{version}版条款。只有您单独确认过的重要条款才成为合同内容[CN-03]。",
    ),
    "TermsDeclined": Wording(
        "您的条款不变",
        "您拒绝了卖方提供的条款，您的订单仍适用原版本，一切不变。",
    ),
}
"""What Chinese says about promises and agreements."""
