"""The demo's launch: a campaign with a reveal, a list, codes and benefits, published once.

Its instants are counted from the demo's first start, so that `earnest demo --advance-hours` brings
one after the other. Not here: what is on sale from the beginning (`maker.py`).
"""

from __future__ import annotations

import hashlib
import tomllib
from datetime import datetime, time, timedelta
from importlib.resources import files
from string import Template
from zoneinfo import ZoneInfo

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.launch.announcing import Announced
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.reading import ReadCampaign, read_campaign
from earnest.core.queue.offer import Offer
from earnest.core.queue.rank import Queue
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import CampaignId, GroupId, QueueId
from earnest.core.values.instant import Instant
from earnest.demo.stage import PEOPLE
from earnest.desk.campaign_ports import Announcement, Campaigns
from earnest.desk.campaigns import (
    Circumstances,
    Draft,
    WantedCodes,
    issue_codes,
    publish_campaign,
)
from earnest.desk.ports import Shelf
from earnest.desk.publishing import Act, Publications

DEMO_LAUNCH = CampaignId("y7-night")
DEMO_LAUNCH_QUEUE = Queue(
    queue_id=QueueId("y7-night-cn"), model_line="y7", market="CN", time_zone="Asia/Shanghai"
)
KEY = "demo"
CODES = 20
"""Codes that the demo issues; `earnest campaign codes issue` with the same key prints them."""

_PUBLISHES, _ISSUES = (f"staff:{PEOPLE[who][0]}" for who in ("terms", "sales"))
_REVEAL = time(19, 0)
_AHEAD = timedelta(hours=12)
_OPENS_AFTER = timedelta(hours=3)
_LOYAL_BEFORE, _PRIORITY_BEFORE = timedelta(hours=1), timedelta(minutes=30)
_LASTS = timedelta(days=30)
_DEPOSIT_WITHIN = timedelta(days=7)
_FILE, _CATALOGUE_FILE = "launch.toml", "launch_catalogue.toml"


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def demo_launch_catalogue() -> Catalogue:
    """What the launch sells; it is in no other queue, so that there is something to reveal."""
    return msgspec.convert(tomllib.loads(_text(_CATALOGUE_FILE)), Catalogue)


def demo_document(started_at: Instant) -> str:
    """The campaign's file of a demo that started then: revealed at the next free evening."""
    local = started_at.astimezone(ZoneInfo(DEMO_LAUNCH_QUEUE.time_zone))
    reveal_at = datetime.combine(local.date(), _REVEAL, local.tzinfo)
    if reveal_at < local + _AHEAD:
        reveal_at += timedelta(days=1)
    opens_at = reveal_at + _OPENS_AFTER
    instants = {
        "reveal_at": reveal_at,
        "opens_at": opens_at,
        "loyal_at": opens_at - _LOYAL_BEFORE,
        "priority_at": opens_at - _PRIORITY_BEFORE,
        "closes_at": opens_at + _LASTS,
        "deposit_until": opens_at + _DEPOSIT_WITHIN,
    }
    written = {name: instant.isoformat() for name, instant in instants.items()}
    return Template(_text(_FILE)).substitute(written)


def demo_campaign(started_at: Instant) -> Campaign:
    """What that file says."""
    read = read_campaign(demo_document(started_at), _FILE)
    assert isinstance(read, ReadCampaign), "the demo's campaign is without a fault"
    return read.campaign


async def publish_demo_launch(
    store: Publications, campaigns: Campaigns, shelf: Shelf, terms: TermsVersion, now: Instant
) -> None:
    """Publish the launch unless an earlier start did: first the campaign, then what it sells."""
    catalogue = demo_launch_catalogue()
    await store.publish(queues=[DEMO_LAUNCH_QUEUE], terms=terms, catalogue=catalogue, offers=[])
    announced = (await _announced(campaigns, shelf, now)).announced
    offer = Offer(
        queue_id=DEMO_LAUNCH_QUEUE.queue_id,
        terms_hash=terms.terms_hash,
        catalogue_hash=catalogue.catalogue_hash,
        # Later than the campaign was published, or it would count as known before the reveal.
        opens_at=announced.campaign.first_opening,
    )
    await store.publish(
        queues=[DEMO_LAUNCH_QUEUE], terms=terms, catalogue=catalogue, offers=[offer]
    )
    await _issue(campaigns, announced, now)


async def _announced(campaigns: Campaigns, shelf: Shelf, now: Instant) -> Announcement:
    """The first version, as whichever process came first published it."""
    known = await campaigns.announcement(_PUBLISHES, KEY)
    if known is None:
        act = Act(actor_id=_PUBLISHES, key=KEY, content_hash=KEY, received_at=now)
        draft = Draft(campaign=demo_campaign(now), source=demo_document(now))
        found = await publish_campaign(campaigns, shelf, act, draft, Circumstances(offers=[]))
        assert isinstance(found, Announcement), f"the demo's launch may be published: {found}"
        known = found
    return known


async def _issue(campaigns: Campaigns, announced: Announced, now: Instant) -> None:
    """Put the demo's codes on record, under the key by which the command line prints them."""
    wanted = demo_codes(announced.campaign)
    act = Act(
        actor_id=_ISSUES,
        key=KEY,
        content_hash=hashlib.sha256(msgspec.json.encode(wanted)).hexdigest(),
        received_at=now,
    )
    # After the launch there is nothing to issue any more, and what was issued stays.
    await issue_codes(campaigns, [announced], act, wanted)


def demo_codes(campaign: Campaign) -> WantedCodes:
    """The codes that the demo issues, good for as long as the launch lasts."""
    assert campaign.closes_at is not None, "the demo's launch has an end"
    return WantedCodes(
        campaign_id=DEMO_LAUNCH,
        group_id=GroupId("priority"),
        count=CODES,
        valid_until=campaign.closes_at,
    )
