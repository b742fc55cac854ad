"""The post: every message leaves complete, under a name that stays the same, or not at all."""

from __future__ import annotations

import asyncio
import base64
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from types import NoneType

import msgspec
import pytest

from earnest.core.order.events import EVENTS, DepositReceived, Event, Scheduled
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import BuyerId, TermsHash
from earnest.desk.outgoing import (
    Address,
    NotSent,
    Occurrence,
    Outcome,
    Place,
    RegisteredAddresses,
)
from earnest.desk.ports import Channel, OrderKey, OutgoingMessage, RecordedEvent
from earnest.desk.private import MarkKind, NoticeChannel, Preferences
from earnest.desk.telling.letter import letter
from earnest.desk.views import Admission, BuyerProfile
from earnest.gateways.announcement import KEPT_INSIDE, TOLD, announcement
from earnest.gateways.clock import VirtualClock
from earnest.gateways.endpoints import Endpoint, Endpoints
from earnest.gateways.letters import Letters
from earnest.gateways.mail import FileMail, Mail, MailResult, MailRetry, NullMail
from earnest.gateways.post import PAYOUTS_AT_ONCE, Post
from earnest.gateways.webhooks import (
    NullWebhooks,
    OutgoingWebhook,
    WebhookDelivered,
    WebhookGone,
    WebhookRefused,
    WebhookResult,
    WebhookRetry,
)
from earnest.store.memory import MemoryStore
from earnest.store.memory_private import MemoryNotices
from tests.desk import samples
from tests.desk.laws import POLICY
from tests.desk.samples_settling import EVERY_OCCASION
from tests.desk.shop import Shop, in_shop

URL = "https://orders.maker.example"
SECRET = "whsec_" + base64.b64encode(b"the maker's own webhook key").decode()
RECORDED_AT = samples.AT + timedelta(seconds=1)


def recorded(event: Event, order: Order | None = None, sequence: int = 2) -> RecordedEvent:
    return RecordedEvent(
        buyer_id=samples.BUYER if order is None else order.buyer_id,
        order_id=samples.ORDER if order is None else order.order_id,
        sequence=sequence,
        event=event,
        actor_id="provider:sandbox",
        command_key="evt-1",
        recorded_at=RECORDED_AT,
    )


class OneOrder:
    """The facts of one order, as committed."""

    def __init__(self, shop: Shop, order: Order) -> None:
        """Read from this shop's store, and count what is asked."""
        self._store = shop.store
        self._order = order
        self.asked = 0
        self.terms_asked = 0
        self.event_at: dict[int, Event] = {}

    async def occurrences(self, places: Sequence[Place]) -> Mapping[Place, Occurrence]:
        """The stored events, and those a test put there."""
        self.asked += 1
        found = dict(await self._store.occurrences(places))
        for place in places:
            if place.sequence in self.event_at:
                event = recorded(self.event_at[place.sequence], self._order, place.sequence)
                found[place] = Occurrence(event, self._order.terms_hash)
        return found

    async def order_of_buyer(self, key: OrderKey) -> Order | None:
        """The order."""
        return await self._store.order_of_buyer(key)

    async def terms(self, terms_hash: TermsHash) -> TermsVersion | None:
        """The terms, counted."""
        self.terms_asked += 1
        return await self._store.terms(terms_hash)


class Book:
    """An address book with one page."""

    def __init__(self, address: Address | None) -> None:
        """Everybody lives here, or nobody."""
        self.entry = address

    async def addresses(self, buyer_ids: Sequence[BuyerId]) -> Mapping[BuyerId, Address]:
        """The one address for everybody."""
        return {} if self.entry is None else dict.fromkeys(buyer_ids, self.entry)


class Busy:
    """A mail server that has no time."""

    async def send(self, mails: Sequence[Mail]) -> Sequence[MailResult]:
        """Not now."""
        return [
            MailRetry(f"the server is busy and did not take {each.message_id}") for each in mails
        ]


class Scripted(NullWebhooks):
    """Endpoints that answer what a test says, by address."""

    def __init__(self, answers: dict[str, WebhookResult]) -> None:
        """Deliver to every address without an answer of its own."""
        super().__init__()
        self.answers = answers

    async def send(self, webhook: OutgoingWebhook) -> WebhookResult:
        """The answer of this address."""
        await super().send(webhook)
        return self.answers.get(webhook.url, WebhookDelivered(200))


