"""What leaves and what arrives: deadlines, the inbox, messages; PostgreSQL and its twin in memory.

Not here: groups of commands (`test_contract.py`) and the worker that sends (`test_outbox.py`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from earnest.core.timers import Deadline, DeadlineKind
from earnest.desk.ports import (
    Channel,
    InboxMessage,
    OrderDeadline,
    OutgoingMessage,
)
from tests.store.house import (
    PROVIDER,
    START,
    House,
    buyer_of,
    command,
    key_of,
    nothing_but,
)

pytestmark = pytest.mark.anyio


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
