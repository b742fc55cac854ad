"""Bearer tokens: signing them, and telling who holds one.

Tokens are JSON Web Tokens signed with HMAC-SHA256. They say who somebody is and in which roles
they act; what the roles may do is decided elsewhere. Not here: passwords and sessions.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
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

AUDIENCE = "earnest"
"""Whom the tokens are for, so that one made for another house with the same key is not taken."""

ALGORITHM = "HS256"
LEAST_SECRET_BYTES = 32
"""A shorter key would be weaker than the signature made with it."""

LONGEST_TOKEN = 2_000
"""Characters; a longer text is not one of ours and is not worth checking."""

REMEMBERED = 65_536
"""Verified tokens kept in memory, so that a busy client costs one check and not thousands."""


class TokenRejected(Exception):
    """A token that proves nothing; `code` is `token_invalid` or `token_expired`."""

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


class _Claims(msgspec.Struct, frozen=True):
    """What a token says."""

    sub: str
    roles: tuple[str, ...]
    exp: int
    iat: int
    aud: str


class Tokens:
    """Signs tokens with the first key and accepts those of every key it was given.

    To rotate: put the new key first and drop the old one when its last token has expired.
    """

    def __init__(self, keys: Sequence[SigningKey], *, remembered: int = REMEMBERED) -> None:
        """Take the keys in force; raises `ValueError` when there is none or an id repeats."""
        self._secrets = {key.key_id: key.secret for key in keys}
        if not keys or len(self._secrets) != len(keys):
            raise ValueError("at least one signing key is needed, each with an id of its own")
        self._signing = keys[0]
        self._remembered = remembered
        self._known: OrderedDict[bytes, Caller] = OrderedDict()
        # Whether a token has expired is compared with the caller's clock, not the machine's.
        self._jwt = jwt.PyJWT({"verify_exp": False, "verify_iat": False, "verify_nbf": False})

    def for_buyer(self, buyer_id: BuyerId, issued_at: Instant, lasts: timedelta) -> str:
        """A token for a buyer's own login. The same arguments give the same token."""
        return self._sign(f"{BUYER_PREFIX}{buyer_id}", [Role.BUYER], issued_at, lasts)

    def for_staff(
        self, staff_id: str, roles: Iterable[str], issued_at: Instant, lasts: timedelta
    ) -> str:
        """A token for somebody who works for the seller.

        Raises `ValueError` for a role that staff cannot have.
        """
        names = frozenset(roles)
        staff_caller(staff_id, names, 0)
        return self._sign(f"{STAFF_PREFIX}{staff_id}", sorted(names), issued_at, lasts)

    def verify(self, token: str, now: Instant) -> Caller:
        """Who holds this token; raises `TokenRejected`."""
        if len(token) > LONGEST_TOKEN:
            raise TokenRejected("token_invalid")
        digest = hashlib.blake2b(token.encode("utf-8", "replace"), digest_size=16).digest()
        caller = self._known.get(digest)
        if caller is None:
            caller = self._checked(token)
            self._remember(digest, caller)
        if now.timestamp() >= caller.expires_at:
            raise TokenRejected("token_expired")
        return caller

    def _sign(
        self, subject: str, roles: Sequence[str], issued_at: Instant, lasts: timedelta
    ) -> str:
        claims = {
            "sub": subject,
            "roles": roles,
            "iat": int(issued_at.timestamp()),
            "exp": int((issued_at + lasts).timestamp()),
            "aud": AUDIENCE,
        }
        key = self._signing
        return self._jwt.encode(claims, key.secret, ALGORITHM, headers={"kid": key.key_id})

    def _checked(self, token: str) -> Caller:
        try:
            secret = self._secrets[jwt.get_unverified_header(token)["kid"]]
            payload = self._jwt.decode(token, secret, [ALGORITHM], audience=AUDIENCE)
            return _caller(msgspec.convert(payload, _Claims))
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError) as error:
            raise TokenRejected("token_invalid") from error

    def _remember(self, digest: bytes, caller: Caller) -> None:
        """Keep the newest; the oldest leaves, whether or not it is still in use."""
        self._known[digest] = caller
        if len(self._known) > self._remembered:
            self._known.popitem(last=False)


def _caller(claims: _Claims) -> Caller:
    """The caller that the claims describe; raises `ValueError` when they contradict themselves."""
    roles = frozenset(claims.roles)
    if claims.sub.startswith(BUYER_PREFIX) and roles == {Role.BUYER}:
        buyer_id = claims.sub.removeprefix(BUYER_PREFIX)
        if len(buyer_id) != ID_LENGTH:
            raise ValueError("a buyer id has sixteen characters")
        return buyer_caller(BuyerId(buyer_id), claims.exp)
    if claims.sub.startswith(STAFF_PREFIX) and len(claims.sub) > len(STAFF_PREFIX):
        return staff_caller(claims.sub.removeprefix(STAFF_PREFIX), roles, claims.exp)
    raise ValueError("a token is a buyer's or a staff member's")
