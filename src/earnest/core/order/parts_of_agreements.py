"""The parts of an order about changes that were offered to it.

Not here: agreements and promises themselves (`core/terms/agreement.py`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.catalogue.configuration import Configuration
from earnest.core.values.ids import CatalogueHash, TermsHash
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money


class TermsOffer(msgspec.Struct, frozen=True, kw_only=True):
    """Another version that the buyer may accept; `worse` names what is not clearly as good."""

    terms_hash: TermsHash
    version: str
    offered_at: Instant
    worse: tuple[str, ...] = ()


class ChangeKind(StrEnum):
    """What changed on the maker's side while a buyer waits."""

    PRICE_FELL = "price_fell"
    MODEL_REFRESHED = "model_refreshed"
    OPTION_WITHDRAWN = "option_withdrawn"
    TAX_YEAR_PASSED = "tax_year_passed"
    GUARANTEE_MISSED = "guarantee_missed"
    """Building slipped over a date up to which something was guaranteed."""


class ChangeChoice(StrEnum):
    """What the buyer can answer to a change. Silence is none of these and changes nothing."""

    KEEP = "keep"
    SWITCH = "switch"
    LEAVE = "leave"


class Switch(msgspec.Struct, frozen=True, kw_only=True):
    """What the buyer could have instead, with the rank kept.

    `reduction` is what stands off the list price of `catalogue_hash`. `promise` None keeps the
    window of the order.
    """

    configuration: Configuration
    price: Money
    reduction: Money
    catalogue_hash: CatalogueHash
    promise: Window | None = None


class WaitingChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change on the maker's side that concerns one waiting order, and the buyer's answer.

    `switch` is None where there is nothing to switch to. `ended_at` is set when the time to
    answer was over in silence.
    """

    number: int
    change: ChangeKind
    explanation: str
    announced_at: Instant
    answer_until: Instant
    switch: Switch | None = None
    answer: ChangeChoice | None = None
    answered_at: Instant | None = None
    ended_at: Instant | None = None

    @property
    def is_unanswered(self) -> bool:
        """Whether the buyer has neither answered nor let the time pass."""
        return self.answer is None and self.ended_at is None

    def choices(self) -> tuple[ChangeChoice, ...]:
        """What the buyer can choose."""
        if self.switch is None:
            return (ChangeChoice.KEEP, ChangeChoice.LEAVE)
        return tuple(ChangeChoice)
