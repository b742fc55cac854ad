"""What is bought in every measurement: one configuration of the demo maker, under its terms.

Not here: measuring.
"""

from __future__ import annotations

from datetime import UTC, datetime

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.actor import Actor, Role, provider_actor
from earnest.core.order.commands import RecordPayment, Reserve
from earnest.core.terms.version import ACCEPTANCE_CLAUSE, FORFEITURE_CLAUSE, Acknowledgement
from earnest.core.values.ids import BuyerId, QueueId, derive_id, derive_order_id
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.demo.maker import demo_catalogue, demo_offers, demo_terms

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""When everything happens that does not go through HTTP."""

TERMS = demo_terms()
CATALOGUE = demo_catalogue()
OFFERS = demo_offers(TERMS, CATALOGUE)
PRICE = Money(21_590_000, "CNY")
CONFIGURATION = Configuration("s7-standard", ("paint-aqua", "wheels-19"))
ACKNOWLEDGED = tuple(
    Acknowledgement(
        clause_id=clause_id,
        text_hash=clause.text_hash("en"),
        language="en",
        at=START,
    )
    for clause_id in (ACCEPTANCE_CLAUSE, FORFEITURE_CLAUSE)
    if (clause := TERMS.clause(clause_id)) is not None
)


def reserve(place: int, run: str, at: Instant = START) -> Reserve:
    """The reservation of the buyer at this place of a run."""
    buyer_id = BuyerId(derive_id("bench", run, str(place)))
    return Reserve(
        buyer_id=buyer_id,
        order_id=derive_order_id(buyer_id, "k"),
        actor=Actor(f"buyer:{buyer_id}", frozenset({Role.BUYER})),
        key="k",
        received_at=at,
        queue_id=QueueId("s7-cn"),
        terms_hash=OFFERS[0].terms_hash,
        catalogue_hash=OFFERS[0].catalogue_hash,
        language="en",
        acknowledgements=ACKNOWLEDGED,
        configuration=CONFIGURATION,
        price=PRICE,
    )


def paid(command: Reserve) -> RecordPayment:
    """The provider's message that the deposit of a reservation was paid at once."""
    return RecordPayment(
        buyer_id=command.buyer_id,
        order_id=command.order_id,
        actor=provider_actor("sandbox"),
        key=f"event-{command.order_id}",
        received_at=command.received_at,
        payment_number=1,
        amount=TERMS.policy.deposit,
        paid_at=command.received_at,
        provider="sandbox",
        provider_payment_id=f"pay-{command.order_id}",
    )
