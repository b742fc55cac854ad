"""Bearer tokens: signing them, and telling who holds one.

Tokens are JSON Web Tokens signed with HMAC-SHA256. They say who somebody is and in which roles
they act; what the roles may do is decided elsewhere. One with an id is the token of a session,
which can be ended before its time (`sessions.py`). Not here: passwords.

PyJWT writes them. Reading is done here, because at a launch every request brings a token that was
never seen before: PyJWT takes 80 microseconds for one, twice as long as all else the hot door
does, and a cache would not help. Only one algorithm and the exact form that this module writes
are taken; the tests hold the reading against PyJWT's.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import timedelta

import jwt
import msgspec

from earnest.core.order.actor import Role
from earnest.core.values.ids import ID_LENGTH, BuyerId
from earnest.core.values.instant import Instant
from earnest.people.caller import (
    BUYER_PREFIX,
    STAFF_PREFIX,
    Caller,
    buyer_caller,
    staff_caller,
)
from earnest.people.ended import Ended

AUDIENCE = "earnest"
"""Whom the tokens are for, so that one made for another house with the same key is not taken."""

ALGORITHM = "HS256"
_STANDARD = bytes.maketrans(b"-_", b"+/")
LEAST_SECRET_BYTES = 32
"""A shorter key would be weaker than the signature made with it."""

LONGEST_TOKEN = 2_000
"""Characters; a longer text is not one of ours and is not worth checking."""


class TokenRejected(Exception):
    """A token that proves nothing.

    `code` is `token_invalid`, `token_expired` or `session_ended`.
    """

    def __init__(self, code: str) -> None:
        """Keep the stable code."""
        super().__init__(code)
        self.code = code


class SigningKey(msgspec.Struct, frozen=True):
    """A secret with the id that tokens name it by."""

    key_id: str
    secret: bytes

    def __repr__(self) -> str:
        """The key without its secret, so that no log ever shows it."""
        return f"SigningKey({self.key_id!r})"

    def __post_init__(self) -> None:
        """Refuse a secret that could be guessed."""
        if len(self.secret) < LEAST_SECRET_BYTES:
            raise ValueError(
                f"the secret of key {self.key_id!r} has fewer than {LEAST_SECRET_BYTES} bytes; "
                "generate one with `openssl rand -hex 32`"
            )


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a token is signed. A field that is not here could change that, so none is taken."""

    alg: str
    kid: str
    typ: str


class _Claims(msgspec.Struct, frozen=True):
    """What a token says."""

    sub: str
    roles: tuple[str, ...]
    exp: int
    iat: int
    aud: str
    jti: str = ""


class Tokens:
    """Signs tokens with the first key and accepts those of every key it was given.

    To rotate: put the new key first and drop the old one when its last token has expired.
    """

    def __init__(self, keys: Sequence[SigningKey], ended: Ended | None = None) -> None:
        """Take the keys in force, and what has ended before its time where that is known.

        Raises `ValueError` when there is no key or an id repeats.
        """
        self._ended = ended or Ended()
        self._secrets = {key.key_id: key.secret for key in keys}
        if not keys or len(self._secrets) != len(keys):
            raise ValueError("at least one signing key is needed, each with an id of its own")
        self._signing = keys[0]
        self._header = msgspec.json.Decoder(_Header)
        self._claims = msgspec.json.Decoder(_Claims)

    def for_buyer(
        self, buyer_id: BuyerId, issued_at: Instant, lasts: timedelta, session_id: str = ""
    ) -> str:
        """A token for a buyer's own login. The same arguments give the same token."""
        return self._sign(f"{BUYER_PREFIX}{buyer_id}", [Role.BUYER], issued_at, lasts, session_id)

    def for_staff(
        self,
        staff_id: str,
        roles: Iterable[str],
        issued_at: Instant,
        lasts: timedelta,
        session_id: str = "",
    ) -> str:
        """A token for somebody who works for the seller.

        Raises `ValueError` for a role that staff cannot have.
        """
        names = frozenset(roles)
        staff_caller(staff_id, names, 0)
        subject = f"{STAFF_PREFIX}{staff_id}"
        return self._sign(subject, sorted(names), issued_at, lasts, session_id)

    def verify(self, token: str, now: Instant) -> Caller:
        """Who holds this token; raises `TokenRejected`."""
        try:
            claims = self._signed_claims(token)
            caller = _caller(claims)
        except (ValueError, KeyError) as error:
            # msgspec's and base64's errors are values' errors as well.
            raise TokenRejected("token_invalid") from error
        if now.timestamp() >= caller.expires_at:
            raise TokenRejected("token_expired")
        if self._ended.covers(claims.sub, claims.jti, claims.iat):
            raise TokenRejected("session_ended")
        return caller

    def _signed_claims(self, token: str) -> _Claims:
        """What the token says, if one of our keys signed it; raises `ValueError` or `KeyError`."""
        if len(token) > LONGEST_TOKEN:
            raise ValueError("a token of ours is shorter")
        signed, _, signature = token.encode("ascii").rpartition(b".")
        head, _, body = signed.partition(b".")
        header = self._header.decode(_unpacked(head))
        if header.alg != ALGORITHM:
            raise ValueError("tokens are signed with one algorithm only")
        digest = hmac.digest(self._secrets[header.kid], signed, hashlib.sha256)
        # The expected text is compared, not the decoded bytes, which have several spellings.
        expected = base64.urlsafe_b64encode(digest).rstrip(b"=")
        if not hmac.compare_digest(expected, signature):
            raise ValueError("no key of ours signed this")
        return self._claims.decode(_unpacked(body))

    def _sign(
        self,
        subject: str,
        roles: Sequence[str],
        issued_at: Instant,
        lasts: timedelta,
        session_id: str,
    ) -> str:
        claims: dict[str, object] = {
            "sub": subject,
            "roles": roles,
            "iat": int(issued_at.timestamp()),
            "exp": int((issued_at + lasts).timestamp()),
            "aud": AUDIENCE,
        }
        if session_id:
            claims["jti"] = session_id
        key = self._signing
        return jwt.encode(claims, key.secret, ALGORITHM, headers={"kid": key.key_id})


def _unpacked(part: bytes) -> bytes:
    """A part of a token as it was before it was written in letters."""
    return binascii.a2b_base64(part.translate(_STANDARD) + b"=" * (-len(part) % 4))


def _caller(claims: _Claims) -> Caller:
    """The caller that the claims describe; raises `ValueError` when they contradict themselves."""
    if claims.aud != AUDIENCE:
        raise ValueError("the token is for another house")
    roles = frozenset(claims.roles)
    if claims.sub.startswith(BUYER_PREFIX) and roles == {Role.BUYER}:
        buyer_id = claims.sub.removeprefix(BUYER_PREFIX)
        if len(buyer_id) != ID_LENGTH:
            raise ValueError("a buyer id has sixteen characters")
        return buyer_caller(BuyerId(buyer_id), claims.exp, claims.jti)
    if claims.sub.startswith(STAFF_PREFIX) and len(claims.sub) > len(STAFF_PREFIX):
        staff_id = claims.sub.removeprefix(STAFF_PREFIX)
        return staff_caller(staff_id, roles, claims.exp, claims.jti)
    raise ValueError("a token is a buyer's or a staff member's")
