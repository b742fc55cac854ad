"""Signing in by a code: who is let in, who is the same again, and how often one may try.

Told on the register's twin and on PostgreSQL. Not here: the pages (`tests/web/test_pages.py`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from earnest.core.values.ids import BuyerId, OrderId, derive_id
from earnest.desk.ports import OrderKey
from earnest.desk.views import Admission, BuyerProfile
from earnest.gateways.mail import Mail, MailResult, MailRetry, NullMail
from earnest.gateways.sms import NullSms
from earnest.people.proving import CODE_TRIES, NotProven, Proofs, digests_of
from earnest.people.seals import LinkForged, Seals, new_link_nonce
from earnest.people.signing_in import Guests, SignIn, is_address
from earnest.people.tokens import SigningKey
from earnest.store.memory_proofs import MemoryProofs
from earnest.store.memory_reader import MemoryRegister
from earnest.store.pools import open_pools
from earnest.store.proofs import PostgresProofs
from earnest.store.register import PostgresRegister
from tests.postgres import fresh_database_url, postgres_server, postgres_servers, template_database

__all__ = ["fresh_database_url", "postgres_server", "postgres_servers", "template_database"]

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = SigningKey("one", b"a first key for tests, of thirty-two bytes")
NEWER = SigningKey("two", b"a second key for tests, of thirty-two bytes")
LATER = timedelta(minutes=10)
_TWO_WAYS = ("13800001111", "+8613800001111")


class BusyMail(NullMail):
    """A way out that is closed."""

    async def send(self, mails: Sequence[Mail]) -> list[MailResult]:
        return [MailRetry("closed") for _ in mails]


class Door:
    """Sign-in over one store, with what was sent in hand."""

    def __init__(self, proofs: Proofs, register: Guests) -> None:
        self.proofs, self.register = proofs, register
        self.mail, self.sms = NullMail(), NullSms()
        self.sign_in = self.with_keys(KEY)

    def with_keys(self, *keys: SigningKey) -> SignIn:
        return SignIn(self.proofs, self.register, self.mail, self.sms, keys)

    def newest(self) -> str:
        """The code in the newest mail."""
        return code_in(self.mail.sent[-1])

    async def enters(self, address: str, at: datetime, sign_in: SignIn | None = None) -> BuyerId:
        """Ask for a code and show it."""
        door = sign_in or self.sign_in
        assert await door.send_code(address, "en", at) is None
        buyer = await door.confirm(address, self.newest(), "en", at)
        assert not isinstance(buyer, NotProven)
        return buyer


def code_in(mail: Mail) -> str:
    found = re.search(r"\d{6}", mail.text)
    assert found is not None
    return found[0]


Story = Callable[[Door], Awaitable[None]]


def tell(story: Story, url: str | None) -> None:
    """Tell a story on the twin, or on PostgreSQL."""

    async def told() -> None:
        if url is None:
            await story(Door(MemoryProofs(), MemoryRegister()))
            return
        async with open_pools(url, 4) as pools:
            await story(Door(PostgresProofs(pools.rest), PostgresRegister(pools.rest)))

    asyncio.run(told())


@pytest.fixture(params=["memory", "postgresql"])
def url(request: pytest.FixtureRequest, fresh_database_url: str) -> str | None:
    """Where the story is told."""
    return None if request.param == "memory" else fresh_database_url


def test_the_same_address_is_the_same_buyer_however_it_is_written(url: str | None) -> None:
    async def story(door: Door) -> None:
        first = await door.enters("Anna@Example.com ", NOW)
        assert await door.enters("anna@example.com", NOW + LATER) == first
        assert await door.enters("other@example.com", NOW + LATER) != first
        rotated = door.with_keys(NEWER, KEY)
        assert await door.enters("anna@example.com", NOW + 2 * LATER, rotated) == first

    tell(story, url)


def test_who_was_registered_with_an_address_comes_in_as_that_buyer(url: str | None) -> None:
    async def story(door: Door) -> None:
        await registered(door, "one", "Lee@example.com")
        await registered(door, "two", "twins@example.com")
        await registered(door, "three", "twins@example.com")
        assert await door.enters("lee@example.com", NOW) == buyer_id("one")
        # An address of two is nobody's, so whoever proves it begins anew.
        assert await door.enters("twins@example.com", NOW) not in map(buyer_id, ("two", "three"))

    tell(story, url)


def buyer_id(name: str) -> BuyerId:
    return BuyerId(derive_id("test", name))


async def registered(door: Door, name: str, email: str) -> None:
    profile = BuyerProfile(
        buyer_id=buyer_id(name), name=name, email=email, phone=None, language="en", created_at=NOW
    )
    admission = Admission(actor_id="test", key=name, content_hash=name, admitted_at=NOW)
    await door.register.admit(admission, [profile])


def test_a_telephone_is_an_address_as_well(url: str | None) -> None:
    async def story(door: Door) -> None:
        phone = "+86 138 0013 8000"
        assert await door.sign_in.send_code(phone, "zh-Hans", NOW) is None
        (sms,) = door.sms.sent.values()
        found = re.search(r"\d{6}", sms.text)
        assert found is not None
        assert sms.to == "+8613800138000"
        assert isinstance(await door.sign_in.confirm(phone, found[0], "zh-Hans", NOW), str)

    tell(story, url)


async def enters_by_phone(door: Door, phone: str, at: datetime) -> BuyerId | NotProven:
    """Ask for a code by text message and show it."""
    assert await door.sign_in.send_code(phone, "en", at) is None
    found = re.search(r"\d{6}", list(door.sms.sent.values())[-1].text)
    assert found is not None
    return await door.sign_in.confirm(phone, found[0], "en", at)


def test_a_telephone_is_the_same_login_however_it_is_written(url: str | None) -> None:
    async def story(door: Door) -> None:
        ways = ["13800001111", "+8613800001111", "008613800001111", "8613800001111"]
        entered = [await enters_by_phone(door, way, NOW + n * LATER) for n, way in enumerate(ways)]
        assert len(set(entered)) == 1
        unreadable = NotProven.PHONE_UNREADABLE
        assert await door.sign_in.send_code("138 0000 11119", "en", NOW) is unreadable
        assert await door.sign_in.confirm("138 0000 11119", "123456", "en", NOW) is unreadable

    tell(story, url)


def test_logins_of_one_telephone_from_before_are_each_reached_and_are_one_person(
    url: str | None,
) -> None:
    async def story(door: Door) -> None:
        for way in _TWO_WAYS:
            digests = digests_of([KEY], "phone", [way])
            assert await door.proofs.prove(buyer_id(way), "phone", digests, NOW)
        known = await door.proofs.identities_of([(buyer_id(way), "phone") for way in _TWO_WAYS])
        persons = list(known.values())
        assert persons[0] != persons[1]

        assert await enters_by_phone(door, "138 0000 1111", NOW) == buyer_id("13800001111")
        for n, way in enumerate(("+86 138 0000 1111", "008613800001111")):
            assert await enters_by_phone(door, way, NOW + (n + 1) * LATER) == buyer_id(_TWO_WAYS[1])
        known = await door.proofs.identities_of([(buyer_id(way), "phone") for way in _TWO_WAYS])
        persons = list(known.values())
        assert persons[0] == persons[1]

    tell(story, url)


def test_a_telephone_that_a_login_has_changed_does_not_open_it_while_an_order_counts() -> None:
    async def story() -> None:
        counted: set[BuyerId] = set()
        door = Door(MemoryProofs(lambda buyer: buyer in counted), MemoryRegister())
        li = await enters_by_phone(door, "13800001111", NOW)
        assert not isinstance(li, NotProven)
        other = digests_of([KEY], "phone", ["+8613900000000"])
        assert await door.proofs.prove(li, "phone", other, NOW)
        counted.add(li)
        refused = await enters_by_phone(door, "13800001111", NOW + LATER)
        assert refused is NotProven.PHONE_KEPT
        assert await enters_by_phone(door, "13900000000", NOW + LATER) == li

    asyncio.run(story())


def test_wrong_and_late_codes_let_nobody_in_and_tries_are_counted(url: str | None) -> None:
    async def story(door: Door) -> None:
        anna, wrong = "anna@example.com", NotProven.CODE_WRONG
        assert await door.sign_in.confirm(anna, "000000", "en", NOW) is wrong
        assert await door.sign_in.send_code(anna, "en", NOW) is None
        code = door.newest()
        assert await door.sign_in.confirm(anna, code, "en", NOW + LATER) is wrong
        wrong_code = f"{(int(code) + 1) % 1_000_000:06}"
        for _ in range(CODE_TRIES):
            assert await door.sign_in.confirm(anna, wrong_code, "en", NOW) is wrong
        assert await door.sign_in.confirm(anna, code, "en", NOW) is wrong

    tell(story, url)


def test_codes_are_sent_five_times_an_hour(url: str | None) -> None:
    async def story(door: Door) -> None:
        for second in range(5):
            at = NOW + timedelta(seconds=second)
            assert await door.sign_in.send_code("anna@example.com", "en", at) is None
        at = NOW + timedelta(seconds=6)
        sixth = await door.sign_in.send_code("ANNA@example.com", "en", at)
        assert sixth is NotProven.TOO_OFTEN
        assert await door.sign_in.send_code("lee@example.com", "en", at) is None

    tell(story, url)


def test_a_name_is_noted_once(url: str | None) -> None:
    async def story(door: Door) -> None:
        anna = await door.enters("anna@example.com", NOW)
        await door.sign_in.name(anna, "Anna Lee")
        await door.sign_in.name(anna, "Somebody Else")
        assert isinstance(door.register, MemoryRegister | PostgresRegister)
        profile = await door.register.buyer(anna)
        assert profile is not None
        assert (profile.name, profile.email) == ("Anna Lee", "anna@example.com")

    tell(story, url)


def test_what_cannot_be_sent_is_said() -> None:
    async def story(door: Door) -> None:
        door.mail = BusyMail()
        closed = door.with_keys(KEY)
        assert await closed.send_code("anna@example.com", "en", NOW) is NotProven.NOT_SENT

    tell(story, None)


def test_what_is_an_address() -> None:
    wanted = {
        "anna@example.com": True,
        " 138 0013 8000 ": True,
        "anna": False,
        "@example.com": False,
        "a@b\nBcc: c@d": False,
        f"{'a' * 250}@b.example": False,
    }

    assert {text: is_address(text) for text in wanted} == wanted


def test_a_seal_covers_its_form_and_a_link_its_order() -> None:
    old, new = Seals([KEY]), Seals([NEWER, KEY])
    seal = old.of_form("nonce", "buyer:one")
    key = OrderKey(buyer_id("one"), OrderId(derive_id("order")))
    nonce = new_link_nonce()
    link = old.link_of(key, nonce)

    assert new.covers_form(seal, "nonce", "buyer:one")
    assert not new.covers_form(seal, "nonce", "buyer:two")
    assert not new.covers_form(seal, "other", "buyer:one")
    assert not new.covers_form("é", "nonce", "buyer:one")
    assert new.read_link(link) == (key, nonce)
    other = old.link_of(key, new_link_nonce())
    for forged in ("", link[:-1], buyer_id("two") + link[16:], other[:48] + link[48:], link + "x"):
        with pytest.raises(LinkForged):
            new.read_link(forged)
    with pytest.raises(ValueError, match="at least one signing key"):
        Seals([])
