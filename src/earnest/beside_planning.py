"""What `earnest capacity` and `earnest plan` read and write beside a running server.

Not here: what is printed (`cli/capacity.py`, `cli/plan.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec

from earnest.core.plan.capacity import Capacity
from earnest.core.plan.faults import CapacityFault
from earnest.core.plan.supposing import Supposition, supposed, unsuitable
from earnest.core.plan.unbuildable import Unbuilt
from earnest.core.plan.weeks import CapacityChanges, changes_of
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.desk.group import KeyReused
from earnest.desk.planning.checking import Checked, check_plan
from earnest.desk.planning.figures import LaneFigures, lane_figures, lanes_of
from earnest.desk.planning.ports import (
    CapacityHead,
    CapacityVersion,
    PlannedSlot,
    PlanVersion,
    Way,
)
from earnest.desk.planning.publishing import faults_in, publish_capacity, unbuilt_by
from earnest.desk.planning.running import DryRun, apply_plan, dry_run
from earnest.desk.planning.task import plan_day
from earnest.desk.ports import OrderKey, RecordedEvent
from earnest.desk.publishing import Act
from earnest.desk.records import OrderFile
from earnest.gateways.clock import VirtualClock
from earnest.main import database_to_read
from earnest.people.caller import STAFF_PREFIX
from earnest.settings import Settings
from earnest.store.plans import PostgresPlans
from earnest.store.pool import Pool, open_pool
from earnest.store.publications import PostgresPublications
from earnest.store.records import PostgresRecords, records_of


class Foretold(msgspec.Struct, frozen=True, kw_only=True):
    """What importing a document would change, and the version that it became, if it did.

    `unbuilt` is what is on sale or waited for, and no line of the document builds.
    """

    changes: CapacityChanges
    unbuilt: tuple[Unbuilt, ...]
    published: CapacityVersion | None


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[Pool, PostgresPlans, Instant]]:
    with database_to_read(settings) as url:
        async with await open_pool(url, size_min=1, size_max=3) as pool:
            offset = await PostgresPublications(pool).clock_offset_seconds()
            now = VirtualClock(timedelta(seconds=offset)).now()
            yield pool, PostgresPlans(pool), now


async def import_capacity(
    settings: Settings, document: Capacity, staff_id: str, *, for_good: bool
) -> Foretold | tuple[CapacityFault, ...]:
    """Say what a document would change, or all its faults; publish it if it is for good.

    The document is its own key, so publishing it again gives the first result.
    """
    async with _opened(settings) as (pool, plans, now):
        on_sale = PostgresPublications(pool)
        faults = await faults_in(plans, on_sale, document, now)
        if faults:
            return faults
        before = await plans.capacity()
        changes = changes_of(None if before is None else before.capacity, document)
        unbuilt = await unbuilt_by(plans, on_sale, document, now)
        if not for_good:
            return Foretold(changes=changes, unbuilt=unbuilt, published=None)
        act = Act(
            actor_id=f"{STAFF_PREFIX}{staff_id}",
            key=f"capacity:{document.digest}",
            content_hash=document.digest,
            received_at=now,
        )
        published = await publish_capacity(plans, on_sale, act, document)
    assert isinstance(published, CapacityVersion), "a sound document is its own key"
    return Foretold(changes=changes, unbuilt=unbuilt, published=published)


async def read_present(settings: Settings) -> Instant:
    """The present, in a demo the demo's."""
    async with _opened(settings) as (_, _, now):
        return now


async def read_capacity(settings: Settings, version: int | None) -> CapacityVersion | None:
    """A published capacity document by its number, or the newest."""
    async with _opened(settings) as (_, plans, _):
        return await plans.capacity(version)


async def read_capacity_history(settings: Settings) -> Sequence[CapacityHead]:
    """Every version of capacity, the newest first."""
    async with _opened(settings) as (_, plans, _):
        return await plans.capacity_history()


async def plan_beside(
    settings: Settings, way: Way, staff_id: str, *, for_good: bool
) -> tuple[DryRun | Rejected, PlanVersion | Rejected | None]:
    """Try a plan dry, and apply it if it is for good; a server carries out what follows."""
    async with _opened(settings) as (_, plans, now):
        tried = await dry_run(plans, way, now)
        if isinstance(tried, Rejected) or not for_good:
            return tried, None
        act = Act(
            actor_id=f"{STAFF_PREFIX}{staff_id}",
            key=f"plan:{now.isoformat()}",
            content_hash=tried.digest,
            received_at=now,
        )
        applied = await apply_plan(plans, act, tried.digest, tried.basis)
    assert not isinstance(applied, KeyReused), "an instant is a key of its own"
    return tried, applied


async def plan_supposing(
    settings: Settings, way: Way, document: Capacity, suppositions: Sequence[Supposition]
) -> DryRun | tuple[Rejected, ...]:
    """What a plan would be if a document were published, changed by what is supposed of it.

    Nothing is written. Suppositions that mean nothing are said, each with what to do.
    """
    async with _opened(settings) as (_, plans, now):
        wrong = unsuitable(document, suppositions, plan_day(await plans.queues(), now))
        if wrong:
            return wrong
        tried = await dry_run(plans, way, now, supposed(document, suppositions))
        return (tried,) if isinstance(tried, Rejected) else tried


async def faults_beside(settings: Settings, document: Capacity) -> tuple[CapacityFault, ...]:
    """Everything that keeps a document from being published now."""
    async with _opened(settings) as (pool, plans, now):
        return await faults_in(plans, PostgresPublications(pool), document, now)


async def read_plan(
    settings: Settings, version: int | None
) -> tuple[PlanVersion, list[PlannedSlot]] | None:
    """A plan with the row of every order, or the published one; None if there is none."""
    async with _opened(settings) as (_, plans, _):
        plan = await plans.plan(version)
        if plan is None:
            return None
        return plan, [slot async for slot in plans.slots(plan.version)]


async def read_lanes(
    settings: Settings, plan: PlanVersion, slots: Sequence[PlannedSlot]
) -> tuple[LaneFigures, ...]:
    """The lanes of a plan in figures; orders that ended since stand in none."""
    async with _opened(settings) as (pool, plans, _):
        capacity = await plans.capacity(plan.basis.capacity_version)
        assert capacity is not None, "a plan was made from a published capacity"
        waiting = {each.key: each async for each in plans.waiting(capacity.capacity.begins)}
        lanes = await lanes_of(PostgresPublications(pool), waiting.values())
    known = [slot for slot in slots if slot.order in waiting]
    return lane_figures((lanes.of(waiting[slot.order]) for slot in known), known)


async def check_beside(
    settings: Settings, version: int | None, progress: Callable[[int, int], None]
) -> Checked | None:
    """Check a stored plan; `progress` gets orders read and in total. None if there is none."""
    async with _opened(settings) as (pool, plans, _):
        plan = await plans.plan(version)
        if plan is None:
            return None
        async with records_of(pool) as records:
            count = await records.order_count()
            return await check_plan(plans, plan, _stories(records, count, progress))


async def _stories(
    records: PostgresRecords, count: int, progress: Callable[[int, int], None]
) -> AsyncIterator[tuple[OrderKey, Sequence[RecordedEvent]]]:
    """Every order with its events; one that cannot be read has none, so it is found missing."""
    done = 0
    async for file in records.order_files():
        done += 1
        progress(done, count)
        yield file.key, file.events if isinstance(file, OrderFile) else ()
