"""Figures of a launch, computed from what each of the crowd saw: rows of the curve, rates, latency.

Not here: whether they are good enough (`checks.py`) and how they are printed (`report.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import msgspec

from earnest.simulator.curve import Bucket
from earnest.simulator.launch import CREATED, DONE, Seen

MINUTE = 60
"""Seconds over which the best sustained rate is measured."""

_MS = 1000.0
_HALF = 0.5
_NEARLY_ALL = 0.99


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One bucket of the curve: launch seconds, people, and what they saw.

    `paid_per_s` counts real seconds, from the first of the bucket who wanted to send to the last
    who had paid. Latencies are those of reservations, in milliseconds.
    """

    begins_s: float
    ends_s: float
    published: bool
    offered: int
    accepted: int
    rejected: int
    unanswered: int
    paid: int
    paid_per_s: float
    p50_ms: float
    p99_ms: float


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """Latencies in milliseconds, counted from when somebody meant to send."""

    p50_ms: float
    p99_ms: float
    longest_ms: float


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How fast the launch went, in paid orders for each real second.

    `best_minute_per_s` is the best of all 60 consecutive seconds, the whole launch where it was
    shorter. `whole_per_s` counts to the moment when the last webhook had been taken.
    """

    launch_s: float
    drained_s: float
    peak_per_s: int
    best_minute_per_s: float
    whole_per_s: float
    reservations: Latency
    payments: Latency


def rows(buckets: Sequence[Bucket], due_s: Sequence[float], seen: Seen) -> tuple[Row, ...]:
    """A row for every bucket. `due_s` is when each arrived, in launch seconds, in order.

    An arrival on the edge of two buckets belongs to the earlier one, whose published figure counts
    it.
    """
    edges = [bisect_right(due_s, bucket.ends_s + 1e-6) for bucket in buckets]
    if edges:
        edges[-1] = len(due_s)
    starts = [0, *edges[:-1]]
    return tuple(
        _row(bucket, range(start, end), seen)
        for bucket, start, end in zip(buckets, starts, edges, strict=True)
    )


def _row(bucket: Bucket, positions: range, seen: Seen) -> Row:
    tried = [each for each in positions if seen.intended[each]]
    answered = [each for each in tried if seen.status[each]]
    accepted = sum(seen.status[each] == CREATED for each in answered)
    paid = [seen.paid[each] for each in answered if seen.paid[each]]
    latency = latency_of([seen.answered[each] - seen.intended[each] for each in answered])
    span = max(paid) - min(seen.intended[each] for each in tried) if paid else 0.0
    return Row(
        begins_s=bucket.begins_s,
        ends_s=bucket.ends_s,
        published=bucket.published,
        offered=len(tried),
        accepted=accepted,
        rejected=len(answered) - accepted,
        unanswered=len(tried) - len(answered),
        paid=len(paid),
        paid_per_s=len(paid) / span if span else 0.0,
        p50_ms=latency.p50_ms,
        p99_ms=latency.p99_ms,
    )


def latency_of(seconds: list[float]) -> Latency:
    """Exact percentiles; zeros when nobody was answered."""
    if not seconds:
        return Latency(p50_ms=0.0, p99_ms=0.0, longest_ms=0.0)
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return Latency(
        p50_ms=ordered[round(last * _HALF)] * _MS,
        p99_ms=ordered[round(last * _NEARLY_ALL)] * _MS,
        longest_ms=ordered[-1] * _MS,
    )


def pace(seen: Seen, starts_at: float, drained_at: float) -> Pace:
    """How fast it went, from the opening to the last payment and to the last webhook taken."""
    paid = [instant for instant in seen.paid if instant]
    launch_s = max(max(seen.answered, default=0.0), max(paid, default=0.0)) - starts_at
    drained_s = drained_at - starts_at
    by_second = [0] * (int(max(launch_s, 0.0)) + 1)
    for instant in paid:
        by_second[max(0, int(instant - starts_at))] += 1
    return Pace(
        launch_s=max(launch_s, 0.0),
        drained_s=drained_s,
        peak_per_s=max(by_second),
        best_minute_per_s=_best_minute(by_second, len(paid), launch_s),
        whole_per_s=len(paid) / drained_s if drained_s > 0 else 0.0,
        reservations=latency_of(
            [
                answered - intended
                for answered, intended in zip(seen.answered, seen.intended, strict=True)
                if answered
            ]
        ),
        payments=latency_of(
            [
                paid_at - sent
                for paid_at, sent, status in zip(
                    seen.paid, seen.pay_sent, seen.paid_status, strict=True
                )
                if status == DONE
            ]
        ),
    )


def _best_minute(by_second: Sequence[int], paid: int, launch_s: float) -> float:
    if len(by_second) <= MINUTE:
        return paid / launch_s if launch_s > 0 else 0.0
    sums = [0, *accumulate(by_second)]
    best = max(later - sooner for later, sooner in zip(sums[MINUTE:], sums, strict=False))
    return best / MINUTE
