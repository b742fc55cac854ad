"""Requests for a deferral that were open before they had an end: the step that gives them one.

Not here: what ends a request (`tests/core/tables/07_defer.txt`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import psycopg
import pytest

from earnest.core.timers import Deadline, DeadlineKind, deadlines
from earnest.desk.ports import OrderKey
from earnest.store.pool import open_pool
from earnest.store.schema import REVISIONS
from tests.core import world
from tests.store.house import PROVIDER, START, House, postgres_house

pytestmark = pytest.mark.anyio

STEP = next(each for each in REVISIONS if each.name == "0032")
NEW = (DeadlineKind.END_DEFERRAL_REQUEST, DeadlineKind.DEFERRAL_ANSWER_DUE)
SALES, DELIVERY, ANN = world.actor("sales"), world.actor("delivery"), world.actor("buyer")
DAY = timedelta(days=1)


@pytest.fixture
async def house(fresh_database_url: str) -> AsyncIterator[House]:
    async with await open_pool(fresh_database_url) as pool:
        made = postgres_house(pool)
        await made.publish()
        yield made


def stored(url: str, key: OrderKey) -> set[Deadline]:
    with psycopg.connect(url) as owner:
        rows = owner.execute(
            "SELECT kind, due_at FROM earnest.deadline WHERE buyer_id = %s AND order_id = %s",
            (key.buyer_id, key.order_id),
        )
        return {Deadline(DeadlineKind(kind), due_at) for kind, due_at in rows}


async def asked(house: House, key: OrderKey, at: datetime) -> None:
    """Defer by right in the order bank, then ask for longer."""
    await house.live(key, "RecordPayment", START, PROVIDER)
    await house.live(key, "Lock", START + 8 * DAY, world.actor("timer"))
    await house.live(key, "Defer", at, ANN, until=at + 60 * DAY)
    await house.live(key, "Defer", at + DAY, ANN, until=at + 90 * DAY)


async def test_requests_that_are_open_already_get_their_deadlines(
    house: House, fresh_database_url: str
) -> None:
    url = fresh_database_url
    fresh, old, ready, gone = await house.reserved("ann", "bo", "cy", "di")
    with psycopg.connect(url) as owner:
        (now,) = owner.execute("SELECT now()").fetchone() or (START,)
    await asked(house, fresh, now)
    await asked(house, old, START + 9 * DAY)
    await asked(house, gone, START + 9 * DAY)
    await house.live(gone, "CancelByBuyer", START + 11 * DAY, ANN)
    at = await house.tendered(ready) + 30 * DAY
    await house.live(ready, "RecordMissedAppointment", at, DELIVERY)
    await house.live(ready, "DemandCollection", at, DELIVERY)
    await house.live(ready, "AddEvidence", at, DELIVERY)
    await house.live(ready, "RecordNotice", at, DELIVERY)
    order = (await house.loaded(ready)).orders[ready]
    runs = Deadline(DeadlineKind.CURE_PERIOD_OVER, order.demands[-1].cure_until or at)
    await house.live(ready, "Defer", at + DAY, ANN, until=at + 60 * DAY)
    with psycopg.connect(url) as owner:
        # As the code before left them.
        owner.execute("DELETE FROM earnest.deadline WHERE kind = ANY(%s)", (list(NEW),))
        owner.execute(
            "INSERT INTO earnest.deadline VALUES (%s, %s, %s, %s)",
            (ready.buyer_id, ready.order_id, runs.kind, runs.due_at),
        )
    assert runs in stored(url, ready)

    for _ in range(2):
        with psycopg.connect(url) as owner:
            owner.execute(STEP.read().encode())

        for key in (fresh, old, ready, gone):
            derived = deadlines((await house.loaded(key)).orders[key], world.POLICY)
            late = {each for each in derived if each.kind is NEW[1] and key != fresh}
            assert stored(url, key) == derived - late
    assert {each.kind for each in stored(url, fresh)} >= set(NEW)
    assert {each.kind for each in stored(url, old)} & set(NEW) == {NEW[0]}
    assert {each.kind for each in stored(url, gone)} & set(NEW) == set()
    work = [each.order_id for each in await house.reader.orders_with_work(10)]
    # The order that ended has a sum to be released.
    assert work == [gone.order_id, old.order_id, ready.order_id, fresh.order_id]


async def test_the_office_is_led_to_open_requests_by_an_index_of_their_deadlines(
    fresh_database_url: str,
) -> None:
    with psycopg.connect(fresh_database_url) as owner:
        row = owner.execute("SELECT pg_get_indexdef('earnest.deadline_of_office'::regclass)")
        (definition,) = row.fetchone() or ("",)

    assert "end_deferral_request" in definition
