"""Settings: what an installation chooses, from the environment and the command line.

Not here: what a terms version yields (its policy) and what is published in the database.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from earnest.people.telephones import COUNTRIES, PHONE_COUNTRY

KEYS_FILE = "keys.json"
PREFIX = "EARNEST_"

KEY_BYTES = 32

MOST_PER_SECOND = 100_000

PAYOUTS_PER_SECOND = 1_000.0
"""Calls for payouts where nothing is said: what the sandbox takes, and a storm of refunds needs."""


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says what to do."""


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """Secrets of an installation. They are never logged and never in the database."""

    token_key: str
    merchant_key: str
    provider_webhook_secret: str
    webhook_secret: str


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that `main.py` needs to put Earnest together.

    `database_url` is None for the embedded PostgreSQL in `data`. `site_url` is how people reach
    this server through whatever stands before it, None where nothing does. `provider_url` is the
    payment provider's address as this server reaches it, None for the one of the demo in `data`.
    `checkouts_per_second` is set for a provider that has to be asked for each page a buyer pays on,
    and says how many calls a second it takes; `payouts_per_second` how many it takes for refunds
    and other payouts, by all processes together. `phone_country` is where telephones are that
    buyers write without a country, by ISO 3166 code. `demo_orders` gives a demo that starts for the
    first time orders in every stage.
    """

    data: Path
    host: str = "127.0.0.1"
    port: int = 8080
    demo: bool = False
    demo_orders: bool = False
    database_url: str | None = None
    site_url: str | None = None
    provider_url: str | None = None
    smtp_url: str | None = None
    mail_from: str = "orders@localhost"
    webhook_url: str | None = None
    checkouts_per_second: float | None = None
    payouts_per_second: float = PAYOUTS_PER_SECOND
    phone_country: str = PHONE_COUNTRY
    keys: Keys

    @property
    def public_url(self) -> str:
        """Where people reach this server: links lead there, and passkeys are made for its name."""
        return self.site_url or self.local_url

    @property
    def local_url(self) -> str:
        """Where programs beside this server reach it."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{shown}:{self.port}"

    @property
    def sandbox_port(self) -> int:
        """The port of the sandbox payment provider of a demo."""
        return self.port + 1


def read_settings(
    environment: Mapping[str, str],
    *,
    data: Path,
    host: str = "127.0.0.1",
    port: int = 8080,
    demo: bool = False,
    demo_orders: bool = False,
    keeps_keys: bool = True,
) -> Settings:
    """Settings from the environment, with what the command line says taking precedence.

    Keys that are not in the environment are made once and kept in `data/keys.json`, readable
    by its owner only; or not kept, for a command that looks and uses none. Raises `SettingsError`.
    """
    checkouts = _rate(environment, "CHECKOUTS_PER_SECOND")
    return Settings(
        data=data,
        host=host,
        port=port,
        demo=demo,
        demo_orders=demo_orders,
        database_url=environment.get(f"{PREFIX}DATABASE_URL") or None,
        site_url=_site(environment.get(f"{PREFIX}PUBLIC_URL")),
        provider_url=environment.get(f"{PREFIX}PROVIDER_URL") or None,
        smtp_url=environment.get(f"{PREFIX}SMTP_URL") or None,
        mail_from=environment.get(f"{PREFIX}MAIL_FROM") or "orders@localhost",
        webhook_url=environment.get(f"{PREFIX}WEBHOOK_URL") or None,
        checkouts_per_second=checkouts,
        payouts_per_second=(
            _rate(environment, "PAYOUTS_PER_SECOND") or checkouts or PAYOUTS_PER_SECOND
        ),
        phone_country=_country(environment.get(f"{PREFIX}PHONE_COUNTRY")),
        keys=_keys(environment, data, keeps=keeps_keys),
    )


def _site(said: str | None) -> str | None:
    """The address of the site, as somebody wrote it; None where nothing was said."""
    if not said:
        return None
    try:
        split = urlsplit(said)
        is_whole = split.scheme in {"http", "https"} and bool(split.hostname)
        is_whole = is_whole and said.rstrip("/") == f"{split.scheme}://{split.netloc}"
        # A port that is none is noticed when somebody asks for it.
        is_whole = is_whole and split.port != 0 and "@" not in split.netloc
    except ValueError:
        is_whole = False
    if not is_whole:
        raise SettingsError(
            f"{PREFIX}PUBLIC_URL is where people reach the site, without a path, for example "
            f"https://orders.example, not {said!r}. [public_url_malformed]"
        )
    return said.rstrip("/")


