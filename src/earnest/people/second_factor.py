"""The second factor of the staff: codes of six digits by time (RFC 6238), recovery codes, passkeys.

The secret is not kept. It follows from a nonce in the database and from a key that is not there, so
neither tells anything alone, and no log or page shows it once it was confirmed. A code is taken
once: its time step is noted, and neither it nor an earlier one is taken again. Of recovery codes
only digests are kept. Every try counts before it is looked at. A passkey does wherever a code does;
whoever has only passkeys sets up no telephone without showing one.

Not here: passkeys themselves (`passkeys.py`), the first factor (`staff_door.py`) and what a session
may do without the second.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import TypeAlias

import msgspec
import pyotp
import segno

from earnest.core.values.instant import Instant
from earnest.desk.staff import Act, FactorBook, KeptFactor
from earnest.people.caller import STAFF_PREFIX
from earnest.people.passkeys import PasskeyRefused, Passkeys, PasskeyShown
from earnest.people.proving import digest_of
from earnest.people.tokens import SigningKey

ISSUER = "Earnest"
STEP_SECONDS = 30
STEPS_AROUND = 1
"""A code of the step before or after is taken as well: clocks differ, and people type slowly."""

TRIES = 5
TRIES_WITHIN = timedelta(minutes=15)
"""Codes until somebody has to wait: 480 guesses a day, and of a million codes three are right."""

RECOVERY_CODES = 10
_CODE_BYTES = 10
_NONCE_BYTES = 32
_SECRET_BYTES = 20


class FactorRefused(StrEnum):
    """Why a code or a step was not taken."""

    MISSING = "factor_missing"
    SET_ALREADY = "factor_set_already"
    CODE_WRONG = "factor_code_wrong"
    TOO_OFTEN = "factor_too_often"
    NOT_SHOWN = "factor_not_shown"


Refused: TypeAlias = FactorRefused | PasskeyRefused
"""Why a second factor was not taken, whichever it was."""


class NewFactor(msgspec.Struct, frozen=True):
    """What somebody's telephone needs, shown until it was confirmed."""

    secret: str
    address: str

    @property
    def picture(self) -> str:
        """The address as a picture that a telephone reads, as the text of an SVG."""
        picture: str = segno.make(self.address, error="m").svg_data_uri(
            scale=5, border=3, light="#fff", dark="#1a1c1e"
        )
        return picture


