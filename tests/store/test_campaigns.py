"""Campaigns in a store of either kind: versions, quotas, codes, lists, interest, and the report."""

from __future__ import annotations

from datetime import timedelta

import anyio
import msgspec
import pytest

from earnest.core.launch.announcing import Announced
from earnest.core.launch.attribution import Attribution
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.code import CodeBatch, CodeFact
from earnest.core.launch.draw import Draw
from earnest.core.launch.room import Place
from earnest.core.values.ids import CampaignId, CodeId, GroupId, OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.campaign_ports import Announcement, Attributed, CodesOfGroup, Count, Member
from earnest.desk.campaigns import code_ids
from earnest.desk.ports import Channel, CodeMove, Counted, CountMove, Lookup
from tests.core import world
from tests.core.campaigns import CAMPAIGN, VIP, never_over
from tests.store.house import (
    BUYER,
    PROVIDER,
    START,
    House,
    buyer_of,
    key_of,
    nothing_but,
    reservation,
)

pytestmark = pytest.mark.anyio

LATER = START + timedelta(days=1)
ID = CAMPAIGN.campaign_id


def announcement(
    campaign: Campaign = CAMPAIGN, key: str = "first", content: str = "a"
) -> Announcement:
    announced = Announced(campaign=campaign, published_at=START, published_by="staff:ida")
    return Announcement(announced=announced, key=key, content_hash=content)


async def published(house: House, campaign: Campaign = CAMPAIGN, *, tells: bool = False) -> None:
    """Publish a version without any judge."""
    wanted = announcement(campaign, key=f"v{campaign.version}")
    assert await house.campaigns.announce(wanted, lambda _: tells) == wanted


def batch(count: int = 2, key: str = "codes", **fields: object) -> CodeBatch:
    made = CodeBatch(
        actor_id="staff:chen",
        key=key,
        content_hash="c",
        campaign_id=ID,
        group_id=VIP.group_id,
        count=count,
        valid_until=LATER,
        issued_at=START,
    )
    return msgspec.structs.replace(made, **fields)


# Versions -----------------------------------------------------------------------------------


async def test_a_version_is_kept_with_its_act_and_found_by_everybody(house: House) -> None:
    wanted = announcement()

    assert await house.campaigns.announcement("staff:ida", "first") is None
    assert await house.campaigns.announce(wanted, lambda _: False) == wanted
    assert await house.campaigns.announcement("staff:ida", "first") == wanted
    assert await house.campaigns.announcement("staff:bo", "first") is None
    assert list(await house.campaigns.campaigns()) == [wanted.announced]
    assert list(await house.store.campaigns()) == [wanted.announced]


async def test_a_repeated_act_gets_the_first_result_whatever_it_says(house: House) -> None:
    first = announcement()
    await house.campaigns.announce(first, lambda _: False)
    other = announcement(msgspec.structs.replace(CAMPAIGN, version=2), content="b")

    def never(_: object) -> bool:
        raise AssertionError("a known act is not judged again")

    assert await house.campaigns.announce(other, never) == first


async def test_the_judge_sees_the_versions_beside_the_draft_and_can_reject_it(
    house: House,
) -> None:
    await published(house)
    elsewhere = msgspec.structs.replace(
        CAMPAIGN, campaign_id=CampaignId("other"), queue_id="swift-cn"
    )
    await house.campaigns.announce(announcement(elsewhere, key="other"), lambda _: False)
    seen: list[str] = []

    def judge(versions: object) -> Rejected:
        assert isinstance(versions, list)
        seen.extend(each.campaign.campaign_id for each in versions)
        return Rejected(Reason.QUEUE_ON_SALE)

    draft = announcement(msgspec.structs.replace(CAMPAIGN, version=2), key="second")

    assert await house.campaigns.announce(draft, judge) == Rejected(Reason.QUEUE_ON_SALE)
    assert seen == [ID]
    assert len(await house.campaigns.campaigns()) == 2


