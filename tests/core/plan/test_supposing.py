"""What if: less or more of a plant, a line or a part, on some days or on all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.plan.calendar import written_out
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.supposing import (
    Supposition,
    names_in,
    read_supposition,
    supposed,
    unsuitable,
)
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core.plan.plants import CAPACITY, MONDAY, week


def _cars(capacity: Capacity, days: int) -> list[tuple[int, ...]]:
    return [cars[:days] for cars in written_out(capacity).cars]


def test_everything_that_can_be_supposed_has_a_name() -> None:
    assert names_in(CAPACITY) == ("north", "south", "north/1", "south/1", "chip")


def test_nothing_supposed_changes_nothing() -> None:
    assert supposed(CAPACITY, ()) == CAPACITY


def test_half_of_a_plant_on_some_days() -> None:
    tuesday, thursday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
    half = Supposition(name="north", percent=50, begins=tuesday, ends=thursday)

    made = supposed(CAPACITY, (half,))

    assert _cars(made, 7) == [(4, 2, 2, 4, 4, 0, 0), (2, 2, 2, 2, 2, 2, 2)]
    assert written_out(made).caps[0][:7] == (2, 1, 1, 2, 2, 0, 0)
    assert made.receipts == CAPACITY.receipts


def test_more_of_a_line_and_then_less_of_its_plant() -> None:
    made = supposed(
        CAPACITY, (Supposition(name="south/1", percent=350), Supposition(name="south", percent=50))
    )

    assert _cars(made, 2) == [(4, 4), (3, 3)]


def test_a_part_that_does_not_come() -> None:
    none = Supposition(name="chip", percent=0, begins=week(1))
    half = Supposition(name="chip", percent=50, ends=week(9))

    assert [each.units for each in supposed(CAPACITY, (none,)).receipts] == [1, 0]
    assert [each.units for each in supposed(CAPACITY, (half,)).receipts] == [0, 1]


def test_a_supposition_without_days_is_meant_for_all() -> None:
    always = Supposition(name="north", percent=0)

    assert always.on(date.min)
    assert always.on(date.max)


# As people write them -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "percent", "begins", "ends"),
    [
        ("north=50", "north", 50, None, None),
        (" north/1@2026-03-02..2026-03-16=0% ", "north/1", 0, MONDAY, week(2)),
        ("chip@2026-03-16..=70 %", "chip", 70, week(2), None),
        ("chip@..2026-03-16=70", "chip", 70, None, week(2)),
        ("north=-5", "north", -5, None, None),
    ],
)
def test_a_supposition_is_read_as_it_is_written(
    text: str, name: str, percent: int, begins: date | None, ends: date | None
) -> None:
    assert read_supposition(text) == Supposition(
        name=name, percent=percent, begins=begins, ends=ends
    )


@pytest.mark.parametrize(
    "text",
    [
        *("", "north", "=5", "north=", "north=many", "north=1.5", "north@2026-03-02=5"),
        *("north@soon..=5", "north@2026-02-30..=5", "north=" + "9" * 5_000),
    ],
)
def test_what_cannot_be_read_is_named(text: str) -> None:
    assert read_supposition(text) == Rejected(Reason.SUPPOSITION_UNREADABLE, {"supposition": text})


_DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(st.sampled_from(names_in(CAPACITY)), st.integers(-9, 2_000), _DAYS, _DAYS)
def test_what_was_written_is_read_again(
    name: str, percent: int, begins: date | None, ends: date | None
) -> None:
    each = Supposition(name=name, percent=percent, begins=begins, ends=ends)

    assert read_supposition(str(each)) == each


# Those that mean nothing ----------------------------------------------------------------------

KNOWN_NAMES = "chip, north, north/1, south, south/1"


@pytest.mark.parametrize(
    ("text", "reason", "details"),
    [
        ("west=5", Reason.CAPACITY_NAME_UNKNOWN, {"name": "west", "known": KNOWN_NAMES}),
        ("north=-1", Reason.SUPPOSITION_PERCENT_UNSUITABLE, {"most": "1000"}),
        ("chip=1001", Reason.SUPPOSITION_PERCENT_UNSUITABLE, {"most": "1000"}),
        (
            "north@2026-03-16..2026-03-02=0",
            Reason.SUPPOSITION_DAYS_EMPTY,
            {"begins": "2026-03-16", "ends": "2026-03-02"},
        ),
        (
            "chip@2026-03-16..2026-03-16=0",
            Reason.SUPPOSITION_DAYS_EMPTY,
            {"begins": "2026-03-16", "ends": "2026-03-16"},
        ),
        (
            "north@2026-03-30..=0",
            Reason.SUPPOSITION_OUTSIDE,
            {"begins": "2026-03-04", "ends": "2026-03-30"},
        ),
        (
            "south/1@..2026-03-04=0",
            Reason.SUPPOSITION_OUTSIDE,
            {"begins": "2026-03-04", "ends": "2026-03-30"},
        ),
        (
            "chip@..2026-03-02=0",
            Reason.SUPPOSITION_OUTSIDE,
            {"begins": "2026-03-02", "ends": "2026-03-30"},
        ),
    ],
)
def test_a_supposition_that_means_nothing_is_refused_by_its_name(
    text: str, reason: Reason, details: dict[str, str]
) -> None:
    """Of a part earlier receipts count as well, of which units may still lie there."""
    wednesday = MONDAY + timedelta(days=2)
    each, sound = read_supposition(text), Supposition(name="north", percent=50)
    assert isinstance(each, Supposition)

    expected = Rejected(reason, {**details, "supposition": text})
    assert unsuitable(CAPACITY, (sound, each), wednesday) == (expected,)
    assert unsuitable(CAPACITY, (each, each), wednesday) == (expected, expected)


def test_suppositions_that_leave_nothing_are_refused_together() -> None:
    none = [Supposition(name=name, percent=0) for name in ("north", "south")]
    few = [Supposition(name=name, percent=20) for name in ("north/1", "south/1")]
    for all_of_them in (none, few):
        written = " ".join(map(str, all_of_them))
        assert unsuitable(CAPACITY, all_of_them, week(3)) == (
            Rejected(Reason.SUPPOSITION_LEAVES_NOTHING, {"supposition": written, "cars": "34"}),
        )

    assert unsuitable(CAPACITY, none[:1], MONDAY) == ()
    later = [none[0], Supposition(name="south", percent=0, begins=week(1))]
    assert unsuitable(CAPACITY, later, MONDAY) == ()
    assert unsuitable(CAPACITY, (), MONDAY) == ()


def test_where_nothing_is_built_anyway_a_supposition_takes_nothing() -> None:
    idle = supposed(CAPACITY, [Supposition(name=each, percent=0) for each in ("north", "south")])

    assert unsuitable(idle, (Supposition(name="north", percent=0),), MONDAY) == ()
