"""/capacity and /plans: publishing what plants can build, trying a plan dry, and applying it.

Not here: how a plan is made (`core/plan`), what follows from one (`desk/planning/carrying.py`),
and promises made from live counters (`windows.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.order.actor import Role
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.differences import Summary
from earnest.core.plan.faults import CapacityFault
from earnest.core.plan.weeks import CapacityChanges, changes_of
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.group import KeyReused
from earnest.desk.planning.ports import Basis, CapacityHead, CapacityVersion, PlanVersion, Way
from earnest.desk.planning.publishing import publish_capacity
from earnest.desk.planning.running import DryRun, apply_plan, dry_run
from earnest.web.api.terms import act_of
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.languages import CHINESE, LANGUAGES
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.telling_capacity import fault_told

MOST_MOVES = 10_000
"""Moves in one answer; the figures always count all of them."""

PLANNERS = frozenset({Role.PLANNING})


class CapacityShown(msgspec.Struct, frozen=True, kw_only=True):
    """The capacity that counts: its version, who published it and when, and the document."""

    version: int
    digest: str
    published_by: str
    published_at: Instant
    capacity: Capacity


class CapacityPublished(msgspec.Struct, frozen=True, kw_only=True):
    """An act of publishing capacity, and what it changed of the version before."""

    version: int
    digest: str
    published_by: str
    published_at: Instant
    changes: CapacityChanges


class CapacityHistory(msgspec.Struct, frozen=True, kw_only=True):
    """Every version of capacity, the newest first."""

    versions: tuple[CapacityHead, ...]


class PlanWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a plan is to be made, and how many of its moves are to be listed."""

    way: Way = Way.GENTLE
    most_moves: Annotated[int, Meta(ge=0, le=MOST_MOVES)] = 1_000


class PlanChosen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The plan of a dry run, with its basis as it was given."""

    digest: str
    basis: Basis


class PlanShown(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that was applied, in figures, and whether all that follows from it was done."""

    version: int
    digest: str
    basis: Basis
    summary: Summary
    frozen_until: str
    published_by: str
    published_at: Instant
    is_carried_out: bool


