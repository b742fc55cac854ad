"""The values of choices in words, for people who never saw the file.

Not here: what a choice is worth (`measure.py`), and contract texts (`terms/clauses`).
"""

from __future__ import annotations

from enum import StrEnum

VALUES: dict[str, tuple[str, str]] = {
    "intent": ("money that always comes back", "意向金（可退）"),
    "earnest": ("earnest money", "定金"),
    "fee": ("a fee", "服务费"),
    "CN": ("China", "中国"),
    "EU": ("the European Union", "欧盟"),
    "DE": ("Germany", "德国"),
    "FR": ("France", "法国"),
    "UK": ("the United Kingdom", "英国"),
    "US-FTC": ("the United States", "美国"),
    "US-CA": ("California", "加利福尼亚州"),
    "US-NY": ("New York", "纽约州"),
    "KR": ("Korea", "韩国"),
    "own_account": ("the seller's own account", "卖方自有账户"),
    "segregated": ("a separate account", "专户"),
    "escrow": ("an escrow account", "第三方存管账户"),
    "order_submitted": ("when the order is submitted", "提交订单时"),
    "payment": ("when the deposit is paid", "支付订购款时"),
    "seller_confirms": ("when the seller confirms", "卖方确认时"),
    "buyer_lock": ("the buyer's own lock", "买方锁单"),
    "signature": ("a signature", "签字"),
    "test_drive": ("a test drive", "试驾"),
    "configuration": ("the configuration", "配置"),
    "scheduling": ("scheduling", "排产"),
    "locks": ("the order locks", "订单锁定"),
    "lapses_refunded": ("the order lapses and is refunded", "订单失效并退款"),
    "lapses_with_loss": ("the order lapses and the deposit is lost", "失效且订购款不退"),
    "price": ("the price", "价格"),
    "delivery": ("the delivery", "交付"),
    "terms": ("the terms", "条款"),
    "keeps_rank": ("the rank is kept", "保留排位"),
    "restarts": ("the queue restarts", "重新排队"),
    "keep": ("keep", "维持"),
    "switch": ("switch", "改订"),
    "leave": ("leave", "退出"),
    "reservation": ("by reservation", "按预订时间"),
    "lock": ("by lock", "按锁单时间"),
    "window": ("a window that binds", "有约束力的承诺期"),
    "estimate": ("an estimate", "预计时间"),
    "none": ("none", "无"),
    "on_request": ("only when the buyer asks", "仅在买方申请后"),
    "at_sellers_choice": ("when the seller likes", "由卖方决定"),
    "asks": ("the buyer is asked", "询问买方"),
    "with_order": ("with the order", "下单时"),
    "at_lock": ("at the lock", "锁单时"),
    "on_notice": ("on the seller's notice", "卖方通知时"),
    "after_tender": ("when the car stands ready", "车辆备妥后"),
    "after_inspection": ("after the joint inspection", "共同验车后"),
    "at_handover": ("at the handover", "交车时"),
    "inspection": ("the inspection", "验车"),
    "production": ("production", "生产进度"),
    "sales_situation": ("the seller's sales", "卖方的销售情况"),
    "demand": ("a demand with time to cure", "催告并给予宽限期"),
    "assumed_accepted": ("the car counts as accepted", "视为验收合格"),
    "cancelled": ("the order is cancelled", "取消订单"),
    "actual_cost": ("the actual cost", "实际费用"),
    "flat": ("a flat fee", "固定收费"),
    "balance": ("an unpaid balance", "尾款未付"),
    "collection": ("a car not collected", "未提车"),
    "deferral_silence": ("silence after a deferral", "延期届满后未答复"),
    "nothing": ("nothing", "不没收、不返还"),
    "loss": ("the documented loss", "有凭据的损失"),
    "deposit": ("the whole deposit", "全部订购款"),
    "single": ("what was paid", "已付款项"),
    "single_with_interest": ("what was paid, with interest", "已付款项及利息"),
    "double": ("double", "双倍"),
    "online": ("online", "线上"),
    "phone": ("by phone", "电话"),
    "store": ("in a store", "门店"),
    "nobody": ("nobody", "任何人不得受让"),
    "family": ("family", "近亲属"),
    "with_consent": ("anybody, with consent", "经同意的任何人"),
    "buyer": ("the buyer's court", "买方所在地法院"),
    "buyer_or_delivery": ("the buyer's court or that of delivery", "买方所在地或交付地法院"),
    "seller": ("the seller's court", "卖方所在地法院"),
    "arbitration": ("arbitration", "仲裁"),
}
"""Each value of a choice, in English and Chinese."""

_YES = {"en": ("no", "yes"), "zh-Hans": ("否", "是")}
_NONE = {"en": "none", "zh-Hans": "无"}
_BETWEEN = {"en": ", ", "zh-Hans": "、"}


def in_words(value: object, language: str) -> str:
    """A value of a document as a person says it."""
    if isinstance(value, bool):
        return _YES[language][value]
    if isinstance(value, tuple):
        said = _BETWEEN[language].join(in_words(each, language) for each in value)
        return said or _NONE[language]
    if isinstance(value, StrEnum):
        return VALUES[value][language == "zh-Hans"]
    return str(value)
