"""The sample: which orders lead which lives, and what came of them.

Not here: the lives themselves (`paths.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from earnest.simulator.client import Unanswered
from earnest.simulator.door import Refusal, UnreadableAnswer
from earnest.simulator.life import Fault, Life
from earnest.simulator.paths import Kind
from earnest.simulator.timeline import Timeline


class LifeReport(msgspec.Struct, frozen=True):
    """What came of one sampled life; `fault` is empty when everything went as expected."""

    kind: str
    order_id: str
    stages: tuple[str, ...]
    fault: str = ""


async def lead(
    timeline: Timeline,
    lives: Sequence[Life],
    kinds: Sequence[Kind],
    progress: Callable[[int], None],
) -> list[LifeReport]:
    """Lead each life in one of the kinds, in turn; all at once, on one clock.

    A life that goes wrong ends with its fault and disturbs no other. `progress` is told how many
    have ended.
    """
    ended = 0

    async def one(life: Life, kind: Kind) -> LifeReport:
        nonlocal ended
        fault = ""
        try:
            await kind.live(life)
            if life.stages[-1] != kind.ends:
                fault = f"it ended {life.stages[-1]}, not {kind.ends}"
        except (Fault, Refusal, UnreadableAnswer, Unanswered) as error:
            fault = str(error)
        ended += 1
        progress(ended)
        return LifeReport(kind.name, life.order_id, tuple(life.stages), fault)

    return await timeline.live(
        [one(life, kinds[number % len(kinds)]) for number, life in enumerate(lives)]
    )
