"""Admission tokens: signing them, and reading what a signed one says.

A token is the text `earnest-admission-1.KEY.CONTENT.SIGNATURE`: content and signature (Ed25519
over everything before the last dot) in unpadded base64url. Whoever has the public key can check
one without asking anybody, so the door of a launch reads no database for it. Nothing in a token
is chance: the same place gives the same token, and a lost one is signed again. For the same reason
the house itself checks a token by signing its content once more, which costs a third of checking
with the public key, and remembers what it checked, so that a request sent again costs nothing.

The same secrets give the seed of a draw and the opaque ids of entries, so that nothing has to be
kept that could be lost between commitment and draw. Not here: whom an admission lets in where
and when (`core/launch/admission.py`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from earnest.core.launch.admission import Admission
from earnest.core.launch.draw import commitment_of
from earnest.core.values.ids import ID_LENGTH, BuyerId, CampaignId
from earnest.people.tokens import SigningKey

FORM = "earnest-admission-1"
LONGEST_ADMISSION = 600
"""Characters; a longer text is not one of ours and is not worth checking."""

REMEMBERED_MOST = 50_000
"""How many checked tokens are remembered by their digest; about thirty megabytes."""

_ENTRY_CHARACTERS = 20


class AdmissionInvalid(Exception):
    """A text that no key of this house signed as an admission."""


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a token says, with instants in whole microseconds since 1970."""

    launch: str
    buyer: str
    slot: int
    not_before: int
    ends_at: int
    nonce: str


class Admissions:
    """Signs with the first key and accepts the tokens of every key it was given.

    To rotate: put the new key first, and drop the old one when its last launch is over.
    """

    def __init__(
        self, keys: Sequence[SigningKey], *, remembered_most: int = REMEMBERED_MOST
    ) -> None:
        """Take the keys in force; raises `ValueError` when there is none or an id repeats."""
        self._secrets = {key.key_id: key.secret for key in keys}
        if not keys or len(self._secrets) != len(keys):
            raise ValueError("at least one signing key is needed, each with an id of its own")
        self._key_id = keys[0].key_id
        self._private = {
            key.key_id: Ed25519PrivateKey.from_private_bytes(_derived(key.secret, "admissions"))
            for key in keys
        }
        self._decoder = msgspec.json.Decoder(_Content)
        self._remembered: OrderedDict[bytes, Admission] = OrderedDict()
        self._remembered_most = remembered_most

    @property
    def remembered(self) -> int:
        """How many checked tokens are remembered."""
        return len(self._remembered)

    def sign(self, admission: Admission) -> str:
        """The token of an admission. The same admission gives the same token."""
        content = _Content(
            launch=admission.launch,
            buyer=admission.buyer_id,
            slot=admission.slot,
            not_before=_microseconds(admission.not_before),
            ends_at=_microseconds(admission.ends_at),
            nonce=admission.nonce,
        )
        signed = f"{FORM}.{self._key_id}.{_packed(msgspec.json.encode(content))}"
        return f"{signed}.{_packed(self._private[self._key_id].sign(signed.encode()))}"

    def read(self, token: str) -> Admission:
        """What a signed token says, whosever it is; raises `AdmissionInvalid`.

        Only what was signed here is remembered, so that nobody can crowd it out with forgeries.
        """
        try:
            return self._checked(token)
        except (ValueError, KeyError, OverflowError) as error:
            # msgspec's and base64's errors are values' errors as well.
            raise AdmissionInvalid from error

    def _checked(self, token: str) -> Admission:
        if len(token) > LONGEST_ADMISSION:
            raise ValueError("a token of ours is shorter")
        digest = hashlib.sha256(token.encode()).digest()
        known = self._remembered.get(digest)
        return self._remember(digest, self._read(token)) if known is None else known

    def _remember(self, digest: bytes, admission: Admission) -> Admission:
        """Keep what was checked, for the oldest of what was kept."""
        self._remembered[digest] = admission
        if len(self._remembered) > self._remembered_most:
            self._remembered.popitem(last=False)
        return admission

    def _read(self, token: str) -> Admission:
        signed, _, signature = token.rpartition(".")
        form, key_id, packed = signed.split(".")
        if form != FORM:
            raise ValueError("another form of token")
        # Ed25519 has no chance in it: a content has one signature, which is never shown to anybody
        # who did not bring it.
        expected = self._private[key_id].sign(signed.encode())
        if not hmac.compare_digest(expected, _unpacked(signature)):
            raise ValueError("no key of ours signed this")
        content = self._decoder.decode(_unpacked(packed))
        return Admission(
            launch=CampaignId(content.launch),
            buyer_id=BuyerId(content.buyer),
            slot=content.slot,
            not_before=_instant(content.not_before),
            ends_at=_instant(content.ends_at),
            nonce=content.nonce,
        )

    def public_keys(self) -> dict[str, str]:
        """The public keys by id, in hex, for whoever wants to check tokens."""
        return {
            key_id: key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
            for key_id, key in self._private.items()
        }

    def seed(self, launch: str) -> str:
        """The seed (hex) of a launch's draw, as it is committed now."""
        return _derived(self._secrets[self._key_id], f"draw\n{launch}").hex()

    def seed_of(self, launch: str, commitment: str) -> str | None:
        """The seed (hex) that was committed, by whichever key; None when that key is gone."""
        seeds = (_derived(secret, f"draw\n{launch}").hex() for secret in self._secrets.values())
        return next((seed for seed in seeds if commitment_of(launch, seed) == commitment), None)

    def entry(self, launch: str, buyer_id: BuyerId) -> str:
        """The opaque id under which a buyer stands in a draw; only the house can find it again."""
        secret = self._secrets[self._key_id]
        return _derived(secret, f"entry\n{launch}\n{buyer_id}").hex()[:_ENTRY_CHARACTERS]

    def nonce(self, launch: str, buyer_id: BuyerId, slot: int) -> str:
        """What makes one admission another than the next of the same buyer."""
        secret = self._secrets[self._key_id]
        return _derived(secret, f"nonce\n{launch}\n{buyer_id}\n{slot}").hex()[:ID_LENGTH]


def _derived(secret: bytes, purpose: str) -> bytes:
    """A secret for one purpose, from which nothing can be learned about another's."""
    return hmac.digest(secret, f"earnest/{purpose}".encode(), hashlib.sha256)


def _packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unpacked(text: str) -> bytes:
    """Bytes from unpadded base64url; raises `ValueError` for anything else."""
    content = binascii.a2b_base64(text.translate(_STANDARD) + "=" * (-len(text) % 4))
    if _packed(content) != text:
        raise ValueError("a text has one spelling")
    return content


_STANDARD = str.maketrans("-_", "+/")


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def _instant(microseconds: int) -> datetime:
    return _EPOCH + microseconds * _MICROSECOND


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = datetime.resolution
