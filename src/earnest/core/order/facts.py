"""What the desk loaded and locked for a decision, beside the order itself.

Not here: loading it. The core only reads what it is given.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.code import CodeFact
from earnest.core.launch.edition import Allotment
from earnest.core.order.centre import CentreStanding
from earnest.core.order.events import Event
from earnest.core.order.parts import Slot
from earnest.core.order.parts_of_planning import Allocation, Taker
from earnest.core.plan.promise import Foreseen
from earnest.core.queue.offer import Offer
from earnest.core.queue.pause import SalePause
from earnest.core.terms.agreement import PublicPromise
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import TermsVersion
from earnest.core.values.outcome import Accepted, Rejected


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The terms and catalogue of the order, and for a reservation the offer and the next rank.

    `promises` are the public promises of the queue: at a reservation and when one is applied.
    `offered_terms` is the newer version of the same queue that is offered or answered about,
    `offered_catalogue` the newer catalogue from which something else is offered. `campaign` is the
    version in force of the queue's campaign, at a reservation in a queue that has one; `taken` says
    how many places of its quotas are taken and `code` what is stored of the code that is shown.
    `allotment` is how the units of the edition stand, where the order is or will be part of one;
    `payment_opens_later` says that a provider has to be asked before anything can be paid.
    `allocation` is what was read of a car that is given on, `taker` the order that took it.
    `pauses` are those of the queue's sale, the earliest first: while an order can still be paid.
    `centre` is the delivery centre that is named, or where the car stands, with its bays.
    """

    terms: TermsVersion
    catalogue: Catalogue
    offer: Offer | None = None
    rank: int | None = None
    promises: tuple[PublicPromise, ...] = ()
    offered_terms: TermsVersion | None = None
    offered_catalogue: Catalogue | None = None
    campaign: Campaign | None = None
    code: CodeFact | None = None
    taken: dict[str, int] = {}
    allotment: Allotment | None = None
    payment_opens_later: bool = False
    foreseen: Foreseen | None = None
    freed_slots: tuple[Slot, ...] = ()
    allocation: Allocation | None = None
    taker: Taker | None = None
    pauses: tuple[SalePause, ...] = ()
    centre: CentreStanding | None = None

    @property
    def policy(self) -> Policy:
        """The numbers of the standard terms; what runs for one order is its effective policy."""
        return self.terms.policy


Outcome: TypeAlias = Accepted[Event] | Rejected
"""What deciding a command about an order yields."""


def accepted(*events: Event) -> Accepted[Event]:
    """The command holds and these events happened."""
    return Accepted(events)