class SecondFactors:
    """Sets second factors up, and takes their codes."""

    def __init__(
        self,
        book: FactorBook,
        keys: Sequence[SigningKey],
        passkeys: Passkeys,
        ahead: Callable[[], timedelta] = timedelta,
    ) -> None:
        """Secrets are made with the first key; older ones are kept for those made before.

        `ahead` says how far a demo's clock runs ahead of the clocks in people's telephones.
        """
        assert keys, "a secret without a key would follow from the database alone"
        self._book = book
        self._passkeys = passkeys
        self._keys = {key.key_id: key for key in keys}
        self._newest = keys[0]
        self._ahead = ahead

    async def is_set(self, staff_id: str) -> bool:
        """Whether somebody has a second factor that counts: codes of a telephone, or a passkey."""
        return await self.has_codes(staff_id) or await self.has_passkeys(staff_id)

    async def has_codes(self, staff_id: str) -> bool:
        """Whether somebody's telephone shows codes that count."""
        factor = await self._book.factor(staff_id)
        return factor is not None and factor.is_confirmed

    async def has_passkeys(self, staff_id: str) -> bool:
        """Whether somebody can show a passkey."""
        return bool(await self._passkeys.of_staff(staff_id))

    async def begin(self, staff_id: str) -> NewFactor | FactorRefused:
        """What the telephone needs; asked again it is the same until it was confirmed."""
        factor = await self._book.factor(staff_id)
        if factor is None:
            nonce = secrets.token_hex(_NONCE_BYTES)
            await self._book.begin_factor(staff_id, self._newest.key_id, nonce)
            factor = await self._book.factor(staff_id)
        if factor is None or factor.is_confirmed:
            return FactorRefused.SET_ALREADY
        code = self._codes_of(staff_id, factor)
        return NewFactor(code.secret, code.provisioning_uri(name=staff_id, issuer_name=ISSUER))

    async def confirm(
        self, staff_id: str, code: str, now: Instant, shown: PasskeyShown | None = None
    ) -> Sequence[str] | Refused:
        """Let the factor count for whoever shows a code of it: the recovery codes, shown once.

        Whoever has passkeys already shows one of them too.
        """
        factor = await self._book.factor(staff_id)
        if factor is None:
            return FactorRefused.MISSING
        if factor.is_confirmed:
            return FactorRefused.SET_ALREADY
        if await self.has_passkeys(staff_id):
            not_taken = await self.check(staff_id, shown, now)
            if not_taken is not None:
                return not_taken
        refused = await self._take(staff_id, code, now)
        if refused is not None:
            return refused
        codes = [_fresh_code() for _ in range(RECOVERY_CODES)]
        digests = [self._digest(staff_id, each) for each in codes]
        await self._book.confirm_factor(staff_id, digests, _act(staff_id, "factor_set", now))
        return codes

    async def check(
        self, staff_id: str, shown: str | PasskeyShown | None, now: Instant
    ) -> Refused | None:
        """Whether this is a code of somebody's factor, a recovery code, or a passkey of theirs."""
        if isinstance(shown, PasskeyShown):
            return await self._passkeys.show_factor(staff_id, shown, now)
        if shown is None:
            return FactorRefused.NOT_SHOWN
        if not await self.has_codes(staff_id):
            return FactorRefused.MISSING
        return await self._take(staff_id, shown, now)

    async def remove(
        self, staff_id: str, shown: str | PasskeyShown | None, now: Instant
    ) -> Refused | None:
        """Forget one's own codes, for another telephone; only whoever shows a factor may."""
        if not await self.has_codes(staff_id):
            return FactorRefused.MISSING
        refused = await self.check(staff_id, shown, now)
        if refused is None:
            await self._book.remove_factor(staff_id, _act(staff_id, "factor_removed", now))
        return refused

    async def _take(self, staff_id: str, code: str, now: Instant) -> FactorRefused | None:
        """Take a code once. The try is used up before anybody looks whether the code is right."""
        since = now - TRIES_WITHIN
        factor = await self._book.use_try(staff_id, now, since, TRIES)
        if factor is None:
            return FactorRefused.TOO_OFTEN
        plain = "".join(code.split()).replace("-", "").upper()
        step = self._step_of(staff_id, factor, plain, now)
        if step is not None:
            taken = await self._book.take_step(staff_id, step)
            return None if taken else FactorRefused.CODE_WRONG
        if not factor.is_confirmed:
            return FactorRefused.CODE_WRONG
        act = _act(staff_id, "recovery_code_used", now)
        used = await self._book.use_recovery_code(staff_id, self._digest(staff_id, plain), act)
        return None if used else FactorRefused.CODE_WRONG

    def _step_of(self, staff_id: str, factor: KeptFactor, code: str, now: Instant) -> int | None:
        """The time step of a code, if it is one of now."""
        codes = self._codes_of(staff_id, factor)
        present = int((now - self._ahead()).timestamp()) // STEP_SECONDS
        steps = range(present - STEPS_AROUND, present + STEPS_AROUND + 1)
        fitting = [
            step
            for step in steps
            if hmac.compare_digest(codes.generate_otp(step).encode(), code.encode())
        ]
        return max(fitting, default=None)

    def _codes_of(self, staff_id: str, factor: KeptFactor) -> pyotp.TOTP:
        key = self._keys[factor.key_id]
        about = f"earnest/second factor\n{staff_id}\n{factor.nonce}".encode()
        made = hmac.digest(key.secret, about, hashlib.sha256)
        secret = base64.b32encode(made[:_SECRET_BYTES]).decode()
        return pyotp.TOTP(secret, interval=STEP_SECONDS)

    def _digest(self, staff_id: str, code: str) -> str:
        return digest_of(self._newest, "recovery", f"{staff_id}:{code}")


def _fresh_code() -> str:
    """Sixteen letters and digits: eighty bits, which nobody guesses."""
    return base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()


def _act(staff_id: str, kind: str, now: Instant) -> Act:
    return Act(at=now, actor_id=f"{STAFF_PREFIX}{staff_id}", kind=kind, subject=staff_id)
