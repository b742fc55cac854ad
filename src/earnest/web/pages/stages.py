"""What a buyer calls each stage of an order, on pages and in refusals.

Not here: what the staff call it (`web/office/words.py`).
"""

from __future__ import annotations

from earnest.core.order.stage import Stage
from earnest.web.pages.wording import said

STAGE_NAMES: dict[Stage, str] = {
    Stage.RESERVED: said("Reserved"),
    Stage.DEPOSITED: said("Deposit paid, cooling off"),
    Stage.LOCKED: said("Locked, in the order bank"),
    Stage.SCHEDULED: said("Production scheduled"),
    Stage.BUILT: said("Built"),
    Stage.IN_TRANSIT: said("On its way"),
    Stage.TENDERED: said("Ready to be inspected"),
    Stage.INSPECTED: said("Inspected together"),
    Stage.PAID: said("Balance paid"),
    Stage.HANDED_OVER: said("Handed over"),
    Stage.CLOSED: said("File closed"),
    Stage.WITHDRAWN: said("Cancelled free of charge"),
    Stage.CANCELLED: said("Cancelled"),
    Stage.TERMINATED: said("Ended for a breach or an event"),
    Stage.LAPSED: said("Lapsed, never paid"),
}
"""What a buyer calls each stage."""
