"""Capacity and plans on PostgreSQL.

Not here: making plans (`core/plan`, `desk/planning`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date
from typing import Any

import msgspec
from psycopg import AsyncConnection

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.promise_health import PromiseState
from earnest.core.order.stage import EXITS
from earnest.core.plan.calibration import BUCKET_DAYS, PlanError
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.differences import Summary
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import OrderId, QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.planning.ports import (
    Basis,
    CapacityHead,
    CapacityVersion,
    CarsPlaced,
    PlannedSlot,
    PlanVersion,
    PromisesCounted,
    WaitingKind,
    WaitingOrder,
)
from earnest.desk.ports import OrderKey
from earnest.store.codec import encode
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS

ROWS_AT_ONCE = 500
"""Orders read from the server in one step: between two steps others at the doors get their turn."""

_decode_capacity = msgspec.json.Decoder(Capacity).decode
_decode_waiting = msgspec.json.Decoder(WaitingOrder).decode
_decode_basis = msgspec.json.Decoder(Basis).decode
_decode_summary = msgspec.json.Decoder(Summary).decode

_Row = tuple[Any, ...]


class PostgresPlans:
    """`Plans` of the desk's planning. Acts wait for each other, because they are rare."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add_capacity(
        self, capacity: CapacityVersion, instead_of: int | None = None
    ) -> CapacityVersion | Rejected:
        """Publish a capacity document; the version on record under its actor and key.

        Rejections: `capacity_outdated` if it was made from a version (`instead_of`, zero for none)
        that is not the newest any more.
        """
        act: dict[str, object] = {"actor": capacity.actor_id, "key": capacity.key}
        columns = act | {
            "digest": capacity.digest,
            "begins": capacity.capacity.begins,
            "ends": capacity.capacity.ends,
            "body": encode(capacity.capacity),
            "content_hash": capacity.content_hash,
            "published_at": capacity.published_at,
        }
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(STATEMENTS["one_plan_at_a_time"].text)
                earlier = await _one(connection, "capacity_by_key", act)
                if earlier is not None:
                    return _capacity(earlier)
                pointers = await _one(connection, "plan_pointers", {})
                assert pointers is not None, "the statement gives one row"
                newest = pointers[1] or 0
                if instead_of is not None and instead_of != newest:
                    return superseded(instead_of, newest)
                row = await _one(connection, "add_capacity_version", columns)
        assert row is not None, "the statement returns the number"
        return msgspec.structs.replace(capacity, version=row[0])

    async def capacity(self, version: int | None = None) -> CapacityVersion | None:
        """A capacity document by its number, or the one published last."""
        row = await self._row("capacity_version", version=version)
        return None if row is None else _capacity(row)

    async def capacity_history(self) -> Sequence[CapacityHead]:
        """Every version, the newest first."""
        return [
            CapacityHead(
                version=row[0],
                digest=row[1],
                begins=row[2],
                ends=row[3],
                actor_id=row[4],
                published_at=row[5],
            )
            for row in await self._rows("capacity_history")
        ]

    async def queues(self) -> Sequence[Queue]:
        """Every queue, by id."""
        return [
            Queue(
                queue_id=row[0],
                model_line=row[1],
                market=row[2],
                time_zone=row[3],
                next_rank=row[4],
            )
            for row in await self._rows("queues")
        ]

    async def waiting(self, since: date) -> AsyncIterator[WaitingOrder]:
        """Every order that waits for a car, and every later one with a slot on or after a day."""
        async for row in self._streamed("waiting_orders", since=since):
            yield _decode_waiting(row[0])

    async def waiting_kinds(self) -> Sequence[WaitingKind]:
        """How many orders wait for which car, by queue and configuration."""
        return [
            WaitingKind(
                queue_id=QueueId(row[0]),
                configuration=msgspec.json.decode(row[1], type=Configuration),
                orders=row[2],
                order_id=OrderId(row[3]),
            )
            for row in await self._rows("waiting_kinds")
        ]

    async def plan(self, version: int | None = None) -> PlanVersion | None:
        """A plan by its number, or the published one."""
        row = await self._row("plan_version", version=version)
        return None if row is None else _plan(row)

    async def plan_by_key(self, actor_id: str, key: str) -> PlanVersion | None:
        """The plan that this actor applied with this key."""
        row = await self._row("plan_by_key", actor=actor_id, key=key)
        return None if row is None else _plan(row)

    async def plan_history(self, limit: int) -> Sequence[PlanVersion]:
        """The plans applied last, the newest first."""
        return [_plan(row) for row in await self._rows("plan_history", limit=limit)]

    async def slots(self, version: int) -> AsyncIterator[PlannedSlot]:
        """Every order of a plan version, in the order of their keys."""
        async for row in self._streamed("plan_slots", version=version):
            yield _slot(row)

    async def slot_of(self, order: OrderKey) -> PlannedSlot | None:
        """An order's row in the published plan."""
        row = await self._row("published_slot", buyer_id=order.buyer_id, order_id=order.order_id)
        return None if row is None else _slot(row)

    async def slot_in(self, order: OrderKey, plant: str, week: str) -> PlannedSlot | None:
        """The newest row that placed an order in this plant and week, inside the frozen zone."""
        where = {"buyer_id": order.buyer_id, "order_id": order.order_id}
        row = await self._row("frozen_slot_in", **where, plant=plant, week=week)
        return None if row is None else _slot(row)

    async def cars_placed(
        self, version: int, begins: date, ends: date, features: Sequence[str] | None = None
    ) -> Sequence[CarsPlaced]:
        """How many cars a plan version builds on the days of `[begins, ends)`, by line and day.

        With `features` only those that were of one of these models or had one of these options
        when the plan was applied.
        """
        rows = await self._rows(
            "cars_placed",
            version=version,
            begins=begins,
            ends=ends,
            features=None if features is None else list(features),
        )
        return [CarsPlaced(plant=row[0], line=row[1], day=row[2], cars=row[3]) for row in rows]

    async def promise_counts(
        self, begins: date, ends: date, today: date
    ) -> Sequence[PromisesCounted]:
        """How the promises to those stand who reserved on the days of `[begins, ends)`."""
        rows = await self._rows(
            "promise_counts", begins=begins, ends=ends, today=today, exits=sorted(EXITS)
        )
        return [
            PromisesCounted(
                week=row[0],
                lane_group=row[1],
                state=PromiseState(row[2]),
                is_claimed=row[3],
                orders=row[4],
            )
            for row in rows
        ]

    async def publish_plan(
        self,
        plan: PlanVersion,
        slots: Iterable[PlannedSlot],
        features: Iterable[tuple[str, ...]],
    ) -> PlanVersion | Rejected:
        """Write a plan with all its rows and make it the published one, in one transaction.

        `features` are model and options of each of the orders, by which its cars are counted.
        Rejections: `plan_outdated` if another plan or capacity was published since its basis.
        """
        act: dict[str, object] = {"actor": plan.actor_id, "key": plan.key}
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(STATEMENTS["one_plan_at_a_time"].text)
                earlier = await _one(connection, "plan_by_key", act)
                if earlier is not None:
                    return _plan(earlier)
                pointers = await _one(connection, "plan_pointers", {})
                if pointers != (plan.basis.published_plan, plan.basis.capacity_version):
                    return outdated(plan.basis, pointers)
                row = await _one(connection, "add_plan_version", act | _columns(plan))
                assert row is not None, "the statement returns the number"
                await _copy(connection, row[0], slots, features)
                await connection.execute(STATEMENTS["point_to_plan"].text, {"version": row[0]})
        return msgspec.structs.replace(plan, version=row[0])

    async def plan_errors(self, day: date) -> Sequence[PlanError]:
        """What became of promises, as far as it counts on a day."""
        return [
            PlanError(lane_group=row[0], cohort=row[1], lead_days=row[2], days=row[3], cars=row[4])
            for row in await self._rows("plan_errors", day=day, bounds=list(BUCKET_DAYS))
        ]

    async def carried_out(self, version: int) -> bool:
        """Whether the commands that follow from a plan were all given."""
        row = await self._row("plan_is_carried_out", version=version)
        return row is not None and bool(row[0])

    async def mark_carried_out(self, version: int, at: Instant) -> None:
        """Note that they were; a second time changes nothing."""
        with named_faults():
            async with self._pool.connection() as connection:
                text = STATEMENTS["carry_out_plan"].text
                await connection.execute(text, {"version": version, "at": at})

    async def _row(self, name: str, **parameters: object) -> _Row | None:
        with named_faults():
            async with self._pool.connection() as connection:
                return await _one(connection, name, parameters)

    async def _rows(self, name: str, **parameters: object) -> list[_Row]:
        with named_faults():
            async with self._pool.connection() as connection:
                found = await connection.execute(STATEMENTS[name].text, parameters)
                return await found.fetchall()

    async def _streamed(self, name: str, **parameters: object) -> AsyncIterator[_Row]:
        """Rows a few thousand at a time, through a cursor on the server."""
        with named_faults():
            async with (
                self._pool.connection() as connection,
                connection.transaction(),
                connection.cursor(name=name) as cursor,
            ):
                cursor.itersize = ROWS_AT_ONCE
                await cursor.execute(STATEMENTS[name].text, parameters)
                async for row in cursor:
                    yield row


