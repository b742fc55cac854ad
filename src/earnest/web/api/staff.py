"""/staff: who works here, and every change of their rights.

Administrators change, auditors look. Not here: the rules (`people/staffing.py`), and what somebody
does about their own sign-in (`me.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.staff import RoleWish, StaffMember
from earnest.people.roles import GIVEN_BY_TWO, NEEDS_SECOND_FACTOR
from earnest.people.staffing import Invited, NotDone, Staffing
from earnest.web.codes import Code, DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, Handler, NoInput, Reply, Route
from earnest.web.shapes import Language

RoleName = Literal["sales", "planning", "delivery", "finance", "terms_editor", "admin", "auditor"]
"""A role that somebody of the staff can have."""

RoleChange = Callable[[Staffing, str, str, str, Instant], Awaitable[NotDone | None]]
"""Changes somebody's role: staffing, whose, which role, by whom, when."""

Change = Callable[[Staffing, str, str, Instant], Awaitable[NotDone | None]]
"""Changes somebody's rights: staffing, whose, by whom, when."""


class StaffGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody to be invited. The id stands in everything they will do, and never changes."""

    staff_id: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{1,39}$")]
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    email: Annotated[str, Meta(pattern=r"^[!-?A-~]{1,64}@[!-?A-~]+$", max_length=254)]
    language: Language = "zh-Hans"
    roles: Annotated[tuple[RoleName, ...], Meta(max_length=7)] = ()


class RoleGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A role."""

    role: RoleName


