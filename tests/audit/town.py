"""A town of buyers on PostgreSQL: every one at another point of an order's life.

Everything went through the real desk, and every yuan through the provider's twin. Not here: what
an audit says of it (the tests) and how it is spoilt (`spoiling.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from psycopg.conninfo import conninfo_to_dict

from earnest.audit.beside import audit_beside
from earnest.audit.run import Audited
from earnest.core.cases.evidence import digest_of
from earnest.core.order.commands import Command
from earnest.core.order.parts import Payment, Payout, PayoutKind
from earnest.core.order.state import Order
from earnest.core.queue.rank import Queue
from earnest.core.settlement.ground import Ground
from earnest.core.values.ids import BuyerId, derive_id, derive_order_id
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.desk.answer import Answer
from earnest.desk.desk import Desk
from earnest.desk.firing import fire_due
from earnest.desk.library import Library
from earnest.desk.ports import OrderKey
from earnest.gateways.clock import Clock, VirtualClock
from earnest.gateways.payments.contract import (
    CheckoutRequest,
    PaymentSucceeded,
    PayoutRequest,
    RefundRequest,
    Succeeded,
    TransferResult,
)
from earnest.gateways.payments.null import NullPayments
from earnest.store.desk_store import PostgresStore
from earnest.store.pool import Pool, open_pool
from earnest.store.private import PostgresContents
from earnest.store.reader import PostgresReader
from tests.core import world
from tests.core.asking import Moment, asked

START = world.local(2024, 7, 1, 10)
QUEUE = Queue(queue_id=world.QUEUE, model_line="aurora", market="CN", time_zone="Asia/Shanghai")


class SetClock(Clock):
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.instant = START

    def now(self) -> Instant:
        return self.instant


class Town:
    """A filled database and the provider that holds its money."""

    def __init__(self, url: str, payments: NullPayments, clock: SetClock) -> None:
        self.url = url
        self.payments = payments
        self.clock = clock

    @property
    def database(self) -> str:
        """The database's name on its server."""
        return str(conninfo_to_dict(self.url)["dbname"])

    def copied(self, url: str) -> Town:
        """The same town with a copy of its database; the provider's books are shared."""
        return Town(url, self.payments, self.clock)

    def audited(self) -> Audited:
        """What the audit says, the provider asked."""
        return asyncio.run(self.audit())

    async def audit(self) -> Audited:
        """Audit at one moment of the database."""
        return await audit_beside(self.url, self.payments, lambda *_: None, pause_seconds=0.01)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Life]:
        """A desk at work on the town's database."""
        async with await open_pool(self.url) as pool:
            store = PostgresStore(pool)
            desk = Desk(store, Library(store), self.clock.now)
            running = asyncio.create_task(desk.run())
            try:
                yield Life(self, desk, pool)
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)


class Life:
    """What people do in the town while its desk is open."""

    def __init__(self, town: Town, desk: Desk, pool: Pool) -> None:
        self.town = town
        self.desk = desk
        self.reader = PostgresReader(pool)
        self.store = PostgresStore(pool)
        self.contents = PostgresContents(pool)
        self._keys = 0

    def passes(self, **step: float) -> None:
        """Time passes."""
        self.town.clock.instant += timedelta(**step)

    async def time_acts(self) -> None:
        """Whatever has fallen due happens."""
        while await fire_due(self.desk, self.store, self.town.clock.now()):
            pass

    async def order(self, name: str) -> Order | None:
        """The order of the buyer with this name."""
        return await self.reader.order_of_buyer(key_of(name))

    async def does(self, name: str, command: str, role: str = "buyer", **fields: object) -> Order:
        """Somebody asks for something about a buyer's order, and it is accepted."""
        key = key_of(name)
        self._keys += 1
        common = {"buyer_id": key.buyer_id, "order_id": key.order_id, "key": f"{self._keys}"}
        if command == "Reserve":
            common["key"] = "first"
        moment = Moment(
            await self.order(name), world.FACTS, self.town.clock.now(), {**common, **fields}
        )
        await self.submit(asked(command, world.actor(role), moment))
        order = await self.order(name)
        assert order is not None, "what was accepted is stored"
        return order

    async def files(self, name: str, content: bytes, role: str) -> Order:
        """Somebody files a receipt, whose content is kept first."""
        digest = digest_of(content)
        await self.contents.keep(key_of(name), digest, content, self.town.clock.now())
        return await self.does(name, "AddEvidence", role, digest=digest, size_bytes=len(content))

    async def submit(self, command: Command) -> None:
        """Hand a command to the desk; it must be accepted."""
        answer = await self.desk.submit(command, command.key)
        assert isinstance(answer, Answer), "every key is fresh"
        assert answer.is_accepted, (type(command).__name__, answer.reason, answer.details)

    async def pays(self, name: str) -> Order:
        """The buyer pays what was asked last, and the provider says so."""
        order = await self.order(name)
        assert order is not None, "only a reserved order is paid"
        return await self.told(name, self.captured(order, order.payments[-1]))

    async def told(self, name: str, told: PaymentSucceeded) -> Order:
        """The provider's message of a payment arrives."""
        return await self.does(
            name,
            "RecordPayment",
            "provider:null",
            payment_number=int(told.reference.rpartition(".")[2]),
            amount=Money(told.amount_minor, told.currency),
            paid_at=told.paid_at,
            provider="null",
            provider_payment_id=told.provider_payment_id,
        )

    def captured(self, order: Order, payment: Payment) -> PaymentSucceeded:
        """The provider takes a payment; nobody has told Earnest yet."""
        request = CheckoutRequest(
            reference=reference(order, payment.number),
            amount_minor=payment.amount.amount,
            currency=payment.amount.currency,
            description="an order",
            return_url="https://maker.example/",
            expires_at=self.town.clock.now() + timedelta(minutes=30),
        )
        told = self.town.payments.pay(self.town.payments.checkout_link(request))
        assert isinstance(told, PaymentSucceeded), told
        return told

    async def gets(self, name: str, payout_number: int) -> Order:
        """The provider pays a payout, and says so."""
        order = await self.order(name)
        assert order is not None, "only an order has payouts"
        payout = order.payout(payout_number)
        assert payout is not None, "a settlement or a surplus fixed it"
        done = await self._transferred(order, payout)
        assert isinstance(done, Succeeded), done
        return await self.does(name, "RecordPayout", "provider:null", payout_number=payout_number)

    async def _transferred(self, order: Order, payout: Payout) -> TransferResult:
        amount, currency = payout.amount.amount, payout.amount.currency
        key = f"{reference(order, payout.number)}.{payout.attempt}"
        paid_by = reference(order, payout.payment_number)
        if payout.kind is PayoutKind.REFUND:
            return await self.town.payments.refund(
                RefundRequest(key=key, reference=paid_by, amount_minor=amount, currency=currency)
            )
        return await self.town.payments.pay_out(
            PayoutRequest(
                key=key,
                account_reference=order.buyer_id,
                amount_minor=amount,
                currency=currency,
                order_reference=paid_by,
            )
        )

    async def deposits(self, *names: str) -> None:
        """These buyers reserve and pay."""
        for name in names:
            await self.does(name, "Reserve")
            await self.pays(name)

    async def tendered(self, *names: str) -> None:
        """The cars of these locked orders are built and brought."""
        for command, role in (
            ("Schedule", "planning"),
            ("RecordBuilt", "planning"),
            ("Ship", "delivery"),
            ("Tender", "delivery"),
        ):
            self.passes(days=2)
            for name in names:
                await self.does(name, command, role)


