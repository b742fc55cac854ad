"""`earnest plan`: publish capacity, try a plan dry, and apply it.

Not here: making plans (`core/plan`) and what follows from one, which a server carries out.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from earnest.beside import plan_beside, publish_capacity
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, say, table
from earnest.core.plan.capacity import Capacity
from earnest.core.values.outcome import Rejected
from earnest.desk.planning.ports import Way
from earnest.settings import settings_to_read
from earnest.web.refusals import wording_of

plan = App(
    name="plan",
    help="""Give every order its day: publish capacity, try a plan dry, apply it.

    What a capacity document holds is explained in docs/planning.md.""",
)

MOST_SHOWN = 20
StaffOption = Annotated[str, Parameter(name="--as", help="The id of whoever plans.")]


@plan.command
def capacity(
    file: Annotated[Path, Parameter(help="The capacity document, a JSON file.")],
    *,
    staff: StaffOption,
    data: DataOption = Path(".earnest"),
) -> int:
    """Publish what plants can build from a day on; the newest version counts.

    Every fault is named at once, with its table and row. Exit code 1 when there are any.
    """
    try:
        document = msgspec.json.decode(file.read_bytes(), type=Capacity)
    except (OSError, msgspec.DecodeError) as error:
        say(f"{file}: {error}", to=errors)
        return 1
    settings = settings_to_read(os.environ, data)
    outcome = asyncio.run(publish_capacity(settings, document, staff))
    if isinstance(outcome, tuple):
        for fault in outcome:
            row = "" if fault.row is None else f" row {fault.row + 1}"
            told = ", ".join(f"{name} {value}" for name, value in fault.details.items())
            say(f"{file}: {fault.table}{row}: {told} [{fault.code}]", to=errors)
        return 1
    say(f"published capacity version {outcome.version}: {outcome.digest}")
    return 0


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
