"""Scenarios: who orders when, what buyers do, what the plants can build, and what goes wrong.

Not here: living through one (`world.py`).

A scenario is a TOML file. Several are shipped beside this module; what is a real figure and what is
assumed stands in each file.
"""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path

import msgspec

SHARES_OF_ALL = 1.0


class ScenarioError(Exception):
    """A scenario that cannot be read or lived through; the message names file and key."""


class Trim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model of the line: its code, its share of the orders, and its price in whole yuan.

    `wheels` and `paint` are options with their shares; every car has one of each.
    """

    code: str
    share: float
    price: int
    paint: dict[str, float]
    wheels: dict[str, float]


class Arrivals(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many had reserved by when: days since the beginning, and the share of all orders.

    Between two points it goes straight; within the first day it follows the launch curve.
    """

    launch: str
    points: tuple[tuple[float, float], ...]


class Behaviour(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What share of buyers do what, and when. Shares are of those who could."""

    never_pays: float = 0.03
    withdraws: float = 0.22
    locks_early: float = 0.05
    defers: float = 0.04
    defers_days: tuple[int, int] = (30, 200)
    cancels: float = 0.02
    refuses_inspection: float = 0.004
    misses_appointment: float = 0.02
    pays_in_parts: float = 0.1
    leaves_when_late: float = 0.1
    answers_price_fall: float = 0.5


class Provider(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often the payment provider repeats a message, is late with one, or fails a payout."""

    repeats: float = 0.02
    late: float = 0.005
    payout_unknown: float = 0.01


class PlantOfScenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plant with its share of what all plants build, the trims it builds, and days of travel."""

    code: str
    share: float
    trims: tuple[str, ...]
    transport_days: int = 5


class Build(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What can be built: cars of each month, from real deliveries, split over the plants.

    `months` is the name of a packaged table (`month,units`); its last month goes on to the end.
    """

    months: str
    for_orders: int = 500_000
    frozen_days: int = 14
    plan_every_days: int = 14
    plants: tuple[PlantOfScenario, ...]


class PartShortage(
    msgspec.Struct, frozen=True, kw_only=True, tag="part_shortage", forbid_unknown_fields=True
):
    """From a day to another, only so many cars with one of these options can be built a week.

    The number is for `build.for_orders`, as the months are.
    """

    begins: date
    ends: date
    options: tuple[str, ...]
    cars_per_week: int
    known_from: date


class PlantStop(
    msgspec.Struct, frozen=True, kw_only=True, tag="plant_stop", forbid_unknown_fields=True
):
    """A plant builds nothing from a day to another; nobody knew before `known_from`."""

    plant: str
    begins: date
    ends: date
    known_from: date


class PriceFall(
    msgspec.Struct, frozen=True, kw_only=True, tag="price_fall", forbid_unknown_fields=True
):
    """On a day every price falls by a sum in whole yuan, and everybody who waits is asked."""

    day: date
    by: int


Shock = PartShortage | PlantStop | PriceFall


class Announced(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Waits in weeks that the real maker announced: a packaged table, and its names for our trims.

    `everybody` are the names under which the table speaks of all of them.
    """

    table: str
    model: str
    trims: dict[str, str]
    everybody: tuple[str, ...] = ("all", "all (minimum)")


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that is given; the same scenario and seed live through the same year."""

    name: str
    title: str
    about: tuple[str, ...] = ()
    seed: int = 1
    begins: date
    days: int
    orders: int
    trims: tuple[Trim, ...]
    arrivals: Arrivals
    build: Build
    behaviour: Behaviour = Behaviour()
    provider: Provider = Provider()
    announced: Announced | None = None
    shocks: tuple[Shock, ...] = ()

    @property
    def line(self) -> str:
        """The model line that all trims belong to."""
        return "s7"


def packaged_scenarios() -> tuple[str, ...]:
    """The names of the scenarios that are shipped."""
    folder = files(__package__).joinpath("scenarios")
    return tuple(
        sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if _is_toml(each.name))
    )


def find_scenario(name: str) -> Scenario:
    """A shipped scenario by its name, or one from a file. Raises `ScenarioError`."""
    if name in packaged_scenarios():
        text = files(__package__).joinpath("scenarios", f"{name}.toml").read_text(encoding="utf-8")
        return read_scenario(name, text)
    path = Path(name)
    if not path.is_file():
        known = ", ".join(packaged_scenarios())
        raise ScenarioError(f"{name} is neither a file nor a shipped scenario ({known})")
    return read_scenario(name, path.read_text(encoding="utf-8"))


def read_scenario(name: str, text: str) -> Scenario:
    """A scenario from its TOML text. Raises `ScenarioError` with what is wrong and where."""
    try:
        scenario = msgspec.convert(tomllib.loads(text), Scenario)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ScenarioError(f"{name}: {error}") from error
    return checked(name, scenario)


def checked(name: str, scenario: Scenario) -> Scenario:
    """The scenario itself, if a year can be lived by it. Raises `ScenarioError`."""
    wrong = _faults(scenario)
    if wrong:
        raise ScenarioError(f"{name}: {'; '.join(wrong)}")
    return scenario


def _is_toml(name: str) -> bool:
    return name.endswith(".toml")


def _faults(scenario: Scenario) -> list[str]:
    """What no year can be lived by."""
    wrong = []
    if scenario.orders < 1 or scenario.days < 1:
        wrong.append("orders and days must be at least 1")
    codes = {trim.code for trim in scenario.trims}
    for plant in scenario.build.plants:
        wrong.extend(
            f"build.plants: {plant.code} builds {code}, which is no trim"
            for code in plant.trims
            if code not in codes
        )
    shares = [value for name in _SHARES for value in [getattr(scenario.behaviour, name)]]
    if any(not 0 <= share <= SHARES_OF_ALL for share in shares):
        wrong.append("behaviour: a share lies between 0 and 1")
    points = scenario.arrivals.points
    if not points or list(points) != sorted(points) or points[-1][1] != SHARES_OF_ALL:
        wrong.append("arrivals.points must rise and end with the share 1")
    plants = {plant.code for plant in scenario.build.plants}
    wrong.extend(
        f"shocks: {shock.plant} is no plant"
        for shock in scenario.shocks
        if isinstance(shock, PlantStop) and shock.plant not in plants
    )
    return wrong


_SHARES = tuple(name for name in Behaviour.__struct_fields__ if name != "defers_days")
