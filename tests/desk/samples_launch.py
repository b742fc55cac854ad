"""Events that a launch brings to an order.

Not here: the others (`samples.py`, `samples_settling.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.launch.attribution import Attribution
from earnest.core.launch.benefit import (
    Benefit,
    DepositedBefore,
    FirstRanks,
    LockedBefore,
    NotLeft,
    OfGroup,
    Referred,
    ReservedWithin,
    ThroughChannel,
)
from earnest.core.order import events as happened
from earnest.core.order import events_of_launch as launched
from earnest.core.values.ids import CampaignId, CodeId, GroupId
from earnest.core.values.money import Money
from tests.desk.samples import AT, LATER, MIDNIGHT, RESERVED

WHEELS = Benefit(
    benefit_id="wheels",
    texts={"en": "a set of winter wheels", "zh-Hans": "冬季轮毂一套"},
    conditions=(
        FirstRanks(last_rank=5_000),
        ReservedWithin(begins=AT, ends=LATER),
        OfGroup(group_ids=(GroupId("loyal"),)),
        ThroughChannel(channel_ids=("live",)),
        Referred(),
        DepositedBefore(at=LATER),
        LockedBefore(at=MIDNIGHT),
        NotLeft(),
    ),
    quota=5_000,
    worth=Money(400_000, "CNY"),
)
SEATS = Benefit(benefit_id="seats", texts={"en": "heated seats", "zh-Hans": "座椅加热"})

LAUNCHED: tuple[happened.Event, ...] = (
    msgspec.structs.replace(
        RESERVED,
        attribution=Attribution(
            campaign_id=CampaignId("aurora-2026"),
            version=2,
            group_id=GroupId("loyal"),
            channel="live",
            referral="FR1END0000000001",
        ),
        benefits=(WHEELS, SEATS),
        code_id=CodeId("C0DE000000000001"),
    ),
    launched.BenefitDelivered(at=AT, benefit_id="wheels", proof="Fitted in our yard."),
    launched.TimeGivenBack(
        at=LATER, number=1, begins=AT, ends=LATER, is_to_pay=True, pay_until=LATER
    ),
    launched.TimeGivenBack(
        at=LATER, number=2, begins=AT, ends=LATER, is_to_pay=False, benefits=(WHEELS,)
    ),
)
"""At least one event of each kind that only a launch knows."""
