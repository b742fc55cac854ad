"""A launch curve: how many deposits had arrived by when, and every single arrival between.

Only a few points of a real launch were ever published. Between them the curve is a straight line in
the cumulative count, and everything shown from it says so. Sending anything is not here.
"""

from __future__ import annotations

from bisect import bisect_right
from importlib.resources import files
from math import ceil
from pathlib import Path

import msgspec

from earnest.simulator.arrays import Instants, instants

HEADER = "elapsed_s,deposits"

LARGEST_SHARE_OF_A_BUCKET = 0.1
"""No row of a report holds more than this share of all arrivals."""

_FIELDS = 2
_FEWEST_POINTS = 2
_LARGEST = 10**9


class CurveError(Exception):
    """A launch curve that cannot be used; the message names file, line and cure."""


class Point(msgspec.Struct, frozen=True):
    """A published figure: deposits so far, this many seconds after the opening."""

    elapsed_s: float
    deposits: int


class Bucket(msgspec.Struct, frozen=True):
    """A row of a report: the half-open part `[begins_s, ends_s)` of the launch, in seconds.

    `published` says whether the figure at its end was published or lies on a line between two.
    """

    begins_s: float
    ends_s: float
    published: bool


class Curve(msgspec.Struct, frozen=True):
    """The published points of one launch, with what its file says about them."""

    name: str
    about: tuple[str, ...]
    points: tuple[Point, ...]

    @property
    def duration_s(self) -> float:
        """Seconds from the opening to the last published point."""
        return self.points[-1].elapsed_s

    @property
    def total(self) -> int:
        """Deposits at the last published point."""
        return self.points[-1].deposits

    def count_at(self, elapsed_s: float) -> float:
        """Deposits so far at this instant, on a straight line between published points."""
        position = bisect_right(self.points, elapsed_s, key=lambda point: point.elapsed_s)
        if position == 0:
            return 0.0
        if position == len(self.points):
            return float(self.total)
        before, after = self.points[position - 1], self.points[position]
        done = (elapsed_s - before.elapsed_s) / (after.elapsed_s - before.elapsed_s)
        return before.deposits + done * (after.deposits - before.deposits)

    def arrivals(self, *, scale: float = 1.0, until_s: float | None = None) -> Instants:
        """The instant of every arrival in seconds after the opening, in order.

        Arrival k is when the curve, multiplied by `scale`, reaches k. `until_s` cuts the end off.
        """
        end = self.duration_s if until_s is None else min(until_s, self.duration_s)
        count = int(self.count_at(end) * scale + 1e-9)
        arrived = instants(0)
        for before, after in zip(self.points, self.points[1:], strict=False):
            steps = after.deposits - before.deposits
            if steps == 0:
                continue
            pace = (after.elapsed_s - before.elapsed_s) / steps
            last = min(count, int(after.deposits * scale + 1e-9))
            arrived.extend(
                before.elapsed_s + (number / scale - before.deposits) * pace
                for number in range(len(arrived) + 1, last + 1)
            )
        return arrived

    def buckets(self, *, until_s: float | None = None) -> tuple[Bucket, ...]:
        """The rows of a report: between published points, in equal parts where much arrives."""
        end = self.duration_s if until_s is None else min(until_s, self.duration_s)
        all_arrivals = self.count_at(end)
        rows: list[Bucket] = []
        for before, after in zip(self.points, self.points[1:], strict=False):
            if before.elapsed_s >= end:
                break
            last = min(after.elapsed_s, end)
            share = (self.count_at(last) - before.deposits) / all_arrivals if all_arrivals else 0.0
            parts = _parts(last - before.elapsed_s, share)
            width = (last - before.elapsed_s) / parts
            rows.extend(
                Bucket(
                    before.elapsed_s + part * width,
                    last if part == parts - 1 else before.elapsed_s + (part + 1) * width,
                    published=part == parts - 1 and last == after.elapsed_s,
                )
                for part in range(parts)
            )
        return tuple(rows)

    def provenance(self) -> str:
        """What was published and what was not, in one sentence."""
        points = ", ".join(
            f"{each.deposits:,} at {_written(each.elapsed_s)}" for each in self.points[1:]
        )
        return f"Published points: {points}; all between them is interpolated in a straight line."


