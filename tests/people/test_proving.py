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
from earnest.gateways.sms import NullSms, Sms, SmsResult, SmsRetry
from earnest.people.proving import (
    CODE_TRIES,
    NotProven,
    People,
    SandboxIdentities,
    digests_of,
    is_identity_number,
    person_in,
)
from earnest.people.telephones import as_once_written, read_phone
from earnest.people.tokens import SigningKey
from earnest.store.memory_proofs import MemoryProofs
from earnest.store.pool import Pool, open_pool
from earnest.store.proofs import PostgresProofs
from tests.postgres import fresh_database_url, postgres_server, postgres_servers, template_database

__all__ = ["fresh_database_url", "postgres_server", "postgres_servers", "template_database"]

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
OLD = SigningKey("old", b"an old key for tests, of many bytes")
NEW = SigningKey("new", b"a new key for tests, of many bytes.")
QUEUE = QueueId("s7-cn")
PHONE = "+86 138-0013 8000"
NUMBER = "11010519491231002X"
OTHER_NUMBER = "440524188001010014"
LI, AN = (BuyerId(derive_id("buyer", name)) for name in ("li", "an"))

KINDS = pytest.mark.parametrize("kind", ["memory", "postgresql"])
Visit = Callable[["Counter"], Awaitable[None]]


class Counter:
    """Where people prove who they are, with the telephones that get the codes."""

    def __init__(self, proofs: MemoryProofs | PostgresProofs, pool: Pool | None = None) -> None:
        self.proofs = proofs
        self.counted: set[BuyerId] = set()
        self.sms = NullSms()
        self.pool = pool
        self.people = self.with_keys(NEW)

    def with_keys(self, *keys: SigningKey) -> People:
        """The same counter under other keys."""
        return People(self.proofs, self.sms, SandboxIdentities(), keys)

    def code(self) -> str:
        """The code in the newest message."""
        found = re.search(r"\d{6}", list(self.sms.sent.values())[-1].text)
        assert found is not None
        return found[0]

    async def shown(self, buyer: BuyerId, at: datetime, phone: str) -> NotProven | None:
        """Show a telephone and the code that was sent to it."""
        assert await self.people.send_code(buyer, phone, "en", at) is None
        return await self.people.confirm_code(buyer, phone, self.code(), at)

    async def person(
        self, buyer: BuyerId, queue: QueueId = QUEUE, proof: Proof = Proof.PHONE
    ) -> str | None:
        """The person as a queue knows them."""
        found = await self.proofs.identities_of([(buyer, proof.value)])
        return person_in(queue, *found.values()) if found else None

    async def proven(self, buyer: BuyerId, at: datetime = NOW, phone: str = PHONE) -> None:
        """Prove a telephone."""
        assert await self.shown(buyer, at, phone) is None

    async def proven_once(self, buyer: BuyerId, *ways: str) -> None:
        """A telephone as it was proven while each way of writing was a number of its own."""
        for way in ways:
            assert await self.proofs.prove(buyer, "phone", digests_of([NEW], "phone", [way]), NOW)

    async def count(self, buyer: BuyerId, person: str | None) -> None:
        """Let an order of this buyer count for this person, or for nobody any more."""
        if self.pool is None:
            (self.counted.discard if person is None else self.counted.add)(buyer)
            return
        statement = (
            "INSERT INTO earnest.allotment (buyer_id, order_id, queue_id, rank, state, person)"
            " VALUES (%s, 'order', %s, 1, 'held', %s)"
            " ON CONFLICT (buyer_id, order_id) DO UPDATE SET person = EXCLUDED.person"
        )
        async with self.pool.connection() as connection:
            await connection.execute(statement, (buyer, QUEUE, person))


def visit(kind: str, url: str, story: Visit) -> None:
    """Tell a story at a counter of this kind."""

    async def life() -> None:
        if kind == "memory":
            here = Counter(MemoryProofs(lambda buyer: buyer in here.counted))
            await story(here)
            return
        async with await open_pool(url) as pool:
            await story(Counter(PostgresProofs(pool), pool))

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


