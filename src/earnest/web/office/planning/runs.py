"""/office/plan/runs/{run_id}: a dry run as it goes on, who moves and why, and what may follow.

A run of what counts may be applied, one of a changed document may be published, and one in thought
is only looked at. Not here: making runs (`desk/planning/runs.py`).
"""

from __future__ import annotations

import msgspec

from earnest.desk.planning.figures import LaneFigures
from earnest.desk.planning.runs import Step
from earnest.web.api.capacity_changes import finding_of
from earnest.web.api.plan_runs import RunMoves, RunShown
from earnest.web.api.planning import CapacityPublished, PlanShown
from earnest.web.codes import DoorCode
from earnest.web.office.planning.board import shown, whole
from earnest.web.office.rooms import PLAN
from earnest.web.office.words import CAUSES, DECIDES
from earnest.web.pages.page import Answer, Moved, Page, Sent
from earnest.web.pages.plan_changes import changes_told
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said
from earnest.web.problems import TurnedAway

STEPS: dict[Step, str] = {
    Step.WAITING: said("Waiting for its turn"),
    Step.READING: said("Reading who waits"),
    Step.PLANNING: said("Making the plan"),
    Step.WRITING: said("Writing down who moves"),
    Step.DONE: said("Done"),
}
"""The steps of a run, in their order."""

MOST_LANES = 60
MOST_WEEKS = 60


async def show(visit: Visit) -> Answer:
    """How far the run is, or what came out of it."""
    await visit.follow("plan-run", visit.path["run_id"])
    here = {"run_id": visit.path["run_id"]}
    run = await visit.ask("showPlanRun", RunShown, path=here)
    page = whole(visit.query.get("page", "1"))
    if isinstance(page, int):
        # A page past the end would say that nobody moves.
        page = min(page, max(run.pages, 1))
    moves = RunMoves(page=1, pages=0, moves=())
    if run.outcome is not None:
        moves = await visit.ask("listMovesOfRun", RunMoves, {"page": page}, path=here)
    lanes = () if run.outcome is None else run.outcome.lanes
    moving = sorted((each for each in lanes if _is_concerned(each)), key=_most_concerned)
    return shown(
        visit,
        "run.html",
        run=run,
        moves=moves,
        lanes=moving[:MOST_LANES],
        lanes_left=max(0, len(moving) - MOST_LANES),
        weeks=() if run.changes is None else run.changes.weeks[:MOST_WEEKS],
        most_shift=max((each.orders for each in run.outcome.shifts), default=1)
        if run.outcome is not None
        else 1,
        steps=list(STEPS.items()),
        causes=CAUSES,
        decides=DECIDES,
        basis="" if run.outcome is None else msgspec.json.encode(run.outcome.basis).decode(),
        changed=_changed(visit),
        unbuilt=[]
        if run.outcome is None
        else [finding_of(each, None, visit.language) for each in run.outcome.unbuilt],
    )


def _is_concerned(lane: LaneFigures) -> bool:
    return bool(lane.moved or lane.promises_broken)


def _most_concerned(lane: LaneFigures) -> tuple[int, int, str, str]:
    return -lane.promises_broken, -lane.moved, lane.queue_id, lane.lane


def _changed(visit: Visit) -> list[str]:
    """What changed since the dry run, one by one, where applying it was refused for that."""
    if visit.problem is None or visit.problem.code != "plan_outdated":
        return []
    return list(changes_told(visit.problem.details, visit.language))


async def act(visit: Visit) -> Answer:
    """Apply the plan of the run, or publish its document."""
    form = visit.form
    if form.name == "keep":
        here = {"run_id": visit.path["run_id"]}
        await visit.ask("keepCapacityOfRun", CapacityPublished, path=here, key=form.key)
        return Moved(f"{PLAN.path}?kept=yes")
    try:
        basis = msgspec.json.decode(form.get("basis"))
    except msgspec.DecodeError as error:
        raise TurnedAway(DoorCode.FORM_MALFORMED) from error
    body = {"digest": form.get("digest"), "basis": basis}
    await visit.ask("applyPlan", PlanShown, body, key=form.key)
    return Moved(f"{PLAN.path}?applied=yes")


async def send_moves(visit: Visit) -> Answer:
    """Everybody who moves, as a file."""
    run_id = visit.path["run_id"]
    content = await visit.ask("exportMovesOfRun", bytes, path={"run_id": run_id})
    return Sent(
        content=content,
        media_type="text/csv; charset=utf-8",
        headers=[
            (b"content-disposition", f'attachment; filename="moves-{run_id}.csv"'.encode("ascii"))
        ],
    )


def pages() -> list[Page]:
    """The pages of this module."""
    here = f"{PLAN.path}/runs/{{run_id}}"
    return [
        PLAN.page("office-plan-run", show, act, here),
        PLAN.page("office-plan-run-moves", send_moves, path=f"{here}/moves.csv"),
    ]
