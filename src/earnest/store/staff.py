"""Staff and their second factors on PostgreSQL: the schema `people`, and nothing outside it.

Every change of somebody's rights and the act that says who made it are one transaction. Not here:
who may do what (`people/staffing.py`), and digests, which arrive ready made.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import psycopg

from earnest.core.values.instant import Instant
from earnest.desk.staff import Act, Invitation, KeptFactor, RoleWish, StaffMember
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS

Row = tuple[Any, ...]


class PostgresStaff:
    """`StaffBook` and `FactorBook` of the desk's ports."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def everybody(self) -> Sequence[StaffMember]:
        """All who work or worked here: those who are active first, then by name."""
        return [_member(row) for row in await self._rows("everybody")]

    async def member(self, staff_id: str) -> StaffMember | None:
        """The person with this staff id."""
        rows = await self._rows("staff_member", staff_id=staff_id)
        return _member(rows[0]) if rows else None

    async def member_at(self, email: str) -> StaffMember | None:
        """The active person with this (lower-case) address who has joined."""
        rows = await self._rows("staff_member_at", email=email)
        return _member(rows[0]) if rows else None

    async def put_demo(self, members: Sequence[StaffMember]) -> None:
        """Add the people of a demo who are not there yet."""
        async with self._writing() as connection:
            for member in members:
                await _run(connection, "add_staff", **_columns(member))

    async def invite(
        self, member: StaffMember, invitation: Invitation, wishes: Sequence[RoleWish], act: Act
    ) -> bool:
        """Add somebody new; False when the id or the address is taken."""
        async with self._writing() as connection:
            if not await _run(connection, "add_staff", **_columns(member)):
                return False
            await _run(connection, "put_invitation", **msgspec.structs.asdict(invitation))
            for wish in wishes:
                await _run(connection, "add_role_wish", **msgspec.structs.asdict(wish))
            await note_act(connection, act)
        return True

    async def invite_again(self, invitation: Invitation, act: Act) -> None:
        """Replace the link of somebody who has not joined."""
        async with self._writing() as connection:
            await _run(connection, "put_invitation", **msgspec.structs.asdict(invitation))
            await note_act(connection, act)

    async def join(self, digest: str, at: Instant) -> StaffMember | None:
        """Use a link once: who has joined by it, None for a link that is used, over or unknown."""
        async with self._writing() as connection:
            cursor = await connection.execute(
                STATEMENTS["join_staff"].text, {"digest": digest, "at": at}
            )
            row = await cursor.fetchone()
            if row is None:
                return None
            member = _member(row)
            await note_act(connection, joined(member, at))
        return member

    async def give_role(self, staff_id: str, role: str, act: Act) -> None:
        """Give a role; whoever wished for it wishes no more."""
        named = {"staff_id": staff_id, "role": role}
        async with self._writing() as connection:
            await _run(connection, "drop_role_wish", **named)
            await _run(connection, "give_role", **named)
            await note_act(connection, act)

    async def take_role(self, staff_id: str, role: str, act: Act) -> None:
        """Take a role."""
        async with self._writing() as connection:
            await _run(connection, "take_role", staff_id=staff_id, role=role)
            await note_act(connection, act)

    async def wish_role(self, wish: RoleWish, act: Act) -> bool:
        """Keep a wish until a second person decides; False when it is there already."""
        async with self._writing() as connection:
            if not await _run(connection, "add_role_wish", **msgspec.structs.asdict(wish)):
                return False
            await note_act(connection, act)
        return True

    async def drop_wish(self, staff_id: str, role: str, act: Act) -> None:
        """Forget a wish."""
        async with self._writing() as connection:
            await _run(connection, "drop_role_wish", staff_id=staff_id, role=role)
            await note_act(connection, act)

    async def wishes(self) -> Sequence[RoleWish]:
        """Every role that waits for a second person, the oldest first."""
        return [
            RoleWish(staff_id=row[0], role=row[1], asked_by=row[2], asked_at=row[3])
            for row in await self._rows("role_wishes")
        ]

    async def set_active(self, staff_id: str, act: Act, *, active: bool) -> bool:
        """Let somebody leave, or come back; False when the address is another's by now."""
        async with self._writing() as connection:
            if not await _run(connection, "set_staff_active", staff_id=staff_id, active=active):
                return False
            await note_act(connection, act)
        return True

    async def note(self, act: Act) -> None:
        """Note an act that changed nothing here."""
        async with self._writing() as connection:
            await note_act(connection, act)

    async def factor(self, staff_id: str) -> KeptFactor | None:
        """What is kept of somebody's second factor."""
        rows = await self._rows("second_factor", staff_id=staff_id)
        return _factor(rows[0]) if rows else None

    async def factors(self) -> Mapping[str, int]:
        """Who has a confirmed second factor, and how many recovery codes are left."""
        return {row[0]: row[1] for row in await self._rows("second_factors")}

    async def begin_factor(self, staff_id: str, key_id: str, nonce: str) -> bool:
        """Keep a factor that is not confirmed yet; False when one is confirmed already."""
        named = {"staff_id": staff_id, "key_id": key_id, "nonce": nonce}
        async with self._writing() as connection:
            return await _run(connection, "begin_second_factor", **named)

    async def use_try(
        self, staff_id: str, at: Instant, since: Instant, most: int
    ) -> KeptFactor | None:
        """Use up one of `most` tries since an instant; None without a factor or a try left."""
        rows = await self._rows("use_factor_try", staff_id=staff_id, at=at, since=since, most=most)
        return _factor(rows[0]) if rows else None

    async def take_step(self, staff_id: str, step: int) -> bool:
        """Take a code by its time step, once; False for one that was taken, or an older one."""
        async with self._writing() as connection:
            return await _run(connection, "take_factor_step", staff_id=staff_id, step=step)

    async def confirm_factor(self, staff_id: str, digests: Sequence[str], act: Act) -> None:
        """Let the factor count, with these recovery codes in place of all earlier ones."""
        async with self._writing() as connection:
            await _run(connection, "confirm_second_factor", staff_id=staff_id, at=act.at)
            await _run(connection, "forget_recovery_codes", staff_id=staff_id)
            await _run(connection, "add_recovery_codes", staff_id=staff_id, digests=list(digests))
            await note_act(connection, act)

    async def use_recovery_code(self, staff_id: str, digest: str, act: Act) -> bool:
        """Use a recovery code once; False when there is none like it."""
        async with self._writing() as connection:
            if not await _run(connection, "use_recovery_code", staff_id=staff_id, digest=digest):
                return False
            await _run(connection, "reset_factor_tries", staff_id=staff_id)
            await note_act(connection, act)
        return True

    async def remove_factor(self, staff_id: str, act: Act) -> bool:
        """Forget a factor and its recovery codes; False when there was none."""
        async with self._writing() as connection:
            await _run(connection, "forget_recovery_codes", staff_id=staff_id)
            if not await _run(connection, "remove_second_factor", staff_id=staff_id):
                return False
            await note_act(connection, act)
        return True

    async def reset_factors(self, staff_id: str, act: Act) -> bool:
        """Forget a factor, its recovery codes and every passkey; False when there was nothing."""
        async with self._writing() as connection:
            await _run(connection, "forget_recovery_codes", staff_id=staff_id)
            had_factor = await _run(connection, "remove_second_factor", staff_id=staff_id)
            had_passkeys = await _run(connection, "remove_passkeys_of_staff", staff_id=staff_id)
            if not (had_factor or had_passkeys):
                return False
            await note_act(connection, act)
        return True

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[psycopg.AsyncConnection]:
        """A transaction."""
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                yield connection

    async def _rows(self, name: str, /, **parameters: object) -> list[Row]:
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS[name].text, parameters)
                return await cursor.fetchall()


