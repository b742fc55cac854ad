"""What if: less or more of a plant, a line or a part, on some days or on all."""

from __future__ import annotations

from datetime import date, timedelta

from earnest.core.plan.calendar import written_out
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.supposing import Supposition, names_in, supposed
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
