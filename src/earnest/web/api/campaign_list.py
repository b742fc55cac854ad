"""GET /campaigns: the campaigns that are in force, the next opening first.

Not here: one campaign with its quotas and versions (`campaigns.py`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.values.ids import CampaignId, QueueId
from earnest.core.values.instant import Instant
from earnest.web.api.campaigns import FEW_SECONDS
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.route import Asked, Reply, Route


class CampaignsWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether campaigns that are over are listed as well."""

    ended: bool = False


async def list_campaigns(house: House, asked: Asked, wanted: CampaignsWanted) -> Reply:
    """Every campaign that is in force, the next opening first."""
    library, now = house.desk.library, asked.received_at
    found = library.campaigns_in_force(now)
    shown = tuple(
        CampaignLine(
            campaign_id=each.campaign_id,
            queue_id=each.queue_id,
            names=each.names,
            opens_at=each.opens_at,
            reveal_at=each.reveal_at,
            closes_at=each.closes_at,
            version=each.version,
            is_open=each.is_open(now),
            is_paused=library.pause_of(each.queue_id) is not None,
        )
        for each in sorted(found, key=lambda each: (each.opens_at, each.campaign_id))
        if wanted.ended or each.closes_at is None or now < each.closes_at
    )
    return Reply(value=Campaigns(campaigns=shown), headers=[FEW_SECONDS])


class CampaignLine(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign in a list: what it is called, when it shows its prices, opens and closes."""

    campaign_id: CampaignId
    queue_id: QueueId
    names: dict[str, str]
    opens_at: Instant
    reveal_at: Instant
    closes_at: Instant | None
    version: int
    is_open: bool
    is_paused: bool


class Campaigns(msgspec.Struct, frozen=True):
    """The campaigns that are in force and not over."""

    campaigns: tuple[CampaignLine, ...]


def routes() -> list[Route[Any]]:
    """The route of this module."""
    return [
        Route(
            method="GET",
            path="/campaigns",
            operation="listCampaigns",
            summary="The campaigns that are in force and not over, the next opening first.",
            tag="campaigns",
            access=Access.PUBLIC,
            takes=CampaignsWanted,
            handler=list_campaigns,
            gives=Campaigns,
            is_cacheable=True,
        ),
    ]
