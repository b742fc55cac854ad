"""Proving who a person is, where one person may hold only so many orders of a queue.

A telephone is proven by a code sent to it, an identity number by asking whoever knows the register.
Both are kept only as digests under a key that is not in the database. A queue knows a person by a
digest of its own, which tells nothing in any other queue.

Not here: the tables (`store/proofs.py`), the limit itself (`core/order/allot.py`) and the doors.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from earnest.core.launch.edition import Proof
from earnest.core.values.ids import BuyerId, QueueId
from earnest.core.values.instant import Instant
from earnest.gateways.sms import Sms, SmsGateway, SmsTaken
from earnest.people.telephones import PHONE_COUNTRY, as_once_written, read_phone
from earnest.people.tokens import SigningKey

CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
"""Wrong codes until a new one has to be asked for: one guess in 200,000."""

ASKED_WITHIN = timedelta(hours=1)
ASKED_AT_MOST = 5
"""Codes sent, or numbers checked, in an hour: for one buyer, and for one telephone or number."""

_IDENTITY_NUMBER = re.compile(r"[0-9]{17}[0-9X]\Z")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CODE_WORDS = {
    "en": "Your code is {code}. It is good for ten minutes; nobody of ours will ask you for it.",
    "zh-Hans": "您的验证码为{code}，十分钟内有效。我们的工作人员不会向您索要验证码。",
}
"""What a code is sent with, by language."""


class NotProven(StrEnum):
    """Why somebody was not believed."""

    TOO_OFTEN = "proof_too_often"
    NOT_SENT = "proof_not_sent"
    CODE_WRONG = "proof_code_wrong"
    NUMBER_UNCONFIRMED = "proof_number_unconfirmed"
    PHONE_UNREADABLE = "proof_phone_unreadable"
    PHONE_KEPT = "proof_phone_kept"
    NUMBER_KEPT = "proof_number_kept"


class IdentityCheck(Protocol):
    """Whoever knows which name belongs to an identity number."""

    async def matches(self, name: str, number: str) -> bool:
        """Whether this name belongs to this number."""


class SandboxIdentities:
    """The twin: believes every number whose check digit is right (GB 11643-1999)."""

    async def matches(self, name: str, number: str) -> bool:
        """Whether the number could be somebody's."""
        return bool(name.strip()) and is_identity_number(number)


class Proofs(Protocol):
    """What is kept of proofs; `store/proofs.py` implements it. Raises `StoreUnavailable`."""

    async def note_try(  # noqa: PLR0913, PLR0917 - one row
        self,
        buyer_id: BuyerId,
        kind: str,
        subject: str,
        at: Instant,
        code_digest: str | None,
        tries: int,
        since: Instant,
        most: int,
    ) -> bool:
        """Note a try, unless this buyer or this subject had `most` of them since then."""

    async def use_try(self, buyer_id: BuyerId, subject: str, since: Instant) -> str | None:
        """Use up one try of the newest code sent since then; its digest, None without one."""

    async def prove(
        self, buyer_id: BuyerId, kind: str, digests: Sequence[tuple[str, str]], at: Instant
    ) -> bool:
        """Note who a buyer is; False where the buyer stays who they are.

        That is for good once an identity number is proven, and by a telephone while an order of the
        buyer counts against a limit. `digests` are by key id; the first is kept, and whoever is
        known by another of them is the same person.
        """

    async def identities_of(
        self, asked: Sequence[tuple[BuyerId, str]]
    ) -> Mapping[tuple[BuyerId, str], str]:
        """Who buyers have proven to be by a kind of proof; who has not is left out."""

    async def other_accounts(
        self, buyer_ids: Sequence[BuyerId]
    ) -> Mapping[BuyerId, Sequence[BuyerId]]:
        """Every other buyer who has proven to be the same person as each, by any kind of proof.

        Who has no other account is left out. It is never shown to anybody.
        """

    async def first_to_prove(self, kind: str, digests: Sequence[tuple[str, str]]) -> BuyerId | None:
        """The buyer who first proved the first known of these, by key id and digest."""


