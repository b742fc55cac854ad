"""Money, instants and identifiers: the smallest words, and what they promise at their edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.values.ids import (
    BuyerId,
    derive_id,
    derive_order_id,
    vin_is_valid,
    vin_with_check_digit,
)
from earnest.core.values.instant import Window, end_of_day_after, hours_later, weeks_later
from earnest.core.values.money import Money, nothing, smaller, total
from tests.core.world import local, yuan

EARLY = datetime(2020, 1, 1, tzinfo=UTC)


def test_money_adds_subtracts_and_compares_in_one_currency() -> None:
    assert yuan(3) == yuan(1) + yuan(2)
    assert Money(-100, "CNY") == yuan(1) - yuan(2)
    assert yuan(1) == smaller(yuan(1), yuan(2)) == smaller(yuan(2), yuan(1))
    assert yuan(6) == total([yuan(1), yuan(2), yuan(3)], "CNY")
    assert nothing("CNY") == total([], "CNY")
    assert yuan(1).is_positive
    assert not nothing("CNY").is_positive


def test_two_currencies_never_meet() -> None:
    euro = Money(1, "EUR")

    with pytest.raises(AssertionError):
        yuan(1) + euro
    with pytest.raises(AssertionError):
        yuan(1) - euro
    with pytest.raises(AssertionError):
        smaller(yuan(1), euro)


@pytest.mark.parametrize(
    ("amount", "basis_points", "share"),
    [
        (9_000_000, 2_000, 1_800_000),  # S02: 20 % of 90,000
        (25, 2_000, 5),
        (12, 2_000, 2),  # 2.4
        (13, 2_000, 3),  # 2.6
        (5, 1_000, 0),  # 0.5, to the even 0
        (15, 1_000, 2),  # 1.5, to the even 2
        (25, 1_000, 2),  # 2.5, to the even 2
        (35, 1_000, 4),  # 3.5, to the even 4
        (-25, 1_000, -2),
        (-35, 1_000, -4),
        (100, 0, 0),
        (100, 10_000, 100),
    ],
)
def test_a_share_is_rounded_half_to_even(amount: int, basis_points: int, share: int) -> None:
    assert Money(share, "CNY") == Money(amount, "CNY").share(basis_points)


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_a_share_is_never_further_off_than_half_a_unit(amount: int, basis_points: int) -> None:
    share = Money(amount, "CNY").share(basis_points).amount

    assert abs(share * 10_000 - amount * basis_points) <= 5_000


def test_a_window_is_half_open() -> None:
    window = Window(local(2024, 7, 1, 10), local(2024, 7, 1, 11))

    assert window.begins in window
    assert local(2024, 7, 1, 10, 59) in window
    assert window.ends not in window
    assert local(2024, 7, 1, 9, 59) not in window


def test_hours_and_weeks_are_counted_on_the_clock_of_the_world() -> None:
    assert local(2024, 7, 8, 10) == hours_later(local(2024, 7, 1, 10), 168)
    assert local(2024, 9, 23, 10) == weeks_later(local(2024, 7, 1, 10), 12)


def test_a_period_in_days_ends_with_its_last_day() -> None:
    # The day of the start is not counted (Civil Code 201), the last one counts to its end (203).
    assert local(2024, 7, 9) == end_of_day_after(local(2024, 7, 1, 0), 7, "Asia/Shanghai")
    assert local(2024, 7, 9) == end_of_day_after(local(2024, 7, 1, 23, 59), 7, "Asia/Shanghai")
    assert local(2024, 7, 2) == end_of_day_after(local(2024, 7, 1, 12), 0, "Asia/Shanghai")
    assert local(2025, 1, 1) == end_of_day_after(local(2024, 12, 30, 12), 1, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("zone", "start", "days", "end"),
    [
        # Berlin springs forward in the night to 31 March 2024: that day has 23 hours.
        ("Europe/Berlin", (2024, 3, 30, 12), 0, "2024-03-30T23:00:00+00:00"),
        ("Europe/Berlin", (2024, 3, 30, 12), 1, "2024-03-31T22:00:00+00:00"),
        # And falls back in the night to 27 October 2024: that day has 25 hours.
        ("Europe/Berlin", (2024, 10, 26, 12), 0, "2024-10-26T22:00:00+00:00"),
        ("Europe/Berlin", (2024, 10, 26, 12), 1, "2024-10-27T23:00:00+00:00"),
        # Havana springs forward at midnight itself: 10 March 2024 has no 00:00.
        ("America/Havana", (2024, 3, 9, 12), 0, "2024-03-10T05:00:00+00:00"),
        # The start is a day later in Auckland than in Greenwich.
        ("Pacific/Auckland", (2024, 6, 1, 1), 14, "2024-06-15T12:00:00+00:00"),
    ],
)
def test_local_midnight_survives_clock_changes(
    zone: str, start: tuple[int, int, int, int], days: int, end: str
) -> None:
    begins = datetime(*start, tzinfo=ZoneInfo(zone))

    assert end == end_of_day_after(begins, days, zone).isoformat()


@given(
    st.integers(0, 10 * 365 * 24 * 60).map(lambda minutes: EARLY + timedelta(minutes=minutes)),
    st.integers(0, 400),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Auckland"]),
)
def test_nobody_gets_less_time_than_the_days_they_were_given(
    start: datetime, days: int, zone: str
) -> None:
    end = end_of_day_after(start, days, zone)
    local_end = end.astimezone(ZoneInfo(zone))
    local_start = start.astimezone(ZoneInfo(zone))

    assert (local_end.hour, local_end.minute, local_end.second) == (0, 0, 0)
    assert days + 1 == (local_end.date() - local_start.date()).days
    assert end.tzinfo is UTC


def test_an_order_id_follows_from_buyer_and_key_and_never_changes() -> None:
    # These three stand in databases: a change here would make every repeated request a new order.
    assert derive_order_id(BuyerId("B-1"), "first") == "H50BFER3M5GBGE79"
    assert derive_id("a", "b") == "B83X3C58HQ07V97M"
    assert derive_id("ab") == "MCQ73Z041F55PMTA"


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_an_id_is_sixteen_characters_that_are_not_misheard(parts: list[str]) -> None:
    derived = derive_id(*parts)

    assert len(derived) == 16
    assert set(derived) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


@pytest.mark.parametrize(
    ("vin", "valid"),
    [
        ("1M8GDM9AXKP042788", True),  # the example of the American rule; ten is written X
        ("11111111111111111", True),
        ("1M8GDM9A1KP042788", False),
        ("1M8GDM9AXKP04278", False),
        ("1M8GDM9AXKP0427880", False),
        ("IM8GDM9AXKP042788", False),
        ("1M8GDM9AXKPO42788", False),
        ("1m8gdm9axkp042788", False),
        ("", False),
    ],
)
def test_a_vin_has_a_check_digit(vin: str, valid: bool) -> None:  # noqa: FBT001 - a column
    assert valid is vin_is_valid(vin)


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPRSTUVWXYZ", min_size=17, max_size=17))
def test_the_check_digit_that_is_set_is_the_one_that_is_asked_for(text: str) -> None:
    vin = vin_with_check_digit(text)

    assert vin_is_valid(vin)
    assert (text[:8], text[9:]) == (vin[:8], vin[9:])
    assert all(
        not vin_is_valid(vin[:8] + digit + vin[9:]) for digit in "0123456789X" if digit != vin[8]
    )
