"""Where a replay goes and with whose tokens: addresses and logins, from a demo or from options.

Making tokens is not here; the server did.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from earnest.demo.stage import DemoNotRunning, read_demo_file


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """One token for each login that a replay acts as. The second ones are other people."""

    admin: str
    auditor: str
    sales: str
    sales_second: str
    planning: str
    delivery: str
    finance: str
    finance_second: str


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """A running demo: Earnest, its payment provider, and logins."""

    url: str
    sandbox_url: str
    tokens: Tokens


class AccessError(Exception):
    """A replay does not know where to go or as whom; the message says what to give it."""


def access_of_demo(data: Path) -> Access:
    """What a demo wrote into its data directory. Raises `AccessError`."""
    try:
        demo = read_demo_file(data)
        tokens = msgspec.convert(demo.tokens, Tokens)
    except DemoNotRunning as error:
        raise AccessError(str(error)) from error
    except msgspec.ValidationError as error:
        raise AccessError(f"{data} was written by another version: {error}") from error
    return Access(url=demo.url, sandbox_url=demo.sandbox_url, tokens=tokens)


def tokens_from(environment: Mapping[str, str]) -> Tokens:
    """Take the tokens from `EARNEST_ADMIN_TOKEN` and so on. Raises `AccessError`."""
    names = {field: f"EARNEST_{field.upper()}_TOKEN" for field in Tokens.__struct_fields__}
    missing = [name for name in names.values() if not environment.get(name)]
    if missing:
        raise AccessError(f"set {', '.join(missing)}, or name the data directory of a demo")
    return Tokens(**{field: environment[name] for field, name in names.items()})
