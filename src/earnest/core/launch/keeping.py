"""What a campaign announced with an end, after pauses of its sale: nothing of it ends sooner.

A group's time, the campaign's own and the dates of benefits go on for at least as long as the
pause was (docs/adr/0026). Not here: pauses themselves (`core/queue/pause.py`), and the payment
window of an order (`core/order/standing_still.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from earnest.core.launch.admission import Admission
from earnest.core.launch.announcing import Announced
from earnest.core.launch.benefit import (
    Benefit,
    Condition,
    DepositedBefore,
    LockedBefore,
    ReservedWithin,
)
from earnest.core.launch.campaign import Campaign, Group
from earnest.core.launch.code import PriorityCode
from earnest.core.queue.pause import SalePause, kept_open
from earnest.core.values.ids import GroupId
from earnest.core.values.instant import Instant


def campaign_kept_open(announced: Announced, pauses: Sequence[SalePause], at: Instant) -> Campaign:
    """The version with the ends that hold after its pauses.

    A pause counts from the publication on: whoever writes a version during or after one writes
    down the ends that everybody sees by then.
    """
    campaign, since = announced.campaign, announced.published_at
    if not pauses:
        return campaign
    opened = max(campaign.opens_at, since)
    return msgspec.structs.replace(
        campaign,
        closes_at=_later(opened, campaign.closes_at, pauses, at),
        groups=tuple(_group_kept_open(each, since, pauses, at) for each in campaign.groups),
        benefits=tuple(
            benefit_kept_open(each, max(campaign.first_opening, since), pauses, at)
            for each in campaign.benefits
        ),
    )


def _later(
    begins: Instant, ends: Instant | None, pauses: Sequence[SalePause], at: Instant
) -> Instant | None:
    return None if ends is None else kept_open(begins, ends, pauses, at)


def _group_kept_open(
    group: Group, since: Instant, pauses: Sequence[SalePause], at: Instant
) -> Group:
    closes_at = _later(max(group.opens_at, since), group.closes_at, pauses, at)
    return msgspec.structs.replace(group, closes_at=closes_at)


def benefit_kept_open(
    benefit: Benefit, since: Instant, pauses: Sequence[SalePause], at: Instant
) -> Benefit:
    """The benefit with dates that a pause ran into moved behind it; it could be had `since`."""
    conditions: list[Condition] = []
    for each in benefit.conditions:
        match each:
            case DepositedBefore(at=limit) | LockedBefore(at=limit):
                conditions.append(type(each)(at=kept_open(since, limit, pauses, at)))
            case ReservedWithin(begins=begins, ends=ends):
                ends = kept_open(max(begins, since), ends, pauses, at)
                conditions.append(ReservedWithin(begins=begins, ends=ends))
            case _:
                conditions.append(each)
    return msgspec.structs.replace(benefit, conditions=tuple(conditions))


def admission_kept_open(
    admission: Admission, pauses: Sequence[SalePause], at: Instant
) -> Admission:
    """An admission whose time ran into a pause lets its buyer in afterwards as well."""
    if not pauses:
        return admission
    ends_at = kept_open(admission.not_before, admission.ends_at, pauses, at)
    return msgspec.structs.replace(admission, ends_at=ends_at)


def code_kept_open(
    code: PriorityCode, campaign: Campaign, pauses: Sequence[SalePause], at: Instant
) -> PriorityCode:
    """A priority code whose group could use it when a pause came is good for longer."""
    if not pauses or campaign.group(code.group_id) is None:
        return code
    valid_until = code_good_until(code.group_id, code.valid_until, campaign, pauses, at)
    return msgspec.structs.replace(code, valid_until=valid_until)


def code_good_until(
    group_id: GroupId,
    valid_until: Instant,
    campaign: Campaign,
    pauses: Sequence[SalePause],
    at: Instant,
) -> Instant:
    """Until when a code of a group is good, after the pauses of the sale."""
    group = campaign.group(group_id)
    begins = campaign.first_opening if group is None else group.opens_at
    return kept_open(begins, valid_until, pauses, at)
