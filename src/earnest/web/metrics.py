"""The counts of a house as Prometheus metrics, read when somebody asks for them.

The hot doors only add to numbers; nothing is measured per request. Not here: the door (`api`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector, CollectorRegistry

from earnest.desk.watching import BOUNDS
from earnest.web.house import House


class HouseCollector(Collector):
    """Reads the counts of the desk, of the hot doors and of what runs beside them."""

    def __init__(self, house: House) -> None:
        """Look at this house."""
        self._house = house

    def collect(self) -> Iterator[Metric]:
        """Every metric with its value now."""
        desk = self._house.desk
        counts = desk.counts
        for name, text, value in (
            ("groups", "Transactions of the desk.", counts.groups),
            ("commands", "Commands that the desk decided.", counts.commands),
            ("full", "Requests turned away because the desk was full.", counts.full),
            ("retries", "Groups run again after the connection was lost.", counts.retries),
        ):
            yield CounterMetricFamily(f"earnest_desk_{name}", text, value)
        yield GaugeMetricFamily(
            "earnest_desk_waiting", "Commands that wait for the next transaction.", desk.waiting
        )
        yield from self._parts()
        answers = CounterMetricFamily(
            "earnest_hot_answers", "Answers of the hot doors by status.", labels=["door", "status"]
        )
        for door, by_status in (
            ("reservations", self._house.counts.reservations),
            ("webhooks", self._house.counts.webhooks),
        ):
            for status, value in sorted(by_status.items()):
                answers.add_metric([door, str(status)], value)
        yield answers
        yield self._latencies()

    def _latencies(self) -> Metric:
        """How long reservations took, in classes that can be added up over processes."""
        latencies = self._house.counts.latencies
        names = [*map(str, BOUNDS), "+Inf"]
        return HistogramMetricFamily(
            "earnest_reservation_seconds",
            "How long answers to reservations took.",
            buckets=list(zip(names, accumulate(latencies.counts), strict=True)),
            sum_value=latencies.seconds,
        )

    def _parts(self) -> Iterator[Metric]:
        """How those fare that run beside the doors."""
        failures = CounterMetricFamily(
            "earnest_part_failures",
            "Defects that came out of a part of the server.",
            labels=["part"],
        )
        rests = GaugeMetricFamily(
            "earnest_part_rests", "1 while a part waits to be started again.", labels=["part"]
        )
        for name, health in sorted(self._house.parts.items()):
            failures.add_metric([name], health.failures)
            rests.add_metric([name], int(health.rests))
        yield failures
        yield rests


def registry_of(house: House) -> CollectorRegistry:
    """A registry with the house's metrics alone; nothing global is touched."""
    registry = CollectorRegistry()
    registry.register(HouseCollector(house))
    return registry
