"""GET /campaigns/{campaign_id}: the rule in force and what is left; publishing, news.

Not here: codes and lists of the invited (`codes.py`), what editors read (`announcing.py`), the
report (`attribution.py`), and reserving (`reservations.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec

from earnest.core.launch.admission import AdmissionRule
from earnest.core.launch.admitting import benefit_counter, group_counter, units_kept
from earnest.core.launch.announcing import Announced, in_force
from earnest.core.launch.benefit import Benefit
from earnest.core.launch.campaign import Campaign, Entry, SalesChannel
from earnest.core.launch.edition import Proof
from earnest.core.launch.keeping import campaign_kept_open
from earnest.core.launch.lint import lint_campaign
from earnest.core.queue.rank import UnitCount
from earnest.core.terms.publishing import PlacedFinding, Unpublishable
from earnest.core.values.ids import CampaignId, GroupId, QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.campaign_ports import Count
from earnest.desk.campaigns import Circumstances, Draft, codes_over, publish_campaign
from earnest.desk.group import KeyReused
from earnest.web.api.pauses import PauseShown, pause_shown
from earnest.web.api.terms import LARGEST_DOCUMENT, act_of
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access, owner_of
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.telling_terms import FindingShown, findings_shown

FEW_SECONDS = (b"cache-control", b"public, max-age=1")
"""A countdown is read by everybody at once; a second old is new enough."""


class CampaignNamed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The name by which faults call the document."""

    name: str = "campaign.toml"


class NewsWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the buyer wants to be told when something about the campaign moves."""

    wanted: bool = True


async def show_campaign(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The rule in force with the server's time, and how much of each quota is left."""
    versions = versions_named(house, asked)
    campaign = current(house, asked)
    counts = await house.campaigns.counts(campaign.campaign_id)
    is_over = codes_over(
        campaign, house.desk.library.pauses_of(campaign.queue_id), asked.received_at
    )
    codes = await house.counting.codes(house.campaigns, campaign.campaign_id, is_over)
    issued = {each.group_id: (each.issued, each.used) for each in codes}
    by_name = {each.counter: each for each in counts}
    shown = CampaignShown(
        campaign_id=campaign.campaign_id,
        queue_id=campaign.queue_id,
        now=asked.received_at,
        version=campaign.version,
        names=campaign.names,
        opens_at=campaign.opens_at,
        reveal_at=campaign.reveal_at,
        closes_at=campaign.closes_at,
        is_open=campaign.is_open(asked.received_at),
        is_revealed=campaign.is_revealed(asked.received_at),
        groups=tuple(
            GroupShown(
                group_id=each.group_id,
                names=each.names,
                entry=each.entry,
                opens_at=each.opens_at,
                closes_at=each.closes_at,
                models=each.models,
                reserves_units=each.reserves_units,
                quota=each.quota,
                left=_left(by_name, group_counter(each.group_id), each.quota),
                codes_issued=issued.get(each.group_id, (0, 0))[0],
                codes_used=issued.get(each.group_id, (0, 0))[1],
            )
            for each in campaign.groups
        ),
        benefits=tuple(
            BenefitShown(
                benefit=each,
                left=None
                if each.quota is None
                else _left(by_name, benefit_counter(each.benefit_id), each.quota),
            )
            for each in campaign.benefits
        ),
        channels=campaign.channels,
        edition=await _edition_shown(house, campaign, counts, asked.received_at),
        admission=campaign.admission,
        pauses=tuple(map(pause_shown, house.desk.library.pauses_of(campaign.queue_id))),
        versions=tuple(_version_shown(each) for each in versions),
    )
    return Reply(value=shown, headers=[FEW_SECONDS])


async def _edition_shown(
    house: House, campaign: Campaign, counts: Sequence[Count], now: Instant
) -> EditionShown | None:
    """An edition with how its units stand, from the counters of its queue; no order is counted."""
    edition = campaign.edition
    if edition is None:
        return None
    queue = await house.shelf.queue(campaign.queue_id)
    count = UnitCount() if queue is None or queue.units is None else queue.units
    kept = units_kept(campaign, {each.counter: each.taken for each in counts}, now)
    free = None if edition.units is None else edition.units - count.taken - sum(kept.values())
    return EditionShown(
        units=edition.units,
        per_person=edition.per_person,
        offer_minutes=edition.offer_minutes,
        proof=edition.proof,
        left=None if free is None else max(free, 0),
        set_aside=tuple(
            UnitsSetAside(group_id=group_id, units=units) for group_id, units in kept.items()
        ),
        waiting=count.waiting,
    )


