"""POST /quotes/outcomes: what would happen to my money if…, before anybody orders anything.

The order is imagined and every situation settled by the command that would settle it. Nothing is
stored. Not here: an order that exists (`previews.py`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from earnest.core.catalogue.configuration import Quote, quote
from earnest.core.foresight import IMAGINED, imagined
from earnest.core.order.actor import Actor, Role
from earnest.core.order.commands import Reserve
from earnest.core.order.exits import Exit, exits
from earnest.core.order.facts import Facts
from earnest.core.order.state import Order
from earnest.core.queue.offer import Offer
from earnest.core.settlement.ground import Ground
from earnest.core.terms.version import ACCEPTANCE_CLAUSE, Acknowledgement
from earnest.core.values.ids import BuyerId, OrderId, QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.revealing import readable_catalogue
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import AskedConfiguration, Name
from earnest.web.telling_settlement import Settlement, settlement_in_words


class OutcomesAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A selection, and in which queue it would be reserved under the terms now on sale."""

    queue_id: Name
    configuration: AskedConfiguration


class Situation(StrEnum):
    """What may come of an order before the car is handed over."""

    LEAVE_IN_COOLING_OFF = "leave_in_cooling_off"
    LEAVE_AFTER_LOCK = "leave_after_lock"
    FINANCE_DECLINED = "finance_declined"
    SELLER_IS_LATE = "seller_is_late"
    SELLER_REFUSES = "seller_refuses"
    NOBODY_ANSWERS = "nobody_answers"


_GROUNDS = {
    Situation.LEAVE_IN_COOLING_OFF: Ground.COOLING_OFF,
    Situation.LEAVE_AFTER_LOCK: Ground.BUYER_WISH,
    Situation.FINANCE_DECLINED: Ground.FINANCE_DECLINED,
    Situation.SELLER_IS_LATE: Ground.DELAY,
    Situation.SELLER_REFUSES: Ground.REFUSAL,
    Situation.NOBODY_ANSWERS: Ground.FORCE_MAJEURE,
}


async def ask_outcomes(house: House, asked: Asked, wanted: OutcomesAsked) -> Reply:
    """Every situation with its settlement to the cent, as the rules on sale now would settle it."""
    at, library = asked.received_at, house.desk.library
    queue_id = QueueId(wanted.queue_id)
    offers = [each for each in library.offers() if each.queue_id == queue_id and each.is_open(at)]
    if not offers:
        raise TurnedAway(Reason.SALE_NOT_OPEN)
    offer = offers[-1]
    await readable_catalogue(house, offer.catalogue_hash, at)
    facts = Facts(
        terms=library.terms(offer.terms_hash),
        catalogue=library.catalogue(offer.catalogue_hash),
        offer=offer,
        rank=1,
        promises=tuple(library.promises(queue_id)),
    )
    quoted = quote(facts.catalogue, wanted.configuration.meant(at))
    if isinstance(quoted, Rejected):
        raise TurnedAway(quoted.reason, quoted.details)
    made = imagined(_command(offer, quoted, facts, asked), facts)
    assert not isinstance(made, Rejected), "what was quoted under the terms on sale can be reserved"
    ends = made.deposited.cooling_off_ends
    shown = [
        *_shown(made.deposited, facts, at, asked.language, {Situation.LEAVE_IN_COOLING_OFF}),
        *_shown(
            made.locked,
            facts,
            made.locked.changed_at,
            asked.language,
            set(Situation) - {Situation.LEAVE_IN_COOLING_OFF},
        ),
    ]
    return Reply(
        value=Outcomes(deposit=facts.policy.deposit, cooling_off_ends=ends, outcomes=tuple(shown))
    )


def _command(offer: Offer, quoted: Quote, facts: Facts, asked: Asked) -> Reserve:
    """The reservation that is imagined, with every clause acknowledged that has to be."""
    return Reserve(
        buyer_id=BuyerId(IMAGINED),
        order_id=OrderId(IMAGINED),
        actor=Actor(IMAGINED, frozenset({Role.BUYER})),
        key=IMAGINED,
        received_at=asked.received_at,
        queue_id=offer.queue_id,
        terms_hash=offer.terms_hash,
        catalogue_hash=offer.catalogue_hash,
        language=asked.language,
        acknowledgements=tuple(
            Acknowledgement(
                clause_id=clause.clause_id,
                text_hash=clause.text_hash(asked.language),
                language=asked.language,
                at=asked.received_at,
            )
            for clause in facts.terms.clauses
            if clause.material or clause.clause_id == ACCEPTANCE_CLAUSE
        ),
        configuration=quoted.configuration,
        price=quoted.price,
    )


class OutcomeShown(msgspec.Struct, frozen=True, kw_only=True):
    """A situation and who would owe whom what."""

    situation: Situation
    settlement: Settlement


class Outcomes(msgspec.Struct, frozen=True, kw_only=True):
    """What would happen to the deposit, paid now, in every situation before the handover."""

    deposit: Money
    cooling_off_ends: Instant | None
    outcomes: tuple[OutcomeShown, ...]


def _shown(
    order: Order, facts: Facts, at: Instant, language: str, wanted: set[Situation]
) -> list[OutcomeShown]:
    found = exits(order, facts, at)
    shown = []
    for situation in Situation:
        ways = [each for each in found if each.ground is _GROUNDS[situation]]
        if situation in wanted and ways:
            # Of several claims the buyer may choose, the one that brings most is shown.
            best = max(ways, key=_owed)
            told = settlement_in_words(best.statement, facts.terms, language)
            shown.append(OutcomeShown(situation=situation, settlement=told))
    return shown


def _owed(way: Exit) -> int:
    return way.statement.owed_to_buyer.amount


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/quotes/outcomes",
            operation="askOutcomes",
            summary="What would happen to the deposit in every situation, before ordering.",
            tag="shop",
            access=Access.PUBLIC,
            takes=OutcomesAsked,
            handler=ask_outcomes,
            gives=Outcomes,
            codes=(DoorCode.CATALOGUE_UNKNOWN, Reason.SALE_NOT_OPEN),
        )
    ]
