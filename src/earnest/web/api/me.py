"""/me: one's own second factor and sessions. Nobody else's can be reached here.

Not here: what administrators do about others (`staff.py`), tokens for programs (`tokens.py`), and
signing in, which pages do.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.values.instant import Instant
from earnest.desk.staff import Act, Session
from earnest.people.passkey_answers import LONGEST_ANSWER
from earnest.people.passkeys import PasskeyRefused, PasskeyShown
from earnest.people.roles import NEEDS_SECOND_FACTOR
from earnest.people.second_factor import FactorRefused, Refused
from earnest.people.sessions import SessionKind
from earnest.web.codes import Code, DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Name

_OF_FACTORS: tuple[Code, ...] = (
    DoorCode.PERSON_ONLY,
    DoorCode.STAFF_UNKNOWN,
    DoorCode.FACTOR_MISSING,
    DoorCode.FACTOR_SET_ALREADY,
    DoorCode.FACTOR_CODE_WRONG,
    DoorCode.FACTOR_TOO_OFTEN,
    DoorCode.FACTOR_NOT_SHOWN,
    *(DoorCode(each.value) for each in PasskeyRefused),
)


class CodeGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code of six digits, or a recovery code; or a passkey, as the JSON that a browser answers.

    Whoever sets up codes beside a passkey gives both.
    """

    code: Annotated[str, Meta(max_length=40)] = ""
    shown: Annotated[str, Meta(max_length=LONGEST_ANSWER)] = ""


class SessionGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A session."""

    session_id: Name


async def show_me(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Who one is to the house, and whether the second factor is set."""
    staff_id = asked.by.staff_id
    member = await house.staffing.book.member(staff_id)
    roles = () if member is None else member.roles
    is_demo = member is not None and member.is_demo
    factors = await house.staffing.factors.factors()
    passkeys = len(await house.passkeys.of_staff(staff_id))
    return Reply(
        value=Myself(
            staff_id=staff_id,
            is_kept=member is not None,
            is_demo=is_demo,
            roles=tuple(roles),
            roles_of_session=tuple(sorted(asked.by.role_names)),
            has_second_factor=staff_id in factors or passkeys > 0,
            has_codes=staff_id in factors,
            passkeys=passkeys,
            needs_second_factor=bool(set(roles) & NEEDS_SECOND_FACTOR) and not is_demo,
            recovery_codes=factors.get(staff_id, 0),
        )
    )


