"""The lottery in short: equally frequent orders, no reward for arriving, and the biased control."""

from __future__ import annotations

from tests.chaos.lottery import FURTHEST, SHORT, biased, chi_square, correlation


def test_every_order_is_as_likely_as_any_other() -> None:
    assert chi_square(SHORT) < FURTHEST


def test_a_biased_shuffle_is_found_out() -> None:
    assert chi_square(SHORT, biased) > 10 * FURTHEST


def test_the_order_of_arrival_says_nothing_about_the_draw() -> None:
    assert abs(correlation(SHORT)) < 4