class NoSms(NullSms):
    """A way out that is closed."""

    async def send(self, sms: Sms) -> SmsResult:  # noqa: ARG002 - nothing is taken
        return SmsRetry("closed")


def test_a_message_that_is_not_taken_is_said() -> None:
    async def story(here: Counter) -> None:
        here.sms = NoSms()
        here.people = here.with_keys(NEW)
        assert await here.people.send_code(LI, PHONE, "en", NOW) is NotProven.NOT_SENT

    visit("memory", "", story)


@KINDS
def test_one_telephone_is_one_person_however_it_is_written(
    kind: str, fresh_database_url: str
) -> None:
    async def story(here: Counter) -> None:
        ways = ["13800001111", "+8613800001111", "008613800001111", "8613800001111"]
        buyers = [BuyerId(derive_id("buyer", way)) for way in ways]
        for number, (buyer, way) in enumerate(zip(buyers, ways, strict=True)):
            await here.proven(buyer, NOW + timedelta(minutes=number), way)
        assert len({await here.person(buyer) for buyer in buyers}) == 1
        assert {each.to for each in here.sms.sent.values()} == {"+8613800001111"}
        await here.proven(LI, phone="+86 138 0000 1112")
        assert await here.person(LI) != await here.person(buyers[0])

    visit(kind, fresh_database_url, story)


@KINDS
def test_tries_are_counted_by_telephone_however_it_is_written(
    kind: str, fresh_database_url: str
) -> None:
    async def story(here: Counter) -> None:
        ways = ["13800001111", "+8613800001111", "008613800001111", "8613800001111"]
        for number, way in enumerate([*ways, "+86 138 0000 1111"]):
            buyer = BuyerId(derive_id("buyer", way))
            at = NOW + timedelta(minutes=number)
            assert await here.people.send_code(buyer, way, "en", at) is None
        at = NOW + timedelta(minutes=5)
        assert await here.people.send_code(LI, ways[0], "en", at) is NotProven.TOO_OFTEN

    visit(kind, fresh_database_url, story)


def test_what_is_no_telephone_is_said_before_anything_is_sent() -> None:
    async def story(here: Counter) -> None:
        unreadable = NotProven.PHONE_UNREADABLE
        for written in ("138000011119", "not a telephone", "110"):
            assert await here.people.send_code(LI, written, "en", NOW) is unreadable
            assert await here.people.confirm_code(LI, written, "123456", NOW) is unreadable
        assert here.sms.sent == {}

    visit("memory", "", story)


@KINDS
def test_a_telephone_proven_before_there_was_one_form_stays_the_same_person(
    kind: str, fresh_database_url: str
) -> None:
    async def story(here: Counter) -> None:
        await here.proven_once(LI, "13800138000")
        before = await here.person(LI)
        await here.proven(AN, phone="+86 138 0013 8000")
        assert before == await here.person(AN) == await here.person(LI)
        await here.proven(LI, NOW + timedelta(minutes=1), "008613800138000")
        assert before == await here.person(LI)

    visit(kind, fresh_database_url, story)


@KINDS
def test_persons_who_turn_out_to_be_one_telephone_become_one(
    kind: str, fresh_database_url: str
) -> None:
    async def story(here: Counter) -> None:
        third = BuyerId(derive_id("buyer", "third"))
        await here.proven_once(LI, "13800138000")
        await here.proven_once(AN, "+8613800138000")
        await here.proven_once(third, "8613800138000")
        assert len({await here.person(each) for each in (LI, AN, third)}) == 3
        assert await here.proofs.other_accounts([LI]) == {}

        fourth = BuyerId(derive_id("buyer", "fourth"))
        await here.proven(fourth, phone="013800138000")
        everybody = [LI, AN, third, fourth]
        assert len({await here.person(each) for each in everybody}) == 1
        others = await here.proofs.other_accounts([LI])
        assert set(others[LI]) == {AN, third, fourth}
        # Each is still found by the own way of writing, as whoever signs in needs it.
        for way, buyer in (("13800138000", LI), ("8613800138000", third)):
            digests = digests_of([NEW], "phone", [way, "+8613800138000"])
            assert buyer == await here.proofs.first_to_prove("phone", digests)

    visit(kind, fresh_database_url, story)


