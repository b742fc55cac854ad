"""Orders in every stage for a demo that starts for the first time, through the one write path.

The desk decides every command at its own instant of the past, and what falls due in between is
carried out as a running server would. Every key follows from the order and the step, so whatever
was interrupted goes on. Not here: the lives themselves (`lives.py`), and when this is done
(`earnest/seeding.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
import structlog

from earnest.core.catalogue.configuration import Quote, quote
from earnest.core.catalogue.model import Catalogue
from earnest.core.order.actor import provider_actor
from earnest.core.order.command import Command
from earnest.core.order.commands import RecordPayment, Reserve
from earnest.core.order.state import Order
from earnest.core.terms.version import (
    ACCEPTANCE_CLAUSE,
    LOCK_CLAUSE,
    Acknowledgement,
    TermsVersion,
)
from earnest.core.values.ids import BuyerId, OrderId, derive_order_id
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.demo.acts import Act, Moment, buyer_of
from earnest.demo.buyers import demo_buyer_id
from earnest.demo.lives import LIVES, Life
from earnest.demo.past import PastTill, StandingClock
from earnest.demo.plants import DemoPlants
from earnest.desk.answer import Answer
from earnest.desk.desk import Desk
from earnest.desk.firing import fire_due
from earnest.desk.outgoing import Occurrences
from earnest.desk.ports import OrderKey, Store

LANGUAGE = "zh-Hans"
PROVIDER = "sandbox"

log = structlog.get_logger(__name__)


class SeededOrders(msgspec.Struct, frozen=True, kw_only=True):
    """How far a demo's orders have been lived, and the instant from which their days count."""

    started_at: Instant
    steps_done: int = 0
    is_complete: bool = False


class Step(NamedTuple):
    """What happens to one order at an instant; None for a reservation's act, or for paying."""

    at: Instant
    life: Life
    number: int
    act: Act | None


def steps_until(started_at: Instant) -> list[Step]:
    """Every step of every life, in the order of time; number 0 is the reservation."""
    return sorted(_steps(started_at), key=lambda step: step.at)


def _steps(started_at: Instant) -> Iterator[Step]:
    for life in LIVES:
        ago = [(life.reserved, None), *life.steps]
        for number, (days, act) in enumerate(ago):
            yield Step(started_at - timedelta(days=days), life, number, act)


def demo_order_id(life: Life) -> OrderId:
    """The id of one of the demo's orders."""
    return derive_order_id(demo_buyer_id(life.who), _key(life, 0))


def _key(life: Life, number: int) -> str:
    return f"demo-order:{life.name}:{number}"


