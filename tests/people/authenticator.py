"""A device that makes and shows passkeys, in software: keys, counters, and answers as browsers do.

It signs whatever it is asked to, also what an honest device never would. Not here: tests.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

import cbor2
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN = "https://maker.example"
_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


class Held(msgspec.Struct):
    """A passkey on the device."""

    credential_id: bytes
    private_key: EllipticCurvePrivateKey
    rp_id: str
    user: bytes
    count: int = 0


class Authenticator:
    """A device with passkeys, and the browser in front of it."""

    def __init__(self, origin: str = ORIGIN, *, counts: bool = True) -> None:
        self.origin = origin
        self.counts = counts
        self.held: list[Held] = []

    def makes(self, ask: str, *, is_verified: bool = True) -> str:
        """The answer to `navigator.credentials.create`, with a new passkey on the device."""
        asked = json.loads(ask)
        held = Held(
            credential_id=secrets.token_bytes(32),
            private_key=generate_private_key(SECP256R1()),
            rp_id=asked["rp"]["id"],
            user=_unpacked(asked["user"]["id"]),
        )
        self.held.append(held)
        numbers = held.private_key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big")}
        key[-3] = numbers.y.to_bytes(32, "big")
        attested = bytes(16) + len(held.credential_id).to_bytes(2, "big") + held.credential_id
        data = self._data(held, is_verified, _WITH_KEY) + attested + cbor2.dumps(key)
        statement = {"fmt": "none", "attStmt": {}, "authData": data}
        return _credential(
            held,
            {
                "clientDataJSON": _packed(self._said("webauthn.create", asked["challenge"])),
                "attestationObject": _packed(cbor2.dumps(statement)),
                "transports": ["internal", "a-way-of-tomorrow"],
            },
        )

    def shows(
        self, ask: str, *, place: int = -1, is_verified: bool = True, counts_back: int = 0
    ) -> str:
        """The answer to `navigator.credentials.get`, by one of the passkeys on the device."""
        asked, held = json.loads(ask), self.held[place]
        held.count += int(self.counts) - counts_back
        said = self._said("webauthn.get", asked["challenge"])
        data = self._data(held, is_verified)
        signed = data + hashlib.sha256(said).digest()
        return _credential(
            held,
            {
                "clientDataJSON": _packed(said),
                "authenticatorData": _packed(data),
                "signature": _packed(held.private_key.sign(signed, ECDSA(SHA256()))),
                "userHandle": _packed(held.user),
            },
        )

    def _said(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    @staticmethod
    def _data(held: Held, is_verified: bool, flags: int = 0) -> bytes:  # noqa: FBT001 - as the bytes hold it
        flags |= _PRESENT | (_VERIFIED if is_verified else 0)
        rp = hashlib.sha256(held.rp_id.encode()).digest()
        return rp + bytes([flags]) + held.count.to_bytes(4, "big")


def altered(answer: str, **changed: str | None) -> str:
    """An answer with other fields in its response; None takes one away."""
    told: dict[str, Any] = json.loads(answer)
    told["response"] |= changed
    told["response"] = {k: v for k, v in told["response"].items() if v is not None}
    return json.dumps(told)


def _credential(held: Held, response: dict[str, Any]) -> str:
    name = _packed(held.credential_id)
    return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
