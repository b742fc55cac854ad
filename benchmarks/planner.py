"""Plan 500,000 orders over 365 days and three plants, check it, and answer a shortage.

The instance follows from a seed: `capacity_of` says what plants can build, `task_of` who orders
what. Its waiting is measured against the least that is possible, and once more where parts are
shorter than lines. Not here: how that least is found (`bound.py`).
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

import msgspec

from benchmarks.bound import Bound, least_fair_waiting, least_waiting, waiting_of
from earnest.core.plan.calendar import written_out
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
from earnest.core.plan.checker import Checker
from earnest.core.plan.differences import differences, summary_of
from earnest.core.plan.plan import Plan, PlanOrder, Task, digest_of
from earnest.core.plan.planner import fresh_plan
from earnest.core.plan.ranks import gentle_start
from earnest.core.plan.repair import gentle_plan
from earnest.core.plan.signature import Signatures
from earnest.desk.planning.fresh import WORTH_LOADING, planner_for

Result = TypeVar("Result")

BEGINS = date(2026, 1, 5)
DAYS = 365
PLANTS = 3
OPTIONS = 8
WEEKLY_UNITS = (2_300, 2_800, 2_000)
CARS_PER_SHIFT = 265
SHORT_OF_PARTS = (2_000, 2_600, 1_900)
MORE_CARS_PER_SHIFT = 290
PROMISE_DAYS = 14
COHORTS = 4
SHORT_WEEKS = range(5, 11)


def plants_of(
    count: int, days: int, shifts: int, cars: int, *, frozen_days: int, first_models: int = 1
) -> Capacity:
    """Plants of one line each that build six days a week, each a model more than the one before."""
    ends = BEGINS + timedelta(days=days)
    codes = [f"P{number}" for number in range(count)]
    return Capacity(
        begins=BEGINS,
        ends=ends,
        frozen_days=frozen_days,
        plants=tuple(
            Plant(code=code, name=code, transport=(Transport("CN", 3),)) for code in codes
        ),
        lines=tuple(
            Line(plant=code, code="1", models=("A", "B", "C")[: number + first_models])
            for number, code in enumerate(codes)
        ),
        calendar=tuple(
            Stretch(
                plant=code,
                line="1",
                begins=BEGINS,
                ends=ends,
                shifts=shifts,
                cars_per_shift=cars,
                weekdays=(1, 2, 3, 4, 5, 6),
            )
            for code in codes
        ),
    )


def capacity_of(
    units: tuple[int, ...] = WEEKLY_UNITS, cars: int = CARS_PER_SHIFT, *, short: bool = False
) -> Capacity:
    """Three plants that together build about as many cars as are ordered, and three parts."""
    plants = plants_of(PLANTS, DAYS, 2, cars, frozen_days=14)
    return msgspec.structs.replace(
        plants,
        take_rates=tuple(
            TakeRate(plant=plant.code, line="1", option=f"o{number}", cars=1, of=3)
            for plant in plants.plants
            for number in range(OPTIONS)
        ),
        parts=tuple(
            Part(code=f"m{number}", options=(f"s{number}",)) for number in range(len(units))
        ),
        receipts=tuple(
            Receipt(
                f"m{number}",
                BEGINS + timedelta(weeks=week),
                each * 7 // 10 if short and number == 0 and week in SHORT_WEEKS else each,
            )
            for number, each in enumerate(units)
            for week in range(52)
        ),
    )


def task_of(capacity: Capacity, count: int, seed: int) -> Task:
    """Orders by chance: two models, options a quarter each, a tenth free only later."""
    chance = random.Random(seed)
    grid = written_out(capacity)
    signatures = Signatures(capacity, grid)
    orders = []
    for number in range(count):
        options = [f"o{each}" for each in range(OPTIONS) if chance.random() < 0.25]
        options += [f"s{each}" for each in range(len(WEEKLY_UNITS)) if chance.random() < 0.25]
        signature = signatures.number_of(chance.choice("AB"), tuple(options), "CN")
        not_before = chance.randrange(60, 330) if chance.random() < 0.1 else 0
        orders.append(
            PlanOrder(order_id=f"{number:016d}", signature=signature, not_before=not_before)
        )
    return Task(
        capacity_digest=capacity.digest,
        grid=grid,
        signatures=tuple(signatures.all),
        transport=tuple(signatures.transport),
        orders=tuple(orders),
        today=0,
        frozen_until=capacity.frozen_days,
    )


def published(task: Task, plan: Plan, capacity: Capacity) -> Task:
    """The same orders, standing where a plan put them, on another capacity."""
    orders = []
    for number, order in enumerate(task.orders):
        place = plan.place(number)
        by = None if place is None else task.arrival(order, place.line, place.day) + PROMISE_DAYS
        orders.append(msgspec.structs.replace(order, current=place, arrives_by=by))
    return msgspec.structs.replace(task, orders=tuple(orders), grid=written_out(capacity))


def timed(what: str, work: Callable[[], Result]) -> Result:
    """Do some work and print how long it took."""
    started = time.perf_counter()
    result = work()
    print(f"{what:<28}{time.perf_counter() - started:>8.2f} s")
    return result


def compiled_alike(task: Task, plan: Plan) -> bool:
    """Make the plan with the compiled loop; what it takes to compile or load it is told apart."""
    planner = timed("loading the compiler", lambda: planner_for(WORTH_LOADING))
    few = msgspec.structs.replace(task, orders=task.orders[:100])
    timed("compiling, or from a cache", lambda: planner(few))
    return timed("plan, compiled", lambda: planner(task)) == plan


def print_bound(what: str, task: Task, plan: Plan, bound: Callable[[], Bound]) -> None:
    """Print how much more a plan waits than the least that a linear program allows."""
    least = timed(f"bound, {what}", bound)
    waiting = waiting_of(task, plan)
    more = waiting / least.waiting - 1
    print(f"waiting {waiting:,} days, at least {least.waiting:,.0f}: {more:.3%} more")
    print(f"the program: {least.variables:,} variables, {least.rows:,} rows")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=500_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    capacity = capacity_of()
    task = timed("making the instance", lambda: task_of(capacity, chosen.orders, chosen.seed))
    plan = timed("plan, pure Python", lambda: fresh_plan(task))
    print(f"the same plan compiled: {compiled_alike(task, plan)}")
    findings = timed("independent check", lambda: Checker(task, plan, is_fresh=True).findings())
    print(f"findings {len(findings)}, do not fit {len(plan.short)}, {digest_of(task, plan)[:12]}")
    standing = published(task, plan, capacity_of(short=True))
    start = timed("a part 30 % short: who leaves", lambda: gentle_start(standing))
    gentle = timed("a part 30 % short: gentle", lambda: gentle_plan(start.task))
    fresh = timed("a part 30 % short: fresh", lambda: fresh_plan(start.task))
    for name, each in (("gentle", gentle), ("fresh", fresh)):
        print(name, summary_of(start.task, each, list(differences(start, each))))
    print(
        f"memory without a solver {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB"
    )
    print_bound("lines are short", task, plan, lambda: least_waiting(task))
    other = task_of(capacity_of(SHORT_OF_PARTS, MORE_CARS_PER_SHIFT), chosen.orders, chosen.seed)
    served = fresh_plan(other)
    print_bound("parts are short", other, served, lambda: least_waiting(other))
    fair = partial(least_fair_waiting, other, served, COHORTS)
    print_bound("and nobody passed", other, served, fair)


if __name__ == "__main__":
    main()
