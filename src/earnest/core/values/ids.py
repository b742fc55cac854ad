"""Identifiers: who, which order, which car.

Not here: drawing random ones. Order ids are derived, other ids are given by the doors.
"""

from __future__ import annotations

import base64
import hashlib
from operator import mul
from typing import NewType

BuyerId = NewType("BuyerId", str)
OrderId = NewType("OrderId", str)
StaffId = NewType("StaffId", str)
QueueId = NewType("QueueId", str)
CampaignId = NewType("CampaignId", str)
GroupId = NewType("GroupId", str)
CodeId = NewType("CodeId", str)
CentreId = NewType("CentreId", str)
TermsHash = NewType("TermsHash", str)
CatalogueHash = NewType("CatalogueHash", str)
Vin = NewType("Vin", str)

ID_LENGTH = 16
"""Characters of an id: 80 bits in base 32, short enough to read over the telephone."""

_READABLE = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

VIN_LENGTH = 17
_VIN_CHECK_POSITION = 8
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = {
    character: value
    for row in ("0123456789", " ABCDEFGH", " JKLMN P R", "  STUVWXYZ")
    for value, character in enumerate(row)
    if character != " "
}
"""What a character counts is its place in its row; I, O and Q are in none (GB 16735)."""


def derive_id(*parts: str) -> str:
    """Sixteen readable characters that follow from the parts and from nothing else.

    The alphabet has no I, L, O and U, so that a number read aloud is not misheard.
    """
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=10).digest()
    return base64.b32encode(digest).translate(_READABLE).decode()


def derive_order_id(buyer_id: BuyerId, key: str) -> OrderId:
    """The order id that a buyer's reservation with this idempotency key gets.

    A repeated request therefore names the same order before anything was looked up.
    """
    return OrderId(derive_id("order", buyer_id, key))


def vin_is_valid(text: str) -> bool:
    """Whether the text is a vehicle identification number with a correct check digit.

    Seventeen characters without I, O and Q; position nine is the check digit (GB 16735).
    """
    if len(text) != VIN_LENGTH or not _VIN_VALUES.keys() >= set(text):
        return False
    return text[_VIN_CHECK_POSITION] == _vin_check_digit(text)


def vin_with_check_digit(text: str) -> Vin:
    """The same seventeen characters with position nine set to the right check digit."""
    assert len(text) == VIN_LENGTH, "a VIN has seventeen characters"
    before, after = text[:_VIN_CHECK_POSITION], text[_VIN_CHECK_POSITION + 1 :]
    return Vin(before + _vin_check_digit(text) + after)


def _vin_check_digit(text: str) -> str:
    """The weighted sum by eleven; a remainder of ten is written X. Position nine weighs nothing."""
    values = map(_VIN_VALUES.__getitem__, text)
    remainder = sum(map(mul, values, _VIN_WEIGHTS)) % 11
    return "0123456789X"[remainder]
