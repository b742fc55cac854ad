"""Acts about campaigns: publishing a version, issuing codes. Checked whole, kept whole, once a key.

Not here: the checks themselves (`core/launch`), and what a reservation does with a campaign.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from earnest.core.cases.second_person import is_another_person
from earnest.core.launch.announcing import Announced, in_force, why_not_announced
from earnest.core.launch.campaign import Campaign, Entry, Group
from earnest.core.launch.code import CodeBatch, PriorityCode
from earnest.core.launch.keeping import campaign_kept_open, code_good_until
from earnest.core.launch.scarcity import sold_under, why_scarcer
from earnest.core.queue.offer import Offer
from earnest.core.queue.pause import SalePause
from earnest.core.values.ids import BuyerId, CampaignId, CodeId, GroupId, derive_id
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.campaign_ports import Announcement, Campaigns, IsOver
from earnest.desk.group import KeyReused
from earnest.desk.ports import Shelf
from earnest.desk.publishing import Act
from earnest.desk.telling.news import moved


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A version that somebody wants to publish, with the text that says it where there is one."""

    campaign: Campaign
    source: str = ""


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """What a version is judged by beside those before it: what is on sale, and pauses, anywhere."""

    offers: Sequence[Offer]
    pauses: Sequence[SalePause] = ()


def why_not_published(
    draft: Campaign, versions: Sequence[Announced], around: Circumstances, now: Instant
) -> Rejected | None:
    """Why a version may not be published now, given all versions of its queue and campaign.

    Ends that a pause of the sale moved count as announced: they are not taken back either.
    Rejections: `campaign_of_another_queue`, those of `why_not_announced` and `why_scarcer`.
    """
    if any(_belongs_elsewhere(each.campaign, draft) for each in versions):
        return Rejected(Reason.CAMPAIGN_OF_ANOTHER_QUEUE)
    offers = [each for each in around.offers if each.queue_id == draft.queue_id]
    pauses = [each for each in around.pauses if each.queue_id == draft.queue_id]
    kept = [
        msgspec.structs.replace(each, campaign=campaign_kept_open(each, pauses, now))
        for each in versions
    ]
    return why_not_announced(draft, in_force(kept, now), offers, now) or why_scarcer(
        draft, sold_under(kept, now), now
    )


async def publish_campaign(
    campaigns: Campaigns, shelf: Shelf, act: Act, draft: Draft, around: Circumstances
) -> Announcement | Rejected | KeyReused:
    """Publish a version of a campaign, and tell whoever waits for it what moved.

    A repeated act gets its first result. Rejections: `queue_unknown`, those of
    `why_not_published`.
    """
    campaign = draft.campaign
    known = await campaigns.announcement(act.actor_id, act.key)
    if known is not None:
        return _same(known, act)
    if await shelf.queue(campaign.queue_id) is None:
        return Rejected(Reason.QUEUE_UNKNOWN)

    def judge(versions: Sequence[Announced]) -> Rejected | bool:
        """Why not, or whether those who wait are told."""
        rejected = why_not_published(campaign, versions, around, act.received_at)
        if rejected is not None:
            return rejected
        current = in_force(versions, act.received_at)
        return current is not None and campaign.version > 1 and moved(current.campaign, campaign)

    announced = Announced(
        campaign=campaign,
        published_at=act.received_at,
        published_by=act.actor_id,
        source=draft.source,
    )
    announcement = Announcement(announced=announced, key=act.key, content_hash=act.content_hash)
    found = await campaigns.announce(announcement, judge)
    return found if isinstance(found, Rejected) else _same(found, act)


def _belongs_elsewhere(known: Campaign, draft: Campaign) -> bool:
    return known.campaign_id == draft.campaign_id and known.queue_id != draft.queue_id


def _same(found: Announcement, act: Act) -> Announcement | KeyReused:
    """The version on record, unless its key was used for something else."""
    return found if found.content_hash == act.content_hash else KeyReused()