async def show_capacity(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The version that counts, whole."""
    found = await house.plans.capacity()
    if found is None:
        raise TurnedAway(Reason.CAPACITY_MISSING)
    shown = CapacityShown(
        version=found.version,
        digest=found.digest,
        published_by=found.actor_id,
        published_at=found.published_at,
        capacity=found.capacity,
    )
    return Reply(value=shown)


async def show_history(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Every version without its document."""
    return Reply(value=CapacityHistory(versions=tuple(await house.plans.capacity_history())))


async def set_capacity(house: House, asked: Asked, document: Capacity) -> Reply:
    """Publish a document. With any fault all of them are named, and nothing is published."""
    before = await house.plans.capacity()
    outcome = await publish_capacity(house.plans, house.on_sale, act_of(asked), document)
    if isinstance(outcome, KeyReused):
        raise TurnedAway(DoorCode.KEY_REUSED)
    assert not isinstance(outcome, Rejected), "a whole document takes the place of any version"
    if not isinstance(outcome, CapacityVersion):
        raise TurnedAway(Reason.CAPACITY_FAULTY, faults_told(outcome))
    return Reply(value=capacity_published(outcome, before))


def capacity_published(
    version: CapacityVersion, before: CapacityVersion | None
) -> CapacityPublished:
    """What is said of a document that was published just now."""
    return CapacityPublished(
        version=version.version,
        digest=version.digest,
        published_by=version.actor_id,
        published_at=version.published_at,
        changes=changes_of(None if before is None else before.capacity, version.capacity),
    )


def named(faults: Iterable[CapacityFault]) -> str:
    """Every fault with its table, its row from 1, its code and what stands there."""
    return "; ".join(
        " ".join(
            [
                fault.table if fault.row is None else f"{fault.table}[{fault.row + 1}]",
                fault.code.value,
                *(f"{name}={value}" for name, value in fault.details.items()),
            ]
        )
        for fault in faults
    )


def faults_told(faults: Iterable[CapacityFault]) -> dict[str, str]:
    """The details of a refusal: every fault by its code, and in the words of each language."""
    every = tuple(faults)
    told = {f"faults.{language}": _in_words(every, language) for language in LANGUAGES}
    return {"faults": named(every), **told}


def _in_words(faults: Iterable[CapacityFault], language: str) -> str:
    """Every fault with its place, what is the matter and what to do; without the last mark."""
    end, between = ("。", "") if language == CHINESE else (". ", " ")
    told = []
    for fault in faults:
        words = fault_told(fault.table, fault.code, fault.details, language)
        place = fault.table if fault.row is None else f"{fault.table}[{fault.row + 1}]"
        told.append(f"{place} {words.key}: {words.what}{end}{words.cure}")
    return between.join(told).removesuffix(end.strip())


async def try_plan(house: House, asked: Asked, wanted: PlanWanted) -> Reply:
    """Make a plan of everybody who waits now and say what it would change; nothing is written."""
    tried = await dry_run(house.plans, wanted.way, asked.received_at)
    if isinstance(tried, Rejected):
        raise TurnedAway(tried.reason, tried.details)
    return Reply(value=msgspec.structs.replace(tried, moves=tried.moves[: wanted.most_moves]))


async def choose_plan(house: House, asked: Asked, chosen: PlanChosen) -> Reply:
    """Apply the plan of a dry run: all of it, or nothing if another would come out now."""
    outcome = await apply_plan(house.plans, act_of(asked), chosen.digest, chosen.basis)
    if isinstance(outcome, KeyReused):
        raise TurnedAway(DoorCode.KEY_REUSED)
    if isinstance(outcome, Rejected):
        raise TurnedAway(outcome.reason, outcome.details)
    return Reply(value=await _shown(house, outcome), status=201)


async def show_plan(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The published plan, in figures."""
    found = await house.plans.plan()
    if found is None:
        raise TurnedAway(Reason.PLAN_UNKNOWN)
    return Reply(value=await _shown(house, found))


async def _shown(house: House, plan: PlanVersion) -> PlanShown:
    return PlanShown(
        version=plan.version,
        digest=plan.digest,
        basis=plan.basis,
        summary=plan.summary,
        frozen_until=plan.frozen_until.isoformat(),
        published_by=plan.actor_id,
        published_at=plan.published_at,
        is_carried_out=await house.plans.carried_out(plan.version),
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [*_capacity_routes(), *_plan_routes()]


def _capacity_routes() -> list[Route[Any]]:
    return [
        Route(
            method="GET",
            path="/capacity",
            operation="showCapacity",
            summary="What plants can build: the version that counts.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=NoInput,
            handler=show_capacity,
            gives=CapacityShown,
            codes=(Reason.CAPACITY_MISSING,),
        ),
        Route(
            method="PUT",
            path="/capacity",
            operation="publishCapacity",
            summary="Publish what plants can build, as a new version that counts from now on.",
            description="The whole document. Earlier versions are kept for ever.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=Capacity,
            handler=set_capacity,
            gives=CapacityPublished,
            needs_key=True,
            codes=(DoorCode.KEY_REUSED, Reason.CAPACITY_FAULTY),
        ),
        Route(
            method="GET",
            path="/capacity/history",
            operation="listCapacity",
            summary="Every version of capacity, the newest first.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=NoInput,
            handler=show_history,
            gives=CapacityHistory,
        ),
    ]


def _plan_routes() -> list[Route[Any]]:
    return [
        Route(
            method="POST",
            path="/plans",
            operation="tryPlan",
            summary="Make a plan dry: who moves, why, which promises break. Nothing is written.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=PlanWanted,
            handler=try_plan,
            gives=DryRun,
            codes=(Reason.CAPACITY_MISSING, Reason.HORIZON_SHORT),
        ),
        Route(
            method="POST",
            path="/plans/apply",
            operation="applyPlan",
            summary="Apply the plan of a dry run, all of it or nothing.",
            description="The digest and the basis as the dry run gave them. If anything of it "
            "is otherwise now, also the day or who is held for what, `details` says what changed.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=PlanChosen,
            handler=choose_plan,
            gives=PlanShown,
            status=201,
            needs_key=True,
            codes=(
                *(DoorCode.KEY_REUSED, Reason.CAPACITY_MISSING, Reason.HORIZON_SHORT),
                Reason.PLAN_OUTDATED,
            ),
        ),
        Route(
            method="GET",
            path="/plans/current",
            operation="showPlan",
            summary="The published plan, in figures.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=NoInput,
            handler=show_plan,
            gives=PlanShown,
            codes=(Reason.PLAN_UNKNOWN,),
        ),
    ]
