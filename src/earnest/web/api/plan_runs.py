"""/plans/runs: dry runs that go on beside the doors, their moves page by page, and what follows.

For many orders, and for what-if. Not here: a dry run that is answered at once, and applying one
(`planning.py`), and making plans (`desk/planning`).
"""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.plan.capacity import Capacity
from earnest.core.plan.supposing import Supposition, unsuitable
from earnest.core.plan.weeks import CapacityChanges, changes_of
from earnest.core.values.ids import derive_id
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.group import KeyReused
from earnest.desk.planning.ports import CapacityVersion, PlannedSlot, Way
from earnest.desk.planning.publishing import faults_in, publish_capacity
from earnest.desk.planning.runs import (
    ENDED,
    PlanRun,
    RunOutcome,
    RunWanted,
    Step,
    TooManyRuns,
    every_move,
)
from earnest.desk.planning.task import plan_day
from earnest.web.api.planning import PLANNERS, CapacityPublished, capacity_published, faults_told
from earnest.web.api.terms import act_of
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import Problem, TurnedAway, problem
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Name

MOST_SUPPOSITIONS = 20

COLUMNS = (
    *("order_id", "queue_id", "previous_day", "day", "plant", "line", "arrives"),
    *("cause", "resource", "breaks_promise"),
)


class AskedSupposition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many per cent of what a plant, a line (`plant/line`) or a part has, on `[begins, ends)`.

    Nothing is a stop, 120 a fifth more, 1,000 the most. Without days it is meant for the whole
    document. At least one day has to be still to come.
    """

    name: Name
    percent: int
    begins: date | None = None
    ends: date | None = None

    @property
    def meant(self) -> Supposition:
        """The core's supposition."""
        return Supposition(**msgspec.structs.asdict(self))


class RunAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dry run of what counts, of a document in its place, or of what is supposed of either."""

    way: Way = Way.GENTLE
    capacity: Capacity | None = None
    suppositions: Annotated[tuple[AskedSupposition, ...], Meta(max_length=MOST_SUPPOSITIONS)] = ()


class PageAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which page of the moves, from 1."""

    page: Annotated[int, Meta(ge=1, le=1_000_000)] = 1


class RunShown(msgspec.Struct, frozen=True, kw_only=True):
    """A run: who asked, how far it is, and what came out.

    `is_over` tells that nothing more is to come; `is_abandoned` that it said nothing for so long
    that its process must have ended. `changes` is what a document of its own would change of
    version `instead_of`. `refusal` says why no plan could be made.
    """

    run_id: str
    asked_by: str
    asked_at: Instant
    step: Step
    step_at: Instant
    is_over: bool
    is_abandoned: bool
    way: Way
    suppositions: tuple[Supposition, ...]
    instead_of: int | None
    changes: CapacityChanges | None
    pages: int
    outcome: RunOutcome | None
    refusal: Problem | None


