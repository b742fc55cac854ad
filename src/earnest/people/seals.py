"""What the pages sign: that a form is ours and still its reader's, and the secret link of an order.

A seal follows from what it covers and from the house's secrets, each purpose having a secret of its
own. Of a link only the nonce is kept, so that it can be taken back; nobody makes a link of it
without the secrets. Not here: which link of an order is in force (`desk/conversing.py`), who is
signed in (`tokens.py`) and cookies (`web/pages`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from earnest.core.values.ids import ID_LENGTH, BuyerId, OrderId
from earnest.desk.ports import OrderKey
from earnest.people.tokens import SigningKey

_SEAL_BYTES = 20
"""Of SHA-256's thirty-two: 160 bits, which nobody guesses."""


_NONCE_BYTES = 8
_NONCE_CHARACTERS = 2 * _NONCE_BYTES


class LinkForged(Exception):
    """A text that no key of this house made as the link of an order."""


class ReadLink(NamedTuple):
    """What a link of ours says: which order it shows, and which of its links it is."""

    key: OrderKey
    nonce: str


def new_link_nonce() -> str:
    """What tells the next link of an order from every other."""
    return secrets.token_hex(_NONCE_BYTES)


class Seals:
    """Seals with the first key and accepts what every key it was given has sealed.

    To rotate: put the new key first, and drop the old one when old links may die.
    """

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        """Take the keys in force; raises `ValueError` when there is none."""
        if not keys:
            raise ValueError("at least one signing key is needed")
        self._secrets = [hmac.digest(key.secret, b"earnest/seals", hashlib.sha256) for key in keys]

    def of_form(self, nonce: str, actor_id: str) -> str:
        """What a form carries, so that no other site can send it in its reader's name."""
        return _seal(self._secrets[0], "form", nonce, actor_id)

    def covers_form(self, seal: str, nonce: str, actor_id: str) -> bool:
        """Whether a form was made here, in this browser and for this reader."""
        return any(_is_same(seal, _seal(key, "form", nonce, actor_id)) for key in self._secrets)

    def link_of(self, key: OrderKey, nonce: str) -> str:
        """The secret part of an order's link. Whoever has it may look while it is in force."""
        seal = _seal(self._secrets[0], "order", key.buyer_id, key.order_id, nonce)
        return f"{key.buyer_id}{key.order_id}{nonce}{seal}"

    def read_link(self, link: str) -> ReadLink:
        """What a link says, whether it is in force or not; raises `LinkForged`."""
        buyer_id, rest = link[:ID_LENGTH], link[ID_LENGTH:]
        order_id, rest = rest[:ID_LENGTH], rest[ID_LENGTH:]
        nonce, seal = rest[:_NONCE_CHARACTERS], rest[_NONCE_CHARACTERS:]
        if not any(
            _is_same(seal, _seal(key, "order", buyer_id, order_id, nonce)) for key in self._secrets
        ):
            raise LinkForged
        return ReadLink(OrderKey(BuyerId(buyer_id), OrderId(order_id)), nonce)


def _seal(secret: bytes, *parts: str) -> str:
    # No part can hold the separator and so be read as two.
    digest = hmac.digest(secret, "\x1f".join(parts).encode(), hashlib.sha256)[:_SEAL_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _is_same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
