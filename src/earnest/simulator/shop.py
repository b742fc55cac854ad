"""What is on sale, as a buyer finds it: the offer, its terms, and configurations with their prices.

Not here: buying. Prices are asked from the server, one quote for each configuration.
"""

from __future__ import annotations

from random import Random

import msgspec

from earnest.core.terms.version import (
    ACCEPTANCE_CLAUSE,
    FORFEITURE_CLAUSE,
    LOCK_CLAUSE,
)
from earnest.core.values.money import Money
from earnest.simulator.door import Door, Refusal

LANGUAGES = ("zh-Hans", "en")

MOST_CONFIGURATIONS = 64
"""So many different configurations are drawn; every buyer takes one of them."""

_DRAWS_FOR_EACH = 20
_EXTRA_WANTED = 0.3
_UNPROCESSABLE = 422


class NothingOnSale(Exception):
    """There is nothing that this replay could buy; the message says what is missing."""


class OfferShown(msgspec.Struct, frozen=True):
    """What is on sale in one queue."""

    queue_id: str
    terms_hash: str
    catalogue_hash: str


class Offers(msgspec.Struct, frozen=True):
    """Everything on sale."""

    offers: tuple[OfferShown, ...]


class PolicyShown(msgspec.Struct, frozen=True):
    """The numbers of the terms by which a replay moves the clock."""

    deposit: Money
    time_zone: str
    payment_window_minutes: int
    cooling_off_hours: int
    undo_lock_hours: int
    deferrals_free: int
    balance_due_days: int
    cure_days: int
    delivery_cure_days: int
    close_days_after_handover: int
    inspection_checklist: tuple[str, ...]
    handover_documents: tuple[str, ...]


class ClauseShown(msgspec.Struct, frozen=True):
    """One clause with the digest of its text in each language."""

    clause_id: str
    material: bool
    text_hashes: dict[str, str]


class TermsShown(msgspec.Struct, frozen=True):
    """A terms version as a buyer reads it."""

    policy: PolicyShown
    clauses: tuple[ClauseShown, ...]


class OptionShown(msgspec.Struct, frozen=True):
    """An option and the choice it belongs to."""

    code: str
    choice: str


class ChoiceShown(msgspec.Struct, frozen=True):
    """A question that takes exactly one option, or any number of them."""

    code: str
    single: bool


class ModelShown(msgspec.Struct, frozen=True):
    """A model with what can be chosen for it."""

    code: str
    model_line: str
    choices: tuple[ChoiceShown, ...]
    options: tuple[OptionShown, ...]


class CatalogueShown(msgspec.Struct, frozen=True):
    """A catalogue as a buyer reads it."""

    models: tuple[ModelShown, ...]


class Selection(msgspec.Struct, frozen=True):
    """A model with the chosen options, by code."""

    model: str
    options: tuple[str, ...]


class Quoted(msgspec.Struct, frozen=True):
    """A configuration that can be built, with its price."""

    configuration: Selection
    price: Money


class Acknowledged(msgspec.Struct, frozen=True):
    """That a clause was read in a language, and what its text was."""

    clause_id: str
    text_hash: str
    language: str


class Shop(msgspec.Struct, frozen=True):
    """One offer with everything needed to reserve under it."""

    offer: OfferShown
    terms: TermsShown
    quotes: tuple[Quoted, ...]

    @property
    def policy(self) -> PolicyShown:
        """The numbers of the terms on sale."""
        return self.terms.policy

    def acknowledgements(self, language: str) -> tuple[Acknowledged, ...]:
        """What a buyer acknowledges with the order: the terms, and every clause of major impact.

        The clause on locking early is acknowledged when locking early.
        """
        return tuple(
            _acknowledged(clause, language)
            for clause in self.terms.clauses
            if (clause.material and clause.clause_id != LOCK_CLAUSE)
            or clause.clause_id == ACCEPTANCE_CLAUSE
        )

    def lock_acknowledgement(self, language: str) -> Acknowledged:
        """What a buyer acknowledges who locks early."""
        return next(
            _acknowledged(clause, language)
            for clause in self.terms.clauses
            if clause.clause_id == LOCK_CLAUSE
        )

    def reservation(self, number: int, language: str) -> bytes:
        """The JSON body that reserves the configuration of this number."""
        quoted = self.quotes[number]
        return msgspec.json.encode(
            {
                "queue_id": self.offer.queue_id,
                "terms_hash": self.offer.terms_hash,
                "catalogue_hash": self.offer.catalogue_hash,
                "language": language,
                "acknowledgements": self.acknowledgements(language),
                "configuration": quoted.configuration,
                "price": quoted.price,
            }
        )


