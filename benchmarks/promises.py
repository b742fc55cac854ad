"""How long it takes to look a promise up while very many orders are planned.

    python -m benchmarks.promises --orders 500000

Three plants, eight caps and three scarce parts over a year; every order is placed in turn, as a
plan run does. Then look-ups for configurations by chance are timed one by one. Not here: HTTP.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, date, datetime, timedelta
from random import Random

from earnest.core.plan.book import Book
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

BEGINS = date(2026, 1, 5)
DAYS = 365
OPTIONS = tuple(f"option-{number}" for number in range(11))


def capacity_for(orders: int) -> Capacity:
    """About a tenth more cars than orders, with caps and parts that bind."""
    codes, ends = ("a", "b", "c"), BEGINS + timedelta(days=DAYS)
    per_day = -(-orders * 11 // (10 * DAYS * len(codes)))
    return Capacity(
        begins=BEGINS,
        ends=ends,
        frozen_days=14,
        plants=tuple(Plant(code=x, name=x, transport=(Transport("CN", 5),)) for x in codes),
        lines=tuple(Line(plant=x, code="1", models=("car",)) for x in codes),
        calendar=tuple(
            Stretch(plant=x, line="1", begins=BEGINS, ends=ends, shifts=1, cars_per_shift=per_day)
            for x in codes
        ),
        take_rates=tuple(
            TakeRate(plant=x, line="1", option=option, cars=3, of=5)
            for x in codes
            for option in OPTIONS[:8]
        ),
        parts=tuple(Part(code=f"part-{x}", options=(x,)) for x in OPTIONS[8:]),
        receipts=tuple(
            Receipt(f"part-{x}", BEGINS + timedelta(weeks=week), orders * 48 // 5_200)
            for x in OPTIONS[8:]
            for week in range(52)
        ),
    )


def main() -> None:
    """Place all orders, then time look-ups and print percentiles in microseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=500_000)
    parser.add_argument("--look-ups", type=int, default=20_000)
    said = parser.parse_args()
    chance = Random(7)
    capacity = capacity_for(said.orders)
    book = Book(capacity, written_out(capacity))

    def kind() -> int:
        chosen = tuple(option for option in OPTIONS if chance.random() < 0.5)
        return book.signatures.number_of("car", chosen, "CN")

    kinds = [kind() for _ in range(said.orders)]
    started = time.perf_counter()
    placed = sum(book.take(number, 14) is not None for number in kinds)
    seconds = time.perf_counter() - started
    print(f"{placed:,} of {said.orders:,} orders placed in {seconds:.1f} s")
    now = datetime(2026, 1, 5, tzinfo=UTC)
    times: list[int] = []
    for _ in range(said.look_ups):
        number, day = kind(), chance.choice((14, 14, 14, 100, 200))
        begun = time.perf_counter_ns()
        book.foresee(number, "car", day, time_zone="Asia/Shanghai", now=now)
        times.append(time.perf_counter_ns() - begun)
    times.sort()
    for name, share in (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("max", 1.0)):
        value = times[min(len(times) - 1, int(share * len(times)))]
        print(f"{name} {value / 1_000:.1f} microseconds")


if __name__ == "__main__":
    main()
