"""Noting that staff were shown personal data: after the answer is decided, before it is given.

An answer whose sight cannot be noted is not given. Buyers who look at what is their own are not
noted. Not here: what a door shows, which its handler says with its reply.
"""

from __future__ import annotations

from collections.abc import Sequence

from earnest.core.values.instant import Instant
from earnest.desk.sights import Seen, sight_of
from earnest.people.caller import Caller
from earnest.web.house import House


async def note_seen(house: House, caller: Caller | None, at: Instant, seen: Sequence[Seen]) -> None:
    """Note everything that one request showed to somebody of the staff, as one sight."""
    if not seen or caller is None or caller.buyer_id is not None:
        return
    sight = sight_of(
        seen,
        at=at,
        actor_id=caller.actor.actor_id,
        session_id=caller.session_id,
        roles=caller.role_names,
    )
    await house.sights.note(sight)
