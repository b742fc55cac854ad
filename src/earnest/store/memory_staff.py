"""The twin in memory of staff, their second factors, their sessions and what they did.

Not here: orders (`memory.py`). One contract suite runs against this and against PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from earnest.core.values.instant import Instant
from earnest.desk.passkeys import KeptPasskey
from earnest.desk.staff import (
    Act,
    EndedNews,
    Invitation,
    KeptFactor,
    RoleWish,
    Session,
    StaffMember,
    TrailFilter,
    TrailLine,
)
from earnest.store.memory import MemoryStore
from earnest.store.staff import joined

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MemoryStaff:
    """`StaffBook` and `FactorBook` of the desk's ports."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self._members: dict[str, StaffMember] = {}
        self._invitations: dict[str, Invitation] = {}
        self._wishes: dict[tuple[str, str], RoleWish] = {}
        self._factors: dict[str, KeptFactor] = {}
        self._tries: dict[str, tuple[int, Instant]] = {}
        self._codes: dict[str, set[str]] = {}
        self.passkeys: dict[bytes, KeptPasskey] = {}

    async def everybody(self) -> Sequence[StaffMember]:
        """All who work or worked here: those who are active first, then by name."""
        return sorted(
            self._members.values(),
            key=lambda each: (not each.active, each.name.lower(), each.staff_id),
        )

    async def member(self, staff_id: str) -> StaffMember | None:
        """The person with this staff id."""
        return self._members.get(staff_id)

    async def member_at(self, email: str) -> StaffMember | None:
        """The active person with this (lower-case) address who has joined."""
        found = self._active_at(email)
        return found if found is not None and found.joined_at is not None else None

    async def put_demo(self, members: Sequence[StaffMember]) -> None:
        """Add the people of a demo who are not there yet."""
        for member in members:
            self._add(member)

    async def invite(
        self, member: StaffMember, invitation: Invitation, wishes: Sequence[RoleWish], act: Act
    ) -> bool:
        """Add somebody new; False when the id or the address is taken."""
        if not self._add(member):
            return False
        self._invitations[member.staff_id] = invitation
        self._wishes |= {(each.staff_id, each.role): each for each in wishes}
        self.acts.append(act)
        return True

    async def invite_again(self, invitation: Invitation, act: Act) -> None:
        """Replace the link of somebody who has not joined."""
        self._invitations[invitation.staff_id] = invitation
        self.acts.append(act)

    async def join(self, digest: str, at: Instant) -> StaffMember | None:
        """Use a link once: who has joined by it, None for a link that is used, over or unknown."""
        found = [
            each
            for each in self._invitations.values()
            if each.digest == digest and each.lapses_at > at
        ]
        if not found:
            return None
        staff_id = found[0].staff_id
        del self._invitations[staff_id]
        if not self._members[staff_id].active:
            return None
        member = self._change(staff_id, joined_at=at)
        self.acts.append(joined(member, at))
        return member

    async def give_role(self, staff_id: str, role: str, act: Act) -> None:
        """Give a role; whoever wished for it wishes no more."""
        self._wishes.pop((staff_id, role), None)
        roles = {*self._members[staff_id].roles, role}
        self._change(staff_id, roles=tuple(sorted(roles)))
        self.acts.append(act)

    async def take_role(self, staff_id: str, role: str, act: Act) -> None:
        """Take a role."""
        roles = {*self._members[staff_id].roles} - {role}
        self._change(staff_id, roles=tuple(sorted(roles)))
        self.acts.append(act)

    async def wish_role(self, wish: RoleWish, act: Act) -> bool:
        """Keep a wish until a second person decides; False when it is there already."""
        if (wish.staff_id, wish.role) in self._wishes:
            return False
        self._wishes[wish.staff_id, wish.role] = wish
        self.acts.append(act)
        return True

    async def drop_wish(self, staff_id: str, role: str, act: Act) -> None:
        """Forget a wish."""
        self._wishes.pop((staff_id, role), None)
        self.acts.append(act)

    async def wishes(self) -> Sequence[RoleWish]:
        """Every role that waits for a second person, the oldest first."""
        return sorted(
            self._wishes.values(), key=lambda each: (each.asked_at, each.staff_id, each.role)
        )

    async def set_active(self, staff_id: str, act: Act, *, active: bool) -> bool:
        """Let somebody leave, or come back; False when the address is another's by now."""
        other = self._active_at(self._members[staff_id].email.lower())
        if active and other is not None and other.staff_id != staff_id:
            return False
        self._change(staff_id, active=active)
        self.acts.append(act)
        return True

    async def note(self, act: Act) -> None:
        """Note an act that changed nothing here."""
        self.acts.append(act)

    async def factor(self, staff_id: str) -> KeptFactor | None:
        """What is kept of somebody's second factor."""
        return self._factors.get(staff_id)

    async def factors(self) -> Mapping[str, int]:
        """Who has a confirmed second factor, and how many recovery codes are left."""
        return {
            staff_id: len(self._codes.get(staff_id, ()))
            for staff_id, factor in self._factors.items()
            if factor.is_confirmed
        }

    async def begin_factor(self, staff_id: str, key_id: str, nonce: str) -> bool:
        """Keep a factor that is not confirmed yet; False when one is confirmed already."""
        earlier = self._factors.get(staff_id)
        if earlier is not None and earlier.is_confirmed:
            return False
        self._factors[staff_id] = KeptFactor(
            key_id=key_id, nonce=nonce, is_confirmed=False, last_step=0
        )
        return True

    async def use_try(
        self, staff_id: str, at: Instant, since: Instant, most: int
    ) -> KeptFactor | None:
        """Use up one of `most` tries since an instant; None without a factor or a try left."""
        tries, tries_since = self._tries.get(staff_id, (0, _EPOCH))
        if staff_id not in self._factors or (tries >= most and tries_since > since):
            return None
        again = tries_since > since
        self._tries[staff_id] = (tries + 1, tries_since) if again else (1, at)
        return self._factors[staff_id]

    async def take_step(self, staff_id: str, step: int) -> bool:
        """Take a code by its time step, once; False for one that was taken, or an older one."""
        factor = self._factors[staff_id]
        if factor.last_step >= step:
            return False
        self._factors[staff_id] = msgspec.structs.replace(factor, last_step=step)
        self._forget_tries(staff_id)
        return True

    async def confirm_factor(self, staff_id: str, digests: Sequence[str], act: Act) -> None:
        """Let the factor count, with these recovery codes in place of all earlier ones."""
        self._factors[staff_id] = msgspec.structs.replace(
            self._factors[staff_id], is_confirmed=True
        )
        self._codes[staff_id] = set(digests)
        self.acts.append(act)

    async def use_recovery_code(self, staff_id: str, digest: str, act: Act) -> bool:
        """Use a recovery code once; False when there is none like it."""
        codes = self._codes.get(staff_id, set())
        if digest not in codes:
            return False
        codes.remove(digest)
        self._forget_tries(staff_id)
        self.acts.append(act)
        return True

    async def remove_factor(self, staff_id: str, act: Act) -> bool:
        """Forget a factor and its recovery codes; False when there was none."""
        self._codes.pop(staff_id, None)
        if self._factors.pop(staff_id, None) is None:
            return False
        self._tries.pop(staff_id, None)
        self.acts.append(act)
        return True

    async def reset_factors(self, staff_id: str, act: Act) -> bool:
        """Forget a factor, its recovery codes and every passkey; False when there was nothing."""
        held = [
            each.credential_id
            for each in self.passkeys.values()
            if each.actor_id == f"staff:{staff_id}"
        ]
        if staff_id not in self._factors and not held:
            return False
        for credential_id in held:
            del self.passkeys[credential_id]
        self._codes.pop(staff_id, None)
        self._factors.pop(staff_id, None)
        self._tries.pop(staff_id, None)
        self.acts.append(act)
        return True

    def _add(self, member: StaffMember) -> bool:
        taken = self._active_at(member.email.lower()) if member.active else None
        if member.staff_id in self._members or taken is not None:
            return False
        self._members[member.staff_id] = member
        return True

    def _active_at(self, email: str) -> StaffMember | None:
        found = (
            each
            for each in self._members.values()
            if each.active and each.email and each.email.lower() == email
        )
        return next(found, None)

    def _change(self, staff_id: str, **changed: object) -> StaffMember:
        member = msgspec.structs.replace(self._members[staff_id], **changed)
        self._members[staff_id] = member
        return member

    def _forget_tries(self, staff_id: str) -> None:
        _, tries_since = self._tries.get(staff_id, (0, _EPOCH))
        self._tries[staff_id] = (0, tries_since)


