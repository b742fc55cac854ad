"""A small maker's campaign to tell stories about: who is invited, what is given, until when.

Not here: the maker itself (`world.py`).
"""

from __future__ import annotations

from earnest.core.launch.announcing import Announced
from earnest.core.launch.benefit import (
    Benefit,
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
from earnest.core.launch.campaign import Campaign, Entry, Group, SalesChannel
from earnest.core.values.ids import CampaignId, GroupId
from earnest.core.values.instant import Instant
from tests.core.world import QUEUE, local, yuan

LOYAL = Group(
    group_id=GroupId("loyal"),
    names={"en": "Loyal buyers", "zh-Hans": "老车主"},
    entry=Entry.MEMBERS,
    quota=500,
    opens_at=local(2024, 7, 1, 18),
    closes_at=local(2024, 7, 1, 20),
)
VIP = Group(
    group_id=GroupId("vip"),
    names={"en": "Priority codes", "zh-Hans": "优先码"},
    entry=Entry.CODES,
    quota=50,
    opens_at=local(2024, 7, 1, 19),
    models=("aurora",),
    reserves_units=True,
)


def benefit(benefit_id: str, *conditions: Condition, quota: int | None = None) -> Benefit:
    """A benefit with these conditions."""
    return Benefit(
        benefit_id=benefit_id,
        texts={"en": f"One {benefit_id}", "zh-Hans": f"{benefit_id}一份"},
        conditions=conditions,
        quota=quota,
        worth=yuan(2_000),
    )


BENEFITS = (
    benefit("wheels", FirstRanks(last_rank=1_000), NotLeft()),
    benefit("seats", DepositedBefore(at=local(2024, 7, 10)), NotLeft(), quota=3),
    benefit("charger", ThroughChannel(channel_ids=("live",))),
    benefit("scarf", Referred()),
    benefit("early", LockedBefore(at=local(2024, 7, 4))),
    benefit("badge", OfGroup(group_ids=(LOYAL.group_id, VIP.group_id))),
    benefit("cake", ReservedWithin(begins=local(2024, 7, 2), ends=local(2024, 7, 3))),
)
CAMPAIGN = Campaign(
    campaign_id=CampaignId("summer"),
    version=1,
    queue_id=QUEUE,
    names={"en": "Summer", "zh-Hans": "夏季"},
    opens_at=local(2024, 7, 1, 20),
    reveal_at=local(2024, 7, 1, 12),
    closes_at=local(2024, 9, 1),
    groups=(LOYAL, VIP),
    benefits=BENEFITS,
    channels=(SalesChannel(channel_id="live", names={"en": "Live", "zh-Hans": "直播"}),),
)
VERSION = Announced(campaign=CAMPAIGN, published_at=local(2024, 6, 1, 10), published_by="staff:ida")


def never_over(group_id: GroupId, valid_until: Instant) -> bool:  # noqa: ARG001 - asked of any code
    """Codes that are good for ever."""
    return False
