"""Passkeys: adding one, signing in with one, and showing one as the second factor.

A challenge is signed and not kept: it says when it was asked, and its seal covers what for and in
which session or browser, so that a page that is only looked at writes nothing. Once answered it is
noted until it lapses, so that no answer is taken twice. Every try with a passkey is used up before
its signature is looked at. Of a passkey only its public half is kept.

Not here: reading the browser's answers (`passkey_answers.py`), what browsers are asked
(`passkey_site.py`), and the mails that tell of a change (`passkey_letters.py`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from earnest.core.values.ids import BuyerId
from earnest.core.values.instant import Instant
from earnest.desk.passkeys import KeptPasskey, PasskeyBook
from earnest.desk.staff import Act
from earnest.people.caller import BUYER_PREFIX, STAFF_PREFIX
from earnest.people.passkey_answers import (
    Answer,
    AnswerMalformed,
    counter_in,
    new_key_in,
    read_added,
    read_shown,
)
from earnest.people.passkey_site import Site, options_to_add, options_to_show
from earnest.people.tokens import SigningKey

CHALLENGE_LASTS = timedelta(minutes=10)
"""How long a page may stand before its passkey button has to be written anew; as long as a code."""

TRIES = 5
TRIES_WITHIN = timedelta(minutes=15)
"""Answers of one passkey that did not let its owner in; as many as codes of a second factor."""

MOST = 10
"""Passkeys of one person."""

LONGEST_NAME = 100

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_INSTANT_BYTES = 8
_CHANCE_BYTES = 16
_SEAL_BYTES = 32


class Purpose(StrEnum):
    """What a challenge is asked for; an answer to one is none to another."""

    ADD = "add"
    SIGN_IN = "sign_in"
    FACTOR = "factor"


class PasskeyRefused(StrEnum):
    """Why a passkey was not taken."""

    UNAVAILABLE = "passkey_unavailable"
    MALFORMED = "passkey_malformed"
    ORIGIN_FOREIGN = "passkey_origin_foreign"
    CHALLENGE_UNKNOWN = "passkey_challenge_unknown"
    CHALLENGE_OVER = "passkey_challenge_over"
    CHALLENGE_USED = "passkey_challenge_used"
    UNKNOWN = "passkey_unknown"
    OF_ANOTHER = "passkey_of_another"
    USER_NOT_VERIFIED = "passkey_user_not_verified"
    COUNTER_WENT_BACK = "passkey_counter_went_back"
    TOO_OFTEN = "passkey_too_often"
    TOO_MANY = "passkey_too_many"
    ADDED_ALREADY = "passkey_added_already"


class PasskeyShown(msgspec.Struct, frozen=True):
    """What a browser answered, and the session or browser that it was asked in."""

    answer: str
    asked_in: str


class Passkeys:
    """Keeps passkeys, and takes what browsers answer about them."""

    def __init__(self, book: PasskeyBook, keys: Sequence[SigningKey], site: Site | None) -> None:
        """Challenges are sealed with the first key; older ones still open what they sealed.

        Passkeys themselves depend on no key of ours. Without a site nothing is offered and
        everything is refused.
        """
        assert keys, "a challenge without a key could be anybody's"
        self._book = book
        self._site = site
        self._secrets = [_derived(key) for key in keys]

    @property
    def site(self) -> Site | None:
        """For which site passkeys are made here; None where there can be none."""
        return self._site

    async def of(self, actor_id: str) -> Sequence[KeptPasskey]:
        """The passkeys of somebody, the oldest first."""
        return await self._book.passkeys_of(actor_id)

    async def of_staff(self, staff_id: str) -> Sequence[KeptPasskey]:
        """The passkeys of somebody of the staff, the oldest first."""
        return await self._book.passkeys_of(f"{STAFF_PREFIX}{staff_id}")

    async def holders(self) -> Mapping[str, int]:
        """Who of the staff has passkeys, by staff id, and how many."""
        return await self._book.holders()

    async def ask_to_add(self, actor_id: str, name: str, asked_in: str, now: Instant) -> str:
        """What the browser is asked to make, as JSON; empty where there can be no passkeys."""
        if self._site is None:
            return ""
        challenge = self._challenge(Purpose.ADD, asked_in, now)
        known = await self._book.passkeys_of(actor_id)
        return options_to_add(self._site, challenge, _user(actor_id), name, known)

    def ask_to_sign_in(self, asked_in: str, now: Instant) -> str:
        """What the browser is asked to show, as JSON; empty where there can be no passkeys."""
        if self._site is None:
            return ""
        return options_to_show(self._site, self._challenge(Purpose.SIGN_IN, asked_in, now))

    async def ask_for_factor(self, staff_id: str, asked_in: str, now: Instant) -> str:
        """What the browser is asked to show as the second factor; empty for whoever has none."""
        known = await self.of_staff(staff_id)
        if self._site is None or not known:
            return ""
        return options_to_show(self._site, self._challenge(Purpose.FACTOR, asked_in, now), known)

    async def add(
        self, actor_id: str, name: str, shown: PasskeyShown, now: Instant
    ) -> KeptPasskey | PasskeyRefused:
        """Keep the passkey that a device has made for somebody; of staff the trail tells it."""
        answer = self._read(read_added, shown, Purpose.ADD, now)
        if isinstance(answer, PasskeyRefused):
            return answer
        if len(await self._book.passkeys_of(actor_id)) >= MOST:
            return PasskeyRefused.TOO_MANY
        if not await self._take(answer, now):
            return PasskeyRefused.CHALLENGE_USED
        if not answer.is_user_verified:
            return PasskeyRefused.USER_NOT_VERIFIED
        try:
            key = new_key_in(shown.answer, answer.challenge, self._the_site())
        except AnswerMalformed:
            return PasskeyRefused.MALFORMED
        passkey = KeptPasskey(
            credential_id=key.credential_id,
            actor_id=actor_id,
            public_key=key.public_key,
            sign_count=key.sign_count,
            transports=key.transports,
            name=name,
            added_at=now,
        )
        is_kept = await self._book.add(passkey, _act(actor_id, "passkey_added", name, now))
        return passkey if is_kept else PasskeyRefused.ADDED_ALREADY

    async def sign_in(self, shown: PasskeyShown, now: Instant) -> BuyerId | PasskeyRefused:
        """The buyer whose passkey was shown; the device itself says which of its passkeys it is."""
        answer = self._read(read_shown, shown, Purpose.SIGN_IN, now)
        if isinstance(answer, PasskeyRefused):
            return answer
        kept = await self._book.passkey(answer.credential_id)
        if kept is None:
            return PasskeyRefused.UNKNOWN
        if not kept.actor_id.startswith(BUYER_PREFIX) or not _is_user(answer, kept):
            return PasskeyRefused.OF_ANOTHER
        refused = await self._use(kept, answer, shown.answer, now)
        return BuyerId(kept.actor_id.removeprefix(BUYER_PREFIX)) if refused is None else refused

    async def show_factor(
        self, staff_id: str, shown: PasskeyShown, now: Instant
    ) -> PasskeyRefused | None:
        """Whether this passkey is the second factor of somebody of the staff."""
        answer = self._read(read_shown, shown, Purpose.FACTOR, now)
        if isinstance(answer, PasskeyRefused):
            return answer
        kept = await self._book.passkey(answer.credential_id)
        if kept is None:
            return PasskeyRefused.UNKNOWN
        is_theirs = kept.actor_id == f"{STAFF_PREFIX}{staff_id}"
        # A device that was told which passkeys are wanted need not say whose they are.
        if not is_theirs or (answer.user_handle and not _is_user(answer, kept)):
            return PasskeyRefused.OF_ANOTHER
        return await self._use(kept, answer, shown.answer, now)

    async def remove(
        self, actor_id: str, credential_id: bytes, now: Instant
    ) -> KeptPasskey | PasskeyRefused:
        """Forget a passkey of somebody: the one it was; of staff the trail tells it."""
        kept = await self._book.passkey(credential_id)
        if kept is None:
            return PasskeyRefused.UNKNOWN
        act = _act(actor_id, "passkey_removed", kept.name, now)
        is_gone = await self._book.remove(credential_id, actor_id, act)
        return kept if is_gone else PasskeyRefused.UNKNOWN

    def _read(
        self, read: Callable[[str], Answer], shown: PasskeyShown, purpose: Purpose, now: Instant
    ) -> Answer | PasskeyRefused:
        """What an answer says, if it was asked here, for this, in this session and in time."""
        if self._site is None:
            return PasskeyRefused.UNAVAILABLE
        try:
            answer = read(shown.answer)
        except AnswerMalformed:
            return PasskeyRefused.MALFORMED
        if answer.origin != self._site.origin or answer.is_framed:
            return PasskeyRefused.ORIGIN_FOREIGN
        asked_at = self._asked_at(answer.challenge, purpose, shown.asked_in)
        if asked_at is None:
            return PasskeyRefused.CHALLENGE_UNKNOWN
        return PasskeyRefused.CHALLENGE_OVER if now >= asked_at + CHALLENGE_LASTS else answer

    async def _use(
        self, kept: KeptPasskey, answer: Answer, text: str, now: Instant
    ) -> PasskeyRefused | None:
        """Take an answer of a passkey once. The try is used up before the signature is checked."""
        if not await self._book.use_try(kept.credential_id, now, now - TRIES_WITHIN, TRIES):
            return PasskeyRefused.TOO_OFTEN
        if not await self._take(answer, now):
            return PasskeyRefused.CHALLENGE_USED
        if not answer.is_user_verified:
            return PasskeyRefused.USER_NOT_VERIFIED
        try:
            count = counter_in(text, answer.challenge, self._the_site(), kept.public_key)
        except AnswerMalformed:
            return PasskeyRefused.MALFORMED
        is_noted = await self._book.note_use(kept.credential_id, count, now)
        return None if is_noted else PasskeyRefused.COUNTER_WENT_BACK

    async def _take(self, answer: Answer, now: Instant) -> bool:
        digest = hashlib.sha256(answer.challenge).digest()
        return await self._book.take_challenge(digest, now + CHALLENGE_LASTS, now)

    def _challenge(self, purpose: Purpose, asked_in: str, now: Instant) -> bytes:
        instant = ((now - _EPOCH) // _SECOND).to_bytes(_INSTANT_BYTES, "big")
        about = instant + secrets.token_bytes(_CHANCE_BYTES)
        return about + _seal(self._secrets[0], purpose, asked_in, about)

    def _asked_at(self, challenge: bytes, purpose: Purpose, asked_in: str) -> Instant | None:
        """When a challenge was asked, if it was asked here, for this and in this session."""
        about, seal = challenge[:-_SEAL_BYTES], challenge[-_SEAL_BYTES:]
        if not any(
            hmac.compare_digest(seal, _seal(secret, purpose, asked_in, about))
            for secret in self._secrets
        ):
            return None
        return _EPOCH + int.from_bytes(about[:_INSTANT_BYTES], "big") * _SECOND

    def _the_site(self) -> Site:
        assert self._site is not None, "an answer is read only where there is a site"
        return self._site


def _derived(key: SigningKey) -> bytes:
    """A secret for this one purpose, from which nothing can be learned about another's."""
    return hmac.digest(key.secret, b"earnest/passkeys", hashlib.sha256)


def _seal(secret: bytes, purpose: Purpose, asked_in: str, about: bytes) -> bytes:
    said = f"challenge\x1f{purpose}\x1f{asked_in}\x1f".encode() + about
    return hmac.digest(secret, said, hashlib.sha256)


def _user(actor_id: str) -> bytes:
    """Under which name a device keeps somebody; it outlives every change of our keys."""
    return hashlib.sha256(f"earnest/passkey user\x1f{actor_id}".encode()).digest()


def _is_user(answer: Answer, kept: KeptPasskey) -> bool:
    return answer.user_handle == _user(kept.actor_id)


def _act(actor_id: str, kind: str, name: str, now: Instant) -> Act | None:
    """What the trail keeps of it: acts of the staff only."""
    if not actor_id.startswith(STAFF_PREFIX):
        return None
    staff_id = actor_id.removeprefix(STAFF_PREFIX)
    return Act(at=now, actor_id=actor_id, kind=kind, subject=staff_id, detail=name)
