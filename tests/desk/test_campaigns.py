"""A campaign at the desk: codes used once, quotas kept, benefits counted, places given back.

Told on the twin in memory and, where processes compete, on PostgreSQL. Not here: the rules
(`tests/core/tables/22_campaigns.txt`) and the doors (`tests/web/test_campaigns.py`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from earnest.core.launch.campaign import Campaign
from earnest.core.launch.code import PriorityCode
from earnest.core.launch.edition import Edition
from earnest.core.order import commands as ask
from earnest.core.queue.pause import SalePause
from earnest.core.values.ids import CampaignId, GroupId, QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.allotting import allot_free
from earnest.desk.answer import Answer
from earnest.desk.campaign_ports import Announcement, Campaigns, CodesOfGroup, Count
from earnest.desk.campaigns import (
    Circumstances,
    Draft,
    WantedCodes,
    issue_codes,
    publish_campaign,
)
from earnest.desk.group import KeyReused
from earnest.desk.ports import Shelf
from earnest.desk.publishing import Act
from earnest.store.campaigns import PostgresCampaigns
from earnest.store.memory_campaigns import MemoryCampaigns
from earnest.store.pool import open_pool
from earnest.store.statements import STATEMENTS
from tests.core.campaigns import never_over
from tests.desk.campaigning import (
    CAMPAIGN,
    ID,
    LOYAL,
    VALID_UNTIL,
    VERSION,
    VIP,
    act,
    announced,
    issued,
    reserves,
)
from tests.desk.shop import QUEUE, START, STUCK_SECONDS, Shop, buyer_of, in_shop, submitted
from tests.desk.test_two_desks import desks_on


async def opened(shop: Shop) -> MemoryCampaigns:
    """The shop's campaign, known to its desk."""
    campaigns = MemoryCampaigns(shop.store)
    await announced(campaigns)
    await shop.desk.library.refresh_offers()
    return campaigns


async def published(
    campaigns: Campaigns, shelf: Shelf, wanted: Act, draft: Campaign
) -> Announcement | Rejected | KeyReused:
    """Publish a version where nothing is on sale and nothing is paused."""
    return await publish_campaign(
        campaigns, shelf, wanted, Draft(campaign=draft), Circumstances(offers=[])
    )


async def reasons(shop: Shop, *commands: ask.Command) -> list[Reason | None]:
    """What became of commands that were submitted at once."""
    answers = await submitted(shop.desk, *commands)
    return [each.reason if isinstance(each, Answer) else None for each in answers]


def kept(counts: Sequence[Count]) -> dict[str, int]:
    return {each.counter: each.taken for each in counts}


# Codes --------------------------------------------------------------------------------------


def test_a_code_is_used_once_in_one_group_of_commands() -> None:
    async def visit(shop: Shop) -> None:
        campaigns = await opened(shop)
        (code,) = await issued(campaigns, 1)
        commands = [reserves(shop, f"b{number}", priority_code=code) for number in range(10)]

        found = await reasons(shop, *commands)

        assert found == [None] + 9 * [Reason.CODE_USED]
        assert kept(await campaigns.counts(ID)) == {
            "benefit:wheels": 1,
            "group:loyal": 0,
            "group:vip": 1,
        }
        order = shop.order(commands[0].order_id)
        assert order.code_id == code.code_id
        assert order.rank == 1
        shop.check()

    in_shop(visit)


@pytest.mark.parametrize("leaves", ["Withdraw", "Lapse"])
def test_a_code_whose_reservation_ended_unused_is_free_again(leaves: str) -> None:
    async def visit(shop: Shop) -> None:
        campaigns = await opened(shop)
        (code,) = await issued(campaigns, 1)
        order = await shop.does(reserves(shop, "li", priority_code=code))
        if leaves == "Lapse":
            shop.clock.advance(days=1)
            await shop.fire()
        else:
            await shop.does(shop.command("Withdraw", order, "buyer", "leave"))
        assert kept(await campaigns.counts(ID))["group:vip"] == 0

        again = await shop.does(reserves(shop, "bo", priority_code=code))

        assert again.rank == 2
        assert [each.order_id for each in await campaigns.codes(ID)] == [again.order_id]
        assert kept(await campaigns.counts(ID)) == {
            "benefit:wheels": 2,
            "group:loyal": 0,
            "group:vip": 1,
        }
        shop.check()

    in_shop(visit)


