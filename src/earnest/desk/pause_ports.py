"""What pauses of sales need from the store, as a protocol and plain values.

Not here: how PostgreSQL does it (`store/pauses.py`), and what is decided (`core/queue/pause.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

import msgspec

from earnest.core.order.stage import Stage
from earnest.core.queue.pause import SalePause
from earnest.core.values.ids import CampaignId, QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.desk.ports import OrderKey


class PauseAct(msgspec.Struct, frozen=True, kw_only=True):
    """Who begins or ends a pause, by which key, with which content.

    Actor and key together are unique for each kind of act. `campaign_id` is that of the campaign
    whose audience is told, if the queue has one.
    """

    queue_id: QueueId
    actor_id: str
    key: str
    content_hash: str
    campaign_id: CampaignId | None = None


class KeptPause(msgspec.Struct, frozen=True, kw_only=True):
    """The pause that an act began or ended, with the content of that act."""

    paused: SalePause
    content_hash: str


Judge: TypeAlias = Callable[[Sequence[SalePause]], SalePause | Rejected]
"""What becomes of the pauses of a queue, judged while no group of its reservations is under way:
the new or ended pause, or why there is none."""


class SalePauses(Protocol):
    """Where pauses are kept. Every method raises `StoreUnavailable`."""

    async def pauses(self) -> Sequence[SalePause]:
        """Every pause of every queue, by queue, the earliest first."""

    async def begin(self, act: PauseAct, judge: Judge) -> KeptPause | Rejected:
        """Keep the pause that the judge gives, and tell whoever waits for the campaign.

        It waits until no group of reservations is under way, and none that locks the queue later
        lets anybody in. A repeated act gets its first result. Rejections: `queue_unknown`.
        """

    async def end(self, act: PauseAct, judge: Judge) -> KeptPause | Rejected:
        """Keep the end of the pause that the judge gives, and tell whoever waits; the same way."""

    async def orders_in(
        self, paused: SalePause, stages: Sequence[Stage], after: OrderKey | None, limit: int
    ) -> Sequence[OrderKey]:
        """At most `limit` orders that were reserved before its end and stand at these stages."""

    async def settle(self, paused: SalePause, at: Instant) -> None:
        """Note that its time was given back to everybody; from then on reservations lapse again."""