async def begin_factor(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The secret for one's telephone, until it was confirmed."""
    await see_a_person(house, asked)
    await see_kept(house, asked)
    # Whoever has a passkey and has not shown it may not see a secret that will count beside it.
    if not asked.by.role_names and await house.second_factors.has_passkeys(asked.by.staff_id):
        raise TurnedAway(DoorCode.FACTOR_NOT_SHOWN)
    begun = await house.second_factors.begin(asked.by.staff_id)
    if isinstance(begun, FactorRefused):
        raise TurnedAway(DoorCode(begun.value))
    return Reply(
        value=FactorShown(secret=begun.secret, address=begun.address, picture=begun.picture)
    )


async def confirm_factor(house: House, asked: Asked, given: CodeGiven) -> Reply:
    """Let the factor count; the recovery codes are shown this once."""
    await see_a_person(house, asked)
    shown = PasskeyShown(given.shown, asked.by.session_id) if given.shown else None
    staff_id, now = asked.by.staff_id, asked.received_at
    done = await house.second_factors.confirm(staff_id, given.code, now, shown)
    if isinstance(done, FactorRefused | PasskeyRefused):
        raise TurnedAway(DoorCode(done.value))
    return Reply(value=RecoveryCodes(codes=tuple(done)))


async def remove_factor(house: House, asked: Asked, given: CodeGiven) -> Reply:
    """Forget one's own codes, with one of them or a passkey, to set up another telephone."""
    await see_a_person(house, asked)
    shown = factor_in(asked, given.code, given.shown)
    stop_at(await house.second_factors.remove(asked.by.staff_id, shown, asked.received_at))
    return await show_me(house, asked, NoInput())


async def list_sessions(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """One's own sessions and tokens that have not ended."""
    found = await house.sessions.of(asked.by.actor.actor_id, asked.received_at)
    return Reply(
        value=SessionList(
            sessions=tuple(session_shown(each, asked.by.session_id) for each in found),
        )
    )


async def end_session(house: House, asked: Asked, given: SessionGiven) -> Reply:
    """End one of one's own sessions or tokens."""
    actor_id, now = asked.by.actor.actor_id, asked.received_at
    if not await house.sessions.end_own(given.session_id, actor_id, now):
        raise TurnedAway(DoorCode.SESSION_UNKNOWN)
    return await list_sessions(house, asked, NoInput())


async def end_all_sessions(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """End every session and token of one's own, this one included."""
    by, now = asked.by, asked.received_at
    act = None
    if by.staff_id:
        act = Act(at=now, actor_id=by.actor.actor_id, kind="sessions_ended", subject=by.staff_id)
    await house.sessions.end_all(by.actor.actor_id, now, act)
    return Reply(value=SessionList(sessions=()))


class Myself(msgspec.Struct, frozen=True, kw_only=True):
    """Who one is. `roles` are those that are kept, `roles_of_session` those of this session.

    The second factor is codes (`has_codes`) or passkeys, or both.
    """

    staff_id: str
    is_kept: bool
    is_demo: bool
    roles: tuple[str, ...]
    roles_of_session: tuple[str, ...]
    has_second_factor: bool
    needs_second_factor: bool
    has_codes: bool
    passkeys: int
    recovery_codes: int


class FactorShown(msgspec.Struct, frozen=True, kw_only=True):
    """A secret, as text, as an address (`otpauth:`) and as a picture (an SVG as `data:`)."""

    secret: str
    address: str
    picture: str


class RecoveryCodes(msgspec.Struct, frozen=True, kw_only=True):
    """Codes for when the telephone is lost, each good once."""

    codes: tuple[str, ...]


class SessionShown(msgspec.Struct, frozen=True, kw_only=True):
    """A session that has not ended. `name` is the browser, or what the program is called."""

    session_id: str
    actor_id: str
    kind: SessionKind
    name: str
    roles: tuple[str, ...]
    begun_at: Instant
    ends_at: Instant
    is_this: bool


class SessionList(msgspec.Struct, frozen=True, kw_only=True):
    """Sessions, the newest first."""

    sessions: tuple[SessionShown, ...]


async def see_a_person(house: House, asked: Asked) -> Session:
    """Turn programs away: whoever stole a token must not make it last. The session of a person."""
    found = await house.sessions.of(asked.by.actor.actor_id, asked.received_at)
    own = next((each for each in found if each.session_id == asked.by.session_id), None)
    if own is None or own.kind != SessionKind.BROWSER:
        raise TurnedAway(DoorCode.PERSON_ONLY)
    return own


async def see_kept(house: House, asked: Asked) -> None:
    """Turn away whoever comes by a token alone and is nobody on the list of the staff."""
    if await house.staffing.book.member(asked.by.staff_id) is None:
        raise TurnedAway(DoorCode.STAFF_UNKNOWN)


def factor_in(asked: Asked, code: str, shown: str) -> str | PasskeyShown | None:
    """The second factor in a request: the answer of a passkey, or a code, or nothing."""
    if shown:
        return PasskeyShown(shown, asked.by.session_id)
    return code or None


def stop_at(refused: Refused | None) -> None:
    """Turn away whoever was refused."""
    if refused is not None:
        raise TurnedAway(DoorCode(refused.value))


def session_shown(session: Session, here: str = "") -> SessionShown:
    """A session as it is listed; `here` is the session of whoever looks."""
    fields = {**msgspec.structs.asdict(session), "kind": SessionKind(session.kind)}
    return SessionShown(**fields, is_this=session.session_id == here)


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [*_of_factors(), *_of_sessions()]


def _of_factors() -> list[Route[Any]]:
    steps: tuple[tuple[str, str, str, Any, Any, Any], ...] = (
        (
            "",
            "beginSecondFactor",
            "The secret for one's telephone, until it is confirmed.",
            NoInput,
            begin_factor,
            FactorShown,
        ),
        (
            "/confirm",
            "confirmSecondFactor",
            "Let the second factor count; gives the recovery codes, this once.",
            CodeGiven,
            confirm_factor,
            RecoveryCodes,
        ),
        (
            "/remove",
            "removeSecondFactor",
            "Forget one's own codes, with one of them or a passkey.",
            CodeGiven,
            remove_factor,
            Myself,
        ),
    )
    return [
        Route(
            method="GET",
            path="/me",
            operation="showMyself",
            summary="Who one is to the house.",
            tag="me",
            access=Access.STAFF,
            takes=NoInput,
            handler=show_me,
            gives=Myself,
        ),
        *(
            Route(
                method="POST",
                path=f"/me/second-factor{path}",
                operation=operation,
                summary=summary,
                tag="me",
                access=Access.STAFF,
                takes=takes,
                handler=handler,
                gives=gives,
                codes=_OF_FACTORS,
            )
            for path, operation, summary, takes, handler, gives in steps
        ),
    ]


def _of_sessions() -> list[Route[Any]]:
    return [
        Route(
            method="GET",
            path="/me/sessions",
            operation="listMySessions",
            summary="One's own sessions and tokens that have not ended.",
            tag="me",
            access=Access.SIGNED_IN,
            takes=NoInput,
            handler=list_sessions,
            gives=SessionList,
        ),
        Route(
            method="POST",
            path="/me/sessions/end",
            operation="endMySession",
            summary="End one of one's own sessions or tokens.",
            description="Every server turns it away within two seconds.",
            tag="me",
            access=Access.SIGNED_IN,
            takes=SessionGiven,
            handler=end_session,
            gives=SessionList,
            codes=(DoorCode.SESSION_UNKNOWN,),
        ),
        Route(
            method="POST",
            path="/me/sessions/end-all",
            operation="endAllMySessions",
            summary="Sign out everywhere: end every session and token of one's own.",
            description="Also tokens that nobody noted. Every server turns them away within two "
            "seconds.",
            tag="me",
            access=Access.SIGNED_IN,
            takes=NoInput,
            handler=end_all_sessions,
            gives=SessionList,
        ),
    ]
