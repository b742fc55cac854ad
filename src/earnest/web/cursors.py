"""Cursors: where a page ended, as one opaque word.

Not here: what a page shows.
"""

from __future__ import annotations

import base64
import binascii

import msgspec

from earnest.core.values.ids import BuyerId, OrderId
from earnest.desk.ports import OrderKey
from earnest.web.codes import DoorCode
from earnest.web.identity import looks_like_id
from earnest.web.problems import TurnedAway

_decoder = msgspec.json.Decoder(tuple[str, str])


def cursor_after(key: OrderKey) -> str:
    """The cursor of a page whose last order has this key."""
    place = msgspec.json.encode((key.buyer_id, key.order_id))
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def place_of(cursor: str) -> OrderKey:
    """The key that a cursor stands for; a cursor that was not given out is turned away."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        buyer_id, order_id = _decoder.decode(base64.b64decode(padded, b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise TurnedAway(DoorCode.CURSOR_MALFORMED) from error
    key = OrderKey(BuyerId(buyer_id), OrderId(order_id))
    if not (looks_like_id(buyer_id) and looks_like_id(order_id) and cursor_after(key) == cursor):
        raise TurnedAway(DoorCode.CURSOR_MALFORMED)
    return key
