"""Staff as they are kept: who they are, their second factor, their sessions, and what they did.

`store/staff.py`, `store/sessions.py` and `store/trail.py` implement these protocols on PostgreSQL,
and the memory twin for tests. Whatever changes somebody's rights takes the act that says who did
it, and stores both in one transaction. Not here: who may do what, which `people` decides.

Every method raises `StoreUnavailable` when the database cannot be reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant


class StaffMember(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who works for the seller, with the names of the roles in which they may act.

    Personal data. Invited until `joined_at`; `active` is false for somebody who left.
    """

    staff_id: str
    name: str
    email: str
    language: str
    roles: tuple[str, ...] = ()
    active: bool = True
    is_demo: bool = False
    invited_by: str = ""
    joined_at: Instant | None = None


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody did beside orders. `subject` is about whom or what."""

    at: Instant
    actor_id: str
    kind: str
    subject: str
    detail: str = ""


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """A link that was mailed, by its digest; good until it lapses or was used."""

    staff_id: str
    digest: str
    lapses_at: Instant


class RoleWish(msgspec.Struct, frozen=True, kw_only=True):
    """A role that waits for a second person."""

    staff_id: str
    role: str
    asked_by: str
    asked_at: Instant


class StaffBook(Protocol):
    """Who works here."""

    async def everybody(self) -> Sequence[StaffMember]:
        """All who work or worked here: those who are active first, then by name."""

    async def member(self, staff_id: str) -> StaffMember | None:
        """The person with this staff id."""

    async def member_at(self, email: str) -> StaffMember | None:
        """The active person with this (lower-case) address who has joined."""

    async def put_demo(self, members: Sequence[StaffMember]) -> None:
        """Add the people of a demo who are not there yet."""

    async def invite(
        self, member: StaffMember, invitation: Invitation, wishes: Sequence[RoleWish], act: Act
    ) -> bool:
        """Add somebody new; False when the id or the address is taken."""

    async def invite_again(self, invitation: Invitation, act: Act) -> None:
        """Replace the link of somebody who has not joined."""

    async def join(self, digest: str, at: Instant) -> StaffMember | None:
        """Use a link once: who has joined by it, None for a link that is used, over or unknown."""

    async def give_role(self, staff_id: str, role: str, act: Act) -> None:
        """Give a role; whoever wished for it wishes no more."""

    async def take_role(self, staff_id: str, role: str, act: Act) -> None:
        """Take a role."""

    async def wish_role(self, wish: RoleWish, act: Act) -> bool:
        """Keep a wish until a second person decides; False when it is there already."""

    async def drop_wish(self, staff_id: str, role: str, act: Act) -> None:
        """Forget a wish."""

    async def wishes(self) -> Sequence[RoleWish]:
        """Every role that waits for a second person, the oldest first."""

    async def set_active(self, staff_id: str, act: Act, *, active: bool) -> bool:
        """Let somebody leave, or come back; False when the address is another's by now."""

    async def note(self, act: Act) -> None:
        """Note an act that changed nothing here."""


class KeptFactor(msgspec.Struct, frozen=True, kw_only=True):
    """What the secret of a second factor follows from. It counts once it was confirmed."""

    key_id: str
    nonce: str
    is_confirmed: bool
    last_step: int


class FactorBook(Protocol):
    """Second factors of the staff, and their recovery codes."""

    async def factor(self, staff_id: str) -> KeptFactor | None:
        """What is kept of somebody's second factor."""

    async def factors(self) -> Mapping[str, int]:
        """Who has a confirmed second factor, and how many recovery codes are left."""

    async def begin_factor(self, staff_id: str, key_id: str, nonce: str) -> bool:
        """Keep a factor that is not confirmed yet; False when one is confirmed already."""

    async def use_try(
        self, staff_id: str, at: Instant, since: Instant, most: int
    ) -> KeptFactor | None:
        """Use up one of `most` tries since an instant; None without a factor or a try left."""

    async def take_step(self, staff_id: str, step: int) -> bool:
        """Take a code by its time step, once; False for one that was taken, or an older one."""

    async def confirm_factor(self, staff_id: str, digests: Sequence[str], act: Act) -> None:
        """Let the factor count, with these recovery codes in place of all earlier ones."""

    async def use_recovery_code(self, staff_id: str, digest: str, act: Act) -> bool:
        """Use a recovery code once; False when there is none like it."""

    async def remove_factor(self, staff_id: str, act: Act) -> bool:
        """Forget a factor and its recovery codes; False when there was none."""

    async def reset_factors(self, staff_id: str, act: Act) -> bool:
        """Forget a factor, its recovery codes and every passkey; False when there was nothing."""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A token that somebody holds, in a browser or a program; never the token itself.

    `name` is the browser, or what the program is called. `roles` are those in the token.
    """

    session_id: str
    actor_id: str
    kind: str
    name: str
    roles: tuple[str, ...]
    begun_at: Instant
    ends_at: Instant


class EndedNews(msgspec.Struct, frozen=True, kw_only=True):
    """What has ended: sessions by id with their natural end, and actors by their instant.

    Every token of such an actor has ended that was issued before it. `looked_at` is by the clock
    of the database, for the next look.
    """

    sessions: Mapping[str, Instant]
    actors: Mapping[str, Instant]
    looked_at: Instant


class SessionBook(Protocol):
    """Sessions, and those of them that were ended before their time."""

    async def begin(self, session: Session, act: Act | None = None) -> bool:
        """Note a session, and forget those of this actor that are over; False for an id in use."""

    async def sessions_of(self, actor_id: str, now: Instant) -> Sequence[Session]:
        """The sessions of somebody that have not ended, the newest first."""

    async def programs(self, now: Instant, limit: int) -> Sequence[Session]:
        """The sessions of all programs that have not ended, the newest first."""

    async def end(
        self, session_id: str, actor_id: str | None, at: Instant, act: Act | None
    ) -> Session | None:
        """End a session, of this actor if one is named; None when there is none to end."""

    async def end_all(self, actor_id: str, issued_before: Instant, act: Act | None) -> None:
        """End every token of somebody that was issued before an instant."""

    async def ended_since(self, looked_at: Instant | None, now: Instant) -> EndedNews:
        """What was noted as ended since a look a little earlier; everything for the first look."""


class TrailFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines of the trail: those that fit every field that is given. `ends` is outside."""

    actor_id: str | None = None
    kind: str | None = None
    order_id: OrderId | None = None
    begins: Instant | None = None
    ends: Instant | None = None


class TrailLine(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what when, and on which order if on one. `place` orders lines of one instant."""

    at: Instant
    place: str
    actor_id: str
    kind: str
    order_id: OrderId | None
    subject: str
    detail: str


class Trail(Protocol):
    """What staff did: the events of orders that they caused, and their acts beside orders."""

    async def trail(
        self, wanted: TrailFilter, before: tuple[Instant, str] | None, limit: int
    ) -> Sequence[TrailLine]:
        """At most `limit` lines that fit, the newest first, before an instant and a place."""
