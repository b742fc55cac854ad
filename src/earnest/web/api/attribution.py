"""GET /campaigns/{campaign_id}/report: what came of a campaign, by how buyers came; as CSV too.

Not here: freezing on the order how it came (`core/launch/attribution.py`).
"""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO
from typing import Any

import msgspec

from earnest.core.order.actor import Role
from earnest.core.values.ids import CampaignId
from earnest.core.values.reason import Reason
from earnest.desk.campaign_ports import Attributed
from earnest.web.api.campaigns import current
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.route import Asked, NoInput, Reply, Route

_SALES = frozenset({Role.SALES})
MINOR_UNITS = 100
COLUMNS = (
    *("channel", "friend", "group", "reserved", "paid", "locked", "withdrew", "lapsed"),
    *("delivered", "deposits", "currency"),
)


async def show_report(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """What came of the campaign by channel, friend and group. It names nobody."""
    return Reply(value=await _report(house, asked))


async def export_report(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The same lines as a table to keep, and a line for the looks through each channel."""
    report = await _report(house, asked)
    written = StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for each in report.lines:
        deposits = f"{Decimal(each.deposits) / MINOR_UNITS:.2f}"
        ways = (each.channel or "", each.referral or "", each.group_id or "")
        counted = (each.reservations, each.paid, each.locked, each.withdrawn, each.lapsed)
        table.writerow((*ways, *counted, each.delivered, deposits, each.currency))
    table.writerow(())
    table.writerow(("channel", "looked"))
    table.writerows(report.looks.items())
    name = f"campaign-{report.campaign_id}.csv"
    return Reply(
        raw=written.getvalue().encode(),
        media_type="text/csv",
        headers=[(b"content-disposition", f'attachment; filename="{name}"'.encode())],
    )


async def _report(house: House, asked: Asked) -> Report:
    campaign = current(house, asked)
    lines = await house.campaigns.attributed(campaign.campaign_id, campaign.queue_id)
    looks = await house.campaigns.looks(campaign.campaign_id)
    return Report(
        campaign_id=campaign.campaign_id, lines=tuple(lines), looks=dict(sorted(looks.items()))
    )


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Reservations of a campaign and what became of them, by how they came.

    `looks` counts how often the campaign's page was asked for, by channel; without one under "".
    It counts requests and not people, because nobody is followed.
    """

    campaign_id: CampaignId
    lines: tuple[Attributed, ...]
    looks: dict[str, int]


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/campaigns/{campaign_id}/report",
            operation="showCampaignReport",
            summary="What came of a campaign by channel, friend and group.",
            tag="campaigns",
            access=Access.ACTORS,
            roles=_SALES,
            takes=NoInput,
            handler=show_report,
            gives=Report,
            codes=(Reason.CAMPAIGN_UNKNOWN,),
        ),
        Route(
            method="GET",
            path="/campaigns/{campaign_id}/report.csv",
            operation="exportCampaignReport",
            summary="The report of a campaign as CSV.",
            tag="campaigns",
            access=Access.ACTORS,
            roles=_SALES,
            takes=NoInput,
            handler=export_report,
            gives=None,
            gives_file=("text/csv",),
            codes=(Reason.CAMPAIGN_UNKNOWN,),
        ),
    ]