class WantedCodes(msgspec.Struct, frozen=True, kw_only=True):
    """Codes that somebody wants to issue: `count` for anybody, or one for each of some buyers."""

    campaign_id: CampaignId
    group_id: GroupId
    count: int
    valid_until: Instant
    buyer_ids: tuple[BuyerId, ...] = ()


def codes_over(campaign: Campaign, pauses: Sequence[SalePause], now: Instant) -> IsOver:
    """Which codes of a campaign open nothing any more; a pause of its sale made them longer."""
    own = [each for each in pauses if each.queue_id == campaign.queue_id]

    def is_over(group_id: GroupId, valid_until: Instant) -> bool:
        return code_good_until(group_id, valid_until, campaign, own, now) <= now

    return is_over


async def issue_codes(
    campaigns: Campaigns,
    versions: Sequence[Announced],
    act: Act,
    wanted: WantedCodes,
    pauses: Sequence[SalePause] = (),
) -> tuple[PriorityCode, ...] | Rejected | KeyReused:
    """Issue codes of a group, at most as many as its published quota has places.

    A code that ran out unused gives its place back, a code of a sale that was paused later.
    Whoever published the quota never hands out its codes: two people stand behind every code, and
    the number they share is public (docs/adr/0017). A repeated act gets the same codes. Rejections:
    `campaign_unknown`, `group_unknown`, `group_unsuitable`, `code_over`, `second_person_missing`,
    `codes_exceed_quota`.
    """
    current = in_force(versions, act.received_at)
    if current is None:
        return Rejected(Reason.CAMPAIGN_UNKNOWN)
    group = _group_of(current.campaign, versions, wanted, act)
    if isinstance(group, Rejected):
        return group
    batch = CodeBatch(
        actor_id=act.actor_id,
        key=act.key,
        content_hash=act.content_hash,
        campaign_id=wanted.campaign_id,
        group_id=wanted.group_id,
        count=wanted.count,
        valid_until=wanted.valid_until,
        issued_at=act.received_at,
        buyer_ids=wanted.buyer_ids,
    )
    is_over = codes_over(current.campaign, pauses, act.received_at)
    found = await campaigns.issue(batch, code_ids(batch), group.quota, is_over)
    if isinstance(found, Rejected):
        return found
    return codes_of(found) if found.content_hash == act.content_hash else KeyReused()


def _group_of(
    campaign: Campaign, versions: Sequence[Announced], wanted: WantedCodes, act: Act
) -> Group | Rejected:
    """The group, where this person may issue its codes."""
    group = campaign.group(wanted.group_id)
    if group is None:
        return Rejected(Reason.GROUP_UNKNOWN)
    if group.entry is not Entry.CODES:
        return Rejected(Reason.GROUP_UNSUITABLE, {"entry": group.entry.value})
    if wanted.valid_until <= act.received_at:
        return Rejected(Reason.CODE_OVER, {"valid_until": wanted.valid_until.isoformat()})
    if not all(is_another_person(each.published_by, act.actor_id) for each in versions):
        return Rejected(Reason.SECOND_PERSON_MISSING)
    return group


def code_ids(batch: CodeBatch) -> tuple[CodeId, ...]:
    """The ids of a batch's codes; they follow from its key, so a repeated act gets the same."""
    places = range(1, batch.count + 1)
    return tuple(
        CodeId(derive_id("code", batch.actor_id, batch.key, str(place))) for place in places
    )


def codes_of(batch: CodeBatch) -> tuple[PriorityCode, ...]:
    """What each code of a batch says, in the order in which they were asked for."""
    bound: list[BuyerId | None] = [*batch.buyer_ids] or [None] * batch.count
    return tuple(
        PriorityCode(
            code_id=code_id,
            campaign_id=batch.campaign_id,
            group_id=batch.group_id,
            valid_until=batch.valid_until,
            buyer_id=buyer_id,
        )
        for code_id, buyer_id in zip(code_ids(batch), bound, strict=True)
    )
