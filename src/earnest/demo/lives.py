"""The demo's orders, each a life so far: who ordered what, and what happened how many days ago.

Ranks and slots of each kind of car are in the same order, so that nobody is overtaken. What time
does by itself (locks, reminders, the end of a file) is not written here, and neither are the
single steps (`acts.py`).
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
    come,
    defer,
    demand_balance,
    demand_delivery,
    hand_over,
    inspect,
    miss,
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
from earnest.demo.centres import LAKESIDE, MERIDIAN

PAY = None
"""Pay what is open at the provider, in place of an act."""

_S7, _Y7 = QueueId("s7-cn"), QueueId("y7-cn")
_S7_MAX = Configuration("s7-max", ("interior-red", "paint-ember", "wheels-21-forged"))
_S7_BRAKES = Configuration("s7-max", ("interior-grey", "paint-pearl", "sport-brakes", "wheels-20"))
_S7_PLAIN = Configuration("s7-standard", ("paint-aqua", "wheels-19"))
_S7_WHITE = Configuration("s7-max", ("interior-red", "paint-pearl", "wheels-20"))
_S7_BLUE = Configuration("s7-max", ("interior-grey", "paint-aqua", "wheels-19"))
_S7_FORGED = Configuration("s7-max", ("interior-grey", "paint-ember", "wheels-21-forged"))
_S7_PEARL = Configuration("s7-standard", ("paint-pearl", "wheels-19"))
_S7_LARGE = Configuration("s7-standard", ("paint-pearl", "wheels-20"))
_Y7_SMALL = Configuration("y7-max", ("paint-emerald", "wheels-20"))
_Y7_LARGE = Configuration("y7-max", ("paint-graphite", "wheels-21"))
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


def _offered(*steps: tuple[float, Act]) -> tuple[tuple[float, Act], ...]:
    """A car of the last weeks, offered three days ago, and what its buyer did then."""
    return (*_car(32, 11, 8), (3.1, prepare), (3, tender), *steps)


_GREEN, _GREY = (_Y7, _Y7_GREEN), (_Y7, _Y7_GREY)
_EMERALD, _GRAPHITE = (_Y7, _Y7_SMALL), (_Y7, _Y7_LARGE)
_RED, _BRAKES, _PLAIN = (_S7, _S7_MAX), (_S7, _S7_BRAKES), (_S7, _S7_PLAIN)
_WHITE, _BLUE, _FORGED = (_S7, _S7_WHITE), (_S7, _S7_BLUE), (_S7, _S7_FORGED)
_PEARL, _LARGE = (_S7, _S7_PEARL), (_S7, _S7_LARGE)

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
    _life("in-transit", "wang-fang", _PLAIN, 100, (90, choose(LAKESIDE)), *_car(80, 10, 3)),
    _life("built", "li-wen", _GREY, 95, (75, schedule), (2, build), (1, choose(LAKESIDE))),
    _life("deferred", "wang-fang", _RED, 80, (40, defer)),
    _life("scheduled", "wang-fang", _GREEN, 60, (10, schedule)),
    _life("no-show", "wu-xin", _EMERALD, 50, *_offered((2.9, come(-1, 4)), (0.1, miss))),
    _life("first-today", "chen-jie", _EMERALD, 47.3, *_offered((2.9, come(0, 1)))),
    _life("second-today", "liu-yang", _WHITE, 47.25, *_offered((2.8, come(0, 1)))),
    _life("third-today", "zhao-lei", _PEARL, 47.2, *_offered((2.7, come(0, 5)))),
    _life("tomorrow", "sun-li", _BLUE, 47.15, *_offered((2.6, come(1, 2)))),
    _life(
        *("unprepared", "zhou-hao", _LARGE, 47.1),
        *(*_car(32, 11, 8), (2.5, tender), (2.4, come(3, 3))),
    ),
    _life(
        *("by-the-lake", "chen-jie", _FORGED, 47.05, (45, choose(LAKESIDE))),
        *_offered((2.4, come(1, 2))),
    ),
    _life("on-its-way", "liu-yang", _GRAPHITE, 47, (45, choose(MERIDIAN)), *_car(29, 6, 2)),
    _life("at-risk", "chen-jie", _GREEN, 34),
    _life("next-week", "zhao-lei", _WHITE, 27.1, (9, schedule)),
    _life("with-it", "sun-li", _BLUE, 27, (8.5, schedule)),
    _life("locked", "li-wen", _PLAIN, 20.2),
    _life("waits-1", "zhao-lei", _WHITE, 20.1),
    _life("waits-2", "sun-li", _EMERALD, 20),
    _life("waits-3", "zhou-hao", _GRAPHITE, 13.2),
    _life("waits-4", "wu-xin", _BRAKES, 13.1),
    _life("waits-5", "liu-yang", _GREY, 13),
    _life("cools", "zhao-lei", _BLUE, 5),
    _life("withdrawn", "wang-fang", _GREY, 4, (0.25, withdraw)),
    _life("deposited", "zhang-min", _GREEN, 2),
    Life("reserved", "li-wen", *_GREY, _MINUTES, ()),
)
"""Orders in each stage, and those that went another way, in the order of their reservations."""
