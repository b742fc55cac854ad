"""Publishing a version of a campaign: what is refused before it opened, and what afterwards.

Not here: keeping versions (`tests/store/test_campaigns.py`) and the document (`test_campaign_*`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.launch.admitting import counters, set_aside
from earnest.core.launch.announcing import Announced, in_force, taken_away, why_not_announced
from earnest.core.launch.benefit import (
    Condition,
    DepositedBefore,
    FirstRanks,
    LockedBefore,
    NotLeft,
    OfGroup,
    Referred,
    ReservedWithin,
    ThroughChannel,
)
from earnest.core.launch.campaign import Campaign, Entry, Group
from earnest.core.launch.edition import Edition
from earnest.core.values.ids import CampaignId, GroupId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core.campaigns import CAMPAIGN, LOYAL, VIP, benefit
from tests.core.world import TERMS, local, offer_of, yuan

BEFORE = local(2024, 6, 20)
WHILE_OPEN = local(2024, 7, 2)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def changed(**fields: object) -> Campaign:
    """The next version of the campaign, with some fields changed."""
    return msgspec.structs.replace(CAMPAIGN, version=2, **fields)


def published(campaign: Campaign = CAMPAIGN, at: Instant = BEFORE) -> Announced:
    return Announced(campaign=campaign, published_at=at, published_by="staff:ida")


def refused(draft: Campaign, now: Instant, current: Announced | None = None) -> Rejected | None:
    """Why this draft may not follow the campaign now."""
    return why_not_announced(draft, current or published(), (), now)


# A first version ----------------------------------------------------------------------------


def test_a_first_version_is_announced_before_it_opens_or_as_it_opens() -> None:
    assert why_not_announced(CAMPAIGN, None, (), BEFORE) is None
    assert why_not_announced(CAMPAIGN, None, (), LOYAL.opens_at) is None
    assert why_not_announced(CAMPAIGN, None, (), LOYAL.opens_at + MINUTE) == Rejected(
        Reason.OPENING_IN_THE_PAST
    )
    assert why_not_announced(changed(), None, (), BEFORE) == Rejected(
        Reason.CAMPAIGN_VERSION_STALE, {"version": "1"}
    )


def test_a_sale_on_which_people_rely_is_not_shut_by_a_later_campaign() -> None:
    offers = (offer_of(TERMS),)

    assert why_not_announced(CAMPAIGN, None, offers, BEFORE) == Rejected(Reason.QUEUE_ON_SALE)
    opening_now = msgspec.structs.replace(CAMPAIGN, opens_at=BEFORE, reveal_at=BEFORE, groups=())
    assert why_not_announced(opening_now, None, offers, BEFORE) is None


def test_a_queue_has_one_campaign_at_a_time() -> None:
    other = msgspec.structs.replace(CAMPAIGN, campaign_id=CampaignId("spring"))
    over = msgspec.structs.replace(other, closes_at=BEFORE)

    assert refused(CAMPAIGN, BEFORE, published(other)) == Rejected(
        Reason.CAMPAIGN_RUNNING, {"campaign_id": "spring"}
    )
    assert refused(CAMPAIGN, BEFORE, published(over)) is None
    endless = msgspec.structs.replace(other, closes_at=None)
    assert refused(CAMPAIGN, WHILE_OPEN, published(endless)) is not None


def test_the_newest_version_published_by_an_instant_is_in_force() -> None:
    first, second = published(), published(changed(), WHILE_OPEN)

    assert in_force((first, second), BEFORE - MINUTE) is None
    assert in_force((second, first), WHILE_OPEN - MINUTE) is first
    assert in_force((second, first), WHILE_OPEN) is second


# Moving instants ----------------------------------------------------------------------------


def test_before_it_opens_everything_may_change_by_the_next_version() -> None:
    assert refused(changed(benefits=(), groups=(), channels=(), closes_at=None), BEFORE) is None
    assert refused(CAMPAIGN, BEFORE) == Rejected(Reason.CAMPAIGN_VERSION_STALE, {"version": "2"})


def test_an_opening_moves_in_time_for_every_server_to_know() -> None:
    now = LOYAL.opens_at - 2 * MINUTE
    later = changed(opens_at=CAMPAIGN.opens_at + DAY)

    assert refused(later, now) is None
    assert refused(changed(opens_at=now + MINUTE), now) is None
    assert refused(changed(opens_at=now + MINUTE - MINUTE / 60), now) == Rejected(
        Reason.OPENING_TOO_CLOSE, {"what": "opens_at"}
    )
    assert refused(later, CAMPAIGN.opens_at - MINUTE / 2) == Rejected(
        Reason.OPENING_TOO_CLOSE, {"what": "opens_at"}
    )


def test_what_has_happened_is_not_moved() -> None:
    assert refused(changed(reveal_at=CAMPAIGN.reveal_at + MINUTE), LOYAL.opens_at) == Rejected(
        Reason.OPENING_PASSED, {"what": "reveal_at"}
    )
    opened_late = msgspec.structs.replace(LOYAL, opens_at=WHILE_OPEN + DAY)
    assert refused(changed(groups=(opened_late, VIP)), WHILE_OPEN) == Rejected(
        Reason.OPENING_PASSED, {"what": "groups.loyal.opens_at"}
    )


@pytest.mark.parametrize("closes_at", [None, CAMPAIGN.closes_at, local(2034, 9, 2)])
def test_after_the_first_opening_none_comes_later_than_announced(
    closes_at: Instant | None,
) -> None:
    """Whoever is behind it would stand behind everybody who came meanwhile; see pausing."""
    now = LOYAL.opens_at
    endless = published(msgspec.structs.replace(CAMPAIGN, closes_at=closes_at))
    later = changed(opens_at=CAMPAIGN.opens_at + MINUTE, closes_at=closes_at)
    codes = with_group(opens_at=VIP.opens_at + DAY, closes_at=VIP.closes_at)
    codes = msgspec.structs.replace(codes, closes_at=closes_at)

    assert refused(later, now, endless) == Rejected(Reason.PERIOD_TAKEN_AWAY, {"what": "opens_at"})
    assert refused(codes, now, endless) == Rejected(
        Reason.PERIOD_TAKEN_AWAY, {"what": "groups.vip.opens_at"}
    )
    assert refused(later, now - MINUTE, endless) is None
    assert refused(codes, now - MINUTE, endless) is None


def test_after_the_first_opening_another_may_come_earlier() -> None:
    earlier = changed(opens_at=CAMPAIGN.opens_at - MINUTE)

    assert refused(earlier, LOYAL.opens_at) is None


def test_a_group_may_be_added_while_the_campaign_is_open() -> None:
    further = msgspec.structs.replace(
        VIP, group_id=GroupId("late"), opens_at=WHILE_OPEN + DAY, quota=9
    )
    draft = changed(groups=(LOYAL, VIP, further))

    assert refused(draft, WHILE_OPEN) is None
    assert counters(draft) == {
        "group:loyal": 500,
        "group:vip": 50,
        "group:late": 9,
        "benefit:seats": 3,
    }


# Taking away --------------------------------------------------------------------------------


def with_group(**fields: object) -> Campaign:
    """The campaign with one of its groups changed."""
    return changed(groups=(LOYAL, msgspec.structs.replace(VIP, **fields)))


def with_benefit(*conditions: Condition, **fields: object) -> Campaign:
    """A campaign whose one benefit has these conditions."""
    (made,) = (benefit("wheels", *conditions),)
    return changed(benefits=(msgspec.structs.replace(made, **fields),))


TAKEN: list[tuple[Campaign, Campaign, Reason, str]] = [
    (CAMPAIGN, changed(closes_at=local(2024, 8, 31)), Reason.PERIOD_TAKEN_AWAY, "closes_at"),
    (changed(closes_at=None), CAMPAIGN, Reason.PERIOD_TAKEN_AWAY, "closes_at"),
    (CAMPAIGN, changed(groups=(LOYAL,)), Reason.GROUP_TAKEN_AWAY, "vip"),
    (CAMPAIGN, with_group(entry=Entry.MEMBERS), Reason.GROUP_TAKEN_AWAY, "vip"),
    (CAMPAIGN, with_group(quota=49), Reason.QUOTA_TAKEN_AWAY, "groups.vip.quota"),
    (CAMPAIGN, with_group(reserves_units=False), Reason.QUOTA_TAKEN_AWAY, "groups.vip.quota"),
    (CAMPAIGN, with_group(models=("swift",)), Reason.QUOTA_TAKEN_AWAY, "groups.vip.models"),
    (
        with_group(models=()),
        with_group(models=("aurora", "swift")),
        Reason.QUOTA_TAKEN_AWAY,
        "groups.vip.models",
    ),
    (
        CAMPAIGN,
        with_group(closes_at=local(2024, 8, 1)),
        Reason.PERIOD_TAKEN_AWAY,
        "groups.vip.closes_at",
    ),
    (CAMPAIGN, changed(channels=()), Reason.CHANNEL_TAKEN_AWAY, "live"),
    (CAMPAIGN, changed(benefits=CAMPAIGN.benefits[1:]), Reason.BENEFIT_TAKEN_AWAY, "wheels"),
    (with_benefit(), with_benefit(texts={"en": "A sticker"}), Reason.BENEFIT_TAKEN_AWAY, "wheels"),
    (with_benefit(), with_benefit(worth=yuan(1_999)), Reason.BENEFIT_TAKEN_AWAY, "wheels"),
    (with_benefit(), with_benefit(worth=None), Reason.BENEFIT_TAKEN_AWAY, "wheels"),
    (
        with_benefit(),
        with_benefit(worth=msgspec.structs.replace(yuan(9_999), currency="JPY")),
        Reason.BENEFIT_TAKEN_AWAY,
        "wheels",
    ),
    (with_benefit(), with_benefit(quota=3), Reason.QUOTA_TAKEN_AWAY, "benefits.wheels.quota"),
    (
        with_benefit(quota=3),
        with_benefit(quota=2),
        Reason.QUOTA_TAKEN_AWAY,
        "benefits.wheels.quota",
    ),
    (with_benefit(), with_benefit(NotLeft()), Reason.BENEFIT_TAKEN_AWAY, "wheels"),
]


@pytest.mark.parametrize(("before", "after", "reason", "what"), TAKEN)
def test_once_it_opened_a_version_takes_nothing_away(
    before: Campaign, after: Campaign, reason: Reason, what: str
) -> None:
    (found,) = taken_away(before, after)

    assert found.reason is reason
    assert what in found.details.values()
    assert refused(
        msgspec.structs.replace(after, version=3),
        local(2025, 1, 1),
        published(msgspec.structs.replace(before, version=2)),
    ) == Rejected(reason, found.details)


EDITIONS: list[tuple[Edition | None, Edition | None, bool]] = [
    (None, None, False),
    (None, Edition(units=2), True),
    (None, Edition(per_person=1), True),
    (Edition(units=2), Edition(units=2, per_person=1), True),
    (Edition(per_person=1), Edition(units=2, per_person=1), True),
    (Edition(units=2), Edition(units=1), True),
    (Edition(units=2), Edition(units=3), False),
    (Edition(units=2, per_person=1), Edition(per_person=1), False),
    (Edition(units=2, per_person=1), None, False),
]


@pytest.mark.parametrize(("before", "after", "is_less"), EDITIONS)
def test_once_it_opened_nothing_becomes_scarce_that_was_not(
    before: Edition | None, after: Edition | None, *, is_less: bool
) -> None:
    """Orders that came without a limit were never counted; to limit nothing gives to all."""
    expected = Rejected(Reason.EDITION_SHRUNK) if is_less else None
    current = published(msgspec.structs.replace(CAMPAIGN, edition=before))

    assert refused(changed(edition=after), LOYAL.opens_at, current) == expected
    assert refused(changed(edition=after), LOYAL.opens_at - MINUTE, current) is None


def test_a_benefit_without_a_worth_may_get_one() -> None:
    assert list(taken_away(with_benefit(worth=None), with_benefit(worth=yuan(1)))) == []


WEAKER: list[tuple[Condition, Condition]] = [
    (FirstRanks(last_rank=10), FirstRanks(last_rank=11)),
    (
        ReservedWithin(begins=WHILE_OPEN, ends=WHILE_OPEN + DAY),
        ReservedWithin(begins=WHILE_OPEN - DAY, ends=WHILE_OPEN + 2 * DAY),
    ),
    (
        OfGroup(group_ids=(GroupId("loyal"),)),
        OfGroup(group_ids=(GroupId("vip"), GroupId("loyal"))),
    ),
    (ThroughChannel(channel_ids=("live",)), ThroughChannel(channel_ids=("live", "store"))),
    (DepositedBefore(at=WHILE_OPEN), DepositedBefore(at=WHILE_OPEN + DAY)),
    (LockedBefore(at=WHILE_OPEN), LockedBefore(at=WHILE_OPEN + DAY)),
]


@pytest.mark.parametrize(("stricter", "weaker"), WEAKER)
def test_a_condition_may_become_weaker_and_never_stricter(
    stricter: Condition, weaker: Condition
) -> None:
    assert list(taken_away(with_benefit(stricter), with_benefit(weaker))) == []
    assert list(taken_away(with_benefit(stricter), with_benefit())) == []
    assert len(list(taken_away(with_benefit(weaker), with_benefit(stricter)))) == 1
    other = NotLeft() if isinstance(stricter, DepositedBefore) else DepositedBefore(at=WHILE_OPEN)
    assert len(list(taken_away(with_benefit(stricter), with_benefit(other)))) == 1


CONDITIONS = st.sampled_from([each for pair in WEAKER for each in pair] + [NotLeft(), Referred()])
GROUPS = st.builds(
    Group,
    group_id=st.sampled_from([GroupId("loyal"), GroupId("vip")]),
    names=st.just({"en": "Some"}),
    entry=st.sampled_from(list(Entry)),
    quota=st.integers(1, 3),
    opens_at=st.sampled_from([WHILE_OPEN, WHILE_OPEN + MINUTE]),
    closes_at=st.sampled_from([None, WHILE_OPEN + DAY, WHILE_OPEN + 2 * DAY]),
    models=st.sampled_from([(), ("aurora",), ("aurora", "swift")]),
    reserves_units=st.booleans(),
)
CAMPAIGNS = st.builds(
    changed,
    groups=st.lists(GROUPS, unique_by=lambda each: each.group_id).map(tuple),
    benefits=st.builds(
        lambda conditions, quota: (benefit("wheels", *conditions, quota=quota),),
        st.lists(CONDITIONS, max_size=3, unique_by=type),
        st.sampled_from([None, 1, 2]),
    ),
    closes_at=st.sampled_from([None, local(2024, 9, 1), local(2024, 9, 2)]),
    channels=st.sampled_from([(), CAMPAIGN.channels]),
)


@given(CAMPAIGNS)
def test_nothing_is_taken_by_the_same_campaign(campaign: Campaign) -> None:
    assert list(taken_away(campaign, campaign)) == []


@given(CAMPAIGNS, CAMPAIGNS, CAMPAIGNS)
def test_small_steps_take_no_more_than_one_large_step(
    first: Campaign, second: Campaign, third: Campaign
) -> None:
    """Two versions that each take nothing away take nothing together: no way round in slices."""
    if not list(taken_away(first, second)) and not list(taken_away(second, third)):
        assert list(taken_away(first, third)) == []


def test_units_are_set_aside_for_groups_that_may_still_come() -> None:
    late = msgspec.structs.replace(LOYAL, reserves_units=True)
    campaign = changed(groups=(late, VIP))
    taken = {"group:vip": 20}

    assert set_aside(campaign, taken, BEFORE, None) == 500 + 30
    assert set_aside(campaign, taken, BEFORE, VIP.group_id) == 500
    assert set_aside(campaign, taken, WHILE_OPEN, None) == 30
    assert set_aside(campaign, {"group:vip": 51}, WHILE_OPEN, None) == 0
    assert set_aside(campaign, {}, local(2024, 9, 1), None) == 0
