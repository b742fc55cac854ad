"""A histogram of durations in buckets that grow with the duration, small enough to send about.

It answers percentiles within about three percent. Exact figures are not here: they would need
every single duration.
"""

from __future__ import annotations

import msgspec

_FINE = 5
"""Each doubling of the duration is divided into two to the power of this many buckets."""

_STEPS = 1 << _FINE


class Histogram(msgspec.Struct):
    """Counts of durations by bucket. Durations are in seconds, kept to the microsecond."""

    counts: dict[int, int] = {}
    number: int = 0
    longest: float = 0.0

    def record(self, seconds: float) -> None:
        """Count one duration; a negative one counts as none at all."""
        index = _index(int(seconds * 1e6) if seconds > 0 else 0)
        self.counts[index] = self.counts.get(index, 0) + 1
        self.number += 1
        self.longest = max(self.longest, seconds)

    def merge(self, other: Histogram) -> None:
        """Count everything that the other one counted."""
        for index, count in other.counts.items():
            self.counts[index] = self.counts.get(index, 0) + count
        self.number += other.number
        self.longest = max(self.longest, other.longest)

    def percentile(self, share: float) -> float:
        """The duration that this share of all durations does not exceed, in seconds.

        It is the upper edge of a bucket, and never more than the longest duration seen; zero
        when nothing was counted.
        """
        wanted = share * self.number
        so_far = 0
        for index in sorted(self.counts):
            so_far += self.counts[index]
            if so_far >= wanted:
                return min(_upper_edge(index) / 1e6, self.longest)
        return self.longest


def _index(microseconds: int) -> int:
    """The bucket of a duration: exact below 32 µs, then 32 buckets for each doubling."""
    shift = max(0, microseconds.bit_length() - _FINE - 1)
    return shift * _STEPS + (microseconds >> shift)


def _upper_edge(index: int) -> int:
    """The first duration that no longer belongs to the bucket, in microseconds."""
    shift = max(0, index // _STEPS - 1)
    return (index - shift * _STEPS + 1) << shift
