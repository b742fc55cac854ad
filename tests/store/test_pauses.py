"""Pauses, figures of servers and looks at campaigns in a store of either kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from earnest.core.order.stage import Stage
from earnest.core.queue.pause import SalePause
from earnest.core.values.ids import CampaignId, CodeId, QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.campaign_ports import CodesOfGroup
from earnest.desk.campaigns import code_ids
from earnest.desk.pause_ports import KeptPause, PauseAct
from earnest.desk.ports import Channel, Lookup
from earnest.desk.views import PaymentStates
from earnest.desk.watching import BOUNDS, Latencies, ServerFigures, summed, within
from tests.core import world
from tests.core.campaigns import never_over
from tests.store.house import START, House, buyer_of, key_of
from tests.store.test_campaigns import ID, batch, published

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


def act(key: str = "first", **fields: object) -> PauseAct:
    made = PauseAct(queue_id=world.QUEUE, actor_id="staff:chen", key=key, content_hash="a")
    return msgspec.structs.replace(made, **fields)


def begun(known: Sequence[SalePause]) -> SalePause:
    """The next pause of the queue."""
    return SalePause(
        queue_id=world.QUEUE,
        number=len(known) + 1,
        since=START,
        texts={"en": "A fault.", "zh-Hans": "故障。"},
        paused_by="staff:chen",
    )


def ended(known: Sequence[SalePause]) -> SalePause:
    """The last pause, over after an hour."""
    return msgspec.structs.replace(known[-1], resumed_at=START + HOUR, resumed_by="staff:chen")


async def beside_the_counter(house: House) -> SalePause | None:
    """What a group of reservations finds when it locks the queue."""
    async with house.transaction() as transaction:
        lookup = Lookup(orders=(), queues=(world.QUEUE,), commands=())
        return (await transaction.load(lookup)).queues[world.QUEUE].paused


async def paused(house: House) -> SalePause:
    """A pause that is over and not settled."""
    await house.pauses.begin(act(), begun)
    kept = await house.pauses.end(act("end"), ended)
    assert isinstance(kept, KeptPause)
    return kept.paused


async def test_a_pause_stands_beside_the_counter_until_its_end(house: House) -> None:
    kept = await house.pauses.begin(act(), begun)
    assert isinstance(kept, KeptPause)
    assert list(await house.pauses.pauses()) == [kept.paused]
    assert list(await house.store.pauses()) == [kept.paused]
    assert await beside_the_counter(house) == kept.paused

    over = await house.pauses.end(act("end"), ended)
    assert isinstance(over, KeptPause)
    assert list(await house.pauses.pauses()) == [over.paused] == [ended([kept.paused])]
    assert await beside_the_counter(house) is None

    await house.pauses.settle(over.paused, START + 2 * HOUR)
    settled = msgspec.structs.replace(over.paused, settled_at=START + 2 * HOUR)
    assert list(await house.pauses.pauses()) == [settled]


async def test_a_repeated_act_is_not_judged_again_and_a_rejected_one_keeps_nothing(
    house: House,
) -> None:
    def never(_: object) -> SalePause:
        raise AssertionError("a known act is not judged again")

    no = Rejected(Reason.SALE_NOT_PAUSED)
    assert await house.pauses.end(act(), lambda _: no) == no
    unknown = await house.pauses.begin(act(queue_id=QueueId("none")), begun)
    assert unknown == Rejected(Reason.QUEUE_UNKNOWN)
    assert list(await house.pauses.pauses()) == []

    first = await house.pauses.begin(act(), begun)
    assert await house.pauses.begin(act(content_hash="b"), never) == first
    over = await house.pauses.end(act("end"), ended)
    assert await house.pauses.end(act("end"), never) == over


async def test_who_waits_for_the_campaign_is_told_of_the_pause_and_of_its_end(
    house: House,
) -> None:
    await published(house)
    await house.campaigns.want_news(ID, buyer_of("li"), START, wanted=True)
    await house.pauses.begin(act(campaign_id=ID), begun)
    await house.pauses.end(act("end", campaign_id=ID), ended)

    told = [message for job in await house.jobs() for message in job]
    assert [(x.channel, x.buyer_id, x.subject, x.sequence) for x in told] == [
        (Channel.CAMPAIGN, buyer_of("li"), f"{ID}:paused", 1),
        (Channel.CAMPAIGN, buyer_of("li"), f"{ID}:resumed", 1),
    ]


async def test_the_orders_that_ran_into_a_pause_are_walked_and_lapse_only_once_it_is_settled(
    house: House,
) -> None:
    await house.reserved("li", "bo", "an")
    over = await paused(house)
    stages = (Stage.RESERVED, Stage.DEPOSITED)
    keys = sorted(map(key_of, ("li", "bo", "an")))
    late = START + timedelta(days=1)

    assert list(await house.pauses.orders_in(over, stages, None, 2)) == keys[:2]
    assert list(await house.pauses.orders_in(over, stages, keys[1], 2)) == keys[2:]
    assert list(await house.pauses.orders_in(over, (Stage.DEPOSITED,), None, 2)) == []
    assert list(await house.store.due_deadlines(late, 9)) == []

    await house.pauses.settle(over, late)
    due = await house.store.due_deadlines(late, 9)
    assert sorted(each.order for each in due) == keys


# Codes and looks ----------------------------------------------------------------------------


async def test_a_revoked_code_is_known_as_such_and_its_place_can_be_issued_again(
    house: House,
) -> None:
    await published(house)
    issued = batch()
    first, second = code_ids(issued)
    await house.campaigns.issue(issued, (first, second), 50, never_over)
    none = CodeId("C0DE000000000000")

    revoked = await house.campaigns.revoke(ID, [first, none], by="staff:bo", at=START)
    again = await house.campaigns.revoke(ID, [first], by="staff:bo", at=START + HOUR)

    assert (list(revoked), list(again)) == ([first], [])
    assert {each.code_id: each.revoked_at for each in await house.campaigns.codes(ID)} == {
        first: START,
        second: None,
    }
    assert list(await house.campaigns.codes_by_group(ID, never_over)) == [
        CodesOfGroup(group_id=issued.group_id, issued=1, used=0)
    ]
    async with house.transaction() as transaction:
        lookup = Lookup(orders=(), queues=(), commands=(), codes=tuple(sorted((first, second))))
        codes = (await transaction.load(lookup)).codes
    assert {key: each.is_revoked for key, each in codes.items()} == {first: True, second: False}


async def test_looks_at_a_campaign_add_up_by_channel(house: House) -> None:
    assert dict(await house.campaigns.looks(ID)) == {}
    await house.watching.add_looks({(ID, "live"): 2, (ID, ""): 5, (CampaignId("other"), ""): 1})
    await house.watching.add_looks({(ID, "live"): 1})

    assert dict(await house.campaigns.looks(ID)) == {"live": 3, "": 5}


# Figures of servers -------------------------------------------------------------------------


def figures(server: str, at: Instant = START, *seconds: float) -> ServerFigures:
    """What a server saw: answers that took so many seconds."""
    latencies = Latencies()
    for each in seconds:
        latencies.add(each)
    return ServerFigures(
        server=server,
        at=at,
        waiting=1,
        turned_away=0,
        answers={"201": len(seconds)},
        messages={},
        latencies=tuple(latencies.counts),
    )


async def test_each_server_writes_its_figures_in_place_of_the_last(house: House) -> None:
    await house.watching.put(figures("a"))
    await house.watching.put(figures("b", START + HOUR))
    await house.watching.put(figures("a", START + HOUR, 0.1))

    assert [each.server for each in await house.watching.servers(START)] == ["a", "b"]
    assert list(await house.watching.servers(START + HOUR)) == []


def test_answers_of_several_servers_are_put_together_and_never_told_faster_than_they_were() -> None:
    quick = figures("a", START, *[0.004] * 98)
    slow = figures("b", START, 0.2, 0.21)
    stuck = figures("c", START, *[31.0] * 3)

    assert within([], 0.99) is None
    assert within([figures("a")], 0.99) is None
    assert within([quick], 0.99) == BOUNDS[0]
    assert within([quick, slow], 0.99) == 0.2
    assert within([quick, slow], 1.0) == 0.25
    assert within([quick, slow, stuck], 0.99) == float("inf")
    assert summed([quick, slow], "answers") == {"201": 100}


async def test_payments_that_a_provider_must_open_and_messages_without_an_order_are_counted(
    house: House,
) -> None:
    assert await house.reader.payment_states(world.QUEUE) == PaymentStates()
