"""What editors read and try of a campaign: its versions with what differs, and drafts; its end.

Nothing is stored by drafting. Not here: publishing itself (`campaigns.py`), and what may be
announced (`core/launch/announcing.py`).
"""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.launch.announcing import Announced
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.differences import Difference, differences
from earnest.core.launch.lint import LintedCampaign, lint_campaign
from earnest.core.values.ids import CampaignId
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.campaigns import Circumstances, Draft, why_not_published
from earnest.web.api.campaigns import (
    UNPUBLISHED,
    CampaignPublished,
    announce,
    current,
    published,
    versions_named,
)
from earnest.web.api.linting import LONGEST_DOCUMENT
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import Problem, TurnedAway, problem
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Moment, Name
from earnest.web.telling_terms import FaultShown, FindingShown, faults_shown, findings_shown

_VERSION = re.compile(r"^version\s*=\s*\d+", re.MULTILINE)
_END = re.compile(r"^closes_at\s*=\s*\S+", re.MULTILINE)
_FIRST_TABLE = re.compile(r"^\s*\[", re.MULTILINE)


class CampaignDraftAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A campaign's document as it is being written, and the name by which faults call it."""

    document: Annotated[str, Meta(max_length=LONGEST_DOCUMENT)]
    name: Name = "campaign.toml"


class NewEnd(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the campaign shall end: later than it does now."""

    closes_at: Moment


async def show_versions(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Every version with its text, what it changed, and what is unfair about the one in force."""
    versions = versions_named(house, asked)
    before: Campaign | None = None
    told = []
    for each in versions:
        told.append(_told(each, before))
        before = each.campaign
    source = versions[-1].source
    linted = await asyncio.to_thread(lint_campaign, source, "campaign.toml") if source else ()
    findings = linted.findings if isinstance(linted, LintedCampaign) else ()
    return Reply(
        value=CampaignVersions(
            versions=tuple(reversed(told)), findings=findings_shown(findings, asked.language)
        )
    )


def _told(announced: Announced, before: Campaign | None) -> CampaignVersion:
    return CampaignVersion(
        version=announced.campaign.version,
        published_by=announced.published_by,
        published_at=announced.published_at,
        source=announced.source,
        differences=() if before is None else differences(before, announced.campaign),
    )


async def draft_campaign(house: House, asked: Asked, wanted: CampaignDraftAsked) -> Reply:
    """What publishing the document would say: faults, findings, what differs, the refusal."""
    linted = await asyncio.to_thread(lint_campaign, wanted.document, wanted.name)
    if isinstance(linted, tuple):
        return Reply(value=CampaignDraft(faults=faults_shown(linted, asked.language)))
    campaign, library = linted.read.campaign, house.desk.library
    beside = library.versions_beside(campaign)
    around = Circumstances(offers=library.offers(), pauses=library.pauses_of(campaign.queue_id))
    rejected = why_not_published(campaign, beside, around, asked.received_at)
    known = library.versions_of(campaign.campaign_id)
    before = library.campaign_at(campaign.queue_id, asked.received_at) if known else None
    refusal = None
    if rejected is not None:
        refusal = problem(rejected.reason, asked.language, rejected.details)
    return Reply(
        value=CampaignDraft(
            campaign_id=campaign.campaign_id,
            version=campaign.version,
            findings=findings_shown(linted.findings, asked.language),
            blocks_publishing=linted.blocks_publishing,
            differences=() if before is None else differences(before, campaign),
            refusal=refusal,
        )
    )


async def extend_campaign(house: House, asked: Asked, wanted: NewEnd) -> Reply:
    """Publish the version in force once more with a later end, and nothing else changed."""
    before = current(house, asked)
    if before.closes_at is None or wanted.closes_at <= before.closes_at:
        raise TurnedAway(Reason.PERIOD_TAKEN_AWAY, {"what": "closes_at"})
    newest = versions_named(house, asked)[-1]
    version = newest.campaign.version + 1
    campaign = msgspec.structs.replace(before, version=version, closes_at=wanted.closes_at)
    source = with_end(newest.source, version, wanted.closes_at)
    announced = await announce(house, asked, Draft(campaign=campaign, source=source))
    return Reply(status=201, value=published(announced, (), asked.language))


def with_version(source: str, version: int) -> str:
    """A document under another version number."""
    return _VERSION.sub(f"version = {version}", source, count=1)


def with_end(source: str, version: int, closes_at: Instant) -> str:
    """A document under another version number and with another end of the campaign itself."""
    first = _FIRST_TABLE.search(source)
    place = len(source) if first is None else first.start()
    head = _END.sub(f"closes_at = {closes_at.isoformat()}", source[:place], count=1)
    return with_version(head + source[place:], version)


class CampaignVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version that was published: by whom, its text where it is known, and what it changed."""

    version: int
    published_by: str
    published_at: Instant
    source: str
    differences: tuple[Difference, ...]


class CampaignVersions(msgspec.Struct, frozen=True, kw_only=True):
    """Every version of a campaign, the newest first, and findings about that one."""

    versions: tuple[CampaignVersion, ...]
    findings: tuple[FindingShown, ...]


class CampaignDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a document would be. With `faults` it says nothing; a `refusal` stands in the way."""

    faults: tuple[FaultShown, ...] = ()
    campaign_id: CampaignId | None = None
    version: int | None = None
    findings: tuple[FindingShown, ...] = ()
    blocks_publishing: bool = False
    differences: tuple[Difference, ...] = ()
    refusal: Problem | None = None


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/campaigns/{campaign_id}/versions",
            operation="listCampaignVersions",
            summary="Every version of a campaign, its text, and what it changed.",
            tag="campaigns",
            access=Access.STAFF,
            takes=NoInput,
            handler=show_versions,
            gives=CampaignVersions,
            codes=(Reason.CAMPAIGN_UNKNOWN,),
        ),
        Route(
            method="POST",
            path="/campaigns/draft",
            operation="draftCampaign",
            summary="What a campaign's document would say and change, and why it may not.",
            description="Nothing is stored.",
            tag="campaigns",
            access=Access.EDITORS,
            takes=CampaignDraftAsked,
            handler=draft_campaign,
            gives=CampaignDraft,
        ),
        Route(
            method="POST",
            path="/campaigns/{campaign_id}/end",
            operation="extendCampaign",
            summary="Let a campaign end later, never earlier.",
            description="It is a new version like any other; whoever waits is written to.",
            tag="campaigns",
            access=Access.EDITORS,
            takes=NewEnd,
            handler=extend_campaign,
            gives=CampaignPublished,
            status=201,
            needs_key=True,
            codes=(Reason.CAMPAIGN_UNKNOWN, *UNPUBLISHED),
        ),
    ]