class Seeding:
    """Lives the orders of one demo, up to its present."""

    def __init__(
        self,
        *,
        desk: Desk,
        store: Store,
        orders: Occurrences,
        till: PastTill,
        plants: DemoPlants,
        clock: StandingClock,
        documents: tuple[TermsVersion, Catalogue],
    ) -> None:
        """`desk` runs and reads `clock`, which is moved here; so does `till`."""
        self._desk = desk
        self._store = store
        self._orders = orders
        self._till = till
        self._plants = plants
        self._clock = clock
        self._terms, self._catalogue = documents
        self._ended: set[str] = set()

    async def run(self, seeded: SeededOrders, keep: Callable[[SeededOrders], None]) -> None:
        """Take every step that was not taken yet; `keep` notes them, for whoever goes on later.

        Whoever goes on takes again what was not noted, which is harmless for the last step of an
        order and for no other: so steps of different orders are noted together, and of one apart.
        """
        steps = steps_until(seeded.started_at)
        unnoted: set[str] = set()
        for done, step in enumerate(steps[seeded.steps_done :], start=seeded.steps_done):
            if step.life.name in unnoted:
                keep(msgspec.structs.replace(seeded, steps_done=done))
                unnoted.clear()
            await self._until(step.at)
            if step.life.name not in self._ended:
                await self._take(step, seeded.started_at)
            unnoted.add(step.life.name)
        await self._until(seeded.started_at)
        await self._plants.planned(seeded.started_at)
        keep(msgspec.structs.replace(seeded, steps_done=len(steps), is_complete=True))

    async def _until(self, at: Instant) -> None:
        """Let time pass: what falls due on the way happens at its own instant."""
        while due := await self._store.due_deadlines(at, 1):
            self._clock.at = max(self._clock.at, due[0].deadline.due_at)
            if not await fire_due(self._desk, self._store, self._clock.at):
                break
        self._clock.at = max(self._clock.at, at)

    async def _take(self, step: Step, demo_starts: Instant) -> None:
        key = OrderKey(demo_buyer_id(step.life.who), demo_order_id(step.life))
        if step.number == 0:
            await self._reserve(step, key)
            return
        order = await self._orders.order_of_buyer(key)
        if order is None:
            self._end(step, "there is no such order")
        elif step.act is None:
            await self._pay(step, key, order)
        else:
            deed = step.act(Moment(order, step.at, self._terms.policy, demo_starts))
            if deed is None:
                self._end(step, f"nothing to do at {order.stage}")
            else:
                await self._ask(step, deed.kind, key, actor=deed.actor, **deed.fields)

    async def _reserve(self, step: Step, key: OrderKey) -> None:
        quoted = quote(self._catalogue, step.life.configuration)
        assert isinstance(quoted, Quote), "the demo's orders can be built"
        await self._plants.seen(step.at)
        await self._ask(
            step,
            Reserve,
            key,
            actor=buyer_of(key.buyer_id),
            queue_id=step.life.queue_id,
            terms_hash=self._terms.terms_hash,
            catalogue_hash=self._catalogue.catalogue_hash,
            language=LANGUAGE,
            acknowledgements=_acknowledged(self._terms, step.at),
            configuration=quoted.configuration,
            price=quoted.price,
        )

    async def _pay(self, step: Step, key: OrderKey, order: Order) -> None:
        """Pay the newest payment at the provider, and let the desk know as a webhook would."""
        payment = order.payments[-1]
        reference = f"{key.buyer_id}.{key.order_id}.{payment.number}"
        paid, event, provider_payment_id = self._till.pay(reference, payment.amount)
        await self._ask(
            step,
            RecordPayment,
            key,
            command_key=event,
            actor=provider_actor(PROVIDER),
            payment_number=payment.number,
            amount=Money(paid.amount_minor, paid.currency),
            paid_at=paid.at,
            provider=PROVIDER,
            provider_payment_id=provider_payment_id,
        )
        self._till.told(paid)

    async def _ask(
        self,
        step: Step,
        kind: type[Command],
        key: OrderKey,
        command_key: str | None = None,
        **fields: Any,  # noqa: ANN401 - every command has fields of its own
    ) -> None:
        """Give a command as a door would. The key is its content, too: it follows from the step."""
        command = kind(
            buyer_id=BuyerId(key.buyer_id),
            order_id=OrderId(key.order_id),
            key=command_key or _key(step.life, step.number),
            received_at=step.at,
            **fields,
        )
        answer = await self._desk.submit(command, command.key)
        if not isinstance(answer, Answer) or not answer.is_accepted:
            self._end(step, f"{kind.__name__}: {answer}")

    def _end(self, step: Step, why: str) -> None:
        """Leave an order as it is: somebody did something else with it before it was complete."""
        log.warning("demo_order_ends_early", order=step.life.name, step=step.number, why=why)
        self._ended.add(step.life.name)


def _acknowledged(terms: TermsVersion, at: Instant) -> tuple[Acknowledgement, ...]:
    """What a buyer acknowledges with the order: the terms, and every clause of major impact."""
    return tuple(
        Acknowledgement(
            clause_id=clause.clause_id,
            text_hash=clause.text_hash(LANGUAGE),
            language=LANGUAGE,
            at=at,
        )
        for clause in terms.clauses
        if (clause.material and clause.clause_id != LOCK_CLAUSE)
        or clause.clause_id == ACCEPTANCE_CLAUSE
    )
