"""A campaign as a document: when who may reserve, and when the price can be read.

Not here: publishing versions (`test_announcing.py`) and reserving under one (the tables).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.launch.benefit import Benefit, FirstRanks, NotLeft
from earnest.core.launch.campaign import Campaign, Entry, Group
from earnest.core.values.ids import CampaignId, GroupId
from tests.core.world import QUEUE, local

OPENS = local(2026, 11, 27, 22)
HOUR = timedelta(hours=1)
LOYAL = Group(
    group_id=GroupId("loyal"),
    names={"en": "Loyal buyers", "zh-Hans": "老车主"},
    entry=Entry.MEMBERS,
    quota=500,
    opens_at=OPENS - HOUR,
    closes_at=OPENS,
)
WHEELS = Benefit(
    benefit_id="wheels",
    texts={"en": "Sport wheels", "zh-Hans": "运动轮毂"},
    conditions=(FirstRanks(last_rank=1_000), NotLeft()),
)
CAMPAIGN = Campaign(
    campaign_id=CampaignId("aurora-2026"),
    version=1,
    queue_id=QUEUE,
    names={"en": "Aurora", "zh-Hans": "极光"},
    opens_at=OPENS,
    reveal_at=OPENS - 2 * HOUR,
    closes_at=OPENS + 24 * HOUR,
    groups=(LOYAL,),
    benefits=(WHEELS,),
)


def test_everybody_may_reserve_from_the_opening_to_the_end_and_a_group_in_its_own_time() -> None:
    assert [CAMPAIGN.is_open(OPENS + hours * HOUR) for hours in (-1, 0, 23, 24)] == [
        False,
        True,
        True,
        False,
    ]
    assert [LOYAL.is_open(OPENS + hours * HOUR) for hours in (-2, -1, 0)] == [False, True, False]
    assert CAMPAIGN.first_opening == LOYAL.opens_at


def test_without_an_end_it_stays_open() -> None:
    for endless in (CAMPAIGN, LOYAL):
        assert msgspec.structs.replace(endless, closes_at=None).is_open(OPENS + 9_999 * HOUR)


def test_the_price_can_be_read_from_the_reveal_on() -> None:
    assert not CAMPAIGN.is_revealed(CAMPAIGN.reveal_at - timedelta(microseconds=1))
    assert CAMPAIGN.is_revealed(CAMPAIGN.reveal_at)


def test_groups_and_benefits_are_found_by_their_ids() -> None:
    assert CAMPAIGN.group(GroupId("loyal")) is LOYAL
    assert CAMPAIGN.group(GroupId("nobody")) is None
    assert CAMPAIGN.benefit("wheels") is WHEELS
    assert CAMPAIGN.benefit("nothing") is None


def test_a_campaign_is_the_same_after_writing_and_reading_it() -> None:
    written = msgspec.json.encode(CAMPAIGN)

    assert msgspec.json.decode(written, type=Campaign) == CAMPAIGN
