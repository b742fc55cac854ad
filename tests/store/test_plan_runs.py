"""The contract of `KeptRuns`: a run is written once, says how far it is, and is forgotten whole."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from earnest.core.plan.supposing import Supposition
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.planning.figures import WeekShift
from earnest.desk.planning.runs import PlanRun, RunOutcome, RunWanted, Step
from tests.core.plan.plants import CAPACITY, MONDAY
from tests.store.house import START, House
from tests.store.test_plans import SUMMARY, plan_version, slot

pytestmark = pytest.mark.anyio

RUN = PlanRun(
    run_id="ABCDEFGHJKMNPQRS",
    actor_id="staff:eva",
    content_hash="content",
    wanted=RunWanted(
        capacity=CAPACITY, instead_of=1, suppositions=(Supposition(name="north", percent=50),)
    ),
    asked_at=START,
    step_at=START,
)


def said(step: Step, **fields: object) -> PlanRun:
    return msgspec.structs.replace(RUN, step=step, step_at=START + timedelta(seconds=1), **fields)


async def test_a_run_is_written_once_and_says_how_far_it_is(house: House) -> None:
    assert await house.runs.run(RUN.run_id) is None
    assert await house.runs.add(RUN)
    assert not await house.runs.add(said(Step.FAILED))
    kept = msgspec.structs.replace(RUN, heard_at=START)
    assert await house.runs.run(RUN.run_id) == kept

    refused = said(Step.REFUSED, rejected=Rejected(Reason.HORIZON_SHORT, {"ends": "2026-03-30"}))
    await house.runs.say(refused)

    heard_at = START + timedelta(seconds=40)
    await house.runs.hear([RUN.run_id, "another"], heard_at)

    assert await house.runs.run(RUN.run_id) == msgspec.structs.replace(refused, heard_at=heard_at)
    assert await house.runs.moves(RUN.run_id, 1) == ()


async def test_its_moves_are_kept_in_pages_and_forgotten_with_it(house: House) -> None:
    await house.runs.add(RUN)
    outcome = RunOutcome(
        digest="digest",
        basis=plan_version().basis,
        summary=SUMMARY,
        frozen_until=MONDAY,
        moves=3,
        lanes=(),
        shifts=(WeekShift(weeks=None, orders=3),),
    )
    pages = [(slot("ann"), slot("bo", None)), (slot("cem"),)]
    await house.runs.say(said(Step.DONE, outcome=outcome), pages)

    found = await house.runs.run(RUN.run_id)
    assert found is not None
    assert found.outcome == outcome
    assert [await house.runs.moves(RUN.run_id, page) for page in (1, 2, 3)] == [*pages, ()]

    await house.runs.forget(START)
    assert await house.runs.run(RUN.run_id) is not None
    await house.runs.forget(START + timedelta(seconds=1))
    assert await house.runs.run(RUN.run_id) is None
    assert await house.runs.moves(RUN.run_id, 1) == ()
