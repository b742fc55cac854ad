"""Plants for tests: a small capacity document, small grids by chance, and tasks on them."""

from __future__ import annotations

from datetime import date, timedelta

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


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Eight days of two lines with few cars, so that everything is short somewhere."""

    def units(most: int) -> tuple[int, ...]:
        return tuple(draw(st.lists(st.integers(0, most), min_size=DAYS, max_size=DAYS)))

    parts = []
    for code, carries_over in (("m", True), ("n", False)):
        days = draw(st.sets(st.integers(0, DAYS - 1), max_size=3))
        parts.append(
            PartGrid(
                code, carries_over, tuple((day, draw(st.integers(0, 3))) for day in sorted(days))
            )
        )
    return Grid(
        begins=MONDAY,
        days=DAYS,
        lines=LINES,
        cars=(units(3), units(3)),
        cap_of=CAP_OF,
        caps=(units(2), units(2), units(2)),
        parts=tuple(parts),
    )


@st.composite
def plan_orders(draw: st.DrawFn, number: int, *, placed: bool) -> PlanOrder:
    """Any order: with any signature, often free at once, sometimes held, fixed or planned."""
    place = st.builds(Place, st.integers(0, 1), st.integers(0, DAYS - 1))
    return PlanOrder(
        order_id=f"order-{number}",
        signature=draw(st.integers(0, len(SIGNATURES) - 1)),
        not_before=draw(st.one_of(st.just(0), st.integers(0, DAYS + 1))),
        hold=draw(st.one_of(st.none(), st.none(), st.sampled_from(Hold))),
        fixed=draw(st.one_of(*[st.none()] * 4, place)) if placed else None,
        current=draw(st.one_of(st.none(), place)) if placed else None,
        pull_in_from=draw(st.sampled_from((0, 0, 5, DAYS))),
        arrives_by=draw(st.one_of(st.none(), st.integers(0, DAYS + 3))),
    )


@st.composite
def tasks(draw: st.DrawFn, *, placed: bool = True) -> Task:
    """A task with up to fourteen orders on a small grid."""
    count = draw(st.integers(0, 14))
    today = draw(st.integers(0, 2))
    return Task(
        capacity_digest="capacity",
        grid=draw(grids()),
        signatures=SIGNATURES,
        transport=tuple((2,) * len(signature.lines) for signature in SIGNATURES),
        orders=tuple(draw(plan_orders(number, placed=placed)) for number in range(count)),
        today=today,
        frozen_until=today + draw(st.integers(0, 2)),
    )
