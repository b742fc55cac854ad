"""Signing in as a buyer: a code to an e-mail address or a telephone, and whoever has it is let in.

Signing up is the same act: who was never here before is registered by it. What is kept of tries and
addresses is what `proving.py` keeps, in the same tables and within the same limits. Not here: the
pages that ask (`web/pages`), the cookie, and how staff sign in.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from typing import Protocol

from earnest.core.launch.edition import Proof
from earnest.core.values.ids import BuyerId, derive_id
from earnest.core.values.instant import Instant
from earnest.desk.views import Admission, BuyerProfile
from earnest.gateways.mail import Mail, MailGateway, MailSent
from earnest.gateways.sms import Sms, SmsGateway, SmsTaken
from earnest.people.proving import (
    ASKED_AT_MOST,
    ASKED_WITHIN,
    CODE_LASTS,
    CODE_TRIES,
    CODE_WORDS,
    NotProven,
    Proofs,
    digest_of,
    digests_of,
)
from earnest.people.telephones import PHONE_COUNTRY, as_once_written, read_phone
from earnest.people.tokens import SigningKey

EMAIL = "email"
"""The kind of proof that an address is; a telephone is the same kind as for a limit per person."""

REGISTRAR = "site"
"""Under this name those are registered who sign in for the first time."""

LONGEST_ADDRESS = 254
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\Z")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,24}\Z")
_SUBJECTS = {"en": "Your code for signing in", "zh-Hans": "登录验证码"}


class Guests(Protocol):
    """The register of people as signing in needs it. Raises `StoreUnavailable`."""

    async def admit(self, admission: Admission, buyers: Sequence[BuyerProfile]) -> Admission:
        """Register buyers once, as `Register` does."""

    async def only_buyer_at(self, email: str) -> BuyerId | None:
        """The only buyer registered with this (lower-case) address; None for none or several."""

    async def name_buyer(self, buyer_id: BuyerId, name: str) -> None:
        """Note the name of a buyer who has none yet."""


class SignIn:
    """Sends codes, and tells which buyer has shown one."""

    def __init__(
        self,
        proofs: Proofs,
        register: Guests,
        mail: MailGateway,
        sms: SmsGateway,
        keys: Sequence[SigningKey],
        country: str = PHONE_COUNTRY,
    ) -> None:
        """Digests are made with the first key; older ones still find who came before.

        `country` is where telephones are that are written without one.
        """
        assert keys, "a digest without a key would tell the address to whoever tries all"
        self._proofs = proofs
        self._register = register
        self._mail = mail
        self._sms = sms
        self._keys = tuple(keys)
        self._country = country

    async def send_code(self, address: str, language: str, now: Instant) -> NotProven | None:
        """Send a code to an address or a telephone; None when it is on its way."""
        kind, plain = self._read(address)
        if plain is None:
            return NotProven.PHONE_UNREADABLE
        visitor = self._visitor(kind, plain)
        code = f"{secrets.randbelow(1_000_000):06}"
        noted = await self._proofs.note_try(
            visitor,
            kind,
            self._subject(kind, plain),
            now,
            self._code_digest(visitor, code),
            CODE_TRIES,
            now - ASKED_WITHIN,
            ASKED_AT_MOST,
        )
        if not noted:
            return NotProven.TOO_OFTEN
        name = f"sign-in-{visitor}-{int(now.timestamp())}"
        is_sent = await self._send(kind, plain, code, language, name)
        return None if is_sent else NotProven.NOT_SENT

    async def confirm(
        self, address: str, code: str, language: str, now: Instant
    ) -> BuyerId | NotProven:
        """The buyer whose address it is, if the code is right; every try counts."""
        kind, plain = self._read(address)
        if plain is None:
            return NotProven.PHONE_UNREADABLE
        visitor = self._visitor(kind, plain)
        subject = self._subject(kind, plain)
        expected = await self._proofs.use_try(visitor, subject, now - CODE_LASTS)
        given = self._code_digest(visitor, code.strip())
        if expected is None or not hmac.compare_digest(expected, given):
            return NotProven.CODE_WRONG
        once = [] if kind == EMAIL else as_once_written(address, plain, self._country)
        return await self._buyer(kind, plain, once, language, now)

    async def name(self, buyer_id: BuyerId, name: str) -> None:
        """Note the name of a buyer who signed up without one, as the contract will say it."""
        await self._register.name_buyer(buyer_id, name)

    async def _buyer(
        self, kind: str, plain: str, once: Sequence[str], language: str, now: Instant
    ) -> BuyerId | NotProven:
        """Who proved this address before, who is registered with it, or somebody new.

        Whoever signed up by a telephone in two ways of writing, while these were two, has two
        logins; each is still reached by its own way of writing.
        """
        digests = digests_of(self._keys, kind, [plain, *once])
        as_written = digests_of(self._keys, kind, [*once[:1], plain, *once[1:]])
        buyer_id = await self._proofs.first_to_prove(kind, as_written)
        if buyer_id is None and kind == EMAIL:
            buyer_id = await self._register.only_buyer_at(plain)
        if buyer_id is None:
            buyer_id = await self._sign_up(kind, plain, language, now)
        if await self._proofs.prove(buyer_id, kind, digests, now):
            return buyer_id
        # This login once had the telephone and has changed it since: it is another's to open.
        return NotProven.PHONE_KEPT

    async def _sign_up(self, kind: str, plain: str, language: str, now: Instant) -> BuyerId:
        # The id follows from the address, so that two windows at once make one buyer.
        subject = self._subject(kind, plain)
        buyer_id = BuyerId(derive_id("buyer", REGISTRAR, subject))
        admission = Admission(
            actor_id=REGISTRAR, key=subject, content_hash=subject, admitted_at=now
        )
        buyer = BuyerProfile(
            buyer_id=buyer_id,
            name="",
            email=plain if kind == EMAIL else None,
            phone=None if kind == EMAIL else plain,
            language=language,
            created_at=now,
        )
        await self._register.admit(admission, [buyer])
        return buyer_id

    async def _send(self, kind: str, plain: str, code: str, language: str, name: str) -> bool:
        text = CODE_WORDS[language].format(code=code)
        if kind != EMAIL:
            sms = Sms(to=plain, text=text, language=language, sms_id=name)
            return isinstance(await self._sms.send(sms), SmsTaken)
        mail = Mail(
            to=plain,
            subject=_SUBJECTS[language],
            text=text + "\n",
            language=language,
            message_id=name,
        )
        (sent,) = await self._mail.send([mail])
        return isinstance(sent, MailSent)

    def _read(self, address: str) -> tuple[str, str | None]:
        """Of which kind an address is, and how it is always written; None for no telephone."""
        plain = address.strip()
        if "@" in plain:
            return EMAIL, plain.lower()
        return Proof.PHONE.value, read_phone(plain, self._country)

    def _visitor(self, kind: str, plain: str) -> BuyerId:
        """Under which id tries are counted before anybody knows which buyer it is."""
        return BuyerId(derive_id("visitor", self._subject(kind, plain)))

    def _subject(self, kind: str, plain: str) -> str:
        return digest_of(self._keys[0], kind, plain)

    def _code_digest(self, visitor: BuyerId, code: str) -> str:
        return digest_of(self._keys[0], "code", f"{visitor}:{code}")


def is_address(text: str) -> bool:
    """Whether a code could be sent there at all."""
    plain = text.strip()
    fits = len(plain) <= LONGEST_ADDRESS and plain.isprintable()
    return fits and bool(_EMAIL.match(plain) or _PHONE.match(plain))
