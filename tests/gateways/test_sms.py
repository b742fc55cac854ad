"""Short messages: one contract over memory and files, what leaves by them, and what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from earnest.core.cases.notice import BALANCE_DEMAND, Means
from earnest.core.order.commands import Command, RecordNotice
from earnest.core.order.events import Event
from earnest.core.settlement.ground import Ground
from earnest.desk.answer import Answer
from earnest.desk.desk import DeskFull
from earnest.desk.outgoing import Address, NotSent
from earnest.desk.ports import Channel, OutgoingMessage
from earnest.desk.private import MarkKind, NoticeChannel, NoticePlace, Preferences
from earnest.gateways import texts
from earnest.gateways.sms import (
    FileSms,
    NullSms,
    Sms,
    SmsGateway,
    SmsReceipt,
    SmsRefused,
    SmsRetry,
    SmsTaken,
)
from earnest.gateways.texts import Receipts, Texts
from earnest.store.memory import MemoryStore
from earnest.store.memory_private import MemoryNotices
from tests.desk import samples
from tests.desk.shop import Shop, in_shop
from tests.gateways.running import run
from tests.gateways.test_post import Book, OneOrder

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
Deliver = Callable[[str, datetime], None]


def sms(sms_id: str = "B.0.2", *, to: str = "+86 138 0000 0000", text: str = "您好") -> Sms:
    return Sms(to=to, text=text, language="zh-Hans", sms_id=sms_id)


@pytest.fixture(params=["memory", "files"])
def gateway(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[SmsGateway, Deliver]:
    """A gateway of each kind, and how a telephone gets what it sent."""
    if request.param == "memory":
        null = NullSms()
        return null, null.deliver

    def deliver(sms_id: str, at: datetime) -> None:
        (tmp_path / f"{sms_id}.delivered").write_text(at.isoformat(), encoding="utf-8")

    return FileSms(tmp_path), deliver


def test_a_message_is_taken_and_its_receipt_comes_once(
    gateway: tuple[SmsGateway, Deliver],
) -> None:
    ways, deliver = gateway
    assert run(ways.send(sms())) == SmsTaken()
    assert run(ways.send(sms())) == SmsTaken()
    first = run(ways.receipts())
    deliver("B.0.2", AT)
    second = run(ways.receipts(first.cursor))
    third = run(ways.receipts(second.cursor))

    assert first.items == third.items == ()
    (receipt,) = second.items
    assert (receipt.sms_id, receipt.delivered_at) == ("B.0.2", AT)
    assert receipt.reference
    assert run(ways.receipts()).items == second.items


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (sms("../escape"), "sms_id_invalid"),
        (sms(to="call me"), "sms_number_invalid"),
        (sms(text=""), "sms_too_long"),
        (sms(text="x" * 1_001), "sms_too_long"),
    ],
)
def test_what_could_reach_nobody_is_refused(
    gateway: tuple[SmsGateway, Deliver], wrong: Sms, code: str
) -> None:
    assert run(gateway[0].send(wrong)) == SmsRefused(code)


def test_files_that_are_no_receipts_are_none(tmp_path: Path) -> None:
    ways = FileSms(tmp_path)
    run(ways.send(sms()))
    (tmp_path / "B.0.2.delivered").write_text("soon", encoding="utf-8")
    (tmp_path / "B.0.9.delivered").write_text(AT.isoformat(), encoding="utf-8")

    assert run(ways.receipts()).items == ()


def test_a_disk_that_takes_nothing_is_tried_again(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file where a folder should be", encoding="utf-8")

    assert isinstance(run(FileSms(taken).send(sms())), SmsRetry)


# Texts and receipts -----------------------------------------------------------------------

LI = Address(name="李雷", email="li@buyers.example", language="zh-Hans", phone="+8613800000000")
DEMAND = samples.demanded(Ground.BALANCE_DEFAULT)


class Submitted:
    """A desk that notes what it was asked."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.is_full = False
        self.asked = asyncio.Event()

    async def submit(self, command: Command, content_hash: str) -> Answer:
        assert content_hash, "a command has a digest"
        if self.is_full:
            raise DeskFull
        self.commands.append(command)
        self.asked.set()
        return Answer(order_id=command.order_id, sequence=1, stage=None, rank=None)


class Room:
    """Texts and receipts with everything around them in memory, and one order."""

    def __init__(self, address: Address | None = LI) -> None:
        shop = Shop()
        self.order = in_shop(lambda each: each.deposited("li"), shop)
        self.occurrences = OneOrder(shop, self.order)
        self.gateway = NullSms()
        self.notices = MemoryNotices(MemoryStore())
        self.desk = Submitted()
        self.texts = Texts(
            occurrences=self.occurrences,
            addresses=Book(address),
            gateway=self.gateway,
            notices=self.notices,
            public_url="https://orders.maker.example/",
            now=lambda: AT,
        )
        self.receipts = Receipts(
            gateway=self.gateway,
            occurrences=self.occurrences,
            notices=self.notices,
            desk=self.desk,
            now=lambda: AT + timedelta(days=1),
        )
        self.name = f"{self.order.buyer_id}.{self.order.order_id}.9"

    def send(self, event: Event) -> None:
        """Hand over the message about an event."""
        self.occurrences.event_at[9] = event
        message = OutgoingMessage(
            channel=Channel.SMS,
            buyer_id=self.order.buyer_id,
            order_id=self.order.order_id,
            sequence=9,
            subject=type(event).__name__,
        )
        asyncio.run(self.texts.handle(message))

    def marks(self) -> list[tuple[NoticeChannel, MarkKind, str]]:
        """What is noted of the notice."""
        marks = asyncio.run(self.notices.marks(self.order.buyer_id))
        found = marks.get(NoticePlace(self.order.order_id, 9), ())
        return [(each.channel, each.kind, each.proof) for each in found]