def test_a_reservation_paid_in_time_after_all_takes_its_code_and_place_back() -> None:
    async def visit(shop: Shop) -> None:
        campaigns = await opened(shop)
        code, other = await issued(campaigns, 2)
        order = await shop.does(reserves(shop, "li", priority_code=code))
        second = await shop.does(reserves(shop, "an", priority_code=other))
        paid_at = shop.clock.now()
        shop.clock.advance(days=1)
        await shop.fire()
        taken = await shop.does(reserves(shop, "bo", priority_code=other))

        for each in (order, second):
            late = msgspec.structs.replace(shop.payment(each), paid_at=paid_at)
            await shop.does(late)

        assert {each.code_id: each.order_id for each in await campaigns.codes(ID)} == {
            code.code_id: order.order_id,
            other.code_id: taken.order_id,
        }
        assert kept(await campaigns.counts(ID))["group:vip"] == 3
        shop.check()

    in_shop(visit)


def test_an_order_cancelled_after_the_lock_frees_its_place_and_keeps_its_code() -> None:
    async def visit(shop: Shop) -> None:
        campaigns = await opened(shop)
        (code,) = await issued(campaigns, 1)
        order = await shop.does(reserves(shop, "li", priority_code=code))
        await shop.does(shop.payment(order))
        shop.clock.advance(days=8)
        await shop.fire()
        await shop.does(shop.command("CancelByBuyer", order, "buyer", "leave"))

        assert [each.order_id for each in await campaigns.codes(ID)] == [order.order_id]
        assert kept(await campaigns.counts(ID))["group:vip"] == 0

    in_shop(visit)


def test_a_code_freed_and_used_in_one_group_is_where_it_went() -> None:
    async def visit(shop: Shop) -> None:
        campaigns = await opened(shop)
        (code,) = await issued(campaigns, 1)
        first = reserves(shop, "li", priority_code=code)
        leave = shop.command("Withdraw", first, "buyer", "leave")
        second = reserves(shop, "bo", priority_code=code)

        assert await reasons(shop, first, leave, second) == [None, None, None]
        assert [each.order_id for each in await campaigns.codes(ID)] == [second.order_id]
        assert await campaigns.codes_by_group(ID, never_over) == [
            CodesOfGroup(group_id=VIP, issued=1, used=1)
        ]

    in_shop(visit)


# Quotas and benefits ------------------------------------------------------------------------


def test_a_group_never_has_more_orders_than_places_and_a_freed_one_is_taken_again() -> None:
    async def visit(shop: Shop) -> None:
        campaigns = await opened(shop)
        commands = [reserves(shop, f"b{number}", group_id=LOYAL) for number in range(6)]

        assert await reasons(shop, *commands) == 4 * [None] + 2 * [Reason.GROUP_FULL]
        await shop.does(shop.command("Withdraw", commands[0], "buyer", "leave"))
        late = [reserves(shop, name, "second", group_id=LOYAL) for name in ("b4", "b5")]
        assert await reasons(shop, *late) == [None, Reason.GROUP_FULL]
        assert kept(await campaigns.counts(ID))["group:loyal"] == 4

    in_shop(visit)


def test_a_benefit_goes_to_the_first_and_is_never_passed_on() -> None:
    async def visit(shop: Shop) -> None:
        await opened(shop)
        commands = [reserves(shop, f"b{number}") for number in range(5)]
        await reasons(shop, *commands)
        await shop.does(shop.command("Withdraw", commands[0], "buyer", "leave"))
        later = await shop.does(reserves(shop, "later"))

        have = [len(shop.order(each.order_id).benefits) for each in commands]
        assert have == [1, 1, 1, 0, 0]
        assert later.benefits == ()

    in_shop(visit)


def test_a_version_is_in_force_from_its_publication_on() -> None:
    async def visit(shop: Shop) -> None:
        campaigns = await opened(shop)
        more = msgspec.structs.replace(CAMPAIGN, version=2, benefits=())
        at = START + timedelta(hours=1)
        await announced(campaigns, msgspec.structs.replace(VERSION, campaign=more, published_at=at))
        await shop.desk.library.refresh_offers()

        before = await shop.does(reserves(shop, "li"))
        shop.clock.advance(hours=1)
        after = await shop.does(reserves(shop, "bo"))

        assert [len(each.benefits) for each in (before, after)] == [1, 0]
        library = shop.desk.library
        assert [each.campaign.version for each in library.versions_of(ID)] == [1, 2]
        assert library.campaign_at(QUEUE, START - timedelta(days=2)) is None

    in_shop(visit)


