"""`earnest plan`: try a plan dry, and apply it.

Not here: capacity (`capacity.py`), making plans (`core/plan`) and what follows from one, which a
server carries out.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from earnest.beside_planning import plan_beside
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, say, table
from earnest.core.values.outcome import Rejected
from earnest.desk.planning.ports import Way
from earnest.settings import settings_to_read
from earnest.web.refusals import wording_of

plan = App(
    name="plan",
    help="""Give every order its day: try a plan dry, apply it.

    A plan is made from the queues and from `earnest capacity`; docs/planning.md explains both.""",
)

MOST_SHOWN = 20
StaffOption = Annotated[str, Parameter(name="--as", help="The id of whoever plans.")]


@plan.command
def run(
    *,
    staff: StaffOption,
    fresh: Annotated[
        bool, Parameter(help="From nothing, not from the published plan.", negative="")
    ] = False,
    yes: Annotated[bool, Parameter(help="Apply it.", negative="")] = False,
    json: Annotated[bool, Parameter(help="Print the dry run as JSON.", negative="")] = False,
    data: DataOption = Path(".earnest"),
) -> int:
    """Make a plan and say who moves, why, and which promises break. Applied only with --yes.

    Nothing is half applied: if the orders changed in between, it says what changed, and nothing
    is written. Exit code 1 then.
    """
    settings = settings_to_read(os.environ, data)
    way = Way.FRESH if fresh else Way.GENTLE
    tried, applied = asyncio.run(plan_beside(settings, way, staff, for_good=yes))
    for outcome in (tried, applied):
        if isinstance(outcome, Rejected):
            words = wording_of(outcome.reason, "en", outcome.details)
            say(f"{words.title}. {words.detail} {words.way_out} [{outcome.reason}]", to=errors)
            return 1
    assert not isinstance(tried, Rejected), "a rejection was said above"
    if json:
        sys.stdout.write(f"{msgspec.json.encode(tried).decode()}\n")
        return 0
    figures = table("Plan", "", "", "")
    figures.show_header = False
    for name, value in msgspec.to_builtins(tried.summary).items():
        figures.add_row(name.replace("_", " "), str(value), "")
    console.print(figures)
    moves = table("Moves", "order!", "from", "to", "plant", "cause")
    for each in tried.moves[:MOST_SHOWN]:
        cause = " ".join(word for word in (each.cause, each.resource) if word)
        days = [str(day or "-") for day in (each.previous_day, each.day)]
        moves.add_row(each.order.order_id, *days, each.plant or "-", cause)
    console.print(moves)
    if applied is None:
        say("Nothing was applied: add --yes.")
    elif not isinstance(applied, Rejected):
        say(f"applied plan version {applied.version}: {applied.digest}")
    return 0
