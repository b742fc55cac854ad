"""The contract of the desk's store: one suite for PostgreSQL and for the twin in memory.

Not here: what only a database server does (`test_desk_store.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import anyio
import msgspec
import psycopg
import pytest

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting
from earnest.core.order.events import BalanceDemanded, Lapsed
from earnest.core.order.parts import InspectionResult, Remedy
from earnest.core.order.stage import Stage
from earnest.core.timers import Deadline, DeadlineKind
from earnest.core.values.ids import BuyerId, CatalogueHash, OrderId, QueueId, TermsHash
from earnest.desk.group import Asked, lookup_of
from earnest.desk.ports import (
    Changes,
    Channel,
    CommandKey,
    InboxMessage,
    KnownCommand,
    Lookup,
    OrderDeadline,
    OrderKey,
    OutgoingMessage,
    RecordedPosting,
)
from earnest.desk.views import Admission, BuyerProfile, OrderFilter, StaffProfile
from earnest.store.desk_store import PostgresStore
from earnest.store.jobs import letter_in
from earnest.store.memory import ConstraintViolated, MemoryStore
from earnest.store.memory_reader import MemoryReader, MemoryRegister
from earnest.store.pool import Pool, open_pool
from earnest.store.reader import PostgresReader
from earnest.store.register import PostgresRegister
from tests.core import world
from tests.postgres import SERVERS, PostgresServer
from tests.store.house import (
    BUYER,
    OTHER_QUEUE,
    PROVIDER,
    QUEUE,
    START,
    House,
    buyer_of,
    command,
    content_of,
    decided,
    key_of,
    nothing_but,
    reservation,
)

pytestmark = pytest.mark.anyio


def memory_house() -> House:
    store = MemoryStore()

    async def jobs() -> list[tuple[OutgoingMessage, ...]]:
        return [(message,) for message in store.tables.messages]

    return House(store, MemoryReader(store), MemoryRegister(), ConstraintViolated, jobs)


def postgres_house(pool: Pool) -> House:
    async def jobs() -> list[tuple[OutgoingMessage, ...]]:
        async with pool.connection() as connection:
            rows = await connection.execute("SELECT args FROM procrastinate_jobs ORDER BY id")
            return [letter_in(row[0]).messages async for row in rows]

    store, reader, register = PostgresStore(pool), PostgresReader(pool), PostgresRegister(pool)
    return House(store, reader, register, psycopg.Error, jobs)


@pytest.fixture(params=["memory", *SERVERS])
async def house(
    request: pytest.FixtureRequest, postgres_servers: dict[str, PostgresServer]
) -> AsyncIterator[House]:
    """A store of each kind, empty but for the small maker's documents."""
    if request.param == "memory":
        made = memory_house()
        await made.publish()
        yield made
        return
    server = postgres_servers[request.param]
    name = server.create_database(server.template)
    try:
        async with await open_pool(server.url_of(name)) as pool:
            made = postgres_house(pool)
            await made.publish()
            yield made
    finally:
        server.drop_database(name)


# What is published ------------------------------------------------------------------------


async def test_documents_are_found_by_their_digests(house: House) -> None:
    assert await house.store.terms(world.TERMS.terms_hash) == world.TERMS
    assert await house.store.catalogue(world.CATALOGUE.catalogue_hash) == world.CATALOGUE
    assert await house.store.offers() == [world.offer_of(world.TERMS)]
    assert await house.reader.terms(world.TERMS.terms_hash) == world.TERMS
    assert await house.reader.catalogue(world.CATALOGUE.catalogue_hash) == world.CATALOGUE

    assert await house.store.terms(TermsHash("unknown")) is None
    assert await house.store.catalogue(CatalogueHash("unknown")) is None


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


# Time, inbox, messages --------------------------------------------------------------------


