"""Scenarios: what is shipped can be lived, and what cannot be lived says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from earnest.simulator.twin.scenario import (
    ScenarioError,
    find_scenario,
    packaged_scenarios,
    read_scenario,
)
from earnest.simulator.twin.what_if import changed
from tests.simulator.twin.small import TEXT, small


def test_the_shipped_scenarios_are_these_and_can_be_lived() -> None:
    assert packaged_scenarios() == ("chip-shortage", "plant-stop", "price-cut", "su7")
    assert [find_scenario(name).name for name in packaged_scenarios()] == list(packaged_scenarios())


def test_a_scenario_of_ones_own_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(TEXT, encoding="utf-8")

    assert find_scenario(str(file)) == small()


def test_a_name_that_is_nothing_is_answered_with_what_there_is() -> None:
    with pytest.raises(ScenarioError) as error:
        find_scenario("su8")

    assert str(error.value) == (
        "su8 is neither a file nor a shipped scenario (chip-shortage, plant-stop, price-cut, su7)"
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("orders = 120", "orders = 0", "small: orders and days must be at least 1"),
        (
            'trims = ["standard", "max"]',
            'trims = ["standard", "mini"]',
            "small: build.plants: north builds mini, which is no trim",
        ),
        (
            "[90.0, 1.0]",
            "[90.0, 0.9]",
            "small: arrivals.points must rise and end with the share 1",
        ),
        (
            "[arrivals]",
            "[behaviour]\nwithdraws = 1.5\n[arrivals]",
            "small: behaviour: a share lies between 0 and 1",
        ),
        (
            "[arrivals]",
            """[[shocks]]
type = "plant_stop"
plant = "west"
begins = 2024-05-01
ends = 2024-05-02
known_from = 2024-05-01
[arrivals]""",
            "small: shocks: west is no plant",
        ),
        (
            "orders = 120",
            "buyers = 120\norders = 120",
            "small: Object contains unknown field `buyers`",
        ),
        (
            "days = 220",
            "days = ",
            "small: Invalid value (at line 5, column 8)",
        ),
    ],
)
def test_what_cannot_be_lived_is_said(before: str, after: str, words: str) -> None:
    with pytest.raises(ScenarioError) as error:
        read_scenario("small", TEXT.replace(before, after))

    assert str(error.value) == words


def test_what_if_changes_any_key() -> None:
    scenario = changed(
        small(),
        orders=50,
        seed=7,
        what_if=(
            "behaviour.withdraws=0.4",
            "build.plants.north.share=0.9",
            "build.plants.1.transport_days=2",
            "title=What if",
        ),
    )

    assert (scenario.orders, scenario.seed, scenario.title) == (50, 7, "What if")
    assert scenario.behaviour.withdraws == 0.4
    assert [plant.share for plant in scenario.build.plants] == [0.9, 0.4]
    assert scenario.build.plants[1].transport_days == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("orders", "--what-if orders lacks its value; write KEY=VALUE"),
        ("build.plant=1", "--what-if: there is no key build.plant (for_orders, frozen_days, "),
        ("build.plants.east.share=1", "--what-if: there is no east in build.plants.east.share"),
        ("orders=many", "--what-if: Expected `int`, got `str` - at `$.orders`"),
        ("behaviour.withdraws=2", "small: behaviour: a share lies between 0 and 1"),
    ],
)
def test_what_if_says_what_there_is_not(text: str, words: str) -> None:
    with pytest.raises(ScenarioError) as error:
        changed(small(), what_if=(text,))

    assert str(error.value).startswith(words)
