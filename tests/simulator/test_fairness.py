"""Dense ranks and overtaking, counted exactly; bad worlds are noticed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from earnest.simulator.fairness import Density, Place, density, inversions

PLACES = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 10)), min_size=0, max_size=30
).flatmap(
    lambda spans: st.permutations(range(1, len(spans) + 1)).map(
        lambda ranks: [
            Place(rank, float(sent), float(sent + took))
            for rank, (sent, took) in zip(ranks, spans, strict=True)
        ]
    )
)


def test_ranks_in_a_row_are_dense() -> None:
    assert density([3, 5, 4]) == Density(first=3, last=5, missing=0, repeated=0)
    assert density([3, 5, 4]).is_dense
    assert density([]).is_dense


def test_a_gap_and_a_repetition_are_found() -> None:
    assert density([1, 2, 2, 5]) == Density(first=1, last=5, missing=2, repeated=1)
    assert not density([1, 3]).is_dense
    assert not density([1, 1]).is_dense


def test_who_was_answered_first_must_rank_first() -> None:
    first_answered_first = [Place(1, 0.0, 1.0), Place(2, 1.5, 2.0)]
    overtaken = [Place(2, 0.0, 1.0), Place(1, 1.5, 2.0)]

    assert inversions(first_answered_first) == 0
    assert inversions(overtaken) == 1


def test_at_the_same_time_any_order_is_fair() -> None:
    assert inversions([Place(2, 0.0, 2.0), Place(1, 1.0, 3.0)]) == 0
    assert inversions([Place(2, 0.0, 1.0), Place(1, 1.0, 2.0)]) == 0


def test_two_independent_counters_are_found_out() -> None:
    """The negative control: odd and even requests are ranked by two counters of their own."""
    one_counter = [Place(n, float(n), n + 0.5) for n in range(1, 1001)]
    two_counters = [
        Place(n // 2 if n % 2 == 0 else 500 + (n + 1) // 2, float(n), n + 0.5)
        for n in range(1, 1001)
    ]

    assert inversions(one_counter) == 0
    assert density([place.rank for place in two_counters]).is_dense
    assert inversions(two_counters) == 125_250


@given(PLACES)
def test_the_sweep_counts_what_comparing_all_pairs_counts(places: list[Place]) -> None:
    pairs = sum(
        one.answered < other.sent and one.rank > other.rank for one in places for other in places
    )

    assert inversions(places) == pairs
