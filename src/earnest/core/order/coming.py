"""How a reservation comes: by which campaign, invitation, channel and friend, with which benefits.

Not here: the reservation itself (`reserve.py`) and the rules of a campaign (`core/launch`).
"""

from __future__ import annotations

import msgspec

from earnest.core.launch.admission import admission_fault
from earnest.core.launch.admitting import Asking, Came, admit, granted
from earnest.core.launch.attribution import Attribution, referral_of
from earnest.core.launch.benefit import Benefit
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.keeping import admission_kept_open, code_kept_open
from earnest.core.order.commands import Reserve
from earnest.core.order.facts import Facts
from earnest.core.values.ids import CodeId, GroupId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """What is frozen on the order about how it came."""

    attribution: Attribution | None = None
    benefits: tuple[Benefit, ...] = ()
    code_id: CodeId | None = None


PLAIN = Coming()
"""A reservation in a queue without a campaign, by nobody's invitation."""


def coming(command: Reserve, facts: Facts, now: Instant) -> Coming | Rejected:
    """How this reservation comes, or why it may not.

    The common case costs a look at four fields. Whoever is invited needs no admission. Rejections:
    those of `admit` and of `admission_fault`,
    `code_of_another_queue`, `group_unknown`, `channel_unknown`, `referred_by_oneself`.
    """
    if facts.campaign is not None:
        return _in_campaign(facts.campaign, command, facts, now)
    if command.priority_code is not None:
        return Rejected(Reason.CODE_OF_ANOTHER_QUEUE)
    if command.group_id is not None:
        return Rejected(Reason.GROUP_UNKNOWN)
    if command.channel is not None:
        return Rejected(Reason.CHANNEL_UNKNOWN, {"channel": command.channel})
    if command.referral is None:
        return PLAIN
    refused = _refers_to_itself(command)
    return refused or Coming(attribution=Attribution(referral=command.referral))


def _refers_to_itself(command: Reserve) -> Rejected | None:
    if command.referral is None or command.referral != referral_of(command.buyer_id):
        return None
    return Rejected(Reason.REFERRED_BY_ONESELF)


def _in_campaign(
    campaign: Campaign, command: Reserve, facts: Facts, now: Instant
) -> Coming | Rejected:
    code, admission = command.priority_code, command.admission
    if code is not None:
        code = code_kept_open(code, campaign, facts.pauses, now)
    asking = Asking(
        buyer_id=command.buyer_id,
        model=command.configuration.model,
        at=now,
        group_id=command.group_id,
        code=code,
        code_fact=facts.code,
    )
    group = admit(campaign, asking, facts.taken)
    if isinstance(group, Rejected):
        return group
    if group is None and campaign.admission is not None:
        if admission is not None:
            admission = admission_kept_open(admission, facts.pauses, now)
        turned_away = admission_fault(
            admission, launch=campaign.campaign_id, buyer_id=command.buyer_id, at=now
        )
        if turned_away is not None:
            return turned_away
    channels = {each.channel_id for each in campaign.channels}
    if command.channel is not None and command.channel not in channels:
        return Rejected(Reason.CHANNEL_UNKNOWN, {"channel": command.channel})
    refused = _refers_to_itself(command)
    if refused is not None:
        return refused
    group_id: GroupId | None = None if group is None else group.group_id
    assert facts.rank is not None, "the desk gives every reservation the queue's next rank"
    came = Came(
        rank=facts.rank,
        at=now,
        group_id=group_id,
        channel=command.channel,
        is_referred=command.referral is not None,
    )
    return Coming(
        attribution=Attribution(
            campaign_id=campaign.campaign_id,
            version=campaign.version,
            group_id=group_id,
            channel=command.channel,
            referral=command.referral,
        ),
        benefits=granted(campaign, came, facts.taken),
        code_id=None if command.priority_code is None else command.priority_code.code_id,
    )
