"""What differs between two versions of a campaign, key by key as the document names them.

Not here: whether it may be announced (`test_announcing.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.launch.differences import Difference, differences
from tests.core.campaigns import CAMPAIGN, LOYAL, VIP
from tests.core.world import local


def test_every_key_that_differs_is_named_with_both_values() -> None:
    vip = msgspec.structs.replace(VIP, quota=60, models=("aurora", "swift"))
    benefits = CAMPAIGN.benefits[:1]
    after = msgspec.structs.replace(
        CAMPAIGN, version=2, closes_at=None, groups=(LOYAL, vip), benefits=benefits
    )
    fewer = msgspec.structs.replace(CAMPAIGN, benefits=benefits)

    assert differences(fewer, after) == (
        Difference(key="groups.vip.quota", before="50", after="60"),
        Difference(key="groups.vip.models", before="aurora", after="aurora, swift"),
        Difference(key="closes_at", before="2024-09-01T00:00:00+08:00", after=None),
    )
    assert differences(CAMPAIGN, msgspec.structs.replace(CAMPAIGN, version=2)) == ()


def test_a_condition_of_a_benefit_is_named_by_its_kind() -> None:
    seats = CAMPAIGN.benefits[1]
    later = msgspec.structs.replace(seats.conditions[0], at=local(2024, 7, 12))
    moved = msgspec.structs.replace(seats, conditions=(later, *seats.conditions[1:]))
    after = msgspec.structs.replace(
        CAMPAIGN, benefits=(CAMPAIGN.benefits[0], moved, *CAMPAIGN.benefits[2:])
    )

    assert differences(CAMPAIGN, after) == (
        Difference(
            key="benefits.seats.conditions.deposited_before.at",
            before="2024-07-10T00:00:00+08:00",
            after="2024-07-12T00:00:00+08:00",
        ),
    )
