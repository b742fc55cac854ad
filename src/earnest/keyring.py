"""What an installation signs and seals with its keys: tokens, admissions, codes, forms.

Not here: where the keys come from (`settings.py`) and what a signature holds (`people/`).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import timedelta

from earnest.gateways.clock import Clock
from earnest.people.admissions import Admissions
from earnest.people.codes import Codes
from earnest.people.ended import Ended
from earnest.people.seals import Seals
from earnest.people.tokens import SigningKey, Tokens
from earnest.settings import Settings, SettingsError


def person_keys(settings: Settings) -> list[SigningKey]:
    """The keys of what is kept of telephones and identity numbers, apart from those of tokens."""
    secret = hmac.digest(settings.keys.token_key.encode(), b"earnest persons", "sha256")
    return [SigningKey("main", secret)]


def admissions_of(settings: Settings) -> Admissions:
    """The signer and checker of admissions of this installation, and who knows its seeds."""
    return Admissions([SigningKey("main", settings.keys.token_key.encode())])


def tokens_of(settings: Settings, ended: Ended | None = None) -> Tokens:
    """The signer and checker of tokens of this installation; a server also knows what ended."""
    return Tokens([SigningKey("main", settings.keys.token_key.encode())], ended)


def seals_of(settings: Settings) -> Seals:
    """What seals the forms and the secret links of this installation."""
    return Seals([SigningKey("main", settings.keys.token_key.encode())])


def codes_of(settings: Settings) -> Codes:
    """The signer and reader of priority codes and friends' codes of this installation."""
    return Codes([SigningKey("main", settings.keys.token_key.encode())])


def staff_token(settings: Settings, staff_id: str, roles: Iterable[str], lasts: timedelta) -> str:
    """A token for a member of staff, good from now. Raises `SettingsError` for unknown roles."""
    try:
        return tokens_of(settings).for_staff(staff_id, roles, Clock().now(), lasts)
    except ValueError as error:
        raise SettingsError(f"{error}. [role_unknown]") from error
