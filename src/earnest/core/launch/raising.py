"""Which versions of a campaign let more people in than those before them, and since when.

The draw of a lottery orders all entries; places say how many of them are let in. Not here: whether
a version may raise them (`announcing.py`), and when each slot is let in (`room.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from earnest.core.launch.admission import PlacesRaised
from earnest.core.launch.announcing import Announced
from earnest.core.launch.campaign import Campaign
from earnest.core.values.instant import Instant


def with_places_raised(campaign: Campaign, versions: Sequence[Announced]) -> Campaign:
    """A version of a campaign with every raise of its places up to then.

    `versions` may hold other campaigns and later versions as well. One that lowered the places,
    which is possible before anybody could join, counts as the first.
    """
    rule = campaign.admission
    if rule is None or rule.places is None or campaign.version == 1:
        return campaign
    own = (x for x in versions if x.campaign.campaign_id == campaign.campaign_id)
    raised = _raised([x for x in own if x.campaign.version <= campaign.version])
    return msgspec.structs.replace(campaign, admission=msgspec.structs.replace(rule, raised=raised))


def _raised(versions: Sequence[Announced]) -> tuple[PlacesRaised, ...]:
    steps: list[tuple[int, Instant]] = []
    for each in sorted(versions, key=lambda x: x.campaign.version):
        rule = each.campaign.admission
        places = 0 if rule is None or rule.places is None else rule.places
        while steps and steps[-1][0] > places:
            steps.pop()
        if places > (steps[-1][0] if steps else 0):
            steps.append((places, each.published_at))
    return tuple(PlacesRaised(before=was[0], at=then[1]) for was, then in pairwise(steps))
