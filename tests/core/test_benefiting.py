"""Whether time alone moves a benefit of an order: then no version of the order says so.

Not here: where a benefit stands (`tables/22_campaigns.txt`).
"""

from __future__ import annotations

import msgspec
import pytest

from earnest.core.launch.benefit import Benefit, Condition, DepositedBefore, LockedBefore, NotLeft
from earnest.core.order.benefiting import time_decides
from earnest.core.order.parts_of_launch import OrderBenefit
from tests.core.orders import order_after
from tests.core.world import local

FAR = local(2100, 1, 1)
NEVER = local(2000, 1, 1)
DELIVERED = local(2024, 8, 1)


def decides(event: str, *conditions: Condition, delivered: bool = False) -> bool:
    """Whether time decides about an order right after an event, which has one benefit."""
    benefit = Benefit(benefit_id="seats", texts={"en": "Seats"}, conditions=conditions)
    given = OrderBenefit(benefit=benefit, delivered_at=DELIVERED if delivered else None)
    return time_decides(msgspec.structs.replace(order_after(event), benefits=(given,)))


@pytest.mark.parametrize(
    ("event", "conditions", "expected"),
    [
        ("Reserved", (NotLeft(),), False),
        ("Reserved", (DepositedBefore(at=FAR),), True),
        ("Reserved", (NotLeft(), LockedBefore(at=FAR)), True),
        ("DepositReceived", (DepositedBefore(at=FAR),), False),
        ("DepositReceived", (DepositedBefore(at=NEVER),), True),
        ("DepositReceived", (DepositedBefore(at=FAR), LockedBefore(at=FAR)), True),
        ("Locked", (DepositedBefore(at=FAR), LockedBefore(at=FAR)), False),
    ],
)
def test_time_decides_what_a_date_takes_away(
    event: str, conditions: tuple[Condition, ...], *, expected: bool
) -> None:
    assert decides(event, *conditions) == expected


def test_what_was_delivered_is_the_buyers_whatever_time_it_is() -> None:
    assert not decides("Reserved", DepositedBefore(at=FAR), delivered=True)


def test_an_order_without_benefits_has_nothing_to_lose() -> None:
    order = order_after("Reserved")

    assert order.benefits == ()
    assert not time_decides(order)