def _acknowledged(clause: ClauseShown, language: str) -> Acknowledged:
    return Acknowledged(clause.clause_id, clause.text_hashes[language], language)


async def visit(stranger: Door, *, queue_id: str | None, launch: str, chance: Random) -> Shop:
    """Read offers, terms and catalogue, and ask the price of configurations drawn by chance.

    Without `queue_id`, the queue whose name is closest to the launch's is taken (`y7-cn` for
    `yu7-2025-06-26`), otherwise the first. Raises `NothingOnSale`.
    """
    offers = (await stranger.get("/offers", Offers)).offers
    offer = _chosen_offer(offers, queue_id, launch)
    terms = await stranger.get(f"/terms/{offer.terms_hash}", TermsShown)
    known = {clause.clause_id for clause in terms.clauses}
    if not {FORFEITURE_CLAUSE, LOCK_CLAUSE} <= known:
        raise NothingOnSale("the terms on sale have no clause on forfeiture or on locking early")
    catalogue = await stranger.get(f"/catalogues/{offer.catalogue_hash}", CatalogueShown)
    line = offer.queue_id.partition("-")[0]
    models = [each for each in catalogue.models if each.model_line == line] or [*catalogue.models]
    quotes = await _quotes(stranger, offer, models, chance)
    return Shop(offer, terms, quotes)


def _chosen_offer(offers: tuple[OfferShown, ...], queue_id: str | None, launch: str) -> OfferShown:
    if not offers:
        raise NothingOnSale("nothing is on sale; publish an offer, or start the server with --demo")
    if queue_id is not None:
        for offer in offers:
            if offer.queue_id == queue_id:
                return offer
        known = ", ".join(offer.queue_id for offer in offers)
        raise NothingOnSale(f"nothing is on sale in queue {queue_id}; there are: {known}")
    return next((each for each in offers if _is_named_in(each.queue_id, launch)), offers[0])


def _is_named_in(queue_id: str, launch: str) -> bool:
    """Whether the letters of the queue's model line stand in the launch's name, in order."""
    letters = iter(launch.partition("-")[0])
    return all(letter in letters for letter in queue_id.partition("-")[0])


async def _quotes(
    stranger: Door, offer: OfferShown, models: list[ModelShown], chance: Random
) -> tuple[Quoted, ...]:
    """Configurations that the server priced; what cannot be built is drawn again."""
    quotes: dict[Selection, Quoted] = {}
    refused = ""
    for _ in range(MOST_CONFIGURATIONS * _DRAWS_FOR_EACH):
        if len(quotes) == MOST_CONFIGURATIONS:
            break
        wanted = _drawn(chance.choice(models), chance)
        if wanted in quotes:
            continue
        body = {"catalogue_hash": offer.catalogue_hash, "configuration": wanted}
        try:
            quotes[wanted] = await stranger.post("/quotes", body, Quoted)
        except Refusal as refusal:
            if refusal.status != _UNPROCESSABLE:
                raise
            refused = str(refusal)
    if not quotes:
        raise NothingOnSale(f"no configuration of the catalogue can be ordered; {refused}")
    return tuple(quotes.values())


def _drawn(model: ModelShown, chance: Random) -> Selection:
    """A selection by chance: one option for each question, some of the extras."""
    chosen: list[str] = []
    for choice in model.choices:
        options = [each.code for each in model.options if each.choice == choice.code]
        if choice.single:
            chosen.append(chance.choice(options))
        else:
            chosen.extend(each for each in options if chance.random() < _EXTRA_WANTED)
    return Selection(model.code, tuple(sorted(chosen)))
