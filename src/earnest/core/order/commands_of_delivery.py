"""Commands about the delivery centre: where the car goes, and its preparation there.

Not here: whether they hold (`preparing.py`), and tender, inspection and handover (`commands.py`).
"""

from __future__ import annotations

from earnest.core.order.command import Command
from earnest.core.order.parts import ChecklistItem
from earnest.core.values.ids import CentreId


class ChooseCentre(Command, frozen=True, kw_only=True):
    """Choose the delivery centre at which the car is inspected and handed over.

    Until the car is shipped; afterwards there are a deferral and a case for it.
    """

    centre_id: CentreId


class RecordPreparation(Command, frozen=True, kw_only=True):
    """The centre checked the car before the buyer comes. It takes no inspection's place.

    `documents` are the papers that lie ready. It can be recorded again as more of them arrive.
    """

    vin: str
    checklist: tuple[ChecklistItem, ...]
    documents: tuple[str, ...] = ()


DELIVERY_COMMANDS: tuple[type[Command], ...] = tuple(
    kind for kind in Command.__subclasses__() if kind.__module__ == __name__
)
"""The command types of this file."""