async def test_quotas_become_counters_that_a_new_version_can_raise(house: House) -> None:
    await published(house)
    more = msgspec.structs.replace(VIP, quota=60)
    await published(house, msgspec.structs.replace(CAMPAIGN, version=2, groups=(more,)))

    assert await house.campaigns.counts(ID) == [
        Count(counter="benefit:seats", quota=3, taken=0),
        Count(counter="group:loyal", quota=500, taken=0),
        Count(counter="group:vip", quota=60, taken=0),
    ]
    assert list(await house.campaigns.counts(CampaignId("none"))) == []


async def test_who_waits_is_written_to_when_a_version_moves_something(house: House) -> None:
    await published(house)
    await house.campaigns.want_news(ID, buyer_of("li"), START, wanted=True)
    await house.campaigns.want_news(ID, buyer_of("li"), LATER, wanted=True)
    await house.campaigns.want_news(ID, buyer_of("bo"), START, wanted=True)
    await house.campaigns.want_news(ID, buyer_of("bo"), START, wanted=False)
    await house.campaigns.invite(ID, GroupId("loyal"), [buyer_of("an")])
    bound = batch(count=1, buyer_ids=(buyer_of("vi"),))
    await house.campaigns.issue(bound, code_ids(bound), 50, never_over)
    await published(house, msgspec.structs.replace(CAMPAIGN, version=2))
    assert await house.jobs() == []

    await published(house, msgspec.structs.replace(CAMPAIGN, version=3), tells=True)

    told = [message for job in await house.jobs() for message in job]
    assert [each.buyer_id for each in told] == sorted(map(buyer_of, ("li", "an", "vi")))
    assert {(x.channel, x.subject, x.sequence) for x in told} == {(Channel.CAMPAIGN, ID, 3)}


async def test_who_waits_in_the_room_is_written_to_once_and_nobody_of_another_room(
    house: House,
) -> None:
    await published(house)
    other = CampaignId("another")
    for launch, name in ((ID, "li"), (ID, "an"), (other, "bo")):
        await house.rooms.commit_seed(Draw(launch=launch, commitment="0" * 64, committed_at=START))
        waits = Place(
            launch=launch,
            buyer_id=buyer_of(name),
            entry=name,
            number=1,
            joined_at=START,
        )
        async with house.rooms.transaction() as transaction:
            await transaction.put([], [waits])
    await house.campaigns.want_news(ID, buyer_of("li"), START, wanted=True)
    await house.campaigns.invite(ID, GroupId("loyal"), [buyer_of("li")])

    for _ in range(2):
        await published(house, msgspec.structs.replace(CAMPAIGN, version=2), tells=True)

    told = [message.buyer_id for job in await house.jobs() for message in job]
    assert told == sorted(map(buyer_of, ("li", "an")))


async def test_nobody_waits_and_nothing_leaves(house: House) -> None:
    await published(house, tells=True)

    assert await house.jobs() == []


# Codes and lists ----------------------------------------------------------------------------


async def test_codes_are_issued_once_for_a_key_and_never_beyond_the_quota(house: House) -> None:
    first = batch(count=2)
    bound = batch(count=1, key="bound", buyer_ids=(buyer_of("li"),))

    assert await house.campaigns.issue(first, code_ids(first), 3, never_over) == first
    assert await house.campaigns.issue(first, code_ids(first), 3, never_over) == first
    assert await house.campaigns.issue(bound, code_ids(bound), 3, never_over) == bound
    further = batch(count=1, key="further")
    assert await house.campaigns.issue(further, code_ids(further), 3, never_over) == Rejected(
        Reason.CODES_EXCEED_QUOTA, {"quota": "3", "issued": "3"}
    )

    listed = await house.campaigns.codes(ID)
    assert {each.code_id for each in listed} == {*code_ids(first), *code_ids(bound)}
    assert {each.buyer_id for each in listed} == {None, buyer_of("li")}
    assert {(each.valid_until, each.issued_by) for each in listed} == {(LATER, "staff:chen")}
    assert await house.campaigns.codes_by_group(ID, never_over) == [
        CodesOfGroup(group_id=VIP.group_id, issued=3, used=0)
    ]