def joined(member: StaffMember, at: Instant) -> Act:
    """The act of somebody who used their link."""
    actor_id = f"staff:{member.staff_id}"
    return Act(at=at, actor_id=actor_id, kind="staff_joined", subject=member.staff_id)


async def note_act(connection: psycopg.AsyncConnection, act: Act) -> None:
    """Note an act in the transaction of what it tells."""
    await _run(connection, "add_act", **msgspec.structs.asdict(act))


async def _run(connection: psycopg.AsyncConnection, name: str, /, **parameters: object) -> bool:
    """Run a statement; whether it changed anything."""
    cursor = await connection.execute(STATEMENTS[name].text, parameters)
    return cursor.rowcount > 0


def _member(row: Row) -> StaffMember:
    return StaffMember(
        staff_id=row[0],
        name=row[1],
        email=row[2],
        language=row[3],
        roles=tuple(sorted(row[4])),
        active=row[5],
        is_demo=row[6],
        invited_by=row[7],
        joined_at=row[8],
    )


def _columns(member: StaffMember) -> dict[str, Any]:
    return {**msgspec.structs.asdict(member), "roles": list(member.roles)}


def _factor(row: Row) -> KeptFactor:
    return KeptFactor(key_id=row[0], nonce=row[1], is_confirmed=row[2], last_step=row[3])
