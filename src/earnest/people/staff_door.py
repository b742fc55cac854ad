"""How staff come in: a mailed code first, then the second factor where it is set or needed.

Whoever has shown only the first factor gets a session without any role: it opens the page where
the second one is shown or set up, and nothing else. The address of nobody is answered like
anybody's, so that nobody learns here who works for the maker.

Not here: the second factor itself (`second_factor.py`), cookies and pages.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from enum import StrEnum

from earnest.core.values.ids import BuyerId, derive_id
from earnest.core.values.instant import Instant
from earnest.desk.staff import StaffBook, StaffMember
from earnest.gateways.mail import Mail, MailGateway, MailSent
from earnest.people.proving import (
    ASKED_AT_MOST,
    ASKED_WITHIN,
    CODE_LASTS,
    CODE_TRIES,
    CODE_WORDS,
    NotProven,
    Proofs,
    digest_of,
)
from earnest.people.roles import NEEDS_SECOND_FACTOR
from earnest.people.second_factor import SecondFactors
from earnest.people.sessions import Sessions
from earnest.people.tokens import SigningKey

SESSION_LASTS = timedelta(hours=12)
"""A working day."""

FIRST_STEP_LASTS = timedelta(minutes=15)
"""How long somebody may take from the first factor to the second."""

KIND = "staff_email"
_SUBJECTS = {"en": "Your code for the office", "zh-Hans": "工作台登录验证码"}


class NextStep(StrEnum):
    """What is left to do after the first factor."""

    NOTHING = "nothing"
    SHOW_FACTOR = "show_factor"
    SET_UP_FACTOR = "set_up_factor"


class StaffDoor:
    """Lets staff in."""

    def __init__(
        self,
        *,
        proofs: Proofs,
        book: StaffBook,
        factors: SecondFactors,
        sessions: Sessions,
        mail: MailGateway,
        key: SigningKey,
    ) -> None:
        """Digests of codes are made with the key."""
        self._proofs = proofs
        self._book = book
        self._factors = factors
        self._sessions = sessions
        self._mail = mail
        self._key = key

    async def send_code(self, email: str, now: Instant) -> NotProven | None:
        """Send a code to an address; None when it is on its way, or when nobody has the address."""
        plain = email.strip().lower()
        visitor, subject = self._visitor(plain), self._subject(plain)
        code = f"{secrets.randbelow(1_000_000):06}"
        digest = self._code_digest(visitor, code)
        noted = await self._proofs.note_try(
            visitor, KIND, subject, now, digest, CODE_TRIES, now - ASKED_WITHIN, ASKED_AT_MOST
        )
        if not noted:
            return NotProven.TOO_OFTEN
        member = await self._book.member_at(plain)
        if member is None:
            return None
        mail = Mail(
            to=member.email,
            subject=_SUBJECTS[member.language],
            text=CODE_WORDS[member.language].format(code=code) + "\n",
            language=member.language,
            message_id=f"office-{visitor}-{int(now.timestamp())}",
        )
        (sent,) = await self._mail.send([mail])
        return None if isinstance(sent, MailSent) else NotProven.NOT_SENT

    async def confirm(self, email: str, code: str, now: Instant) -> StaffMember | NotProven:
        """Whose address it is, if the code is right; every try counts."""
        plain = email.strip().lower()
        visitor = self._visitor(plain)
        expected = await self._proofs.use_try(visitor, self._subject(plain), now - CODE_LASTS)
        given = self._code_digest(visitor, code.strip())
        member = await self._book.member_at(plain)
        if expected is None or not hmac.compare_digest(expected, given) or member is None:
            return NotProven.CODE_WRONG
        return member

    async def let_in(
        self, member: StaffMember, browser: str, now: Instant, how: str
    ) -> tuple[str, NextStep]:
        """The token of a session after the first factor, and what is left to do."""
        if await self._factors.is_set(member.staff_id):
            step = NextStep.SHOW_FACTOR
        elif set(member.roles) & NEEDS_SECOND_FACTOR:
            step = NextStep.SET_UP_FACTOR
        else:
            return await self.begin(member, browser, now, how), NextStep.NOTHING
        token = await self._sessions.begin_staff(
            member.staff_id, (), browser, now, FIRST_STEP_LASTS, f"{how}, {step.value}"
        )
        return token, step

    async def begin(self, member: StaffMember, browser: str, now: Instant, how: str) -> str:
        """The token of a whole session, with every role that somebody has now."""
        return await self._sessions.begin_staff(
            member.staff_id, member.roles, browser, now, SESSION_LASTS, how
        )

    def _visitor(self, plain: str) -> BuyerId:
        """Under which id tries are counted; it is nobody's."""
        return BuyerId(derive_id("visitor", self._subject(plain)))

    def _subject(self, plain: str) -> str:
        return digest_of(self._key, KIND, plain)

    def _code_digest(self, visitor: BuyerId, code: str) -> str:
        return digest_of(self._key, "office code", f"{visitor}:{code}")
