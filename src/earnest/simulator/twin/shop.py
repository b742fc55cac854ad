"""What the twin's maker sells: a catalogue and terms made from the scenario.

Not here: who buys it (`crowd.py`) and what the plants can build of it (`plants.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import msgspec

from earnest.core.catalogue.configuration import Configuration, Quote, quote
from earnest.core.catalogue.model import Catalogue, Choice, Model, Option
from earnest.core.order.facts import Facts
from earnest.core.queue.offer import Offer
from earnest.core.terms.version import (
    ACCEPTANCE_CLAUSE,
    FORFEITURE_CLAUSE,
    Acknowledgement,
    TermsVersion,
)
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.demo.maker import demo_terms
from earnest.simulator.twin.scenario import Scenario, Trim

QUEUE = QueueId("twin-cn")
MARKET = "CN"
LANGUAGE = "zh-Hans"
CURRENCY = "CNY"
_FEN = 100
_OPENS = timedelta(hours=14)
"""22:00 in Shanghai, when the real launches opened."""


class Shop:
    """Catalogue, terms and offer of a scenario, and every configuration that can be ordered."""

    def __init__(self, scenario: Scenario) -> None:
        self.begins: Instant = datetime.combine(scenario.begins, time(), tzinfo=UTC)
        self.opens_at: Instant = self.begins + _OPENS
        self.terms: TermsVersion = demo_terms()
        self.catalogue = Catalogue(
            version=f"twin-{scenario.name}",
            models=tuple(_model(scenario, trim) for trim in scenario.trims),
        )
        self.offer = Offer(
            queue_id=QUEUE,
            terms_hash=self.terms.terms_hash,
            catalogue_hash=self.catalogue.catalogue_hash,
            opens_at=self.opens_at,
        )
        self.facts = Facts(terms=self.terms, catalogue=self.catalogue)
        self.acknowledgements = tuple(
            _acknowledged(self.terms, clause, self.opens_at)
            for clause in (ACCEPTANCE_CLAUSE, FORFEITURE_CLAUSE)
        )
        self.configurations, self.weights = _configurations(scenario)
        self.quotes = tuple(self._quoted(each) for each in self.configurations)

    def lower_prices(self, by: Money) -> None:
        """From now on every car costs less."""
        models = tuple(
            msgspec.structs.replace(model, price=model.price - by)
            for model in self.catalogue.models
        )
        self.catalogue = msgspec.structs.replace(self.catalogue, models=models)
        self.offer = msgspec.structs.replace(
            self.offer, catalogue_hash=self.catalogue.catalogue_hash
        )
        self.facts = msgspec.structs.replace(self.facts, catalogue=self.catalogue)
        self.quotes = tuple(self._quoted(each) for each in self.configurations)

    def _quoted(self, configuration: Configuration) -> Quote:
        quoted = quote(self.catalogue, configuration)
        assert isinstance(quoted, Quote), f"a scenario sells what its catalogue has: {quoted}"
        return quoted


def _model(scenario: Scenario, trim: Trim) -> Model:
    options = [
        Option(code=f"{name}", choice=choice, names=_names(name), price=Money(0, CURRENCY))
        for choice, shares in (("paint", trim.paint), ("wheels", trim.wheels))
        for name in shares
    ]
    return Model(
        code=trim.code,
        model_line=scenario.line,
        names=_names(trim.code),
        price=Money(trim.price * _FEN, CURRENCY),
        choices=tuple(
            Choice(code=code, names=_names(code), single=True) for code in ("paint", "wheels")
        ),
        options=tuple(options),
    )


def _names(code: str) -> dict[str, str]:
    """A made-up line has no names beside its codes."""
    return {"en": code, "zh-Hans": code}


def _acknowledged(terms: TermsVersion, clause_id: str, at: Instant) -> Acknowledgement:
    clause = terms.clause(clause_id)
    assert clause is not None, f"the terms have the clause {clause_id}"
    return Acknowledgement(
        clause_id=clause_id, text_hash=clause.text_hash(LANGUAGE), language=LANGUAGE, at=at
    )


def _configurations(scenario: Scenario) -> tuple[tuple[Configuration, ...], tuple[float, ...]]:
    """Every car that can be ordered, and its share of the orders."""
    found: list[tuple[Configuration, float]] = []
    for trim in scenario.trims:
        paints, wheels = sum(trim.paint.values()), sum(trim.wheels.values())
        found.extend(
            (
                Configuration(trim.code, (paint, wheel)).sorted(),
                trim.share * paint_share / paints * wheel_share / wheels,
            )
            for paint, paint_share in trim.paint.items()
            for wheel, wheel_share in trim.wheels.items()
        )
    return tuple(each for each, _ in found), tuple(share for _, share in found)
