"""Telephones in one form (E.164), however they are written: one telephone is one person.

Not here: proving one (`proving.py`) and writing to one (`gateways/sms.py`).
"""

from __future__ import annotations

import phonenumbers

PHONE_COUNTRY = "CN"
"""Where telephones are that are written without a country, unless the settings name another."""

COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)
"""Countries whose way of writing telephones is known, by ISO 3166 code."""


def read_phone(written: str, country: str) -> str | None:
    """A telephone as `+`, country and number; None for what cannot be one.

    Written without its country it is read as `country` writes its own.
    """
    assert country in COUNTRIES, "the settings name a country that is known"
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    # Digits too many are refused and not ignored as a network might, or they would be other people.
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def as_once_written(written: str, phone: str, country: str) -> list[str]:
    """The ways in which a telephone was kept before there was one form, this writing first.

    Then only signs between digits were dropped. A way that could be read as another telephone is
    left out, so that nobody comes to be somebody else.
    """
    number = phonenumbers.parse(phone)
    code, own = str(number.country_code), phonenumbers.national_significant_number(number)
    ways = [
        "".join(sign for sign in written if sign.isdigit() or sign == "+"),
        own,
        f"0{own}",
        code + own,
        f"00{code}{own}",
        f"+{code}0{own}",
        f"{code}0{own}",
        f"00{code}0{own}",
    ]
    return [each for each in dict.fromkeys(ways) if read_phone(each, country) == phone]
