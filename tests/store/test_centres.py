"""The contract of delivery centres: kept, booked bay by bay, and never more cars than bays.

Not here: which times there are (`tests/core/test_centre.py`).
"""

from __future__ import annotations

from datetime import timedelta

import anyio
import msgspec
import psycopg
import pytest

from earnest.core.order.centre import BayTaken, Centre, Delivery
from earnest.core.values.ids import CentreId
from earnest.core.values.instant import Instant, Window
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.answer import Answer
from earnest.desk.centres import KeptCentre
from earnest.desk.ports import OrderKey
from tests.core import world
from tests.core.world import CENTRE
from tests.store.facts import insert
from tests.store.house import (
    BUYER,
    START,
    House,
    command,
    nothing_but,
)

pytestmark = pytest.mark.anyio

ONE_BAY = msgspec.structs.replace(CENTRE, bays=1)
NINE = Window(world.local(2024, 4, 18, 9), world.local(2024, 4, 18, 10))
TEN = Window(world.local(2024, 4, 18, 10), world.local(2024, 4, 18, 11))
NEXT_DAY = Window(world.local(2024, 4, 19, 9), world.local(2024, 4, 19, 10))
ALL = Window(START, START + timedelta(days=90))


def kept(centre: Centre = ONE_BAY, at: Instant = START) -> KeptCentre:
    """A centre as its keeper changed it."""
    return KeptCentre(centre=centre, changed_by="staff:lin", changed_at=at)


async def at_centre(house: House, *names: str) -> list[OrderKey]:
    """Orders whose cars stand at the centre that their buyers chose."""
    keys = await house.reserved(*names)
    for key in keys:
        await house.live(key, "ChooseCentre", START + timedelta(minutes=5), BUYER)
        await house.tendered(key)
    return keys


async def book(house: House, key: OrderKey, window: Window) -> Answer:
    """Book a time, or hear why not."""
    order = await house.reader.order_of_buyer(key)
    assert order is not None
    at = START + timedelta(days=13)
    fields = {"appointment": window, "key": f"book {order.sequence} {window.begins}"}
    (answer,) = await house.tell(command("BookAppointment", order, at, BUYER, **fields))
    return answer


async def bays(house: House) -> list[tuple[int, Window]]:
    """The bays that are taken."""
    standing = await house.centres.standing(CENTRE.centre_id, START)
    assert standing is not None
    return [(each.bay, each.window) for each in standing.taken]


async def test_a_centre_is_kept_and_changed(house: House) -> None:
    assert await house.centres.standing(CENTRE.centre_id, START) is None
    assert await house.centres.keep(kept(CENTRE)) is None
    assert await house.centres.keep(kept(ONE_BAY)) is None

    assert await house.centres.centres() == [kept(ONE_BAY)]


async def test_a_bay_is_given_once_and_free_again_when_its_order_leaves(house: House) -> None:
    await house.centres.keep(kept())
    ann, bo = await at_centre(house, "ann", "bo")

    assert (await book(house, ann, NINE)).is_accepted
    full = await book(house, bo, NINE)
    assert (full.reason, full.details["next"][:16]) == ("appointment_full", "2024-04-15 09:00")
    assert (await book(house, bo, TEN)).is_accepted
    assert await bays(house) == [(1, NINE), (1, TEN)]

    # Whoever moves leaves the bay to others, and so does whoever leaves.
    assert (await book(house, ann, NEXT_DAY)).is_accepted
    assert (await book(house, bo, NINE)).is_accepted
    assert await bays(house) == [(1, NINE), (1, NEXT_DAY)]
    await house.live(bo, "CancelByBuyer", START + timedelta(days=14), BUYER)
    assert await bays(house) == [(1, NEXT_DAY)]
    orders = await house.centres.orders_at(CENTRE.centre_id, ALL, 10)
    assert [OrderKey(each.buyer_id, each.order_id) for each in orders] == [ann]
    assert await house.centres.orders_at(CentreId("elsewhere"), ALL, 10) == []


async def test_in_one_group_only_the_first_gets_the_last_bay(house: House) -> None:
    await house.centres.keep(kept())
    keys = await at_centre(house, "ann", "bo", "cy")
    orders = [await house.reader.order_of_buyer(key) for key in keys]
    at = START + timedelta(days=13)
    answers = await house.tell(
        *(
            command("BookAppointment", order, at, BUYER, appointment=NINE)
            for order in orders
            if order is not None
        )
    )

    assert [each.is_accepted for each in answers] == [True, False, False]
    assert await bays(house) == [(1, NINE)]


async def test_a_bay_stays_while_somebody_comes_to_it(house: House) -> None:
    await house.centres.keep(kept(CENTRE))
    ann, bo = await at_centre(house, "ann", "bo")
    await book(house, ann, NINE)
    await book(house, bo, NINE)
    assert await bays(house) == [(1, NINE), (2, NINE)]

    rejected = await house.centres.keep(kept(ONE_BAY))
    assert rejected == Rejected(
        Reason.CENTRE_BOOKED, {"bay": "2", "at": "2024-04-18T01:00:00+00:00"}
    )
    assert await house.centres.keep(kept(ONE_BAY, NINE.ends)) is None


async def test_the_store_itself_refuses_a_bay_that_is_taken(house: House) -> None:
    await house.centres.keep(kept())
    ann, bo = await at_centre(house, "ann", "bo")
    await book(house, ann, NINE)
    overlapping = Window(NINE.begins + timedelta(minutes=30), NINE.ends + timedelta(minutes=30))
    for taken in (BayTaken(1, overlapping), BayTaken(2, TEN)):
        delivery = Delivery(centre_id=CENTRE.centre_id, booked=taken)
        with pytest.raises(house.violation):
            await house.save(nothing_but(deliveries={bo: delivery}))

    assert await bays(house) == [(1, NINE)]


async def test_of_many_who_book_the_last_bay_at_once_one_gets_it(house: House) -> None:
    await house.centres.keep(kept())
    keys = await at_centre(house, *(f"buyer {number}" for number in range(6)))
    answers: list[Answer] = []

    async def books(key: OrderKey) -> None:
        answers.append(await book(house, key, NINE))

    async with anyio.create_task_group() as tasks:
        for key in keys:
            tasks.start_soon(books, key)

    assert sorted(each.is_accepted for each in answers) == [False] * 5 + [True]
    assert {each.reason for each in answers} == {None, "appointment_full"}
    assert await bays(house) == [(1, NINE)]


def test_the_table_refuses_it_whoever_writes(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.RestrictViolation, match="is not free"):
        insert(connection, "delivery", buyer_id="B" * 16, order_id="0" * 16)