def versions_named(house: House, asked: Asked) -> Sequence[Announced]:
    """Every version of the campaign in the path."""
    found = house.desk.library.versions_of(CampaignId(asked.path["campaign_id"]))
    if not found:
        raise TurnedAway(Reason.CAMPAIGN_UNKNOWN)
    return found


def current(house: House, asked: Asked) -> Campaign:
    """The version in force of the campaign in the path, with ends that its pauses moved."""
    found = in_force(versions_named(house, asked), asked.received_at)
    if found is None:
        raise TurnedAway(Reason.CAMPAIGN_UNKNOWN)
    pauses = house.desk.library.pauses_of(found.campaign.queue_id)
    return campaign_kept_open(found, pauses, asked.received_at)


def _left(counts: dict[str, Count], counter: str, quota: int) -> int:
    taken = counts[counter].taken if counter in counts else 0
    return max(quota - taken, 0)


def _version_shown(announced: Announced) -> VersionShown:
    campaign = announced.campaign
    return VersionShown(
        version=campaign.version,
        published_at=announced.published_at,
        opens_at=campaign.opens_at,
        reveal_at=campaign.reveal_at,
        closes_at=campaign.closes_at,
    )


async def add_campaign(house: House, asked: Asked, named: CampaignNamed) -> Reply:
    """Publish a version. Faults and grave findings are listed, and then nothing is published."""
    text = text_of(asked.content)
    linted = await asyncio.to_thread(lint_campaign, text, named.name)
    if isinstance(linted, tuple):
        lists = Unpublishable(faults=linted)
        raise TurnedAway(Reason.CAMPAIGN_FAULTY, {"count": str(len(linted))}, lists=lists)
    if linted.blocks_publishing:
        raise _unfair(linted.findings)
    announced = await announce(house, asked, Draft(campaign=linted.read.campaign, source=text))
    return Reply(status=201, value=published(announced, linted.findings, asked.language))


def text_of(content: bytes) -> str:
    """A document as text; refused by the line where it is none."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise TurnedAway(DoorCode.ENCODING_WRONG, {"line": str(line)}) from error


async def announce(house: House, asked: Asked, draft: Draft) -> Announced:
    """Publish a version that nothing is unfair about, and know of it in this process at once."""
    library = house.desk.library
    await library.refresh_offers()
    pauses = library.pauses_of(draft.campaign.queue_id)
    around = Circumstances(offers=library.offers(), pauses=pauses)
    outcome = await publish_campaign(house.campaigns, house.shelf, act_of(asked), draft, around)
    if isinstance(outcome, KeyReused):
        raise TurnedAway(DoorCode.KEY_REUSED)
    if isinstance(outcome, Rejected):
        raise TurnedAway(outcome.reason, outcome.details)
    await library.refresh_offers()
    return outcome.announced


def published(
    announced: Announced, findings: Sequence[PlacedFinding], language: str
) -> CampaignPublished:
    """What is told of a version that was published."""
    return CampaignPublished(
        campaign_id=announced.campaign.campaign_id,
        version=announced.campaign.version,
        published_by=announced.published_by,
        published_at=announced.published_at,
        findings=findings_shown(tuple(findings), language),
    )


def _unfair(findings: tuple[PlacedFinding, ...]) -> TurnedAway:
    lists = Unpublishable(faults=(), findings=findings)
    return TurnedAway(Reason.CAMPAIGN_UNFAIR, {"count": str(len(findings))}, lists=lists)


async def want_news(house: House, asked: Asked, wanted: NewsWanted) -> Reply:
    """Ask to be told when something about the campaign moves, or take that back."""
    campaign = current(house, asked)
    await house.campaigns.want_news(
        campaign.campaign_id, owner_of(asked.by), asked.received_at, wanted=wanted.wanted
    )
    return Reply(value=wanted)


class GroupShown(msgspec.Struct, frozen=True, kw_only=True):
    """An invited group: places that there are and that are left, codes that are good or used."""

    group_id: GroupId
    names: dict[str, str]
    entry: Entry
    opens_at: Instant
    closes_at: Instant | None
    models: tuple[str, ...]
    reserves_units: bool
    quota: int
    left: int
    codes_issued: int
    codes_used: int


class UnitsSetAside(msgspec.Struct, frozen=True, kw_only=True):
    """Units of an edition that are kept for an invited group for as long as it may come."""

    group_id: GroupId
    units: int


class EditionShown(msgspec.Struct, frozen=True, kw_only=True):
    """An edition and how it stands. `units`, `per_person` and `left` are null where not limited.

    `left` is what anybody may still get: what nobody holds and what is not set aside. Whoever
    reserves when nothing is left waits, and `waiting` says how many do; a unit that becomes free
    is offered to the first of them for `offer_minutes`.
    """

    units: int | None
    per_person: int | None
    offer_minutes: int
    proof: Proof
    left: int | None
    set_aside: tuple[UnitsSetAside, ...]
    waiting: int


class BenefitShown(msgspec.Struct, frozen=True, kw_only=True):
    """A benefit with its conditions, and how many are left of one that is limited."""

    benefit: Benefit
    left: int | None


class VersionShown(msgspec.Struct, frozen=True, kw_only=True):
    """A version that was ever published: when, and what it said about time."""

    version: int
    published_at: Instant
    opens_at: Instant
    reveal_at: Instant
    closes_at: Instant | None


class CampaignShown(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as it runs. `now` is the server's time, by which everybody is judged.

    Ends are those that hold after the `pauses` of its sale.
    """

    campaign_id: CampaignId
    queue_id: QueueId
    now: Instant
    version: int
    names: dict[str, str]
    opens_at: Instant
    reveal_at: Instant
    closes_at: Instant | None
    is_open: bool
    is_revealed: bool
    groups: tuple[GroupShown, ...]
    benefits: tuple[BenefitShown, ...]
    channels: tuple[SalesChannel, ...]
    edition: EditionShown | None
    admission: AdmissionRule | None
    pauses: tuple[PauseShown, ...]
    versions: tuple[VersionShown, ...]

    @property
    def is_paused(self) -> bool:
        """Whether nobody new can reserve for now."""
        return self.running_pause is not None

    @property
    def running_pause(self) -> PauseShown | None:
        """The pause of its sale that goes on."""
        return next((each for each in self.pauses if each.resumed_at is None), None)


