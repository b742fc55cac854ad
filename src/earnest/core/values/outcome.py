"""What comes out of deciding a command: accepted with events, or rejected with a reason.

Not here: wording for people. Reasons are translated at the doors (`web/refusals.py`).
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from earnest.core.values.reason import Reason

EventType = TypeVar("EventType", covariant=True)  # noqa: PLC0105 - the word names the role


class Accepted(msgspec.Struct, Generic[EventType], frozen=True):
    """The command holds; these events happened, in this order."""

    events: tuple[EventType, ...]


class Rejected(msgspec.Struct, frozen=True):
    """The command does not hold and changed nothing.

    `reason` is the stable code; `details` are the values that its wording mentions.
    """

    reason: Reason
    details: dict[str, str] = {}