def test_units_set_aside_are_for_the_invited_and_for_nobody_who_waits() -> None:
    async def visit(shop: Shop) -> None:
        campaigns = MemoryCampaigns(shop.store)
        kept_for = msgspec.structs.replace(CAMPAIGN.groups[0], quota=2, reserves_units=True)
        scarce = msgspec.structs.replace(
            CAMPAIGN, groups=(kept_for,), benefits=(), edition=Edition(units=3)
        )
        await announced(campaigns, msgspec.structs.replace(VERSION, campaign=scarce))
        await shop.desk.library.refresh_offers()
        codes = await issued(campaigns, 2)
        public = [reserves(shop, f"b{number}") for number in range(3)]
        assert await reasons(shop, *public) == 3 * [None]
        invited = [
            reserves(shop, f"v{number}", priority_code=code) for number, code in enumerate(codes)
        ]
        assert await reasons(shop, *invited) == 2 * [None]

        def states(commands: Sequence[ask.Command]) -> list[str]:
            units = [shop.order(each.order_id).unit for each in commands]
            return [each.state.value for each in units if each is not None]

        assert states(public) == ["held", "waiting", "waiting"]
        assert states(invited) == ["held", "held"]
        assert [shop.order(each.order_id).rank for each in invited] == [4, 5]

    in_shop(visit)


def test_what_the_invited_left_goes_to_those_who_wait_when_their_time_is_over() -> None:
    async def visit(shop: Shop) -> None:
        campaigns = MemoryCampaigns(shop.store)
        ends = shop.clock.now() + timedelta(hours=1)
        kept_for = msgspec.structs.replace(
            CAMPAIGN.groups[0], quota=2, reserves_units=True, closes_at=ends
        )
        scarce = msgspec.structs.replace(
            CAMPAIGN, groups=(kept_for,), benefits=(), edition=Edition(units=3)
        )
        await announced(campaigns, msgspec.structs.replace(VERSION, campaign=scarce))
        await shop.desk.library.refresh_offers()
        (code,) = await issued(campaigns, 1)
        public = [reserves(shop, f"b{number}") for number in range(4)]
        assert await reasons(shop, *public) == 4 * [None]
        assert await reasons(shop, reserves(shop, "v", priority_code=code)) == [None]

        async def states() -> list[str]:
            while await allot_free(shop.desk, shop.store, shop.clock.now()):
                pass
            units = [shop.order(each.order_id).unit for each in public]
            return [each.state.value for each in units if each is not None]

        shop.clock.advance(minutes=59)
        before = shop.desk.counts.commands
        assert await states() == ["held", "waiting", "waiting", "waiting"]
        assert shop.desk.counts.commands - before == 1, "only the first is asked for in vain"
        shop.clock.advance(minutes=1)
        assert await states() == ["held", "held", "waiting", "waiting"]

    in_shop(visit)


# Acts ---------------------------------------------------------------------------------------


def test_a_campaign_is_published_once_for_a_key_and_tells_those_who_wait() -> None:
    async def visit(shop: Shop) -> None:
        campaigns, store = MemoryCampaigns(shop.store), shop.store
        opening = START + timedelta(days=1)
        draft = msgspec.structs.replace(
            CAMPAIGN, opens_at=opening, reveal_at=opening, groups=(), queue_id=QueueId("y7-cn")
        )
        first = await published(campaigns, store, act("ida", "one"), draft)
        assert first == await published(campaigns, store, act("ida", "one"), draft)
        reused = await published(campaigns, store, act("ida", "one", "b"), draft)
        assert isinstance(reused, KeyReused)
        await campaigns.want_news(ID, buyer_of("li"), START, wanted=True)

        same = msgspec.structs.replace(draft, version=2, names={"en": "A", "zh-Hans": "甲"})
        moved = msgspec.structs.replace(draft, version=3, opens_at=opening + timedelta(days=1))
        for number, version in enumerate((same, moved)):
            await published(campaigns, store, act("ida", f"v{number}"), version)

        assert [(each.subject, each.sequence) for each in store.messages] == [(ID, 3)]

    in_shop(visit)


