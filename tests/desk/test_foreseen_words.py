"""Why a window is the one that is shown, in the words of both languages."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from earnest.core.plan.calibration import Basis
from earnest.core.plan.counters import Resource
from earnest.core.plan.promise import PromiseReason
from earnest.desk.telling.foreseen import reason_words
from tests.desk.shop import CATALOGUE

WHEELS = PromiseReason(
    capacity="c",
    horizon=date(2027, 12, 31),
    lane_group="s7-max",
    ahead=2_310,
    weekly=1_800,
    resource=Resource.PART,
    name="wheel W",
    planned=date(2027, 3, 1),
)


def test_the_scarce_part_is_named_with_who_is_before_and_what_comes() -> None:
    assert reason_words(WHEELS, "en", CATALOGUE) == (
        "The part wheel W decides: 2,310 before you, 1,800 a week. The window holds a fixed "
        "margin, because too few deliveries are known yet."
    )
    assert reason_words(WHEELS, "zh-Hans", CATALOGUE) == (
        "零件wheel W决定交付期：您之前有2,310辆，每周约1,800辆。"
        "因已交付数据尚少，交付期按固定余量给出。"
    )


def test_a_calibrated_window_says_on_how_many_weeks_it_rests() -> None:
    known = msgspec.structs.replace(WHEELS, basis=Basis.CALIBRATED, cohorts=26, errors=1_204)
    assert reason_words(known, "en", CATALOGUE).endswith("over 26 weeks and 1,204 cars.")
    assert "26周共1,204辆车" in reason_words(known, "zh-CN", CATALOGUE)


def test_a_window_that_begins_when_a_car_can_arrive_says_so() -> None:
    cut = msgspec.structs.replace(WHEELS, first=-21, last=21, earliest=date(2027, 2, 20))
    said = "It begins on the first day on which such a car can arrive."
    assert reason_words(cut, "en", CATALOGUE).endswith(f"known yet. {said}")
    assert reason_words(cut, "zh-Hans", CATALOGUE).endswith(
        "给出。交付期自此类车辆最早可能到达之日起算。"
    )
    whole = msgspec.structs.replace(cut, earliest=date(2027, 2, 8))
    assert said not in reason_words(whole, "en", CATALOGUE)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"resource": None}, "The first day on which your car can be built is free."),
        ({"resource": Resource.LINE, "name": "north/1"}, "The line north/1 decides: 2,310"),
        (
            {"resource": Resource.OPTION, "name": "wheels-21"},
            "The option “21-inch wheels” decides: 2,310",
        ),
        (
            {"resource": Resource.OPTION, "name": "no-such-option"},
            "The option “no-such-option” decides: 2,310",
        ),
        (
            {"resource": None, "rank_ahead": 1_204},
            "Your rank decides: 1,204 of the same kind of car are before you.",
        ),
        (
            {"resource": None, "rank_ahead": 0},
            "Your rank decides: nobody before you waits for the same kind of car.",
        ),
        (
            {"ahead": 0, "weekly": 0},
            "The part wheel W is short, so your car is planned for 2027-03-01.",
        ),
        ({"ahead": 0, "weekly": 0, "planned": None}, "The part wheel W is short up to 2027-12-31."),
        ({"planned": None}, "The part wheel W is taken up to 2027-12-31: 2,310 before you."),
        ({"planned": None, "resource": Resource.PLANT}, "No plant builds this car"),
        ({"planned": None, "resource": Resource.HORIZON}, "The published capacity ends on 2027"),
    ],
)
def test_every_reason_has_words(fields: dict[str, object], words: str) -> None:
    reason = msgspec.structs.replace(WHEELS, **fields)
    assert reason_words(reason, "en", CATALOGUE).startswith(words)
    assert reason_words(reason, "zh-Hans", CATALOGUE)
