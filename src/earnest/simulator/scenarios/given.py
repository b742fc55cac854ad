"""What a case starts from: terms, price or configuration, language, consent, later changes.

Not here: the terms themselves (`terms_given.py`) and the dated steps (`steps.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.catalogue.configuration import Configuration, quote
from earnest.core.catalogue.model import Catalogue, Model
from earnest.core.terms.agreement import PublicPromise
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.sections.ordering import Jurisdiction
from earnest.core.terms.version import TermsVersion
from earnest.core.values.instant import Instant, zone
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from earnest.simulator.scenarios import keys
from earnest.simulator.scenarios.case import Given, Offered
from earnest.simulator.scenarios.fault import FaultCode, did_you_mean
from earnest.simulator.scenarios.meaning import MEANINGLESS, Meaning, Tongue
from earnest.simulator.scenarios.shelf import Shelf
from earnest.simulator.scenarios.terms_given import changed, compiled
from earnest.simulator.scenarios.world import BEGINNING, QUEUE
from earnest.simulator.scenarios.written import Faults, Written

OFFER_KEYS = ("terms", "change", "price", "catalogue", "configuration")
"""What is on sale: these keys also stand under `later`."""

GIVEN_KEYS = (
    *OFFER_KEYS,
    "jurisdiction",
    "language",
    "acknowledged",
    "not_acknowledged",
    "ordered",
    "paid",
    "later",
    "promised",
)

PROMISE_KEYS = ("text", "source", "from", "until", "overrides")

LANGUAGES = ("zh-Hans", "en")
CAR = "car"
PUBLISHER = "staff:sales"
PLAIN_PRICE = 300_000
"""What the car of a case costs to which the price does not matter, in units of the currency."""


class _Sale(msgspec.Struct, frozen=True, kw_only=True):
    """What is on sale, before its car is known."""

    known: dict[str, Written]
    since: Instant
    terms: TermsVersion
    tongue: Tongue
    before: Offered | None


class GivenReader:
    """Reads what one case starts from."""

    def __init__(self, shelf: Shelf, faults: Faults) -> None:
        """Look documents up on this shelf; note into these faults."""
        self._shelf = shelf
        self._faults = faults

    def read(self, written: Written, *, runs: bool) -> Given | None:
        """What a case starts from; None when a part of it makes no sense.

        A case that `runs` has an order, so its terms have to run; the others are about the
        terms alone.
        """
        faults_before = len(self._faults.found)
        known = keys.table(written, self._faults, GIVEN_KEYS)
        document = self._document(known, None)
        if document is None:
            return None
        language = LANGUAGES[0]
        if "language" in known:
            code = FaultCode.VALUE_MALFORMED
            said = keys.word(known["language"], LANGUAGES, self._faults, code)
            language = said or language
        self._check_jurisdiction(known, document)
        offers: list[Offered] = []
        acknowledged: tuple[str, ...] = ()
        if runs:
            offers = self._offers(written, known, document, language)
            if offers:
                acknowledged = self._acknowledged(known, offers[0].terms)
        promises = self._promises(known, document, language)
        if len(self._faults.found) > faults_before:
            return None
        return Given(
            document=document,
            offers=tuple(offers),
            language=language,
            acknowledged=acknowledged,
            promises=promises,
        )

    def _promises(
        self, known: dict[str, Written], document: TermsDocument, language: str
    ) -> tuple[PublicPromise, ...]:
        """What was promised to everybody who orders, in advertisements and public statements."""
        tongue = Tongue(currency=document.currency, time_zone=document.time_zone, language=language)
        promises = []
        for number, each in enumerate(keys.items(known.get("promised"), self._faults), 1):
            parts = keys.table(each, self._faults, PROMISE_KEYS)
            text, source, begins, overrides = (
                keys.needed(parts, key, each, self._faults, "every public promise has it.")
                for key in ("text", "source", "from", "overrides")
            )
            if text is None or source is None or begins is None or overrides is None:
                continue
            since = keys.when(begins, document.time_zone, self._faults)
            until = parts.get("until")
            ends = None if until is None else keys.when(until, document.time_zone, self._faults)
            agreed = Meaning(tongue, self._faults, BEGINNING).overrides(overrides)
            if since is None or agreed is MEANINGLESS:
                continue
            promises.append(
                PublicPromise(
                    promise_id=f"promise {number}",
                    queue_id=QUEUE,
                    overrides=agreed,
                    text=keys.text(text, self._faults),
                    source=keys.text(source, self._faults),
                    valid_from=since,
                    valid_until=ends,
                    published_at=since,
                    published_by=PUBLISHER,
                )
            )
        return tuple(promises)

    def _document(
        self, known: dict[str, Written], before: TermsDocument | None
    ) -> TermsDocument | None:
        """The terms that are named (or those before), with what is changed about them."""
        document = before
        if before is None or "terms" in known:
            document = self._shelf.terms(known.get("terms"))
        if document is None or "change" not in known:
            return document
        return changed(document, known["change"], self._faults)

    def _offers(
        self,
        written: Written,
        known: dict[str, Written],
        document: TermsDocument,
        language: str,
    ) -> list[Offered]:
        """What is on sale from the beginning, and what later takes its place."""
        at = known.get("terms", written)
        first = self._offered(at, known, BEGINNING, document, None, language)
        if first is None:
            return []
        offers = [first]
        for each in keys.items(known.get("later"), self._faults):
            later = keys.table(each, self._faults, ("from", *OFFER_KEYS))
            since = self._since(each, later, offers[-1], document.time_zone)
            changed_document = self._document(later, document)
            if since is None or changed_document is None:
                continue
            document = changed_document
            offered = self._offered(each, later, since, document, offers[-1], language)
            if offered is not None:
                offers.append(offered)
        return offers

    def _since(
        self, written: Written, later: dict[str, Written], before: Offered, time_zone: str
    ) -> Instant | None:
        help_text = "write the date from which this is on sale."
        since_written = keys.needed(later, "from", written, self._faults, help_text)
        if since_written is None:
            return None
        since = keys.when(since_written, time_zone, self._faults)
        if since is not None and since <= before.since:
            self._faults.add(
                since_written,
                FaultCode.DATE_OUT_OF_ORDER,
                "This is not after what was on sale before it; put the offers in the order of "
                "their dates.",
            )
            return None
        return since

    def _offered(
        self,
        written: Written,
        known: dict[str, Written],
        since: Instant,
        document: TermsDocument,
        before: Offered | None,
        language: str,
    ) -> Offered | None:
        terms = compiled(document, written, self._faults)
        if terms is None:
            return None
        if before is not None and "change" in known:
            # Two versions never share a name, so that a report can tell them apart.
            day = since.astimezone(zone(document.time_zone)).date()
            terms = msgspec.structs.replace(terms, version=f"{terms.version}-{day}")
        tongue = Tongue(
            currency=document.currency,
            time_zone=document.time_zone,
            language=language,
            terms=terms,
        )
        sale = _Sale(known=known, since=since, terms=terms, tongue=tongue, before=before)
        if "catalogue" in known or "configuration" in known:
            return self._configured(sale)
        return self._plain_car(sale)

    def _price(self, written: Written, tongue: Tongue) -> Money | None:
        price = Meaning(tongue, self._faults, BEGINNING).of(written, Money)
        if isinstance(price, Money) and not price.is_positive:
            self._faults.add(written, FaultCode.VALUE_MALFORMED, "A price is above zero.")
            return None
        return price if isinstance(price, Money) else None

    def _plain_car(self, sale: _Sale) -> Offered | None:
        """One car without options at one price, for cases that turn on nothing else."""
        known, before = sale.known, sale.before
        if "price" not in known and before is not None:
            return msgspec.structs.replace(before, since=sale.since, terms=sale.terms)
        price: Money | None = Money(PLAIN_PRICE * 10**sale.tongue.digits, sale.tongue.currency)
        if "price" in known:
            price = self._price(known["price"], sale.tongue)
        if price is None:
            return None
        names = {"en": "The car", "zh-Hans": "车辆"}
        model = Model(code=CAR, model_line="case", names=names, price=price, choices=(), options=())
        return Offered(
            since=sale.since,
            terms=sale.terms,
            catalogue=Catalogue(version=f"from-{sale.since:%Y-%m-%d}", models=(model,)),
            configuration=Configuration(CAR, ()),
            price=price,
        )

    def _configured(self, sale: _Sale) -> Offered | None:
        """A configuration of a catalogue, at the price that the catalogue gives."""
        known = sale.known
        catalogue = self._shelf.catalogue(known.get("catalogue"))
        if catalogue is None:
            return None
        if "configuration" not in known:
            self._faults.add(
                known["catalogue"],
                FaultCode.KEY_MISSING,
                "A catalogue needs a `configuration:` with a `model` and its `options`.",
            )
            return None
        at = known["configuration"]
        wanted = Meaning(sale.tongue, self._faults, BEGINNING).of(at, Configuration)
        if wanted is MEANINGLESS:
            return None
        quoted = quote(catalogue, wanted)
        if isinstance(quoted, Rejected):
            details = ", ".join(f"{key} {value}" for key, value in quoted.details.items())
            self._faults.add(
                at,
                FaultCode.CONFIGURATION_IMPOSSIBLE,
                f"The catalogue does not sell this: {quoted.reason} ({details}).",
            )
            return None
        if "price" in known and self._price(known["price"], sale.tongue) != quoted.price:
            self._faults.add(
                known["price"],
                FaultCode.VALUE_CONTRADICTORY,
                f"In minor units the catalogue's price of this configuration is "
                f"{quoted.price.amount}; leave `price` out or write that.",
            )
        return Offered(
            since=sale.since,
            terms=sale.terms,
            catalogue=catalogue,
            configuration=quoted.configuration,
            price=quoted.price,
        )

    def _check_jurisdiction(self, known: dict[str, Written], document: TermsDocument) -> None:
        if "jurisdiction" not in known:
            return
        code = FaultCode.VALUE_MALFORMED
        said = keys.word(known["jurisdiction"], tuple(Jurisdiction), self._faults, code)
        if said is not None and said != document.jurisdiction:
            self._faults.add(
                known["jurisdiction"],
                FaultCode.VALUE_CONTRADICTORY,
                f"The terms are made for {document.jurisdiction}; name terms made for {said}.",
            )

    def _acknowledged(self, known: dict[str, Written], terms: TermsVersion) -> tuple[str, ...]:
        """The clauses accepted with the reservation: all but those that the case leaves out."""
        every = [clause.clause_id for clause in terms.clauses]
        if "acknowledged" in known and "not_acknowledged" in known:
            self._faults.add(
                known["not_acknowledged"],
                FaultCode.VALUE_CONTRADICTORY,
                "Write either `acknowledged` or `not_acknowledged`; each says what the other is.",
            )
        clauses = []
        named = known.get("acknowledged") or known.get("not_acknowledged")
        for each in keys.items(named, self._faults):
            clause = keys.text(each, self._faults)
            if clause not in every:
                self._faults.add(
                    each,
                    FaultCode.VALUE_MALFORMED,
                    f"The terms have no clause `{clause}`. {did_you_mean(clause, every)}",
                )
            clauses.append(clause)
        if "acknowledged" in known:
            return tuple(clauses)
        return tuple(each for each in every if each not in clauses)
