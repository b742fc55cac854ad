"""Writing the papers of an order as sheets: the same state gives the same paper, to the byte.

Not here: who may have one, which the doors decide.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.order.contract import agreed_by, agreed_now
from earnest.core.order.effective import not_incorporated
from earnest.core.order.event import Event
from earnest.core.order.events import HandedOver, Inspected, Reserved, Tendered
from earnest.core.order.parts import Payment
from earnest.core.order.state import Order
from earnest.core.terms.clauses.names import name_of
from earnest.core.terms.clauses.titles import TITLES
from earnest.core.terms.version import Clause, TermsVersion
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.desk.pack.sheet import Column, Passage, Section, Sheet
from earnest.desk.papers.words import WORDS
from earnest.desk.telling import moment_words, money_words, number_words, window_words

CONTRACT, RECEIPT, HANDOVER = "contract", "receipt", "handover"
"""What papers are called; a receipt has the number of its payment behind a hyphen."""

DRAFT = "contract-draft"
"""The contract of an order that nobody made yet; no order has it among its papers."""

_LONG = frozenset({CONTRACT, DRAFT})

_GROUP = 16
Kind = TypeVar("Kind", bound=Event)


class PaperSources(msgspec.Struct, frozen=True, kw_only=True):
    """What papers are made of: the order, everything that happened, and its documents."""

    order: Order
    events: Sequence[Event]
    terms: TermsVersion
    catalogue: Catalogue
    buyer_name: str


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that exists: what it is called, what it is, and of when."""

    name: str
    kind: str
    made_at: Instant
    payment_number: int | None = None


def papers_of(order: Order) -> tuple[Paper, ...]:
    """Every paper that there is for an order now."""
    receipts = (
        Paper(
            name=f"{RECEIPT}-{each.number}",
            kind=RECEIPT,
            made_at=each.received_at,
            payment_number=each.number,
        )
        for each in order.payments
        if each.received_at is not None
    )
    contract = Paper(name=CONTRACT, kind=CONTRACT, made_at=order.reserved_at)
    handed_over = order.handed_over_at
    if handed_over is None:
        return (contract, *receipts)
    return (contract, *receipts, Paper(name=HANDOVER, kind=HANDOVER, made_at=handed_over))


def sheet_of(paper: Paper, sources: PaperSources, language: str) -> Sheet:
    """A paper of `papers_of`, ready to be set."""
    return _Writer(paper, sources, language).sheet()


