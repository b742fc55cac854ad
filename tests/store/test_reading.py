"""What the doors read, and who people are: one suite for PostgreSQL and for the twin in memory.

Not here: writing orders (`test_contract.py`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from earnest.core.cases.case import CaseOutcome
from earnest.core.order.stage import Stage
from earnest.core.order.work import work_of
from earnest.core.timers import Deadline, DeadlineKind
from earnest.core.values.ids import BuyerId, OrderId, QueueId
from earnest.desk.outgoing import Occurrence, Place
from earnest.desk.ports import OrderKey
from earnest.desk.views import Admission, BuyerProfile, DatedPosting, OrderFilter
from tests.core import world
from tests.store.house import (
    OTHER_QUEUE,
    PROVIDER,
    QUEUE,
    START,
    House,
    buyer_of,
    command,
)

pytestmark = pytest.mark.anyio


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


async def test_events_are_found_at_their_places_with_the_terms_of_their_orders(
    house: House,
) -> None:
    ann, bo = await house.reserved("ann", "bo")
    places = [Place(key.buyer_id, key.order_id, 1) for key in (ann, bo)]
    nowhere = [msgspec.structs.replace(places[0], sequence=2), Place(ann.buyer_id, bo.order_id, 1)]

    found = await house.reader.occurrences([*places, *nowhere, places[0]])

    assert found == {
        place: Occurrence((await house.reader.events(key))[0], world.TERMS.terms_hash)
        for place, key in zip(places, (ann, bo), strict=True)
    }
    assert await house.reader.occurrences([]) == {}


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


async def test_nobody_is_found_by_an_unknown_id(house: House) -> None:
    assert await house.register.buyer(BuyerId("0" * 16)) is None


async def test_buyers_are_found_by_name_telephone_and_address(house: House) -> None:
    ann = msgspec.structs.replace(profile("Ann Lee", "ann@example.cn"), phone="+86 (138) 0013-8000")
    li, odd = profile("李文", "li@example.cn"), profile("100%_a\\b")
    admission = Admission(actor_id="staff:an", key="k", content_hash="one", admitted_at=START)
    await house.register.admit(admission, [ann, li, odd])

    async def found(text: str, limit: int = 10) -> list[str]:
        return [each.name for each in await house.register.find_buyers(text, limit)]

    assert await found("ann l") == ["Ann Lee"]
    assert await found("lee") == []
    assert await found("李") == ["李文"]
    assert await found("8000") == ["Ann Lee"]
    assert await found("138 0013 8000") == ["Ann Lee"]
    assert await found("000") == []
    assert await found("LI@example.cn") == ["李文"]
    assert await found("li@example") == []
    assert await found("100%_a\\") == ["100%_a\\b"]
    assert await found("1_0") == []
    assert await found("", 2) == ["100%_a\\b", "Ann Lee"]


async def test_orders_are_found_by_whose_they_are(house: House) -> None:
    ann, bo, _ = await house.reserved("ann", "bo", "cy")
    ids = [ann.buyer_id, bo.buyer_id, BuyerId("0" * 16)]

    found = [each.order_id for each in await house.reader.orders_of(ids, 10)]

    assert found == [key.order_id for key in sorted((ann, bo))]
    assert len(await house.reader.orders_of(ids, 1)) == 1
    assert await house.reader.orders_of([], 10) == []


async def test_what_waits_for_the_office_is_found_before_and_after_its_reminder(
    house: House,
) -> None:
    ann, bo, _ = await house.reserved("ann", "bo", "cy")
    for key in (ann, bo):
        await house.live(key, "RecordPayment", START, PROVIDER)
    later = START + timedelta(hours=1)
    await house.live(bo, "Withdraw", START, world.actor("buyer"))
    await house.live(ann, "OpenCase", later, world.actor("buyer"))

    async def found(limit: int = 10) -> list[OrderKey]:
        orders = await house.reader.orders_with_work(limit)
        return [OrderKey(order.buyer_id, order.order_id) for order in orders]

    assert await found() == [bo, ann]
    assert await found(1) == [bo]
    order = (await house.loaded(ann)).orders[ann]
    (work,) = work_of(order)
    overdue = work.due_at + timedelta(minutes=1)
    deadline = Deadline(DeadlineKind.CASE_ANSWER_OVERDUE, work.due_at)
    reminder = command(
        "Remind",
        order,
        overdue,
        world.actor("timer"),
        subject="case_answer_overdue",
        due_at=work.due_at,
    )
    await house.tell(reminder, fired=deadline)
    assert await found() == [bo, ann]
    await house.live(ann, "CloseCase", overdue, world.actor("buyer"), outcome=CaseOutcome.WITHDRAWN)
    assert await found() == [bo]


async def test_a_request_for_a_deferral_waits_for_the_office_until_it_is_answered(
    house: House,
) -> None:
    ann, _ = await house.reserved("ann", "bo")
    buyer, at = world.actor("buyer"), START + timedelta(days=9)
    await house.live(ann, "RecordPayment", START, PROVIDER)
    await house.live(ann, "Lock", START + timedelta(days=8), world.actor("timer"))
    await house.live(ann, "Defer", at, buyer, until=at + timedelta(days=60))
    assert list(await house.reader.orders_with_work(10)) == []

    at += timedelta(minutes=1)
    await house.live(ann, "Defer", at, buyer, until=at + timedelta(days=90))
    (found,) = await house.reader.orders_with_work(10)
    assert [(each.kind.value, each.due_at) for each in work_of(found)] == [
        ("answer_deferral", at + timedelta(days=14))
    ]

    await house.live(ann, "AnswerDeferral", at, world.actor("sales"), agreed=True)
    assert list(await house.reader.orders_with_work(10)) == []


async def test_a_launch_is_watched_by_its_stages_and_its_last_ranks(house: House) -> None:
    ann, *_ = await house.reserved("ann", "bo", "cy")
    await house.reserved("di", at=START + timedelta(seconds=10))
    await house.live(ann, "RecordPayment", START, PROVIDER)
    later = START + timedelta(seconds=10)

    counts = await house.reader.stage_counts(QUEUE.queue_id)

    assert dict(counts) == {Stage.RESERVED: 3, Stage.DEPOSITED: 1}
    assert await house.reader.reserved_since(QUEUE.queue_id, 2) == (3, START, later)
    assert await house.reader.reserved_since(QUEUE.queue_id, 5) is None
    assert dict(await house.reader.stage_counts(OTHER_QUEUE.queue_id)) == {}


async def test_the_journal_has_the_postings_of_a_time(house: House) -> None:
    ann, _ = await house.reserved("ann", "bo")
    await house.live(ann, "RecordPayment", START, PROVIDER)
    (posting,) = await house.reader.postings(ann)
    recorded_at = (await house.reader.events(ann))[1].recorded_at
    line = DatedPosting(recorded_at=recorded_at, cause="DepositReceived", posting=posting)
    moment = timedelta(microseconds=1)

    assert list(await house.reader.journal(recorded_at, recorded_at + moment, 9)) == [line]
    assert list(await house.reader.journal(recorded_at, recorded_at, 9)) == []
    assert list(await house.reader.journal(recorded_at, recorded_at + moment, 0)) == []


async def test_a_search_goes_as_far_as_it_is_told_and_no_further(house: House) -> None:
    keys = sorted(await house.reserved("ann", "bo", "cy"))

    assert await house.reader.key_after(None, 2) == keys[1]
    assert await house.reader.key_after(keys[0], 2) == keys[2]
    assert await house.reader.key_after(keys[0], 3) is None
    near = await house.reader.orders(OrderFilter(queue_id=QUEUE.queue_id), None, 10, keys[1])
    assert [OrderKey(each.buyer_id, each.order_id) for each in near] == keys[:2]
