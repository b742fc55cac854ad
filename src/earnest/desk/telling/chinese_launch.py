"""Chinese: what a launch brings to an order.

Not here: the rest of an order's life (`chinese.py`).
"""

from earnest.desk.telling.sentence import Wording

LAUNCH = {
    "Reserved.with_benefits": Wording(
        "已为您保留排号，并附购车权益",
        "您在队列中的排号为{rank}，车价{price}，承诺交付期为{promise:days}；请在{pay_until}之前支付"
        "订购款{deposit}。下列权益按当时公布的条件属于您的订单，不得另加条件[CN-26]："
        "{benefits:benefits}。",
        "请在订单页面支付订购款，各项权益的条件亦列于该页面。",
    ),
    "BenefitDelivered": Wording(
        "您订单的一项权益已兑现",
        "您订单的权益（{benefit_id}）已兑现，卖方的记录为：{proof:quoted}。",
        "如您并未收到，请在订单页面提出争议。",
    ),
}
"""What Chinese says about benefits."""
