"""What further versions and campaigns that follow may do to the units that people wait for.

Not here: everything else that was announced (`test_announcing.py`), and orders in an edition
(`test_scarcity.py`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.launch.admitting import set_aside
from earnest.core.launch.announcing import Announced
from earnest.core.launch.campaign import Campaign, Group
from earnest.core.launch.edition import Edition
from earnest.core.launch.scarcity import sold_under, why_scarcer
from earnest.core.values.ids import CampaignId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core.campaigns import CAMPAIGN, LOYAL, VIP
from tests.core.world import local

NOW = local(2024, 7, 2)
DAY = timedelta(days=1)
CODES = msgspec.structs.replace(VIP, quota=2, opens_at=NOW, closes_at=NOW + DAY)
SHRUNK = Rejected(Reason.EDITION_SHRUNK)


def sells(units: int | None, *groups: Group, **fields: object) -> Campaign:
    """The campaign with so many units, and with these groups."""
    edition = None if units is None else Edition(units=units)
    return msgspec.structs.replace(CAMPAIGN, edition=edition, groups=groups, **fields)


def codes(**fields: object) -> Group:
    """The group with two units of its own, with some fields changed."""
    return msgspec.structs.replace(CODES, **fields)


def too_many(units: int) -> Rejected:
    return Rejected(Reason.UNITS_SET_ASIDE, {"units": str(units)})


# Units ---------------------------------------------------------------------------------------

CHAINS: list[tuple[list[int | None], int | None, Rejected | None]] = [
    ([], 2, None),
    ([None], 2, None),
    ([2], 2, None),
    ([2], 3, None),
    ([2], 1, SHRUNK),
    ([2], None, None),
    ([2, None], None, None),
    ([2, None], 1_000, SHRUNK),
    ([2, 3], 2, SHRUNK),
]


@pytest.mark.parametrize(("sold", "units", "expected"), CHAINS)
def test_a_queue_never_has_fewer_units_than_were_sold_from_before(
    sold: list[int | None], units: int | None, expected: Rejected | None
) -> None:
    """Whichever campaign sells them. Only a queue that never had an edition can begin one."""
    follows = sells(units, campaign_id=CampaignId("autumn"))

    assert why_scarcer(follows, [sells(each) for each in sold], NOW) == expected


def test_only_what_somebody_could_reserve_under_binds() -> None:
    def announced(version: int, opens_at: Instant, at: Instant) -> Announced:
        campaign = sells(9, version=version, opens_at=opens_at)
        return Announced(campaign=campaign, published_at=at, published_by="staff:ida")

    first = announced(1, NOW - DAY, NOW - 3 * DAY)
    second = announced(2, NOW, NOW - 2 * DAY)
    third = announced(3, NOW + DAY, NOW)
    versions = (third, first, second)

    def numbers(at: Instant) -> list[int]:
        return [each.version for each in sold_under(versions, at)]

    assert numbers(NOW - 4 * DAY) == []
    assert numbers(NOW - DAY) == [], "the second version had moved the opening"
    assert numbers(NOW) == [], "the third moved it again, in the last instant"
    assert numbers(NOW + DAY) == [3]
    opened = announced(2, NOW - DAY, NOW - 2 * DAY)
    assert [x.version for x in sold_under((first, opened, third), NOW)] == [2]


# Units that are set aside ---------------------------------------------------------------------

ASIDE: list[tuple[Campaign, Campaign, Rejected | None]] = [
    (sells(3), sells(3, codes()), too_many(2)),
    (sells(3), sells(4, codes()), too_many(1)),
    (sells(3), sells(5, codes()), None),
    (sells(3), sells(3, codes(reserves_units=False)), None),
    (sells(3), sells(None, codes()), None),
    (sells(3, codes()), sells(3, codes()), None),
    (sells(3, codes()), sells(3, codes(quota=3)), too_many(1)),
    (sells(3, codes()), sells(4, codes(quota=3)), None),
    (sells(3, codes(reserves_units=False)), sells(3, codes()), too_many(2)),
    (sells(3, codes()), sells(3, codes(closes_at=NOW + 2 * DAY)), too_many(2)),
    (sells(3, codes()), sells(3, codes(closes_at=None)), too_many(2)),
    (sells(3, codes(closes_at=NOW)), sells(3, codes()), too_many(2)),
    (sells(3, codes()), sells(3, codes(), closes_at=local(2024, 9, 2)), None),
    (
        sells(3, codes(closes_at=None)),
        sells(3, codes(closes_at=None), closes_at=local(2024, 9, 2)),
        too_many(2),
    ),
    (sells(3, codes(), closes_at=NOW), sells(3, codes()), too_many(2)),
    (sells(3, codes(), closes_at=NOW), sells(5, codes()), None),
]


@pytest.mark.parametrize(("before", "after", "expected"), ASIDE)
def test_what_is_set_aside_comes_on_top_of_what_there_was(
    before: Campaign, after: Campaign, expected: Rejected | None
) -> None:
    """More places, a further group, a longer time and a campaign that follows: all the same."""
    assert why_scarcer(after, [before], NOW) == expected


MOMENTS = [None, *(NOW + number * DAY for number in range(4))]
GROUPS = st.lists(
    st.builds(
        lambda name, quota, closes_at, *, reserves: msgspec.structs.replace(
            LOYAL, group_id=name, quota=quota, closes_at=closes_at, reserves_units=reserves
        ),
        st.sampled_from(["loyal", "vip"]),
        st.integers(1, 3),
        st.sampled_from(MOMENTS),
        reserves=st.booleans(),
    ),
    max_size=2,
    unique_by=lambda each: each.group_id,
)
SCARCE = st.builds(
    lambda units, groups, closes_at: sells(units, *groups, closes_at=closes_at),
    st.integers(1, 9),
    GROUPS,
    st.sampled_from(MOMENTS),
)


def units(campaign: Campaign) -> int:
    assert campaign.edition is not None
    assert campaign.edition.units is not None
    return campaign.edition.units


@given(SCARCE, SCARCE)
def test_at_no_instant_to_come_fewer_units_are_left_to_those_who_wait(
    before: Campaign, after: Campaign
) -> None:
    to_come = [NOW + timedelta(hours=12 * number) for number in range(10)]

    def left_at(campaign: Campaign, at: Instant) -> int:
        return units(campaign) - set_aside(campaign, {}, at, None)

    is_scarcer = units(after) < units(before) or any(
        left_at(after, at) < left_at(before, at) for at in to_come
    )

    assert (why_scarcer(after, [before], NOW) is not None) == is_scarcer
