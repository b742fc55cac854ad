"""What a further version, or a campaign that follows, may do to the units that people wait for.

Units belong to the queue, whatever campaign sells them. Once somebody could reserve under an
edition there are never fewer of them, and never fewer for those who wait by their rank: what is
set aside for invited groups comes on top (docs/adr/0035). Not here: everything else that was
announced (`announcing.py`), and who gets a unit (`core/order/allot.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from earnest.core.launch.admitting import set_aside
from earnest.core.launch.announcing import Announced
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.edition import UNLIMITED, is_less
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def sold_under(versions: Sequence[Announced], now: Instant) -> list[Campaign]:
    """The versions of a queue under which anybody could reserve by an instant, the oldest first."""
    known = sorted(
        (each for each in versions if each.published_at <= now),
        key=lambda each: (each.published_at, each.campaign.version),
    )
    sold = [
        each.campaign
        for each, following in pairwise(known)
        if each.campaign.first_opening < following.published_at
    ]
    return sold + [each.campaign for each in known[-1:] if each.campaign.first_opening <= now]


def why_scarcer(draft: Campaign, sold: Sequence[Campaign], now: Instant) -> Rejected | None:
    """Why a version would leave fewer units to those who came before; None when it does not.

    `sold` are the versions of the queue under which somebody could reserve, with the ends that
    hold. A queue whose units were never limited has nobody who waits. Rejections:
    `edition_shrunk`, `units_set_aside`.
    """
    if all(_units(each) is None for each in sold):
        return None
    before = sold[-1]
    units, were = _units(draft), _units(before)
    if is_less(units, were):
        return Rejected(Reason.EDITION_SHRUNK)
    if units is None or were is None:
        return None
    missing = _set_aside_more(before, draft, now) - (units - were)
    return Rejected(Reason.UNITS_SET_ASIDE, {"units": str(missing)}) if missing > 0 else None


def _units(campaign: Campaign) -> int | None:
    return (campaign.edition or UNLIMITED).units


def _set_aside_more(before: Campaign, after: Campaign, now: Instant) -> int:
    """How many more units are set aside, at the instant from now on at which most are."""
    ends = [each.closes_at for campaign in (before, after) for each in campaign.groups]
    ends += [before.closes_at, after.closes_at]
    to_come = [each for each in ends if each is not None and each > now]
    return max(
        set_aside(after, {}, at, None) - set_aside(before, {}, at, None) for at in (now, *to_come)
    )
