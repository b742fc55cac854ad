"""The known word that somebody probably meant who wrote another.

Not here: saying so; that is for whoever found the wrong word.
"""

from __future__ import annotations

from collections.abc import Iterable


def nearest(written: str, known: Iterable[str]) -> str | None:
    """The closest known word, or None when none is close enough to be meant.

    Close is at most a third of the letters wrong: dropped, added, changed, or two of them
    swapped.
    """
    ranked = sorted((_distance(written.lower(), word.lower()), word) for word in known)
    if not ranked:
        return None
    distance, word = ranked[0]
    return word if 3 * distance <= max(len(written), len(word)) else None


def _distance(one: str, other: str) -> int:
    """Letters to drop, add, change or swap until both are the same (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        before, last, row = row, before, [place]
        for spot, another in enumerate(other, start=1):
            cost = 0 if letter == another else 1
            least = min(before[spot] + 1, row[spot - 1] + 1, before[spot - 1] + cost)
            is_swap = (
                place > 1 and spot > 1 and letter == other[spot - 2] and one[place - 2] == another
            )
            if is_swap:
                least = min(least, last[spot - 2] + 1)
            row.append(least)
    return row[-1]
