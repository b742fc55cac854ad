"""Pointers: mail that says where to look and never what is there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from earnest.core.terms.agreement import Party
from earnest.core.values.ids import BuyerId
from earnest.desk.conversing import (
    POINTER_FOR_STAFF,
    POINTER_TO_DECISION,
    POINTER_TO_LINK,
    POINTER_TO_MESSAGE,
    NewMessage,
    OrderLink,
    pointer,
)
from earnest.desk.outgoing import Address, NotSent, Outcome
from earnest.desk.ports import OrderKey
from earnest.desk.private import Preferences
from earnest.desk.staff import StaffMember
from earnest.gateways.mail import Mail, MailRefused, MailResult, MailRetry, MailSent
from earnest.gateways.pointers import Pointers
from earnest.gateways.post import Post
from tests.store.house import START, House, memory_house

SECRET = "We build it in week 12."


class Book:
    """An address book in which everybody has the same address, or none."""

    def __init__(self, address: Address | None) -> None:
        self.address = address

    async def addresses(self, buyer_ids: Sequence[BuyerId]) -> Mapping[BuyerId, Address]:
        """The address for each."""
        return {} if self.address is None else dict.fromkeys(buyer_ids, self.address)


class OneMail:
    """A mail server that says one thing to everything."""

    def __init__(self, result: MailResult) -> None:
        self.result = result
        self.mails: list[Mail] = []

    async def send(self, mails: Sequence[Mail]) -> Sequence[MailResult]:
        """Take the mails and give the same answer to each."""
        self.mails += mails
        return [self.result] * len(mails)


LI = Address(name="Li", email="li@maker.example", language="zh-CN")
ANN = Address(name="Ann", email="ann@maker.example", language="en")


class Scene:
    """An order with a message of the seller and a link, and the mail that leaves."""

    def __init__(self, address: Address | None = ANN, result: MailResult | None = None) -> None:
        self.mail = OneMail(result or MailSent())
        self.house: House = memory_house()
        self.now = START
        self.book = Book(address)

    async def begin(self) -> OrderKey:
        """Reserve, write to the buyer, make a link."""
        await self.house.publish()
        (key,) = await self.house.reserved("ann")
        new = NewMessage(
            by=Party.SELLER, author="staff:lin", at=START, text=SECRET, key="a", content_hash="a"
        )
        await self.house.conversations.say(key, new)
        link = OrderLink(nonce="n" * 16, made_at=START, ends_at=START + timedelta(days=30))
        await self.house.links.put(key, link, is_mailed=True)
        return key

    async def send(self, key: OrderKey, subject: str) -> Sequence[Outcome]:
        """Hand one pointer to the post."""
        pointers = Pointers(
            occurrences=self.house.reader,
            addresses=self.book,
            conversations=self.house.conversations,
            links=self.house.links,
            staff=self.house.staff,
            link_of=lambda _, link: f"https://maker.example/o/{link.nonce}",
            mail=self.mail,
            now=lambda: self.now,
            public_url="https://maker.example/",
        )
        post = Post(
            occurrences=self.house.reader,
            letters=None,  # type: ignore[arg-type]  # no mail about events here
            payouts=None,  # type: ignore[arg-type]  # and no payouts
            pointers=pointers,
        )
        return await post.handle([pointer(key, subject)])


def test_a_message_is_told_without_its_words_in_the_language_of_its_reader() -> None:
    async def story() -> None:
        for address, subject, greeting in (
            (ANN, "The seller wrote to you about order ", "Dear Ann,"),
            (LI, "卖方就订单", "Li，您好！"),
        ):
            scene = Scene(address)
            key = await scene.begin()
            assert await scene.send(key, POINTER_TO_MESSAGE) == [None]
            (mail,) = scene.mail.mails
            assert mail.subject.startswith(subject)
            assert mail.text.startswith(greeting)
            assert f"https://maker.example/orders/{key.order_id}/messages" in mail.text
            assert SECRET not in mail.text + mail.subject
            assert mail.message_id == f"{key.order_id}.message.1"

    asyncio.run(story())


def test_what_was_read_switched_off_or_has_no_address_is_not_told() -> None:
    async def story() -> None:
        off = Address(
            name="A", email="a@maker.example", language="en", wishes=Preferences(mail=False)
        )
        for address in (None, Address(name="A", email="", language="en", phone="1"), off):
            scene = Scene(address)
            key = await scene.begin()
            assert await scene.send(key, POINTER_TO_MESSAGE) == [None]
            assert scene.mail.mails == []
        scene = Scene()
        key = await scene.begin()
        await scene.house.conversations.note_read(key, Party.BUYER, 1)
        assert await scene.send(key, POINTER_TO_MESSAGE) == [None]
        assert scene.mail.mails == []

    asyncio.run(story())


def member(name: str, role: str, language: str = "en", **changed: object) -> StaffMember:
    """Somebody of the staff who has joined."""
    fields: dict[str, object] = {
        "staff_id": name,
        "name": name.title(),
        "email": f"{name}@maker.example",
        "language": language,
        "roles": (role,),
        "joined_at": START,
    }
    return msgspec.convert(fields | changed, StaffMember)


async def answering(scene: Scene) -> OrderKey:
    """An order about which its buyer wrote, and a house with all kinds of staff."""
    key = await scene.begin()
    staff = [
        member("sun", "sales", "zh-Hans"),
        member("wu", "delivery"),
        member("plan", "planning"),
        member("left", "sales", active=False),
        member("invited", "sales", joined_at=None),
        member("demo", "sales", email=""),
    ]
    await scene.house.staff.put_demo(staff)
    await scene.house.conversations.say(key, asking("b"))
    return key


def asking(key: str) -> NewMessage:
    """Something that the buyer says."""
    return NewMessage(
        by=Party.BUYER, author="buyer:ann", at=START, text=SECRET, key=key, content_hash=key
    )


def test_staff_who_answer_are_told_that_a_buyer_wrote_and_not_what() -> None:
    async def story() -> None:
        scene = Scene()
        key = await answering(scene)
        assert await scene.send(key, POINTER_FOR_STAFF) == [None]
        assert await scene.send(key, POINTER_TO_DECISION) == [None]
        assert [(mail.to, mail.language) for mail in scene.mail.mails] == 2 * [
            ("sun@maker.example", "zh-Hans"),
            ("wu@maker.example", "en"),
        ]
        sun, wu, _, decided = scene.mail.mails
        at = f"https://maker.example/office/orders/{key.order_id}"
        assert sun.subject == f"购车人就订单{key.order_id}留言"
        assert wu.subject == f"A buyer wrote about order {key.order_id}"
        assert wu.message_id == f"{key.order_id}.for_staff.1.wu"
        assert decided.subject == (f"A buyer has decided about an agreement, order {key.order_id}")
        assert f"{at}/messages\n" in sun.text
        assert f"{at}/messages\n" in wu.text
        assert f"{at}\n" in decided.text
        assert SECRET not in "".join(mail.text + mail.subject for mail in scene.mail.mails)

    asyncio.run(story())


def test_staff_are_not_told_of_what_somebody_has_read_or_answered_or_when_nobody_answers() -> None:
    async def story() -> None:
        scene = Scene()
        key = await answering(scene)
        await scene.house.conversations.note_read(key, Party.SELLER, 2)
        assert await scene.send(key, POINTER_FOR_STAFF) == [None]
        await scene.house.conversations.say(key, asking("c"))
        await scene.house.conversations.settle(key, 3)
        assert await scene.send(key, POINTER_FOR_STAFF) == [None]
        assert scene.mail.mails == []
        alone = Scene()
        assert await alone.send(await alone.begin(), POINTER_TO_DECISION) == [None]
        assert alone.mail.mails == []
        busy = Scene(result=MailRetry("busy"))
        (outcome,) = await busy.send(await answering(busy), POINTER_FOR_STAFF)
        assert isinstance(outcome, NotSent)

    asyncio.run(story())


def test_a_link_is_mailed_with_its_end_while_it_is_in_force() -> None:
    async def story() -> None:
        scene = Scene()
        key = await scene.begin()
        await scene.send(key, POINTER_TO_LINK)
        (mail,) = scene.mail.mails
        assert "https://maker.example/o/nnnnnnnnnnnnnnnn" in mail.text
        assert "It opens until 1 May 2024, 12:00" in mail.text
        scene.now = START + timedelta(days=30)
        await scene.send(key, POINTER_TO_LINK)
        scene.now = START
        await scene.house.links.drop(key)
        await scene.send(key, POINTER_TO_LINK)
        assert scene.mail.mails == [mail]

    asyncio.run(story())


def test_what_the_server_did_not_take_comes_again_and_what_it_refused_does_not() -> None:
    async def story() -> None:
        later = Scene(result=MailRetry("busy"))
        (outcome,) = await later.send(await later.begin(), POINTER_TO_MESSAGE)
        assert isinstance(outcome, NotSent)
        never = Scene(result=MailRefused("mail_rejected", "no such box"))
        assert await never.send(await never.begin(), POINTER_TO_MESSAGE) == [None]

    asyncio.run(story())


def test_where_nobody_is_pointed_to_anything_there_is_nothing_to_do() -> None:
    async def story() -> None:
        scene = Scene()
        key = await scene.begin()
        post = Post(
            occurrences=scene.house.reader,
            letters=None,  # type: ignore[arg-type]  # no mail about events here
            payouts=None,  # type: ignore[arg-type]  # and no payouts
        )
        assert await post.handle([pointer(key, POINTER_TO_LINK)]) == [None]

    asyncio.run(story())
