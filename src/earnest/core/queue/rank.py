"""Ranks: dense numbers from the queue's own counter, given when a reservation is decided.

Not here: who may reserve. A rank does not depend on locking early (docs/adr/0004).
"""

from __future__ import annotations

import msgspec

from earnest.core.queue.pause import SalePause
from earnest.core.values.ids import QueueId


class UnitCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders of a queue hold a unit of its edition, and how many wait for one.

    `limit` is how many there are, as last seen; None where units are not limited.
    """

    taken: int = 0
    waiting: int = 0
    limit: int | None = None


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """A model line in a market, with the next rank that nobody has yet (ranks start at 1).

    `units` is None until the queue has an edition, `paused` is its pause while one goes on.
    """

    queue_id: QueueId
    model_line: str
    market: str
    time_zone: str
    next_rank: int = 1
    units: UnitCount | None = None
    paused: SalePause | None = None

    def rank_given(self) -> Queue:
        """The queue after its next rank was given away."""
        return msgspec.structs.replace(self, next_rank=self.next_rank + 1)
