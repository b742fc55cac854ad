"""What no line builds: sound capacity by which something on sale, or ordered, gets no day.

These are no faults. A maker may stop a model, and a part may come too late to matter; but whoever
publishes should know whose car is meant. Not here: what is wrong with a document (`faults.py`), and
who would move (`differences.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import chain

import msgspec

from earnest.core.plan.calendar import written_out
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.counters import Counters
from earnest.core.plan.signature import Signatures


class UnbuiltCode(StrEnum):
    """What is not built, or not needed. Codes are part of the interface and are never renamed."""

    MODEL_UNBUILT = "model_unbuilt"
    OPTION_UNBUILT = "option_unbuilt"
    CAP_UNNEEDED = "cap_unneeded"
    PART_UNNEEDED = "part_unneeded"
    LINE_IDLE = "line_idle"
    PLANT_UNREACHED = "plant_unreached"
    ORDERS_UNBUILT = "orders_unbuilt"


class Unbuilt(msgspec.Struct, frozen=True):
    """One warning: table and row (from 0; None where no row is meant), and what stands there."""

    table: str
    row: int | None
    code: UnbuiltCode
    details: dict[str, str] = {}


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A model that is on sale in a market, with the options that it can have."""

    model: str
    market: str
    options: frozenset[str]


class Ordered(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders of a market wait for the same car, and the number of one of them."""

    model: str
    options: tuple[str, ...]
    market: str
    orders: int
    order_id: str


def unbuilt_in(
    capacity: Capacity, offered: Sequence[Offered], ordered: Iterable[Ordered], today: date
) -> tuple[Unbuilt, ...]:
    """Everything that a sound document does not build or need from a day on, orders first."""
    builder = _Builder(capacity, today)
    return tuple(
        chain(
            _orders(builder, ordered),
            _models(builder, offered),
            _lines(capacity, builder),
            _plants(capacity),
            _take_rates(capacity, offered),
            _parts(capacity, offered),
        )
    )


class _Builder:
    """What keeps a car from being built at all, if nobody stood before it."""

    def __init__(self, capacity: Capacity, today: date) -> None:
        self.grid = written_out(capacity)
        self._signatures = Signatures(capacity, self.grid)
        self._counters = Counters(self.grid, self._signatures.all)
        self._first = min(max(0, self.grid.index(today)), self.grid.days)

    def short(self, model: str, options: tuple[str, ...], market: str) -> str | None:
        """The resource that is missing, by kind and name; None where the car can be built."""
        number = self._signatures.number_of(model, options, market)
        found = self._counters.earliest(number, self._first)
        if found.day is not None:
            return None
        assert found.binding is not None, "what fits nowhere lacks something"
        return f"{found.binding.kind.value} {found.binding.name}".strip()


def _orders(builder: _Builder, ordered: Iterable[Ordered]) -> Iterator[Unbuilt]:
    """Orders of one model and market that lack the same are one warning."""
    counted: dict[tuple[str, str, str], tuple[int, str]] = {}
    for each in ordered:
        short = builder.short(each.model, each.options, each.market)
        if short is not None:
            key = (each.model, each.market, short)
            orders, order_id = counted.get(key, (0, each.order_id))
            counted[key] = (orders + each.orders, min(order_id, each.order_id))
    most_first = sorted(counted.items(), key=lambda each: (-each[1][0], each[0]))
    for (model, market, short), (orders, order_id) in most_first:
        yield _warning(
            "lines",
            None,
            UnbuiltCode.ORDERS_UNBUILT,
            orders=orders,
            model=model,
            market=market,
            short=short,
            order_id=order_id,
        )


def _models(builder: _Builder, offered: Sequence[Offered]) -> Iterator[Unbuilt]:
    """Models on sale that no line builds, and options that none can build on any day."""
    for each in offered:
        told = {"model": each.model, "market": each.market}
        if builder.short(each.model, (), each.market) is not None:
            yield _warning("lines", None, UnbuiltCode.MODEL_UNBUILT, **told)
            continue
        for option in sorted(each.options):
            short = builder.short(each.model, (option,), each.market)
            if short is not None:
                table = "receipts" if short.startswith("part ") else "take_rates"
                told_of = {**told, "option": option, "short": short}
                yield _warning(table, None, UnbuiltCode.OPTION_UNBUILT, **told_of)


def _lines(capacity: Capacity, builder: _Builder) -> Iterator[Unbuilt]:
    cars = {
        line.name: sum(days)
        for line, days in zip(builder.grid.lines, builder.grid.cars, strict=True)
    }
    for row, line in enumerate(capacity.lines):
        if not cars[line.name]:
            yield _warning("lines", row, UnbuiltCode.LINE_IDLE, line=line.name)


def _plants(capacity: Capacity) -> Iterator[Unbuilt]:
    for row, plant in enumerate(capacity.plants):
        if not plant.transport:
            yield _warning("plants", row, UnbuiltCode.PLANT_UNREACHED, plant=plant.code)


def _take_rates(capacity: Capacity, offered: Sequence[Offered]) -> Iterator[Unbuilt]:
    """Caps of what no car of their line can have."""
    models = {(line.plant, line.code): line.models for line in capacity.lines}
    for row, each in enumerate(capacity.take_rates):
        if each.option not in _features(models[each.plant, each.line], offered):
            told = {"line": f"{each.plant}/{each.line}", "option": each.option}
            yield _warning("take_rates", row, UnbuiltCode.CAP_UNNEEDED, **told)


def _parts(capacity: Capacity, offered: Sequence[Offered]) -> Iterator[Unbuilt]:
    """Parts that no car of any line can need."""
    built = _features([model for line in capacity.lines for model in line.models], offered)
    for row, part in enumerate(capacity.parts):
        if built.isdisjoint(part.options):
            yield _warning("parts", row, UnbuiltCode.PART_UNNEEDED, part=part.code)


def _features(models: Iterable[str], offered: Sequence[Offered]) -> set[str]:
    """The models among these that are on sale, and the options that cars of them can have."""
    wanted = set(models)
    found = [each for each in offered if each.model in wanted]
    return {each.model for each in found}.union(*(each.options for each in found))


def _warning(table: str, row: int | None, code: UnbuiltCode, **details: object) -> Unbuilt:
    return Unbuilt(table, row, code, {key: str(value) for key, value in details.items()})
