"""Staff and their rights: who may change whose, what takes two, and how somebody comes in.

The clock is an argument, so no code is waited for. Not here: the doors (`tests/web/test_staff.py`)
and the tables (`tests/store/test_staff.py`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from earnest.core.order.authority import AUTHORITY
from earnest.desk.staff import StaffMember
from earnest.gateways.mail import NullMail
from earnest.people.ended import Ended
from earnest.people.passkey_site import site_of
from earnest.people.passkeys import Passkeys
from earnest.people.proving import NotProven
from earnest.people.roles import ALL_ROLES, GIVEN_BY_TWO, NEEDS_SECOND_FACTOR
from earnest.people.second_factor import (
    RECOVERY_CODES,
    TRIES,
    TRIES_WITHIN,
    FactorRefused,
    NewFactor,
    SecondFactors,
)
from earnest.people.sessions import Sessions
from earnest.people.staff_door import FIRST_STEP_LASTS, NextStep, StaffDoor
from earnest.people.staffing import INVITATION_LASTS, Invited, NotDone, Staffing
from earnest.people.tokens import SigningKey, TokenRejected, Tokens
from earnest.store.memory_passkeys import MemoryPasskeys
from earnest.store.memory_proofs import MemoryProofs
from earnest.store.memory_staff import MemorySessions, MemoryStaff

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
STEP = timedelta(seconds=30)
KEY = SigningKey("one", b"a first key for tests, of thirty-two bytes")
NEWER = SigningKey("two", b"a second key for tests, of thirty-two bytes")
ANN, BO = "staff:ann", "staff:bo"
"""Two administrators."""


class Office:
    """Staffing over the twin, with what was mailed in hand."""

    def __init__(self) -> None:
        self.book, self.mail, self.ended = MemoryStaff(), NullMail(), Ended()
        self.tokens = Tokens([KEY], self.ended)
        self.sessions = Sessions(MemorySessions(self.book), self.tokens, self.ended)
        self.passkeys = Passkeys(MemoryPasskeys(self.book), [KEY], site_of("https://maker.example"))
        self.factors = SecondFactors(self.book, [KEY], self.passkeys)
        self.staffing = Staffing(
            self.book, self.book, self.sessions, self.mail, "https://maker.example"
        )
        self.door = StaffDoor(
            proofs=MemoryProofs(),
            book=self.book,
            factors=self.factors,
            sessions=self.sessions,
            mail=self.mail,
            key=KEY,
        )

    async def invites(self, name: str = "li", *roles: str, by: str = ANN) -> NotDone | None:
        wanted = Invited(
            staff_id=name,
            name=name.capitalize(),
            email=f"{name}@maker.example",
            language="en",
            roles=roles,
        )
        return await self.staffing.invite(wanted, by, NOW)

    def link(self) -> str:
        """The secret part of the newest link."""
        found = re.search(r"/office/invitation/(\S+)", self.mail.sent[-1].text)
        assert found is not None
        return found[1]

    async def joined(self, name: str = "li", *roles: str) -> StaffMember:
        """Somebody who was invited and has come in."""
        assert await self.invites(name, *roles) is None
        member = await self.staffing.join(self.link(), NOW)
        assert member is not None
        return member

    async def with_factor(self, name: str = "li", *roles: str) -> pyotp.TOTP:
        """The telephone of somebody whose second factor is set, and was used at NOW."""
        await self.joined(name, *roles)
        begun = await self.factors.begin(name)
        assert isinstance(begun, NewFactor)
        telephone = pyotp.TOTP(begun.secret)
        confirmed = await self.factors.confirm(name, telephone.at(NOW), NOW)
        assert not isinstance(confirmed, FactorRefused)
        return telephone

    async def roles(self, name: str = "li") -> tuple[str, ...]:
        member = await self.book.member(name)
        assert member is not None
        return member.roles

    def is_good(self, token: str, now: datetime = NOW) -> bool:
        try:
            self.tokens.verify(token, now)
        except TokenRejected as rejected:
            assert rejected.code == "session_ended"  # noqa: PT017 - whatever else is a defect
            return False
        return True


def tell(story: Callable[[Office], Awaitable[None]]) -> None:
    async def told() -> None:
        await story(Office())

    asyncio.run(told())


def test_roles_that_need_two_follow_from_what_they_may_do() -> None:
    assert sorted(GIVEN_BY_TWO) == ["admin", "finance", "sales"]
    assert sorted(NEEDS_SECOND_FACTOR) == ["admin", "finance", "sales"]
    for name in ("ReleasePayout", "ReleaseForfeiture", "RefusePerformance"):
        assert {role.value for role in AUTHORITY[name]} <= NEEDS_SECOND_FACTOR
    assert GIVEN_BY_TWO | NEEDS_SECOND_FACTOR < ALL_ROLES


def test_an_invitation_is_mailed_works_once_and_lapses() -> None:
    async def story(office: Office) -> None:
        assert await office.invites("li", "planning", "finance") is None
        link = office.link()
        assert office.mail.sent[-1].to == "li@maker.example"
        assert await office.staffing.join(link, NOW + INVITATION_LASTS) is None
        assert await office.staffing.invite_again("li", BO, NOW) is None
        assert await office.staffing.join(link, NOW) is None
        member = await office.staffing.join(office.link(), NOW)
        assert member is not None
        assert await office.staffing.join(office.link(), NOW) is None
        # What approves money waits for a second person.
        assert member.roles == ("planning",)
        assert await office.staffing.invite_again("li", BO, NOW) is NotDone.JOINED
        assert await office.invites("li") is NotDone.EXISTS
        kinds = [(act.kind, act.actor_id) for act in office.book.acts]
        assert kinds == [
            ("staff_invited", ANN),
            ("staff_invited", BO),
            ("staff_joined", "staff:li"),
        ]

    tell(story)


def test_nobody_changes_their_own_rights_by_whatever_spelling() -> None:
    async def story(office: Office) -> None:
        await office.joined("li", "admin")
        staffing, own = office.staffing, NotDone.OWN_RIGHTS
        for by in ("staff:li", "staff:LI"):
            assert await staffing.give("li", "planning", by, NOW) is own
            assert await staffing.take("li", "planning", by, NOW) is own
            assert await staffing.deactivate("li", by, NOW) is own
            assert await staffing.reactivate("li", by, NOW) is own
            assert await staffing.reset_factor("li", by, NOW) is own
            assert await office.invites("li", "sales", by=by) is own
            assert await staffing.approve("li", "admin", by, NOW) is NotDone.SECOND_PERSON
        assert await office.roles() == ()

    tell(story)


@pytest.mark.parametrize("role", sorted(GIVEN_BY_TWO))
def test_a_role_that_approves_money_is_given_by_two(role: str) -> None:
    async def story(office: Office) -> None:
        await office.joined("li")
        staffing = office.staffing
        assert await staffing.give("li", role, ANN, NOW) is None
        assert await office.roles() == ()
        assert await staffing.give("li", role, BO, NOW) is NotDone.ROLE_HELD
        assert await staffing.approve("li", role, "staff:Ann", NOW) is NotDone.SECOND_PERSON
        assert await staffing.approve("li", role, BO, NOW) is None
        assert await office.roles() == (role,)
        assert await staffing.approve("li", role, BO, NOW) is NotDone.WISH_UNKNOWN
        assert await staffing.give("li", role, ANN, NOW) is NotDone.ROLE_HELD
        assert office.book.acts[-1].detail == f"{role}, asked for by {ANN}"

    tell(story)


def test_a_wish_can_be_declined_and_other_roles_are_given_at_once() -> None:
    async def story(office: Office) -> None:
        await office.joined("li")
        staffing = office.staffing
        assert await staffing.give("li", "delivery", ANN, NOW) is None
        assert await staffing.give("li", "finance", ANN, NOW) is None
        assert await staffing.decline("li", "finance", BO, NOW) is None
        assert await staffing.decline("li", "finance", BO, NOW) is NotDone.WISH_UNKNOWN
        assert await staffing.take("li", "finance", BO, NOW) is NotDone.ROLE_NOT_HELD
        assert await staffing.give("nobody", "planning", ANN, NOW) is NotDone.UNKNOWN
        assert await office.roles() == ("delivery",)

    tell(story)


def test_whoever_loses_a_role_or_leaves_is_out_at_once() -> None:
    async def story(office: Office) -> None:
        li = await office.joined("li", "planning", "delivery")
        tokens = office.tokens
        unnoted = tokens.for_staff("li", ["planning"], NOW, 999 * STEP)
        other = await office.sessions.begin_staff("bo", ("admin",), "?", NOW, STEP, "code")
        held = await office.door.begin(li, "Firefox", NOW, "code")
        assert await office.staffing.take("li", "delivery", ANN, NOW) is None
        assert [office.is_good(each) for each in (held, unnoted, other)] == [False, False, True]
        later = NOW + SECOND
        again = await office.door.begin(li, "Firefox", later, "code")
        assert office.is_good(again, later)
        assert await office.staffing.deactivate("li", ANN, later) is None
        # Not even a token of the operator's is good for somebody who has left.
        fresh = tokens.for_staff("li", ["planning"], later + SECOND, STEP)
        assert not office.is_good(fresh, later + SECOND)
        assert await office.staffing.give("li", "planning", ANN, later) is NotDone.INACTIVE
        assert await office.staffing.reactivate("li", ANN, later) is None
        assert await office.roles() == ()
        assert office.is_good(tokens.for_staff("li", [], later + SECOND, STEP), later + SECOND)

    tell(story)


def test_a_code_is_taken_once_and_none_before_it() -> None:
    async def story(office: Office) -> None:
        telephone = await office.with_factor()
        wrong = FactorRefused.CODE_WRONG
        check = office.factors.check
        assert await check("li", telephone.at(NOW), NOW) is wrong
        at = NOW + 3 * STEP
        assert await check("li", telephone.at(at - 2 * STEP), at) is wrong
        assert await check("li", telephone.at(at + STEP), at) is None
        # An honest code of an earlier step than the last one taken is no use to a thief either.
        assert await check("li", telephone.at(at), at) is wrong
        assert await check("li", f" {telephone.at(at + 2 * STEP)} ", at + STEP) is None

    tell(story)


def test_tries_are_few_and_come_back() -> None:
    async def story(office: Office) -> None:
        telephone = await office.with_factor()
        check, at = office.factors.check, NOW + 2 * STEP
        for _ in range(TRIES):
            assert await check("li", "not a code", at) is FactorRefused.CODE_WRONG
        assert await check("li", telephone.at(at), at) is FactorRefused.TOO_OFTEN
        later = at + TRIES_WITHIN
        assert await check("li", telephone.at(later), later) is None
        assert await check("nobody", "000000", at) is FactorRefused.MISSING

    tell(story)


def test_recovery_codes_let_in_once_and_are_kept_only_as_digests() -> None:
    async def story(office: Office) -> None:
        await office.joined("li")
        begun = await office.factors.begin("li")
        assert isinstance(begun, NewFactor)
        assert await office.factors.begin("li") == begun
        assert begun.picture.startswith("data:image/svg+xml")
        telephone = pyotp.TOTP(begun.secret)
        assert await office.factors.confirm("li", "12", NOW) is FactorRefused.CODE_WRONG
        codes = await office.factors.confirm("li", telephone.at(NOW), NOW)
        assert not isinstance(codes, FactorRefused)
        assert len(set(codes)) == RECOVERY_CODES
        first = f"{codes[0][:4]}-{codes[0][4:]}".lower()
        assert await office.factors.check("li", first, NOW) is None
        assert await office.factors.check("li", first, NOW) is FactorRefused.CODE_WRONG
        assert await office.book.factors() == {"li": RECOVERY_CODES - 1}
        # Neither the book nor the acts hold a code or the secret.
        kept = repr((vars(office.book), office.mail.sent))
        assert not any(each in kept for each in (*codes, begun.secret))
        assert await office.factors.begin("li") is FactorRefused.SET_ALREADY
        assert await office.factors.confirm("li", "1", NOW) is FactorRefused.SET_ALREADY

    tell(story)


def test_a_secret_made_with_an_older_key_goes_on() -> None:
    async def story(office: Office) -> None:
        telephone = await office.with_factor()
        rotated = SecondFactors(office.book, [NEWER, KEY], office.passkeys)
        at = NOW + 2 * STEP
        assert await rotated.check("li", telephone.at(at), at) is None
        a_year = timedelta(days=365)
        ahead = SecondFactors(office.book, [KEY], office.passkeys, lambda: a_year)
        later = at + 2 * STEP
        assert await ahead.check("li", telephone.at(later), later + a_year) is None

    tell(story)


def test_a_factor_is_reset_by_another_and_removed_by_oneself_with_a_code() -> None:
    async def story(office: Office) -> None:
        telephone = await office.with_factor()
        at = NOW + 2 * STEP
        assert await office.factors.remove("li", "1", at) is FactorRefused.CODE_WRONG
        assert await office.factors.remove("li", telephone.at(at), at) is None
        assert not await office.factors.is_set("li")
        assert await office.staffing.reset_factor("li", ANN, at) is NotDone.FACTOR_MISSING
        begun = await office.factors.begin("li")
        assert isinstance(begun, NewFactor)
        assert begun.secret != telephone.secret
        again = pyotp.TOTP(begun.secret)
        assert not isinstance(await office.factors.confirm("li", again.at(at), at), FactorRefused)
        held = await office.sessions.begin_staff("li", (), "?", at, STEP, "code")
        assert await office.staffing.reset_factor("li", ANN, at) is None
        assert (office.is_good(held, at), await office.factors.is_set("li")) == (False, False)
        assert office.mail.sent[-1].to == "li@maker.example"

    tell(story)


async def coming_in(office: Office, name: str) -> tuple[frozenset[str], NextStep]:
    """Which roles a session has after the mailed code, and what is left to do."""
    address = f" {name.upper()}@maker.example"
    assert await office.door.send_code(address, NOW) is None
    found = re.search(r"\d{6}", office.mail.sent[-1].text)
    assert found is not None
    member = await office.door.confirm(address, found[0], NOW)
    assert not isinstance(member, NotProven)
    token, left = await office.door.let_in(member, "Firefox", NOW, "code")
    caller = office.tokens.verify(token, NOW)
    if left is not NextStep.NOTHING:
        assert caller.expires_at == int((NOW + FIRST_STEP_LASTS).timestamp())
    return caller.role_names, left


def test_the_address_alone_opens_no_role_that_needs_more() -> None:
    async def story(office: Office) -> None:
        await office.joined("eva", "planning")
        await office.joined("gu")
        await office.book.give_role("gu", "finance", office.book.acts[0])
        await office.with_factor("li", "planning")
        assert await coming_in(office, "eva") == (frozenset({"planning"}), NextStep.NOTHING)
        assert await coming_in(office, "gu") == (frozenset(), NextStep.SET_UP_FACTOR)
        assert await coming_in(office, "li") == (frozenset(), NextStep.SHOW_FACTOR)

    tell(story)


def test_nobody_learns_who_works_here() -> None:
    async def story(office: Office) -> None:
        assert await office.invites("li") is None
        before = len(office.mail.sent)
        for name in ("nobody", "li"):
            address = f"{name}@maker.example"
            assert await office.door.send_code(address, NOW) is None
            confirmed = await office.door.confirm(address, "000000", NOW)
            assert confirmed is NotProven.CODE_WRONG
        assert len(office.mail.sent) == before
        for second in range(1, 5):
            at = NOW + second * SECOND
            assert await office.door.send_code("nobody@maker.example", at) is None
        sixth = await office.door.send_code("nobody@maker.example", NOW + 5 * SECOND)
        assert sixth is NotProven.TOO_OFTEN

    tell(story)


def test_another_process_learns_what_was_ended_at_its_next_look() -> None:
    async def story(office: Office) -> None:
        elsewhere = Ended()
        tokens = Tokens([KEY], elsewhere)
        # Both look into one book.
        shared = MemorySessions(office.book)
        here = Sessions(shared, office.tokens, office.ended)
        sessions = Sessions(shared, tokens, elsewhere)
        token = await here.begin_staff("li", ("planning",), "?", NOW, 9 * STEP, "code")
        held = tokens.verify(token, NOW)
        assert await here.end_own(held.session_id, "staff:bo", NOW) is False
        assert await here.end_own(held.session_id, "staff:li", NOW) is True
        assert not office.is_good(token)
        assert tokens.verify(token, NOW) == held
        await sessions.refresh(NOW)
        with pytest.raises(TokenRejected, match="session_ended"):
            tokens.verify(token, NOW)
        # What is over by itself is forgotten, and stays over by itself.
        await sessions.refresh(NOW + timedelta(hours=1))
        assert not elsewhere.covers("staff:li", held.session_id, int(NOW.timestamp()))

    tell(story)