@KINDS
def test_another_telephone_is_refused_while_an_order_counts(
    kind: str, fresh_database_url: str
) -> None:
    async def story(here: Counter) -> None:
        await here.proven(LI)
        before = await here.person(LI)
        await here.count(LI, before)
        other, later = "+86 139 0000 0000", NOW + timedelta(minutes=1)
        assert await here.shown(LI, later, other) is NotProven.PHONE_KEPT
        assert before == await here.person(LI)
        assert await here.shown(LI, later + timedelta(minutes=1), "13800138000") is None

        await here.count(LI, None)
        await here.proven(LI, later + timedelta(minutes=2), other)
        assert await here.person(LI) not in {None, before}

    visit(kind, fresh_database_url, story)


@KINDS
def test_an_identity_number_stays_for_good_and_of_ten_at_once_one_is_proven(
    kind: str, fresh_database_url: str
) -> None:
    async def story(here: Counter) -> None:
        async def check(buyer: BuyerId, number: str, at: datetime) -> NotProven | None:
            return await here.people.check_number(buyer, "Li", number, at)

        assert await check(LI, NUMBER, NOW) is None
        before = await here.person(LI, proof=Proof.IDENTITY_NUMBER)
        outcomes = [
            await check(LI, OTHER_NUMBER, NOW + timedelta(minutes=1)),
            await check(LI, "110105 19491231 002x", NOW + timedelta(minutes=2)),
        ]
        assert outcomes == [NotProven.NUMBER_KEPT, None]
        assert before == await here.person(LI, proof=Proof.IDENTITY_NUMBER)

        digests = [digests_of([NEW], "identity_number", [f"number {n}"]) for n in range(10)]
        at_once = await asyncio.gather(
            *(here.proofs.prove(AN, "identity_number", each, NOW) for each in digests)
        )
        assert sorted(at_once) == [False] * 9 + [True]

    visit(kind, fresh_database_url, story)


def test_a_way_of_writing_that_could_be_another_telephone_is_nobodys() -> None:
    """`13800001111` is written by a Chinese buyer, not by one in America without the plus."""
    assert read_phone("+1 609 555 0100", "CN") == "+16095550100"
    assert as_once_written("+1 609 555 0100", "+16095550100", "CN") == [
        "+16095550100",
        "0016095550100",
    ]
    ways = as_once_written("138 0000 1111", "+8613800001111", "CN")
    assert ways == [
        "13800001111",
        "013800001111",
        "8613800001111",
        "008613800001111",
        "+86013800001111",
        "86013800001111",
        "0086013800001111",
    ]


@pytest.mark.parametrize(
    ("written", "country", "phone"),
    [
        ("138 0000 1111", "CN", "+8613800001111"),
        ("+86 (0)138-0000-1111", "CN", "+8613800001111"),
        ("030 1234567", "DE", "+49301234567"),
        ("0049 30 1234567", "CN", "+49301234567"),
        ("13800001111", "US", None),
        ("138 0000 111", "CN", None),
        ("138 0000 1111 ext. 5", "CN", None),
        ("", "CN", None),
    ],
)
def test_how_a_telephone_is_read(written: str, country: str, phone: str | None) -> None:
    assert phone == read_phone(written, country)


@pytest.mark.parametrize(
    ("number", "right"),
    [(NUMBER, True), ("110105194912310021", False), ("11010519491231002", False), ("", False)],
)
def test_the_check_digit_of_an_identity_number(number: str, *, right: bool) -> None:
    assert right == is_identity_number(number)
