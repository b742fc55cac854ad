"""Mail to people: one contract and three ways out (files, SMTP, memory).

It neither chooses words nor remembers what was sent: the desk writes the text and keeps the job
until a mail is taken. Sending the same ``message_id`` again is harmless wherever it can be seen.
"""

import asyncio
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

import aiosmtplib
from msgspec import Struct

from earnest.desk.courtesy import Courtesy
from earnest.gateways.clock import Clock
from earnest.gateways.mail_form import Sender, mail_bytes

SMTP_TIMEOUT_SECONDS = 30.0

SMTP_AT_ONCE = 8
"""How many mails are handed to an SMTP server at the same time."""

MAILS_IN_A_TURN = 20
"""So many mails leave together when the courtesy gives a turn: some milliseconds of work."""

_MESSAGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,199}\Z")
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?\Z"
)
_PERMANENT = 500


class Mail(Struct, frozen=True, kw_only=True):
    """One mail in plain text.

    ``message_id`` names it for good (a job's id): letters, digits and ``._@+-``. ``composed_at``
    fixes its date, so that a repeated sending is the same mail; left out, it is the moment of
    sending. ``language`` is ``zh-Hans`` or ``en``. ``to`` is one address in ASCII.
    """

    to: str
    subject: str
    text: str
    language: str
    message_id: str
    composed_at: datetime | None = None


class MailSent(Struct, frozen=True):
    """The next station has taken the mail."""


class MailRetry(Struct, frozen=True):
    """Not now (no connection, busy, lost answer); try again later with the same id."""

    explanation: str


class MailRefused(Struct, frozen=True):
    """Never; ``code`` is ``mail_address_invalid``, ``mail_id_invalid`` or ``mail_rejected``."""

    code: str
    explanation: str


MailResult = MailSent | MailRetry | MailRefused


class MailGateway(Protocol):
    """A way out for mail."""

    async def send(self, mails: Sequence[Mail]) -> Sequence[MailResult]:
        """Hand mails over and say of each what became of it; at least once, never an exception."""


