"""The switches that make the sandbox misbehave, for demonstrations and tests.

They hold for the running process only: a restart starts a well-behaved provider. They decide who is
hit; what being hit means stands where it happens (operations, dispatcher, doors).
"""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

SwitchName = Literal[
    "decline",
    "delay",
    "duplicate",
    "out_of_order",
    "lost_answer",
    "lost_request",
    "call_limit",
    "pay_late",
    "refund_failure",
    "payout_failure",
    "webhook_secret_wrong",
]

_MODES = {
    "lost_answer": ("close", "error"),
    "refund_failure": ("later", "now"),
    "payout_failure": ("later", "now"),
}
_LONGEST_SECONDS = 400 * 86_400


class Switch(Struct, kw_only=True, forbid_unknown_fields=True):
    """One way to misbehave, for the references that begin with ``reference``.

    ``call_limit`` lets ``copies`` calls a second for pages pass and answers 429 to the others;
    ``lost_request`` closes the connection before anything happened, ``lost_answer`` after it.
    ``share`` hits a fixed part of the subjects (the same ones each time, so a run can be repeated);
    ``count`` stops after so many hits. ``seconds`` is the length of ``delay``, the shift of
    ``pay_late`` (negative: paid earlier than now) and the longest hold of ``out_of_order``;
    ``copies`` is how many extra webhooks ``duplicate`` sends and how many later webhooks overtake
    with ``out_of_order``. ``how`` is ``close`` or ``error`` for ``lost_answer``; ``later`` (pending
    first, then a webhook) or ``now`` for the failures; the first of each pair unless given.
    """

    name: SwitchName
    reference: str = ""
    count: Annotated[int, Meta(ge=0)] | None = None
    share: Annotated[float, Meta(ge=0, le=1)] = 1.0
    seconds: Annotated[float, Meta(ge=-_LONGEST_SECONDS, le=_LONGEST_SECONDS)] = 30.0
    copies: Annotated[int, Meta(ge=1, le=100)] = 1
    how: str = ""

    def __post_init__(self) -> None:
        """Fill in and check ``how``; a delay cannot be negative."""
        modes = _MODES.get(self.name, ("",))
        self.how = self.how or modes[0]
        if self.how not in modes:
            wanted = " or ".join(mode or "left out" for mode in modes)
            raise ValueError(f"how must be {wanted} for the switch {self.name}")
        if self.seconds < 0 and self.name != "pay_late":
            raise ValueError(f"seconds may not be negative for the switch {self.name}")


class Switches:
    """The switches that are on, and the question whether one of them hits a subject."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[Switch]] = {}

    def listed(self) -> list[Switch]:
        """Return the switches with the hits they have left."""
        return [switch for switches in self._by_name.values() for switch in switches]

    def reset(self) -> None:
        """Behave well again."""
        self._by_name = {}

    def add(self, switches: Sequence[Switch]) -> None:
        """Turn switches on; one with the same name and reference replaces the earlier one."""
        for switch in switches:
            others = [
                other
                for other in self._by_name.get(switch.name, [])
                if other.reference != switch.reference
            ]
            self._by_name[switch.name] = [*others, switch]

    def hit(self, name: SwitchName, reference: str, subject: str) -> Switch | None:
        """Return the switch that hits, and use up one of its hits.

        ``subject`` is what a share is drawn from: the attempt, the transfer or the event.
        """
        switches = self._by_name.get(name)
        if not switches:
            return None
        for switch in switches:
            if switch.count == 0 or not reference.startswith(switch.reference):
                continue
            if switch.share < 1 and _lot(name, subject) >= switch.share:
                continue
            if switch.count is not None:
                switch.count -= 1
            return switch
        return None


def _lot(name: str, subject: str) -> float:
    """Return a number from 0 up to 1 that is always the same for the same subject.

    A checksum would be faster, but gives neighbouring references neighbouring lots.
    """
    digest = hashlib.blake2b(f"{name}:{subject}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 2**32
