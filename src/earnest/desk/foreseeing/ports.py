"""What the desk asks of live counters.

`live_book.py` implements it. Not here: where the counters come from (`following.py`).
"""

from __future__ import annotations

from typing import Protocol

from earnest.core.catalogue.configuration import Configuration
from earnest.core.plan.promise import Foreseen
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant


class Foresees(Protocol):
    """Says what can be promised; None where no capacity is published for a queue."""

    def foresee(
        self,
        queue_id: QueueId,
        configuration: Configuration,
        *,
        at: Instant,
        wanted_from: Instant,
        free_days: int,
    ) -> Foreseen | None:
        """What can be promised at an instant to a car that is wanted from a later one on."""

    def foresee_by_rank(
        self,
        queue_id: QueueId,
        rank: int,
        configuration: Configuration,
        *,
        at: Instant,
        wanted_from: Instant,
    ) -> Foreseen | None:
        """The same for a rank that was given already, whether it waits or comes back."""

    def alike(self, queue_id: QueueId, configuration: Configuration) -> list[int]:
        """The ranks of a queue that wait for a car of the same kind, in their order."""

    def reserve(
        self,
        queue_id: QueueId,
        rank: int,
        configuration: Configuration,
        *,
        at: Instant,
        free_days: int,
    ) -> Foreseen | None:
        """The same for a reservation that gets this rank; its place is taken at once."""
