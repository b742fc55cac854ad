"""Percentiles within three percent from a handful of counters."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.simulator.histogram import Histogram

SECONDS = st.lists(st.floats(0, 1_000), min_size=1, max_size=200)


@given(SECONDS, st.sampled_from([0.5, 0.9, 0.99, 1.0]))
def test_a_percentile_is_right_within_a_bucket(seconds: list[float], share: float) -> None:
    histogram = Histogram()
    for each in seconds:
        histogram.record(each)
    ordered = sorted(seconds)
    wanted = share * len(ordered)
    exact = next(value for place, value in enumerate(ordered, start=1) if place >= wanted)

    found = histogram.percentile(share)

    assert exact - 1e-6 <= found <= exact * 1.032 + 2e-6
    assert found <= histogram.longest


@given(SECONDS, SECONDS)
def test_merging_is_recording_both(first: list[float], second: list[float]) -> None:
    merged, whole, other = Histogram(), Histogram(), Histogram()
    for each in first:
        merged.record(each)
        whole.record(each)
    for each in second:
        other.record(each)
        whole.record(each)

    merged.merge(other)

    assert merged == whole
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(merged), type=Histogram) == whole


def test_nothing_recorded_is_zero() -> None:
    assert Histogram().percentile(0.99) == 0.0


def test_a_negative_duration_counts_as_none() -> None:
    histogram = Histogram()
    histogram.record(-0.1)

    assert histogram.number == 1
    assert histogram.percentile(1.0) == pytest.approx(0.0)