def test_what_stands_in_the_way_of_a_campaign_is_said() -> None:
    async def visit(shop: Shop) -> None:
        campaigns, store = MemoryCampaigns(shop.store), shop.store
        await announced(campaigns)

        async def outcome(key: str, **fields: object) -> object:
            draft = msgspec.structs.replace(CAMPAIGN, **fields)
            return await published(campaigns, store, act("ida", key), draft)

        assert await outcome("a", queue_id=QueueId("none")) == Rejected(Reason.QUEUE_UNKNOWN)
        assert await outcome("b", queue_id=QueueId("y7-cn")) == Rejected(
            Reason.CAMPAIGN_OF_ANOTHER_QUEUE
        )
        assert await outcome("c", version=2, groups=()) == Rejected(
            Reason.GROUP_TAKEN_AWAY, {"group": "vip"}
        )

    in_shop(visit)


def test_units_stay_with_those_who_wait_whichever_version_or_campaign_follows() -> None:
    async def visit(shop: Shop) -> None:
        campaigns, store = MemoryCampaigns(shop.store), shop.store
        ends = START + timedelta(hours=1)
        scarce = msgspec.structs.replace(
            CAMPAIGN, groups=(), benefits=(), closes_at=ends, edition=Edition(units=3)
        )
        await announced(campaigns, msgspec.structs.replace(VERSION, campaign=scarce))
        kept_for = msgspec.structs.replace(
            CAMPAIGN.groups[0],
            opens_at=START + timedelta(days=1),
            closes_at=START + timedelta(days=2),
            quota=2,
            reserves_units=True,
        )
        invites = msgspec.structs.replace(scarce, version=2, groups=(kept_for,))
        follows = msgspec.structs.replace(
            scarce,
            campaign_id=CampaignId("follows"),
            opens_at=START + timedelta(days=1),
            reveal_at=START + timedelta(days=1),
            closes_at=None,
        )

        async def outcome(draft: Campaign, at: Instant) -> Rejected | None:
            wanted = msgspec.structs.replace(act("ida", f"{draft}"), received_at=at)
            found = await published(campaigns, store, wanted, draft)
            return found if isinstance(found, Rejected) else None

        fewer = msgspec.structs.replace(follows, edition=Edition(units=2))
        more = msgspec.structs.replace(follows, edition=Edition(units=5), groups=(kept_for,))
        assert await outcome(invites, START) == Rejected(Reason.UNITS_SET_ASIDE, {"units": "2"})
        assert await outcome(fewer, ends) == Rejected(Reason.EDITION_SHRUNK)
        assert await outcome(
            msgspec.structs.replace(more, edition=Edition(units=4)), ends
        ) == Rejected(Reason.UNITS_SET_ASIDE, {"units": "1"})
        assert await outcome(more, ends) is None
        again = msgspec.structs.replace(fewer, version=2)
        assert await outcome(again, ends) == Rejected(Reason.EDITION_SHRUNK), "before it opens too"

    in_shop(visit)


def test_codes_need_a_second_person_a_group_for_them_and_time() -> None:
    async def visit(shop: Shop) -> None:
        campaigns = await opened(shop)
        usual = WantedCodes(campaign_id=ID, group_id=VIP, count=1, valid_until=VALID_UNTIL)

        async def outcome(who: str = "chen", **fields: object) -> object:
            wanted = msgspec.structs.replace(usual, **fields)
            return await issue_codes(campaigns, [VERSION], act(who, "k"), wanted)

        assert await outcome("IDA") == Rejected(Reason.SECOND_PERSON_MISSING)
        assert await outcome(group_id=GroupId("none")) == Rejected(Reason.GROUP_UNKNOWN)
        assert await outcome(group_id=LOYAL) == Rejected(
            Reason.GROUP_UNSUITABLE, {"entry": "members"}
        )
        assert await outcome(valid_until=START) == Rejected(
            Reason.CODE_OVER, {"valid_until": START.isoformat()}
        )
        assert await outcome(count=6) == Rejected(
            Reason.CODES_EXCEED_QUOTA, {"quota": "5", "issued": "0"}
        )
        unknown = await issue_codes(campaigns, [], act("chen", "k"), usual)
        assert unknown == Rejected(Reason.CAMPAIGN_UNKNOWN)
        codes = await outcome()
        assert isinstance(codes, tuple)
        assert await outcome() == codes
        other = await issue_codes(campaigns, [VERSION], act("chen", "k", "b"), usual)
        assert isinstance(other, KeyReused)

    in_shop(visit)