class Payouts:
    """Remembers what it was handed."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.handled: list[OutgoingMessage] = []
        self.failing: set[str] = set()
        self.at_once = 0
        self.most_at_once = 0

    async def handle(self, message: OutgoingMessage) -> None:
        """Remember the message, and take a moment for it."""
        self.handled.append(message)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if message.subject in self.failing:
            raise NotSent("nobody knows what became of it")


class Unheard(DepositReceived, frozen=True):
    """An event for which nobody has found words."""


UNHEARD = Unheard(**msgspec.structs.asdict(samples.DEPOSITED))

LI = Address(name="李雷", email="li@buyers.example", language="zh-Hans")


class Office:
    """A post with everything around it in memory, and one order with a deposit."""

    def __init__(
        self,
        address: Address | None = LI,
        *,
        mail: NullMail | Busy | FileMail | None = None,
        webhooks: NullWebhooks | None = None,
        endpoints: Sequence[str] = (),
    ) -> None:
        """Open with this address and these ways out."""
        self.shop = Shop()
        self.order = in_shop(lambda shop: shop.deposited("li"), self.shop)
        self.occurrences = OneOrder(self.shop, self.order)
        self.mail = NullMail()
        self.book = Book(address)
        self.payouts = Payouts()
        self.notices = MemoryNotices(MemoryStore())
        self.texts = Payouts()
        self.webhooks, self.told = webhooks, [Endpoint(url=url, secret=SECRET) for url in endpoints]
        self.sends_mail = self.mail if mail is None else mail
        self.post = self.opened()

    def tell_kept(self, kept: Endpoints) -> None:
        """Tell kept addresses as well."""
        self.post = self.opened(kept)

    def opened(self, kept: Endpoints | None = None) -> Post:
        """The post with these ways out."""
        return Post(
            occurrences=self.occurrences,
            letters=Letters(
                occurrences=self.occurrences,
                addresses=self.book,
                mail=self.sends_mail,
                notices=self.notices,
                now=lambda: RECORDED_AT,
                public_url=f"{URL}/",
                texts_leave=True,
            ),
            payouts=self.payouts,
            texts=self.texts,
            webhooks=self.webhooks,
            endpoints=self.told,
            kept=kept,
        )

    def handle(self, channel: Channel, sequence: int = 2, subject: str = "") -> None:
        """Handle one message about the order, and raise what kept it from leaving."""
        (outcome,) = self.handle_all(self.message(channel, sequence, subject))
        if outcome is not None:
            raise outcome

    def handle_all(self, *messages: OutgoingMessage) -> Sequence[Outcome]:
        """Handle the messages of a job."""
        return asyncio.run(self.post.handle(messages))

    def message(self, channel: Channel, sequence: int = 2, subject: str = "") -> OutgoingMessage:
        """A message of the outbox."""
        return OutgoingMessage(
            channel=channel,
            buyer_id=self.order.buyer_id,
            order_id=self.order.order_id,
            sequence=sequence,
            subject=subject or "DepositReceived",
        )


def test_a_letter_is_complete() -> None:
    written = letter(
        samples.REVISED,
        name="Jo March",
        language="en-GB",
        policy=POLICY,
        order_id=samples.ORDER,
        link=f"{URL}/orders/{samples.ORDER}",
        seller="Aurora Haikou",
    )

    assert written.subject == ("The window shown for your delivery has changed (0RDER00000000001)")
    assert written.language == "en"
    assert written.text == (
        "Dear Jo March,\n\n"
        "The seller now expects delivery from 3 January 2027 to 14 February 2027, for this cause: "
        "“A paint line stands still”. You may wait, ask for a deferral or leave, and you need not "
        "agree: the window promised with your order still binds the seller (CN-09, Civil Code "
        "543), and once it is over you may demand delivery and, after a reasonable time in vain, "
        "end the order (CN-12, Civil Code 563) and get earnest money back double (CN-17, Civil "
        "Code 587).\n\n"
        "Compare the ways on the page of your order; it shows to the cent what each means for "
        "your money.\n\n"
        "Your order: https://orders.maker.example/orders/0RDER00000000001\n\n"
        "Aurora Haikou\n\n"
        "--\n"
        "Order 0RDER00000000001. Times are those of Asia/Shanghai. This letter was written by the "
        "order system; the page of your order holds the same.\n"
    )


def test_the_deposit_is_confirmed_by_mail() -> None:
    office = Office()
    office.handle(Channel.MAIL)

    (mail,) = office.mail.sent
    order = office.order
    assert mail.to == "li@buyers.example"
    assert mail.language == "zh-Hans"
    assert mail.subject == f"已收到您的订购款 ({order.order_id})"
    assert mail.message_id == f"{order.buyer_id}.{order.order_id}.2"
    assert mail.composed_at == office.shop.store.events[1].recorded_at
    assert mail.text.startswith(
        "李雷，您好！\n\n已收到您的订购款5,000.00 元。在2024年1月8日 08:01之前，"
    )
    assert f"订单页面：{URL}/orders/{order.order_id}\n" in mail.text
    assert "Meridian Motors (demo)" in mail.text


def test_a_mail_delivered_twice_is_the_same_mail() -> None:
    office = Office()
    office.handle(Channel.MAIL)
    first = list(office.mail.sent)
    office.handle(Channel.MAIL)

    assert office.mail.sent == first


def test_a_mail_delivered_twice_is_one_file(tmp_path: Path) -> None:
    clock = VirtualClock()
    files = FileMail(tmp_path, sender="orders@maker.example", clock=clock)
    office = Office(mail=files)
    office.handle(Channel.MAIL)
    clock.advance(timedelta(days=2))
    office.handle(Channel.MAIL)

    (path,) = tmp_path.rglob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["To"] == "li@buyers.example"
    assert message["Content-Language"] == "zh-Hans"


@pytest.mark.parametrize("event", EVERY_OCCASION, ids=lambda event: type(event).__name__)
def test_every_event_can_be_mailed(event: Event) -> None:
    office = Office()
    office.occurrences.event_at[7] = event
    office.handle(Channel.MAIL, sequence=7)

    assert len(office.mail.sent) == 1


def test_a_name_cannot_write_into_the_letter() -> None:
    office = Office(
        Address(
            name="Li\r\n\r\nYour order has ended. {link}", email="li@buyers.example", language="en"
        )
    )
    office.handle(Channel.MAIL)

    assert office.mail.sent[0].text.splitlines()[0] == "Dear Li Your order has ended. {link},"


def test_nobody_without_address_is_written_to() -> None:
    office = Office(address=None)
    office.handle(Channel.MAIL)

    assert office.mail.sent == []


def test_an_address_that_no_mail_can_reach_is_given_up() -> None:
    office = Office(Address(name="Li", email="not an address", language="en"))
    office.handle(Channel.MAIL)

    assert office.mail.sent == []


def test_a_busy_mail_server_leaves_the_message_in_the_outbox() -> None:
    office = Office(mail=Busy())

    with pytest.raises(NotSent, match="the server is busy"):
        office.handle(Channel.MAIL)


@pytest.mark.parametrize("channel", [Channel.MAIL, Channel.WEBHOOK])
def test_an_event_that_nobody_stored_is_dropped(channel: Channel) -> None:
    webhooks = NullWebhooks()
    office = Office(webhooks=webhooks, endpoints=["https://maker.example/hook"])
    office.handle(channel, sequence=99)

    assert (office.mail.sent, webhooks.sent) == ([], [])


def test_of_a_job_only_what_could_not_leave_comes_again() -> None:
    office = Office()
    office.occurrences.event_at[7] = UNHEARD
    places = (2, 7, 99, 1)
    outcomes = office.handle_all(*(office.message(Channel.MAIL, number) for number in places))

    assert [mail.message_id[-2:] for mail in office.mail.sent] == [".2", ".1"]
    assert [type(outcome) for outcome in outcomes] == [NoneType, KeyError, NoneType, NoneType]


def test_facts_and_addresses_of_a_job_are_read_at_once() -> None:
    office = Office()
    office.handle_all(*(office.message(Channel.MAIL, number) for number in (1, 2)))

    assert office.occurrences.asked == 1


def test_terms_are_asked_for_once() -> None:
    office = Office()
    office.handle(Channel.MAIL)
    office.handle(Channel.MAIL)

    assert office.occurrences.terms_asked == 1


def test_payouts_go_to_the_dispatcher_a_few_at_once() -> None:
    office = Office()
    count = 2 * PAYOUTS_AT_ONCE + 1
    office.payouts.failing = {"3"}
    messages = [office.message(Channel.PAYOUT, subject=f"{number}") for number in range(count)]
    outcomes = office.handle_all(*messages)

    assert [message.subject for message in office.payouts.handled] == [
        message.subject for message in messages
    ]
    assert office.payouts.most_at_once == PAYOUTS_AT_ONCE
    assert [number for number, outcome in enumerate(outcomes) if outcome is not None] == [3]


# Webhooks.


def test_an_event_is_announced_to_every_endpoint_signed_and_named() -> None:
    webhooks = NullWebhooks()
    endpoints = ["https://maker.example/hook", "https://maker.example/other"]
    office = Office(webhooks=webhooks, endpoints=endpoints)
    office.handle(Channel.WEBHOOK)
    office.handle(Channel.WEBHOOK)

    name = f"{office.order.buyer_id}.{office.order.order_id}.2"
    assert [each.url for each in webhooks.sent] == endpoints * 2
    assert {(each.webhook_id, each.secret) for each in webhooks.sent} == {(name, SECRET)}
    assert len({each.body for each in webhooks.sent}) == 1


def test_an_announcement_holds_the_facts() -> None:
    body = msgspec.json.decode(announcement(recorded(samples.DEPOSITED)))

    assert body == {
        "type": "DepositReceived",
        "timestamp": "2026-11-22T07:24:34Z",
        "data": {
            "buyer_id": "BUYER00000000001",
            "order_id": "0RDER00000000001",
            "sequence": 2,
            "at": "2026-11-22T07:24:33Z",
            "payment_number": 1,
            "amount": {"amount": 500_000, "currency": "CNY"},
            "paid_at": "2026-11-22T07:24:33Z",
            "provider": "sandbox",
            "provider_payment_id": "p1",
            "cooling_off_ends": "2026-11-29T07:24:33Z",
        },
    }


def names(kind: object) -> Iterator[str]:
    """The names of all fields of a type and of what it holds."""
    for part in typing.get_args(kind):
        yield from names(part)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        for field in msgspec.structs.fields(kind):
            yield field.name
            yield from names(field.type)


def test_every_field_of_an_event_is_told_or_kept_inside() -> None:
    """A new field stays inside and fails here until somebody decided."""
    fields = {name for event in EVENTS for name in names(event)}

    assert fields - TOLD - KEPT_INSIDE == set(), "put each into TOLD or KEPT_INSIDE"
    assert set() == TOLD & KEPT_INSIDE


@pytest.mark.parametrize("event", EVERY_OCCASION, ids=lambda event: type(event).__name__)
def test_nobodys_words_and_names_are_announced(event: Event) -> None:
    """The samples hold these texts wherever an event has room for what somebody wrote."""
    body = announcement(recorded(event)).decode()

    for written in (
        *("I moved", "discontinued", "supplier", "paint line", "scratch", "dented", "Wrong paint"),
        *("flood", "receipt", "signed", "STAFF", "Repainted", "colour", "Haikou", "account closed"),
    ):
        assert written not in body


def test_an_endpoint_that_is_late_makes_the_message_come_again() -> None:
    webhooks = Scripted(
        {
            "https://a.example/": WebhookRetry("the receiver answered 503", 120),
            "https://b.example/": WebhookRetry("the receiver answered 500"),
        }
    )
    office = Office(
        webhooks=webhooks,
        endpoints=["https://a.example/", "https://b.example/", "https://c.example/"],
    )

    with pytest.raises(NotSent, match="503") as raised:
        office.handle(Channel.WEBHOOK)

    assert raised.value.after_seconds == 120
    assert len(webhooks.sent) == 3


def test_an_endpoint_that_is_gone_or_unusable_holds_nobody_up() -> None:
    webhooks = Scripted(
        {
            "https://a.example/": WebhookGone(),
            "https://b.example/": WebhookRefused("webhook_secret_invalid", "mend it"),
        }
    )
    office = Office(
        webhooks=webhooks,
        endpoints=["https://a.example/", "https://b.example/", "https://c.example/"],
    )
    office.handle(Channel.WEBHOOK)
    office.handle(Channel.WEBHOOK)

    assert [each.url.removeprefix("https://")[0] for each in webhooks.sent] == list("abcbc")


def test_without_endpoints_nothing_is_posted() -> None:
    webhooks = NullWebhooks()
    Office(webhooks=webhooks).handle(Channel.WEBHOOK)
    Office(endpoints=["https://a.example/"]).handle(Channel.WEBHOOK)

    assert webhooks.sent == []


# The register as an address book.


class OnePerson:
    """A register with one buyer."""

    def __init__(self, email: str | None, phone: str | None = None) -> None:
        """The buyer has this address and telephone, or none."""
        self.email = email
        self.phone = phone

    async def buyers(self, buyer_ids: Sequence[BuyerId]) -> Sequence[BuyerProfile]:
        """The one buyer, if asked for."""
        found = [await self.buyer(buyer_id) for buyer_id in buyer_ids]
        return [each for each in found if each is not None]

    async def buyer(self, buyer_id: BuyerId) -> BuyerProfile | None:
        """The one buyer."""
        if buyer_id != samples.BUYER:
            return None
        return BuyerProfile(
            buyer_id=buyer_id,
            name="Jo",
            email=self.email,
            phone=self.phone,
            language="en",
            created_at=samples.AT,
        )

    async def find_buyers(self, text: str, limit: int) -> Sequence[BuyerProfile]:
        """Nobody is looked for here."""
        raise AssertionError(f"{text} {limit}")

    async def admit(self, admission: Admission, buyers: Sequence[BuyerProfile]) -> Admission:
        """Nobody is admitted here."""
        raise AssertionError(f"{admission} {buyers}")


def test_wishes_and_telephones_come_with_the_address() -> None:
    notices = MemoryNotices(MemoryStore())
    wishes = Preferences(language="zh-Hans", mail=False)
    asyncio.run(notices.prefer(samples.BUYER, wishes, samples.AT))

    book = RegisteredAddresses(OnePerson(None, "+4915100"), notices)
    addresses = asyncio.run(book.addresses([samples.BUYER]))

    assert addresses == {
        samples.BUYER: Address(
            name="Jo", email="", language="zh-Hans", phone="+4915100", wishes=wishes
        )
    }


def switched_off(address: Address, event: Event) -> bool:
    office = Office(msgspec.structs.replace(address, wishes=Preferences(mail=False)))
    office.occurrences.event_at[9] = event
    office.handle(Channel.MAIL, 9, type(event).__name__)
    return office.mail.sent == []


def test_what_the_law_does_not_want_told_can_be_switched_off() -> None:
    scheduled = next(each for each in EVERY_OCCASION if isinstance(each, Scheduled))

    assert switched_off(LI, scheduled)
    assert not switched_off(LI, samples.REVISED)
    # A demand goes by telephone instead, where there is one.
    demand = samples.demanded(Ground.BALANCE_DEFAULT)
    assert not switched_off(LI, demand)
    assert switched_off(msgspec.structs.replace(LI, phone="+8613800000000"), demand)


def test_a_legal_notice_that_the_server_took_is_noted_and_proves_nothing_more() -> None:
    office = Office()
    office.handle(Channel.MAIL)
    office.handle(Channel.MAIL)

    marks = asyncio.run(office.notices.marks(office.order.buyer_id))
    ((place, (mark,)),) = marks.items()
    assert (place.order_id, place.sequence) == (office.order.order_id, 2)
    assert (mark.channel, mark.kind, mark.at) == (NoticeChannel.MAIL, MarkKind.SENT, RECORDED_AT)


def test_texts_go_to_whoever_sends_them_and_nowhere_without_such() -> None:
    office = Office()
    office.handle(Channel.SMS)
    assert office.texts.handled == [office.message(Channel.SMS)]

    office.post._texts = None  # noqa: SLF001 - a house without a gateway for texts
    office.handle(Channel.SMS)
    assert len(office.texts.handled) == 1


@pytest.mark.parametrize(
    ("email", "buyer", "found"),
    [
        ("jo@buyers.example", samples.BUYER, ("Jo", "jo@buyers.example", "en")),
        (None, samples.BUYER, None),
        ("", samples.BUYER, None),
        ("jo@buyers.example", BuyerId("0000000000000000"), None),
    ],
)
def test_addresses_come_from_the_register(
    email: str | None, buyer: BuyerId, found: tuple[str, str, str] | None
) -> None:
    book = RegisteredAddresses(OnePerson(email), MemoryNotices(MemoryStore()))
    addresses = asyncio.run(book.addresses([buyer]))

    expected = (
        {} if found is None else {buyer: Address(name=found[0], email=found[1], language=found[2])}
    )
    assert addresses == expected
