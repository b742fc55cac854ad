"""Who may reserve in a campaign, from when, and which benefits come with it.

Codes, lists and lotteries decide admission and quota, never rank (DESIGN 3). Not here: the
reservation itself (`core/order/reserve.py`), and counting places (`desk`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

import msgspec

from earnest.core.launch.benefit import (
    AT_RESERVATION,
    Benefit,
    Condition,
    FirstRanks,
    OfGroup,
    Referred,
    ReservedWithin,
    ThroughChannel,
)
from earnest.core.launch.campaign import Campaign, Entry, Group
from earnest.core.launch.code import CodeFact, PriorityCode
from earnest.core.values.ids import BuyerId, GroupId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

Taken: TypeAlias = Mapping[str, int]
"""How many places of each quota are taken, by the name of its counter."""


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who wants to reserve: who, what, when, and what they show.

    `group_id` without a code is a membership that the door has looked up.
    """

    buyer_id: BuyerId
    model: str
    at: Instant
    group_id: GroupId | None = None
    code: PriorityCode | None = None
    code_fact: CodeFact | None = None


def group_counter(group_id: GroupId) -> str:
    """The name of the counter of a group's places."""
    return f"group:{group_id}"


def benefit_counter(benefit_id: str) -> str:
    """The name of the counter of a benefit."""
    return f"benefit:{benefit_id}"


def counters(campaign: Campaign) -> dict[str, int]:
    """Every counter of a campaign with its quota."""
    groups = {group_counter(each.group_id): each.quota for each in campaign.groups}
    benefits = {
        benefit_counter(each.benefit_id): each.quota
        for each in campaign.benefits
        if each.quota is not None
    }
    return groups | benefits


def admit(campaign: Campaign, asking: Asking, taken: Taken) -> Group | Rejected | None:
    """The group by which somebody comes in, None for everybody, or why they may not reserve.

    Rejections: `sale_not_open` for everybody; for somebody invited those of their code,
    `group_unknown`, `code_missing`, `group_not_open`, `group_full`.
    """
    if asking.code is None and asking.group_id is None:
        if campaign.is_open(asking.at):
            return None
        return Rejected(Reason.SALE_NOT_OPEN, {"opens_at": campaign.opens_at.isoformat()})
    group = _invited(campaign, asking)
    if isinstance(group, Rejected):
        return group
    if campaign.closes_at is not None and asking.at >= campaign.closes_at:
        return Rejected(Reason.SALE_NOT_OPEN, {"opens_at": campaign.opens_at.isoformat()})
    if not group.is_open(asking.at):
        return Rejected(Reason.GROUP_NOT_OPEN, {"opens_at": group.opens_at.isoformat()})
    if taken.get(group_counter(group.group_id), 0) >= group.quota:
        return Rejected(Reason.GROUP_FULL, {"quota": str(group.quota)})
    return group


def _invited(campaign: Campaign, asking: Asking) -> Group | Rejected:
    code = asking.code
    if code is not None:
        unusable = _unusable(campaign, code, asking)
        if unusable is not None:
            return unusable
    group_id = asking.group_id if code is None else code.group_id
    assert group_id is not None, "somebody invited names a group or shows a code"
    group = campaign.group(group_id)
    if group is None or asking.group_id not in {None, group_id}:
        return Rejected(Reason.GROUP_UNKNOWN)
    if (group.entry is Entry.CODES) != (code is not None):
        return Rejected(Reason.CODE_MISSING if code is None else Reason.GROUP_UNKNOWN)
    if group.models and asking.model not in group.models:
        return Rejected(Reason.CODE_OF_ANOTHER_MODEL, {"models": ", ".join(group.models)})
    return group


def _unusable(campaign: Campaign, code: PriorityCode, asking: Asking) -> Rejected | None:
    """Why this code, though it was really signed by us, opens nothing here and now."""
    if code.campaign_id != campaign.campaign_id:
        return Rejected(Reason.CODE_OF_ANOTHER_QUEUE)
    if code.buyer_id not in {None, asking.buyer_id}:
        return Rejected(Reason.CODE_OF_ANOTHER_BUYER)
    if asking.at >= code.valid_until:
        return Rejected(Reason.CODE_OVER, {"valid_until": code.valid_until.isoformat()})
    if asking.code_fact is None:
        return Rejected(Reason.CODE_UNKNOWN)
    if asking.code_fact.is_revoked:
        return Rejected(Reason.CODE_REVOKED)
    if asking.code_fact.order_id is not None:
        return Rejected(Reason.CODE_USED)
    return None


def set_aside(campaign: Campaign, taken: Taken, at: Instant, group_id: GroupId | None) -> int:
    """Units kept for invited groups other than this one, while those may still come."""
    kept = units_kept(campaign, taken, at)
    return sum(units for kept_for, units in kept.items() if kept_for != group_id)


def units_kept(campaign: Campaign, taken: Taken, at: Instant) -> dict[GroupId, int]:
    """The units kept for each invited group that has some of its own, while it may still come."""
    return {
        group.group_id: max(group.quota - taken.get(group_counter(group.group_id), 0), 0)
        for group in campaign.groups
        if group.reserves_units
        if group.closes_at is None or at < group.closes_at
        if campaign.closes_at is None or at < campaign.closes_at
    }


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """How a reservation came, as far as benefits ask for it."""

    rank: int
    at: Instant
    group_id: GroupId | None = None
    channel: str | None = None
    is_referred: bool = False


def granted(campaign: Campaign, came: Came, taken: Taken) -> tuple[Benefit, ...]:
    """The benefits whose conditions at reservation hold, while their quota lasts.

    A place of a benefit is never given to somebody behind: whoever reserved later and found it
    used up keeps what the order says, and nobody's order changes after the fact.
    """
    return tuple(
        benefit
        for benefit in campaign.benefits
        if benefit.quota is None
        or taken.get(benefit_counter(benefit.benefit_id), 0) < benefit.quota
        if all(_holds(each, came) for each in benefit.conditions)
    )


def _holds(condition: Condition, came: Came) -> bool:
    """Whether a condition holds at reservation; what is decided later may still come to hold."""
    if not isinstance(condition, AT_RESERVATION):
        return not _is_past(condition, came.at)
    match condition:
        case FirstRanks(last_rank=last_rank):
            return came.rank <= last_rank
        case ReservedWithin(begins=begins, ends=ends):
            return begins <= came.at < ends
        case OfGroup(group_ids=group_ids):
            return came.group_id in group_ids
        case ThroughChannel(channel_ids=channel_ids):
            return came.channel in channel_ids
        case _:
            assert isinstance(condition, Referred), "every other condition is known here"
            return came.is_referred


def _is_past(condition: Condition, at: Instant) -> bool:
    """Whether the date of a condition has passed already, so that it cannot come to hold."""
    limit = getattr(condition, "at", None)
    return isinstance(limit, datetime) and at >= limit
