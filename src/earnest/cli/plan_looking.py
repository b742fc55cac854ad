"""`earnest plan show` and `earnest plan check`: look at a plan, and check it once more.

Not here: making plans (`plan.py`).
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number
from rich.progress import Progress
from rich.table import Table

from earnest.beside_planning import check_beside, read_lanes, read_plan
from earnest.cli.capacity import VersionOption
from earnest.cli.migrate import DataOption
from earnest.cli.plan import MOST_SHOWN, figures_of, say_rejection
from earnest.cli.printing import console, errors, instant_text, say, table
from earnest.cli.terms import LanguageOption
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.planning.checking import Checked
from earnest.desk.planning.figures import LaneFigures
from earnest.desk.planning.ports import PlannedSlot, PlanVersion
from earnest.settings import settings_to_read
from earnest.web.telling_plan import MISSING, PLAN_CHANGED, breach_cure, breach_words

MOST_LANES = 40
_NOT_IN_PLAN = {
    "en": "Order {order} is not in plan version {version}. Check the number, or make a new plan if "
    "it was reserved since: `earnest plan run`. [order_unknown]",
    "zh-Hans": "订单{order}不在第{version}版计划中。请核对订单号；如是此后预订的，请重新排产："
    "`earnest plan run`。 [order_unknown]",
}
JsonOption = Annotated[bool, Parameter(help="Print everything as JSON.", negative="")]


def show(
    *,
    order: Annotated[str | None, Parameter(help="One order, by its number.")] = None,
    version: VersionOption = None,
    weeks: Annotated[int, Parameter(help="How many weeks.", validator=Number(gt=0))] = 26,
    json: JsonOption = False,
    data: DataOption = Path(".earnest"),
    language: LanguageOption = "en",
) -> int:
    """Show the published plan: cars of each line by week, queues and lanes with who has no day.

    With `--order` only where that order stands, and what moved it there. Exit code 1 when there is
    no plan, or the order is not in it.
    """
    settings = settings_to_read(os.environ, data)
    found = asyncio.run(read_plan(settings, version))
    if found is None:
        return say_rejection(Rejected(Reason.PLAN_UNKNOWN), language)
    plan, slots = found
    if order is not None:
        slots = [slot for slot in slots if slot.order.order_id == order.replace("-", "").upper()]
        if not slots:
            say(_NOT_IN_PLAN[language].format(order=order, version=plan.version), to=errors)
            return 1
    if json:
        body = {"plan": plan, "slots": slots}
        sys.stdout.write(f"{msgspec.json.encode(body).decode()}\n")
        return 0
    say(_headline(plan))
    if order is not None:
        _say_slot(slots[0])
        return 0
    lanes = asyncio.run(read_lanes(settings, plan, slots))
    for each in (_figures(plan), _weeks(slots, weeks), _queues(slots), _lanes(lanes)):
        console.print()
        console.print(each)
    return 0


def check(
    *,
    version: VersionOption = None,
    json: JsonOption = False,
    data: DataOption = Path(".earnest"),
    language: LanguageOption = "en",
) -> int:
    """Check a stored plan by other means than those that made it; exit code 1 if anything is wrong.

    Orders are folded anew from their events until the plan was applied. Lines, caps and parts are
    added up again, nobody may stand too early or have left the frozen zone, and nobody may have
    been overtaken while what they needed was there. What is stored must be what was applied.
    """
    settings = settings_to_read(os.environ, data)
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
        bar = progress.add_task("Reading orders", total=None)
        checked = asyncio.run(
            check_beside(
                settings,
                version,
                lambda done, count: progress.update(bar, completed=done, total=count),
            )
        )
    if checked is None:
        return say_rejection(Rejected(Reason.PLAN_UNKNOWN), language)
    if json:
        sys.stdout.write(f"{msgspec.json.encode(checked).decode()}\n")
        return 0 if checked.passed else 1
    say(_headline(checked.plan))
    say(f"{checked.orders:,} orders, {checked.placed:,} of them with a day.")
    say_findings(checked, language)
    if not checked.passed:
        return 1
    say("Nothing is overfull, nobody stands too early, and nobody was overtaken without a reason.")
    return 0


def say_findings(checked: Checked, language: str) -> None:
    """Say everything that is wrong with a plan, and for each kind of it what to do."""
    if checked.findings:
        rows = table("Wrong", "code!", "day!", "order!", "resource")
        for each in checked.findings[:MOST_SHOWN]:
            rows.add_row(each.breach, each.day, each.order_id or "-", each.resource or "-")
        if len(checked.findings) > MOST_SHOWN:
            rows.caption = f"{len(checked.findings) - MOST_SHOWN:,} more; --json has all of them."
        console.print(rows)
    for key in checked.missing[:MOST_SHOWN]:
        say(f"{key.order_id} [{MISSING}]")
    found = {each.breach for each in checked.findings}
    found |= {MISSING} if checked.missing else set()
    found |= set() if checked.is_as_applied else {PLAN_CHANGED}
    end = "。" if language == "zh-Hans" else ". "
    for code in sorted(found):
        say(f"{breach_words(code, language)}{end}{breach_cure(code, language)} [{code}]")


def _headline(plan: PlanVersion) -> str:
    at = instant_text(plan.published_at, "UTC")
    return (
        f"Plan version {plan.version} on capacity version {plan.basis.capacity_version}, "
        f"{plan.basis.way}, applied by {plan.actor_id} on {at} UTC; "
        f"frozen until {plan.frozen_until}."
    )


def _say_slot(slot: PlannedSlot) -> None:
    if slot.day is None:
        say(f"Order {slot.order.order_id} has no day.")
    else:
        say(
            f"Order {slot.order.order_id} is built on {slot.day} in {slot.plant}/{slot.line} "
            f"and arrives on {slot.arrives}."
        )
    if slot.cause is not None:
        cause = " ".join(word for word in (slot.cause, slot.resource) if word).replace("_", " ")
        say(f"This plan changed its day: {slot.previous_day or 'none'} before; cause: {cause}.")
    if slot.breaks_promise:
        say("The promise that its buyer had is broken by that.")


def _figures(plan: PlanVersion) -> Table:
    rows = table("Plan", "", ">")
    rows.show_header = False
    for name, value in figures_of(plan.summary):
        rows.add_row(name, value)
    return rows


def _weeks(slots: list[PlannedSlot], most: int) -> Table:
    """Weeks as rows, lines as columns."""
    counted = Counter(
        (slot.day - timedelta(days=slot.day.weekday()), f"{slot.plant}/{slot.line}")
        for slot in slots
        if slot.day is not None
    )
    lines = sorted({line for _, line in counted})
    mondays = sorted({monday for monday, _ in counted})
    rows = table("Cars by week", "week of!", *(f"{line}>" for line in lines), "all>")
    for monday in mondays[:most]:
        numbers = [counted[monday, line] for line in lines]
        rows.add_row(str(monday), *(f"{each:,}" for each in (*numbers, sum(numbers))))
    if len(mondays) > most:
        rows.caption = f"{len(mondays) - most} more weeks; --weeks shows them."
    return rows


def _queues(slots: list[PlannedSlot]) -> Table:
    """Queues with how many have a day, from when to when, and how many have none and why."""
    days: dict[str, list[date | None]] = {}
    for slot in slots:
        days.setdefault(slot.queue_id, []).append(slot.day)
    rows = table("Queues", "queue!", "with a day>", "first!", "last!", "without>")
    for queue_id, of_queue in sorted(days.items()):
        placed = [day for day in of_queue if day is not None]
        ends = (str(min(placed)), str(max(placed))) if placed else ("-", "-")
        rows.add_row(queue_id, f"{len(placed):,}", *ends, f"{len(of_queue) - len(placed):,}")
    return rows


def _lanes(lanes: tuple[LaneFigures, ...]) -> Table:
    """Lanes with how many have a day, from when to when, and how many have none."""
    rows = table("Lanes", "queue!", "lane", "with a day>", "first!", "last!", "without>")
    for each in sorted(lanes, key=lambda lane: -lane.orders)[:MOST_LANES]:
        ends = (str(each.first or "-"), str(each.last or "-"))
        without = f"{each.orders - each.placed:,}"
        rows.add_row(each.queue_id, each.lane, f"{each.placed:,}", *ends, without)
    if len(lanes) > MOST_LANES:
        rows.caption = f"{len(lanes) - MOST_LANES} more lanes."
    return rows
