"""What every event of an order is.

Not here: the events (`events.py` and the files beside it).
"""

from __future__ import annotations

import msgspec

from earnest.core.values.instant import Instant


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=True):
    """Something that happened to an order at an instant. The class name is the stored kind."""

    at: Instant
