"""`earnest capacity`: import what plants can build, look at it by week, and take it out again.

Not here: reading files and saying their faults (`capacity_source.py`), tables
(`desk/planning/tables.py`), and plans (`plan.py`).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from earnest.beside_planning import (
    Foretold,
    import_capacity,
    read_capacity,
    read_capacity_history,
    read_present,
)
from earnest.cli.capacity_source import source_of
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, instant_text, say, table
from earnest.cli.terms import LanguageOption
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.weeks import CapacityChanges, Week, by_week
from earnest.core.values.reason import Reason
from earnest.demo.capacity import demo_capacity
from earnest.demo.maker import LAUNCH_QUEUE
from earnest.desk.planning.ports import CapacityVersion
from earnest.desk.planning.tables import write_tables
from earnest.desk.planning.task import day_in
from earnest.settings import settings_to_read
from earnest.web.refusals import wording_of

capacity = App(
    name="capacity",
    help="""Say what plants can build: lines, calendars, caps of options, scarce parts.

    Begin in a demo with `earnest capacity example FOLDER`, change a table, import the folder.""",
)

MOST_SHOWN = 40
VersionOption = Annotated[
    int | None, Parameter(help="A version; the newest one without.", validator=Number(gt=0))
]


@capacity.command(name="import")
def import_(
    source: Annotated[Path, Parameter(help="A folder of CSV tables, or one JSON document.")],
    *,
    staff: Annotated[str, Parameter(name="--as", help="The id of whoever plans.")],
    yes: Annotated[
        bool, Parameter(help="Publish. Without it the change is only shown.", negative="")
    ] = False,
    data: DataOption = Path(".earnest"),
    language: LanguageOption = "en",
) -> int:
    """Show what a capacity document changes, week by week, and publish it with --yes.

    Every fault is named at once, with its file, line and column, and with what to do. What is on
    sale or waited for and no line builds is said as well, as a warning. A published version counts
    from then on for promises and plans, and is kept for ever. Exit code 1 when there are faults.
    """
    read = source_of(source, language)
    if read is None:
        return 1
    document = read.capacity
    settings = settings_to_read(os.environ, data)
    outcome = asyncio.run(import_capacity(settings, document, staff, for_good=yes))
    if isinstance(outcome, Foretold):
        _print_changes(outcome.changes)
        read.say(outcome.unbuilt, language)
        if outcome.published is None:
            say("Nothing was published: add --yes.")
        else:
            say(f"published capacity version {outcome.published.version}: {document.digest}")
        return 0
    read.say(outcome, language)
    return 1


@capacity.command
def export(
    folder: Annotated[Path, Parameter(help="The folder for the tables; made if needed.")],
    *,
    version: VersionOption = None,
    data: DataOption = Path(".earnest"),
) -> int:
    """Write a published capacity document as a folder of CSV tables, for any spreadsheet.

    Files of the same names are written over. Exit code 1 when nothing is published.
    """
    found = _published(data, version)
    if found is None:
        return 1
    _write(folder, found.capacity)
    say(f"wrote capacity version {found.version} to {folder}")
    return 0


@capacity.command
def example(
    folder: Annotated[Path, Parameter(help="The folder for the tables; made if needed.")],
    *,
    data: DataOption = Path(".earnest"),
) -> None:
    """Write the tables of the demo maker's plants, three years from the next Monday on.

    Published in a demo, they let quotes and reservations say what their window hangs on, and let
    `earnest plan run` give every order a day.
    """
    now = asyncio.run(read_present(settings_to_read(os.environ, data)))
    _write(folder, demo_capacity(day_in(LAUNCH_QUEUE.time_zone, now)))
    say(f"wrote the demo's tables to {folder}")
    say(f"Publish them: earnest capacity import {folder} --as eva-planning --yes")


@capacity.command
def show(
    *,
    version: VersionOption = None,
    weeks: Annotated[int, Parameter(help="How many weeks.", validator=Number(gt=0))] = 26,
    data: DataOption = Path(".earnest"),
) -> int:
    """Show cars of each line and receipts of each scarce part, week by week.

    Exit code 1 when nothing is published.
    """
    found = _published(data, version)
    if found is None:
        return 1
    document = found.capacity
    say(f"Capacity version {found.version}, {document.begins} to {document.ends}, by {_who(found)}")
    console.print(_weeks_table(by_week(document), weeks))
    return 0


@capacity.command
def history(*, data: DataOption = Path(".earnest")) -> None:
    """List every version of capacity, the newest first: who published it, when, for which days."""
    versions = asyncio.run(read_capacity_history(settings_to_read(os.environ, data)))
    rows = table("Capacity", "version>", "from!", "to!", "published (UTC)!", "by")
    for each in versions:
        at = instant_text(each.published_at, "UTC")
        days = (str(each.begins), str(each.ends))
        rows.add_row(str(each.version), *days, at, each.actor_id)
    console.print(rows)


def _write(folder: Path, document: Capacity) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in write_tables(document).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def _published(data: Path, version: int | None) -> CapacityVersion | None:
    """A version that is there; None after it was said that it is not."""
    found = asyncio.run(read_capacity(settings_to_read(os.environ, data), version))
    if found is None:
        words = wording_of(Reason.CAPACITY_MISSING, "en", {})
        say(f"{words.title}. {words.detail} {words.way_out} [{Reason.CAPACITY_MISSING}]", to=errors)
    return found


def _who(found: CapacityVersion) -> str:
    return f"{found.actor_id} on {instant_text(found.published_at, 'UTC')} UTC"


def _weeks_table(counted: dict[Week, int], most: int) -> object:
    """Weeks as rows, and everything that is counted as columns."""
    columns = sorted({(week.resource, week.name) for week in counted})
    rows = table("By week", "week of!", *(f"{kind} {name}>" for kind, name in columns))
    begins = sorted({week.begins for week in counted})
    for monday in begins[:most]:
        numbers = [counted.get(Week(monday, kind, name), 0) for kind, name in columns]
        rows.add_row(str(monday), *(f"{number:,}" for number in numbers))
    if len(begins) > most:
        rows.caption = f"{len(begins) - most} more weeks; --weeks shows them."
    return rows


def _print_changes(changes: CapacityChanges) -> None:
    if changes.is_nothing:
        say("Nothing changes.")
        return
    for name, (before, after) in _facts(changes):
        if before != after:
            say(f"{name}: {'-' if before is None else before} -> {after}")
    for name in changes.tables:
        say(f"{name}: changed")
    if not changes.weeks:
        return
    rows = table("By week", "week of!", "what!", "before>", "after>", "difference>")
    for each in changes.weeks[:MOST_SHOWN]:
        numbers = (f"{each.before:,}", f"{each.after:,}", f"{each.after - each.before:+,}")
        rows.add_row(str(each.week.begins), f"{each.week.resource} {each.week.name}", *numbers)
    if len(changes.weeks) > MOST_SHOWN:
        rows.caption = f"{len(changes.weeks) - MOST_SHOWN} more changes."
    console.print(rows)


def _facts(changes: CapacityChanges) -> Iterable[tuple[str, tuple[object, object]]]:
    yield "first day", changes.begins
    yield "end", changes.ends
    yield "frozen days", changes.frozen_days
