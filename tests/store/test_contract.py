"""The contract of the desk's store: one suite for PostgreSQL and for the twin in memory.

Not here: what the doors read (`test_reading.py`), and what only a database server does
(`test_desk_store.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import anyio
import msgspec
import pytest

from earnest.core.cases.notice import BALANCE_DEMAND, Means
from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting
from earnest.core.order.events import BalanceDemanded, Lapsed
from earnest.core.order.parts import InspectionResult, Remedy
from earnest.core.order.stage import Stage
from earnest.core.terms.override import Override, OverrideField
from earnest.core.timers import DeadlineKind
from earnest.core.values.ids import CatalogueHash, TermsHash
from earnest.desk.group import Asked, lookup_of
from earnest.desk.ports import (
    Changes,
    CommandKey,
    KnownCommand,
    Lookup,
    RecordedPosting,
)
from earnest.desk.views import OrderFilter
from tests.core import world
from tests.store.house import (
    BUYER,
    PROVIDER,
    QUEUE,
    START,
    House,
    buyer_of,
    command,
    content_of,
    decided,
    key_of,
    memory_house,
    nothing_but,
    reservation,
)

pytestmark = pytest.mark.anyio


# What is published ------------------------------------------------------------------------


async def test_documents_are_found_by_their_digests(house: House) -> None:
    assert await house.store.terms(world.TERMS.terms_hash) == world.TERMS
    assert await house.store.catalogue(world.CATALOGUE.catalogue_hash) == world.CATALOGUE
    assert await house.store.offers() == [world.offer_of(world.TERMS)]
    assert await house.reader.terms(world.TERMS.terms_hash) == world.TERMS
    assert await house.reader.catalogue(world.CATALOGUE.catalogue_hash) == world.CATALOGUE

    assert await house.store.terms(TermsHash("unknown")) is None
    assert await house.store.catalogue(CatalogueHash("unknown")) is None


async def test_a_public_promise_is_published_once_and_never_changes(house: House) -> None:
    first = world.public_promise("spring", Override(OverrideField.CURE_DAYS, 30))
    second = world.public_promise("autumn", Override(OverrideField.REFUND_DAYS, 2))
    other = world.public_promise("spring", Override(OverrideField.CURE_DAYS, 20))

    assert await house.store.publish_promise(first)
    assert await house.store.publish_promise(second)
    assert not await house.store.publish_promise(other)

    assert await house.store.public_promises() == [second, first]


async def test_publishing_again_takes_no_rank_back(house: House) -> None:
    await house.reserved("ann")

    await house.publish()

    assert (await house.loaded()).queues[QUEUE.queue_id].next_rank == 2
    assert len(await house.store.offers()) == 1


async def test_the_clock_of_a_demo_only_moves_forward(house: House) -> None:
    assert await house.store.clock_offset_seconds() == 0
    assert await house.store.move_clock(3600) == 3600
    assert await house.store.move_clock(60) == 3660
    assert await house.store.clock_offset_seconds() == 3660
    with pytest.raises(AssertionError, match="forward"):
        await house.store.move_clock(-1)


# A group ----------------------------------------------------------------------------------


async def test_a_group_of_reservations_is_stored_whole(house: House) -> None:
    names = ["ann", "bo", "cy"]

    answers = await house.tell(*(reservation(name) for name in names))

    keys = [key_of(name) for name in names]
    loaded = await house.loaded(*keys)
    assert [answer.rank for answer in answers] == [1, 2, 3]
    assert loaded.queues == {QUEUE.queue_id: msgspec.structs.replace(QUEUE, next_rank=4)}
    assert {key: order.rank for key, order in loaded.orders.items()} == {
        keys[0]: 1,
        keys[1]: 2,
        keys[2]: 3,
    }
    for key in keys:
        (event,) = await house.reader.events(key)
        assert (event.sequence, event.actor_id, event.command_key) == (1, "buyer:an", "first")
        assert await house.reader.order_of_buyer(key) == loaded.orders[key]
        assert await house.reader.postings(key) == []
    due = await house.store.due_deadlines(START + timedelta(minutes=30), 10)
    assert {each.order for each in due} == set(keys)


async def test_what_was_written_is_read_back_equal(house: House) -> None:
    in_memory = memory_house()
    await in_memory.publish()
    key = key_of("ann")
    for each in (house, in_memory):
        await each.reserved("ann")
        await each.tendered(key)

    assert (await house.loaded(key)).orders == (await in_memory.loaded(key)).orders
    assert await house.reader.events(key) == await in_memory.reader.events(key)
    assert await house.reader.postings(key) == await in_memory.reader.postings(key)


async def test_the_first_answer_is_kept_word_for_word(house: House) -> None:
    (answer,) = await house.tell(reservation("ann"))
    key = CommandKey(buyer_of("ann"), BUYER.actor_id, "first")
    others = (
        CommandKey(buyer_of("bo"), BUYER.actor_id, "first"),
        CommandKey(buyer_of("ann"), "somebody else", "first"),
        CommandKey(buyer_of("ann"), BUYER.actor_id, "second"),
    )

    async with house.transaction() as transaction:
        loaded = await transaction.load(Lookup(orders=(), queues=(), commands=(key, *others)))

    assert loaded.commands == {key: KnownCommand("Reserve", msgspec.json.encode(answer))}
    assert await house.store.decided_before([key, *others, key]) == loaded.commands
    assert await house.store.decided_before(others) == {}


async def test_a_change_replaces_row_and_deadlines_and_adds_events_and_postings(
    house: House,
) -> None:
    (key,) = await house.reserved("ann")
    paid_at = START + timedelta(minutes=5)

    await house.live(key, "RecordPayment", paid_at, PROVIDER)

    order = await house.reader.order_of_buyer(key)
    assert order is not None
    assert (order.stage, order.sequence) == (Stage.DEPOSITED, 2)
    assert [each.sequence for each in await house.reader.events(key)] == [1, 2]
    (posting,) = await house.reader.postings(key)
    assert posting == RecordedPosting(
        buyer_id=key.buyer_id,
        order_id=key.order_id,
        sequence=2,
        line=1,
        posting=Posting(Account.PROVIDER_CLEARING, Account.CUSTOMER_DEPOSITS, world.yuan(5_000)),
    )
    due = await house.store.due_deadlines(paid_at + timedelta(days=365), 10)
    assert [each.deadline.kind for each in due] == [DeadlineKind.LOCK, DeadlineKind.PROMISE_MISSED]


async def test_one_order_changes_twice_in_one_group(house: House) -> None:
    at = START + timedelta(minutes=5)
    key = key_of("ann")
    async with house.transaction() as transaction:
        waiting = [Asked(reservation("ann"), "Reserve")]
        loaded = await transaction.load(lookup_of(waiting))
        _, changes = decided(waiting, loaded)
        order = changes.orders[0]
        payment = command("RecordPayment", order, at, PROVIDER)
        both = [*waiting, Asked(payment, content_of(payment))]
        _, changes = decided(both, loaded)
        await transaction.save(changes)

    assert (await house.loaded(key)).orders[key].sequence == 2
    assert [each.sequence for each in await house.reader.events(key)] == [1, 2]


async def test_a_deadline_that_fired_is_gone(house: House) -> None:
    (key,) = await house.reserved("ann")
    later = START + timedelta(minutes=30)
    (due,) = await house.store.due_deadlines(later, 10)
    order = await house.reader.order_of_buyer(key)
    assert order is not None

    await house.tell(command("Lapse", order, later, world.actor("timer")), fired=due.deadline)

    assert await house.store.due_deadlines(later + timedelta(days=365), 10) == []
    lapsed = await house.reader.order_of_buyer(key)
    assert lapsed is not None
    assert lapsed.stage is Stage.LAPSED


async def test_a_whole_life_to_the_demanded_balance(house: House) -> None:
    (key,) = await house.reserved("ann")
    at = await house.tendered(key) + timedelta(days=3)

    await house.live(key, "RecordInspection", at, BUYER)
    await house.live(key, "DemandBalance", at, world.actor("sales"))

    order = await house.reader.order_of_buyer(key)
    assert order is not None
    assert order.stage is Stage.INSPECTED
    assert order.balance_demand is not None
    assert order.balance_demand.amount == order.balance_due
    kinds = [type(each.event).__name__ for each in await house.reader.events(key)]
    assert kinds[-3:] == ["Tendered", "Inspected", "BalanceDemanded"]
    assert order.balance_demand.due_at is None
    opened = {"demand_number": BALANCE_DEMAND, "means": Means.IN_APP}
    await house.live(key, "RecordNotice", at + timedelta(days=1), BUYER, **opened)
    reached = await house.reader.order_of_buyer(key)
    assert reached is not None
    assert reached.balance_demand is not None
    assert reached.balance_demand.notice_delivered_at == at + timedelta(days=1)
    assert reached.balance_demand.due_at is not None


async def test_a_repaired_car_is_tendered_and_inspected_again(house: House) -> None:
    (key,) = await house.reserved("ann")
    at = await house.tendered(key) + timedelta(days=3)
    refused = {
        "result": InspectionResult.REFUSED,
        "remarks": ("scratch on the door",),
        "remedy": Remedy.REPAIR,
    }

    await house.live(key, "RecordInspection", at, BUYER, **refused)
    await house.live(key, "Tender", at + timedelta(days=9), world.actor("delivery"))
    await house.live(key, "RecordInspection", at + timedelta(days=12), BUYER)
    await house.live(key, "DemandBalance", at + timedelta(days=12), world.actor("sales"))

    order = await house.reader.order_of_buyer(key)
    assert order is not None
    assert order.balance_demand is not None
    assert order.balance_demand.tender_number == 2


# All or nothing ---------------------------------------------------------------------------


class Interrupted(Exception):
    """Something else went wrong inside a transaction."""


async def test_an_exception_inside_a_transaction_leaves_nothing(house: House) -> None:
    def interrupt(_: Changes) -> Changes:
        raise Interrupted

    with pytest.raises(Interrupted):
        await reserve_for_ann(house, interrupt)
    with pytest.raises(Interrupted):
        await reserve_for_ann(house, after_saving=Interrupted())

    await assert_nothing_is_stored(house)


async def reserve_for_ann(
    house: House,
    breaking: Callable[[Changes], Changes] = lambda changes: changes,
    after_saving: Exception | None = None,
) -> None:
    """A group that reserves for Ann, broken in one way."""
    waiting = [Asked(reservation("ann"), "Reserve")]
    async with house.transaction() as transaction:
        _, changes = decided(waiting, await transaction.load(lookup_of(waiting)))
        await transaction.save(breaking(changes))
        if after_saving is not None:
            raise after_saving


async def assert_nothing_is_stored(house: House) -> None:
    assert await house.reader.orders(OrderFilter(), None, 10) == []
    assert list(await house.reader.events(key_of("ann"))) == []
    assert await house.store.due_deadlines(START + timedelta(days=365), 10) == []
    assert await house.jobs() == []
    assert (await house.loaded()).queues[QUEUE.queue_id].next_rank == 1
    # The same command is new.
    assert (await house.tell(reservation("ann")))[0].rank == 1


async def refused(house: House, breaking: Callable[[Changes], Changes]) -> None:
    """A group that reserves for Ann, broken in one way, is refused and leaves nothing."""
    with pytest.raises(house.violation):
        await reserve_for_ann(house, breaking)
    await assert_nothing_is_stored(house)


async def test_an_events_number_is_used_once(house: House) -> None:
    await refused(house, lambda each: msgspec.structs.replace(each, events=each.events * 2))


async def test_a_row_is_added_once(house: House) -> None:
    await refused(house, lambda each: msgspec.structs.replace(each, orders=each.orders * 2))


async def test_an_idempotency_key_is_kept_once(house: House) -> None:
    # Inside one group this is a defect; between two processes the second one runs again.
    with pytest.raises(Exception, match=r"kept once|command_pkey"):
        await reserve_for_ann(
            house, lambda each: msgspec.structs.replace(each, commands=each.commands * 2)
        )
    await assert_nothing_is_stored(house)


async def test_a_posting_without_its_event_is_refused(house: House) -> None:
    posting = RecordedPosting(
        buyer_id=buyer_of("ann"),
        order_id=key_of("ann").order_id,
        sequence=2,
        line=1,
        posting=Posting(Account.PROVIDER_CLEARING, Account.CUSTOMER_DEPOSITS, world.yuan(1)),
    )
    await refused(house, lambda each: msgspec.structs.replace(each, postings=[posting]))


async def test_a_balance_demand_without_a_passed_inspection_is_refused(house: House) -> None:
    demand = BalanceDemanded(at=START, tender_number=1, amount=world.yuan(1), due_at=START)
    await refused(house, lambda each: with_event(each, demand))


def with_event(changes: Changes, event: BalanceDemanded | Lapsed) -> Changes:
    (first,) = changes.events
    added = msgspec.structs.replace(first, sequence=2, event=event)
    return msgspec.structs.replace(changes, events=[first, added])


async def test_ranks_are_never_given_twice(house: House) -> None:
    await house.reserved("ann", "bo")

    with pytest.raises(house.violation, match="given"):
        await house.save(nothing_but(queues=[QUEUE]))

    assert (await house.loaded()).queues[QUEUE.queue_id].next_rank == 3


async def test_saving_nothing_is_possible(house: House) -> None:
    async with house.transaction() as transaction:
        loaded = await transaction.load(Lookup(orders=(), queues=(), commands=()))
        await transaction.save(nothing_but())

    assert (loaded.orders, loaded.queues, loaded.commands) == ({}, {}, {})


# Locks ------------------------------------------------------------------------------------


async def second_waits_for_first(house: House, lookup: Lookup, first_does: Changes) -> list[str]:
    """Two transactions on the same rows; what happened in which order."""
    happened: list[str] = []
    first_holds, second_asked = anyio.Event(), anyio.Event()

    async def first() -> None:
        async with house.transaction() as transaction:
            await transaction.load(lookup)
            first_holds.set()
            await second_asked.wait()
            await anyio.sleep(0.05)
            await transaction.save(first_does)
            happened.append("first saved")

    async def second() -> None:
        await first_holds.wait()
        second_asked.set()
        async with house.transaction() as transaction:
            loaded = await transaction.load(lookup)
            happened.append(f"second saw {loaded.queues[QUEUE.queue_id].next_rank}")

    async with anyio.create_task_group() as both:
        both.start_soon(first)
        both.start_soon(second)
    return happened


async def test_who_locks_second_waits_and_sees_what_the_first_wrote(house: House) -> None:
    raised = msgspec.structs.replace(QUEUE, next_rank=7)
    lookup = Lookup(orders=(), queues=(QUEUE.queue_id,), commands=())

    happened = await second_waits_for_first(house, lookup, nothing_but(queues=[raised]))

    assert happened == ["first saved", "second saw 7"]


async def test_a_command_decided_meanwhile_is_known_after_the_wait(house: House) -> None:
    waiting = [Asked(reservation("ann"), "Reserve")]
    lookup = lookup_of(waiting)
    seen: list[set[CommandKey]] = []

    async def process() -> None:
        async with house.transaction() as transaction:
            loaded = await transaction.load(lookup)
            seen.append(set(loaded.commands))
            if not loaded.commands:
                _, changes = decided(waiting, loaded)
                await anyio.sleep(0.02)
                await transaction.save(changes)

    async with anyio.create_task_group() as both:
        both.start_soon(process)
        both.start_soon(process)

    assert seen == [set(), set(lookup.commands)]
    assert (await house.loaded()).queues[QUEUE.queue_id].next_rank == 2