async def test_due_deadlines_come_oldest_first_and_the_instant_itself_has_passed(
    house: House,
) -> None:
    ends = [
        OrderDeadline(key_of(name), Deadline(DeadlineKind.LAPSE, START + timedelta(minutes=minute)))
        for name, minute in (("ann", 3), ("bo", 1), ("cy", 2))
    ]
    await house.save(nothing_but(deadlines_set=ends))

    async def due(minutes: float, limit: int = 10) -> list[OrderDeadline]:
        return list(await house.store.due_deadlines(START + timedelta(minutes=minutes), limit))

    assert await due(0.99) == []
    assert await due(2) == [ends[1], ends[2]]
    assert await due(3, limit=2) == [ends[1], ends[2]]
    assert await due(3) == [ends[1], ends[2], ends[0]]


async def test_clearing_takes_exactly_the_named_deadline(house: House) -> None:
    key = key_of("ann")
    early, late = (
        OrderDeadline(key, Deadline(DeadlineKind.REFUND_OVERDUE, START + timedelta(days=day)))
        for day in (1, 2)
    )
    unknown = OrderDeadline(key, Deadline(DeadlineKind.CLOSE, START))
    await house.save(nothing_but(deadlines_set=[early, late]))
    await house.save(nothing_but(deadlines_cleared=[early, unknown]))

    assert await house.store.due_deadlines(START + timedelta(days=3), 10) == [late]


async def test_the_inbox_keeps_a_message_once(house: House) -> None:
    message = InboxMessage(
        provider="sandbox",
        event_id="evt_1",
        kind="payment.received",
        body=b'{"payment": "unknown"}',
        received_at=START,
        outcome="order_unknown",
    )
    of_other_provider = msgspec.structs.replace(message, provider="other")
    unreadable = msgspec.structs.replace(message, event_id="evt_2", body=b"\xff\x00{")

    assert await house.store.keep_in_inbox(message)
    assert not await house.store.keep_in_inbox(message)
    assert await house.store.keep_in_inbox(of_other_provider)
    assert await house.store.keep_in_inbox(unreadable)


async def test_messages_leave_with_the_group_that_causes_them(house: House) -> None:
    def message(channel: Channel, name: str, *, minutes: int | None = None) -> OutgoingMessage:
        return OutgoingMessage(
            channel=channel,
            buyer_id=buyer_of(name),
            order_id=key_of(name).order_id,
            sequence=2,
            subject="DepositReceived",
            not_before=None if minutes is None else START + timedelta(minutes=minutes),
        )

    sent = [
        message(Channel.MAIL, "ann"),
        message(Channel.WEBHOOK, "ann"),
        message(Channel.MAIL, "bo"),
        message(Channel.PAYOUT, "ann", minutes=2),
        message(Channel.PAYOUT, "bo"),
    ]
    await house.save(nothing_but(messages=sent))

    leaving = [each for job in await house.jobs() for each in job]
    assert sorted(leaving, key=repr) == sorted(sent, key=repr)


async def test_events_send_their_messages(house: House) -> None:
    (key,) = await house.reserved("ann")
    order = await house.reader.order_of_buyer(key)
    assert order is not None

    await house.tell(command("RecordPayment", order, START, PROVIDER), webhooks=True)

    leaving = [each for job in await house.jobs() for each in job]
    assert [(each.channel, each.subject, each.sequence) for each in leaving] == [
        (Channel.MAIL, "DepositReceived", 2),
        (Channel.WEBHOOK, "DepositReceived", 2),
    ]


# Reading ----------------------------------------------------------------------------------


async def test_an_order_is_found_by_its_id_by_staff_and_by_its_own_buyer_only(
    house: House,
) -> None:
    (key,) = await house.reserved("ann")
    order = (await house.loaded(key)).orders[key]

    assert await house.reader.order_by_id(key.order_id) == order
    assert await house.reader.order_of_buyer(key) == order
    assert await house.reader.order_of_buyer(OrderKey(buyer_of("bo"), key.order_id)) is None
    assert await house.reader.order_by_id(OrderId("0" * 16)) is None
    await house.reader.ping()


async def test_one_event_is_found_by_its_number(house: House) -> None:
    (key,) = await house.reserved("ann")
    (event,) = await house.reader.events(key)

    assert await house.reader.event(key, 1) == event
    assert await house.reader.event(key, 2) is None


