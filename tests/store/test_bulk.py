"""Commands that were asked for many orders: one suite for PostgreSQL and for the twin."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Window
from earnest.desk.bulk import BulkAct, bulk_id_of, key_of
from earnest.desk.ports import OrderKey
from tests.core import world
from tests.store.house import PROVIDER, START, House, buyer_of, command

pytestmark = pytest.mark.anyio

SALES = world.actor("sales:chen")


async def act_about(house: House, *orders: OrderKey, key: str = "one", hours: int = 1) -> BulkAct:
    """An offer of other windows to these orders, as a door would keep it."""
    order = await house.reader.order_of_buyer(orders[0])
    assert order is not None
    later = Window(
        order.promise.begins + timedelta(days=90), order.promise.ends + timedelta(days=90)
    )
    said = {"key": key, "promise": later, "cause": "A supplier of displays is late."}
    wanted = command("RevisePromise", order, START + timedelta(hours=hours), SALES, **said)
    return BulkAct(
        bulk_id=bulk_id_of(SALES.actor_id, key), content_hash="a", command=wanted, orders=orders
    )


async def test_an_act_is_kept_once_as_it_was_asked_first(house: House) -> None:
    ann, bo = await house.reserved("ann", "bo")
    act = await act_about(house, ann, bo)
    other = msgspec.structs.replace(act, content_hash="b", orders=(bo,))

    assert await house.bulk_acts.keep(act) == act
    assert await house.bulk_acts.keep(other) == act
    assert await house.bulk_acts.act(act.bulk_id) == act
    assert await house.bulk_acts.act("none") is None


async def test_the_answers_are_those_of_the_commands_and_of_no_others(house: House) -> None:
    ann, bo = await house.reserved("ann", "bo")
    await house.live(ann, "RecordPayment", START + timedelta(minutes=5), PROVIDER)
    act = await house.bulk_acts.keep(await act_about(house, ann, bo))
    assert await house.bulk_acts.answers(act) == {}

    (told,) = await house.tell(act.command_for(ann))

    assert act.command_for(ann).key == key_of(act.bulk_id, ann.order_id)
    assert await house.bulk_acts.answers(act) == {ann.order_id: told}
    other = await house.bulk_acts.keep(await act_about(house, ann, key="two"))
    assert await house.bulk_acts.answers(other) == {}


async def test_an_act_is_under_way_until_all_was_given(house: House) -> None:
    (ann,) = await house.reserved("ann")
    late = await house.bulk_acts.keep(await act_about(house, ann, key="late", hours=2))
    early = await house.bulk_acts.keep(await act_about(house, ann, key="early"))
    assert list(await house.bulk_acts.unfinished()) == [early, late]
    assert list(await house.bulk_acts.latest(5)) == [late, early]
    assert list(await house.bulk_acts.latest(1)) == [late]

    await house.bulk_acts.finish(early.bulk_id, START + timedelta(hours=3))
    await house.bulk_acts.finish(early.bulk_id, START + timedelta(hours=4))

    done = msgspec.structs.replace(early, finished_at=START + timedelta(hours=3))
    assert list(await house.bulk_acts.unfinished()) == [late]
    assert await house.bulk_acts.act(early.bulk_id) == done


async def test_an_act_without_orders_or_with_too_many_is_refused(house: House) -> None:
    (ann,) = await house.reserved("ann")
    act = await act_about(house, ann)

    for orders in ((), (ann,) * 1_001):
        with pytest.raises(house.violation):
            await house.bulk_acts.keep(msgspec.structs.replace(act, orders=orders))


async def test_chosen_orders_are_read_by_their_numbers(house: House) -> None:
    ann, _, cy = await house.reserved("ann", "bo", "cy")

    unknown = OrderId(buyer_of("nobody"))
    found = await house.reader.orders_by_ids([cy.order_id, ann.order_id, unknown])

    assert [OrderKey(each.buyer_id, each.order_id) for each in found] == sorted([ann, cy])