def reference(order: Order, number: int) -> str:
    """What a sum of an order is called at the provider."""
    return f"{order.buyer_id}.{order.order_id}.{number}"


def key_of(name: str) -> OrderKey:
    """Where the order of the buyer with this name is stored."""
    buyer_id = BuyerId(derive_id("town", name))
    return OrderKey(buyer_id, derive_order_id(buyer_id, "first"))


def order_id(name: str) -> str:
    """The number of this buyer's order."""
    return key_of(name).order_id


async def filled(url: str) -> Town:
    """Publish the small maker's documents, and let a few people live."""
    clock = SetClock()
    town = Town(url, NullPayments(clock=VirtualClock(source=clock)), clock)
    async with town.open() as life:
        await life.store.publish(
            queues=(QUEUE,),
            terms=world.TERMS,
            catalogue=world.CATALOGUE,
            offers=(world.offer_of(world.TERMS),),
        )
        await life.desk.library.refresh_offers()
        await _lives(life)
    return town


async def _lives(life: Life) -> None:
    await life.deposits(
        "withdrawn", "owed", "lost", "doubled", "defaulted", "inspected", "sold", "locked"
    )
    await life.does("withdrawn", "Withdraw")
    await life.gets("withdrawn", 1)
    await life.does("owed", "Withdraw")
    await life.does("lapsed", "Reserve")
    life.passes(days=8)
    await life.time_acts()
    await life.does("lost", "CancelByBuyer")
    await life.does("lost", "ReleaseForfeiture", "finance")
    await _doubled(life)
    await life.tendered("inspected", "sold", "defaulted")
    for name in ("inspected", "sold"):
        await life.does(name, "RecordInspection")
        await life.does(name, "DemandBalance", "finance")
    await life.does("sold", "RequestPayment", amount=world.yuan(200_000))
    await life.pays("sold")
    await life.does("sold", "RequestPayment")
    await life.pays("sold")
    await life.does("sold", "HandOver", "delivery")
    await _defaulted(life)
    await life.deposits("deposited", "charged")
    await _charged(life)
    await life.does("reserved", "Reserve")


async def _doubled(life: Life) -> None:
    """The seller refuses to perform: the earnest money is returned double."""
    await life.does("doubled", "RefusePerformance", "sales")
    await life.does("doubled", "TerminateByBuyer", ground=Ground.REFUSAL)
    await life.gets("doubled", 1)
    await life.does("doubled", "ReleasePayout", "finance", payout_number=2)
    await life.gets("doubled", 2)


async def _defaulted(life: Life) -> None:
    """The buyer never comes for the car, and the seller cancels with every condition."""
    life.passes(days=6)
    await life.does("defaulted", "RecordMissedAppointment", "delivery")
    await life.does("defaulted", "DemandCollection", "sales")
    life.passes(days=1)
    await life.files("defaulted", b"\xff\xd8\xff the courier's receipt", "sales")
    await life.does("defaulted", "RecordNotice", "sales")
    life.passes(days=15)
    ground = Ground.COLLECTION_DEFAULT
    await life.does("defaulted", "ApproveCancellation", "sales:bo", ground=ground)
    await life.does("defaulted", "CancelBySeller", "sales", ground=ground)
    await life.time_acts()


async def _charged(life: Life) -> None:
    """The buyer's bank takes the deposit back."""
    order = await life.order("charged")
    assert order is not None, "it was paid"
    life.town.payments.charge_back(reference(order, 1))
    await life.does("charged", "RecordChargeback", "provider:null")