def outdated(basis: Basis, pointers: tuple[int | None, int | None] | _Row | None) -> Rejected:
    """Why a plan can no longer be published: what counts now, and what it was made from."""
    plan, capacity = pointers or (None, None)
    details = {}
    if plan != basis.published_plan:
        details["published_plan"] = f"{basis.published_plan or 0} -> {plan or 0}"
    if capacity != basis.capacity_version:
        details["capacity_version"] = f"{basis.capacity_version} -> {capacity or 0}"
    return Rejected(Reason.PLAN_OUTDATED, details)


def superseded(instead_of: int, newest: int) -> Rejected:
    """Why a document that was made from an older version is not published."""
    details = {"instead_of": str(instead_of), "version": str(newest)}
    return Rejected(Reason.CAPACITY_OUTDATED, details)


async def _one(
    connection: AsyncConnection[Any], name: str, parameters: dict[str, object]
) -> _Row | None:
    found = await connection.execute(STATEMENTS[name].text, parameters)
    return await found.fetchone()


async def _copy(
    connection: AsyncConnection[Any],
    version: int,
    slots: Iterable[PlannedSlot],
    features: Iterable[tuple[str, ...]],
) -> None:
    """Write the row of every order, and how many cars of which kind stand where and when."""
    cars: Counter[tuple[str, str, date, tuple[str, ...]]] = Counter()
    async with (
        connection.cursor() as cursor,
        cursor.copy(STATEMENTS["copy_plan_slots"].text) as copy,
    ):
        for slot, chosen in zip(slots, features, strict=True):
            if slot.plant is not None and slot.line is not None and slot.day is not None:
                cars[slot.plant, slot.line, slot.day, chosen] += 1
            await copy.write_row(
                (
                    slot.order.buyer_id,
                    slot.order.order_id,
                    version,
                    slot.queue_id,
                    slot.plant,
                    slot.line,
                    slot.day,
                    slot.arrives,
                    slot.previous_day,
                    slot.cause,
                    slot.resource,
                    slot.breaks_promise,
                )
            )
    async with (
        connection.cursor() as cursor,
        cursor.copy(STATEMENTS["copy_plan_cars"].text) as copy,
    ):
        for (plant, line, day, chosen), count in cars.items():
            await copy.write_row((version, plant, line, day, list(chosen), count))