class RunMoves(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the moves of a run; broken promises stand on top, then it goes by day."""

    page: int
    pages: int
    moves: tuple[PlannedSlot, ...]


async def start_run(house: House, asked: Asked, wanted: RunAsked) -> Reply:
    """Start a dry run. The same key again names the same run, whatever has changed since."""
    act = act_of(asked)
    run_id = derive_id("plan-run", act.actor_id, act.key)
    run = await house.plan_runs.kept.run(run_id)
    if run is None:
        run = await _started(house, asked, wanted, run_id)
    if run.content_hash != act.content_hash:
        raise TurnedAway(DoorCode.KEY_REUSED)
    return Reply(value=await _shown(house, asked, run), status=202)


async def _started(house: House, asked: Asked, wanted: RunAsked, run_id: str) -> PlanRun:
    """A run that nobody has asked for before, if its capacity and suppositions can be."""
    published = await house.plans.capacity()
    document = await _document(house, asked, wanted, published)
    meant = tuple(each.meant for each in wanted.suppositions)
    today = plan_day(await house.plans.queues(), asked.received_at)
    for why in unsuitable(document, meant, today):
        raise TurnedAway(why.reason, why.details)
    try:
        return await house.plan_runs.start(
            run_id,
            act_of(asked),
            RunWanted(
                way=wanted.way,
                capacity=wanted.capacity,
                instead_of=None if published is None else published.version,
                suppositions=meant,
            ),
        )
    except TooManyRuns as error:
        raise TurnedAway(DoorCode.DESK_FULL) from error


async def _document(
    house: House, asked: Asked, wanted: RunAsked, published: CapacityVersion | None
) -> Capacity:
    """The document that a run is about: its own, which must be sound, or the published one."""
    if wanted.capacity is not None:
        faults = await faults_in(house.plans, house.on_sale, wanted.capacity, asked.received_at)
        if faults:
            raise TurnedAway(Reason.CAPACITY_FAULTY, faults_told(faults))
        return wanted.capacity
    if published is None:
        raise TurnedAway(Reason.CAPACITY_MISSING)
    return published.capacity


async def show_run(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """How far a run is, or what came out."""
    return Reply(value=await _shown(house, asked, await _run(house, asked)))


async def list_moves(house: House, asked: Asked, wanted: PageAsked) -> Reply:
    """Some of the moves of a run that is done; none before."""
    run = await _run(house, asked)
    moves = tuple(await house.plan_runs.kept.moves(run.run_id, wanted.page))
    return Reply(value=RunMoves(page=wanted.page, pages=_pages(run), moves=moves))


async def export_moves(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """All moves of a run that is done, one in a line."""
    run = await _run(house, asked)
    if run.outcome is None:
        raise TurnedAway(Reason.PLAN_RUN_UNFIT)
    written = StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    async for page in every_move(house.plan_runs.kept, run):
        table.writerows(_line(slot) for slot in page)
    disposition = f'attachment; filename="moves-{run.run_id}.csv"'.encode()
    return Reply(
        raw=written.getvalue().encode(),
        media_type="text/csv",
        headers=[(b"content-disposition", disposition)],
    )


def _line(slot: PlannedSlot) -> tuple[object, ...]:
    return (
        slot.order.order_id,
        slot.queue_id,
        slot.previous_day or "",
        slot.day or "",
        slot.plant or "",
        slot.line or "",
        slot.arrives or "",
        slot.cause or "",
        slot.resource or "",
        str(slot.breaks_promise).lower(),
    )


async def keep_capacity(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Publish the document of a run, if nobody published another one since."""
    run = await _run(house, asked)
    document = run.wanted.capacity
    has_result = run.step in {Step.DONE, Step.REFUSED}
    if document is None or not has_result or run.wanted.suppositions:
        raise TurnedAway(Reason.PLAN_RUN_UNFIT)
    before = await house.plans.capacity()
    act = act_of(asked)
    outcome = await publish_capacity(
        house.plans, house.on_sale, act, document, run.wanted.instead_of or 0
    )
    if isinstance(outcome, KeyReused):
        raise TurnedAway(DoorCode.KEY_REUSED)
    if isinstance(outcome, Rejected):
        raise TurnedAway(outcome.reason, outcome.details)
    if not isinstance(outcome, CapacityVersion):
        raise TurnedAway(Reason.CAPACITY_FAULTY, faults_told(outcome))
    return Reply(value=capacity_published(outcome, before), status=201)


async def _run(house: House, asked: Asked) -> PlanRun:
    run = await house.plan_runs.kept.run(asked.path["run_id"])
    if run is None:
        raise TurnedAway(Reason.PLAN_RUN_UNKNOWN)
    return run


def _pages(run: PlanRun) -> int:
    return 0 if run.outcome is None else run.outcome.pages


async def _shown(house: House, asked: Asked, run: PlanRun) -> RunShown:
    wanted = run.wanted
    changes = None
    if wanted.capacity is not None:
        before = None
        if wanted.instead_of is not None:
            before = await house.plans.capacity(wanted.instead_of)
        changes = changes_of(None if before is None else before.capacity, wanted.capacity)
    is_abandoned = run.is_abandoned(asked.received_at)
    rejected = run.rejected
    return RunShown(
        run_id=run.run_id,
        asked_by=run.actor_id,
        asked_at=run.asked_at,
        step=run.step,
        step_at=run.step_at,
        is_over=is_abandoned or run.step in ENDED,
        is_abandoned=is_abandoned,
        way=wanted.way,
        suppositions=wanted.suppositions,
        instead_of=wanted.instead_of,
        changes=changes,
        pages=_pages(run),
        outcome=run.outcome,
        refusal=None
        if rejected is None
        else problem(rejected.reason, asked.language, rejected.details),
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [*_asking_routes(), *_taking_routes()]


def _asking_routes() -> list[Route[Any]]:
    return [
        Route(
            method="POST",
            path="/plans/runs",
            operation="startPlanRun",
            summary="Start a dry run beside the doors: of what counts, or what if.",
            description="Ask for it again until it is over. What comes out is kept for a week.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=RunAsked,
            handler=start_run,
            gives=RunShown,
            status=202,
            needs_key=True,
            codes=(
                *(Reason.CAPACITY_MISSING, Reason.CAPACITY_FAULTY, Reason.CAPACITY_NAME_UNKNOWN),
                *(Reason.SUPPOSITION_PERCENT_UNSUITABLE, Reason.SUPPOSITION_DAYS_EMPTY),
                *(Reason.SUPPOSITION_OUTSIDE, Reason.SUPPOSITION_LEAVES_NOTHING),
                *(DoorCode.KEY_REUSED, DoorCode.DESK_FULL),
            ),
        ),
        Route(
            method="GET",
            path="/plans/runs/{run_id}",
            operation="showPlanRun",
            summary="How far a dry run is, or what came out.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=NoInput,
            handler=show_run,
            gives=RunShown,
            codes=(Reason.PLAN_RUN_UNKNOWN,),
        ),
        Route(
            method="GET",
            path="/plans/runs/{run_id}/moves",
            operation="listMovesOfRun",
            summary="Who moves and why, page by page.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=PageAsked,
            handler=list_moves,
            gives=RunMoves,
            codes=(Reason.PLAN_RUN_UNKNOWN,),
        ),
    ]


def _taking_routes() -> list[Route[Any]]:
    return [
        Route(
            method="GET",
            path="/plans/runs/{run_id}/document",
            operation="exportMovesOfRun",
            summary="Everybody who moves, as CSV.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=NoInput,
            handler=export_moves,
            gives=None,
            gives_file=("text/csv",),
            codes=(Reason.PLAN_RUN_UNKNOWN, Reason.PLAN_RUN_UNFIT),
        ),
        Route(
            method="POST",
            path="/plans/runs/{run_id}/capacity",
            operation="keepCapacityOfRun",
            summary="Publish the capacity of a dry run, now that its effect was seen.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=NoInput,
            handler=keep_capacity,
            gives=CapacityPublished,
            status=201,
            needs_key=True,
            codes=(
                *(Reason.PLAN_RUN_UNKNOWN, Reason.PLAN_RUN_UNFIT, Reason.CAPACITY_OUTDATED),
                *(Reason.CAPACITY_FAULTY, DoorCode.KEY_REUSED),
            ),
        ),
    ]
