"""Staff: inviting, giving and taking roles, letting somebody leave, resetting a second factor.

Nobody changes their own rights. A role that approves money, and the one that gives roles, is given
by two people, neither of whom gets it. Whoever leaves or loses a role is out of every session at
once. Everything is noted with who did it, in the transaction that does it.

Not here: who may open these doors (`web/api/staff.py`) and how staff sign in (`staff_door.py`).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

import msgspec

from earnest.core.cases.second_person import is_another_person
from earnest.core.values.instant import Instant
from earnest.desk.staff import Act, FactorBook, Invitation, RoleWish, StaffBook, StaffMember
from earnest.gateways.mail import Mail, MailGateway, MailSent
from earnest.people.caller import STAFF_PREFIX
from earnest.people.roles import GIVEN_BY_TWO
from earnest.people.sessions import FOREVER, Sessions

INVITATION_LASTS = timedelta(days=3)
_SECRET_BYTES = 32

_INVITATION_SUBJECTS = {
    "en": "You are invited to the Earnest office",
    "zh-Hans": "邀请您加入 Earnest 工作台",
}
_INVITATIONS = {
    "en": """\
{by} invites you to work in the Earnest office as {name}.

Open this link within three days; it works once, and only for you:
{link}

If you expect no invitation, do nothing.
""",
    "zh-Hans": """\
{by}邀请您（{name}）加入 Earnest 工作台。

请在三天内打开以下链接；链接只能使用一次，仅限您本人：
{link}

如果您没有预期收到邀请，请忽略本邮件。
""",
}
_RESET_SUBJECTS = {"en": "Your second factor was reset", "zh-Hans": "您的两步验证已重置"}
_RESETS = {
    "en": """\
{by} has reset your second factor, passkeys too, and you are signed out everywhere. Sign in and set
it up anew.

If you did not ask for this, tell your administrators at once.
""",
    "zh-Hans": """\
{by}重置了您的两步验证（包括通行密钥），您已在所有设备上退出登录。请重新登录并再次设置。

如果不是您本人要求，请立即告知管理员。
""",
}


class NotDone(StrEnum):
    """Why nothing changed."""

    UNKNOWN = "staff_unknown"
    EXISTS = "staff_exists"
    OWN_RIGHTS = "own_rights"
    SECOND_PERSON = "second_person_missing"
    ROLE_HELD = "role_held"
    ROLE_NOT_HELD = "role_not_held"
    WISH_UNKNOWN = "role_wish_unknown"
    INACTIVE = "staff_inactive"
    NOT_SENT = "invitation_not_sent"
    JOINED = "staff_joined_already"
    FACTOR_MISSING = "factor_missing"


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is to be invited, as an administrator gave it."""

    staff_id: str
    name: str
    email: str
    language: str
    roles: tuple[str, ...]


