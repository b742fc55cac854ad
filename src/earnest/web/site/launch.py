"""/launch/{campaign_id}: a launch with its countdown, the rule of its queue, and its waiting room.

It opens without a reload: its live parts hear of the opening. Not here: ordering what it sells
(`checkout.py`) and the rules themselves, which the API tells.
"""

from __future__ import annotations

from earnest.core.launch.admission import DIGEST_STANDS, AdmissionKind
from earnest.core.values.ids import CampaignId
from earnest.web.api.campaigns import CampaignShown, NewsWanted
from earnest.web.api.waiting_room import DrawShown, PlaceShown, person_of
from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Moved, Page, Shown
from earnest.web.pages.rendering import with_query
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
    draw = await visit.ask("showDraw", DrawShown, path=path) if campaign.admission else None
    place = await _place(visit, campaign)
    document = f"/api/v1/campaigns/{campaign.campaign_id}/draw/document"
    values = {
        "campaign": campaign,
        "zone": queue.time_zone,
        "cars": [(each, drawing_of(each)) for each in sold],
        "draw": draw,
        "document": document,
        "document_url": f"{visit.house.settings.public_url}{document}",
        "digest_stands_seconds": int(DIGEST_STANDS.total_seconds()),
        "group_names": {each.group_id: each.names for each in campaign.groups},
        "place": place,
        "may_join": draw is not None and _may_join(campaign, draw, place),
        "asks_proof": place is None and await _asks_proof(visit, campaign),
        "prove_at": with_query("/prove", {"to": f"/launch/{campaign.campaign_id}"}),
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


def _may_join(campaign: CampaignShown, draw: DrawShown, place: PlaceShown | None) -> bool:
    """Whether the waiting room can be joined now, for the first time or anew."""
    rule, now = campaign.admission, campaign.now
    if rule is None or now < rule.joins_from or draw.draw is None:
        return False
    if campaign.closes_at is not None and now >= campaign.closes_at:
        return False
    if rule.kind is AdmissionKind.FIRST_COME:
        return place is None or place.is_over
    is_closed = draw.draw.closed_at is not None
    return place is None and not is_closed and now < rule.drawn_from(campaign.opens_at)


async def _asks_proof(visit: Visit, campaign: CampaignShown) -> bool:
    """Whether a reader who is signed in has to show who they are before they can join."""
    if campaign.admission is None or visit.buyer_id is None:
        return False
    known = visit.house.rooms.campaign(campaign.campaign_id)
    if known is None or known.edition is None or known.edition.per_person is None:
        return False
    return await person_of(visit.house, known, visit.buyer_id) is None


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
