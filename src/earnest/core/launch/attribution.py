"""How an order came: by which campaign, invited group, channel and friend. No personal data.

Not here: the report over all orders (`desk/attributed.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.values.ids import BuyerId, CampaignId, GroupId, derive_id


class Attribution(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Frozen on the order when it is reserved.

    `version` is that of the campaign in force. `referral` names who referred the buyer by an id
    that nobody can turn back into a buyer's.
    """

    campaign_id: CampaignId | None = None
    version: int | None = None
    group_id: GroupId | None = None
    channel: str | None = None
    referral: str | None = None


def referral_of(buyer_id: BuyerId) -> str:
    """The id under which a buyer refers others."""
    return derive_id("referral", buyer_id)
