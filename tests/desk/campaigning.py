"""A shop with a campaign: who is invited, codes, and reservations that show them.

Not here: tests.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.launch.announcing import Announced
from earnest.core.launch.benefit import Benefit
from earnest.core.launch.campaign import Campaign, Entry, Group
from earnest.core.launch.code import PriorityCode
from earnest.core.order import commands as ask
from earnest.core.values.ids import BuyerId, CampaignId, GroupId
from earnest.desk.campaign_ports import Announcement, Campaigns
from earnest.desk.campaigns import WantedCodes, issue_codes
from earnest.desk.publishing import Act
from tests.desk.shop import QUEUE, START, Shop

ID = CampaignId("launch")
VIP, LOYAL = GroupId("vip"), GroupId("loyal")
NAMES = {"en": "Invited", "zh-Hans": "受邀"}
VALID_UNTIL = START + timedelta(days=9)


def group(group_id: GroupId, entry: Entry, quota: int) -> Group:
    """A group that may reserve from an hour before the opening on."""
    opens_at = START - timedelta(hours=1)
    return Group(group_id=group_id, names=NAMES, entry=entry, quota=quota, opens_at=opens_at)


WHEELS = Benefit(benefit_id="wheels", texts={"en": "Wheels", "zh-Hans": "轮毂"}, quota=3)
CAMPAIGN = Campaign(
    campaign_id=ID,
    version=1,
    queue_id=QUEUE,
    names=NAMES,
    opens_at=START - timedelta(minutes=1),
    reveal_at=START - timedelta(hours=2),
    groups=(group(VIP, Entry.CODES, 5), group(LOYAL, Entry.MEMBERS, 4)),
    benefits=(WHEELS,),
)
VERSION = Announced(
    campaign=CAMPAIGN, published_at=START - timedelta(days=1), published_by="staff:ida"
)


def act(actor: str, key: str, content: str = "a") -> Act:
    """Somebody of the seller's acts when the test begins."""
    return Act(actor_id=f"staff:{actor}", key=key, content_hash=content, received_at=START)


async def announced(campaigns: Campaigns, version: Announced = VERSION) -> None:
    """A campaign as it was published before the test began."""
    key = f"v{version.campaign.version}"
    wanted = Announcement(announced=version, key=key, content_hash="a")
    assert await campaigns.announce(wanted, lambda _: False) == wanted


async def issued(
    campaigns: Campaigns, count: int, *buyers: BuyerId, key: str = "codes"
) -> tuple[PriorityCode, ...]:
    """Codes for anybody, or for these buyers."""
    wanted = WantedCodes(
        campaign_id=ID, group_id=VIP, count=count, valid_until=VALID_UNTIL, buyer_ids=buyers
    )
    codes = await issue_codes(campaigns, [VERSION], act("chen", key), wanted)
    assert isinstance(codes, tuple), codes
    return codes


def reserves(shop: Shop, buyer: str, key: str = "first", **fields: object) -> ask.Command:
    """A reservation that shows a code or a group."""
    return msgspec.structs.replace(shop.reserve(buyer, key), **fields)