def _columns(plan: PlanVersion) -> dict[str, object]:
    return {
        "capacity_version": plan.basis.capacity_version,
        "digest": plan.digest,
        "basis": encode(plan.basis),
        "summary": encode(plan.summary),
        "frozen_until": plan.frozen_until,
        "content_hash": plan.content_hash,
        "published_at": plan.published_at,
    }


def _capacity(row: _Row) -> CapacityVersion:
    return CapacityVersion(
        version=row[0],
        digest=row[1],
        capacity=_decode_capacity(row[2]),
        actor_id=row[3],
        key=row[4],
        content_hash=row[5],
        published_at=row[6],
    )


def _plan(row: _Row) -> PlanVersion:
    return PlanVersion(
        version=row[0],
        digest=row[1],
        basis=_decode_basis(row[2]),
        summary=_decode_summary(row[3]),
        frozen_until=row[4],
        actor_id=row[5],
        key=row[6],
        content_hash=row[7],
        published_at=row[8],
    )


def _slot(row: _Row) -> PlannedSlot:
    return PlannedSlot(
        order=OrderKey(row[0], row[1]),
        queue_id=row[2],
        plant=row[3],
        line=row[4],
        day=row[5],
        arrives=row[6],
        previous_day=row[7],
        cause=row[8],
        resource=row[9],
        breaks_promise=row[10],
    )
