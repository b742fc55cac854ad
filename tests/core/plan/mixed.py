"""Tasks in which several things are short at once, from a seed: parts, caps and cars, by chance.

They have more orders than those of `plants.py`, so that who yields has others behind it. Not here:
tasks that shrink to a simple one.
"""

from __future__ import annotations

from random import Random

import msgspec

from earnest.core.plan.calendar import Grid, PartGrid
from earnest.core.plan.capacity import Line
from earnest.core.plan.plan import Hold, Place, PlanOrder, Task
from earnest.core.plan.planner import fresh_plan
from earnest.core.plan.repair import without_lost
from earnest.core.plan.signature import Signature
from tests.core.plan.plants import MONDAY

DAYS = 20
CAP_OF = ((0, "x"), (0, "y"), (1, "x"), (1, "y"), (2, "x"), (2, "y"))


def _signature(chance: Random, lines: int) -> Signature:
    able = tuple(sorted(chance.sample(range(lines), chance.randint(1, lines))))
    options = [option for option in ("x", "y") if chance.random() < 0.4]
    caps = tuple(
        tuple(
            row
            for row, (of_line, option) in enumerate(CAP_OF)
            if of_line == line and option in options
        )
        for line in able
    )
    return Signature(
        able, caps, tuple(sorted(chance.sample(range(3), chance.choice((0, 1, 2, 3)))))
    )


def _grid(chance: Random, lines: int) -> Grid:
    return Grid(
        begins=MONDAY,
        days=DAYS,
        lines=tuple(Line(plant=f"p{line}", code="1", models=()) for line in range(lines)),
        cars=tuple(tuple(chance.choice((0, 1, 2, 2)) for _ in range(DAYS)) for _ in range(lines)),
        cap_of=tuple(each for each in CAP_OF if each[0] < lines),
        caps=tuple(
            tuple(chance.choice((0, 1, 1, 2)) for _ in range(DAYS))
            for line, _ in CAP_OF
            if line < lines
        ),
        parts=tuple(
            PartGrid(
                code, keeps, tuple((day, chance.randint(0, 6)) for day in range(number, DAYS, 5))
            )
            for number, (code, keeps) in enumerate((("m", True), ("n", False), ("o", True)))
        ),
    )


def _shocked(grid: Grid, chance: Random) -> Grid:
    """The same grid with some receipts and some cars less."""
    return msgspec.structs.replace(
        grid,
        cars=tuple(
            tuple(max(0, each - (chance.random() < 0.1)) for each in cars) for cars in grid.cars
        ),
        parts=tuple(
            msgspec.structs.replace(
                part,
                arrivals=tuple(
                    (day, units // 2 if chance.random() < 0.3 else units)
                    for day, units in part.arrivals
                ),
            )
            for part in grid.parts
        ),
    )


def mixed_task(seed: int) -> Task:
    """Orders with a place in a plan before a shock, new ones among them, and some that left."""
    chance = Random(seed)
    lines = chance.choice((2, 3))
    count = chance.randint(20, 90)
    signatures = tuple(_signature(chance, lines) for _ in range(12))
    task = Task(
        capacity_digest="capacity",
        grid=_grid(chance, lines),
        signatures=signatures,
        transport=tuple((2,) * len(signature.lines) for signature in signatures),
        orders=tuple(
            PlanOrder(
                order_id=f"order-{number}",
                signature=chance.randrange(len(signatures)),
                not_before=chance.choice((0, 0, 0, chance.randrange(DAYS))),
                hold=chance.choice((*[None] * 12, *Hold)),
            )
            for number in range(count)
        ),
        today=0,
        frozen_until=chance.choice((0, 2)),
    )
    plan = fresh_plan(task)
    orders = []
    for number, order in enumerate(task.orders):
        place = plan.place(number) if chance.random() < 0.8 else None
        if chance.random() < 0.1:
            continue
        is_fixed = place is not None and chance.random() < 0.05
        orders.append(
            msgspec.structs.replace(
                order,
                current=None if is_fixed else place,
                fixed=place if is_fixed else None,
                pull_in_from=_asked_first(place, chance),
            )
        )
    shocked = msgspec.structs.replace(task, orders=tuple(orders), grid=_shocked(task.grid, chance))
    return without_lost(shocked).task


def _asked_first(place: Place | None, chance: Random) -> int:
    """The day to which an order may be pulled in without being asked: mostly any."""
    if place is None or chance.random() < 0.7:
        return 0
    return max(0, place.day - chance.randrange(6))
