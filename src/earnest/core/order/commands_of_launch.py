"""Commands that a launch brings to an order beside its reservation.

Not here: whether they hold (`benefiting.py`) and the reservation itself (`commands.py`).
"""

from __future__ import annotations

from earnest.core.order.command import Command


class DeliverBenefit(Command, frozen=True, kw_only=True):
    """Record that a benefit owed to the buyer was given; `proof` says what shows it."""

    benefit_id: str
    proof: str


LAUNCH_COMMANDS: tuple[type[Command], ...] = tuple(
    kind for kind in Command.__subclasses__() if kind.__module__ == __name__
)
"""The command types of this file."""
