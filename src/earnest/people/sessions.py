"""Sessions: tokens that are noted when they are given, and can be ended before their time.

A token needs no look into a database to be believed: every process knows by itself what has ended,
a small table that two short statements renew each second. So whatever was ended is turned away
everywhere within `LOOK_SECONDS` and the time of these statements, and at once where it was ended.
While the database cannot be reached nothing can be ended either, and what is known stays.

Not here: what a token says (`tokens.py`) and the cookie that holds it (`web/pages`).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import structlog

from earnest.core.values.ids import ID_LENGTH, BuyerId
from earnest.core.values.instant import Instant
from earnest.desk.ports import StoreUnavailable
from earnest.desk.staff import Act, Session, SessionBook
from earnest.people.caller import BUYER_PREFIX, STAFF_PREFIX
from earnest.people.ended import Ended
from earnest.people.tokens import Tokens

LOOK_SECONDS = 1.0
"""How often a process looks what was ended elsewhere."""

FORGET_AFTER = timedelta(hours=1)
"""After so long everything is read anew, so that what is over by itself takes no memory."""

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Until then no token of somebody who left is good, whenever it was made."""

log = structlog.get_logger(__name__)


class SessionKind(StrEnum):
    """Who holds the token of a session."""

    BROWSER = "browser"
    PROGRAM = "program"


class Sessions:
    """Begins sessions, ends them, and follows what other processes end."""

    def __init__(self, book: SessionBook, tokens: Tokens, ended: Ended) -> None:
        """Keep sessions in a book; `ended` is what the tokens are checked against."""
        self._book = book
        self._tokens = tokens
        self._ended = ended
        self._looked_at: Instant | None = None
        self._read_all_at: Instant | None = None

    async def begin_buyer(
        self, buyer_id: BuyerId, browser: str, now: Instant, lasts: timedelta
    ) -> str:
        """The token of a session that a buyer begins in a browser."""
        session = Session(
            session_id=_fresh_id(),
            actor_id=f"{BUYER_PREFIX}{buyer_id}",
            kind=SessionKind.BROWSER,
            name=browser,
            roles=(),
            begun_at=now,
            ends_at=now + lasts,
        )
        await self._book.begin(session)
        return self._tokens.for_buyer(buyer_id, now, lasts, session.session_id)

    async def begin_staff(
        self,
        staff_id: str,
        roles: Iterable[str],
        browser: str,
        now: Instant,
        lasts: timedelta,
        how: str,
    ) -> str:
        """The token of a session that somebody of the staff begins; `how` they were let in."""
        actor_id = f"{STAFF_PREFIX}{staff_id}"
        session = Session(
            session_id=_fresh_id(),
            actor_id=actor_id,
            kind=SessionKind.BROWSER,
            name=browser,
            roles=tuple(sorted(roles)),
            begun_at=now,
            ends_at=now + lasts,
        )
        act = Act(at=now, actor_id=actor_id, kind="signed_in", subject=staff_id, detail=how)
        await self._book.begin(session, act)
        return self._tokens.for_staff(staff_id, session.roles, now, lasts, session.session_id)

    async def make_program(self, session: Session, lasts: timedelta) -> str | None:
        """The token of a program, in the name of whoever makes it; None for an id in use."""
        act = Act(
            at=session.begun_at,
            actor_id=session.actor_id,
            kind="token_made",
            subject=session.session_id,
            detail=f"{session.name}: {', '.join(session.roles)}",
        )
        if not await self._book.begin(session, act):
            return None
        staff_id = session.actor_id.removeprefix(STAFF_PREFIX)
        begun_at, session_id = session.begun_at, session.session_id
        return self._tokens.for_staff(staff_id, session.roles, begun_at, lasts, session_id)

    async def of(self, actor_id: str, now: Instant) -> Sequence[Session]:
        """The sessions of somebody that have not ended, the newest first."""
        return await self._book.sessions_of(actor_id, now)

    async def programs(self, now: Instant, limit: int) -> Sequence[Session]:
        """The tokens of all programs that have not ended, the newest first."""
        return await self._book.programs(now, limit)

    async def end_own(self, session_id: str, actor_id: str, now: Instant) -> bool:
        """End a session of one's own; False when there is none like it."""
        act = None
        if actor_id.startswith(STAFF_PREFIX):
            act = Act(at=now, actor_id=actor_id, kind="session_ended", subject=session_id)
        return await self._end(session_id, actor_id, now, act)

    async def revoke(self, session_id: str, by: str, now: Instant) -> bool:
        """End anybody's session or token; False when there is none like it."""
        act = Act(at=now, actor_id=by, kind="token_revoked", subject=session_id)
        return await self._end(session_id, None, now, act)

    async def end_all(self, actor_id: str, before: Instant, act: Act | None = None) -> None:
        """End every token of somebody that was issued until now, also those nobody noted.

        Tokens count whole seconds, so one that is issued within the same second ends with them.
        """
        bound = before if before == FOREVER else _next_second(before)
        await self._book.end_all(actor_id, bound, act)
        self._ended.learn({}, {actor_id: bound})

    async def refresh(self, now: Instant) -> None:
        """Learn what was ended, here or elsewhere."""
        is_all = self._read_all_at is None or now - self._read_all_at >= FORGET_AFTER
        news = await self._book.ended_since(None if is_all else self._looked_at, now)
        if is_all:
            self._ended.forget(now)
            self._read_all_at = now
        self._ended.learn(news.sessions, news.actors)
        self._looked_at = news.looked_at

    async def keep_fresh(self, now: Callable[[], Instant]) -> None:
        """Learn for ever what is ended elsewhere."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.refresh(now())
            except StoreUnavailable:
                log.warning("ended_sessions_wait_for_store")

    async def _end(
        self, session_id: str, actor_id: str | None, now: Instant, act: Act | None
    ) -> bool:
        session = await self._book.end(session_id, actor_id, now, act)
        if session is None:
            return False
        self._ended.learn({session.session_id: session.ends_at}, {})
        return True


def _fresh_id() -> str:
    return secrets.token_hex(ID_LENGTH // 2)


def _next_second(instant: Instant) -> Instant:
    return instant.replace(microsecond=0) + timedelta(seconds=1)
