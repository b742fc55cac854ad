"""/office/campaigns/{campaign_id}/report: what came of a campaign, by channel, friend and group.

Not here: counting it (`web/api/attribution.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from earnest.core.values.money import Money
from earnest.desk.campaign_ports import Attributed
from earnest.web.api.attribution import Report
from earnest.web.api.campaigns import CampaignShown
from earnest.web.identity import Access
from earnest.web.office import rooms
from earnest.web.office.codes import SALES
from earnest.web.office.rooms import CAMPAIGNS
from earnest.web.pages.page import Answer, Page, Sent
from earnest.web.pages.visit import Visit

_PATH = f"{CAMPAIGNS.path}/{{campaign_id}}/report"
MOST_FRIENDS = 50

_WIDTH, _NAMES, _NUMBERS, _ROW, _BAR = 640, 150, 70, 34, 9
"""Of the drawing: all of it, the names before a bar, the number behind it, a row, half a bar."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Orders that came one way; `looked` is None where looks are not counted."""

    name: str
    looked: int | None
    reserved: int
    paid: int
    withdrew: int
    delivered: int
    deposits: tuple[Money, ...]


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the chart: where it is drawn, how wide reserved and paid are, and what they say."""

    name: str
    y: int
    reserved: int
    paid: int
    row: Row


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """Reserved and paid orders of each way, ready to be drawn; `begins` is where bars begin."""

    width: int
    height: int
    begins: int
    bars: tuple[Bar, ...]


def rows_by(
    lines: Sequence[Attributed],
    way: Callable[[Attributed], str | None],
    looks: dict[str, int] | None = None,
) -> list[Row]:
    """The lines put together by one way of coming, the most reservations first.

    With `looks` a way is there as well that was looked at and by which nobody came.
    """
    by_way: dict[str, list[Attributed]] = {name: [] for name in looks or ()}
    for each in lines:
        by_way.setdefault(way(each) or "", []).append(each)
    rows = [_row(name, each, looks) for name, each in by_way.items()]
    return sorted(rows, key=lambda row: (-row.reserved, -(row.looked or 0), row.name))


def _row(name: str, lines: Sequence[Attributed], looks: dict[str, int] | None) -> Row:
    sums: dict[str, int] = {}
    for each in lines:
        sums[each.currency] = sums.get(each.currency, 0) + each.deposits
    return Row(
        name=name,
        looked=None if looks is None else looks.get(name, 0),
        reserved=sum(each.reservations for each in lines),
        paid=sum(each.paid for each in lines),
        withdrew=sum(each.withdrawn for each in lines),
        delivered=sum(each.delivered for each in lines),
        deposits=tuple(Money(sums[currency], currency) for currency in sorted(sums)),
    )


def chart_of(rows: Sequence[Row]) -> Chart:
    """A chart of rows, each as wide as its reservations beside the widest."""
    most = max((each.reserved for each in rows), default=0) or 1
    scale = (_WIDTH - _NAMES - _NUMBERS) / most
    return Chart(
        width=_WIDTH,
        height=len(rows) * _ROW,
        begins=_NAMES,
        bars=tuple(
            Bar(
                name=each.name,
                y=place * _ROW,
                reserved=round(each.reserved * scale),
                paid=round(each.paid * scale),
                row=each,
            )
            for place, each in enumerate(rows)
        ),
    )


async def show(visit: Visit) -> Answer:
    """What came of the campaign, with a chart of its channels."""
    path = {"campaign_id": visit.path["campaign_id"]}
    campaign = await visit.ask("showCampaign", CampaignShown, path=path)
    report = await visit.ask("showCampaignReport", Report, path=path)
    channels = rows_by(report.lines, lambda line: line.channel, report.looks)
    friends = [each for each in report.lines if each.referral is not None]
    invited = [each for each in report.lines if each.group_id is not None]
    return rooms.shown(
        visit,
        "campaign_report.html",
        campaign=campaign,
        channels=channels,
        channel_names={each.channel_id: each.names for each in campaign.channels},
        chart=chart_of(channels),
        bar=_BAR,
        groups=rows_by(invited, lambda line: line.group_id),
        group_names={each.group_id: each.names for each in campaign.groups},
        friends=rows_by(friends, lambda line: line.referral)[:MOST_FRIENDS],
    )


async def keep(visit: Visit) -> Answer:
    """The report as a file to keep."""
    path = {"campaign_id": visit.path["campaign_id"]}
    content = await visit.ask("exportCampaignReport", bytes, path=path)
    disposition = f'attachment; filename="campaign-{path["campaign_id"]}.csv"'
    headers = [(b"content-disposition", disposition.encode())]
    return Sent(content=content, media_type="text/csv; charset=utf-8", headers=headers)


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(path=_PATH, name="office-report", access=Access.ACTORS, roles=SALES, show=show),
        Page(
            path=f"{_PATH}.csv",
            name="office-report-file",
            access=Access.ACTORS,
            roles=SALES,
            show=keep,
        ),
    ]