async def test_a_code_that_ran_out_unused_gives_its_place_back(house: House) -> None:
    await published(house)
    first = batch(count=3)
    one, _, _ = code_ids(first)
    await house.campaigns.issue(first, code_ids(first), 3, never_over)
    take = CodeMove(code_id=one, order_before=None, order_id=key_of("li").order_id, was_locked=True)
    await house.save(nothing_but(codes=[take]))

    def over(group_id: GroupId, valid_until: Instant) -> bool:
        return group_id == VIP.group_id and valid_until <= LATER

    three = batch(count=3, key="three", valid_until=LATER + timedelta(days=1))
    assert await house.campaigns.issue(three, code_ids(three), 3, over) == Rejected(
        Reason.CODES_EXCEED_QUOTA, {"quota": "3", "issued": "1"}
    )
    two = batch(count=2, key="two", valid_until=LATER + timedelta(days=1))
    assert await house.campaigns.issue(two, code_ids(two), 3, over) == two

    def counted(issued: int) -> list[CodesOfGroup]:
        return [CodesOfGroup(group_id=VIP.group_id, issued=issued, used=1)]

    assert list(await house.campaigns.codes_by_group(ID, over)) == counted(3)
    assert list(await house.campaigns.codes_by_group(ID, never_over)) == counted(5)


async def test_two_who_issue_at_once_share_one_quota(house: House) -> None:
    batches = [batch(count=2, key=f"at-once-{number}") for number in range(6)]

    found: list[CodeBatch | Rejected] = []

    async def issue(wanted: CodeBatch) -> None:
        found.append(await house.campaigns.issue(wanted, code_ids(wanted), 5, never_over))

    async with anyio.create_task_group() as tasks:
        for each in batches:
            tasks.start_soon(issue, each)

    assert sum(isinstance(each, CodeBatch) for each in found) == 2
    assert len(await house.campaigns.codes(ID)) == 4


async def test_a_list_knows_its_members_only(house: House) -> None:
    loyal = GroupId("loyal")
    await house.campaigns.invite(ID, loyal, [buyer_of("li"), buyer_of("an")])
    await house.campaigns.invite(ID, loyal, [buyer_of("li")])

    li, an = (Member(ID, loyal, buyer_of(name)) for name in ("li", "an"))
    nobodies = [
        Member(ID, loyal, buyer_of("bo")),
        Member(ID, VIP.group_id, buyer_of("li")),
        Member(CampaignId("other"), loyal, buyer_of("li")),
    ]
    assert await house.campaigns.invited([li, *nobodies, an, li]) == {li, an}
    assert await house.campaigns.invited(nobodies) == set()


# What a group locks and moves ---------------------------------------------------------------


async def test_codes_and_counters_are_loaded_and_moved(house: House) -> None:
    await published(house)
    issued = batch()
    one, two = code_ids(issued)
    await house.campaigns.issue(issued, (one, two), 50, never_over)
    lookup = Lookup(
        orders=(),
        queues=(world.QUEUE,),
        commands=(),
        codes=tuple(sorted((one, CodeId("UNKN0WN000000000")))),
        counted=(world.QUEUE,),
    )
    order_id = key_of("li").order_id
    vip = Counted(ID, "group:vip")
    async with house.transaction() as transaction:
        loaded = await transaction.load(lookup)
        assert loaded.codes == {one: CodeFact(code_id=one)}
        assert loaded.taken[vip] == 0
        assert len(loaded.taken) == 3
        take = CodeMove(code_id=one, order_before=None, order_id=order_id, was_locked=True)
        up = CountMove(campaign_id=ID, counter="group:vip", change=1)
        await transaction.save(nothing_but(codes=[take], counts=[up]))

    async with house.transaction() as transaction:
        loaded = await transaction.load(lookup)

    assert loaded.codes == {one: CodeFact(code_id=one, order_id=order_id)}
    assert loaded.taken[vip] == 1
    assert [each.order_id for each in await house.campaigns.codes(ID) if each.code_id == one] == [
        order_id
    ]
    assert (await house.campaigns.codes_by_group(ID, never_over))[0].used == 1


