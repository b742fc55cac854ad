"""The plan board: what plants can build, what is taken of it, and what a change would do.

Also how promises stand, and who was served before an earlier rank.

Not here: making plans (`core/plan`), and the operations behind these pages (`web/api`).
"""

from __future__ import annotations

from earnest.web.office.planning import board, days, runs, tables, watching
from earnest.web.pages.page import Page


def pages() -> list[Page]:
    """The pages of the plan board."""
    return [
        *board.pages(),
        *days.pages(),
        *tables.pages(),
        *runs.pages(),
        *watching.pages(),
    ]
