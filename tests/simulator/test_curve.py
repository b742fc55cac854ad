"""Reading a launch's published points, and every arrival between them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.simulator.curve import (
    Bucket,
    Curve,
    CurveError,
    Point,
    find_curve,
    packaged_launches,
    read_curve,
)

GOOD = "# Source: press\nelapsed_s,deposits\n0,0\n100,50\n300,90\n"


def test_the_packaged_launches_are_the_published_ones() -> None:
    assert packaged_launches() == ("su7-2024-03-28", "yu7-2025-06-26")
    su7, yu7 = find_curve("su7"), find_curve("yu7-2025-06-26")
    assert (su7.total, su7.duration_s) == (88_898, 86_400)
    assert (yu7.total, yu7.duration_s) == (289_000, 3_600)
    assert yu7.points == (Point(0, 0), Point(180, 200_000), Point(3600, 289_000))
    assert "press reports" in su7.about[0]


def test_what_was_not_published_is_said() -> None:
    assert find_curve("yu7").provenance() == (
        "Published points: 200,000 at 3 min, 289,000 at 1 h; "
        "all between them is interpolated in a straight line."
    )


def test_a_launch_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(GOOD, encoding="utf-8")

    curve = find_curve(str(path))

    assert (curve.name, curve.about, curve.total) == ("mine", ("Source: press",), 90)


def test_between_two_points_the_count_lies_on_a_line() -> None:
    curve = read_curve("mine", GOOD)

    counts = [curve.count_at(at) for at in (-1, 0, 50, 100, 200, 300, 999)]

    assert counts == [0, 0, 25, 50, 70, 90, 90]


def test_arrival_k_is_when_the_curve_reaches_k() -> None:
    arrivals = read_curve("mine", GOOD).arrivals()

    assert len(arrivals) == 90
    assert (arrivals[0], arrivals[49], arrivals[50], arrivals[89]) == (2.0, 100.0, 105.0, 300.0)


def test_scale_and_until_keep_the_shape() -> None:
    curve = read_curve("mine", GOOD)

    assert list(curve.arrivals(scale=0.1)) == [20.0, 40.0, 60.0, 80.0, 100.0, 150, 200, 250, 300]
    assert len(curve.arrivals(until_s=200.0)) == 70
    assert len(curve.arrivals(scale=2, until_s=100.0)) == 100


def test_no_row_holds_more_than_a_tenth() -> None:
    curve = find_curve("yu7")
    rows = curve.buckets()

    assert rows[0] == Bucket(0.0, 20.0, published=False)
    assert [row.ends_s for row in rows if row.published] == [180, 3600]
    for row in rows:
        inside = curve.count_at(row.ends_s) - curve.count_at(row.begins_s)
        assert inside <= 28_900


def test_rows_end_where_the_replay_ends() -> None:
    rows = find_curve("su7").buckets(until_s=300.0)

    assert rows[-1].ends_s == 300.0
    assert not rows[-1].published
    assert [row.ends_s for row in rows if row.published] == [240]


@given(
    steps=st.lists(
        st.tuples(st.integers(1, 1_000), st.integers(0, 200)), min_size=1, max_size=8
    ).filter(lambda steps: sum(step[1] for step in steps) > 0),
    scale=st.sampled_from([0.1, 0.5, 1.0, 3.0]),
)
def test_arrivals_rise_and_hit_every_published_point(
    steps: list[tuple[int, int]], scale: float
) -> None:
    points = [Point(0, 0)]
    for seconds, deposits in steps:
        points.append(Point(points[-1].elapsed_s + seconds, points[-1].deposits + deposits))
    curve = Curve("drawn", (), tuple(points))

    arrivals = curve.arrivals(scale=scale)

    assert list(arrivals) == sorted(arrivals)
    assert len(arrivals) == int(curve.total * scale + 1e-9)
    for point in points:
        arrived = sum(instant <= point.elapsed_s + 1e-6 for instant in arrivals)
        assert arrived == int(point.deposits * scale + 1e-9)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the header elapsed_s,deposits is missing"),
        ("0,0\n1,1\n", "line 1: expected the header elapsed_s,deposits, not '0,0'"),
        ("elapsed_s,deposits\n0,0\n", "give at least two points"),
        ("elapsed_s,deposits\n0,0\n9,0\n", "give at least two points"),
        ("elapsed_s,deposits\n0,5\n9,9\n", "line 2: the first point is 0,0"),
        ("elapsed_s,deposits\n0,0\n9,9,9\n", "line 3: expected elapsed_s,deposits"),
        ("elapsed_s,deposits\n0,0\n\nnine,9\n", "line 4: seconds are a number"),
        ("elapsed_s,deposits\n0,0\n9,1.5\n", "deposits a whole number, not '9,1.5'"),
        ("elapsed_s,deposits\n0,0\n9,-1\n", "line 3: both figures lie between 0"),
        ("elapsed_s,deposits\n0,0\nnan,1\n", "line 3: both figures lie between 0"),
        ("elapsed_s,deposits\n0,0\n9,9\n9,10\n", "line 4: seconds must rise"),
        ("elapsed_s,deposits\n0,0\n9,9\n10,8\n", "cannot fall; it was 9 before"),
    ],
)
def test_a_malformed_launch_says_where_and_what(text: str, complaint: str) -> None:
    with pytest.raises(CurveError) as caught:
        read_curve("mine", text)

    assert complaint in str(caught.value)
    assert str(caught.value).startswith("mine")


def test_an_unknown_launch_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(CurveError, match="one of: su7-2024-03-28, yu7-2025-06-26"):
        find_curve("zeta")
    latin = tmp_path / "latin.csv"
    latin.write_bytes(b"# caf\xe9\n")
    with pytest.raises(CurveError, match="save it as UTF-8"):
        find_curve(str(latin))