class _Writer:
    """Writes one paper; it knows the language and the zone of everything it writes."""

    def __init__(self, paper: Paper, sources: PaperSources, language: str) -> None:
        self._paper = paper
        self._sources = sources
        self._order = sources.order
        self._language = language
        self._zone = sources.terms.policy.time_zone
        self._say = WORDS[language]

    def sheet(self) -> Sheet:
        """The whole paper."""
        say, kind = self._say, self._paper.kind
        sections = {
            CONTRACT: self._contract,
            DRAFT: self._draft,
            RECEIPT: self._receipt,
            HANDOVER: self._handover,
        }[kind]()
        is_draft = kind == DRAFT
        order_id = say["no_order"] if is_draft else self._order.order_id
        facts = (
            (say["order"], order_id),
            (say["buyer"], self._buyer(is_draft=is_draft)),
            (say["seller"], self._sources.terms.seller),
            (say["payee"], self._sources.terms.payee),
            (say["date"], self._moment(self._paper.made_at)),
        )
        made = tuple(sections)
        content = msgspec.json.encode((say[kind], facts, made))
        return Sheet(
            language=self._language,
            title=say[kind],
            subtitle=say[f"{kind}_about"],
            order_id=order_id,
            digest=hashlib.sha256(content).hexdigest(),
            made_at=self._paper.made_at,
            labels={name: say[name] for name in ("order", "digest", "page", "of", "none")},
            facts=facts,
            sections=made,
            is_short=kind not in _LONG,
        )

    def _buyer(self, *, is_draft: bool) -> str:
        unnamed = self._say["not_named"] if is_draft else self._order.buyer_id
        return self._sources.buyer_name or unnamed

    def _draft(self) -> Iterator[Section]:
        say = self._say
        about = Passage("", "", say["not_concluded_about"])
        yield Section(heading=say["not_concluded"], passages=(about,))
        yield from self._contract()

    def _contract(self) -> Iterator[Section]:
        order, say = self._order, self._say
        terms = self._sources.terms
        is_draft = self._paper.kind == DRAFT
        yield self._car(
            (say["price"], self._money(order.price)),
            (say["deposit"], self._money(order.deposit)),
            (say["window"], window_words(order.binding_promise, self._language, self._zone)),
            (say["reserved_at"], say["no_order"] if is_draft else self._moment(order.reserved_at)),
            (say["version"], terms.version),
            *self._digests(),
        )
        if order.agreements:
            yield Section(heading=say["agreements"], passages=tuple(self._agreements()))
        missing = not_incorporated(order, terms)
        yield Section(
            heading=say["clauses"],
            passages=tuple(
                self._clause(each, is_missing=each.clause_id in missing) for each in terms.clauses
            ),
        )

    def _digests(self) -> Iterator[tuple[str, str]]:
        """The digest of what was agreed with the order, and of what is where that changed."""
        now = agreed_now(self._order).digest
        if self._paper.kind == DRAFT:
            yield self._say["agreed_digest"], _broken(now)
            return
        first = agreed_by(next(x for x in self._sources.events if isinstance(x, Reserved))).digest
        yield self._say["agreed_digest"], _broken(first)
        if now != first:
            yield self._say["agreed_digest_now"], _broken(now)

    def _agreements(self) -> Iterator[Passage]:
        for each in self._order.agreements:
            told = "; ".join(
                number_words(override.field, override.value, self._language, self._zone)
                for override in each.overrides
            )
            said = f"{self._say['said']}: {each.text}"
            yield Passage(told, self._moment(each.valid_from), said)

    def _clause(self, clause: Clause, *, is_missing: bool) -> Passage:
        say = self._say
        titles = TITLES.get(clause.clause_id)
        standing = []
        if is_missing:
            standing.append(say["not_part"])
        elif clause.clause_id in self._order.acknowledged:
            standing.append(say["acknowledged"])
        digest = _broken(clause.text_hash(self._language))
        standing.append(f"{say['text_digest']} {digest}")
        heading = clause.clause_id if titles is None else titles[self._language]
        return Passage(heading, " · ".join(standing), clause.texts[self._language])

    def _receipt(self) -> Iterator[Section]:
        say = self._say
        payment = self._payment()
        assert payment.received_at is not None, "only received money has a receipt"
        facts = [
            (say["amount"], self._money(payment.amount)),
            (say["purpose"], say[f"purpose_{payment.purpose}"]),
            (say["paid_at"], self._moment(payment.received_at)),
            (say["number"], str(payment.number)),
        ]
        if payment.provider is not None:
            facts.append((say["provider"], f"{payment.provider} {payment.provider_payment_id}"))
        if payment.charged_back is not None:
            facts.append((say["charged_back"], self._money(payment.charged_back)))
        yield Section(heading=say["amount"], facts=tuple(facts))
        yield self._car((say["price"], self._money(self._order.price)))
        yield Section(heading=say["about_money"], passages=(Passage("", "", say["held"]),))

    def _payment(self) -> Payment:
        number = self._paper.payment_number
        return next(each for each in self._order.payments if each.number == number)

    def _handover(self) -> Iterator[Section]:
        say = self._say
        inspected = self._last(Inspected)
        handed_over = self._last(HandedOver)
        tendered = self._last(Tendered)
        yield self._car(
            (say["vin"], handed_over.vin),
            (say["place"], tendered.place),
            (say["inspected_at"], self._moment(inspected.at)),
            (say["result"], say[inspected.result]),
            (say["confirmed_by"], self._confirmed(inspected)),
            (say["handed_over_at"], self._moment(handed_over.at)),
        )
        yield Section(
            heading=say["checklist"],
            columns=(Column(say["point"], 5), Column(say["seen"], 3), Column(say["remark"], 8)),
            rows=tuple(
                (
                    self._name(each.item),
                    say["in_order" if each.in_order else "not_in_order"],
                    each.remark,
                )
                for each in inspected.checklist
            ),
        )
        if inspected.remarks:
            remarks = "\n".join(inspected.remarks)
            yield Section(heading=say["remarks"], passages=(Passage("", "", remarks),))
        documents = " · ".join(self._name(each) for each in handed_over.documents)
        yield Section(heading=say["documents"], passages=(Passage("", "", documents),))
        signatures = "\n".join(map(self._signature, handed_over.signatures))
        yield Section(heading=say["signatures"], passages=(Passage("", "", signatures),))
        yield Section(heading=say["rights"], passages=(Passage("", "", say["rights_text"]),))

    def _confirmed(self, inspected: Inspected) -> str:
        is_own = inspected.confirmed_by == f"buyer:{self._order.buyer_id}"
        return self._say["own_login" if is_own else "signature"]

    def _signature(self, given: str) -> str:
        """One signature; a digest of what the buyer signed by login says so and when."""
        piece = next((each for each in self._order.evidence if each.digest == given), None)
        if piece is None or piece.added_by != f"buyer:{self._order.buyer_id}":
            return _broken(given)
        when = self._moment(piece.added_at)
        return f"{self._say['own_login']}, {when}: {_broken(given)}"

    def _last(self, kind: type[Kind]) -> Kind:
        return next(each for each in reversed(self._sources.events) if isinstance(each, kind))

    def _car(self, *further: tuple[str, str]) -> Section:
        """Model and options by the names in the catalogue, then what else belongs beside them."""
        order = self._order
        model = self._sources.catalogue.model(order.configuration.model)
        assert model is not None, "an order's model stands in its catalogue"
        chosen = tuple(
            (choice.names[self._language], option.names[self._language])
            for choice in model.choices
            for option in model.options
            if option.choice == choice.code and option.code in order.configuration.options
        )
        first = (self._say["model"], model.names[self._language])
        return Section(heading=self._say["car"], facts=(first, *chosen, *further))

    def _name(self, code: str) -> str:
        both = name_of(code)
        return both.en if self._language == "en" else both.zh

    def _moment(self, instant: Instant) -> str:
        return moment_words(instant, self._language, self._zone)

    def _money(self, amount: Money) -> str:
        return money_words(amount, self._language)


def _broken(digest: str) -> str:
    """A long code with places at which a line may end."""
    parts = (digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP))
    return "\u200b".join(parts)
