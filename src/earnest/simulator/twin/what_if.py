"""What if: the same scenario with some of its keys changed from the command line.

Not here: reading a scenario (`scenario.py`).
"""

from __future__ import annotations

import tomllib
from typing import Any

import msgspec

from earnest.simulator.twin.scenario import Scenario, ScenarioError, checked


def changed(
    scenario: Scenario,
    *,
    orders: int | None = None,
    seed: int | None = None,
    what_if: tuple[str, ...] = (),
) -> Scenario:
    """The scenario with these changes. Raises `ScenarioError` for a key that it does not have."""
    whole: dict[str, Any] = msgspec.to_builtins(scenario, builtin_types=(type(scenario.begins),))
    if orders is not None:
        whole["orders"] = orders
    if seed is not None:
        whole["seed"] = seed
    for each in what_if:
        _change(whole, each)
    try:
        return checked(scenario.name, msgspec.convert(whole, Scenario))
    except msgspec.ValidationError as error:
        raise ScenarioError(f"--what-if: {error}") from error


def _change(whole: dict[str, Any], text: str) -> None:
    key, equals, value = text.partition("=")
    if not equals:
        raise ScenarioError(f"--what-if {text} lacks its value; write KEY=VALUE")
    *folders, name = key.strip().split(".")
    place: Any = whole
    for folder in folders:
        place = _inside(place, folder, key)
    if name not in place:
        raise ScenarioError(f"--what-if: there is no key {key} ({', '.join(sorted(place))})")
    try:
        place[name] = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        place[name] = value.strip()


def _inside(place: Any, folder: str, key: str) -> Any:  # noqa: ANN401 - whatever TOML can hold
    """One step down: a key of a table, or the how-manieth (from 0) or named entry of a list."""
    if isinstance(place, dict) and folder in place:
        return place[folder]
    if isinstance(place, list | tuple):
        for number, each in enumerate(place):
            if folder in {str(number), each.get("code")}:
                return each
    raise ScenarioError(f"--what-if: there is no {folder} in {key}")
