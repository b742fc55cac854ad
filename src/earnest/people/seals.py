"""What the pages sign: that a form is ours and still its reader's, and the secret link of an order.

Nothing of it is kept: a seal follows from what it covers and from the house's secrets, each purpose
having a secret of its own. Not here: who is signed in (`tokens.py`) and cookies (`web/pages`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from earnest.core.values.ids import ID_LENGTH, BuyerId, OrderId
from earnest.people.tokens import SigningKey

_SEAL_BYTES = 20
"""Of SHA-256's thirty-two: 160 bits, which nobody guesses."""


class LinkForged(Exception):
    """A text that no key of this house made as the link of an order."""


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

    def link_of(self, buyer_id: BuyerId, order_id: OrderId) -> str:
        """The secret part of an order's link. Whoever has it may look at the order."""
        return f"{buyer_id}{order_id}{_seal(self._secrets[0], 'order', buyer_id, order_id)}"

    def order_of(self, link: str) -> tuple[BuyerId, OrderId]:
        """Whose order and which a link shows; raises `LinkForged`."""
        buyer_id, order_id = link[:ID_LENGTH], link[ID_LENGTH : 2 * ID_LENGTH]
        seal = link[2 * ID_LENGTH :]
        if not any(
            _is_same(seal, _seal(key, "order", buyer_id, order_id)) for key in self._secrets
        ):
            raise LinkForged
        return BuyerId(buyer_id), OrderId(order_id)


def _seal(secret: bytes, *parts: str) -> str:
    # No part can hold the separator and so be read as two.
    digest = hmac.digest(secret, "\x1f".join(parts).encode(), hashlib.sha256)[:_SEAL_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _is_same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
