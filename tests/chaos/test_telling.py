"""What a trial says while it runs, to a file: how much is done, and when the rest will be."""

from __future__ import annotations

from io import StringIO
from itertools import count

from rich.console import Console

from chaos.telling import told


def test_a_line_now_and_then_says_what_is_done_and_what_is_left() -> None:
    written = StringIO()
    ticks = count(step=20)
    with told("kills", 100, "kills", Console(file=written), lambda: float(next(ticks))) as watch:
        watch.reach(5, 900)
        watch.reach(10, 2_000)
        watch.say("kill 11 (server): back after 2.1 s")
        watch.reach(15)
        watch.reach(120, 9_999)

    assert written.getvalue().splitlines() == [
        "kills: 10 of 100 kills, 2,000 acknowledged, after 0:40, left 6:00",
        "kills: kill 11 (server): back after 2.1 s",
        "kills: 100 of 100 kills, 9,999 acknowledged, after 1:20, left 0:00",
    ]