class NullMail:
    """Keeps mails in memory, for tests; refuses what the others refuse."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []

    async def send(self, mails: Sequence[Mail]) -> Sequence[MailResult]:
        """Remember the mails; the same id replaces the earlier one in its place."""
        return [self._keep(mail) for mail in mails]

    def _keep(self, mail: Mail) -> MailResult:
        refused = _refusal(mail)
        if refused is not None:
            return refused
        for position, earlier in enumerate(self.sent):
            if earlier.message_id == mail.message_id:
                self.sent[position] = mail
                return MailSent()
        self.sent.append(mail)
        return MailSent()


class FileMail:
    """Writes each mail as one ``.eml`` file: ``folder/2025-11-22/ab/abc….eml``.

    The file appears whole or not at all. The day is that of ``composed_at`` in UTC, so that a mail
    sent again next day overwrites itself.
    """

    def __init__(self, folder: Path, *, sender: str, clock: Clock) -> None:
        """Write below ``folder``; ``sender`` is the From address."""
        self._folder = folder
        self._sender = Sender(sender)
        self._clock = clock

    async def send(self, mails: Sequence[Mail]) -> Sequence[MailResult]:
        """Write the files; a full or missing disk is a reason to try again."""
        now = self._clock.now()
        return await asyncio.to_thread(lambda: [self._written(mail, now) for mail in mails])

    def _written(self, mail: Mail, now: datetime) -> MailResult:
        refused = _refusal(mail)
        if refused is not None:
            return refused
        date = mail.composed_at or now
        try:
            self._write(self.path_of(mail.message_id, date), _bytes_of(mail, self._sender, date))
        except OSError as error:
            return MailRetry(f"the mail could not be written below {self._folder}: {error}")
        return MailSent()

    def path_of(self, message_id: str, date: datetime) -> Path:
        """Return where the mail of that id and date stands."""
        day = _utc_day(date)
        return self._folder / day / message_id[:2] / f"{message_id}.eml"

    def _write(self, path: Path, content: bytes) -> None:
        """Write under a temporary name beside the file, then rename over it."""
        # Two senders of one mail must not share a temporary file; the last rename wins whole.
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{id(content)}")
        try:
            try:
                temporary.write_bytes(content)
            except FileNotFoundError:
                # Only the first mail of a day and shard finds no folder.
                path.parent.mkdir(parents=True, exist_ok=True)
                temporary.write_bytes(content)
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            raise


class CourteousMail:
    """Another way out for mail that gives way to a busy desk, a few mails at a time."""

    def __init__(self, mail: MailGateway, courtesy: Courtesy) -> None:
        """Send through ``mail`` when ``courtesy`` gives a turn."""
        self._mail = mail
        self._courtesy = courtesy

    async def send(self, mails: Sequence[Mail]) -> Sequence[MailResult]:
        """Wait for a turn for the next few, then send them."""
        results: list[MailResult] = []
        while len(results) < len(mails):
            few = mails[len(results) : len(results) + MAILS_IN_A_TURN]
            await self._courtesy.turn(len(few))
            results += await self._mail.send(few)
        return results


class SmtpMail:
    """Hands each mail to an SMTP server over its own connection."""

    def __init__(  # noqa: PLR0913 - keyword-only settings of one server
        self,
        *,
        host: str,
        port: int,
        sender: str,
        clock: Clock,
        username: str | None = None,
        password: str | None = None,
        start_tls: bool | None = None,
        timeout_seconds: float = SMTP_TIMEOUT_SECONDS,
    ) -> None:
        """Send through ``host``; ``start_tls`` ``None`` uses STARTTLS where it is offered."""
        self._host = host
        self._port = port
        self._sender = Sender(sender)
        self._clock = clock
        self._username = username
        self._password = password
        self._start_tls = start_tls
        self._timeout = timeout_seconds

    async def send(self, mails: Sequence[Mail]) -> Sequence[MailResult]:
        """Send the mails; 5xx is for good, everything else may be tried again."""
        some = asyncio.Semaphore(SMTP_AT_ONCE)

        async def hand_over(mail: Mail) -> MailResult:
            async with some:
                return await self._hand_over(mail)

        return await asyncio.gather(*(hand_over(mail) for mail in mails))

    async def _hand_over(self, mail: Mail) -> MailResult:
        refused = _refusal(mail)
        if refused is not None:
            return refused
        try:
            await aiosmtplib.send(
                _bytes_of(mail, self._sender, mail.composed_at or self._clock.now()),
                sender=self._sender.address,
                recipients=[mail.to],
                hostname=self._host,
                port=self._port,
                username=self._username,
                password=self._password,
                start_tls=self._start_tls,
                timeout=self._timeout,
            )
        except aiosmtplib.SMTPAuthenticationError as error:
            # The password is the operator's to mend; the buyer's mail must not be given up for it.
            return MailRetry(f"the mail server refused the login: {error.message}")
        except aiosmtplib.SMTPRecipientsRefused as error:
            first = error.recipients[0]
            return _smtp_result(first.code, first.message)
        except aiosmtplib.SMTPResponseException as error:
            return _smtp_result(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return MailRetry(f"the mail server could not be used: {error}")
        return MailSent()


def _smtp_result(code: int, text: str) -> MailResult:
    """Tell refusals for good (5xx) from refusals for now."""
    explanation = f"the mail server answered {code}: {text}"
    if code >= _PERMANENT:
        return MailRefused("mail_rejected", explanation)
    return MailRetry(explanation)


def _refusal(mail: Mail) -> MailRefused | None:
    """Refuse what could leave its file or header, before it leaves at all."""
    if not _MESSAGE_ID.match(mail.message_id):
        return MailRefused(
            "mail_id_invalid",
            "message_id must be 1 to 200 letters, digits or ._@+- and begin with a letter or digit",
        )
    if not _ADDRESS.match(mail.to):
        return MailRefused("mail_address_invalid", "give one address of the form name@example.org")
    return None


def _bytes_of(mail: Mail, sender: Sender, date: datetime) -> bytes:
    """The mail as it travels, once it was not refused."""
    return mail_bytes(
        sender=sender,
        to=mail.to,
        subject=mail.subject,
        date=date,
        message_id=mail.message_id,
        language=mail.language,
        text=mail.text,
    )


def _utc_day(date: datetime) -> str:
    """Return the day of an instant in UTC."""
    offset = date.utcoffset()
    assert offset is not None, "an instant carries its zone"
    return (date - offset).strftime("%Y-%m-%d")
