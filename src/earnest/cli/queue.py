"""`earnest queue`: queues in numbers, an order's place, who was overtaken, and mending moves.

Not here: changing a place. Only events do that, through the desk.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.table import Table

from earnest.beside_queues import find_inversions, read_queues, rebuild_moves
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, instant_text, say, table
from earnest.core.values.ids import OrderId
from earnest.desk.places.inversions import Inversion
from earnest.desk.places.words import line_words, place_words
from earnest.settings import settings_to_read

queue = App(name="queue", help="Look at queues and places, and mend the record of moves.")


@queue.command
def show(*, data: DataOption = Path(".earnest")) -> None:
    """Show every queue in numbers: ranks given, who waits, is deferred, and was built this week."""
    snapshot, now = asyncio.run(read_queues(settings_to_read(os.environ, data)))
    rows = table("Queues", "queue!", "ranks>", "waiting>", "deferred>", "built>", "lanes>")
    for queue_id in snapshot.books:
        facts = snapshot.queue_facts(queue_id, now)
        assert facts is not None, "a queue that has a book has facts"
        counts = (facts.ranks, facts.waiting, facts.aside, facts.built_this_week, facts.lanes)
        rows.add_row(queue_id, *(f"{each:,}" for each in counts))
    console.print(rows)


@queue.command
def position(
    order_id: Annotated[str, Parameter(help="The sixteen characters of the order's number.")],
    *,
    limit: Annotated[int, Parameter(help="At most this many moves.", validator=Number(gt=0))] = 50,
    language: Annotated[
        Literal["en", "zh-Hans"], Parameter(help="The language of the sentences.")
    ] = "en",
    data: DataOption = Path(".earnest"),
) -> int:
    """Show an order's place and every move that changed it, each with its one cause."""
    snapshot, _ = asyncio.run(read_queues(settings_to_read(os.environ, data)))
    wanted = OrderId(order_id.replace("-", "").upper())
    place = snapshot.place(wanted, None)
    history = snapshot.history(wanted, None, None, limit)
    if place is None or history is None:
        say(f"No order {order_id} ever stood in a queue. [order_unknown]", to=errors)
        return 1
    say(f"Rank {place.position.rank} in {place.queue_id}, lane {place.position.lane}.")
    say(place_words(place, language))
    for each in history.lines:
        say(f"  {instant_text(each.at, 'UTC')} UTC  {line_words(each, language)}")
    if history.further is not None:
        say(f"The first {limit} moves; --limit shows more.")
    return 0


@queue.command
def inversions(*, data: DataOption = Path(".earnest")) -> int:
    """List who was overtaken and why; exit code 1 if anybody was without a published reason."""
    found = asyncio.run(find_inversions(settings_to_read(os.environ, data)))
    if not found:
        say("Nobody who waits was overtaken.")
        return 0
    console.print(overtaken_table(found))
    return 1 if any(each.why is None for each in found) else 0


def overtaken_table(found: list[Inversion]) -> Table:
    """Whoever was overtaken, by whom first, by how many, and with which published reason."""
    rows = table("Overtaken", "queue!", "rank>", "order!", "first by>", "all>", "reason!")
    for each in found:
        reason = "NONE" if each.why is None else each.why.value
        counts = (f"{each.by_rank:,}", f"{each.others:,}")
        rows.add_row(each.queue_id, f"{each.rank:,}", each.order_id, *counts, reason)
    return rows


@queue.command
def rebuild(*, data: DataOption = Path(".earnest")) -> None:
    """Add moves that are missing, computed from the events; run it again as often as you like.

    For orders from before moves were recorded. It only adds, so it may run beside servers; those
    that run show the added moves once they are started anew.
    """
    orders, added = asyncio.run(rebuild_moves(settings_to_read(os.environ, data)))
    say(f"{orders:,} orders looked at, {added:,} moves added.")