class MemorySessions:
    """`SessionBook` of the desk's ports."""

    def __init__(self, staff: MemoryStaff) -> None:
        self._staff = staff
        self._sessions: dict[str, Session] = {}
        self._ended: dict[str, Instant] = {}
        self._actors: dict[str, Instant] = {}

    async def begin(self, session: Session, act: Act | None = None) -> bool:
        """Note a session, and forget those of this actor that are over; False for an id in use."""
        for each in list(self._sessions.values()):
            if each.actor_id == session.actor_id and each.ends_at <= session.begun_at:
                del self._sessions[each.session_id]
        if session.session_id in self._sessions:
            return False
        self._sessions[session.session_id] = session
        self._note(act)
        return True

    async def sessions_of(self, actor_id: str, now: Instant) -> Sequence[Session]:
        """The sessions of somebody that have not ended, the newest first."""
        return [each for each in self._alive(now) if each.actor_id == actor_id]

    async def programs(self, now: Instant, limit: int) -> Sequence[Session]:
        """The sessions of all programs that have not ended, the newest first."""
        return [each for each in self._alive(now) if each.kind == "program"][:limit]

    async def end(
        self, session_id: str, actor_id: str | None, at: Instant, act: Act | None
    ) -> Session | None:
        """End a session, of this actor if one is named; None when there is none to end."""
        session = self._sessions.get(session_id)
        if session is None or session_id in self._ended or session.ends_at <= at:
            return None
        if actor_id not in {None, session.actor_id}:
            return None
        self._ended[session_id] = session.ends_at
        self._note(act)
        return session

    async def end_all(self, actor_id: str, issued_before: Instant, act: Act | None) -> None:
        """End every token of somebody that was issued before an instant."""
        self._actors[actor_id] = issued_before
        self._note(act)

    async def ended_since(self, looked_at: Instant | None, now: Instant) -> EndedNews:  # noqa: ARG002 - the twin tells all each time
        """What was noted as ended; the twin tells everything at each look."""
        alive = {session_id: end for session_id, end in self._ended.items() if end > now}
        return EndedNews(sessions=alive, actors=dict(self._actors), looked_at=now)

    def _alive(self, now: Instant) -> list[Session]:
        found = [
            each
            for each in self._sessions.values()
            if each.session_id not in self._ended
            and each.ends_at > now
            and each.begun_at.replace(microsecond=0) >= self._actors.get(each.actor_id, _EPOCH)
        ]
        return sorted(found, key=lambda each: (-each.begun_at.timestamp(), each.session_id))

    def _note(self, act: Act | None) -> None:
        if act is not None:
            self._staff.acts.append(act)


