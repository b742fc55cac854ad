"""The whole way out on PostgreSQL: what the desk commits leaves by the outbox, once each.

Not here: each way by itself (tests/gateways) and how jobs are kept and tried again (tests/store).
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import msgspec

from earnest.core.order.parts import PayoutState
from earnest.core.order.state import Order
from earnest.demo.maker import QUEUES, demo_offers
from earnest.desk.desk import Desk
from earnest.desk.library import Library
from earnest.desk.outgoing import RegisteredAddresses
from earnest.desk.ports import OrderKey
from earnest.desk.views import Admission, BuyerProfile
from earnest.gateways.clock import VirtualClock
from earnest.gateways.endpoints import Endpoint
from earnest.gateways.letters import Letters
from earnest.gateways.mail import NullMail
from earnest.gateways.payments.contract import CheckoutRequest
from earnest.gateways.payments.null import NullPayments
from earnest.gateways.payments.payouts import PayoutDispatcher
from earnest.gateways.payments.sandbox_server.switches import Switch
from earnest.gateways.post import Post
from earnest.gateways.webhooks import NullWebhooks
from earnest.store.desk_store import PostgresStore
from earnest.store.outbox import Outbox
from earnest.store.pool import Pool, open_pool
from earnest.store.private import PostgresNotices
from earnest.store.reader import PostgresReader
from earnest.store.register import PostgresRegister
from tests.desk.shop import CATALOGUE, DEPOSIT, STUCK_SECONDS, TERMS, Shop, buyer_of, content_hash

LATER_JOBS_NOW = "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"
SECRET = "whsec_" + base64.b64encode(b"the maker's own webhook key").decode()


class Company:
    """A desk on PostgreSQL with every way out, and a buyer called Jo."""

    def __init__(self, pool: Pool) -> None:
        """Put everything together as the composition root does."""
        self.shop = Shop()
        self.reader = PostgresReader(pool)
        self.register = PostgresRegister(pool)
        self.store = PostgresStore(pool)
        self.desk = Desk(self.store, Library(self.store), self.shop.clock.now, webhooks=True)
        self.payments = NullPayments(clock=VirtualClock())
        self.mail = NullMail()
        self.webhooks = NullWebhooks()
        self._pool = pool
        payouts = PayoutDispatcher(
            desk=self.desk,
            occurrences=self.reader,
            providers=[self.payments],
            now=self.shop.clock.now,
            monotonic=lambda: 0.0,
            calls_per_second={"null": 1_000_000.0},
        )
        self.outbox = Outbox(
            pool,
            Post(
                occurrences=self.reader,
                letters=Letters(
                    occurrences=self.reader,
                    addresses=RegisteredAddresses(self.register, PostgresNotices(pool)),
                    mail=self.mail,
                    notices=PostgresNotices(pool),
                    now=self.shop.clock.now,
                    public_url="https://orders.maker.example",
                    texts_leave=False,
                ),
                payouts=payouts,
                webhooks=self.webhooks,
                endpoints=[Endpoint(url="https://maker.example/hook", secret=SECRET)],
            ),
        )

    async def withdrawn(self) -> OrderKey:
        """An order that Jo paid for and left in the cooling-off period."""
        reserve = self.shop.reserve("jo")
        link = self.payments.checkout_link(
            CheckoutRequest(
                reference=f"{reserve.buyer_id}.{reserve.order_id}.1",
                amount_minor=DEPOSIT.amount,
                currency=DEPOSIT.currency,
                description="deposit",
                return_url="https://orders.maker.example/orders",
                expires_at=VirtualClock().now() + timedelta(days=1),
            )
        )
        self.payments.pay(link)
        for command in (
            reserve,
            self.shop.payment(reserve),
            self.shop.command("Withdraw", reserve, "buyer", "leave"),
        ):
            await self.desk.submit(command, content_hash(command))
        return OrderKey(reserve.buyer_id, reserve.order_id)

    async def drain(self) -> None:
        """Send what waits, also what was to wait longer."""
        async with self._pool.connection() as connection:
            await connection.execute(LATER_JOBS_NOW)
        await self.outbox.drain()

    async def order(self, key: OrderKey) -> Order:
        """The order as committed."""
        found = await self.reader.order_of_buyer(key)
        assert found is not None, "the order was committed"
        return found

    async def refunded(self) -> int:
        """What the provider sent back, in minor units."""
        return sum(each.refunded_minor for each in await self.payments.holdings())


@asynccontextmanager
async def company_on(url: str) -> AsyncIterator[Company]:
    """The company on a fresh database, with its desk running."""
    async with await open_pool(url) as pool:
        made = Company(pool)
        await made.store.publish(
            queues=QUEUES,
            terms=TERMS,
            catalogue=CATALOGUE,
            offers=demo_offers(TERMS, CATALOGUE),
        )
        jo = BuyerProfile(
            buyer_id=buyer_of("jo"),
            name="Jo March",
            email="jo@buyers.example",
            phone=None,
            language="en",
            created_at=made.shop.clock.now(),
        )
        admission = Admission(
            actor_id="staff:an",
            key="admit",
            content_hash="1",
            admitted_at=made.shop.clock.now(),
        )
        await made.register.admit(admission, [jo])
        running = asyncio.create_task(made.desk.run())
        try:
            async with asyncio.timeout(STUCK_SECONDS):
                yield made
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


def test_a_withdrawal_is_mailed_announced_and_paid_back(fresh_database_url: str) -> None:
    async def life() -> None:
        async with company_on(fresh_database_url) as company:
            key = await company.withdrawn()
            for _ in range(2):
                await company.drain()

            (payout,) = (await company.order(key)).payouts
            assert payout.state is PayoutState.PAID
            assert await company.refunded() == DEPOSIT.amount
            assert sorted(mail.subject.partition(" (")[0] for mail in company.mail.sent) == [
                "You have withdrawn",
                "Your deposit has arrived",
                "Your money has been sent",
            ]
            assert {mail.to for mail in company.mail.sent} == {"jo@buyers.example"}
            announced = [
                msgspec.json.decode(each.body)["data"]["sequence"] for each in company.webhooks.sent
            ]
            assert sorted(announced) == [1, 2, 3, 4, 5]

    asyncio.run(life())


def test_a_refused_refund_is_told_and_paid_at_the_next_attempt(fresh_database_url: str) -> None:
    async def life() -> None:
        async with company_on(fresh_database_url) as company:
            company.payments.switch_on(Switch(name="refund_failure", how="now", count=2))
            key = await company.withdrawn()
            for _ in range(4):
                await company.drain()

            (payout,) = (await company.order(key)).payouts
            assert (payout.state, payout.attempt) == (PayoutState.PAID, 3)
            assert await company.refunded() == DEPOSIT.amount
            kinds = [type(each.event).__name__ for each in await company.reader.events(key)]
            assert kinds[-3:] == ["PayoutFailed", "PayoutFailed", "PayoutPaid"]

    asyncio.run(life())