class CampaignPublished(msgspec.Struct, frozen=True, kw_only=True):
    """An act of publishing a version, with what the linter says all the same."""

    campaign_id: CampaignId
    version: int
    published_by: str
    published_at: Instant
    findings: tuple[FindingShown, ...]


UNPUBLISHED = (
    *(DoorCode.ENCODING_WRONG, DoorCode.KEY_REUSED, Reason.CAMPAIGN_FAULTY),
    *(Reason.CAMPAIGN_UNFAIR, Reason.QUEUE_UNKNOWN, Reason.CAMPAIGN_OF_ANOTHER_QUEUE),
    *(Reason.CAMPAIGN_RUNNING, Reason.CAMPAIGN_VERSION_STALE, Reason.QUEUE_ON_SALE),
    *(Reason.OPENING_IN_THE_PAST, Reason.OPENING_TOO_CLOSE, Reason.OPENING_PASSED),
    *(Reason.BENEFIT_TAKEN_AWAY, Reason.QUOTA_TAKEN_AWAY, Reason.PERIOD_TAKEN_AWAY),
    *(Reason.GROUP_TAKEN_AWAY, Reason.CHANNEL_TAKEN_AWAY, Reason.EDITION_SHRUNK),
    Reason.UNITS_SET_ASIDE,
)
"""Why a version is not published."""


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/campaigns/{campaign_id}",
            operation="showCampaign",
            summary="The rule in force of a campaign, the server's time, and what is left.",
            tag="campaigns",
            access=Access.PUBLIC,
            takes=NoInput,
            handler=show_campaign,
            gives=CampaignShown,
            is_cacheable=True,
            codes=(Reason.CAMPAIGN_UNKNOWN,),
        ),
        *_acting_routes(),
    ]


def _acting_routes() -> list[Route[Any]]:
    """Those that publish and ask for news."""
    return [
        Route(
            method="POST",
            path="/campaigns",
            operation="publishCampaign",
            summary="Publish a version of a campaign, if nothing is taken away by it.",
            description="The body is the TOML file. Whoever waits for the campaign is written to "
            "when something moves. Another server may take five seconds to know of it.",
            tag="campaigns",
            access=Access.EDITORS,
            takes=CampaignNamed,
            handler=add_campaign,
            gives=CampaignPublished,
            status=201,
            needs_key=True,
            largest_upload=LARGEST_DOCUMENT,
            codes=UNPUBLISHED,
        ),
        Route(
            method="POST",
            path="/campaigns/{campaign_id}/news",
            operation="wantNews",
            summary="Ask to be told when something about a campaign moves.",
            tag="campaigns",
            access=Access.BUYER,
            takes=NewsWanted,
            handler=want_news,
            gives=NewsWanted,
            codes=(Reason.CAMPAIGN_UNKNOWN,),
        ),
    ]
