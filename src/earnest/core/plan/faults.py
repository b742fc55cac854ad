"""Everything that is wrong with a capacity document, all of it at once.

A fault names the table and the row where it stands, so that whoever reads a file can say the
line. Not here: reading tables (`desk/planning/tables.py`) and expanding a sound document
(`calendar.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain, zip_longest

import msgspec

from earnest.core.plan.calendar import cars_of
from earnest.core.plan.capacity import EVERY_DAY, Capacity, Line, Stretch

LONGEST_DAYS = 1100
"""Days of one document: three years, beyond which a calendar is a guess."""

MOST_SHIFTS = 10
"""Shifts of a line on a day; three of eight hours are a whole day."""

MOST_CARS = 10_000
"""Cars of a line on a day: several times what the fastest lines build, so more is a slip."""

MOST_RAMP = 200
"""Per cent at either end of a ramp; more than twice the usual cars is another calendar."""

MOST_TRANSPORT_DAYS = 365
"""Days of travel to a market; no ship takes a year."""

MOST_RATE = 10_000
"""Cars in a row of which a take-rate cap speaks."""

MOST_UNITS = 1_000_000
"""Units of a scarce part in one receipt; what comes in millions is not scarce."""

_PER_CENT = 100


class CapacityFaultCode(StrEnum):
    """What is wrong. Codes are part of the interface and are never renamed."""

    HORIZON_EMPTY = "horizon_empty"
    HORIZON_TOO_LONG = "horizon_too_long"
    DAY_PAST = "day_past"
    DAY_OUTSIDE = "day_outside"
    STRETCH_EMPTY = "stretch_empty"
    STRETCHES_OVERLAP = "stretches_overlap"
    CALENDAR_HOLE = "calendar_hole"
    WEEKDAY_UNKNOWN = "weekday_unknown"
    NUMBER_NEGATIVE = "number_negative"
    NUMBER_OUT_OF_RANGE = "number_out_of_range"
    NUMBER_TOO_LARGE = "number_too_large"
    CAPACITY_MISSING = "capacity_missing"
    PLANT_REPEATED = "plant_repeated"
    PLANT_UNKNOWN = "plant_unknown"
    PLANT_WITHOUT_LINE = "plant_without_line"
    LINE_REPEATED = "line_repeated"
    LINE_UNKNOWN = "line_unknown"
    LINE_WITHOUT_MODEL = "line_without_model"
    MARKET_UNKNOWN = "market_unknown"
    MARKET_REPEATED = "market_repeated"
    MODEL_UNKNOWN = "model_unknown"
    OPTION_UNKNOWN = "option_unknown"
    TAKE_RATE_REPEATED = "take_rate_repeated"
    PART_REPEATED = "part_repeated"
    PART_UNKNOWN = "part_unknown"
    PART_UNUSED = "part_unused"
    PART_UNSUPPLIED = "part_unsupplied"


class CapacityFault(msgspec.Struct, frozen=True):
    """One fault: table and row (from 0; None where the document as a whole is meant)."""

    table: str
    row: int | None
    code: CapacityFaultCode
    details: dict[str, str] = {}


class Known(msgspec.Struct, frozen=True):
    """What the maker sells: codes of models and options of all catalogues, and the markets."""

    models: frozenset[str]
    options: frozenset[str]
    markets: frozenset[str]


_Code = CapacityFaultCode


def faults_of(
    capacity: Capacity, known: Known, today: date, published: Capacity | None = None
) -> tuple[CapacityFault, ...]:
    """Every fault of a document that is to count from today on; none if it is sound.

    It may begin in the past with the `published` one that it takes the place of, as an export of
    that does, if it says the same of every day that is over: what was built is built. That is
    looked at when nothing else is wrong.
    """
    found = chain(
        _horizon(capacity, today, published),
        _plants(capacity),
        _transport(capacity, known),
        _lines(capacity, known),
        _calendar(capacity),
        _holes(capacity),
        _holidays(capacity),
        _take_rates(capacity, known),
        _parts(capacity, known),
        _receipts(capacity),
    )
    return tuple(found) or tuple(_past(capacity, today, published))


def _past(capacity: Capacity, today: date, published: Capacity | None) -> Iterator[CapacityFault]:
    """The first day that is over and of which a line or the parts are said to be otherwise."""
    if capacity.begins >= today or published is None:
        return
    changed = chain(
        _other_days(capacity, _cars(published), _cars(capacity)),
        _other_receipts(published, capacity),
    )
    first = min(changed, key=lambda each: each[:2], default=None)
    if first is not None and first[0] < today:
        day, name, table, row = first
        kind = "part" if table == "receipts" else "line"
        yield _fault(table, row, _Code.DAY_PAST, day=day, today=today, **{kind: name})


def _cars(capacity: Capacity) -> dict[str, tuple[int, ...]]:
    return {line.name: cars_of(capacity, line) for line in capacity.lines}


_Changed = tuple[date, str, str, int | None]
"""A day, the line or part that is otherwise on it, and the table and row that say so."""


def _other_days(
    capacity: Capacity, before: dict[str, tuple[int, ...]], after: dict[str, tuple[int, ...]]
) -> Iterator[_Changed]:
    """The first day on which a line builds more or less; one that is new or gone built none."""
    for name in sorted({*before, *after}):
        pairs = zip_longest(before.get(name, ()), after.get(name, ()), fillvalue=0)
        for number, (was, will_be) in enumerate(pairs):
            if was != will_be:
                day = capacity.begins + timedelta(days=number)
                yield (day, name, *_said_of(capacity, name, day))
                break


def _said_of(capacity: Capacity, name: str, day: date) -> tuple[str, int | None]:
    """Where a document says how a line works on a day: its holiday, its stretch, or nowhere."""
    plant = name.rpartition("/")[0]
    for row, holiday in enumerate(capacity.holidays):
        if (holiday.plant, holiday.day) == (plant, day):
            return "holidays", row
    for row, each in enumerate(capacity.calendar):
        if f"{each.plant}/{each.line}" == name and each.begins <= day < each.ends:
            return "calendar", row
    return "lines", None


def _other_receipts(published: Capacity, capacity: Capacity) -> Iterator[_Changed]:
    """The receipts that only one of two documents has; one that is gone stands in no row."""
    before, after = Counter(published.receipts), Counter(capacity.receipts)
    for receipt in (*(after - before), *(before - after)):
        is_there = receipt in after
        row = capacity.receipts.index(receipt) if is_there else None
        yield receipt.day, receipt.part, "receipts", row


def _horizon(
    capacity: Capacity, today: date, published: Capacity | None
) -> Iterator[CapacityFault]:
    if capacity.days < 1:
        yield _fault("capacity", None, _Code.HORIZON_EMPTY)
    if capacity.days > LONGEST_DAYS:
        told = {"days": capacity.days, "longest": LONGEST_DAYS}
        yield _fault("capacity", None, _Code.HORIZON_TOO_LONG, **told)
    if capacity.begins < today and (published is None or published.begins != capacity.begins):
        yield _fault("capacity", None, _Code.DAY_PAST, day=capacity.begins, today=today)
    frozen, last = capacity.frozen_days, max(1, capacity.days) - 1
    if frozen < 0:
        yield _fault("capacity", None, _Code.NUMBER_NEGATIVE, field="frozen_days", value=frozen)
    else:
        yield from _within("capacity", None, "frozen_days", frozen, 0, last)


def _plants(capacity: Capacity) -> Iterator[CapacityFault]:
    yield from _repeated("plants", (each.code for each in capacity.plants), _Code.PLANT_REPEATED)
    with_line = {line.plant for line in capacity.lines}
    for row, plant in enumerate(capacity.plants):
        if plant.code not in with_line:
            yield _fault("plants", row, _Code.PLANT_WITHOUT_LINE, plant=plant.code)


def _transport(capacity: Capacity, known: Known) -> Iterator[CapacityFault]:
    """Rows are counted through all plants, in the order of the plants."""
    row = 0
    for plant in capacity.plants:
        seen: set[str] = set()
        for each in plant.transport:
            told = {"plant": plant.code, "market": each.market}
            if each.market in seen:
                yield _fault("transport", row, _Code.MARKET_REPEATED, **told)
            seen.add(each.market)
            if each.market not in known.markets:
                yield _fault("transport", row, _Code.MARKET_UNKNOWN, **told)
            yield from _bounded("transport", row, "days", each.days, MOST_TRANSPORT_DAYS)
            row += 1


def _lines(capacity: Capacity, known: Known) -> Iterator[CapacityFault]:
    yield from _repeated("lines", (each.name for each in capacity.lines), _Code.LINE_REPEATED)
    plants = {plant.code for plant in capacity.plants}
    worked = {(each.plant, each.line) for each in capacity.calendar}
    for row, line in enumerate(capacity.lines):
        if line.plant not in plants:
            yield _fault("lines", row, _Code.PLANT_UNKNOWN, plant=line.plant)
        if not line.models:
            yield _fault("lines", row, _Code.LINE_WITHOUT_MODEL, line=line.name)
        for model in line.models:
            if model not in known.models:
                yield _fault("lines", row, _Code.MODEL_UNKNOWN, model=model)
        if (line.plant, line.code) not in worked:
            yield _fault("lines", row, _Code.CAPACITY_MISSING, line=line.name)


def _calendar(capacity: Capacity) -> Iterator[CapacityFault]:
    lines = {(line.plant, line.code) for line in capacity.lines}
    for row, each in enumerate(capacity.calendar):
        if (each.plant, each.line) not in lines:
            yield _fault("calendar", row, _Code.LINE_UNKNOWN, line=f"{each.plant}/{each.line}")
        if each.ends <= each.begins:
            yield _fault("calendar", row, _Code.STRETCH_EMPTY)
        for field, day in (("begins", each.begins), ("ends", _last_day(each))):
            if not capacity.begins <= day < capacity.ends:
                yield _fault("calendar", row, _Code.DAY_OUTSIDE, day=day, field=field)
        if not set(each.weekdays) <= set(EVERY_DAY):
            yield _fault("calendar", row, _Code.WEEKDAY_UNKNOWN)
        yield from _bounded("calendar", row, "shifts", each.shifts, MOST_SHIFTS)
        yield from _bounded("calendar", row, "cars_per_shift", each.cars_per_shift, MOST_CARS)
        yield from _bounded("calendar", row, "ramp_from", each.ramp_from, MOST_RAMP)
        yield from _bounded("calendar", row, "ramp_to", each.ramp_to, MOST_RAMP)
        most = each.shifts * each.cars_per_shift * max(each.ramp_from, each.ramp_to) // _PER_CENT
        if each.cars_per_shift <= MOST_CARS < most:
            told = {"field": "cars_per_shift", "value": most, "most": MOST_CARS}
            yield _fault("calendar", row, _Code.NUMBER_TOO_LARGE, **told)


def _last_day(stretch: Stretch) -> date:
    """The day before a stretch ends; of one that ends on the first of all days, that day."""
    return stretch.ends if stretch.ends == date.min else stretch.ends - timedelta(days=1)


def _holes(capacity: Capacity) -> Iterator[CapacityFault]:
    """Days that no stretch of a line covers, and days that two of them claim."""
    rows: dict[tuple[str, str], list[tuple[int, Stretch]]] = {}
    for row, each in enumerate(capacity.calendar):
        if each.begins < each.ends:
            rows.setdefault((each.plant, each.line), []).append((row, each))
    for line in capacity.lines:
        stretches = sorted(rows.get((line.plant, line.code), []), key=lambda found: found[1].begins)
        if stretches:
            yield from _holes_of(capacity, line, stretches)


def _holes_of(
    capacity: Capacity, line: Line, stretches: list[tuple[int, Stretch]]
) -> Iterator[CapacityFault]:
    covered = capacity.begins
    last_row = stretches[0][0]
    for row, each in stretches:
        if each.begins > covered:
            yield _fault(
                "calendar", row, _Code.CALENDAR_HOLE, line=line.name, day=covered, ends=each.begins
            )
        elif each.begins < covered and row != stretches[0][0]:
            yield _fault("calendar", row, _Code.STRETCHES_OVERLAP, line=line.name, day=each.begins)
        covered = max(covered, each.ends)
        last_row = row
    if covered < capacity.ends:
        yield _fault(
            "calendar",
            last_row,
            _Code.CALENDAR_HOLE,
            line=line.name,
            day=covered,
            ends=capacity.ends,
        )


def _holidays(capacity: Capacity) -> Iterator[CapacityFault]:
    plants = {plant.code for plant in capacity.plants}
    for row, each in enumerate(capacity.holidays):
        if each.plant not in plants:
            yield _fault("holidays", row, _Code.PLANT_UNKNOWN, plant=each.plant)
        if not capacity.begins <= each.day < capacity.ends:
            yield _fault("holidays", row, _Code.DAY_OUTSIDE, day=each.day)


def _take_rates(capacity: Capacity, known: Known) -> Iterator[CapacityFault]:
    lines = {(line.plant, line.code) for line in capacity.lines}
    names = (f"{each.plant}/{each.line} {each.option}" for each in capacity.take_rates)
    yield from _repeated("take_rates", names, _Code.TAKE_RATE_REPEATED)
    for row, each in enumerate(capacity.take_rates):
        if (each.plant, each.line) not in lines:
            yield _fault("take_rates", row, _Code.LINE_UNKNOWN, line=f"{each.plant}/{each.line}")
        yield from _options("take_rates", row, (each.option,), known)
        yield from _within("take_rates", row, "of", each.of, 1, MOST_RATE)
        if each.of >= 1:
            yield from _within("take_rates", row, "cars", each.cars, 0, each.of)
        yield from _within("take_rates", row, "margin", each.margin, 1, _PER_CENT)


def _parts(capacity: Capacity, known: Known) -> Iterator[CapacityFault]:
    yield from _repeated("parts", (each.code for each in capacity.parts), _Code.PART_REPEATED)
    # A receipt of nothing supplies nobody.
    supplied = {receipt.part for receipt in capacity.receipts if receipt.units > 0}
    for row, part in enumerate(capacity.parts):
        if not part.options:
            yield _fault("parts", row, _Code.PART_UNUSED, part=part.code)
        yield from _options("parts", row, part.options, known)
        if part.code not in supplied:
            yield _fault("parts", row, _Code.PART_UNSUPPLIED, part=part.code)


def _receipts(capacity: Capacity) -> Iterator[CapacityFault]:
    parts = {part.code for part in capacity.parts}
    for row, each in enumerate(capacity.receipts):
        if each.part not in parts:
            yield _fault("receipts", row, _Code.PART_UNKNOWN, part=each.part)
        if not capacity.begins <= each.day < capacity.ends:
            yield _fault("receipts", row, _Code.DAY_OUTSIDE, day=each.day)
        yield from _bounded("receipts", row, "units", each.units, MOST_UNITS)


def _bounded(
    table: str, row: int | None, field: str, value: int, most: int
) -> Iterator[CapacityFault]:
    """A fault for a number below zero, or above what any plant has."""
    if value < 0:
        yield _fault(table, row, _Code.NUMBER_NEGATIVE, field=field, value=value)
    elif value > most:
        yield _fault(table, row, _Code.NUMBER_TOO_LARGE, field=field, value=value, most=most)


def _within(
    table: str, row: int | None, field: str, value: int, least: int, most: int
) -> Iterator[CapacityFault]:
    """A fault for a number that is not from `least` to `most`."""
    if not least <= value <= most:
        told = {"field": field, "value": value, "least": least, "most": most}
        yield _fault(table, row, _Code.NUMBER_OUT_OF_RANGE, **told)


def _options(table: str, row: int, options: Iterable[str], known: Known) -> Iterator[CapacityFault]:
    for option in options:
        if option not in known.options and option not in known.models:
            yield _fault(table, row, _Code.OPTION_UNKNOWN, option=option)


def _repeated(table: str, names: Iterable[str], code: CapacityFaultCode) -> Iterator[CapacityFault]:
    """A fault for each row whose name stood in a row above it."""
    seen: Counter[str] = Counter()
    for row, name in enumerate(names):
        if seen[name]:
            yield _fault(table, row, code, name=name)
        seen[name] += 1


def _fault(
    table: str, row: int | None, code: CapacityFaultCode, **details: object
) -> CapacityFault:
    return CapacityFault(table, row, code, {key: str(value) for key, value in details.items()})
