"""Who makes a plan from nothing: compiled where it is installed and worth loading."""

from __future__ import annotations

from earnest.core.plan.compiled import compiled_plan
from earnest.core.plan.planner import fresh_plan
from earnest.desk.planning.fresh import WORTH_LOADING, planner_for


def test_a_small_plan_loads_no_compiler() -> None:
    assert planner_for(WORTH_LOADING - 1) is fresh_plan


def test_a_large_plan_is_made_by_the_compiled_planner() -> None:
    assert planner_for(WORTH_LOADING) is compiled_plan


def test_without_a_compiler_plain_python_makes_it() -> None:
    assert planner_for(WORTH_LOADING, "earnest.core.plan.not_installed") is fresh_plan
