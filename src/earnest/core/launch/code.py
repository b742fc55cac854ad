"""Priority codes (F-codes): what a signed code says, and what is stored of an issued one.

A code opens early admission or a place of its group's published quota, never a better rank. Not
here: signing and reading codes (`people/codes.py`) and what a group may do (`campaign.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.values.ids import BuyerId, CampaignId, CodeId, GroupId, OrderId
from earnest.core.values.instant import Instant


class PriorityCode(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The content of a code whose signature a door has checked.

    `valid_until` is the first instant at which it is good no more. With `buyer_id` it is that
    buyer's alone; without, whoever has it may use it, once.
    """

    code_id: CodeId
    campaign_id: CampaignId
    group_id: GroupId
    valid_until: Instant
    buyer_id: BuyerId | None = None


class CodeFact(msgspec.Struct, frozen=True, kw_only=True):
    """An issued code as it is stored: `order_id` is the order that uses it, None while free.

    One that was revoked opens nothing any more; an order that came by it before keeps its place.
    """

    code_id: CodeId
    order_id: OrderId | None = None
    is_revoked: bool = False


class CodeBatch(msgspec.Struct, frozen=True, kw_only=True):
    """Codes that were issued by one act: whose key it had, for which group, how many.

    `buyer_ids` bind the codes to buyers, one each; without them the codes are anybody's.
    """

    actor_id: str
    key: str
    content_hash: str
    campaign_id: CampaignId
    group_id: GroupId
    count: int
    valid_until: Instant
    issued_at: Instant
    buyer_ids: tuple[BuyerId, ...] = ()
