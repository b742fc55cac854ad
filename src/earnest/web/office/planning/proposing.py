"""What pages do with a proposed capacity: show what is wrong with it, or start its dry run.

Not here: reading and checking proposals (`web/api/capacity_changes.py`), and the words of faults
(`web/telling_capacity.py`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.desk.planning.ports import Way
from earnest.web.api.capacity_changes import CapacityProposed

OK, FAULTY = 200, 422
"""The status of a page as it is, and of one that shows why a form was not taken."""


def kept_document(proposed: CapacityProposed) -> dict[str, Any]:
    """The dry run of a sound proposal: who would move if it were published."""
    document = msgspec.to_builtins(proposed.capacity)
    return {"way": Way.GENTLE.value, "capacity": document}
