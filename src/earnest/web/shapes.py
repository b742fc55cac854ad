"""How values look on the wire when they come in: bounded, strict, and turned into the core's own.

Not here: what leaves; the core's values are sent as they are.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Protocol, runtime_checkable

import msgspec
from msgspec import Meta

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.parts import ChecklistItem, Slot
from earnest.core.terms.override import Override, OverrideField
from earnest.core.terms.version import Acknowledgement
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money

HOUSE_ZONE = "Asia/Shanghai"
"""In whose days the house counts where no order names a zone."""

LONGEST_TEXT = 2_000
LONGEST_NAME = 100
MOST_ITEMS = 200
LARGEST_AMOUNT = 10**15
LARGEST_NUMBER = 1_000_000

Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
"""Words of a person, at most two thousand characters."""

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
"""A code, a hash or an id: present and short."""

Number = Annotated[int, Meta(ge=0, le=LARGEST_NUMBER)]
"""A count or a running number."""

Moment = Annotated[Instant, Meta(tz=True)]
"""An instant with its zone (RFC 3339); without one it would mean something else elsewhere."""

Language = Literal["en", "zh-Hans"]
"""A language in which the house writes to people."""


@runtime_checkable
class Incoming(Protocol):
    """A value as it came in, which knows the core's value it stands for."""

    def meant(self, received_at: Instant) -> object:
        """The core's value. `received_at` is for values that carry when they came."""


class AskedMoney(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An amount in whole minor units (fen, cents) of an ISO 4217 currency, above zero."""

    amount: Annotated[int, Meta(ge=1, le=LARGEST_AMOUNT)]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]

    def meant(self, received_at: Instant) -> Money:  # noqa: ARG002 - the protocol gives it
        """The core's money."""
        return Money(self.amount, self.currency)


class AskedWindow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A half-open stretch of time: the end itself is outside."""

    begins: Moment
    ends: Moment

    def meant(self, received_at: Instant) -> Window:  # noqa: ARG002 - the protocol gives it
        """The core's window."""
        return Window(self.begins, self.ends)


class AskedSlot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A plant and a production week, for example 2026-W31."""

    plant: Name
    week: Annotated[str, Meta(pattern="^[0-9]{4}-W[0-9]{2}$")]

    def meant(self, received_at: Instant) -> Slot:  # noqa: ARG002 - the protocol gives it
        """The core's slot."""
        return Slot(plant=self.plant, week=self.week)


class AskedConfiguration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model with the chosen options, by code."""

    model: Name
    options: Annotated[tuple[Name, ...], Meta(max_length=MOST_ITEMS)]

    def meant(self, received_at: Instant) -> Configuration:  # noqa: ARG002 - the protocol gives it
        """The core's configuration."""
        return Configuration(self.model, self.options)


class AskedChecklistItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One point of the joint inspection and what both sides saw."""

    item: Name
    in_order: bool
    remark: Text = ""

    def meant(self, received_at: Instant) -> ChecklistItem:  # noqa: ARG002 - the protocol gives it
        """The core's item."""
        return ChecklistItem(item=self.item, in_order=self.in_order, remark=self.remark)


class AskedAcknowledgement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A clause that was shown and accepted on its own, by the digest of the text that was shown."""

    clause_id: Name
    text_hash: Name
    language: Name

    def meant(self, received_at: Instant) -> Acknowledgement:
        """The core's acknowledgement, given at the instant the door stamped."""
        return Acknowledgement(
            clause_id=self.clause_id,
            text_hash=self.text_hash,
            language=self.language,
            at=received_at,
        )


class AskedSum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An amount in whole minor units that an agreement sets; zero means nothing."""

    amount: Annotated[int, Meta(ge=0, le=LARGEST_AMOUNT)]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]


class AskedOverride(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of the policy and what is to hold instead: yes or no, a count, a sum, an instant."""

    field: OverrideField
    value: bool | Number | AskedSum | Moment

    def meant(self, received_at: Instant) -> Override:  # noqa: ARG002 - the protocol gives it
        """The core's override."""
        if isinstance(self.value, AskedSum):
            return Override(self.field, Money(self.value.amount, self.value.currency))
        return Override(self.field, self.value)


INCOMING: dict[Any, Any] = {
    str: Text,
    int: Number,
    Instant: Moment,
    Money: AskedMoney,
    Window: AskedWindow,
    Slot: AskedSlot,
    Configuration: AskedConfiguration,
    ChecklistItem: AskedChecklistItem,
    Acknowledgement: AskedAcknowledgement,
    Override: AskedOverride,
}
"""How each type of the core comes in. A type that is not here comes in as it is (enums, bool)."""


def meant(value: object, received_at: Instant) -> object:
    """The core's value for an incoming one; tuples item by item, plain values as they are."""
    if isinstance(value, Incoming):
        return value.meant(received_at)
    if isinstance(value, tuple):
        return tuple(meant(each, received_at) for each in value)
    return value