async def test_pages_follow_each_other_without_gap_and_repetition(house: House) -> None:
    keys = sorted(await house.reserved(*(f"buyer {number}" for number in range(7))))
    pages: list[list[OrderKey]] = []
    after: OrderKey | None = None
    while True:
        page = await house.reader.orders(OrderFilter(), after, 3)
        if not page:
            break
        pages.append([OrderKey(order.buyer_id, order.order_id) for order in page])
        after = pages[-1][-1]

    assert pages == [keys[:3], keys[3:6], keys[6:]]


async def test_orders_are_found_by_what_they_are(house: House) -> None:
    ann, bo, cy = await house.reserved("ann", "bo", "cy")
    await house.tendered(ann)
    await house.live(bo, "RecordPayment", START, PROVIDER)

    async def found(**wanted: object) -> set[OrderKey]:
        orders = await house.reader.orders(OrderFilter(**wanted), None, 10)  # type: ignore[arg-type]  # each call names its own fields
        return {OrderKey(order.buyer_id, order.order_id) for order in orders}

    assert await found() == {ann, bo, cy}
    assert await found(buyer_id=ann.buyer_id) == {ann}
    assert await found(stage=Stage.RESERVED) == {cy}
    assert await found(stage=Stage.DEPOSITED) == {bo}
    assert await found(stage=Stage.TENDERED) == {ann}
    assert await found(stage=Stage.TENDERED, queue_id=QUEUE.queue_id) == {ann}
    assert await found(stage=Stage.TENDERED, queue_id=OTHER_QUEUE.queue_id) == set()
    assert await found(stage=Stage.TENDERED, buyer_id=bo.buyer_id) == set()
    assert await found(queue_id=QUEUE.queue_id) == {ann, bo, cy}
    assert await found(queue_id=QueueId("nowhere")) == set()
    assert await found(vin=world.VIN) == {ann}
    assert await found(vin=world.VIN, stage=Stage.LOCKED) == set()
    assert await found(vin=world.OTHER_VIN) == set()


# People -----------------------------------------------------------------------------------


def profile(name: str, email: str | None = None) -> BuyerProfile:
    return BuyerProfile(
        buyer_id=buyer_of(name),
        name=name,
        email=email,
        phone=None,
        language="zh-Hans",
        created_at=START,
    )


async def test_buyers_are_admitted_once_for_a_key(house: House) -> None:
    admission = Admission(actor_id="staff:an", key="k", content_hash="one", admitted_at=START)
    again = msgspec.structs.replace(admission, admitted_at=START + timedelta(hours=1))
    other = msgspec.structs.replace(admission, content_hash="two")
    ann, bo = profile("ann", "ann@example.cn"), profile("bo")

    assert await house.register.admit(admission, [ann, bo]) == admission
    assert await house.register.admit(again, [ann, bo]) == admission
    assert await house.register.admit(other, [profile("cy")]) == admission

    assert await house.register.buyer(ann.buyer_id) == ann
    assert await house.register.buyer(bo.buyer_id) == bo
    assert await house.register.buyer(buyer_of("cy")) is None


async def test_an_admission_that_fails_leaves_its_key_free(house: House) -> None:
    first = Admission(actor_id="staff:an", key="k", content_hash="one", admitted_at=START)
    with pytest.raises(house.violation):
        await house.register.admit(first, [profile("ann"), profile("ann")])

    assert await house.register.admit(first, [profile("ann")]) == first
    assert await house.register.buyer(buyer_of("ann")) == profile("ann")


async def test_staff_are_put_and_put_again(house: House) -> None:
    staff = StaffProfile(staff_id="s1", name="An", email="an@example.cn", roles=("sales",))
    left = msgspec.structs.replace(staff, roles=(), active=False)

    assert await house.register.staff("s1") is None
    await house.register.put_staff(staff)
    assert await house.register.staff("s1") == staff
    await house.register.put_staff(left)
    assert await house.register.staff("s1") == left


async def test_nobody_is_found_by_an_unknown_id(house: House) -> None:
    assert await house.register.buyer(BuyerId("0" * 16)) is None
