"""Who was overtaken is found with the reason that held when it happened, or without any."""

from __future__ import annotations

from datetime import timedelta

import pytest

from earnest.core.queue.overtaking import Why
from earnest.desk.places.following import Places
from earnest.desk.places.inversions import Inversion, inversions
from earnest.desk.ports import OrderKey
from tests.core import world
from tests.store.house import BUYER, PROVIDER, START, House, lane_of, memory_house

pytestmark = pytest.mark.anyio

PAID = START + timedelta(minutes=10)
LOCKED = PAID + timedelta(days=8)
GIVEN = LOCKED + timedelta(days=1)


@pytest.fixture
async def house() -> House:
    made = memory_house()
    await made.publish()
    return made


async def paid(house: House, *keys: OrderKey) -> None:
    """Pay the deposits of these orders."""
    for key in keys:
        await house.live(key, "RecordPayment", PAID, PROVIDER)


async def locked(house: House, *keys: OrderKey) -> None:
    """Lock these orders when their cooling-off ends."""
    await paid(house, *keys)
    for key in keys:
        await house.live(key, "Lock", LOCKED, world.actor("timer"))


async def found(house: House) -> list[Inversion]:
    """Everybody who was overtaken."""
    places = Places(house.moves, lambda: START)
    await places.refresh()
    return await inversions(house.moves, places.snapshot, house.reader.events, lane_of)


def told(those: list[Inversion]) -> list[tuple[int, int, int, Why | None]]:
    """Rank, the first who passed, how many passed, and why."""
    return [(each.rank, each.by_rank, each.others, each.why) for each in those]


async def test_who_is_served_in_the_order_of_ranks_overtakes_nobody(house: House) -> None:
    ann, bo, cy = await house.reserved("ann", "bo", "cy")
    await locked(house, ann, bo, cy)
    assert await found(house) == []

    for key in (ann, bo):
        await house.live(key, "Schedule", GIVEN, world.actor("planning"))

    assert await found(house) == []


async def test_an_earlier_rank_without_a_reason_is_an_inversion(house: House) -> None:
    ann, bo, cy = await house.reserved("ann", "bo", "cy")
    await locked(house, ann, bo, cy)
    await house.live(cy, "Schedule", GIVEN, world.actor("planning"))
    await house.live(bo, "Schedule", GIVEN + timedelta(hours=1), world.actor("planning"))

    (one,) = await found(house)

    assert told([one]) == [(1, 3, 2, None)]
    assert (one.order_id, one.given_at) == (ann.order_id, GIVEN)
    assert (one.queue_id, one.lane) == (world.QUEUE, "aurora/grey/wheels_19")


async def test_the_reason_is_the_one_that_held_when_it_happened(house: House) -> None:
    ann, bo, cy = await house.reserved("ann", "bo", "cy")
    await paid(house, bo)
    await locked(house, ann, cy)
    later = LOCKED + timedelta(hours=1)
    await house.live(ann, "Defer", later, BUYER, until=LOCKED + timedelta(days=60))
    await house.live(cy, "Schedule", GIVEN, world.actor("planning"))
    await house.live(ann, "Resume", GIVEN + timedelta(days=1), BUYER)

    assert told(await found(house)) == [
        (1, 3, 1, Why.ASKED_FOR_LATER),
        (2, 3, 1, Why.COOLING_OFF),
    ]


async def test_who_joined_the_lane_afterwards_was_not_overtaken(house: House) -> None:
    ann, bo = await house.reserved("ann", "bo")
    await house.live(
        ann, "ChangeConfiguration", START + timedelta(minutes=1), BUYER, configuration=world.DEAR
    )
    await locked(house, bo)
    await paid(house, ann)
    await house.live(bo, "Schedule", GIVEN, world.actor("planning"))
    back = GIVEN + timedelta(hours=1)
    await house.live(ann, "ChangeConfiguration", back, BUYER, configuration=world.PLAIN)

    assert await found(house) == []
