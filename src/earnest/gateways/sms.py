"""Short messages to telephones: one contract and two ways out (files, memory).

A gateway takes a message and later gives a receipt that the telephone has it; only the receipt
proves anything. Not here: words, and who is written to (`texts.py`).
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}\Z")
_NUMBER = re.compile(r"\+?[0-9][0-9 ()-]{4,24}\Z")
LONGEST_TEXT = 1_000
"""Characters at most; a gateway cuts longer texts apart as it likes."""


class Sms(msgspec.Struct, frozen=True, kw_only=True):
    """One message in plain text. ``sms_id`` names it for good: letters, digits and ``._-``."""

    to: str
    text: str
    language: str
    sms_id: str


class SmsTaken(msgspec.Struct, frozen=True):
    """The gateway has taken the message; whether it arrives is told by a receipt."""


class SmsRetry(msgspec.Struct, frozen=True):
    """Not now; try again later with the same id."""

    explanation: str


class SmsRefused(msgspec.Struct, frozen=True):
    """Never; ``code`` is ``sms_number_invalid``, ``sms_id_invalid`` or ``sms_too_long``."""

    code: str


SmsResult = SmsTaken | SmsRetry | SmsRefused


class SmsReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """The telephone has the message. ``reference`` is the gateway's own name for that."""

    sms_id: str
    delivered_at: datetime
    reference: str


class SmsReceipts(msgspec.Struct, frozen=True):
    """Receipts in the order in which they came, and where to ask on from."""

    items: tuple[SmsReceipt, ...]
    cursor: str


class SmsGateway(Protocol):
    """A way out for short messages."""

    async def send(self, sms: Sms) -> SmsResult:
        """Hand the message over; at least once, the same id once. Never an exception."""

    async def receipts(self, cursor: str = "") -> SmsReceipts:
        """Receipts after a cursor; without one, all that the gateway still has."""


class NullSms:
    """Keeps messages in memory, for tests; a test says when one was delivered."""

    def __init__(self) -> None:
        self.sent: dict[str, Sms] = {}
        self._receipts: list[SmsReceipt] = []

    async def send(self, sms: Sms) -> SmsResult:
        """Remember the message; the same id once."""
        refused = _refusal(sms)
        if refused is None:
            self.sent.setdefault(sms.sms_id, sms)
        return refused or SmsTaken()

    def deliver(self, sms_id: str, at: datetime) -> None:
        """Let the telephone have it."""
        assert sms_id in self.sent, "only what was sent arrives"
        number = len(self._receipts) + 1
        receipt = SmsReceipt(sms_id=sms_id, delivered_at=at, reference=f"null-{number}")
        self._receipts.append(receipt)

    async def receipts(self, cursor: str = "") -> SmsReceipts:
        """Receipts after a cursor, which counts them."""
        return _page(self._receipts, cursor)


class FileSms:
    """Writes each message as one JSON file: ``folder/<id>.json``.

    Nobody's telephone is reached, so a person plays the gateway: a file ``<id>.delivered`` beside
    it that holds an instant (RFC 3339) is the receipt.
    """

    def __init__(self, folder: Path) -> None:
        """Write below ``folder``."""
        self._folder = folder

    async def send(self, sms: Sms) -> SmsResult:
        """Write the file; a full or missing disk is a reason to try again."""
        refused = _refusal(sms)
        if refused is not None:
            return refused
        try:
            await asyncio.to_thread(self._write, sms)
        except OSError as error:
            return SmsRetry(f"the message could not be written below {self._folder}: {error}")
        return SmsTaken()

    def _write(self, sms: Sms) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{sms.sms_id}.json"
        temporary = path.with_suffix(".writing")
        temporary.write_bytes(msgspec.json.format(msgspec.json.encode(sms)))
        temporary.replace(path)

    async def receipts(self, cursor: str = "") -> SmsReceipts:
        """Receipts after a cursor, by the instant they hold; what cannot be read is none."""
        return _page(await asyncio.to_thread(self._delivered), cursor)

    def _delivered(self) -> list[SmsReceipt]:
        found = []
        for path in self._folder.glob("*.delivered"):
            try:
                at = datetime.fromisoformat(path.read_text(encoding="utf-8").strip())
            except (OSError, ValueError):
                continue
            is_ours = path.with_suffix(".json").exists() and at.tzinfo is not None
            if is_ours:
                receipt = SmsReceipt(sms_id=path.stem, delivered_at=at, reference=path.name)
                found.append((path.stat().st_mtime_ns, path.name, receipt))
        return [receipt for _, _, receipt in sorted(found, key=lambda each: each[:2])]


def _page(receipts: list[SmsReceipt], cursor: str) -> SmsReceipts:
    known = int(cursor or 0)
    return SmsReceipts(tuple(receipts[known:]), str(len(receipts)))


def _refusal(sms: Sms) -> SmsRefused | None:
    """Refuse what could leave its file, or reach nobody."""
    if not _ID.match(sms.sms_id):
        return SmsRefused("sms_id_invalid")
    if not _NUMBER.match(sms.to):
        return SmsRefused("sms_number_invalid")
    if not 0 < len(sms.text) <= LONGEST_TEXT:
        return SmsRefused("sms_too_long")
    return None
