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
    "TimeGivenBack": Wording(
        "您的付款时限已顺延",
        "销售于{begins}至{ends}暂停，这段时间已补还给您：请在{pay_until}之前支付订购款。您的排号与权益不受"
        "影响；有截止时间的权益同样顺延[CN-26]。",
        "请在订单页面支付订购款。",
    ),
    "TimeGivenBack.benefits": Wording(
        "您的权益期限已顺延",
        "销售于{begins}至{ends}暂停，这段时间已补还给您：您订单权益所附的日期相应推迟[CN-26]，其他均无变化。",
        "新的日期见订单页面。",
    ),
    "BenefitDelivered": Wording(
        "您订单的一项权益已兑现",
        "您订单的权益（{benefit_id}）已兑现，卖方的记录为：{proof:quoted}。",
        "如您并未收到，请在订单页面提出争议。",
    ),
}
"""What Chinese says about benefits."""