def _rate(environment: Mapping[str, str], name: str) -> float | None:
    """Calls a second, as somebody wrote it; None where nothing was said."""
    said = environment.get(f"{PREFIX}{name}")
    if not said:
        return None
    try:
        rate = float(said)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= MOST_PER_SECOND:
        raise SettingsError(
            f"{PREFIX}{name} is a number of calls above zero, for example 50, not {said!r}. "
            f"[{name.lower()}_malformed]"
        )
    return rate


def _country(said: str | None) -> str:
    """A country by its code; the usual one where nothing was said."""
    if not said:
        return PHONE_COUNTRY
    if said not in COUNTRIES:
        raise SettingsError(
            f"{PREFIX}PHONE_COUNTRY is the two letters of the country where your buyers have their "
            f"telephones, for example DE, not {said!r}. [phone_country_unknown]"
        )
    return said


def settings_to_read(environment: Mapping[str, str], data: Path) -> Settings:
    """Settings of an installation that exists already, for commands that only look.

    A mistyped directory must not become a new, empty and spotless installation. Raises
    `SettingsError`.
    """
    is_elsewhere = bool(environment.get(f"{PREFIX}DATABASE_URL"))
    if not is_elsewhere and not data.is_dir():
        raise SettingsError(
            f"There is nothing of Earnest in {data}. Name the directory of your installation with "
            f"--data, or the database with {PREFIX}DATABASE_URL; `earnest serve --demo` starts a "
            "new one. [data_directory_missing]"
        )
    return read_settings(environment, data=data, keeps_keys=not is_elsewhere)


def settings_to_sign(environment: Mapping[str, str], data: Path) -> Settings:
    """Settings of an installation that exists already, for commands that sign or draw with its key.

    Beside a database elsewhere a fresh key would be made without a word: nobody's server would know
    what it signed, and a draw under it could never be shown. Raises `SettingsError`.
    """
    is_elsewhere = bool(environment.get(f"{PREFIX}DATABASE_URL"))
    has_key = f"{PREFIX}TOKEN_KEY" in environment or (data / KEYS_FILE).is_file()
    if is_elsewhere and not has_key:
        raise SettingsError(
            f"The database is named by {PREFIX}DATABASE_URL, but the key of its servers is not "
            f"here, and they would not know what a new one signs. Set {PREFIX}TOKEN_KEY to theirs, "
            "or name their data directory with --data. [token_key_missing]"
        )
    return settings_to_read(environment, data)


def _keys(environment: Mapping[str, str], data: Path, *, keeps: bool) -> Keys:
    names = {name: f"{PREFIX}{name.upper()}" for name in Keys.__struct_fields__}
    given = {
        name: environment[variable] for name, variable in names.items() if variable in environment
    }
    if len(given) == len(names):
        return Keys(**given)
    kept = _kept_keys(data / KEYS_FILE, keeps=keeps)
    return msgspec.structs.replace(kept, **given)


def _kept_keys(path: Path, *, keeps: bool) -> Keys:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Keys)
    except (FileNotFoundError, NotADirectoryError):
        keys = _fresh_keys()
        if keeps:
            write_private(path, msgspec.json.encode(keys))
        return keys
    except (OSError, msgspec.DecodeError) as error:
        message = (
            f"The keys in {path} cannot be read ({error}). Give this account the right to read "
            f"the file, or set {PREFIX}TOKEN_KEY, {PREFIX}MERCHANT_KEY, "
            f"{PREFIX}PROVIDER_WEBHOOK_SECRET and {PREFIX}WEBHOOK_SECRET. [keys_unreadable]"
        )
        raise SettingsError(message) from error


def _fresh_keys() -> Keys:
    return Keys(
        token_key=secrets.token_urlsafe(KEY_BYTES),
        merchant_key=secrets.token_urlsafe(KEY_BYTES),
        provider_webhook_secret=_webhook_secret(),
        webhook_secret=_webhook_secret(),
    )


def _webhook_secret() -> str:
    """A secret in the form that Standard Webhooks prescribes."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all.

    Raises `SettingsError` when the directory cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(path.suffix + ".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        message = (
            f"{path.parent} cannot be written ({error.strerror}). Choose another directory with "
            "--data DIR, or give this account the right to write there. "
            "[data_directory_not_writable]"
        )
        raise SettingsError(message) from error