class People:
    """Takes proofs. Who a buyer is to a queue, `reserving.py` looks up for many at once."""

    def __init__(
        self,
        proofs: Proofs,
        sms: SmsGateway,
        identities: IdentityCheck,
        keys: Sequence[SigningKey],
        country: str = PHONE_COUNTRY,
    ) -> None:
        """Digests are made with the first key; older ones are kept to find who proved before.

        `country` is where telephones are that are written without one.
        """
        assert keys, "a digest without a key would tell the number to whoever tries all numbers"
        self._proofs = proofs
        self._sms = sms
        self._identities = identities
        self._keys = tuple(keys)
        self._country = country

    async def send_code(
        self, buyer_id: BuyerId, written: str, language: str, now: Instant
    ) -> NotProven | None:
        """Send a code to a telephone; None when it is on its way."""
        phone = read_phone(written, self._country)
        if phone is None:
            return NotProven.PHONE_UNREADABLE
        code = f"{secrets.randbelow(1_000_000):06}"
        noted = await self._proofs.note_try(
            buyer_id,
            Proof.PHONE.value,
            self._subject(Proof.PHONE, phone),
            now,
            self._code_digest(buyer_id, code),
            CODE_TRIES,
            now - ASKED_WITHIN,
            ASKED_AT_MOST,
        )
        if not noted:
            return NotProven.TOO_OFTEN
        text = CODE_WORDS["zh-Hans" if language == "zh-Hans" else "en"].format(code=code)
        sms_id = f"proof-{buyer_id}-{int(now.timestamp())}"
        sent = await self._sms.send(Sms(to=phone, text=text, language=language, sms_id=sms_id))
        return None if isinstance(sent, SmsTaken) else NotProven.NOT_SENT

    async def confirm_code(
        self, buyer_id: BuyerId, written: str, code: str, now: Instant
    ) -> NotProven | None:
        """Believe whoever has the code; every try counts, right or wrong."""
        phone = read_phone(written, self._country)
        if phone is None:
            return NotProven.PHONE_UNREADABLE
        subject = self._subject(Proof.PHONE, phone)
        expected = await self._proofs.use_try(buyer_id, subject, now - CODE_LASTS)
        given = self._code_digest(buyer_id, code)
        if expected is None or not hmac.compare_digest(expected, given):
            return NotProven.CODE_WRONG
        ways = [phone, *as_once_written(written, phone, self._country)]
        is_noted = await self._prove(buyer_id, Proof.PHONE, ways, now)
        return None if is_noted else NotProven.PHONE_KEPT

    async def check_number(
        self, buyer_id: BuyerId, name: str, number: str, now: Instant
    ) -> NotProven | None:
        """Believe whose name belongs to the number, says the register."""
        plain = "".join(number.split()).upper()
        subject = self._subject(Proof.IDENTITY_NUMBER, plain)
        kind = Proof.IDENTITY_NUMBER.value
        since = now - ASKED_WITHIN
        if not await self._proofs.note_try(
            buyer_id, kind, subject, now, None, 0, since, ASKED_AT_MOST
        ):
            return NotProven.TOO_OFTEN
        if not await self._identities.matches(name, plain):
            return NotProven.NUMBER_UNCONFIRMED
        is_noted = await self._prove(buyer_id, Proof.IDENTITY_NUMBER, [plain], now)
        return None if is_noted else NotProven.NUMBER_KEPT

    async def _prove(
        self, buyer_id: BuyerId, proof: Proof, ways: Sequence[str], now: Instant
    ) -> bool:
        digests = digests_of(self._keys, proof.value, ways)
        return await self._proofs.prove(buyer_id, proof.value, digests, now)

    def _subject(self, proof: Proof, plain: str) -> str:
        return digest_of(self._keys[0], proof.value, plain)

    def _code_digest(self, buyer_id: BuyerId, code: str) -> str:
        return digest_of(self._keys[0], "code", f"{buyer_id}:{code}")


def person_in(queue_id: QueueId, identity_id: str) -> str:
    """The person as this queue knows them.

    It follows from chance that is kept with proofs alone, so that neither the number nor the
    person in another queue can be found from it, and a change of keys changes nothing.
    """
    return hashlib.sha256(f"{identity_id}:{queue_id}".encode()).hexdigest()[:32]


def is_identity_number(number: str) -> bool:
    """Whether the check digit of a Chinese identity number is right (GB 11643-1999)."""
    if not _IDENTITY_NUMBER.match(number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number[17] == "10X98765432"[total % 11]


def digests_of(
    keys: Sequence[SigningKey], purpose: str, ways: Sequence[str]
) -> list[tuple[str, str]]:
    """Each way of writing the same thing as a digest under each key, with the key's id."""
    ways = list(dict.fromkeys(ways))
    return [(key.key_id, digest_of(key, purpose, each)) for each in ways for key in keys]


def digest_of(key: SigningKey, purpose: str, text: str) -> str:
    """How a telephone, a number or an address is kept: of no use without the key."""
    return hmac.digest(key.secret, f"{purpose}:{text}".encode(), hashlib.sha256).hex()
