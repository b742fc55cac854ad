"""A limited edition: how many units a queue sells, and how many of them one person may hold.

A unit is held from the reservation until the order ends before its handover. Whoever reserves when
none is left, or while somebody waits, waits with a rank; a freed unit goes to the first who waits.

Not here: campaigns (`campaign.py`), the order's own part of it (`core/order/allot.py`) and proving
who a person is (`people`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

SHORTEST_OFFER_MINUTES = 60
"""A freed unit is offered at any hour; nobody can be asked to pay for it within minutes."""


class Proof(StrEnum):
    """By what a person is told from others where each may hold only so many units."""

    PHONE = "phone"
    IDENTITY_NUMBER = "identity_number"


class Edition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is scarce in a queue.

    `units` is how many orders may hold a unit at once; None only limits persons. `per_person` is
    how many orders of the queue one verified person may have alive, waiting ones included.
    `offer_minutes` is how long a freed unit is offered to the first who waits before the next.
    """

    units: int | None = None
    per_person: int | None = None
    offer_minutes: int = 24 * 60
    proof: Proof = Proof.PHONE


UNLIMITED = Edition()
"""Nothing is scarce: what holds where a campaign says nothing of an edition."""


class Allotment(msgspec.Struct, frozen=True, kw_only=True):
    """How the units of a queue stand, read and kept under the lock of the queue's row.

    `set_aside` are units kept for invited groups to which the order does not belong; `is_kept`:
    the order comes by a group that has some of its own. `first_waiting` is the lowest rank that
    waits, where that was asked for. `of_person` counts the orders alive in this queue of the
    person who reserves.
    """

    edition: Edition
    taken: int = 0
    waiting: int = 0
    set_aside: int = 0
    of_person: int = 0
    first_waiting: int | None = None
    is_kept: bool = False

    @property
    def is_free_to_new(self) -> bool:
        """Whether somebody new gets a unit: one is free, and nobody waits whom it belongs to.

        What was set aside for an invited group is that group's, whoever waits for the others.
        Where units are not limited none are set aside, and whoever waits comes first.
        """
        has_own = self.is_kept and self.edition.units is not None
        return self.is_free and (has_own or not self.waiting)

    @property
    def left(self) -> int | None:
        """Units that nobody holds; None where units are not limited."""
        return None if self.edition.units is None else max(self.edition.units - self.taken, 0)

    @property
    def is_free(self) -> bool:
        """Whether there is a unit that nobody holds and that is not set aside for others."""
        return self.edition.units is None or self.taken + self.set_aside < self.edition.units


def check_edition(edition: Edition, before: Edition | None = None) -> Rejected | None:
    """Why an edition cannot be published, on its own or in place of an earlier one.

    What buyers were told can grow and never shrink: units and offers that people wait for, and
    the number that one person may hold. What nothing limited before stays without a limit: orders
    that came then were never counted. `before` is `UNLIMITED` where there was no edition.

    Rejections: `edition_empty`, `freed_offer_too_short`, `edition_shrunk`.
    """
    limits = [each for each in (edition.units, edition.per_person) if each is not None]
    if not limits or min(limits) < 1:
        return Rejected(Reason.EDITION_EMPTY)
    if edition.offer_minutes < SHORTEST_OFFER_MINUTES:
        return Rejected(Reason.FREED_OFFER_TOO_SHORT, {"minutes": str(SHORTEST_OFFER_MINUTES)})
    if before is None:
        return None
    shrunk = (
        is_less(edition.units, before.units)
        or is_less(edition.per_person, before.per_person)
        or edition.offer_minutes < before.offer_minutes
        or edition.proof is not before.proof
    )
    return Rejected(Reason.EDITION_SHRUNK) if shrunk else None


def is_less(number: int | None, before: int | None) -> bool:
    """Whether a limit is tighter than before; None is no limit at all."""
    if number is None:
        return False
    return before is None or number < before
