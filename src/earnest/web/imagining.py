"""An order that nobody made yet, under what is on sale now, as the rules would make it.

What is shown before ordering is computed from it by what will compute it afterwards. Nothing is
stored. Not here: what is shown (`api/outcomes.py`, `api/contract_drafts.py`).
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from earnest.core.catalogue.configuration import Configuration, Quote, quote
from earnest.core.foresight import IMAGINED, Imagined, imagined
from earnest.core.order.actor import Actor, Role
from earnest.core.order.commands import Reserve
from earnest.core.order.facts import Facts
from earnest.core.order.reserve import not_buildable
from earnest.core.queue.offer import Offer
from earnest.core.terms.version import ACCEPTANCE_CLAUSE, Acknowledgement
from earnest.core.values.ids import BuyerId, OrderId, QueueId
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.web.house import House
from earnest.web.problems import TurnedAway
from earnest.web.revealing import readable_catalogue
from earnest.web.route import Asked


class OrderToBe(msgspec.Struct, frozen=True, kw_only=True):
    """The order that would be made, what it would cost, and the documents it would be under.

    `obstacle` says why no window could be promised, so that the order would be refused.
    """

    imagined: Imagined
    quoted: Quote
    facts: Facts
    obstacle: Rejected | None


async def order_to_be(
    house: House,
    asked: Asked,
    queue_id: QueueId,
    configuration: Configuration,
    without: Collection[str] = (),
) -> OrderToBe:
    """The order that this reader would make now, with every clause acknowledged but `without`.

    The clause that accepts the version as a whole is always among them: without it there is no
    order. Raises `TurnedAway`: `sale_not_open`, `catalogue_unknown`, the catalogue's own.
    """
    at, library = asked.received_at, house.desk.library
    offers = [each for each in library.offers() if each.queue_id == queue_id and each.is_open(at)]
    if not offers:
        raise TurnedAway(Reason.SALE_NOT_OPEN)
    offer = offers[-1]
    await readable_catalogue(house, offer.catalogue_hash, at)
    foreseen = library.foreseen_now(offer, configuration, at)
    obstacle = None
    if foreseen is not None and foreseen.window is None:
        # What would happen to the money is told all the same, with the window of the terms.
        obstacle, foreseen = not_buildable(foreseen.reason), None
    facts = Facts(
        terms=library.terms(offer.terms_hash),
        catalogue=library.catalogue(offer.catalogue_hash),
        offer=offer,
        rank=1,
        promises=tuple(library.promises(queue_id)),
        foreseen=foreseen,
    )
    quoted = quote(facts.catalogue, configuration)
    if isinstance(quoted, Rejected):
        raise TurnedAway(quoted.reason, quoted.details)
    made = imagined(_command(offer, quoted, facts, asked, without), facts)
    assert not isinstance(made, Rejected), "what was quoted under the terms on sale can be reserved"
    return OrderToBe(imagined=made, quoted=quoted, facts=facts, obstacle=obstacle)


def _command(
    offer: Offer, quoted: Quote, facts: Facts, asked: Asked, without: Collection[str]
) -> Reserve:
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
            if clause.clause_id == ACCEPTANCE_CLAUSE
            or (clause.material and clause.clause_id not in without)
        ),
        configuration=quoted.configuration,
        price=quoted.price,
    )
