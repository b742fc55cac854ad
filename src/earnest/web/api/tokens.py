"""/me/tokens and /tokens: tokens for programs, made by whom they act for, and ended.

A token acts in the name of whoever made it: an identity of its own would be a second self, who
could release what its owner asked for. Not here: sessions in browsers (`me.py`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.values.ids import derive_id
from earnest.desk.staff import Session
from earnest.people.sessions import SessionKind
from earnest.web.api.me import SessionGiven, SessionList, see_a_person, session_shown
from earnest.web.api.staff import RoleName
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.reading import idempotency_key
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Moment

TOKENS_LAST_AT_MOST = timedelta(days=366)
MOST_TOKENS = 500


class TokenWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token for a program: what it is called, some of one's own roles, and when it ends."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    roles: Annotated[tuple[RoleName, ...], Meta(min_length=1, max_length=7)]
    ends_at: Moment


async def make_token(house: House, asked: Asked, wanted: TokenWanted) -> Reply:
    """A token for a program, in one's own name: a second person stays another person."""
    await see_a_person(house, asked)
    if not set(wanted.roles) <= asked.by.role_names:
        raise TurnedAway(DoorCode.SCOPE_UNSUITABLE)
    lasts = wanted.ends_at - asked.received_at
    if not timedelta(0) < lasts <= TOKENS_LAST_AT_MOST:
        raise TurnedAway(DoorCode.TOKEN_LASTS_TOO_LONG)
    actor_id = asked.by.actor.actor_id
    session = Session(
        session_id=derive_id("token", actor_id, idempotency_key(asked.headers)),
        actor_id=actor_id,
        kind=SessionKind.PROGRAM,
        name=wanted.name,
        roles=tuple(sorted(set(wanted.roles))),
        begun_at=asked.received_at,
        ends_at=wanted.ends_at,
    )
    token = await house.sessions.make_program(session, lasts)
    if token is None:
        # It was shown once, and is not shown again.
        raise TurnedAway(DoorCode.KEY_REUSED)
    return Reply(status=201, value=TokenMade(session_id=session.session_id, token=token))


async def list_tokens(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The tokens of all programs that have not ended."""
    found = await house.sessions.programs(asked.received_at, MOST_TOKENS)
    return Reply(value=SessionList(sessions=tuple(session_shown(each) for each in found)))


async def revoke_token(house: House, asked: Asked, given: SessionGiven) -> Reply:
    """End the token of any program."""
    by, now = asked.by.actor.actor_id, asked.received_at
    if not await house.sessions.revoke(given.session_id, by, now):
        raise TurnedAway(DoorCode.SESSION_UNKNOWN)
    return await list_tokens(house, asked, NoInput())


class TokenMade(msgspec.Struct, frozen=True, kw_only=True):
    """A token, shown this once."""

    session_id: str
    token: str


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/me/tokens",
            operation="makeToken",
            summary="A token for a program, in one's own name with some of one's own roles.",
            description="It is shown once and kept nowhere; the same key does not show it again.",
            tag="me",
            access=Access.STAFF,
            takes=TokenWanted,
            handler=make_token,
            gives=TokenMade,
            status=201,
            needs_key=True,
            codes=(
                DoorCode.PERSON_ONLY,
                DoorCode.SCOPE_UNSUITABLE,
                DoorCode.TOKEN_LASTS_TOO_LONG,
                DoorCode.KEY_REUSED,
            ),
        ),
        Route(
            method="GET",
            path="/tokens",
            operation="listTokens",
            summary="The tokens of all programs that have not ended.",
            tag="staff",
            access=Access.OVERSEERS,
            takes=NoInput,
            handler=list_tokens,
            gives=SessionList,
        ),
        Route(
            method="POST",
            path="/tokens/revoke",
            operation="revokeToken",
            summary="End the token of any program.",
            tag="staff",
            access=Access.ADMIN,
            takes=SessionGiven,
            handler=revoke_token,
            gives=SessionList,
            codes=(DoorCode.SESSION_UNKNOWN,),
        ),
    ]
