"""`earnest plan`: try a plan dry, apply it, and ask what if plants could build less or more.

Not here: looking at plans (`plan_looking.py`), capacity (`capacity.py`), making plans (`core/plan`)
and what follows from one, which a server carries out.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.table import Table

from earnest.beside_planning import faults_beside, plan_beside, plan_supposing, read_capacity
from earnest.cli.capacity import document_of, say_faults
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, say, table, working
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.differences import Summary
from earnest.core.plan.supposing import Supposition, names_in, supposed
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.planning.figures import WeekShift, week_shifts
from earnest.desk.planning.ports import Way
from earnest.desk.planning.running import DryRun
from earnest.desk.planning.tables import Tables
from earnest.settings import settings_to_read
from earnest.web.refusals import wording_of

plan = App(
    name="plan",
    help="""Give every order its day: try a plan dry, apply it, look at it, check it.

    A plan is made from the queues and from `earnest capacity`; docs/planning.md explains both.""",
)

MOST_SHOWN = 20
BAR = 30
"""Characters of the longest bar."""

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
    with working("Planning"):
        tried, applied = asyncio.run(plan_beside(settings, _way(fresh), staff, for_good=yes))
    for outcome in (tried, applied):
        if isinstance(outcome, Rejected):
            return say_rejection(outcome)
    assert not isinstance(tried, Rejected), "a rejection was said above"
    _print_run(tried, json=json)
    if applied is None and not json:
        say("Nothing was applied: add --yes.")
    elif applied is not None and not isinstance(applied, Rejected):
        say(
            f"applied plan version {applied.version}: {applied.digest}",
            to=errors if json else console,
        )
    return 0


@plan.command(name="what-if")
def what_if(
    *suppositions: Annotated[
        str,
        Parameter(
            help="NAME=PERCENT or NAME@FROM..UNTIL=PERCENT: north@2026-03-02..2026-03-16=50."
        ),
    ],
    capacity: Annotated[
        Path | None,
        Parameter(help="Begin with these CSV tables or this JSON document, not with what counts."),
    ] = None,
    fresh: Annotated[
        bool, Parameter(help="From nothing, not from the published plan.", negative="")
    ] = False,
    json: Annotated[bool, Parameter(help="Print the dry run as JSON.", negative="")] = False,
    data: DataOption = Path(".earnest"),
) -> int:
    """Change capacity in thought, and see who would move and which promises would break.

    NAME is a plant, a line (`north/1`) or a scarce part; `earnest capacity show` names them. UNTIL
    is the first day that is not meant, and 100 is what there is now. Nothing is saved, and nobody
    is told. To make it real, change the tables and use `earnest capacity import`.

    Try `earnest plan what-if north=50`.
    """
    if not suppositions and capacity is None:
        say("Say what would be different, such as north=50. [supposition_missing]", to=errors)
        return 1
    settings = settings_to_read(os.environ, data)
    document = _beginning(data, capacity)
    if document is None:
        return 1
    read = [_read(each) for each in suppositions]
    unread = [text for text, each in zip(suppositions, read, strict=True) if each is None]
    known = [each for each in read if each is not None]
    unknown = [each.name for each in known if each.name not in names_in(document)]
    for text in unread:
        say(f"{text}: write NAME=PERCENT or NAME@FROM..UNTIL=PERCENT [unreadable]", to=errors)
    for name in unknown:
        say(f"{name}: there is {', '.join(names_in(document))} [name_unknown]", to=errors)
    if unread or unknown:
        return 1
    with working("Planning"):
        tried = asyncio.run(plan_supposing(settings, _way(fresh), supposed(document, known)))
    if isinstance(tried, Rejected):
        return say_rejection(tried)
    _print_run(tried, json=json)
    if not json:
        say("Nothing was saved: this was a supposition.")
    return 0


def say_rejection(rejected: Rejected) -> int:
    """Say why something was not done, and what to do; the exit code of that."""
    words = wording_of(rejected.reason, "en", rejected.details)
    say(f"{words.title}. {words.detail} {words.way_out} [{rejected.reason}]", to=errors)
    return 1


def _way(fresh: bool) -> Way:  # noqa: FBT001 - the flag of the command line
    return Way.FRESH if fresh else Way.GENTLE


def _beginning(data: Path, source: Path | None) -> Capacity | None:
    """The document that counts now, or a sound one from tables; None after its faults were said."""
    settings = settings_to_read(os.environ, data)
    if source is None:
        found = asyncio.run(read_capacity(settings, None))
        if found is None:
            say_rejection(Rejected(Reason.CAPACITY_MISSING))
            return None
        return found.capacity
    read = document_of(source)
    if read is None:
        return None
    document = read.capacity if isinstance(read, Tables) else read
    faults = asyncio.run(faults_beside(settings, document))
    say_faults(source, read, faults)
    return None if faults else document


_SUPPOSITION = re.compile(
    r"(?P<name>[^@=]+)(?:@(?P<begins>[^.=]*)\.\.(?P<ends>[^=]*))?=(?P<of>\d{1,4})"
)


def _read(text: str) -> Supposition | None:
    """A supposition as it is typed; None if it cannot be read."""
    found = _SUPPOSITION.fullmatch(text)
    if found is None:
        return None
    try:
        begins, ends = (
            date.fromisoformat(found[each]) if found[each] else None for each in ("begins", "ends")
        )
    except ValueError:
        return None
    return Supposition(name=found["name"], percent=int(found["of"]), begins=begins, ends=ends)


def _print_run(tried: DryRun, *, json: bool) -> None:
    """A dry run, in figures, moves and promises that break; or all of it as JSON."""
    if json:
        sys.stdout.write(f"{msgspec.json.encode(tried).decode()}\n")
        return
    figures = table("Plan", "", ">")
    figures.show_header = False
    for name, value in figures_of(tried.summary):
        figures.add_row(name, value)
    console.print(figures)
    console.print()
    if not tried.moves:
        say("Nobody moves.")
        return
    shifts = week_shifts(tried.moves)
    if shifts:
        console.print(_shifts_table(shifts))
        console.print()
    moves = table("Moves", "order!", "from!", "to!", "plant", "cause", "promise")
    # Whoever is promised something else reads about it first.
    for each in sorted(tried.moves, key=lambda slot: not slot.breaks_promise)[:MOST_SHOWN]:
        cause = " ".join(word for word in (each.cause, each.resource) if word).replace("_", " ")
        days = [str(day or "-") for day in (each.previous_day, each.day)]
        promise = "breaks" if each.breaks_promise else ""
        moves.add_row(each.order.order_id, *days, each.plant or "-", cause, promise)
    if len(tried.moves) > MOST_SHOWN:
        moves.caption = f"{len(tried.moves) - MOST_SHOWN:,} more moves; --json has all of them."
    console.print(moves)


def _shifts_table(shifts: tuple[WeekShift, ...]) -> Table:
    """How far cars move, in weeks, with a bar for each number."""
    rows = table("How far they move", "weeks>", "orders>", "")
    most = max(each.orders for each in shifts)
    for each in shifts:
        weeks = "no day" if each.weeks is None else f"{each.weeks:+d}"
        rows.add_row(weeks, f"{each.orders:,}", "█" * max(1, BAR * each.orders // most))
    return rows


def figures_of(summary: Summary) -> Iterator[tuple[str, str]]:
    """A plan in figures, each with its name; what is short one by one."""
    yield "orders", f"{summary.orders:,}"
    yield "with a day", f"{summary.placed:,}"
    yield "not to be planned", f"{summary.not_planned:,}"
    for name, count in summary.short.items():
        yield f"do not fit: {name}", f"{count:,}"
    yield "for the first time", f"{summary.newly_placed:,}"
    yield "earlier", f"{summary.earlier:,}"
    yield "later", f"{summary.later:,}"
    yield "promises broken", f"{summary.promises_broken:,}"
