"""Commands by which a plan run, or who plans, changes an order: its slot and its promise.

Not here: whether they hold (`schedule.py`), the plan itself (`core/plan/`) and the rest of an
order's life (`commands.py`).
"""

from __future__ import annotations

from earnest.core.order.command import Command
from earnest.core.order.parts import Slot
from earnest.core.values.instant import Window


class Schedule(Command, frozen=True, kw_only=True):
    """Put a locked order into the frozen zone, with a slot."""

    slot: Slot


class Reschedule(Command, frozen=True, kw_only=True):
    """Give a scheduled order another slot, for one cause."""

    slot: Slot
    cause: str


class RevisePromise(Command, frozen=True, kw_only=True):
    """Change the promised window, for one cause."""

    promise: Window
    cause: str


PLANNING_COMMANDS: tuple[type[Command], ...] = tuple(
    kind for kind in Command.__subclasses__() if kind.__module__ == __name__
)
"""The command types of this file."""
