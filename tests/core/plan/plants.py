"""Plants for tests: a small capacity document, small grids by chance, and tasks on them."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from hypothesis import strategies as st

from earnest.core.plan.calendar import Grid, PartGrid, written_out
from earnest.core.plan.capacity import (
    Capacity,
    Line,
    Part,
    Plant,
    Receipt,
    Stretch,
    TakeRate,
    Transport,
)
from earnest.core.plan.faults import Known
from earnest.core.plan.plan import Hold, Place, PlanOrder, Task
from earnest.core.plan.signature import Signature, Signatures

MONDAY = date(2026, 3, 2)
KNOWN = Known(
    models=frozenset({"aurora", "breeze"}),
    options=frozenset({"grey", "wheels_21", "titanium"}),
    markets=frozenset({"CN", "DE"}),
)


def week(number: int) -> date:
    """The Monday a number of weeks after the first."""
    return MONDAY + timedelta(weeks=number)


CAPACITY = Capacity(
    begins=MONDAY,
    ends=week(4),
    frozen_days=7,
    plants=(
        Plant(code="north", name="North", transport=(Transport("CN", 3),)),
        Plant(code="south", name="South", transport=(Transport("CN", 5), Transport("DE", 30))),
    ),
    lines=(
        Line(plant="north", code="1", models=("aurora",)),
        Line(plant="south", code="1", models=("aurora", "breeze")),
    ),
    calendar=(
        Stretch(
            plant="north",
            line="1",
            begins=MONDAY,
            ends=week(4),
            shifts=1,
            cars_per_shift=4,
            weekdays=(1, 2, 3, 4, 5),
        ),
        Stretch(plant="south", line="1", begins=MONDAY, ends=week(4), shifts=2, cars_per_shift=1),
    ),
    take_rates=(TakeRate(plant="north", line="1", option="wheels_21", cars=1, of=2, margin=100),),
    parts=(Part(code="chip", options=("titanium",)),),
    receipts=(Receipt("chip", MONDAY, 1), Receipt("chip", week(2), 3)),
)


def task_of(
    orders: tuple[PlanOrder, ...],
    signatures: Signatures,
    *,
    capacity: Capacity = CAPACITY,
    today: int = 0,
    frozen_until: int = 0,
) -> Task:
    """A task on a capacity document, by default with nothing frozen."""
    return Task(
        capacity_digest=capacity.digest,
        grid=written_out(capacity),
        signatures=tuple(signatures.all),
        transport=tuple(signatures.transport),
        orders=orders,
        today=today,
        frozen_until=frozen_until,
    )


def written(capacity: Capacity = CAPACITY) -> Grid:
    """A capacity document day by day."""
    return written_out(capacity)


def signatures_of(capacity: Capacity = CAPACITY) -> Signatures:
    """The signatures of a capacity document, none asked yet."""
    return Signatures(capacity, written_out(capacity))


DAYS = 8
LINES = (Line(plant="p", code="1", models=()), Line(plant="q", code="1", models=()))
CAP_OF = ((0, "x"), (0, "y"), (1, "x"))
SIGNATURES = tuple(
    Signature(
        lines, tuple(tuple(row for row in rows if CAP_OF[row][0] == line) for line in lines), p
    )
    for lines in ((0,), (1,), (0, 1))
    for rows in ((), (0, 2), (0, 1, 2))
    for p in ((), (0,), (1,), (0, 1))
)
"""Every mixture of two lines, two options and two parts that the laws draw from."""


def _days_of(most: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(*[st.integers(0, most)] * DAYS)


# Strategies are made once: making them for every order takes longer than drawing from them.
_FEW, _FEWER = _days_of(3), _days_of(2)
_ARRIVALS = st.dictionaries(st.integers(0, DAYS - 1), st.integers(0, 3), max_size=3)
_PLACE = st.builds(Place, st.integers(0, 1), st.integers(0, DAYS - 1))
_OF_ANY_ORDER: dict[str, st.SearchStrategy[object]] = {
    "signature": st.integers(0, len(SIGNATURES) - 1),
    "not_before": st.one_of(st.just(0), st.integers(0, DAYS + 1)),
    "hold": st.one_of(st.none(), st.none(), st.sampled_from(Hold)),
    "pull_in_from": st.sampled_from((0, 0, 5, DAYS)),
    "arrives_by": st.one_of(st.none(), st.integers(0, DAYS + 3)),
}
_OF_A_PLACED_ORDER: dict[str, st.SearchStrategy[object]] = {
    **_OF_ANY_ORDER,
    "fixed": st.one_of(*[st.none()] * 4, _PLACE),
    "current": st.one_of(st.none(), _PLACE),
}
_ANY_ORDERS, _PLACED_ORDERS = (
    st.lists(st.fixed_dictionaries(each), max_size=14)
    for each in (_OF_ANY_ORDER, _OF_A_PLACED_ORDER)
)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Eight days of two lines with few cars, so that everything is short somewhere."""
    return Grid(
        begins=MONDAY,
        days=DAYS,
        lines=LINES,
        cars=(draw(_FEW), draw(_FEW)),
        cap_of=CAP_OF,
        caps=(draw(_FEWER), draw(_FEWER), draw(_FEWER)),
        parts=tuple(
            PartGrid(code, carries_over, tuple(sorted(draw(_ARRIVALS).items())))
            for code, carries_over in (("m", True), ("n", False))
        ),
    )


@st.composite
def tasks(draw: st.DrawFn, *, placed: bool = True) -> Task:
    """A task with up to fourteen orders on a small grid.

    They have any signature, are often free at once, sometimes held and, if `placed`, fixed or
    planned.
    """
    today = draw(st.integers(0, 2))
    orders = draw(_PLACED_ORDERS if placed else _ANY_ORDERS)
    return Task(
        capacity_digest="capacity",
        grid=draw(grids()),
        signatures=SIGNATURES,
        transport=tuple(tuple(2 + line for line in each.lines) for each in SIGNATURES),
        orders=tuple(
            msgspec.structs.replace(PlanOrder(order_id=f"order-{number}", signature=0), **fields)
            for number, fields in enumerate(orders)
        ),
        today=today,
        frozen_until=today + draw(st.integers(0, 2)),
    )
