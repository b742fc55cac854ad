"""/capacity/load, /plans/promises, /overtakings: what planners watch over.

How far lines and parts are used on each day, how promises stand week by week, and who was served
before an earlier rank. Not here: changing anything of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.order.promise_health import CohortHealth, PromiseState, health_of
from earnest.core.plan.calibration import cohort_of
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.editing import name_unknown
from earnest.core.plan.loads import DayLoad, PartDay, line_days, part_days
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.places.ports import RecordedOvertaking
from earnest.desk.planning.counting import WEEKS, first_week
from earnest.desk.planning.ports import CarsPlaced, PromisesCounted
from earnest.web.api.planning import PLANNERS
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import Name

MOST_WEEKS = 26
MOST_LISTED = 200


class LoadAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which days: `[begins, ends)`, as far as the published capacity speaks of them."""

    begins: date
    ends: date


class PartLoadAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which scarce part, and which days."""

    part: Name
    begins: date
    ends: date


class HealthAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many weeks of reservations, from the week of a day on; the last ones without a day."""

    begins: date | None = None
    weeks: Annotated[int, Meta(ge=1, le=MOST_WEEKS)] = WEEKS


class OvertakingsAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which page; and all of them, or only those without a published reason."""

    page: Annotated[int, Meta(ge=1, le=100_000)] = 1
    limit: Annotated[int, Meta(ge=1, le=MOST_LISTED)] = 50
    only_inversions: bool = False


class LineLoad(msgspec.Struct, frozen=True, kw_only=True):
    """A line with its days."""

    line: str
    models: tuple[str, ...]
    days: tuple[DayLoad, ...]


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """How far lines are used by the published plan; `plan_version` is null where none is."""

    capacity_version: int
    plan_version: int | None
    lines: tuple[LineLoad, ...]


class PartLoad(msgspec.Struct, frozen=True, kw_only=True):
    """A scarce part with the options that need it, and its days."""

    part: str
    options: tuple[str, ...]
    carries_over: bool
    days: tuple[PartDay, ...]


class CohortShown(msgspec.Struct, frozen=True, kw_only=True):
    """Promises of one week of reservation and one lane group (the model).

    `kept`, `early` and `broken` are judged; `share` is that of the kept among them, and `claim`
    what their windows claimed, null where they claimed nothing. `at_risk` are those that the
    published plan brings too late. `put_off` was asked for by buyers, `left` are orders that ended,
    `by_terms` windows that no counters gave.
    """

    week: date
    lane_group: str
    promised: int
    kept: int
    early: int
    broken: int
    at_risk: int
    open: int
    put_off: int
    left: int
    by_terms: int
    share: float | None
    claim: float | None


class PromiseHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How promises stood when they were counted, by week of the reservation and lane group."""

    begins: date
    ends: date
    counted_at: Instant
    cohorts: tuple[CohortShown, ...]


class OvertakingShown(msgspec.Struct, frozen=True, kw_only=True):
    """An overtaking on record: `order_id` waits and was passed by a later rank.

    `why` is the published reason that justifies it; null for an inversion.
    """

    order_id: str
    queue_id: str
    rank: int
    lane: str
    by_rank: int
    by_order_id: str | None
    given_at: Instant
    recorded_at: Instant
    why: str | None


class Overtakings(msgspec.Struct, frozen=True, kw_only=True):
    """A page of overtakings, the newest first."""

    page: int
    has_more: bool
    overtakings: tuple[OvertakingShown, ...]


async def show_load(house: House, asked: Asked, wanted: LoadAsked) -> Reply:  # noqa: ARG001 - as all
    """What each line can build on each day, and what the published plan builds."""
    found = await house.plans.capacity()
    if found is None:
        raise TurnedAway(Reason.CAPACITY_MISSING)
    plan = await house.plans.plan()
    placed: Sequence[CarsPlaced] = ()
    if plan is not None:
        placed = await house.plans.cars_placed(plan.version, wanted.begins, wanted.ends)
    lines = []
    for line in sorted(found.capacity.lines, key=lambda each: (each.plant, each.code)):
        booked = {each.day: each.cars for each in placed if each.name == line.name}
        days = line_days(found.capacity, line, wanted.begins, wanted.ends, booked)
        lines.append(LineLoad(line=line.name, models=line.models, days=days))
    return Reply(
        value=Load(
            capacity_version=found.version,
            plan_version=None if plan is None else plan.version,
            lines=tuple(lines),
        )
    )


