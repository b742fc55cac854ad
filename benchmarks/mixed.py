"""Repair plans in which several things are short at once: parts, options and lines, by chance.

A published plan of two or three lines and several scarce parts, used by none to three of them
each, loses receipts and cars; some orders have left, some come new, and some come back in the
place of their rank. Not here: the year of one short part (`planner.py`).
"""

from __future__ import annotations

import argparse
import random
import time
from datetime import timedelta

import msgspec

from benchmarks.planner import BEGINS, plants_of
from earnest.core.plan.calendar import Grid, PartGrid, written_out
from earnest.core.plan.capacity import Capacity, Part, Receipt, TakeRate
from earnest.core.plan.checker import Checker
from earnest.core.plan.differences import differences, summary_of
from earnest.core.plan.plan import Hold, PlanOrder, Task, digest_of
from earnest.core.plan.planner import fresh_plan
from earnest.core.plan.ranks import gentle_start
from earnest.core.plan.repair import gentle_plan
from earnest.core.plan.signature import Signatures

WEEKS = 20
DAYS = WEEKS * 7
PARTS, OPTIONS = 4, 3
FROZEN_DAYS = 7


def mixed_capacity(count: int, chance: random.Random) -> Capacity:
    """Lines for nearly all of the orders in twenty weeks; caps and parts for a bit less."""
    lines = chance.choice((2, 3))
    a_week = count / WEEKS
    cars = max(1, round(a_week / 6 / lines))
    plants = plants_of(lines, DAYS, 1, cars, frozen_days=FROZEN_DAYS, first_models=2)
    return msgspec.structs.replace(
        plants,
        take_rates=tuple(
            TakeRate(
                plant=plant.code, line="1", option=f"o{number}", cars=chance.choice((1, 2)), of=5
            )
            for plant in plants.plants
            for number in range(OPTIONS)
        ),
        parts=tuple(
            Part(code=f"m{number}", options=(f"s{number}",), carries_over=number % 2 == 0)
            for number in range(PARTS)
        ),
        receipts=tuple(
            Receipt(
                f"m{number}",
                BEGINS + timedelta(weeks=week, days=number),
                max(1, round(a_week * chance.uniform(0.2, 0.36))),
            )
            for number in range(PARTS)
            for week in range(WEEKS)
        ),
    )


def mixed_task(count: int, seed: int) -> Task:
    """A plan that stood, and what has happened to it since."""
    chance = random.Random(seed)
    capacity = mixed_capacity(count, chance)
    grid = written_out(capacity)
    signatures = Signatures(capacity, grid)
    orders = []
    for number in range(count):
        options = [f"o{each}" for each in range(OPTIONS) if chance.random() < 0.3]
        parts = chance.sample(range(PARTS), chance.choice((0, 1, 1, 2, 2, 3)))
        features = (*options, *(f"s{each}" for each in sorted(parts)))
        orders.append(
            PlanOrder(
                order_id=f"{number:016d}",
                signature=signatures.number_of(chance.choice("AB"), features, "CN"),
                not_before=chance.randrange(20, 100) if chance.random() < 0.1 else 0,
                hold=Hold.COOLING_OFF if chance.random() < 0.05 else None,
            )
        )
    task = Task(
        capacity_digest=capacity.digest,
        grid=grid,
        signatures=tuple(signatures.all),
        transport=tuple(signatures.transport),
        orders=tuple(orders),
        today=0,
        frozen_until=FROZEN_DAYS,
    )
    return _shocked(task, chance)


def _shocked(task: Task, chance: random.Random) -> Task:
    """The day after: some left, some are new or come back, and capacity is less."""
    known = round(len(task.orders) * 0.95)
    before = msgspec.structs.replace(
        task,
        orders=tuple(
            msgspec.structs.replace(order, hold=Hold.DEFERRED) if chance.random() < 0.01 else order
            for order in task.orders[:known]
        ),
    )
    plan = fresh_plan(before)
    orders = []
    for number, order in enumerate(task.orders):
        if chance.random() < 0.04:
            continue
        place = plan.place(number) if number < known else None
        from_day = 0
        if place is not None and chance.random() < 0.3:
            from_day = max(0, place.day - chance.randrange(15))
        orders.append(msgspec.structs.replace(order, current=place, pull_in_from=from_day))
    return msgspec.structs.replace(task, orders=tuple(orders), grid=_less(task.grid, chance))


def _less(grid: Grid, chance: random.Random) -> Grid:
    """Receipts of some weeks gone or smaller for every part, and a line slower for a week."""
    stops = chance.randrange(14, DAYS - 14)
    slow = chance.randrange(len(grid.lines))
    return msgspec.structs.replace(
        grid,
        parts=tuple(
            PartGrid(
                part.code,
                part.carries_over,
                tuple(
                    (
                        day,
                        units * chance.choice((0, 5, 7)) // 10 if chance.random() < 0.2 else units,
                    )
                    for day, units in part.arrivals
                ),
            )
            for part in grid.parts
        ),
        cars=tuple(
            tuple(
                each * 7 // 10 if line == slow and stops <= day < stops + 7 else each
                for day, each in enumerate(cars)
            )
            for line, cars in enumerate(grid.cars)
        ),
    )


def main() -> None:
    """Print for each instance how long its gentle plan took, and what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, nargs="+", default=[10_000, 50_000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    chosen = parser.parse_args()
    for count in chosen.orders:
        for seed in chosen.seeds:
            start = gentle_start(mixed_task(count, seed))
            started = time.process_time()
            plan = gentle_plan(start.task)
            took = time.process_time() - started
            summary = summary_of(start.task, plan, list(differences(start, plan)))
            findings = Checker(start.task, plan, is_fresh=False).findings()
            print(
                f"{count:>7,} orders, seed {seed}: gentle {took:.2f} s of a core,"
                f" {len(findings)} findings, {summary.later} later, {summary.earlier} earlier,"
                f" {summary.newly_placed} new, {sum(summary.short.values())} without a day,"
                f" {digest_of(start.task, plan)[:12]}",
                flush=True,
            )


if __name__ == "__main__":
    main()
