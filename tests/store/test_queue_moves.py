"""The moves of a queue: written with their events, read whole and as they come, none missed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from typing import cast

import psycopg
import pytest

from earnest.core.queue.lane import Lane
from earnest.core.queue.move import Cause
from earnest.core.queue.overtaking import Why
from earnest.core.values.ids import QueueId
from earnest.desk.places.ports import MovesRead, RecordedOvertaking
from earnest.store.pool import Pool, open_pool
from earnest.store.queue_moves import PIECE, PostgresMoves
from tests.core import world
from tests.store.facts import insert
from tests.store.house import (
    BUYER,
    OTHER_QUEUE,
    PROVIDER,
    QUEUE,
    START,
    House,
    key_of,
    postgres_house,
    reservation,
)

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


async def whole(house: House) -> MovesRead:
    """Every move there is, in one piece, with a cursor that has passed all of them.

    A transaction of any database of the server holds the cursor back for as long as it is open, and
    other tests have theirs beside this one.
    """
    while True:
        pieces = [piece async for piece in house.moves.every_move()]
        read = MovesRead([move for piece in pieces for move in piece.moves], pieces[-1].cursor)
        if not (await house.moves.moves_since(read.cursor)).moves:
            return read


def told(read: MovesRead) -> list[tuple[int, int, int, Cause]]:
    """What a read says: rank, event, change and cause."""
    return [(each.rank, each.sequence, each.change, each.cause) for each in read.moves]


async def test_nothing_moves_in_an_empty_queue(house: House) -> None:
    read = await whole(house)

    assert read.moves == []
    assert told(await house.moves.moves_since(read.cursor)) == []


async def test_whoever_stops_after_the_first_piece_leaves_nothing_open(house: House) -> None:
    await house.reserved("ann")
    pieces = cast("AsyncGenerator[MovesRead, None]", house.moves.every_move())
    async with aclosing(pieces):
        first = await anext(pieces)

    assert len(first.moves) == 1
    assert len((await whole(house)).moves) == 1


async def test_moves_are_written_with_the_events_that_cause_them(house: House) -> None:
    ann, bo = await house.reserved("ann", "bo")
    begun = await whole(house)

    await house.live(ann, "RecordPayment", START + MINUTE, PROVIDER)
    await house.live(bo, "Lapse", START + 60 * MINUTE, world.actor("timer"))
    await house.live(ann, "Withdraw", START + 61 * MINUTE, BUYER)

    assert told(begun) == [(1, 1, 1, Cause.RESERVED), (2, 1, 1, Cause.RESERVED)]
    since = await house.moves.moves_since(begun.cursor)
    assert told(since) == [(2, 2, -1, Cause.LAPSED), (1, 3, -1, Cause.WITHDRAWN)]
    assert told(await whole(house)) == [*told(begun), *told(since)]
    move = since.moves[1]
    assert (move.buyer_id, move.order_id) == (ann.buyer_id, ann.order_id)
    assert (move.queue_id, move.lane) == (QUEUE.queue_id, "aurora/grey/wheels_19")
    assert move.at == START + 61 * MINUTE


async def test_who_changes_the_configuration_leaves_one_lane_and_joins_another(
    house: House,
) -> None:
    (ann,) = await house.reserved("ann")

    await house.live(ann, "ChangeConfiguration", START + MINUTE, BUYER, configuration=world.DEAR)

    assert told(await whole(house))[1:] == [
        (1, 2, -1, Cause.CONFIGURATION_CHANGED),
        (1, 2, 1, Cause.CONFIGURATION_CHANGED),
    ]


async def test_adding_a_move_again_changes_nothing(house: House) -> None:
    await house.reserved("ann", "bo")
    read = await whole(house)

    assert await house.moves.add_moves(read.moves) == 0

    assert told(await whole(house)) == told(read)


async def test_queues_and_their_orders_are_found(house: House) -> None:
    ann, bo, cy = await house.reserved("ann", "bo", "cy")
    await house.live(ann, "RecordPayment", START + MINUTE, PROVIDER)
    await house.live(bo, "RecordPayment", START + MINUTE, PROVIDER)

    queues = await house.moves.queues()
    assert [(each.queue_id, each.next_rank) for each in queues] == [
        (QUEUE.queue_id, 4),
        (OTHER_QUEUE.queue_id, 1),
    ]
    assert await house.moves.cooling_off() == {QUEUE.queue_id: 2}
    found = await house.moves.orders_of_ranks(QUEUE.queue_id, [3, 1, 9])
    assert [each.order_id for each in found] == [ann.order_id, cy.order_id]
    assert await house.moves.orders_of_ranks(QueueId("other"), [1]) == []


async def test_an_order_is_served_from_its_slot_until_it_leaves(house: House) -> None:
    (ann, _) = await house.reserved("ann", "bo")
    assert await house.moves.served_orders() == []

    tendered_at = await house.tendered(ann)

    (served,) = await house.moves.served_orders()
    assert served.order.order_id == ann.order_id
    assert served.given_at == tendered_at - timedelta(days=3)
    assert served.order.slot is not None
    assert (served.has_given_car, served.time) == (False, served.order.slot.week)
    assert (await house.moves.cooling_off()) == {}


async def test_a_car_that_another_order_gave_up_counts_from_when_it_was_given(
    house: House,
) -> None:
    ann, bo = await house.reserved("ann", "bo")
    for key in (ann, bo):
        await house.live(key, "RecordPayment", START + MINUTE, PROVIDER)
        await house.live(key, "Lock", START + timedelta(days=8), world.actor("timer"))
    for name, days in (("Schedule", 9), ("RecordBuilt", 10)):
        await house.live(ann, name, START + timedelta(days=days), world.actor("planning"))
    at = START + timedelta(days=11)
    await house.live(ann, "CancelByBuyer", at, world.actor("buyer"))
    taking = {"vin": world.VIN, "from_buyer_id": ann.buyer_id, "from_order_id": ann.order_id}
    await house.live(bo, "AllocateCar", at + MINUTE, world.actor("planning"), **taking)

    (served,) = await house.moves.served_orders()

    assert served.order.order_id == bo.order_id
    assert (served.given_at, served.has_given_car, served.time) == (at + MINUTE, True, "")


async def test_overtakings_are_listed_with_whoever_passed(house: House) -> None:
    ann, bo, cy = await house.reserved("ann", "bo", "cy")
    lane = Lane("aurora/grey/wheels_19")
    for key, why in ((ann, Why.COOLING_OFF), (bo, None)):
        fields = {"lane": lane, "by_rank": 3, "given_at": START, "why": why}
        await house.live(key, "RecordPayment", START + MINUTE, PROVIDER)
        await house.live(key, "RecordOvertaking", START + MINUTE, world.actor("timer"), **fields)

    # Both were recorded at the same instant, so the earlier rank stands first.
    first, second = await house.moves.overtakings(0, 10)

    assert first == RecordedOvertaking(
        buyer_id=ann.buyer_id,
        order_id=ann.order_id,
        queue_id=QUEUE.queue_id,
        rank=1,
        lane=lane,
        by_rank=3,
        by_order_id=cy.order_id,
        given_at=START,
        recorded_at=START,
        why=Why.COOLING_OFF,
    )
    assert (second.order_id, second.why) == (bo.order_id, None)
    assert await house.moves.overtakings(1, 10) == [second]
    assert await house.moves.overtakings(0, 1) == [first]
    assert await house.moves.overtakings(0, 10, only_inversions=True) == [second]


# Only a database has transactions that commit in another order than they begin ---------------


@pytest.fixture
async def pool(fresh_database_url: str) -> AsyncIterator[Pool]:
    async with await open_pool(fresh_database_url) as opened:
        yield opened


async def test_a_move_that_is_committed_late_is_read_late_and_not_missed(
    pool: Pool, fresh_database_url: str
) -> None:
    house = postgres_house(pool)
    begun = await whole(house)
    with psycopg.connect(fresh_database_url) as slow, psycopg.connect(fresh_database_url) as quick:
        for each in (slow, quick):
            each.execute("SELECT")
        insert(slow, "queue_move", rank=1, sequence=1)
        insert(quick, "queue_move", rank=2, sequence=2)
        quick.commit()
        first = await house.moves.moves_since(begun.cursor)
        newest = quick.execute("SELECT max(written_in)::text FROM earnest.queue_move").fetchone()
        slow.commit()
    assert newest is not None

    second = await house.moves.moves_since(first.cursor)

    assert [each.rank for each in first.moves] == [2]
    assert [each.rank for each in second.moves] == [1, 2]
    # The cursor may be held back for a while: see `whole`.
    read = second
    while read.moves:
        read = await house.moves.moves_since(read.cursor)
        assert {each.rank for each in read.moves} <= {1, 2}
    # The control: whoever goes on from the newest transaction that was seen misses the late one.
    missed = await house.moves.moves_since(newest[0])
    assert [each.rank for each in missed.moves] == [2]


async def test_the_numbering_of_another_server_is_left_out_until_ours_gets_there(
    pool: Pool, fresh_database_url: str
) -> None:
    house = postgres_house(pool)
    begun = await whole(house)
    with psycopg.connect(fresh_database_url) as restored:
        insert(restored, "queue_move", written_in="900000000")

    assert (await house.moves.moves_since(begun.cursor)).moves == []
    assert len((await whole(house)).moves) == 1


async def test_many_moves_are_read_in_pieces(pool: Pool) -> None:
    house = postgres_house(pool)
    await house.publish()
    for each in range(0, PIECE + 1, 500):
        await house.tell(*(reservation(f"buyer {each + one}") for one in range(500)))

    pieces = [piece async for piece in PostgresMoves(pool).every_move()]

    assert [len(piece.moves) for piece in pieces] == [PIECE, 500]
    assert [each.rank for piece in pieces for each in piece.moves] == list(range(1, PIECE + 501))
    assert key_of("buyer 0").order_id == pieces[0].moves[0].order_id
