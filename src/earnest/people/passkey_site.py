"""For which site passkeys are, and what a browser is asked for: the options of both ceremonies.

A passkey is made for a name of the site and is shown nowhere else, which is why nobody can be
tricked out of it. Not here: challenges and what is kept (`passkeys.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from earnest.desk.passkeys import KeptPasskey

ALGORITHMS = (
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
)
"""Keys that are taken, the preferred first; every browser and device has one of them."""

ASKED_MILLISECONDS = 120_000
"""How long a browser waits for the finger or the number of its owner."""

_NAME = "Earnest"
_LOCALHOST = "localhost"
_HTTPS_PORT = 443


class Site(msgspec.Struct, frozen=True):
    """The relying party: the name that passkeys are made for, and the one origin that may ask."""

    rp_id: str
    origin: str


def site_of(public_url: str) -> Site | None:
    """The site at a public address; None where browsers make no passkeys.

    They want HTTPS and a name. A machine that only serves itself is reached as `localhost`.
    """
    split = urlsplit(public_url)
    host, port = split.hostname or "", "" if split.port is None else f":{split.port}"
    if _is_own_machine(host):
        return Site(_LOCALHOST, f"{split.scheme}://{_LOCALHOST}{port}")
    if split.scheme != "https" or not host or _is_number(host):
        return None
    # An origin leaves out the port that its scheme means anyway.
    return Site(host, f"https://{host}{'' if split.port == _HTTPS_PORT else port}")


def options_to_add(
    site: Site, challenge: bytes, user: bytes, name: str, known: Sequence[KeptPasskey]
) -> str:
    """What `navigator.credentials.create` is asked, as JSON. `name` is how a device lists it.

    A device that holds one of the known passkeys makes no second one.
    """
    return options_to_json(
        generate_registration_options(
            rp_id=site.rp_id,
            rp_name=_NAME,
            user_id=user,
            user_name=name,
            user_display_name=name,
            challenge=challenge,
            timeout=ASKED_MILLISECONDS,
            # Which make of device somebody has is none of our business.
            attestation=AttestationConveyancePreference.NONE,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[_described(each) for each in known],
            supported_pub_key_algs=list(ALGORITHMS),
        )
    )


def options_to_show(site: Site, challenge: bytes, known: Sequence[KeptPasskey] = ()) -> str:
    """What `navigator.credentials.get` is asked, as JSON; for any passkey if none is known."""
    return options_to_json(
        generate_authentication_options(
            rp_id=site.rp_id,
            challenge=challenge,
            timeout=ASKED_MILLISECONDS,
            allow_credentials=[_described(each) for each in known],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def _described(passkey: KeptPasskey) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(each) for each in passkey.transports]
    return PublicKeyCredentialDescriptor(id=passkey.credential_id, transports=transports or None)


def _is_own_machine(host: str) -> bool:
    return host == _LOCALHOST or (_is_number(host) and ip_address(host).is_loopback)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
