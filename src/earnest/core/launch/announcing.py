"""Publishing a version of a campaign: what may be announced, and what may not be taken back.

Until a campaign opens everything may change by a new version, and whoever waits is told. Once
anybody could reserve under it, a new version may add and lengthen, never take away: what was said
to everybody binds (CN-26; Civil Code 473, Consumer Protection Law 16). Not here: keeping versions
(`desk/campaigns.py`) and what is unfair about one (`lint.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import msgspec

from earnest.core.launch.admission import only_raises_places, rule_fault
from earnest.core.launch.benefit import (
    Benefit,
    Condition,
    DepositedBefore,
    FirstRanks,
    LockedBefore,
    OfGroup,
    ReservedWithin,
    ThroughChannel,
)
from earnest.core.launch.campaign import Campaign, Group
from earnest.core.launch.edition import UNLIMITED, check_edition
from earnest.core.queue.offer import Offer
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

LEAST_NOTICE = timedelta(minutes=1)
"""An opening is moved no later than this before it, nor closer than this: every server knows a new
version after five seconds, and nobody may be let in by one and refused by another."""


class Announced(msgspec.Struct, frozen=True, kw_only=True):
    """A published version with who published it and when; from then on it is in force.

    `source` is the document as its maker wrote it, where that is known.
    """

    campaign: Campaign
    published_at: Instant
    published_by: str
    source: str = ""


def in_force(versions: Sequence[Announced], at: Instant) -> Announced | None:
    """The newest of some versions that was published by an instant."""
    known = [each for each in versions if each.published_at <= at]
    return max(known, key=lambda each: (each.published_at, each.campaign.version), default=None)


def why_not_announced(
    draft: Campaign, current: Announced | None, offers: Sequence[Offer], now: Instant
) -> Rejected | None:
    """Why a version may not be published now; None when it may.

    `current` is the version in force in the queue, of whatever campaign; `offers` are the queue's.
    Rejections: those of `campaign_running`, `queue_on_sale`, `opening_in_the_past` for a first
    version; for a further one `campaign_version_stale`, `opening_passed`, `opening_too_close`,
    and once it opened everything that would be taken away. `admission_rule_malformed` for any;
    `admission_rule_fixed` for a rule that changes when people may have joined under it, in
    anything but more places.
    """
    if draft.admission is not None:
        malformed = rule_fault(draft.admission, draft.opens_at)
        if malformed is not None:
            return malformed
    if current is None or current.campaign.campaign_id != draft.campaign_id:
        return _why_not_begun(draft, current, offers, now)
    before = current.campaign
    if draft.version != before.version + 1:
        return Rejected(Reason.CAMPAIGN_VERSION_STALE, {"version": str(before.version + 1)})
    is_kept = before.admission == draft.admission
    is_kept = is_kept or only_raises_places(before.admission, draft.admission)
    if not is_kept and now >= _joins_from(before):
        return Rejected(Reason.ADMISSION_RULE_FIXED)
    moved = next(_why_not_moved(before, draft, now), None)
    if moved is not None or now < before.first_opening:
        return moved
    return next(taken_away(before, draft), None) or _edition_shrunk(before, draft)


def _edition_shrunk(before: Campaign, after: Campaign) -> Rejected | None:
    """What of an edition would be less; to limit nothing any more takes nothing away."""
    if after.edition is None:
        return None
    return check_edition(after.edition, before.edition or UNLIMITED)


def _why_not_begun(
    draft: Campaign, current: Announced | None, offers: Sequence[Offer], now: Instant
) -> Rejected | None:
    if draft.version != 1:
        return Rejected(Reason.CAMPAIGN_VERSION_STALE, {"version": "1"})
    if current is not None and not _is_over(current.campaign, now):
        return Rejected(Reason.CAMPAIGN_RUNNING, {"campaign_id": current.campaign.campaign_id})
    if draft.first_opening < now:
        return Rejected(Reason.OPENING_IN_THE_PAST)
    if draft.opens_at > now and any(each.is_open(now) for each in offers):
        return Rejected(Reason.QUEUE_ON_SALE)
    return None


def _joins_from(campaign: Campaign) -> Instant:
    """From when on people rely on how they are let in."""
    rule = campaign.admission
    return campaign.opens_at if rule is None else rule.joins_from


def _is_over(campaign: Campaign, now: Instant) -> bool:
    return campaign.closes_at is not None and campaign.closes_at <= now


def _instants(campaign: Campaign) -> dict[str, Instant]:
    """What happens when, by the key under which a document says it."""
    groups = {f"groups.{each.group_id}.opens_at": each.opens_at for each in campaign.groups}
    return {"reveal_at": campaign.reveal_at, "opens_at": campaign.opens_at} | groups


def _why_not_moved(before: Campaign, after: Campaign, now: Instant) -> Iterator[Rejected]:
    """What already happened stays; what has not is moved in time for everybody to know."""
    was, becomes = _instants(before), _instants(after)
    for key, instant in becomes.items():
        if was.get(key) == instant:
            continue
        if key in was and was[key] <= now:
            yield Rejected(Reason.OPENING_PASSED, {"what": key})
        elif instant < now + LEAST_NOTICE or (key in was and was[key] < now + LEAST_NOTICE):
            yield Rejected(Reason.OPENING_TOO_CLOSE, {"what": key})


def taken_away(before: Campaign, after: Campaign) -> Iterator[Rejected]:
    """Everything that a version would take from those who could rely on the one before it."""
    yield from _shortened("", before, after)
    for group in before.groups:
        yield from _group_taken(group, after.group(group.group_id))
    for benefit in before.benefits:
        yield from _benefit_taken(benefit, after.benefit(benefit.benefit_id))
    kept = {each.channel_id for each in after.channels}
    for channel in before.channels:
        if channel.channel_id not in kept:
            yield Rejected(Reason.CHANNEL_TAKEN_AWAY, {"channel": channel.channel_id})


def _shortened(table: str, before: Campaign | Group, after: Campaign | Group) -> Iterator[Rejected]:
    """A time that begins later or ends earlier. What has to be held up is paused instead.

    To begin later takes away even where the end moves as well: others have their places by then.
    """
    if after.opens_at > before.opens_at:
        yield Rejected(Reason.PERIOD_TAKEN_AWAY, {"what": f"{table}opens_at"})
    if after.closes_at is None:
        return
    if before.closes_at is None or after.closes_at < before.closes_at:
        yield Rejected(Reason.PERIOD_TAKEN_AWAY, {"what": f"{table}closes_at"})


def _group_taken(before: Group, after: Group | None) -> Iterator[Rejected]:
    name = f"groups.{before.group_id}"
    if after is None or after.entry is not before.entry:
        yield Rejected(Reason.GROUP_TAKEN_AWAY, {"group": before.group_id})
        return
    if after.quota < before.quota or (before.reserves_units and not after.reserves_units):
        yield Rejected(Reason.QUOTA_TAKEN_AWAY, {"what": f"{name}.quota"})
    if after.models and not (before.models and {*before.models} <= {*after.models}):
        yield Rejected(Reason.QUOTA_TAKEN_AWAY, {"what": f"{name}.models"})
    yield from _shortened(f"{name}.", before, after)


def _benefit_taken(before: Benefit, after: Benefit | None) -> Iterator[Rejected]:
    details = {"benefit": before.benefit_id}
    if after is None or after.texts != before.texts or _is_worth_less(before, after):
        yield Rejected(Reason.BENEFIT_TAKEN_AWAY, details)
        return
    if after.quota is not None and (before.quota is None or after.quota < before.quota):
        yield Rejected(Reason.QUOTA_TAKEN_AWAY, {"what": f"benefits.{before.benefit_id}.quota"})
    for condition in after.conditions:
        if not any(_is_no_stricter(condition, each) for each in before.conditions):
            yield Rejected(Reason.BENEFIT_TAKEN_AWAY, details)


def _is_worth_less(before: Benefit, after: Benefit) -> bool:
    if before.worth is None:
        return False
    if after.worth is None or after.worth.currency != before.worth.currency:
        return True
    return after.worth.amount < before.worth.amount


def _is_no_stricter(after: Condition, before: Condition) -> bool:
    """Whether whoever fulfils the condition before fulfils the one after."""
    match before, after:
        case FirstRanks(last_rank=was), FirstRanks(last_rank=becomes):
            return becomes >= was
        case ReservedWithin(begins=began, ends=ended), ReservedWithin(begins=begins, ends=ends):
            return begins <= began and ended <= ends
        case OfGroup(group_ids=had), OfGroup(group_ids=has):
            return {*had} <= {*has}
        case ThroughChannel(channel_ids=had_channels), ThroughChannel(channel_ids=channels):
            return {*had_channels} <= {*channels}
        case DepositedBefore(at=deposited_by), DepositedBefore(at=deposit_by):
            return deposit_by >= deposited_by
        case LockedBefore(at=locked_by), LockedBefore(at=lock_by):
            return lock_by >= locked_by
        case _:
            return after == before
