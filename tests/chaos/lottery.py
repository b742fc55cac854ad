"""Draws by the hundred thousand: every order as likely as any other, and no reward for arriving.

The control is a shuffle that many have written: it swaps every place with any other, and some
orders come up more often. Not here: the draw (`core/launch/draw.py`). `SHORT` runs with the
tests, `WHOLE` with `make chaos`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from math import factorial, sqrt

from earnest.core.launch.draw import draw_key, drawn_order, entries_digest

SHORT = 20_000
WHOLE = 1_000_000

ENTRIES = ("a", "b", "c", "d")
FURTHEST = 60.0
"""Chi-square with 23 degrees of freedom lies beyond this once in more than ten thousand times."""

Shuffle = Callable[[str, Sequence[str]], Sequence[str]]


def fair(seed: str, entries: Sequence[str]) -> Sequence[str]:
    """The draw itself."""
    return drawn_order("chaos", seed, entries)


def biased(seed: str, entries: Sequence[str]) -> Sequence[str]:
    """The control: every place is swapped with any of all places."""
    key = draw_key("chaos", seed, entries_digest(entries), "")
    order = list(entries)
    for place in range(len(order)):
        other = key[place] % len(order)
        order[place], order[other] = order[other], order[place]
    return order


def seed_of(number: int) -> str:
    """A seed for each draw of a run."""
    return hashlib.sha256(f"chaos {number}".encode()).hexdigest()


def chi_square(draws: int, shuffle: Shuffle = fair) -> float:
    """How far the orders of so many draws are from being equally frequent."""
    seen = Counter(tuple(shuffle(seed_of(number), ENTRIES)) for number in range(draws))
    orders = factorial(len(ENTRIES))
    expected = draws / orders
    missing = (orders - len(seen)) * expected
    return missing + sum((count - expected) ** 2 / expected for count in seen.values())


def correlation(people: int) -> float:
    """Between arrival and slot in one draw of so many, in standard deviations of pure chance."""
    arrived = [hashlib.sha256(f"person {number}".encode()).hexdigest() for number in range(people)]
    slots = {entry: slot for slot, entry in enumerate(fair(seed_of(0), sorted(arrived)))}
    middle = (people - 1) / 2
    shared = sum((number - middle) * (slots[each] - middle) for number, each in enumerate(arrived))
    return shared / (people * (people**2 - 1) / 12) * sqrt(people - 1)