def test_the_place_of_a_code_that_ran_out_can_be_issued_again_but_not_before() -> None:
    """A pause makes codes good for longer, and so keeps their places for longer."""

    async def visit(shop: Shop) -> None:
        campaigns = await opened(shop)
        usual = WantedCodes(campaign_id=ID, group_id=VIP, count=5, valid_until=VALID_UNTIL)
        full = Rejected(Reason.CODES_EXCEED_QUOTA, {"quota": "5", "issued": "5"})
        second_over = START + timedelta(days=2)
        pause = SalePause(
            queue_id=QUEUE,
            number=1,
            since=second_over - timedelta(hours=1),
            texts={},
            paused_by="staff:an",
            resumed_at=second_over,
        )
        elsewhere = msgspec.structs.replace(pause, queue_id=QueueId("y7-cn"))

        async def outcome(at: Instant, *pauses: SalePause) -> object:
            wanted = msgspec.structs.replace(act("chen", f"{at} {len(pauses)}"), received_at=at)
            later = msgspec.structs.replace(usual, valid_until=at + timedelta(days=1))
            made = await issue_codes(campaigns, [VERSION], wanted, later, pauses)
            return len(made) if isinstance(made, tuple) else made

        assert await outcome(START) == 5
        first_over = START + timedelta(days=1)
        assert await outcome(first_over - timedelta(seconds=1)) == full
        assert await outcome(first_over) == 5
        assert await outcome(second_over, pause) == full
        assert await outcome(second_over + timedelta(minutes=59), pause) == full
        assert await outcome(second_over, elsewhere) == 5

    in_shop(visit)


# Several processes --------------------------------------------------------------------------

CONNECTIONS = 10


async def race(url: str, *, codes: int) -> tuple[list[Reason | None], Sequence[Count]]:
    """Every code shown through ten desks at once, each with connections of its own."""
    shop = Shop()
    async with (
        asyncio.timeout(STUCK_SECONDS),
        await open_pool(url, size_min=1, size_max=1) as pool,
        desks_on(url, shop, CONNECTIONS) as desks,
    ):
        campaigns = PostgresCampaigns(pool)
        await announced(campaigns)
        made: tuple[PriorityCode, ...] = await issued(campaigns, codes)
        for desk in desks:
            await desk.library.refresh_offers()
        asked = [
            submitted(
                desk,
                *(reserves(shop, f"{number}-{code.code_id}", priority_code=code) for code in made),
            )
            for number, desk in enumerate(desks)
        ]
        answers = [each for found in await asyncio.gather(*asked) for each in found]
        assert all(isinstance(each, Answer) for each in answers), answers
        found = [each.reason for each in answers if isinstance(each, Answer)]
        return found, await campaigns.counts(ID)


def test_codes_shown_by_ten_connections_at_once_are_each_used_once(
    fresh_database_url: str,
) -> None:
    found, counts = asyncio.run(race(fresh_database_url, codes=3))

    assert Counter(found) == {None: 3, Reason.CODE_USED: 3 * (CONNECTIONS - 1)}
    assert kept(counts) == {"benefit:wheels": 3, "group:loyal": 0, "group:vip": 3}


def test_without_locks_a_code_is_used_more_than_once(
    fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: the locks of queue and code, and the check that writing repeats, are what holds."""
    for name in ("lock_queues", "lock_codes", "lock_campaign_counts"):
        statement = STATEMENTS[name]
        unlocked = statement.text.replace("FOR UPDATE", "")
        monkeypatch.setitem(STATEMENTS, name, msgspec.structs.replace(statement, text=unlocked))
    moving = STATEMENTS["move_codes"]
    careless = moving.text.replace("AND locked.order_id IS NOT DISTINCT FROM new.order_before", "")
    monkeypatch.setitem(STATEMENTS, "move_codes", msgspec.structs.replace(moving, text=careless))

    found, _ = asyncio.run(race(fresh_database_url, codes=1))

    assert found.count(None) > 1
