"""/launch/{campaign_id}: a launch with its countdown, the rule of its queue, and its waiting room.

It opens without a reload: its live parts hear of the opening. Not here: ordering what it sells
(`checkout.py`) and the rules themselves, which the API tells.
"""

from __future__ import annotations

from earnest.core.values.ids import CampaignId
from earnest.web.api.campaigns import CampaignShown, NewsWanted
from earnest.web.api.waiting_room import DrawShown, PlaceShown
from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Moved, Page, Shown
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway
from earnest.web.reading import header
from earnest.web.site.drawing import drawing_of
from earnest.web.site.selecting import as_they_come, on_sale


async def show(visit: Visit) -> Answer:
    """The launch as it stands now, and the reader's own place where there is one."""
    await visit.follow("launch", visit.path["campaign_id"])
    path = {"campaign_id": visit.path["campaign_id"]}
    campaign = await visit.ask("showCampaign", CampaignShown, path=path)
    queue = await visit.house.shelf.queue(campaign.queue_id)
    assert queue is not None, "a campaign is for a queue"
    sold = [
        x for x in as_they_come(await on_sale(visit)) if x.sale.queue.queue_id == queue.queue_id
    ]
    channel = visit.query.get("channel", "")
    _count_look(visit, campaign, channel)
    values = {
        "campaign": campaign,
        "zone": queue.time_zone,
        "cars": [(each, drawing_of(each)) for each in sold],
        "draw": await visit.ask("showDraw", DrawShown, path=path) if campaign.admission else None,
        "place": await _place(visit, campaign),
        "is_waiting_list_open": _joins(campaign),
        "channel": channel,
    }
    return Shown(template="site/launch.html", values=values)


def _count_look(visit: Visit, campaign: CampaignShown, channel: str) -> None:
    """Count that the page was asked for through a channel, and nothing about who asked.

    A script that only renews the live parts says so by what it wants the answer for.
    """
    if visit.method != "GET" or header(visit.headers, b"sec-fetch-dest") == b"empty":
        return
    known = channel if channel in {each.channel_id for each in campaign.channels} else ""
    looks, key = visit.house.counts.looks, (campaign.campaign_id, known)
    looks[key] = looks.get(key, 0) + 1


async def submit(visit: Visit) -> Answer:
    """Join the waiting room, or ask to be told when something moves."""
    campaign_id = CampaignId(visit.path["campaign_id"])
    path = {"campaign_id": campaign_id}
    if visit.form.name == "join":
        await visit.ask("joinWaitingRoom", PlaceShown, path=path)
    else:
        await visit.ask("wantNews", NewsWanted, {"wanted": True}, path=path)
        return Moved(f"/launch/{campaign_id}?news=yes")
    return Moved(f"/launch/{campaign_id}")


def _joins(campaign: CampaignShown) -> bool:
    """Whether the waiting room can be joined at all, or will be."""
    rule, now = campaign.admission, campaign.now
    if rule is None or now < rule.joins_from:
        return False
    return rule.joins_until is None or now < rule.joins_until


async def _place(visit: Visit, campaign: CampaignShown) -> PlaceShown | None:
    if campaign.admission is None or visit.buyer_id is None:
        return None
    path = {"campaign_id": campaign.campaign_id}
    try:
        return await visit.ask("showWaitingRoomPlace", PlaceShown, path=path)
    except TurnedAway as away:
        if away.code is DoorCode.PLACE_UNKNOWN:
            return None
        raise


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/launch/{campaign_id}",
            name="launch",
            access=Access.PUBLIC,
            show=show,
            submit=submit,
        )
    ]
