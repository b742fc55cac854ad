"""The clock: aware, and a virtual one that only moves forward."""

from datetime import UTC, datetime, timedelta

import pytest

from earnest.gateways.clock import Clock, VirtualClock


class FixedClock(Clock):
    """A machine whose time stands still."""

    def now(self) -> datetime:
        return datetime(2024, 3, 28, 14, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return 7.0


def test_the_machines_time_is_aware_and_in_utc() -> None:
    assert Clock().now().utcoffset() == timedelta(0)


def test_the_measuring_clock_never_runs_backwards() -> None:
    clock = Clock()
    first = clock.monotonic()
    assert clock.monotonic() >= first


def test_a_virtual_clock_starts_at_its_offset_and_advances() -> None:
    clock = VirtualClock(timedelta(hours=1), source=FixedClock())
    assert clock.now() == datetime(2024, 3, 28, 15, 0, tzinfo=UTC)
    assert clock.advance(timedelta(hours=168)) == timedelta(hours=169)
    assert clock.now() == datetime(2024, 4, 4, 15, 0, tzinfo=UTC)
    assert clock.offset == timedelta(hours=169)


def test_measuring_is_not_moved_by_moving_the_clock() -> None:
    clock = VirtualClock(source=FixedClock())
    clock.advance(timedelta(days=1))
    assert clock.monotonic() == 7.0


def test_a_virtual_clock_never_moves_back() -> None:
    clock = VirtualClock(timedelta(hours=1), source=FixedClock())
    with pytest.raises(ValueError, match="only forward"):
        clock.advance(timedelta(microseconds=-1))
    assert clock.offset == timedelta(hours=1)
    with pytest.raises(ValueError, match="ahead of the machine"):
        VirtualClock(timedelta(seconds=-1))
