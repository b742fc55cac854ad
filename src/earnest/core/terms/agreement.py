"""What was promised and agreed beside the standard terms, and beats them (CN-05, EU-09, DE-01).

A side agreement is individual: made with one buyer in chat, by mail, on the site or in a note of
the staff. A public promise is made to everybody: an advertisement, a statement of the maker. Both
are overrides of policy fields with their text as it was said. Not here: which value runs in the
end (`effective.py`) and the rules by which agreements come about (`core/order/agree.py`).
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec

from earnest.core.terms.override import Override, OverrideField, Value
from earnest.core.terms.version import Acknowledgement
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant


class Origin(StrEnum):
    """Where an agreement or a promise was made."""

    SITE = "site"
    CHAT = "chat"
    MAIL = "mail"
    STAFF_NOTE = "staff_note"
    ADVERTISEMENT = "advertisement"


class Party(StrEnum):
    """One of the two sides of an order."""

    BUYER = "buyer"
    SELLER = "seller"


class DeferralAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """The buyer moves delivery later; until `valid_until` nothing is built or demanded.

    The side agreement of the Haikou case, so common that it has its own commands. Production
    starts only on the buyer's request. The end of its validity takes nothing away: it only
    allows the seller to ask.
    """

    number: int
    agreed_at: Instant
    valid_until: Instant
    origin: Origin
    build_only_on_request: bool = True

    def is_open(self, at: Instant) -> bool:
        """Whether the agreement still stops every demand, expiry and forfeiture."""
        return at < self.valid_until


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """A side agreement: what it changes, since when and until when, who said and accepted it.

    `text` quotes what was said; it is the evidence. `valid_until` None means without end.
    `seller_accepted_at` and `buyer_accepted_at` say when each side accepted; the buyer's is None
    where a staff promise that only favours the buyer bound at once (CN-05, EU-09). `replaces`
    names agreements that this one puts out of force. `acknowledgement` is the buyer's separate
    act where a part is to the buyer's disadvantage (CN-03).
    """

    number: int
    origin: Origin
    overrides: tuple[Override, ...]
    text: str
    valid_from: Instant
    valid_until: Instant | None
    proposed_by: Party
    proposed_at: Instant
    staff_id: str | None = None
    replaces: tuple[int, ...] = ()
    seller_accepted_at: Instant | None = None
    buyer_accepted_at: Instant | None = None
    acknowledgement: Acknowledgement | None = None

    def in_force(self, at: Instant) -> bool:
        """Whether its time `[valid_from, valid_until)` runs."""
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)

    def overlaps(self, other: Agreement) -> bool:
        """Whether there is an instant at which both would be in force."""
        ends_before = self.valid_until is not None and self.valid_until <= other.valid_from
        begins_after = other.valid_until is not None and other.valid_until <= self.valid_from
        return not ends_before and not begins_after

    def value_of(self, field: OverrideField) -> Value | None:
        """What it says about a field; None when it is silent."""
        return value_among(self.overrides, field)

    @property
    def text_hash(self) -> str:
        """The digest of the text as it was said, which the buyer acknowledges."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class PublicPromise(msgspec.Struct, frozen=True, kw_only=True):
    """What the maker promised to everybody who orders in a queue, in `[valid_from, valid_until)`.

    `text` quotes it, `source` says where it stands (an address, a broadcast, a leaflet). Once
    applied to an order it stays with that order for life (CN-26).
    """

    promise_id: str
    queue_id: QueueId
    overrides: tuple[Override, ...]
    text: str
    source: str
    valid_from: Instant
    valid_until: Instant | None
    published_at: Instant
    published_by: str

    def in_force(self, at: Instant) -> bool:
        """Whether it is addressed to somebody who orders at this instant."""
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


class AppliedPromise(msgspec.Struct, frozen=True, kw_only=True):
    """A public promise as it became part of one order, and since when."""

    number: int
    applied_at: Instant
    promise: PublicPromise


def value_among(overrides: tuple[Override, ...], field: OverrideField) -> Value | None:
    """The value that some overrides give a field; None when they are silent."""
    return next((each.value for each in overrides if each.field is field), None)


def agreement_clause(number: int) -> str:
    """The name under which the buyer acknowledges a side agreement on its own."""
    return f"agreement-{number}"