class MemoryTrail:
    """`Trail` of the desk's ports."""

    def __init__(self, store: MemoryStore, staff: MemoryStaff) -> None:
        self._store = store
        self._staff = staff

    async def trail(
        self, wanted: TrailFilter, before: tuple[Instant, str] | None, limit: int
    ) -> Sequence[TrailLine]:
        """At most `limit` lines that fit, the newest first, before an instant and a place."""
        found = [
            each
            for each in [*self._of_orders(), *self._beside_orders()]
            if (before is None or (each.at, each.place) < before)
            and wanted.actor_id in {None, each.actor_id}
            and wanted.kind in {None, each.kind}
            and wanted.order_id in {None, each.order_id}
            and (wanted.begins is None or each.at >= wanted.begins)
            and (wanted.ends is None or each.at < wanted.ends)
        ]
        return sorted(found, key=lambda each: (each.at, each.place), reverse=True)[:limit]

    def _of_orders(self) -> list[TrailLine]:
        return [
            TrailLine(
                at=each.recorded_at,
                place=f"e{each.buyer_id}{each.order_id}{each.sequence:08}",
                actor_id=each.actor_id,
                kind=type(each.event).__name__,
                order_id=each.order_id,
                subject="",
                detail="",
            )
            for recorded in self._store.tables.events.values()
            for each in recorded
            if each.actor_id.startswith("staff:")
        ]

    def _beside_orders(self) -> list[TrailLine]:
        return [
            TrailLine(
                at=act.at,
                place=f"a{number:019}",
                actor_id=act.actor_id,
                kind=act.kind,
                order_id=None,
                subject=act.subject,
                detail=act.detail,
            )
            for number, act in enumerate(self._staff.acts, start=1)
        ]
