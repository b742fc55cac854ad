"""Simplified Chinese: places without a unit or before they can be paid, and what opens them.

Not here: the rest of an order's life (`chinese.py`, `chinese_exits.py`).
"""

from earnest.desk.telling.sentence import Wording

_LEAVE = "您可随时退出，无需支付任何费用。"

SCARCE = {
    "Reserved.waiting": Wording(
        "您已进入候补",
        "您在队列中的排号为{rank}，车价{price}。限量名额目前已满，您是候补第{unit.waiting_number}位，"
        "现在无需支付任何款项。名额一经释出，将按排号依次提供给候补购车人，届时会书面通知您。",
        _LEAVE,
    ),
    "Reserved.opens_later": Wording(
        "预订成功，付款即将开放",
        "您在队列中的排号为{rank}，车价{price}，承诺交付期为{promise:days}。"
        "订购款{deposit}的付款通道即将开放，届时会通知您，付款时限自开放之时起算。",
        _LEAVE,
    ),
    "Reinstated.unit_gone": Wording(
        "您的预订已恢复，并排在候补首位",
        "经核实您确在时限内支付了订购款，但在支付机构告知之前，该名额已提供给他人。"
        "您的预订连同排号已恢复，下一个释出的名额将先于您之后的购车人提供给您；其间款项先行退还。",
        _LEAVE,
    ),
    "UnitAllotted": Wording(
        "您已获得一个限量名额",
        "有限量名额释出，您是候补中的第一位，该名额归您。",
        "何时起、至何时止可支付订购款，将另行通知您。",
    ),
    "PaymentOpened": Wording(
        "现在可以支付订购款",
        "订购款的付款通道已开放，请在{pay_until}之前支付，时限自现在起算。"
        "逾期未付，预订失效，您无需承担任何费用。",
        "请在订单页面支付订购款。",
    ),
    "PaymentOpened.offer": Wording(
        "有名额为您释出",
        "有限量名额释出，在{pay_until}之前支付订购款，该名额即归您。"
        "逾期未付，名额顺延给下一位候补购车人，预订失效，您无需承担任何费用。",
        "请在订单页面支付订购款。",
    ),
    "SurplusReceived.no_unit": Wording(
        "您仍在候补，款项将予退还",
        "收到{amount}，而目前尚无可提供给您的名额。您的候补位次保留，该款项属于您，"
        "将于{payout.due_at:until}之前原路退还[CN-29]。",
    ),
    "SurplusReceived.unit_gone": Wording(
        "等候下一名额期间，订购款先行退还",
        "{amount}确系按时支付，但该名额已提供给他人。下一个释出的名额将首先提供给您；"
        "在此之前该款项属于您，将于{payout.due_at:until}之前原路退还[CN-29]。",
    ),
}
