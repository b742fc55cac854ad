"""The books and the payment provider are compared order by order, and only real faults count."""

import asyncio

from earnest.audit.beside import audit_beside
from earnest.audit.provider import BooksOfProvider
from earnest.audit.rules import Rule
from earnest.audit.run import ProviderFigure
from earnest.gateways.clock import VirtualClock
from earnest.gateways.payments.contract import Movement, MovementPage
from earnest.gateways.payments.null import NullPayments
from tests.audit.town import Life, Town, order_id, reference


def test_money_that_the_provider_took_and_the_books_do_not_know(own_town: Town) -> None:
    async def spoilt() -> None:
        async with own_town.open() as life:
            order = await life.order("reserved")
            assert order is not None
            life.captured(order, order.payments[0])
            paid = await life.order("locked")
            assert paid is not None
            own_town.payments.charge_back(reference(paid, 1))

    asyncio.run(spoilt())

    result = own_town.audited()

    assert {(each.rule, each.order_id, each.explanation) for each in result.faults} == {
        (
            Rule.PROVIDER_AGREES,
            order_id("reserved"),
            "the books hold 0 CNY, the provider 500000",
        ),
        (Rule.PROVIDER_AGREES, order_id("locked"), "the books hold 500000 CNY, the provider 0"),
    }


def test_a_provider_that_never_heard_of_us(town: Town) -> None:
    town.payments = NullPayments()

    result = town.audited()

    assert {each.rule for each in result.faults} == {Rule.PROVIDER_AGREES}
    assert {each.order_id for each in result.faults} == {
        order_id(name)
        for name in ("owed", "lost", "doubled", "defaulted", "inspected", "sold", "locked")
    } | {order_id("deposited")}
    assert all(each.explanation.endswith("knows nothing") for each in result.faults)


def test_nobody_to_ask(town: Town) -> None:
    result = asyncio.run(audit_beside(town.url, None, lambda *_: None))

    assert result.is_clean
    assert not result.provider_compared


def test_a_payment_on_its_way_accuses_nobody(own_town: Town) -> None:
    """The provider has the money already; its message arrives while the audit runs."""

    async def story() -> None:
        async with own_town.open() as life:
            arriving = Arriving(life, own_town.payments)

            result = await audit_beside(own_town.url, arriving, lambda *_: None, pause_seconds=0)

        assert arriving.arrived
        assert result.faults == []

    asyncio.run(story())


class Arriving(NullPayments):
    """The town's provider, whose message of a payment arrives after it was asked."""

    def __init__(self, life: Life, payments: NullPayments) -> None:
        super().__init__(clock=VirtualClock())
        self.arrived = False
        self._life = life
        self._payments = payments

    async def movements(self, cursor: str | None = None) -> MovementPage:
        if not self.arrived:
            order = await self._life.order("reserved")
            assert order is not None, "this buyer has reserved"
            told = self._life.captured(order, order.payments[0])
            page = await self._payments.movements(cursor)
            await self._life.told("reserved", told)
            self.arrived = True
            return page
        return await self._payments.movements(cursor)


def test_movements_are_added_up_over_pages_and_payments() -> None:
    async def figures() -> list[ProviderFigure]:
        return [each async for each in BooksOfProvider(Pages()).figures()]

    assert asyncio.run(figures()) == [
        ProviderFigure(order_id="ORDER", currency="CNY", held=100 + 50 - 30 - 10 - 5),
        ProviderFigure(order_id="ORDER", currency="EUR", held=7),
        ProviderFigure(order_id="of another shop", currency="CNY", held=1),
    ]


class Pages(NullPayments):
    """A provider with two pages of movements."""

    async def movements(self, cursor: str | None = None) -> MovementPage:
        if cursor is None:
            items = (moved("BUYER.ORDER.1", "CNY", 100, 30), moved("of another shop", "CNY", 1))
            return MovementPage(items=items, next_cursor="2")
        parts = (moved("BUYER.ORDER.2", "CNY", 50, 0, 10, 5), moved("BUYER.ORDER.3", "EUR", 7))
        return MovementPage(items=parts, next_cursor=None)


def moved(reference: str, currency: str, *sums: int) -> Movement:
    """Captured, refunded, paid out and charged back under a reference."""
    captured, refunded, paid_out, charged_back = (*sums, 0, 0, 0)[:4]
    return Movement(
        reference=reference,
        currency=currency,
        captured_minor=captured,
        refunded_minor=refunded,
        paid_out_minor=paid_out,
        charged_back_minor=charged_back,
    )
