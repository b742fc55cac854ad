"""A case as it was understood: what is given, the dated steps, and what is claimed of them.

Not here: understanding a file (`reading.py`) and executing a case (`running.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import msgspec

from earnest.core.catalogue.configuration import Configuration
from earnest.core.catalogue.model import Catalogue
from earnest.core.order.actor import Actor
from earnest.core.order.commands import Command
from earnest.core.terms.agreement import PublicPromise
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.version import Acknowledgement, TermsVersion
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.core.values.reason import Reason
from earnest.simulator.scenarios.meaning import Tongue
from earnest.simulator.scenarios.view import View

THE_ORDER: Final = "the order"
"""What the one order of a case is called unless the case gives it a name."""


class Unknown(msgspec.Struct, frozen=True):
    """Stands where nobody knows the outcome; it is reported and never asserted."""

    word: str = "UNKNOWN"


UNKNOWN: Final = Unknown()


class Certainty(StrEnum):
    """How sure it is that what a case expects is right."""

    COURT = "court"
    """A court decided so."""

    REGULATOR = "regulator"
    """An authority decided so."""

    STATUTE = "statute"
    """It follows from the words of the law."""

    POLICY = "policy"
    """The terms or the company's rules say so."""

    OPEN = "open"
    """Nobody decided it. What comes of it is reported and never asserted."""


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What is on sale from an instant: terms, catalogue, and the car that is ordered."""

    since: Instant
    terms: TermsVersion
    catalogue: Catalogue
    configuration: Configuration
    price: Money


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a case starts from: terms, the offers in the order of their dates, language, consent.

    A case about the terms alone has no offers. `acknowledged` are the clauses that the buyer
    accepts with the reservation; `promises` were made to everybody who orders.
    """

    document: TermsDocument
    offers: tuple[Offered, ...]
    language: str
    acknowledged: tuple[str, ...]
    promises: tuple[PublicPromise, ...] = ()

    @property
    def tongue(self) -> Tongue:
        """What the words of the case are relative to."""
        return Tongue(
            currency=self.document.currency,
            time_zone=self.document.time_zone,
            language=self.language,
            terms=self.offers[0].terms if self.offers else None,
        )

    def acknowledgements(
        self, at: Instant, *, everything: bool = False
    ) -> tuple[Acknowledgement, ...]:
        """The evidence that goes with a reservation: each clause in the words of the terms.

        Those that the case leaves out are only there with `everything`.
        """
        terms = self.offered(at).terms
        return tuple(
            Acknowledgement(
                clause_id=clause.clause_id,
                text_hash=clause.text_hash(self.language),
                language=self.language,
                at=at,
            )
            for clause in terms.clauses
            if everything or clause.clause_id in self.acknowledged
        )

    def offered(self, at: Instant) -> Offered:
        """What is on sale at an instant."""
        return [each for each in self.offers if each.since <= at][-1]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One dated step: somebody's command, or a fact that stands for several.

    `fields` are what was written of the command's fields; the rest is filled in when it is
    asked. `rejected` is the reason for which it is expected to be rejected. `leads_to` are the
    events that are expected of it, None when the case does not say.
    """

    line: int
    key: str
    at: Instant
    order: str
    name: str
    actor: Actor | None = None
    command: type[Command] | None = None
    fields: dict[str, object] = {}
    rejected: Reason | None = None
    leads_to: tuple[str, ...] | None = None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What was found where a claim looked, the rule that decided, and whether the claim holds.

    `holds` is None where being equal decides.
    """

    value: object
    rule: str = ""
    holds: bool | None = None


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a case expects: where it stands, what it says, and where to look.

    A claim about the terms alone needs no order.
    """

    line: int
    key: str
    subject: str
    expected: object
    look: Callable[[View], Seen]
    needs_order: bool = True


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """Claims about one order at one instant; None is the end of the case."""

    line: int
    key: str
    at: Instant | None
    order: str
    claims: tuple[Claim, ...]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case with its source and how certain its outcome is."""

    file: str
    line: int
    id: str
    title: str
    source: str
    certainty: Certainty
    rules: tuple[str, ...]
    given: Given
    steps: tuple[Step, ...]
    expectations: tuple[Expectation, ...]