async def test_a_code_that_is_elsewhere_is_not_moved(house: House) -> None:
    await published(house)
    issued = batch()
    one, _ = code_ids(issued)
    await house.campaigns.issue(issued, code_ids(issued), 50, never_over)
    mine, other = OrderId("0RDER00000000001"), OrderId("0RDER00000000002")
    take = CodeMove(code_id=one, order_before=None, order_id=mine, was_locked=True)
    await house.save(nothing_but(codes=[take]))
    back = CodeMove(code_id=one, order_before=other, order_id=None, was_locked=False)
    await house.save(nothing_but(codes=[back]))

    assert [x.order_id for x in await house.campaigns.codes(ID) if x.code_id == one] == [mine]
    with pytest.raises(house.violation):
        await house.save(nothing_but(codes=[take]))


async def test_no_more_places_are_freed_than_were_taken(house: House) -> None:
    await published(house)
    down = CountMove(campaign_id=ID, counter="group:vip", change=-1)

    with pytest.raises(house.violation):
        await house.save(nothing_but(counts=[down]))


# The report ---------------------------------------------------------------------------------


async def test_the_report_counts_what_became_of_the_orders_by_how_they_came(house: House) -> None:
    ways = {
        "li": Attribution(campaign_id=ID, version=1, channel="live"),
        "an": Attribution(campaign_id=ID, version=1, channel="live"),
        "bo": Attribution(campaign_id=ID, version=1, referral="FR1END0000000001"),
        "vi": Attribution(campaign_id=ID, version=1, group_id=VIP.group_id),
        "no": Attribution(campaign_id=CampaignId("other"), version=1),
        "me": None,
    }
    await published(house)
    taken = CountMove(campaign_id=ID, counter="group:vip", change=1)
    await house.save(nothing_but(counts=[taken]))
    for name, attribution in ways.items():
        await attributed(house, name, attribution)
    await house.live(key_of("li"), "RecordPayment", START + timedelta(minutes=1), PROVIDER)
    await house.live(key_of("li"), "Lock", START + timedelta(days=8), world.actor("timer"))
    await house.live(key_of("bo"), "Withdraw", START + timedelta(minutes=1), BUYER)
    await house.live(key_of("vi"), "Lapse", START + timedelta(days=1), world.actor("timer"))

    found = await house.campaigns.attributed(ID, world.QUEUE)

    assert list(found) == [
        came(group_id=VIP.group_id, lapsed=1),
        came(referral="FR1END0000000001", withdrawn=1),
        came(channel="live", reservations=2, paid=1, locked=1, deposits=500_000),
    ]


def came(**said: object) -> Attributed:
    """A line of the report: one reservation of which nothing came, but for what is said."""
    nothing = Attributed(
        channel=None,
        referral=None,
        group_id=None,
        reservations=1,
        paid=0,
        locked=0,
        withdrawn=0,
        lapsed=0,
        delivered=0,
        deposits=0,
        currency="CNY",
    )
    return msgspec.structs.replace(nothing, **said)


async def attributed(house: House, name: str, attribution: Attribution | None) -> None:
    """Reserve, and let the order say how it came."""
    await house.tell(reservation(name))
    if attribution is None:
        return
    order = await house.reader.order_of_buyer(key_of(name))
    assert order is not None
    marked = msgspec.structs.replace(order, attribution=attribution)
    async with house.transaction() as transaction:
        key = key_of(name)
        await transaction.load(Lookup(orders=(key,), queues=(), commands=()))
        await transaction.save(nothing_but(orders=[marked]))
