"""Staff, second factors, sessions and the trail: one suite for PostgreSQL and for the twin."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest

from earnest.core.order.actor import Actor, Role
from earnest.desk.staff import (
    Act,
    Invitation,
    KeptFactor,
    RoleWish,
    Session,
    StaffMember,
    TrailFilter,
    TrailLine,
)
from tests.core import world
from tests.store.house import PROVIDER, START, House

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
LI = StaffMember(
    staff_id="li",
    name="Li Wei",
    email="Li@maker.example",
    language="zh-Hans",
    roles=("planning",),
    invited_by="staff:ann",
)
WISH = RoleWish(staff_id="li", role="finance", asked_by="staff:ann", asked_at=START)


def digest(letter: str) -> str:
    return letter * 64


def act(kind: str, minutes: int = 0, actor_id: str = "staff:ann") -> Act:
    return Act(at=START + timedelta(minutes=minutes), actor_id=actor_id, kind=kind, subject="li")


async def invited(house: House, member: StaffMember = LI, letter: str = "a") -> bool:
    invitation = Invitation(staff_id=member.staff_id, digest=digest(letter), lapses_at=START + HOUR)
    return await house.staff.invite(member, invitation, [WISH], act("staff_invited"))


async def test_an_invitation_lets_its_person_in_once_and_in_time(house: House) -> None:
    assert await invited(house)
    assert await house.staff.member_at("li@maker.example") is None

    assert await house.staff.join(digest("b"), START) is None
    assert await house.staff.join(digest("a"), START + HOUR) is None
    joined = msgspec.structs.replace(LI, joined_at=START)
    assert await house.staff.join(digest("a"), START) == joined

    assert await house.staff.join(digest("a"), START) is None
    assert await house.staff.member_at("li@maker.example") == joined
    assert await house.staff.everybody() == [joined]
    assert await house.staff.wishes() == [WISH]


async def test_the_newest_link_of_a_person_is_the_only_one(house: House) -> None:
    await invited(house)
    again = Invitation(staff_id="li", digest=digest("b"), lapses_at=START + HOUR)
    await house.staff.invite_again(again, act("staff_invited"))

    assert await house.staff.join(digest("a"), START) is None
    assert await house.staff.join(digest("b"), START) is not None


async def test_an_id_and_an_active_address_are_somebodys_alone(house: House) -> None:
    other = msgspec.structs.replace(LI, staff_id="lin", email="li@MAKER.example")
    await invited(house)

    assert not await invited(house)
    assert not await invited(house, other, "b")
    assert await house.staff.set_active("li", act("left"), active=False)
    assert await invited(house, other, "b")
    assert not await house.staff.set_active("li", act("back"), active=True)
    # Whoever has left does not come in by a link that was mailed before.
    assert await house.staff.join(digest("a"), START) is None


async def test_roles_are_given_once_taken_and_wished_for_once(house: House) -> None:
    await invited(house)

    assert not await house.staff.wish_role(WISH, act("role_asked"))
    await house.staff.give_role("li", "finance", act("role_given"))
    await house.staff.give_role("li", "finance", act("role_given"))
    await house.staff.take_role("li", "planning", act("role_taken"))

    member = await house.staff.member("li")
    assert member is not None
    assert (member.roles, await house.staff.wishes()) == (("finance",), [])
    assert await house.staff.wish_role(WISH, act("role_asked"))
    await house.staff.drop_wish("li", "finance", act("role_declined"))
    assert await house.staff.wishes() == []


async def test_people_of_a_demo_are_added_once(house: House) -> None:
    demo = msgspec.structs.replace(LI, email="", is_demo=True, joined_at=START)
    await house.staff.put_demo([demo])
    await house.staff.give_role("li", "sales", act("role_given"))
    await house.staff.put_demo([demo, msgspec.structs.replace(demo, staff_id="an")])

    found = {each.staff_id: each.roles for each in await house.staff.everybody()}
    assert found == {"an": ("planning",), "li": ("planning", "sales")}
    assert await house.staff.member_at("") is None


async def test_a_factor_counts_once_confirmed_and_takes_each_step_once(house: House) -> None:
    await invited(house)
    assert await house.staff.use_try("li", START, START - HOUR, 5) is None
    assert await house.staff.begin_factor("li", "one", "a" * 32)
    assert await house.staff.begin_factor("li", "one", "b" * 32)
    kept = KeptFactor(key_id="one", nonce="b" * 32, is_confirmed=False, last_step=0)
    assert await house.staff.factor("li") == kept
    assert await house.staff.factors() == {}

    assert await house.staff.take_step("li", 7)
    await house.staff.confirm_factor("li", [digest("a"), digest("b")], act("factor_set"))

    assert not await house.staff.take_step("li", 7)
    assert not await house.staff.take_step("li", 6)
    assert await house.staff.take_step("li", 8)
    assert not await house.staff.begin_factor("li", "two", "c" * 32)
    counted = KeptFactor(key_id="one", nonce="b" * 32, is_confirmed=True, last_step=8)
    assert await house.staff.factor("li") == counted
    assert await house.staff.factors() == {"li": 2}
    assert await house.staff.use_recovery_code("li", digest("a"), act("recovery_code_used"))
    assert not await house.staff.use_recovery_code("li", digest("a"), act("recovery_code_used"))
    assert await house.staff.factors() == {"li": 1}
    assert await house.staff.remove_factor("li", act("factor_reset"))
    assert not await house.staff.remove_factor("li", act("factor_reset"))
    assert (await house.staff.factor("li"), await house.staff.factors()) == (None, {})


async def test_tries_are_used_up_and_come_back_with_time(house: House) -> None:
    await invited(house)
    await house.staff.begin_factor("li", "one", "a" * 32)

    async def tries(at: datetime, count: int) -> list[bool]:
        since = at - timedelta(minutes=15)
        return [await house.staff.use_try("li", at, since, 2) is not None for _ in range(count)]

    assert await tries(START, 3) == [True, True, False]
    assert await tries(START + timedelta(minutes=15), 3) == [True, True, False]
    assert await house.staff.take_step("li", 1)
    assert await tries(START + timedelta(minutes=16), 1) == [True]


def session(name: str, at: datetime = START, **changed: object) -> Session:
    made = Session(
        session_id=name.rjust(16, "0"),
        actor_id="staff:li",
        kind="browser",
        name="Firefox",
        roles=("sales",),
        begun_at=at,
        ends_at=at + HOUR,
    )
    return msgspec.structs.replace(made, **changed)


async def test_sessions_are_listed_until_they_are_over_or_ended(house: House) -> None:
    one, two = session("1"), session("2", START + timedelta(minutes=1))
    program = session("3", kind="program", actor_id="staff:bo")
    for each in (one, two, program):
        assert await house.sessions.begin(each)
    assert not await house.sessions.begin(one)
    soon = START + timedelta(minutes=2)

    assert await house.sessions.sessions_of("staff:li", soon) == [two, one]
    assert await house.sessions.programs(soon, 9) == [program]
    assert await house.sessions.end(one.session_id, "staff:bo", soon, None) is None
    assert await house.sessions.end(one.session_id, "staff:li", soon, None) == one
    assert await house.sessions.end(one.session_id, "staff:li", soon, None) is None
    assert await house.sessions.end(program.session_id, None, soon, act("token_revoked")) == program
    assert await house.sessions.sessions_of("staff:li", soon) == [two]
    assert await house.sessions.programs(soon, 9) == []
    assert await house.sessions.sessions_of("staff:li", two.ends_at) == []

    news = await house.sessions.ended_since(None, soon)
    assert news.sessions == {one.session_id: one.ends_at, program.session_id: program.ends_at}
    assert (await house.sessions.ended_since(None, one.ends_at)).sessions == {}


async def test_everything_of_somebody_ends_that_was_issued_before(house: House) -> None:
    await house.sessions.begin(session("1"))
    bound = START + timedelta(seconds=1)
    await house.sessions.end_all("staff:li", bound, act("sessions_ended"))
    later = session("2", START + timedelta(seconds=1, microseconds=5))
    await house.sessions.begin(later)

    assert await house.sessions.sessions_of("staff:li", later.begun_at) == [later]
    first = await house.sessions.ended_since(None, START)
    assert first.actors == {"staff:li": bound}
    await house.sessions.end_all("buyer:x", bound, None)
    assert "buyer:x" in (await house.sessions.ended_since(first.looked_at, START)).actors


async def test_the_trail_tells_what_staff_did_in_orders_and_beside_them(house: House) -> None:
    (order,) = await house.reserved("ann")
    await house.live(order, "RecordPayment", START + timedelta(minutes=5), PROVIDER)
    locked = START + timedelta(days=8)
    await house.live(order, "Lock", locked, world.actor("timer"))
    eva = Actor("staff:eva", frozenset({Role.PLANNING}))
    await house.live(order, "Schedule", locked + HOUR, eva)
    await house.staff.note(act("token_made", 1))
    await house.staff.note(act("token_revoked", 1))

    whole = await house.trail.trail(TrailFilter(), None, 9)

    # What buyers, time and the provider did is not the staff's.
    assert [(each.kind, each.actor_id, each.order_id, each.subject) for each in whole] == [
        ("token_revoked", "staff:ann", None, "li"),
        ("token_made", "staff:ann", None, "li"),
        ("Scheduled", "staff:eva", order.order_id, ""),
    ]
    assert await paged(house) == list(whole)
    minute = START + timedelta(minutes=1)
    assert await kinds(house, kind="token_made") == ["token_made"]
    assert await kinds(house, actor_id="staff:eva") == ["Scheduled"]
    assert await kinds(house, order_id=order.order_id) == ["Scheduled"]
    assert await kinds(house, ends=minute) == ["Scheduled"]
    assert await kinds(house, begins=minute) == ["token_revoked", "token_made"]


async def paged(house: House) -> list[TrailLine]:
    """The whole trail, a line at a time."""
    found: list[TrailLine] = []
    while page := await house.trail.trail(
        TrailFilter(), (found[-1].at, found[-1].place) if found else None, 1
    ):
        found.extend(page)
    return found


async def kinds(house: House, **wanted: object) -> list[str]:
    asked = msgspec.structs.replace(TrailFilter(), **wanted)
    return [each.kind for each in await house.trail.trail(asked, None, 9)]
