"""Events by which the contract of one order departs from its standard terms.

Not here: how they change the order (`agree.py`, `promised.py`) and the rest of its life
(`events.py`).
"""

from __future__ import annotations

from earnest.core.order.event import Event
from earnest.core.order.parts_of_agreements import ChangeChoice, Switch, WaitingChange
from earnest.core.terms.agreement import Agreement, AppliedPromise, Party
from earnest.core.terms.version import Acknowledgement
from earnest.core.values.ids import TermsHash
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money


class AgreementProposed(Event, frozen=True, kw_only=True):
    """One side proposed to agree something individually; the other side is asked."""

    agreement: Agreement


class AgreementMade(Event, frozen=True, kw_only=True):
    """A side agreement binds and beats the standard terms in every computation (CN-05).

    `balance_due_at` and `cure_until` are the ends of periods that already ran and that the
    agreement prolonged.
    """

    agreement: Agreement
    balance_due_at: Instant | None = None
    cure_until: Instant | None = None


class AgreementDeclined(Event, frozen=True, kw_only=True):
    """A proposed agreement was declined or taken back; nothing else changed."""

    number: int
    by: Party
    explanation: str


class PublicPromisesApplied(Event, frozen=True, kw_only=True):
    """What the maker promised to everybody became part of this order (CN-26)."""

    promises: tuple[AppliedPromise, ...]
    balance_due_at: Instant | None = None
    cure_until: Instant | None = None


class PriceLowered(Event, frozen=True, kw_only=True):
    """The price of the order fell, never rises. `cause` says by what: `agreement 2`, `change 1`.

    `reduction` is what now stands off the list price of whatever the buyer chooses.
    """

    price: Money
    previous_price: Money
    reduction: Money
    cause: str


class TermsOffered(Event, frozen=True, kw_only=True):
    """The seller offered a newer version of the terms; nothing changes before it is accepted."""

    terms_hash: TermsHash
    version: str
    worse: tuple[str, ...]


class TermsAccepted(Event, frozen=True, kw_only=True):
    """The buyer moved the order to another version of the terms, clause by clause (EU-08)."""

    terms_hash: TermsHash
    version: str
    previous_terms_hash: TermsHash
    acknowledgements: tuple[Acknowledgement, ...]
    cooling_off_ends: Instant | None


class TermsDeclined(Event, frozen=True, kw_only=True):
    """The buyer kept the version of the order."""

    terms_hash: TermsHash


class ChangeAnnounced(Event, frozen=True, kw_only=True):
    """Something changed on the maker's side while the buyer waits; the buyer is asked."""

    change: WaitingChange


class ChangeAnswered(Event, frozen=True, kw_only=True):
    """The buyer chose to keep, to switch or to leave."""

    number: int
    choice: ChangeChoice


class Switched(Event, frozen=True, kw_only=True):
    """The order is for something else, at the offered price; the rank stays (CN-09).

    Slot and car are released for others, since they were for what was ordered before.
    """

    number: int
    switch: Switch
    previous_price: Money


class ChangeUnanswered(Event, frozen=True, kw_only=True):
    """The time to answer was over; the order stays exactly as it was."""

    number: int