def test_a_demand_is_texted_whole_and_its_receipt_starts_its_time() -> None:
    room = Room()
    room.send(DEMAND)
    room.send(DEMAND)

    (sent,) = room.gateway.sent.values()
    assert sent.sms_id == room.name
    assert sent.to == "+8613800000000"
    assert sent.text.endswith(f" https://orders.maker.example/orders/{room.order.order_id}")
    assert "天期限" in sent.text
    assert room.marks() == [(NoticeChannel.SMS, MarkKind.SENT, room.name)]

    room.gateway.deliver(room.name, AT)
    asyncio.run(room.receipts.take())
    asyncio.run(room.receipts.take())

    assert room.marks()[1:] == [(NoticeChannel.SMS, MarkKind.DELIVERED, "null-1")] or (
        room.marks()[0][1] is MarkKind.DELIVERED
    )
    (command,) = room.desk.commands
    assert isinstance(command, RecordNotice)
    assert command.means is Means.SMS
    assert command.demand_number == DEMAND.number
    assert command.delivered_at == AT
    assert command.proof == "receipt null-1 of the SMS gateway"
    assert command.actor.actor_id == "provider:sms"


def test_the_receipt_of_the_demand_for_the_balance_starts_its_days() -> None:
    room = Room()
    room.send(samples.DEMANDED)
    room.gateway.deliver(room.name, AT)

    asyncio.run(room.receipts.take())

    (command,) = room.desk.commands
    assert isinstance(command, RecordNotice)
    assert (command.demand_number, command.means) == (BALANCE_DEMAND, Means.SMS)


def test_a_receipt_of_another_notice_is_noted_and_starts_nothing() -> None:
    room = Room()
    room.send(samples.CONTESTED)
    room.gateway.deliver(room.name, AT)

    asyncio.run(room.receipts.take())

    assert {kind for _, kind, _ in room.marks()} == {MarkKind.SENT, MarkKind.DELIVERED}
    assert room.desk.commands == []


def test_receipts_wait_for_a_desk_that_is_full_and_come_again() -> None:
    room = Room()
    room.send(DEMAND)
    room.gateway.deliver(room.name, AT)
    room.desk.is_full = True
    with pytest.raises(DeskFull):
        asyncio.run(room.receipts.take())
    room.desk.is_full = False

    asyncio.run(room.receipts.take())

    assert len(room.desk.commands) == 1


def test_receipts_are_taken_for_ever_whatever_happens_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(texts, "PAUSE_SECONDS", 0)
    room = Room()
    room.send(DEMAND)
    room.gateway.deliver(room.name, AT)
    room.desk.is_full = True

    async def story() -> None:
        running = asyncio.create_task(room.receipts.run())
        await asyncio.sleep(0.01)
        room.desk.is_full = False
        await room.desk.asked.wait()
        running.cancel()

    asyncio.run(story())

    assert len(room.desk.commands) == 1


@pytest.mark.parametrize("name", ["nobody", "a.b", "a.b.c", "a.b.٣", "a.b.9999"])
def test_a_receipt_for_nothing_of_ours_is_dropped(name: str) -> None:
    room = Room()
    receipt = SmsReceipt(sms_id=name, delivered_at=AT, reference="r")
    room.gateway._receipts.append(receipt)  # noqa: SLF001 - a receipt that no message caused

    asyncio.run(room.receipts.take())

    assert room.desk.commands == []


@pytest.mark.parametrize(
    "address",
    [
        None,
        Address(name="Li", email="li@buyers.example", language="en"),
        Address(
            name="Li",
            email="li@buyers.example",
            language="en",
            phone="+8613800000000",
            wishes=Preferences(sms=False),
        ),
        Address(name="Li", email="", language="en", phone="none"),
    ],
)
def test_somebody_without_a_telephone_or_the_wish_gets_no_text(address: Address | None) -> None:
    room = Room(address)
    room.send(DEMAND)

    assert room.gateway.sent == {}
    assert room.marks() == []


def test_a_gateway_without_time_is_tried_again() -> None:
    room = Room()

    class Busy(NullSms):
        async def send(self, sms: Sms) -> SmsRetry:
            return SmsRetry(f"not now: {sms.sms_id}")

    room.texts._gateway = Busy()  # noqa: SLF001 - another gateway behind the same texts
    with pytest.raises(NotSent, match="not now"):
        room.send(DEMAND)