async def show_part_load(house: House, asked: Asked, wanted: PartLoadAsked) -> Reply:  # noqa: ARG001 - as all
    """What comes of a scarce part on each day, and how much of it the published plan needs."""
    found = await house.plans.capacity()
    if found is None:
        raise TurnedAway(Reason.CAPACITY_MISSING)
    part = found.capacity.part(wanted.part)
    if part is None:
        unknown = name_unknown(wanted.part, _parts(found.capacity))
        assert unknown is not None, "the document has no such part"
        raise TurnedAway(unknown.reason, unknown.details)
    plan = await house.plans.plan()
    needed: dict[date, int] = {}
    if plan is not None:
        placed = await house.plans.cars_placed(
            plan.version, found.capacity.begins, wanted.ends, part.options
        )
        for each in placed:
            needed[each.day] = needed.get(each.day, 0) + each.cars
    return Reply(
        value=PartLoad(
            part=part.code,
            options=part.options,
            carries_over=part.carries_over,
            days=part_days(found.capacity, part, wanted.begins, wanted.ends, needed),
        )
    )


def _parts(capacity: Capacity) -> list[str]:
    return [part.code for part in capacity.parts]


async def show_health(house: House, asked: Asked, wanted: HealthAsked) -> Reply:  # noqa: ARG001 - as all
    """How the promises of some weeks stand, as they were counted last."""
    begins = (
        first_week(await house.promise_counts.today(), wanted.weeks)
        if wanted.begins is None
        else cohort_of(wanted.begins)
    )
    ends = begins + timedelta(weeks=wanted.weeks)
    counts = await house.promise_counts.between(begins, ends)
    cohorts: dict[tuple[date, str], list[PromisesCounted]] = {}
    for each in counts.promises:
        cohorts.setdefault((each.week, each.lane_group), []).append(each)
    shown = tuple(
        _cohort(week, group, health_of((c.state, c.is_claimed, c.orders) for c in counted))
        for (week, group), counted in sorted(cohorts.items())
    )
    return Reply(
        value=PromiseHealth(begins=begins, ends=ends, counted_at=counts.counted_at, cohorts=shown)
    )


def _cohort(week: date, lane_group: str, health: CohortHealth) -> CohortShown:
    return CohortShown(
        week=week,
        lane_group=lane_group,
        promised=health.promised,
        share=None if health.share is None else float(health.share),
        claim=None if health.claim is None else float(health.claim),
        **{state.value: health.counts.get(state, 0) for state in PromiseState},
    )


async def list_overtakings(house: House, asked: Asked, wanted: OvertakingsAsked) -> Reply:  # noqa: ARG001 - as all
    """Overtakings on record, with or without a reason."""
    found = await house.places.moves.overtakings(
        (wanted.page - 1) * wanted.limit,
        wanted.limit + 1,
        only_inversions=wanted.only_inversions,
    )
    shown = tuple(_overtaking(each) for each in found[: wanted.limit])
    has_more = len(found) > wanted.limit
    return Reply(value=Overtakings(page=wanted.page, has_more=has_more, overtakings=shown))


def _overtaking(found: RecordedOvertaking) -> OvertakingShown:
    return OvertakingShown(
        order_id=found.order_id,
        queue_id=found.queue_id,
        rank=found.rank,
        lane=found.lane,
        by_rank=found.by_rank,
        by_order_id=found.by_order_id,
        given_at=found.given_at,
        recorded_at=found.recorded_at,
        why=None if found.why is None else found.why.value,
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [*_load_routes(), *_fairness_routes()]


def _load_routes() -> list[Route[Any]]:
    return [
        Route(
            method="GET",
            path="/capacity/load",
            operation="showLoad",
            summary="What each line can build on each day, and what the published plan builds.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=LoadAsked,
            handler=show_load,
            gives=Load,
            codes=(Reason.CAPACITY_MISSING,),
        ),
        Route(
            method="GET",
            path="/capacity/part-load",
            operation="showPartLoad",
            summary="What comes of a scarce part on each day, and what the published plan needs.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=PartLoadAsked,
            handler=show_part_load,
            gives=PartLoad,
            codes=(Reason.CAPACITY_MISSING, Reason.CAPACITY_NAME_UNKNOWN),
        ),
    ]


def _fairness_routes() -> list[Route[Any]]:
    return [
        Route(
            method="GET",
            path="/plans/promises",
            operation="showPromiseHealth",
            summary="How promises stand, by week of the reservation and lane group.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=HealthAsked,
            handler=show_health,
            gives=PromiseHealth,
        ),
        Route(
            method="GET",
            path="/overtakings",
            operation="listOvertakings",
            summary="Who was served before an earlier rank, and whether a reason justifies it.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=OvertakingsAsked,
            handler=list_overtakings,
            gives=Overtakings,
        ),
    ]
