"""`earnest doctor`: look at everything Earnest needs here and say what is missing.

Not here: repairing. Each finding comes with the next step for a person.
"""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from rich.text import Text

from earnest.audit.beside import reading
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, money_text, table
from earnest.core.values.money import Money
from earnest.gateways.documents.typesetter import missing_fonts
from earnest.gateways.payments.contract import ProviderUnreachable
from earnest.main import database_to_read, provider, provider_url
from earnest.settings import PREFIX, Settings, SettingsError, read_settings
from earnest.store.errors import StoreError
from earnest.store.schema import check_schema, expected_revision

MARKS = {True: Text("in order", style="green"), False: Text("to do", style="bold red")}


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    subject: str
    explanation: str
    is_well: bool = True


def doctor(*, data: DataOption = Path(".earnest")) -> int:
    """Check Python, data directory, database, schema, messages and payment provider.

    Exit code 1 if something has to be done first. Works beside a running server; without one it
    starts the embedded database for a moment.
    """
    findings = asyncio.run(_all(data))
    rows = table("What Earnest needs", "what!", "state!", "seen")
    for finding in findings:
        rows.add_row(finding.subject, MARKS[finding.is_well], finding.explanation)
    console.print(rows)
    return 0 if all(finding.is_well for finding in findings) else 1


async def _all(data: Path) -> list[Finding]:
    findings = [Finding("Python", platform.python_version())]
    try:
        # Keys that were made here would be nobody's, where the servers of the database have theirs.
        is_elsewhere = bool(os.environ.get(f"{PREFIX}DATABASE_URL"))
        settings = read_settings(os.environ, data=data, keeps_keys=not is_elsewhere)
    except SettingsError as error:
        return [*findings, Finding("settings", str(error), is_well=False)]
    findings.append(Finding("data directory", str(settings.data.absolute())))
    findings.extend([finding async for finding in _database(settings)])
    findings.append(_documents())
    findings.append(await _provider(settings))
    return findings


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        with database_to_read(settings) as url:
            check_schema(url)
            yield Finding("database", f"schema {expected_revision()}")
            async with reading(url) as records:
                orders = await records.order_count()
                messages = await records.message_figures()
    except StoreError as error:
        yield Finding("database", str(error), is_well=False)
        return
    yield Finding("orders", f"{orders:,}")
    said = f"{messages.waiting:,} groups waiting, {messages.given_up:,} given up"
    yield Finding("messages", said, is_well=messages.given_up == 0)


def _documents() -> Finding:
    """Whether papers can be set: the typesetter and the fonts, which the requirements bring."""
    missing = missing_fonts()
    if missing:
        said = f"the fonts {', '.join(missing)} are missing; install the requirements again"
        return Finding("documents", said, is_well=False)
    return Finding("documents", "typst with Noto Sans SC and Noto Serif SC")


async def _provider(settings: Settings) -> Finding:
    where = provider_url(settings)
    try:
        async with provider(settings) as payments:
            holdings = await payments.holdings()
    except ProviderUnreachable as error:
        return Finding("payment provider", f"{where}: {error}", is_well=False)
    held = ", ".join(money_text(Money(each.held_minor, each.currency)) for each in holdings)
    return Finding("payment provider", f"{where} holds {held or 'nothing'}")
