"""Cursors: where a page ended, as one opaque word.

Not here: what a page shows.
"""

from __future__ import annotations

import base64
import binascii

import msgspec

from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.desk.ports import OrderKey
from earnest.web.codes import DoorCode
from earnest.web.identity import looks_like_id
from earnest.web.problems import TurnedAway

_decoder = msgspec.json.Decoder(tuple[str, str])
_LARGEST_NUMBER = 2**63 - 1
_DIGITS = 19
_decoder_of_lines = msgspec.json.Decoder(tuple[Instant, str])


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


def cursor_after_line(at: Instant, place: str) -> str:
    """The cursor of a page of a log whose last line has this instant and place."""
    return base64.urlsafe_b64encode(msgspec.json.encode((at, place))).decode().rstrip("=")


def line_of(cursor: str, *, digits_only: bool = False) -> tuple[Instant, str]:
    """Where a page of a log ended; a cursor that was not given out is turned away."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        decoded = base64.b64decode(padded, b"-_", validate=True)
        at, place = _decoder_of_lines.decode(decoded)
    except (binascii.Error, ValueError) as error:
        raise TurnedAway(DoorCode.CURSOR_MALFORMED) from error
    is_place = place.isascii() and (_is_number(place) if digits_only else place.isalnum())
    if at.tzinfo is None or not is_place:
        raise TurnedAway(DoorCode.CURSOR_MALFORMED)
    return at, place


def _is_number(place: str) -> bool:
    """Whether a place can be the number of a row."""
    return place.isdigit() and len(place) == _DIGITS and int(place) <= _LARGEST_NUMBER
