"""What a browser answers about a passkey: read, and checked with the library `webauthn`.

An answer is the JSON of a `PublicKeyCredential`, a text from outside like any other. Not here:
whose passkey it is, which challenge was asked and what is kept (`passkeys.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_authenticator_data,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import AuthenticationCredential, RegistrationCredential

from earnest.people.passkey_site import ALGORITHMS, Site

LONGEST_ANSWER = 16_384
"""Characters; an honest one has two thousand at most."""

Value = TypeVar("Value")


class AnswerMalformed(Exception):
    """A text that no browser makes of a passkey, or whose signature is not its key's."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer says about itself, before anybody knows that it is signed.

    `user_handle` is empty where a device did not say whose passkey it is.
    """

    credential_id: bytes
    challenge: bytes
    origin: str
    is_framed: bool
    is_user_verified: bool
    user_handle: bytes = b""


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """The public half of a passkey that a device has made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]


def read_added(text: str) -> Answer:
    """What an answer to `navigator.credentials.create` says; raises `AnswerMalformed`."""
    return _asked(lambda: _read_added(_registration(text)))


def read_shown(text: str) -> Answer:
    """What an answer to `navigator.credentials.get` says; raises `AnswerMalformed`."""
    return _asked(lambda: _read_shown(_authentication(text)))


def new_key_in(text: str, challenge: bytes, site: Site) -> NewKey:
    """The key in an answer that is right in every way; raises `AnswerMalformed`."""

    def check() -> NewKey:
        given = _registration(text)
        verified = verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=list(ALGORITHMS),
        )
        return NewKey(
            credential_id=verified.credential_id,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            transports=tuple(each.value for each in given.response.transports or ()),
        )

    return _asked(check)


def counter_in(text: str, challenge: bytes, site: Site, public_key: bytes) -> int:
    """The counter of the device in an answer that this key signed; raises `AnswerMalformed`.

    Whether the counter has gone on is seen where it is kept, so that of two at once one is refused.
    """

    def check() -> int:
        verified = verify_authentication_response(
            credential=_authentication(text),
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        return verified.new_sign_count

    return _asked(check)


def _asked(ask: Callable[[], Value]) -> Value:
    try:
        return ask()
    except Exception as error:
        # The library and those below it raise what they like at a text from outside; whatever they
        # cannot read is the sender's mistake and not ours.
        raise AnswerMalformed from error


def _registration(text: str) -> RegistrationCredential:
    return parse_registration_credential_json(_short(text))


def _authentication(text: str) -> AuthenticationCredential:
    return parse_authentication_credential_json(_short(text))


def _short(text: str) -> str:
    if len(text) > LONGEST_ANSWER:
        raise ValueError("an honest answer is shorter")
    return text


def _read_added(given: RegistrationCredential) -> Answer:
    said = parse_client_data_json(given.response.client_data_json)
    attested = parse_attestation_object(given.response.attestation_object)
    return Answer(
        credential_id=given.raw_id,
        challenge=said.challenge,
        origin=said.origin,
        is_framed=bool(said.cross_origin),
        is_user_verified=attested.auth_data.flags.uv,
    )


def _read_shown(given: AuthenticationCredential) -> Answer:
    said = parse_client_data_json(given.response.client_data_json)
    return Answer(
        credential_id=given.raw_id,
        challenge=said.challenge,
        origin=said.origin,
        is_framed=bool(said.cross_origin),
        is_user_verified=parse_authenticator_data(given.response.authenticator_data).flags.uv,
        user_handle=given.response.user_handle or b"",
    )
