"""Commands that a launch brings to an order beside its reservation.

Not here: whether they hold (`benefiting.py`, `allot.py`, `standing_still.py`) and the reservation
itself (`commands.py`).
"""

from __future__ import annotations

from earnest.core.order.command import Command
from earnest.core.queue.pause import SalePause


class DeliverBenefit(Command, frozen=True, kw_only=True):
    """Record that a benefit owed to the buyer was given; `proof` says what shows it."""

    benefit_id: str
    proof: str


class AllotUnit(Command, frozen=True, kw_only=True):
    """Offer a freed unit of the edition to the first order that waits for one."""


class OpenPayment(Command, frozen=True, kw_only=True):
    """The provider is ready to take the deposit; the payment window begins now.

    `link` is the page where the provider said it can be paid.
    """

    payment_number: int
    link: str | None = None


class GiveTimeBack(Command, frozen=True, kw_only=True):
    """Give an order back the time that a pause of its queue's sale took; the pause is over."""

    paused: SalePause


LAUNCH_COMMANDS: tuple[type[Command], ...] = tuple(
    kind for kind in Command.__subclasses__() if kind.__module__ == __name__
)
"""The command types of this file."""
