"""Rows, rates and latencies from what the crowd saw."""

from __future__ import annotations

import pytest

from earnest.simulator.curve import Bucket
from earnest.simulator.figures import Latency, latency_of, pace, rows
from earnest.simulator.launch import Seen


def seen_by(count: int) -> Seen:
    """Everybody sent at the second of their place, was answered 0.1 s and had paid 0.3 s later."""
    seen = Seen.of(count)
    for place in range(count):
        start = 1000.0 + place
        seen.intended[place] = start
        seen.sent[place] = start + 0.05
        seen.answered[place] = start + 0.1
        seen.pay_sent[place] = start + 0.2
        seen.paid[place] = start + 0.3
        seen.status[place] = 201
        seen.paid_status[place] = 200
        seen.rank[place] = place + 1
    return seen


def test_everybody_stands_in_one_row() -> None:
    due = [1.0, 2.0, 3.0, 4.0]
    buckets = (Bucket(0, 2, published=True), Bucket(2, 5, published=False))
    seen = seen_by(4)
    seen.status[3] = 409
    seen.paid[3] = 0.0

    first, second = rows(buckets, due, seen)

    assert (first.offered, first.accepted, first.rejected, first.paid) == (2, 2, 0, 2)
    assert (second.offered, second.accepted, second.rejected, second.paid) == (2, 1, 1, 1)
    assert first.paid_per_s == pytest.approx(2 / 1.3)
    assert first.p50_ms == pytest.approx(100)
    assert first.p99_ms == pytest.approx(100)


def test_who_was_never_answered_is_counted_apart() -> None:
    seen = seen_by(2)
    seen.status[1] = 0
    seen.paid[1] = 0.0

    (row,) = rows((Bucket(0, 5, published=True),), [1.0, 2.0], seen)

    assert (row.offered, row.accepted, row.rejected, row.unanswered) == (2, 1, 0, 1)


def test_latency_counts_from_when_somebody_meant_to_send() -> None:
    seen = seen_by(3)
    seen.intended[2] -= 5

    assert pace(seen, 1000.0, 1010.0).reservations.longest_ms == pytest.approx(5100)


def test_the_pace_of_a_short_launch() -> None:
    found = pace(seen_by(10), 1000.0, 1020.0)

    assert found.peak_per_s == 1
    assert found.launch_s == pytest.approx(9.3)
    assert found.best_minute_per_s == pytest.approx(10 / 9.3)
    assert found.whole_per_s == pytest.approx(0.5)
    assert found.payments.p50_ms == pytest.approx(100)


def test_the_best_minute_of_a_long_launch() -> None:
    seen = seen_by(200)
    for place in range(100, 160):
        seen.paid[place] = 1000.0 + 150 + 0.5

    assert pace(seen, 1000.0, 1300.0).best_minute_per_s == pytest.approx(100 / 60)
    assert pace(seen, 1000.0, 1300.0).peak_per_s == 60


def test_a_launch_that_nobody_came_to_has_zeros() -> None:
    found = pace(Seen.of(0), 1000.0, 1000.0)

    assert (found.launch_s, found.peak_per_s, found.whole_per_s) == (0.0, 0, 0.0)
    assert latency_of([]) == Latency(p50_ms=0.0, p99_ms=0.0, longest_ms=0.0)
