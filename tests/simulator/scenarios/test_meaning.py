"""Values by their declared types: what a command that does not exist yet could ask for.

Not here: the commands that exist (`faults/steps.yaml` and the shipped cases).
"""

from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest

from earnest.core.order.parts import InspectionResult, Slot
from earnest.core.values.instant import Window
from earnest.core.values.money import Money
from earnest.simulator.scenarios.meaning import MEANINGLESS, Meaning, Tongue
from earnest.simulator.scenarios.shown import shown
from earnest.simulator.scenarios.world import BEGINNING
from earnest.simulator.scenarios.written import Faults, Written, read_yaml

SHANGHAI = Tongue(currency="CNY", time_zone="Asia/Shanghai")
SEOUL = Tongue(currency="KRW", time_zone="Asia/Seoul")


def written(text: str) -> Written:
    """A value as it stands in a file."""
    faults = Faults("a.yaml")
    read = read_yaml(text, faults)
    assert read is not None
    assert faults.found == []
    return read


def meant(text: str, declared: Any, tongue: Tongue = SHANGHAI) -> Any:  # noqa: ANN401 - any value
    """What a text means for a type; the faults if it means nothing."""
    faults = Faults("a.yaml")
    value = Meaning(tongue, faults, BEGINNING).of(written(text), declared)
    assert (value is MEANINGLESS) == bool(faults.found)
    return [fault.message for fault in faults.found] or value


@pytest.mark.parametrize(
    ("text", "declared", "value"),
    [
        ("no", str, "no"),
        ("7", str, "7"),
        ('"7"', str, "7"),
        ("007", str, "007"),
        ("-7", int, -7),
        ("true", bool, True),
        ("null", str | None, None),
        ("5", int | str, 5),
        ("five", int | str, "five"),
        ("5000", Money, Money(500_000, "CNY")),
        ("14110.62", Money, Money(1_411_062, "CNY")),
        ("-0.5", Money, Money(-50, "CNY")),
        ("refused", InspectionResult, InspectionResult.REFUSED),
        ("2024-12-04T10:00+08:00", datetime, datetime(2024, 12, 4, 2, 0, tzinfo=UTC)),
        ("2024-12-04 10:00", datetime, datetime(2024, 12, 4, 2, 0, tzinfo=UTC)),
        ("2024-12-04T10:00:30Z", datetime, datetime(2024, 12, 4, 10, 0, 30, tzinfo=UTC)),
        ("2024-12-31T24:00", datetime, datetime(2024, 12, 31, 16, 0, tzinfo=UTC)),
        ("2024-12-04", date, date(2024, 12, 4)),
        ("a", Literal["a", "b"], "a"),
        ("[1, 2]", tuple[int, ...], (1, 2)),
        ("[1, 2]", list[int], [1, 2]),
        ("[1, 1]", frozenset[int], frozenset({1})),
        ("{a: 1}", dict[str, int], {"a": 1}),
        ("{a: [1, null], b: {c: no}}", Any, {"a": [1, None], "b": {"c": "no"}}),
        ("the plant 2024-W31", Slot, Slot(plant="the plant", week="2024-W31")),
        ("{plant: p, week: w}", Slot, Slot(plant="p", week="w")),
        (
            "[2024-07-01T00:00, 2024-07-02T00:00]",
            Window,
            Window(datetime(2024, 6, 30, 16, tzinfo=UTC), datetime(2024, 7, 1, 16, tzinfo=UTC)),
        ),
    ],
)
def test_a_value_is_read_by_its_type(text: str, declared: Any, value: object) -> None:  # noqa: ANN401 - a type
    assert value == meant(text, declared)


@pytest.mark.parametrize(
    ("text", "declared", "message"),
    [
        ("true", str, "Write text here, not true."),
        ('"7"', int, "Write a number here, not `7`."),
        ("yes", bool, "Write true or false here, not `yes`."),
        ("5.001", Money, "Write an amount of the currency without thousands marks here"),
        ("[5]", Money, "Write an amount of the currency without thousands marks here, not a list."),
        ("2024-12-04", datetime, "A date alone does not say which moment is meant"),
        ("2024-13-04T10:00", datetime, "Write a date and time such as 2024-12-04T10:00 here"),
        ("2024-12-04T25:00", datetime, "Write a date and time such as 2024-12-04T10:00 here"),
        ("2024-12-04T10:00", date, "Write a date such as 2024-12-04 here"),
        ("c", Literal["a", "b"], "Write one of a, b here, not `c`."),
        ("1", tuple[int, ...], "Write a list here, not `1`."),
        ("[1, a]", tuple[int, ...], "Write a number here, not `a`."),
        ("1", dict[str, int], "Write a table of keys here, not `1`."),
        ("{a: b}", dict[str, int], "Write a number here, not `b`."),
        ("[x]", int | str, "Write text here, not a list."),
        ("x", None, "Write nothing (null) here, not `x`."),
    ],
)
def test_what_makes_no_sense_says_what_would(text: str, declared: Any, message: str) -> None:  # noqa: ANN401 - a type
    (said,) = meant(text, declared)

    assert said.startswith(message)


def test_a_currency_without_decimals() -> None:
    assert meant("100000", Money, SEOUL) == Money(100_000, "KRW")
    assert meant("100000.5", Money, SEOUL)[0].startswith("Write an amount")
    assert shown(Money(100_000, "KRW"), SEOUL.digits, SEOUL.time_zone) == "100,000 KRW"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        (True, "true"),
        (7, "7"),
        ((), "none"),
        ((InspectionResult.REFUSED, 2), "refused, 2"),
        (Money(-50, "CNY"), "-0.50 CNY"),
        (datetime(2024, 7, 1, 2, 0, tzinfo=UTC), "2024-07-01 10:00"),
        (datetime(2024, 7, 1, 2, 0, 5, tzinfo=UTC), "2024-07-01 10:00:05"),
        (
            Window(datetime(2024, 7, 1, 2, tzinfo=UTC), datetime(2024, 7, 1, 4, tzinfo=UTC)),
            "2024-07-01 10:00 until 2024-07-01 12:00",
        ),
        (Slot(plant="p", week="2024-W31"), "plant p; week 2024-W31"),
    ],
)
def test_a_value_is_shown_in_the_words_of_a_case(value: object, text: str) -> None:
    assert text == shown(value, SHANGHAI.digits, SHANGHAI.time_zone)
