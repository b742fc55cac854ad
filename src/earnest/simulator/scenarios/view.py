"""What can be seen of a case at an instant: an order, its policy, and what happened to it.

Not here: the world in which it happens (`world.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.ledger.posting import Posting
from earnest.core.order.events import Event
from earnest.core.order.facts import Facts
from earnest.core.order.state import Order
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant


class View(msgspec.Struct, frozen=True, kw_only=True):
    """An order at an instant. `order`, `facts` and `policy` are None while there is no order.

    `policy` is what runs for the order then: the terms, what was promised, what was agreed.

    `told` are the events that the buyer was written to about, by name and in their order.
    """

    at: Instant
    order: Order | None
    facts: Facts | None
    policy: Policy | None
    events: tuple[Event, ...]
    told: tuple[str, ...]
    postings: tuple[Posting, ...]
    document: TermsDocument