class Staffing:
    """Keeps the staff and their rights."""

    def __init__(
        self,
        book: StaffBook,
        factors: FactorBook,
        sessions: Sessions,
        mail: MailGateway,
        public_url: str,
    ) -> None:
        """Links in mails begin with the public address."""
        self._book = book
        self._factors = factors
        self._sessions = sessions
        self._mail = mail
        self._public_url = public_url

    @property
    def book(self) -> StaffBook:
        """Where the staff are kept, to be read."""
        return self._book

    @property
    def factors(self) -> FactorBook:
        """Where second factors are kept, to see who has one."""
        return self._factors

    async def invite(self, wanted: Invited, by: str, now: Instant) -> NotDone | None:
        """Add somebody and mail them a link. Roles given by two wait for the second person."""
        if not is_another_person(by, f"{STAFF_PREFIX}{wanted.staff_id}"):
            return NotDone.OWN_RIGHTS
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        member = StaffMember(
            staff_id=wanted.staff_id,
            name=wanted.name,
            email=wanted.email,
            language=wanted.language,
            roles=tuple(sorted(set(wanted.roles) - GIVEN_BY_TWO)),
            invited_by=by,
        )
        wishes = [
            RoleWish(staff_id=wanted.staff_id, role=role, asked_by=by, asked_at=now)
            for role in sorted(set(wanted.roles) & GIVEN_BY_TWO)
        ]
        act = _act("staff_invited", by, wanted.staff_id, now, ", ".join(sorted(wanted.roles)))
        if not await self._book.invite(member, _invitation(member, secret, now), wishes, act):
            return NotDone.EXISTS
        return await self._send_link(member, secret, by, now)

    async def invite_again(self, staff_id: str, by: str, now: Instant) -> NotDone | None:
        """Mail another link to somebody who has not joined; the earlier one ends."""
        member = await self._book.member(staff_id)
        if member is None:
            return NotDone.UNKNOWN
        if not member.active:
            return NotDone.INACTIVE
        if member.joined_at is not None:
            return NotDone.JOINED
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        act = _act("staff_invited", by, staff_id, now)
        await self._book.invite_again(_invitation(member, secret, now), act)
        return await self._send_link(member, secret, by, now)

    async def join(self, secret: str, now: Instant) -> StaffMember | None:
        """Use a link once: who it was for."""
        return await self._book.join(_digest(secret), now)

    async def give(self, staff_id: str, role: str, by: str, now: Instant) -> NotDone | None:
        """Give a role, or keep it as a wish where a second person has to agree."""
        member = await self._book.member(staff_id)
        refused = _refused(member, staff_id, by)
        if refused is not None or member is None:
            return refused
        if not member.active:
            return NotDone.INACTIVE
        if role in member.roles:
            return NotDone.ROLE_HELD
        if role not in GIVEN_BY_TWO:
            await self._book.give_role(staff_id, role, _act("role_given", by, staff_id, now, role))
            return None
        wish = RoleWish(staff_id=staff_id, role=role, asked_by=by, asked_at=now)
        kept = await self._book.wish_role(wish, _act("role_asked", by, staff_id, now, role))
        return None if kept else NotDone.ROLE_HELD

    async def approve(self, staff_id: str, role: str, by: str, now: Instant) -> NotDone | None:
        """Give a role that somebody else asked for, for somebody who is neither of both."""
        wish = await self._wish(staff_id, role)
        if wish is None:
            return NotDone.WISH_UNKNOWN
        if not is_another_person(by, wish.asked_by, f"{STAFF_PREFIX}{staff_id}"):
            return NotDone.SECOND_PERSON
        member = await self._book.member(staff_id)
        if member is None or not member.active:
            return NotDone.INACTIVE
        act = _act("role_given", by, staff_id, now, f"{role}, asked for by {wish.asked_by}")
        await self._book.give_role(staff_id, role, act)
        return None

    async def decline(self, staff_id: str, role: str, by: str, now: Instant) -> NotDone | None:
        """Forget a wish; whoever asked may take it back."""
        if await self._wish(staff_id, role) is None:
            return NotDone.WISH_UNKNOWN
        await self._book.drop_wish(staff_id, role, _act("role_declined", by, staff_id, now, role))
        return None

    async def take(self, staff_id: str, role: str, by: str, now: Instant) -> NotDone | None:
        """Take a role. Every session of its holder ends, so that none goes on with it."""
        member = await self._book.member(staff_id)
        refused = _refused(member, staff_id, by)
        if refused is not None or member is None:
            return refused
        if role not in member.roles:
            return NotDone.ROLE_NOT_HELD
        await self._book.take_role(staff_id, role, _act("role_taken", by, staff_id, now, role))
        if member.active:
            await self._sessions.end_all(f"{STAFF_PREFIX}{staff_id}", now)
        return None

    async def deactivate(self, staff_id: str, by: str, now: Instant) -> NotDone | None:
        """Let somebody leave: no token of theirs is good any more, whoever made it."""
        member = await self._book.member(staff_id)
        refused = _refused(member, staff_id, by)
        if refused is not None or member is None:
            return refused
        act = _act("staff_deactivated", by, staff_id, now)
        # The sessions first: whoever is half gone may do nothing, and not the other way round.
        await self._sessions.end_all(f"{STAFF_PREFIX}{staff_id}", FOREVER)
        await self._book.set_active(staff_id, act, active=False)
        return None

    async def reactivate(self, staff_id: str, by: str, now: Instant) -> NotDone | None:
        """Let somebody come back, without any role: each is given again."""
        member = await self._book.member(staff_id)
        refused = _refused(member, staff_id, by)
        if refused is not None or member is None:
            return refused
        for role in member.roles:
            await self._book.take_role(staff_id, role, _act("role_taken", by, staff_id, now, role))
        act = _act("staff_reactivated", by, staff_id, now)
        if not await self._book.set_active(staff_id, act, active=True):
            return NotDone.EXISTS
        await self._sessions.end_all(f"{STAFF_PREFIX}{staff_id}", now)
        return None

    async def reset_factor(self, staff_id: str, by: str, now: Instant) -> NotDone | None:
        """Forget somebody else's codes and passkeys, end their sessions, and write to them."""
        member = await self._book.member(staff_id)
        refused = _refused(member, staff_id, by)
        if refused is not None or member is None:
            return refused
        act = _act("factor_reset", by, staff_id, now)
        if not await self._factors.reset_factors(staff_id, act):
            return NotDone.FACTOR_MISSING
        if member.active:
            await self._sessions.end_all(f"{STAFF_PREFIX}{staff_id}", now)
        subject = _RESET_SUBJECTS[member.language]
        text = _RESETS[member.language].format(by=_name(by))
        await self._send(member, subject, text, f"reset-{staff_id}", now)
        return None

    async def _wish(self, staff_id: str, role: str) -> RoleWish | None:
        wishes: Sequence[RoleWish] = await self._book.wishes()
        return next((w for w in wishes if (w.staff_id, w.role) == (staff_id, role)), None)

    async def _send_link(
        self, member: StaffMember, secret: str, by: str, now: Instant
    ) -> NotDone | None:
        subject = _INVITATION_SUBJECTS[member.language]
        link = f"{self._public_url}/office/invitation/{secret}"
        text = _INVITATIONS[member.language].format(by=_name(by), name=member.name, link=link)
        is_sent = await self._send(member, subject, text, f"invitation-{member.staff_id}", now)
        return None if is_sent else NotDone.NOT_SENT

    async def _send(
        self, member: StaffMember, subject: str, text: str, name: str, now: Instant
    ) -> bool:
        mail = Mail(
            to=member.email,
            subject=subject,
            text=text,
            language=member.language,
            message_id=f"{name}-{int(now.timestamp())}",
        )
        (sent,) = await self._mail.send([mail])
        return isinstance(sent, MailSent)


def _refused(member: StaffMember | None, staff_id: str, by: str) -> NotDone | None:
    """Nobody changes their own rights, nor those of somebody who is not kept."""
    if not is_another_person(by, f"{STAFF_PREFIX}{staff_id}"):
        return NotDone.OWN_RIGHTS
    return NotDone.UNKNOWN if member is None else None


def _invitation(member: StaffMember, secret: str, now: Instant) -> Invitation:
    return Invitation(
        staff_id=member.staff_id, digest=_digest(secret), lapses_at=now + INVITATION_LASTS
    )


def _digest(secret: str) -> str:
    """How a link is kept: its secret is chance, so a plain digest tells nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _act(kind: str, by: str, staff_id: str, now: Instant, detail: str = "") -> Act:
    return Act(at=now, actor_id=by, kind=kind, subject=staff_id, detail=detail)


def _name(actor_id: str) -> str:
    return actor_id.removeprefix(STAFF_PREFIX)
