"""Capacity as data: plants, lines, calendars, take-rate caps and scarce parts, as one document.

Not here: what is wrong with a document (`faults.py`) and cars per day (`calendar.py`).
"""

from __future__ import annotations

import hashlib
from datetime import date

import msgspec

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
"""Days of the week as ISO counts them: Monday is 1."""

USUAL_MARGIN = 95
"""Per cent of a take-rate cap that plans use, so that a day can still be sequenced."""


class Transport(msgspec.Struct, frozen=True):
    """A market that a plant builds for, and how many days a car travels there."""

    market: str
    days: int


class Plant(msgspec.Struct, frozen=True, kw_only=True):
    """A place where cars are built, known by its code."""

    code: str
    name: str
    transport: tuple[Transport, ...]

    def days_to(self, market: str) -> int | None:
        """How many days a car travels to a market; None if the plant builds none for it."""
        return next((each.days for each in self.transport if each.market == market), None)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a plant and the models that it builds, by code."""

    plant: str
    code: str
    models: tuple[str, ...]

    @property
    def name(self) -> str:
        """Plant and line in one word, unique in a document."""
        return f"{self.plant}/{self.code}"


class Stretch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a line works on the days of `[begins, ends)`.

    On each of `weekdays` there are `shifts` of `cars_per_shift`. While a line ramps up or down it
    builds a share of that, in per cent, straight from `ramp_from` on the first day to `ramp_to`
    on the last.
    """

    plant: str
    line: str
    begins: date
    ends: date
    shifts: int
    cars_per_shift: int
    weekdays: tuple[int, ...] = EVERY_DAY
    ramp_from: int = 100
    ramp_to: int = 100


class Holiday(msgspec.Struct, frozen=True):
    """A day on which a plant does not build, whatever the stretches of its lines say."""

    plant: str
    day: date


class TakeRate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """At most `cars` out of each `of` cars of a line may have an option (or be of a model).

    Plans use `margin` per cent of that: a day filled to the last car often has no sequence.
    """

    plant: str
    line: str
    option: str
    cars: int
    of: int
    margin: int = USUAL_MARGIN


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A scarce part: each car with one of these options (or of these models) needs one.

    What is not used before the next receipt is kept where `carries_over`, else it is gone.
    """

    code: str
    options: tuple[str, ...]
    carries_over: bool = True


class Receipt(msgspec.Struct, frozen=True):
    """Units of a scarce part that can be built in from a day on, normally each Monday."""

    part: str
    day: date
    units: int


class Capacity(msgspec.Struct, frozen=True, kw_only=True):
    """What all plants can build on the days of `[begins, ends)`.

    A car is never moved on the first `frozen_days` days from today: material is committed. Parts
    in stock are a receipt of the first day.
    """

    begins: date
    ends: date
    frozen_days: int
    plants: tuple[Plant, ...]
    lines: tuple[Line, ...]
    calendar: tuple[Stretch, ...]
    holidays: tuple[Holiday, ...] = ()
    take_rates: tuple[TakeRate, ...] = ()
    parts: tuple[Part, ...] = ()
    receipts: tuple[Receipt, ...] = ()

    @property
    def digest(self) -> str:
        """The name of this content: plans say with it what they were made from."""
        document = msgspec.json.encode(self, order="deterministic")
        return hashlib.sha256(document).hexdigest()

    @property
    def days(self) -> int:
        """How many days the document speaks about."""
        return (self.ends - self.begins).days

    def plant(self, code: str) -> Plant | None:
        """The plant with this code."""
        return next((plant for plant in self.plants if plant.code == code), None)

    def part(self, code: str) -> Part | None:
        """The scarce part with this code."""
        return next((part for part in self.parts if part.code == code), None)
