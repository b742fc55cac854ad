"""Priority codes and friends' codes as texts: signing them, and reading what a signed one says.

A text is `earnest-code-1.KEY.CONTENT.SIGNATURE`: content and signature (HMAC-SHA256 over everything
before the last dot, by a secret derived for this one purpose) in unpadded base64url. Only the house
reads its codes, so nobody needs a public key. Nothing in a code is chance: the same content gives
the same text, so that a lost one is signed again and none has to be kept.

Not here: what a code opens (`core/launch/admitting.py`) and whether it was used (the desk).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from earnest.core.launch.attribution import referral_of
from earnest.core.launch.code import PriorityCode
from earnest.core.values.ids import BuyerId, CampaignId, CodeId, GroupId
from earnest.people.tokens import SigningKey

PRIORITY = "earnest-code-1"
REFERRAL = "earnest-friend-1"

LONGEST_CODE = 600
"""Characters; a longer text is not one of ours and is not worth checking."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_STANDARD = str.maketrans("-_", "+/")


class CodeForged(Exception):
    """A text that no key of this house signed as such a code."""


class _Priority(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a priority code says, its end in whole seconds since 1970."""

    code: str
    campaign: str
    group: str
    until: int
    buyer: str | None = None


class _Referral(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a friend's code says: an id from which no buyer can be found."""

    friend: str


Content = TypeVar("Content", _Priority, _Referral)


class Codes:
    """Signs with the first key and accepts the codes of every key it was given.

    To rotate: put the new key first, and drop the old one when its last code is over.
    """

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        """Take the keys in force; raises `ValueError` when there is none or an id repeats."""
        self._secrets = {
            key.key_id: hmac.digest(key.secret, b"earnest/codes", hashlib.sha256) for key in keys
        }
        if not keys or len(self._secrets) != len(keys):
            raise ValueError("at least one signing key is needed, each with an id of its own")
        self._key_id = keys[0].key_id

    def sign(self, code: PriorityCode) -> str:
        """The text of a priority code."""
        content = _Priority(
            code=code.code_id,
            campaign=code.campaign_id,
            group=code.group_id,
            until=(code.valid_until - _EPOCH) // _SECOND,
            buyer=code.buyer_id,
        )
        return self._signed(PRIORITY, content)

    def read(self, text: str) -> PriorityCode:
        """What a priority code says, whosever it is; raises `CodeForged`."""
        content = self._content(PRIORITY, text, _Priority)
        return PriorityCode(
            code_id=CodeId(content.code),
            campaign_id=CampaignId(content.campaign),
            group_id=GroupId(content.group),
            valid_until=_EPOCH + content.until * _SECOND,
            buyer_id=None if content.buyer is None else BuyerId(content.buyer),
        )

    def sign_referral(self, buyer_id: BuyerId) -> str:
        """The friend's code of a buyer, always the same under one key."""
        return self._signed(REFERRAL, _Referral(friend=referral_of(buyer_id)))

    def read_referral(self, text: str) -> str:
        """The referral id in a friend's code; raises `CodeForged`."""
        return self._content(REFERRAL, text, _Referral).friend

    def _signed(self, form: str, content: _Priority | _Referral) -> str:
        signed = f"{form}.{self._key_id}.{_packed(msgspec.json.encode(content))}"
        return f"{signed}.{self._signature(self._key_id, signed)}"

    def _signature(self, key_id: str, signed: str) -> str:
        return _packed(hmac.digest(self._secrets[key_id], signed.encode(), hashlib.sha256))

    def _content(self, form: str, text: str, kind: type[Content]) -> Content:
        try:
            return msgspec.json.decode(_unpacked(self._checked(form, text)), type=kind)
        except (ValueError, KeyError) as error:
            # msgspec's and base64's errors are values' errors as well.
            raise CodeForged from error

    def _checked(self, form: str, text: str) -> str:
        """The content of a text of this form that we signed; raises `ValueError` or `KeyError`."""
        if len(text) > LONGEST_CODE or not text.isascii():
            raise ValueError("a code of ours is shorter and has plain letters")
        signed, _, signature = text.rpartition(".")
        said_form, key_id, packed = signed.split(".")
        if said_form != form:
            raise ValueError("another form of code")
        # The text is compared, not the decoded bytes, which have several spellings.
        if not hmac.compare_digest(self._signature(key_id, signed), signature):
            raise ValueError("no key of ours signed this")
        return packed


def _packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unpacked(text: str) -> bytes:
    return binascii.a2b_base64(text.translate(_STANDARD) + "=" * (-len(text) % 4))
