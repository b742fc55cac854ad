"""Figures of late deliveries and late refunds: days, sums, taxes, clocks and what they grow by."""

from __future__ import annotations

import pytest

from earnest.core.settlement.delay import delay_compensation
from earnest.core.settlement.interest import late_refund_grows_by
from earnest.core.settlement.position import Held
from earnest.core.settlement.refund_clock import refund_due_at
from earnest.core.settlement.tax import tax_difference, tax_in
from earnest.core.terms.packs.laws import LAWS
from earnest.core.values.instant import (
    days_between,
    days_late,
    end_of_business_day_after,
    last_day_of,
)
from earnest.core.values.money import Money
from tests.core.world import POLICY, local, terms_with, yuan

SHANGHAI = "Asia/Shanghai"
LATE = terms_with(
    late_delivery_per_day=yuan(200), late_delivery_cap=yuan(10_000), late_delivery_free_days=2
).policy
TAX = LAWS["CN"].purchase_tax


@pytest.mark.parametrize(
    ("days", "owed"), [(0, 0), (2, 0), (3, 200), (17, 3_000), (52, 10_000), (62, 10_000)]
)
def test_each_day_after_the_free_ones_is_paid_up_to_the_cap(days: int, owed: int) -> None:
    assert yuan(owed) == delay_compensation(LATE, days)


def test_terms_without_a_daily_sum_pay_none_and_without_a_cap_all() -> None:
    uncapped = terms_with(late_delivery_per_day=yuan(200)).policy

    assert yuan(0) == delay_compensation(POLICY, 90)
    assert yuan(18_000) == delay_compensation(uncapped, 90)


@pytest.mark.parametrize(
    ("price", "then", "later", "borne"),
    [
        (318_900, 0, 1_411_062, 1_411_062),
        (399_900, 538_938, 2_038_938, 1_500_000),
        (90_000, 0, 398_230, 398_230),
    ],
)
def test_the_tax_of_two_years_and_what_the_guarantee_bears(
    price: int, then: int, later: int, borne: int
) -> None:
    assert TAX is not None

    assert Money(then, "CNY") == tax_in(TAX, yuan(price), 2025)
    assert Money(later, "CNY") == tax_in(TAX, yuan(price), 2026)
    assert Money(borne, "CNY") == tax_difference(TAX, yuan(price), 2025, 2026, yuan(15_000))


def test_a_year_nobody_knows_and_a_better_year_cost_nothing() -> None:
    assert TAX is not None

    assert tax_in(TAX, yuan(90_000), 2028) is None
    assert yuan(0) == tax_difference(TAX, yuan(90_000), 2027, 2028, yuan(15_000))
    assert yuan(0) == tax_difference(TAX, yuan(90_000), 2026, 2025, yuan(15_000))


@pytest.mark.parametrize(
    ("code", "days", "back_on", "due"),
    [
        ("CN", 7, "card", local(2024, 7, 10)),
        ("CN", 15, "account", local(2024, 7, 18)),
        ("EU", 15, "card", local(2024, 7, 17)),  # 14 days
        ("US-FTC", 15, "card", local(2024, 7, 18)),  # a billing cycle is longer than the terms
        ("US-FTC", 15, "account", local(2024, 7, 12)),  # seven working days after Tuesday 2 July
        ("US-FTC", 2, "account", local(2024, 7, 5)),
        ("KR", 15, "card", local(2024, 7, 10)),
        ("KR", 15, "account", local(2024, 7, 6)),  # three working days
    ],
)
def test_the_refund_clock_is_the_sooner_of_terms_and_law(
    code: str, days: int, back_on: str, due: object
) -> None:
    owed_since = local(2024, 7, 2, 23, 59)

    assert due == refund_due_at(owed_since, days, LAWS[code], SHANGHAI, by_card=back_on == "card")


def test_working_days_are_counted_by_the_clock_of_the_queue() -> None:
    # Friday evening in Shanghai is Friday noon in London, and Monday is the first working day.
    friday = local(2024, 7, 5, 20)

    assert local(2024, 7, 9) == end_of_business_day_after(friday, 1, SHANGHAI)
    assert local(2024, 7, 6) == end_of_business_day_after(friday, 0, SHANGHAI)
    # Late on Friday in Shanghai it is still Friday in Berlin; on Sunday nothing counts.
    assert local(2024, 7, 9, 6) == end_of_business_day_after(
        local(2024, 7, 7, 3), 1, "Europe/Berlin"
    )


def test_days_are_whole_local_days_after_the_last_one_inside() -> None:
    midnight = local(2023, 11, 1)

    assert last_day_of(midnight, SHANGHAI).isoformat() == "2023-10-31"
    assert days_late(midnight, local(2023, 11, 15, 18), SHANGHAI) == 15
    assert days_late(midnight, local(2023, 10, 30), SHANGHAI) == 0
    assert days_between(local(2023, 10, 31, 23, 59), local(2023, 11, 1), SHANGHAI) == 1
    assert days_between(local(2023, 11, 2), local(2023, 11, 1), SHANGHAI) == 0


@pytest.mark.parametrize(
    ("days", "after", "grown"),
    [
        (0, "termination", 0),
        (1, "termination", 500),
        (14, "termination", 500),
        (15, "termination", 1_000),
        (26, "termination", 1_000),
        (31, "termination", 2_500),
        (1, "withdrawal", 250),
        (26, "withdrawal", 500),
        (60, "withdrawal", 1_000),
        (90, "withdrawal", 2_500),
        (91, "withdrawal", 2_750),
    ],
)
def test_a_late_refund_grows_by_the_steps_of_french_law(days: int, after: str, grown: int) -> None:
    late = Held(yuan(5_000), days)

    assert yuan(grown) == late_refund_grows_by(
        late, 0, LAWS["FR"], after_withdrawal=after == "withdrawal"
    )


def test_without_steps_a_late_refund_bears_interest_at_the_better_rate() -> None:
    late = Held(yuan(5_000), 73)

    assert yuan(0) == late_refund_grows_by(late, 0, LAWS["CN"], after_withdrawal=False)
    assert yuan(60) == late_refund_grows_by(late, 600, LAWS["CN"], after_withdrawal=False)
    assert yuan(80) == late_refund_grows_by(late, 600, LAWS["UK"], after_withdrawal=True)
