"""`earnest plan`: try a plan dry, and apply it.

Not here: what if (`plan_supposing.py`), looking at plans (`plan_looking.py`), capacity
(`capacity.py`), making plans (`core/plan`) and what follows from one, which a server carries out.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.table import Table

from earnest.beside_planning import plan_beside
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, say, table, working
from earnest.cli.terms import LanguageOption
from earnest.core.plan.differences import Summary
from earnest.core.plan.effect import Effect
from earnest.core.values.outcome import Rejected
from earnest.desk.planning.figures import WeekShift, week_shifts
from earnest.desk.planning.ports import Way
from earnest.desk.planning.running import DryRun
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
    language: LanguageOption = "en",
) -> int:
    """Make a plan and say who moves, why, and which promises break. Applied only with --yes.

    Nothing is half applied: if the orders changed in between, it says what changed, and nothing
    is written. Exit code 1 then.
    """
    settings = settings_to_read(os.environ, data)
    with working("Planning"):
        tried, applied = asyncio.run(plan_beside(settings, way_of(fresh), staff, for_good=yes))
    for outcome in (tried, applied):
        if isinstance(outcome, Rejected):
            return say_rejection(outcome, language)
    assert not isinstance(tried, Rejected), "a rejection was said above"
    print_run(tried, json=json)
    if applied is None and not json:
        say("Nothing was applied: add --yes.")
    elif applied is not None and not isinstance(applied, Rejected):
        say(
            f"applied plan version {applied.version}: {applied.digest}",
            to=errors if json else console,
        )
    return 0


def say_rejection(rejected: Rejected, language: str) -> int:
    """Say why something was not done, and what to do; the exit code of that."""
    words = wording_of(rejected.reason, language, rejected.details)
    say(f"{words.title}. {words.detail} {words.way_out} [{rejected.reason}]", to=errors)
    return 1


def way_of(fresh: bool) -> Way:  # noqa: FBT001 - the flag of the command line
    """The way of a plan by the flag `--fresh`."""
    return Way.FRESH if fresh else Way.GENTLE


def print_run(tried: DryRun, *, json: bool) -> None:
    """A dry run, in figures, moves and promises that break; or all of it as JSON."""
    if json:
        sys.stdout.write(f"{msgspec.json.encode(tried).decode()}\n")
        return
    if tried.effect is None:
        figures = table("Plan", "", ">")
        figures.show_header = False
        for name, value in figures_of(tried.summary):
            figures.add_row(name, value)
        console.print(figures)
    else:
        console.print(_effect_table(tried.summary, tried.effect.without))
        console.print()
        _say_effect(tried.effect)
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


def _effect_table(supposed: Summary, without: Summary) -> Table:
    """A plan beside the one that would be made without what is supposed."""
    rows = table("With and without it", "", "with it>", "without it>", "difference>")
    kinds = {"orders wait": "orders", "have a day": "placed", "fit nowhere": "without_day"}
    kinds |= {"get another day": "moving", "promises broken": "promises_broken"}
    for name, field in kinds.items():
        figures = [getattr(each, field) for each in (supposed, without)]
        rows.add_row(name, *(f"{each:,}" for each in figures), _signed(figures[0] - figures[1]))
    waits = [each.mean_wait for each in (supposed, without)]
    told = ["-" if each is None else f"{each:,.1f}" for each in waits]
    longer = "-" if None in waits else f"{(waits[0] or 0) - (waits[1] or 0):+,.1f}"
    rows.add_row("mean wait, days", *told, longer)
    for what in sorted({*supposed.short, *without.short}):
        short = [each.short.get(what, 0) for each in (supposed, without)]
        shown = (f"{each:,}" for each in short)
        rows.add_row(f"do not fit: {what}", *shown, _signed(short[0] - short[1]))
    return rows


def _signed(number: int) -> str:
    """A difference with its sign; nothing has none."""
    return f"{number:+,}" if number else "0"


def _say_effect(effect: Effect) -> None:
    """What the supposition alone does, apart from what would happen anyway."""
    say(
        f"The supposition alone: {effect.later:,} later, {effect.earlier:,} earlier, "
        f"{effect.lose_day:,} lose their day, {effect.gain_day:,} get one."
    )


def _shifts_table(shifts: tuple[WeekShift, ...]) -> Table:
    """How far cars move, in weeks, with a bar for each number."""
    rows = table("How far they move", "weeks>", "orders>", "")
    most = max(each.orders for each in shifts)
    for each in shifts:
        weeks = "no day" if each.weeks is None else f"{each.weeks:+d}"
        rows.add_row(weeks, f"{each.orders:,}", "█" * max(1, BAR * each.orders // most))
    return rows


def figures_of(summary: Summary) -> Iterator[tuple[str, str]]:
    """A plan in figures, each with its name; what is short one by one, and the mean wait."""
    yield "orders", f"{summary.orders:,}"
    yield "with a day", f"{summary.placed:,}"
    yield "not to be planned", f"{summary.not_planned:,}"
    for name, count in summary.short.items():
        yield f"do not fit: {name}", f"{count:,}"
    yield "for the first time", f"{summary.newly_placed:,}"
    yield "earlier", f"{summary.earlier:,}"
    yield "later", f"{summary.later:,}"
    yield "promises broken", f"{summary.promises_broken:,}"
    if summary.mean_wait is not None:
        yield "mean wait, days", f"{summary.mean_wait:,.1f}"
