"""The demo's orders, each a life so far: who ordered what, and what happened how many days ago.

Ranks and slots are in the same order, so that nobody is overtaken. What time does by itself (locks,
reminders, the end of a file) is not written here, and neither are the single steps (`acts.py`).
"""

from __future__ import annotations

from typing import NamedTuple

from earnest.core.catalogue.configuration import Configuration
from earnest.core.values.ids import QueueId
from earnest.demo.acts import (
    Act,
    book,
    build,
    choose,
    defer,
    demand_balance,
    demand_delivery,
    hand_over,
    inspect,
    open_case,
    open_payment,
    prepare,
    read_demand,
    refuse,
    schedule,
    ship,
    tender,
    withdraw,
)

PAY = None
"""Pay what is open at the provider, in place of an act."""

_S7, _Y7 = QueueId("s7-cn"), QueueId("y7-cn")
_S7_MAX = Configuration("s7-max", ("interior-red", "paint-ember", "wheels-21-forged"))
_S7_BRAKES = Configuration("s7-max", ("interior-grey", "paint-pearl", "sport-brakes", "wheels-20"))
_S7_PLAIN = Configuration("s7-standard", ("paint-aqua", "wheels-19"))
_Y7_GREEN = Configuration("y7-max", ("paint-emerald", "wheels-21"))
_Y7_GREY = Configuration("y7-max", ("paint-graphite", "wheels-20"))

_MINUTES = 1 / (24 * 60)


class Life(NamedTuple):
    """One order: its name, one of the buyers, what is ordered, and its steps.

    `reserved` and the number of each step are days before the demo's first start.
    """

    name: str
    who: str
    queue_id: QueueId
    configuration: Configuration
    reserved: float
    steps: tuple[tuple[float, Act | None], ...]


def _car(scheduled: float, built: float, shipped: float) -> tuple[tuple[float, Act], ...]:
    """From the order bank to the way to the buyer."""
    return ((scheduled, schedule), (built, build), (shipped, ship))


def _seen(tendered: float, result: Act = inspect) -> tuple[tuple[float, Act], ...]:
    """From the tender to the joint inspection, on the day after the appointment."""
    return (
        (tendered + 0.1, prepare),
        (tendered, tender),
        (tendered - 0.2, book),
        (tendered - 4, result),
    )


def _demanded(at: float) -> tuple[tuple[float, Act], ...]:
    """The balance, asked for and known to the buyer half a day later."""
    return ((at - 0.1, demand_balance), (at - 0.5, read_demand))


def _paid(at: float) -> tuple[tuple[float, Act | None], ...]:
    """The balance, in one payment."""
    return ((at, open_payment), (at - 5 * _MINUTES, PAY))


def _life(
    name: str,
    who: str,
    ordered: tuple[QueueId, Configuration],
    reserved: float,
    *steps: tuple[float, Act | None],
) -> Life:
    """An order whose deposit was paid within ten minutes."""
    deposit = (reserved - 10 * _MINUTES, PAY)
    return Life(name, who, *ordered, reserved, (deposit, *steps))


_GREEN, _GREY = (_Y7, _Y7_GREEN), (_Y7, _Y7_GREY)
_RED, _BRAKES, _PLAIN = (_S7, _S7_MAX), (_S7, _S7_BRAKES), (_S7, _S7_PLAIN)

LIVES: tuple[Life, ...] = (
    _life(
        *("closed", "li-wen", _GREEN, 150),
        *(*_car(130, 100, 97), *_seen(85), *_demanded(81), *_paid(79), (78, hand_over)),
    ),
    _life(
        *("late", "zhang-min", _GREY, 145),
        *((120, schedule), (17, demand_delivery), (1.5, open_case)),
    ),
    _life(
        *("handed-over", "zhang-min", _RED, 119),
        *(*_car(100, 60, 55), *_seen(12), *_demanded(8), *_paid(5), (2, hand_over)),
    ),
    _life(
        *("paid", "wang-fang", _GREEN, 118),
        *(*_car(98, 40, 35), *_seen(9), *_demanded(5), *_paid(1)),
    ),
    _life(
        *("inspected", "li-wen", _BRAKES, 112),
        *(*_car(92, 35, 30), *_seen(7), *_demanded(3)),
    ),
    _life(*("refused", "zhang-min", _PLAIN, 108), *(*_car(88, 30, 25), *_seen(5.5, refuse))),
    _life(
        *("tendered", "zhang-min", _GREY, 105),
        *(*_car(85, 20, 15), (1.1, prepare), (1, tender), (0.8, book)),
    ),
    _life("in-transit", "wang-fang", _PLAIN, 100, (90, choose), *_car(80, 10, 3)),
    _life("built", "li-wen", _GREY, 95, (75, schedule), (2, build), (1, choose)),
    _life("deferred", "wang-fang", _RED, 80, (40, defer)),
    _life("scheduled", "wang-fang", _GREEN, 60, (10, schedule)),
    _life("locked", "li-wen", _PLAIN, 30),
    _life("withdrawn", "wang-fang", _GREY, 4, (0.25, withdraw)),
    _life("deposited", "zhang-min", _GREEN, 2),
    Life("reserved", "li-wen", *_GREY, _MINUTES, ()),
)
"""One order for each stage, and those that went another way, in the order of their reservations."""