async def list_staff(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Everybody who works or worked here, and the roles that wait for a second person."""
    book = house.staffing.book
    factors, holders = await house.staffing.factors.factors(), await house.passkeys.holders()
    return Reply(
        value=StaffList(
            staff=tuple(_shown(each, factors, holders) for each in await book.everybody()),
            wishes=tuple(await book.wishes()),
        )
    )


async def show_staff(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """One person, with the roles that wait for a second person."""
    return Reply(value=await _whole(house, asked.path["staff_id"]))


async def invite(house: House, asked: Asked, wanted: StaffGiven) -> Reply:
    """Add somebody and mail them a link that works once."""
    refused = await house.staffing.invite(
        Invited(
            staff_id=wanted.staff_id,
            name=wanted.name,
            email=wanted.email,
            language=wanted.language,
            roles=tuple(wanted.roles),
        ),
        asked.by.actor.actor_id,
        asked.received_at,
    )
    _stop_at(refused)
    return Reply(status=201, value=await _whole(house, wanted.staff_id))


class StaffShown(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who works or worked here. `recovery_codes` are those that are left.

    The second factor is codes (`has_codes`) or passkeys, or both.
    """

    staff_id: str
    name: str
    email: str
    language: str
    roles: tuple[str, ...]
    active: bool
    is_demo: bool
    invited_by: str
    joined_at: Instant | None
    has_second_factor: bool
    needs_second_factor: bool
    has_codes: bool
    passkeys: int
    recovery_codes: int


class StaffList(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody, and the roles that wait for a second person."""

    staff: tuple[StaffShown, ...]
    wishes: tuple[RoleWish, ...]


class OneOfStaff(msgspec.Struct, frozen=True, kw_only=True):
    """One person. `given_by_two` are the roles that two people give."""

    staff: StaffShown
    wishes: tuple[RoleWish, ...]
    given_by_two: tuple[str, ...]


async def _whole(house: House, staff_id: str) -> OneOfStaff:
    member = await house.staffing.book.member(staff_id)
    if member is None:
        raise TurnedAway(DoorCode.STAFF_UNKNOWN)
    wishes = await house.staffing.book.wishes()
    return OneOfStaff(
        staff=_shown(
            member, await house.staffing.factors.factors(), await house.passkeys.holders()
        ),
        wishes=tuple(each for each in wishes if each.staff_id == staff_id),
        given_by_two=tuple(sorted(GIVEN_BY_TWO)),
    )


def _shown(
    member: StaffMember, factors: Mapping[str, int], holders: Mapping[str, int]
) -> StaffShown:
    staff_id = member.staff_id
    return StaffShown(
        **msgspec.structs.asdict(member),
        has_second_factor=staff_id in factors or staff_id in holders,
        has_codes=staff_id in factors,
        passkeys=holders.get(staff_id, 0),
        needs_second_factor=bool(set(member.roles) & NEEDS_SECOND_FACTOR) and not member.is_demo,
        recovery_codes=factors.get(staff_id, 0),
    )


def _stop_at(refused: NotDone | None) -> None:
    """Turn away what was not done."""
    if refused is NotDone.SECOND_PERSON:
        raise TurnedAway(Reason.SECOND_PERSON_MISSING)
    if refused is not None:
        raise TurnedAway(DoorCode(refused.value))


def _changing_role(change: RoleChange) -> Handler[RoleGiven]:
    """The handler of a change of a role."""

    async def handle(house: House, asked: Asked, wanted: RoleGiven) -> Reply:
        staff_id, by = asked.path["staff_id"], asked.by.actor.actor_id
        _stop_at(await change(house.staffing, staff_id, wanted.role, by, asked.received_at))
        return Reply(value=await _whole(house, staff_id))

    return handle


def _changing(change: Change) -> Handler[NoInput]:
    """The handler of a change of anything else."""

    async def handle(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
        staff_id, by = asked.path["staff_id"], asked.by.actor.actor_id
        _stop_at(await change(house.staffing, staff_id, by, asked.received_at))
        return Reply(value=await _whole(house, staff_id))

    return handle


_OF_ALL: tuple[Code, ...] = (DoorCode.STAFF_UNKNOWN, DoorCode.OWN_RIGHTS)
_ROLE_CHANGES: tuple[tuple[str, str, str, RoleChange, tuple[Code, ...]], ...] = (
    (
        "give-role",
        "giveRole",
        "Give a role, or ask a second person for it where two have to give it.",
        Staffing.give,
        (*_OF_ALL, DoorCode.STAFF_INACTIVE, DoorCode.ROLE_HELD),
    ),
    (
        "approve-role",
        "approveRole",
        "Give a role that another administrator asked for.",
        Staffing.approve,
        (DoorCode.ROLE_WISH_UNKNOWN, Reason.SECOND_PERSON_MISSING, DoorCode.STAFF_INACTIVE),
    ),
    (
        "decline-role",
        "declineRole",
        "Forget a role that was asked for.",
        Staffing.decline,
        (DoorCode.ROLE_WISH_UNKNOWN,),
    ),
    (
        "take-role",
        "takeRole",
        "Take a role; every session of its holder ends.",
        Staffing.take,
        (*_OF_ALL, DoorCode.ROLE_NOT_HELD),
    ),
)
_CHANGES: tuple[tuple[str, str, str, Change, tuple[Code, ...]], ...] = (
    (
        "invite-again",
        "inviteAgain",
        "Mail another link to somebody who has not joined.",
        Staffing.invite_again,
        (
            DoorCode.STAFF_UNKNOWN,
            DoorCode.STAFF_INACTIVE,
            DoorCode.STAFF_JOINED_ALREADY,
            DoorCode.INVITATION_NOT_SENT,
        ),
    ),
    (
        "deactivate",
        "deactivateStaff",
        "Let somebody leave: every token of theirs ends at once.",
        Staffing.deactivate,
        _OF_ALL,
    ),
    (
        "reactivate",
        "reactivateStaff",
        "Let somebody come back, without roles.",
        Staffing.reactivate,
        (*_OF_ALL, DoorCode.STAFF_EXISTS),
    ),
    (
        "reset-second-factor",
        "resetSecondFactor",
        "Forget somebody's second factor; they are signed out and set it up anew.",
        Staffing.reset_factor,
        (*_OF_ALL, DoorCode.FACTOR_MISSING),
    ),
)


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/staff",
            operation="listStaff",
            summary="Everybody who works or worked here.",
            tag="staff",
            access=Access.OVERSEERS,
            takes=NoInput,
            handler=list_staff,
            gives=StaffList,
        ),
        Route(
            method="POST",
            path="/staff",
            operation="inviteStaff",
            summary="Invite somebody by a mailed link that works once.",
            description="Roles that approve money, and administration, wait for a second "
            "administrator.",
            tag="staff",
            access=Access.ADMIN,
            takes=StaffGiven,
            handler=invite,
            gives=OneOfStaff,
            status=201,
            codes=(DoorCode.STAFF_EXISTS, DoorCode.OWN_RIGHTS, DoorCode.INVITATION_NOT_SENT),
        ),
        Route(
            method="GET",
            path="/staff/{staff_id}",
            operation="showStaff",
            summary="One person of the staff.",
            tag="staff",
            access=Access.OVERSEERS,
            takes=NoInput,
            handler=show_staff,
            gives=OneOfStaff,
            codes=(DoorCode.STAFF_UNKNOWN,),
        ),
        *(
            _change_route(path, operation, summary, RoleGiven, _changing_role(change), codes)
            for path, operation, summary, change, codes in _ROLE_CHANGES
        ),
        *(
            _change_route(path, operation, summary, NoInput, _changing(change), codes)
            for path, operation, summary, change, codes in _CHANGES
        ),
    ]


def _change_route(
    path: str,
    operation: str,
    summary: str,
    takes: type[msgspec.Struct],
    handler: Handler[Any],
    codes: tuple[Code, ...],
) -> Route[Any]:
    return Route(
        method="POST",
        path=f"/staff/{{staff_id}}/{path}",
        operation=operation,
        summary=summary,
        tag="staff",
        access=Access.ADMIN,
        takes=takes,
        handler=handler,
        gives=OneOfStaff,
        codes=codes,
    )
