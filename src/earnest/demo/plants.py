"""What the demo's plants can build, as its orders were lived with it: published, and a first plan.

Its capacity is published at an instant of the past, so that whoever orders from then on is promised
what live counters say. Not here: the documents (`capacity.py`) and the orders (`orders.py`).
"""

from __future__ import annotations

from datetime import timedelta

from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.demo.capacity import first_capacity
from earnest.demo.maker import LAUNCH_QUEUE
from earnest.demo.stage import PEOPLE
from earnest.desk.foreseeing.following import Foreseeing
from earnest.desk.planning.ports import CapacityVersion, Plans, PlanVersion, Way
from earnest.desk.planning.publishing import OnSale, publish_capacity
from earnest.desk.planning.running import apply_plan, dry_run
from earnest.desk.planning.task import day_in
from earnest.desk.publishing import Act

PUBLISHED_AGO = timedelta(days=57)
"""From when on live counters give windows; whoever ordered before has the weeks of the terms."""

_BY = f"staff:{PEOPLE['planning'][0]}"


class DemoPlants:
    """The plants of one demo, whose days count from its first start."""

    def __init__(
        self, plans: Plans, on_sale: OnSale, foreseeing: Foreseeing, started_at: Instant
    ) -> None:
        """`foreseeing` reads the clock by which the orders are lived."""
        self._plans = plans
        self._on_sale = on_sale
        self._foreseeing = foreseeing
        self._since = started_at - PUBLISHED_AGO
        self._is_published = False

    async def seen(self, at: Instant) -> None:
        """Let whoever orders at an instant be promised what can be built then."""
        if at < self._since:
            return
        if not self._is_published:
            await self._publish()
        await self._foreseeing.refresh()

    async def _publish(self) -> None:
        """Publish what the plants begin with, once."""
        document = first_capacity(day_in(LAUNCH_QUEUE.time_zone, self._since))
        act = _act("capacity", document.digest, self._since)
        found = await publish_capacity(self._plans, self._on_sale, act, document)
        assert isinstance(found, CapacityVersion), f"the demo's own capacity is sound: {found}"
        self._is_published = True

    async def planned(self, now: Instant) -> None:
        """Apply a plan of everybody who waits, once; what follows from it a server carries out."""
        if await self._plans.plan() is not None:
            return
        tried = await dry_run(self._plans, Way.GENTLE, now)
        assert not isinstance(tried, Rejected), f"the demo's orders can be planned: {tried}"
        act = _act("plan", tried.digest, now)
        applied = await apply_plan(self._plans, act, tried.digest, tried.basis)
        assert isinstance(applied, PlanVersion), f"nothing happens in between: {applied}"


def _act(name: str, content: str, at: Instant) -> Act:
    return Act(actor_id=_BY, key=f"demo-{name}", content_hash=content, received_at=at)
