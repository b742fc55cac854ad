"""Who makes a plan from nothing: the compiled planner where it is installed and worth its loading.

Both give the same plan, so nobody has to choose. Not here: the planners (`core/plan`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

from earnest.core.plan.plan import Plan, Task
from earnest.core.plan.planner import fresh_plan

COMPILED = "earnest.core.plan.compiled"

WORTH_LOADING = 200_000
"""Orders from which on a compiled plan is made sooner, although a compiler has to be loaded."""

Planner = Callable[[Task], Plan]


def planner_for(orders: int, compiled: str = COMPILED) -> Planner:
    """The planner for so many orders. Plain Python always works, and is all that is required."""
    if orders < WORTH_LOADING:
        return fresh_plan
    try:
        module = import_module(compiled)
    except ImportError:
        return fresh_plan
    # Compiling takes seconds, so what comes out is kept beside the program or in the user's cache.
    # On a machine where neither can be written, each process compiles anew.
    with suppress(RuntimeError):
        module.compiled_loop.enable_caching()
    found: Planner = module.compiled_plan
    return found
