"""A capacity for the demo maker's two queues, and plans over a shop in memory.

Not here: what is true afterwards, which each test says.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from earnest.core.catalogue.configuration import Configuration
from earnest.core.plan.capacity import (
    Capacity,
    Line,
    Part,
    Plant,
    Receipt,
    Stretch,
    Transport,
)
from earnest.core.values.instant import Instant, zone
from earnest.demo.maker import QUEUES
from earnest.desk.planning.ports import CapacityVersion, PlanVersion, Way
from earnest.desk.planning.running import DryRun, apply_plan, dry_run
from earnest.desk.publishing import Act
from earnest.store.memory_plans import MemoryPlans
from tests.desk.shop import START, Shop

RARE = Configuration("s7-standard", ("paint-aqua", "wheels-20"))
TODAY = START.astimezone(zone(QUEUES[0].time_zone)).date()

CAPACITY = Capacity(
    begins=TODAY,
    ends=TODAY + timedelta(days=60),
    frozen_days=10,
    plants=(Plant(code="north", name="North", transport=(Transport("CN", 3),)),),
    lines=(Line(plant="north", code="1", models=("s7-standard",)),),
    calendar=(
        Stretch(
            plant="north",
            line="1",
            begins=TODAY,
            ends=TODAY + timedelta(days=60),
            shifts=1,
            cars_per_shift=1,
        ),
    ),
    parts=(Part(code="rim", options=("wheels-20",)),),
    receipts=(Receipt("rim", TODAY, 2),),
)


def act(key: str, at: Instant, content: str = "content") -> Act:
    """Somebody who plans, with a key."""
    return Act(actor_id="staff:eva", key=key, content_hash=content, received_at=at)


def day(number: int) -> date:
    """A day counted from today."""
    return TODAY + timedelta(days=number)


class PlanningShop(Shop):
    """A shop with plans beside the desk."""

    def __init__(self) -> None:
        """A shop with no capacity yet."""
        super().__init__()
        self.plans = MemoryPlans(self.store)

    async def build(self, capacity: Capacity = CAPACITY, key: str = "first") -> CapacityVersion:
        """Publish a capacity document."""
        made = await self.plans.add_capacity(
            CapacityVersion(
                version=0,
                digest=capacity.digest,
                capacity=capacity,
                actor_id="staff:eva",
                key=key,
                content_hash=key,
                published_at=self.clock.now(),
            )
        )
        assert isinstance(made, CapacityVersion), made
        return made

    async def tried(self, way: Way = Way.GENTLE) -> DryRun:
        """A dry run that works."""
        run = await dry_run(self.plans, way, self.clock.now())
        assert isinstance(run, DryRun), run
        return run

    async def planned(self, key: str, way: Way = Way.GENTLE) -> PlanVersion:
        """A dry run, applied at once."""
        run = await self.tried(way)
        made = await apply_plan(self.plans, act(key, self.clock.now()), run.digest, run.basis)
        assert isinstance(made, PlanVersion), made
        return made

    async def days(self, version: int) -> list[int | None]:
        """The days of a plan version, by rank, counted from the first day."""
        slots = {each.order: each.day async for each in self.plans.slots(version)}
        found = []
        for key, order in sorted(self.store.orders.items(), key=lambda each: each[1].rank):
            if key in slots:
                at = slots[key]
                found.append(None if at is None else (at - TODAY).days)
            assert order.rank >= 1
        return found


def with_stretch(capacity: Capacity = CAPACITY, **fields: object) -> Capacity:
    """The capacity with another calendar."""
    return msgspec.structs.replace(
        capacity, calendar=(msgspec.structs.replace(capacity.calendar[0], **fields),)
    )
