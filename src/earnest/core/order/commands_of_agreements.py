"""Commands by which the contract of one order departs from its standard terms.

Not here: whether they hold (`agree.py`, `promised.py`) and the rest of an order's life
(`commands.py`).
"""

from __future__ import annotations

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.command import Command
from earnest.core.order.parts_of_agreements import ChangeChoice, ChangeKind
from earnest.core.terms.agreement import Origin
from earnest.core.terms.override import Override
from earnest.core.terms.version import Acknowledgement
from earnest.core.values.ids import CatalogueHash, TermsHash
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money


class ProposeAgreement(Command, frozen=True, kw_only=True):
    """Record what was agreed individually, or propose it, with its text as it was said.

    What staff said and only favours the buyer binds at once. `valid_from` is now unless given,
    `valid_until` leaves it without end. `replaces` names agreements that it puts out of force.
    A buyer who proposes something to their own disadvantage acknowledges it here.
    """

    overrides: tuple[Override, ...]
    text: str
    origin: Origin
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    replaces: tuple[int, ...] = ()
    acknowledgement: Acknowledgement | None = None


class AcceptAgreement(Command, frozen=True, kw_only=True):
    """Accept what the other side proposed; a disadvantage is acknowledged on its own."""

    number: int
    acknowledgement: Acknowledgement | None = None


class DeclineAgreement(Command, frozen=True, kw_only=True):
    """Decline what the other side proposed, or take one's own proposal back."""

    number: int
    explanation: str = ""


class ApplyPublicPromise(Command, frozen=True, kw_only=True):
    """Hold a published promise against this order, although it was reserved before or without."""

    promise_id: str


class AcknowledgeClause(Command, frozen=True, kw_only=True):
    """Accept one clause of the order's version on its own, as it was shown."""

    acknowledgement: Acknowledgement


class OfferTerms(Command, frozen=True, kw_only=True):
    """Offer another published version of the queue's terms to the buyer of an order.

    One that is anywhere worse is only offered when the seller says that it means it.
    """

    terms_hash: TermsHash
    even_if_worse: bool = False


class AcceptTerms(Command, frozen=True, kw_only=True):
    """Take the offered version, with an acknowledgement of each clause that is to count."""

    terms_hash: TermsHash
    acknowledgements: tuple[Acknowledgement, ...]
    accept_what_is_worse: bool = False


class DeclineTerms(Command, frozen=True, kw_only=True):
    """Keep the version of the order."""


class AnnounceChange(Command, frozen=True, kw_only=True):
    """Tell the buyer of a waiting order what changed on the maker's side, and ask.

    With `configuration` and `price` the buyer can switch, with the rank kept; `catalogue_hash`
    is that of a newer catalogue of the same queue, `promise` the window of the other car. A
    price fall names the new price of the ordered car and nothing else.
    """

    change: ChangeKind
    explanation: str
    configuration: Configuration | None = None
    price: Money | None = None
    catalogue_hash: CatalogueHash | None = None
    promise: Window | None = None


class AnswerChange(Command, frozen=True, kw_only=True):
    """Keep the order as it is, switch with the rank kept, or leave with the deposit back."""

    number: int
    choice: ChangeChoice


class EndDeferralRequest(Command, frozen=True, kw_only=True):
    """The maker's time to answer a requested deferral is over."""


class EndChange(Command, frozen=True, kw_only=True):
    """The time to answer a change is over."""


AGREEMENT_COMMANDS: tuple[type[Command], ...] = tuple(
    kind for kind in Command.__subclasses__() if kind.__module__ == __name__
)
"""The command types of this file."""
