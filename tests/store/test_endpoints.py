"""Addresses that are told of events, and their deliveries: PostgreSQL and the twin."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from earnest.core.values.ids import OrderId, derive_id
from earnest.desk.endpoints import DELIVERIES_KEPT, Delivery, DeliveryResult, EndpointKept
from earnest.desk.staff import Act, TrailFilter
from tests.store.house import START, House, buyer_of

pytestmark = pytest.mark.anyio

HOOK = EndpointKept(
    endpoint_id="hook",
    url="https://maker.example/hook",
    secret_reference="first",
    kinds=("Locked",),
    active=True,
    created_at=START,
)


def act(kind: str, minutes: int = 0) -> Act:
    at = START + timedelta(minutes=minutes)
    return Act(at=at, actor_id="staff:ann", kind=kind, subject="hook")


def delivery(number: int, result: DeliveryResult = DeliveryResult.DELIVERED) -> Delivery:
    return Delivery(
        endpoint_id="hook",
        webhook_id=f"event.{number:03}",
        buyer_id=buyer_of("ann"),
        order_id=OrderId(derive_id("order")),
        sequence=number,
        kind="Locked",
        delivered_at=START + timedelta(seconds=number),
        result=result,
        explanation="the receiver answered 200",
    )


async def test_an_address_is_added_switched_and_rotated_and_all_of_it_is_noted(
    house: House,
) -> None:
    assert await house.endpoints.add(HOOK, act("endpoint_added"))
    assert not await house.endpoints.add(HOOK, act("endpoint_added"))
    assert await house.endpoints.endpoints() == [HOOK]
    assert await house.endpoints.switch("hook", act("endpoint_switched", 1), active=False)
    assert not await house.endpoints.switch("none", act("endpoint_switched"), active=False)
    rotated = await house.endpoints.rotate("hook", "second", act("endpoint_rotated", 2))
    assert rotated == msgspec.structs.replace(
        HOOK,
        active=False,
        secret_reference="second",
        earlier_reference="first",
        rotated_at=START + timedelta(minutes=2),
    )
    assert await house.endpoints.rotate("none", "second", act("endpoint_rotated")) is None
    await house.endpoints.note_act(act("endpoint_tested", 3))

    lines = await house.trail.trail(TrailFilter(), None, 9)
    assert [each.kind for each in reversed(lines)] == [
        *("endpoint_added", "endpoint_switched", "endpoint_rotated", "endpoint_tested")
    ]


async def test_the_last_result_of_the_last_deliveries_is_kept(house: House) -> None:
    await house.endpoints.add(HOOK, act("endpoint_added"))
    tried_at = START + timedelta(minutes=1)
    late = msgspec.structs.replace(
        delivery(1, DeliveryResult.LATE), answer_status=503, next_try_at=tried_at
    )
    # Whoever asks for an attempt between takes nothing from what comes again by itself.
    asked_for = msgspec.structs.replace(late, next_try_at=None, answer_status=None)
    taken = msgspec.structs.replace(delivery(1), answer_status=200)
    seen = []
    for each in (late, asked_for, taken):
        await house.endpoints.note([each])
        (kept,) = await house.endpoints.deliveries("hook")
        seen.append((kept.attempts, kept.answer_status, kept.next_try_at))
    assert seen == [(1, 503, tried_at), (2, None, tried_at), (3, 200, None)]
    assert await house.endpoints.deliveries("hook") == [msgspec.structs.replace(taken, attempts=3)]

    await house.endpoints.note([delivery(number) for number in range(2, DELIVERIES_KEPT + 3)])

    numbers = [each.sequence for each in await house.endpoints.deliveries("hook")]
    assert numbers == list(range(DELIVERIES_KEPT + 2, 2, -1))
    assert await house.endpoints.deliveries("none") == []