def packaged_launches() -> tuple[str, ...]:
    """The names of the launches that come with Earnest."""
    folder = files(__package__).joinpath("launches")
    return tuple(
        sorted(
            each.name.removesuffix(".csv")
            for each in folder.iterdir()
            if each.name.endswith(".csv")
        )
    )


def find_curve(name: str) -> Curve:
    """Read a launch by the path of its file or by the (beginning of the) name of a packaged one.

    Raises `CurveError`.
    """
    path = Path(name)
    if path.is_file():
        return read_curve(path.stem, _text_of(path))
    matching = [each for each in packaged_launches() if each.startswith(name)]
    if len(matching) != 1:
        known = ", ".join(packaged_launches())
        raise CurveError(f"there is no launch file {name}; give a path, or one of: {known}")
    packaged = files(__package__).joinpath("launches", f"{matching[0]}.csv")
    return read_curve(matching[0], packaged.read_text(encoding="utf-8"))


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CurveError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CurveError(f"{path} is not UTF-8: save it as UTF-8 text") from error


def read_curve(name: str, text: str) -> Curve:
    """Read the text of a launch file: comments, the header, then points. Raises `CurveError`.

    Lines that begin with `#` say where the figures come from. The first point is `0,0`; seconds
    rise from point to point and deposits never fall.
    """
    about: list[str] = []
    points: list[Point] = []
    has_header = False
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.strip()
        if content.startswith("#"):
            about.append(content.lstrip("# "))
        elif content and not has_header:
            if content != HEADER:
                raise CurveError(
                    f"{name}, line {number}: expected the header {HEADER}, not {content!r}"
                )
            has_header = True
        elif content:
            points.append(_point(f"{name}, line {number}", content, points))
    if not has_header:
        raise CurveError(f"{name}: the header {HEADER} is missing")
    if len(points) < _FEWEST_POINTS or points[-1].deposits == 0:
        raise CurveError(f"{name}: give at least two points, the last with more than 0 deposits")
    return Curve(name, tuple(about), tuple(points))


def _point(place: str, content: str, earlier: list[Point]) -> Point:
    fields = content.split(",")
    if len(fields) != _FIELDS:
        raise CurveError(f"{place}: expected elapsed_s,deposits, not {content!r}")
    try:
        point = Point(float(fields[0]), int(fields[1]))
    except ValueError:
        raise CurveError(
            f"{place}: seconds are a number and deposits a whole number, not {content!r}"
        ) from None
    if not (0 <= point.elapsed_s <= _LARGEST and 0 <= point.deposits <= _LARGEST):
        raise CurveError(f"{place}: both figures lie between 0 and {_LARGEST:,}, not {content!r}")
    if not earlier:
        if point != Point(0, 0):
            raise CurveError(f"{place}: the first point is 0,0 (the opening), not {content!r}")
        return point
    if point.elapsed_s <= earlier[-1].elapsed_s:
        raise CurveError(f"{place}: seconds must rise from point to point")
    if point.deposits < earlier[-1].deposits:
        raise CurveError(
            f"{place}: a cumulative count cannot fall; it was {earlier[-1].deposits} before"
        )
    return point


def _parts(length_s: float, share: float) -> int:
    """Into how many rows a stretch with this share of arrivals is cut; whole seconds if easy."""
    fewest = max(1, ceil(share / LARGEST_SHARE_OF_A_BUCKET - 1e-9))
    return next((parts for parts in range(fewest, 2 * fewest) if length_s % parts == 0), fewest)


def _written(seconds: float) -> str:
    """Seconds as people say them: `4 min`, `24 h`."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"
