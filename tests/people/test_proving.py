"""Proving who one is: few tries, nothing kept that tells a number, and one person in each queue.

Every test of what is kept runs on PostgreSQL and on the twin in memory. Not here: the limit per
person (`tests/desk/test_scarcity.py`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from earnest.core.launch.edition import Proof
from earnest.core.values.ids import BuyerId, QueueId, derive_id
from earnest.gateways.sms import NullSms
from earnest.people.proving import (
    CODE_TRIES,
    NotProven,
    People,
    SandboxIdentities,
    is_identity_number,
    person_in,
)
from earnest.people.tokens import SigningKey
from earnest.store.memory_proofs import MemoryProofs
from earnest.store.pool import open_pool
from earnest.store.proofs import PostgresProofs
from tests.postgres import fresh_database_url, postgres_server, postgres_servers, template_database

__all__ = ["fresh_database_url", "postgres_server", "postgres_servers", "template_database"]

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
OLD = SigningKey("old", b"an old key for tests, of many bytes")
NEW = SigningKey("new", b"a new key for tests, of many bytes.")
QUEUE = QueueId("s7-cn")
PHONE = "+86 138-0013 8000"
NUMBER = "11010519491231002X"
LI, AN = (BuyerId(derive_id("buyer", name)) for name in ("li", "an"))

KINDS = pytest.mark.parametrize("kind", ["memory", "postgresql"])
Visit = Callable[["Counter"], Awaitable[None]]


class Counter:
    """Where people prove who they are, with the telephones that get the codes."""

    def __init__(self, proofs: MemoryProofs | PostgresProofs) -> None:
        self.proofs = proofs
        self.sms = NullSms()
        self.people = self.with_keys(NEW)

    def with_keys(self, *keys: SigningKey) -> People:
        """The same counter under other keys."""
        return People(self.proofs, self.sms, SandboxIdentities(), keys)

    def code(self) -> str:
        """The code in the newest message."""
        found = re.search(r"\d{6}", list(self.sms.sent.values())[-1].text)
        assert found is not None
        return found[0]

    async def person(
        self, buyer: BuyerId, queue: QueueId = QUEUE, proof: Proof = Proof.PHONE
    ) -> str | None:
        """The person as a queue knows them."""
        found = await self.proofs.identities_of([(buyer, proof.value)])
        return person_in(queue, *found.values()) if found else None

    async def proven(self, buyer: BuyerId, at: datetime = NOW, phone: str = PHONE) -> None:
        """Prove a telephone."""
        assert await self.people.send_code(buyer, phone, "en", at) is None
        assert await self.people.confirm_code(buyer, phone, self.code(), at) is None


def visit(kind: str, url: str, story: Visit) -> None:
    """Tell a story at a counter of this kind."""

    async def life() -> None:
        if kind == "memory":
            await story(Counter(MemoryProofs()))
            return
        async with await open_pool(url) as pool:
            await story(Counter(PostgresProofs(pool)))

    asyncio.run(life())


@KINDS
def test_a_telephone_is_proven_by_its_code(kind: str, fresh_database_url: str) -> None:
    async def story(here: Counter) -> None:
        assert await here.person(LI) is None
        await here.proven(LI)
        await here.proven(AN, phone="+8613800138000")
        li, an = [await here.person(each) for each in (LI, AN)]

        assert li is not None
        assert li == an, "two logins with one telephone are one person"
        assert li != await here.person(LI, QueueId("y7-cn"))
        assert await here.person(LI, proof=Proof.IDENTITY_NUMBER) is None
        assert await here.proofs.other_accounts([LI, AN, LI]) == {LI: [AN], AN: [LI]}
        await here.proven(AN, NOW + timedelta(minutes=1), "+86 139 0000 0000")
        assert li != await here.person(AN)
        assert await here.proofs.other_accounts([LI]) == {}
        phones = {(LI, "phone"), (AN, "phone")}
        asked = [*phones, (LI, "identity_number"), (BuyerId("nobody"), "phone")]
        assert {*await here.proofs.identities_of(asked)} == phones

    visit(kind, fresh_database_url, story)


@KINDS
def test_a_code_is_tried_five_times_and_within_ten_minutes(
    kind: str, fresh_database_url: str
) -> None:
    async def story(here: Counter) -> None:
        await here.people.send_code(LI, PHONE, "zh-Hans", NOW)
        code = here.code()
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        for _ in range(CODE_TRIES):
            assert await here.people.confirm_code(LI, PHONE, wrong, NOW) is NotProven.CODE_WRONG
        assert await here.people.confirm_code(LI, PHONE, code, NOW) is NotProven.CODE_WRONG

        later = NOW + timedelta(minutes=1)
        await here.people.send_code(LI, PHONE, "en", later)
        over = later + timedelta(minutes=10)
        assert await here.people.confirm_code(LI, PHONE, here.code(), over) is NotProven.CODE_WRONG
        other = await here.people.confirm_code(LI, "+49 30 1234567", here.code(), later)
        assert other is NotProven.CODE_WRONG
        foreign = await here.people.confirm_code(AN, PHONE, here.code(), later)
        assert foreign is NotProven.CODE_WRONG
        assert await here.people.confirm_code(LI, PHONE, here.code(), later) is None

    visit(kind, fresh_database_url, story)


@KINDS
def test_codes_are_asked_for_five_times_an_hour(kind: str, fresh_database_url: str) -> None:
    async def story(here: Counter) -> None:
        instants = [NOW + timedelta(minutes=minute) for minute in range(6)]
        outcomes = [await here.people.send_code(LI, PHONE, "en", at) for at in instants]
        assert outcomes == [None] * 5 + [NotProven.TOO_OFTEN]
        by_another = await here.people.send_code(AN, PHONE, "en", instants[-1])
        assert by_another is NotProven.TOO_OFTEN
        hour_later = instants[-1] + timedelta(hours=1)
        assert await here.people.send_code(LI, PHONE, "en", hour_later) is None

    visit(kind, fresh_database_url, story)


@KINDS
def test_an_identity_number_is_checked_and_may_not_be_guessed(
    kind: str, fresh_database_url: str
) -> None:
    async def story(here: Counter) -> None:
        assert await here.people.check_number(LI, "Li", NUMBER.lower(), NOW) is None
        assert await here.person(LI, proof=Proof.IDENTITY_NUMBER) is not None
        outcomes = [
            await here.people.check_number(
                AN, "An", f"11010519491231{n:03}X", NOW + timedelta(seconds=n)
            )
            for n in range(3, 9)
        ]
        assert outcomes == [NotProven.NUMBER_UNCONFIRMED] * 5 + [NotProven.TOO_OFTEN]

    visit(kind, fresh_database_url, story)


@KINDS
def test_a_change_of_keys_makes_nobody_a_new_person(kind: str, fresh_database_url: str) -> None:
    async def story(here: Counter) -> None:
        here.people = here.with_keys(OLD)
        await here.proven(LI)
        before = await here.person(LI)
        here.people = here.with_keys(NEW, OLD)
        assert before == await here.person(LI)
        await here.proven(AN, NOW + timedelta(minutes=1))
        assert before == await here.person(AN)
        here.people = here.with_keys(NEW)
        third = BuyerId(derive_id("buyer", "third"))
        await here.proven(third, NOW + timedelta(minutes=2))
        assert before == await here.person(third)

    visit(kind, fresh_database_url, story)


def test_nothing_that_is_kept_tells_a_telephone_or_a_number(fresh_database_url: str) -> None:
    async def story(here: Counter) -> None:
        await here.proven(LI)
        await here.people.check_number(LI, "Li", NUMBER, NOW)
        here.sms.sent.clear()

    visit("postgresql", fresh_database_url, story)
    with psycopg.connect(fresh_database_url) as connection:
        kept = [
            str(row)
            for statement in (
                "SELECT * FROM people.identity",
                "SELECT * FROM people.proof",
                "SELECT * FROM people.proof_try",
            )
            for row in connection.execute(statement)
        ]
    assert len(kept) == 6
    assert not [each for each in kept if "13800138000" in each or NUMBER in each]


def test_a_message_that_is_not_taken_is_said() -> None:
    async def story(here: Counter) -> None:
        outcome = await here.people.send_code(LI, "not a telephone", "en", NOW)
        assert outcome is NotProven.NOT_SENT

    visit("memory", "", story)


@pytest.mark.parametrize(
    ("number", "right"),
    [(NUMBER, True), ("110105194912310021", False), ("11010519491231002", False), ("", False)],
)
def test_the_check_digit_of_an_identity_number(number: str, *, right: bool) -> None:
    assert right == is_identity_number(number)
