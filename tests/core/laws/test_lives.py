"""Random lives break no law and take every way of the transition table.

`EARNEST_HYPOTHESIS_PROFILE=thorough` lives 10,000 lives and asks that each way was taken at least
100 times; without it there are 2,800, so that the other tests do not wait.

Not here: that the judge speaks when a law is broken, which `test_controls.py` shows.
"""

from __future__ import annotations

import os
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.laws.lives import WAYS, Seen
from tests.core.laws.living import live

THOROUGH = os.environ.get("EARNEST_HYPOTHESIS_PROFILE") == "thorough"
LIVES, EACH_WAY = (10_000, 100) if THOROUGH else (2_800, 10)

SEED = "earnest"
"""Change it to live other lives; the number of a life follows it."""


def test_no_life_breaks_a_law_and_together_they_take_every_way() -> None:
    seen = Seen()

    for number in range(LIVES):
        live(Random(f"{SEED}-{number}"), seen)

    rarest = sorted(WAYS, key=lambda way: seen.counts[way])
    print(f"{LIVES} lives, {len(WAYS)} ways, {seen.counts.total()} steps; the rarest:")  # noqa: T201 - the figures are the result of this test
    for way in rarest[:10]:
        print(f"  {seen.counts[way]:6}  {' '.join(way)}")  # noqa: T201 - as above
    assert [" ".join(way) for way in rarest if seen.counts[way] < EACH_WAY] == []


@given(st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_a_life_that_hypothesis_chooses_breaks_no_law(chance: Random) -> None:
    # Where the long run finds a broken law, this one finds the shortest life that breaks it.
    live(chance, Seen())
