"""What a buyer signs by their own login when the car is handed over, and finding that signature.

The signature is a piece of evidence whose content is the statement, word for word: filed by the
buyer's login, dated, and never changed. Its digest is what the handover names as signature. Not
here: the handover itself, which staff do (`core/order/handover.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from earnest.core.cases.evidence import EvidenceFact, digest_of
from earnest.core.order.state import Order
from earnest.core.terms.clauses.names import name_of

_TEXTS: Mapping[str, str] = {
    "en": (
        "Order {order_id}. I have received the car with the VIN {vin} and with it: {documents}. "
        "This takes away no claim about defects, and none for a delay."
    ),
    "zh-Hans": (
        "订单 {order_id}。本人已收到车辆识别代号为 {vin} 的车辆，以及随车交付的：{documents}。"
        "本签署不影响就质量瑕疵和迟延交付提出的任何主张。"
    ),
}
_BETWEEN = {"en": ", ", "zh-Hans": "、"}


def statements(order: Order, documents: tuple[str, ...]) -> dict[str, str]:
    """What the buyer of a built car signs, in every language."""
    assert order.car is not None, "nobody signs for a car that does not exist"
    names = [name_of(each) for each in documents]
    listed = {"en": [each.en for each in names], "zh-Hans": [each.zh for each in names]}
    return {
        language: text.format(
            order_id=order.order_id,
            vin=order.car.vin,
            documents=_BETWEEN[language].join(listed[language]),
        )
        for language, text in _TEXTS.items()
    }


def signature(order: Order, documents: tuple[str, ...]) -> EvidenceFact | None:
    """The buyer's signature under one of the statements, if it was given by their own login."""
    texts = statements(order, documents)
    digests = {digest_of(text.encode()) for text in texts.values()}
    return next(
        (
            piece
            for piece in order.evidence
            if piece.digest in digests and piece.added_by == f"buyer:{order.buyer_id}"
        ),
        None,
    )
