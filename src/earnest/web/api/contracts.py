"""GET /orders/{order_id}/contract: what runs for one order, and what decided each number.

Standard terms, public promises and side agreements side by side; the clauses that are no part of
the contract; what waits for an answer, with the consequences of each. Not here: answering, which
the routes of the commands do, and the text of the terms (`documents.py`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.order.effective import effective_policy, not_incorporated, what_decided
from earnest.core.order.facts import Facts
from earnest.core.order.parts_of_agreements import ChangeChoice, ChangeKind, WaitingChange
from earnest.core.order.settling import statement_of
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.words import Reader
from earnest.core.terms.agreement import Agreement, Origin, Party, PublicPromise
from earnest.core.terms.diff import Difference, differences
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.effective import Decided, Source
from earnest.core.terms.override import Override, OverrideField, Value
from earnest.core.terms.reading import read_document
from earnest.core.terms.version import TermsVersion
from earnest.core.terms.weighing.measure import Effect
from earnest.core.values.ids import OrderId, TermsHash
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money
from earnest.core.values.reason import Reason
from earnest.desk.telling import number_words
from earnest.desk.telling.without import without_clause
from earnest.web.finding import order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import Language, Moment
from earnest.web.telling_settlement import Settlement, reader_of, settlement_in_words


class ContractAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At which instant (now, without one), and in which language."""

    at: Moment | None = None
    language: Language | None = None


async def show_contract(house: House, asked: Asked, wanted: ContractAsked) -> Reply:
    """The contract of one order as it runs at an instant."""
    order = await order_asked_for(house, asked)
    facts = await house.desk.library.facts_to_read(order)
    at = wanted.at or asked.received_at
    offer = order.terms_offer
    offered = None if offer is None else await house.reader.terms(offer.terms_hash)
    language = wanted.language or asked.language
    reader = reader_of(asked.caller)
    return Reply(value=_contract(order, facts, offered, at, language, reader))


class NumberShown(msgspec.Struct, frozen=True, kw_only=True):
    """One number, in words, and which of the three decided it.

    `number` is that of the promise or the agreement. `instead_of` is what the standard terms
    say; `overlaps` names what said something else and gave way.
    """

    field: OverrideField
    value: Value | None
    words: str
    source: Source
    number: int
    instead_of: Value | None
    overlaps: tuple[str, ...]


class ClauseStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A clause of the version, and whether it is part of this contract (CN-03)."""

    clause_id: str
    material: bool
    is_incorporated: bool
    without_it: str | None


class AgreementShown(msgspec.Struct, frozen=True, kw_only=True):
    """A side agreement with its evidence. `in_force` is whether its time runs now."""

    number: int
    origin: Origin
    overrides: tuple[Override, ...]
    text: str
    text_hash: str
    valid_from: Instant
    valid_until: Instant | None
    proposed_by: Party
    proposed_at: Instant
    seller_accepted_at: Instant | None
    buyer_accepted_at: Instant | None
    replaces: tuple[int, ...]
    in_force: bool


class PromiseShown(msgspec.Struct, frozen=True, kw_only=True):
    """A public promise on the order, with what was said where."""

    number: int
    promise_id: str
    applied_at: Instant
    overrides: tuple[Override, ...]
    text: str
    source: str


class TermsOfferShown(msgspec.Struct, frozen=True, kw_only=True):
    """Another version that the buyer may accept or decline; `worse` names what is not as good."""

    terms_hash: TermsHash
    version: str
    offered_at: Instant
    worse: tuple[str, ...]
    differences: tuple[DifferenceShown, ...]


class DifferenceShown(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter in which the offered version differs, and who is better off by it."""

    key: str
    meaning: str
    before: str
    after: str
    effect: Effect
    reason: str


class ChoiceShown(msgspec.Struct, frozen=True, kw_only=True):
    """One answer to a change: the price and the window after it, or what leaving brings."""

    choice: ChangeChoice
    price: Money | None
    promise: Window | None
    settlement: Settlement | None


class ChangeShown(msgspec.Struct, frozen=True, kw_only=True):
    """A change while waiting. `choices` is empty when it was answered or its time is over."""

    number: int
    change: ChangeKind
    explanation: str
    announced_at: Instant
    answer_until: Instant
    answer: ChangeChoice | None
    choices: tuple[ChoiceShown, ...]


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """What runs for one order. The standard terms are those of `terms_hash`."""

    order_id: OrderId
    at: Instant
    terms_hash: TermsHash
    version: str
    seller: str
    payee: str
    numbers: tuple[NumberShown, ...]
    clauses: tuple[ClauseStanding, ...]
    promises: tuple[PromiseShown, ...]
    agreements: tuple[AgreementShown, ...]
    proposals: tuple[AgreementShown, ...]
    terms_offer: TermsOfferShown | None
    changes: tuple[ChangeShown, ...]


def _contract(
    order: Order,
    facts: Facts,
    offered: TermsVersion | None,
    at: Instant,
    language: str,
    reader: Reader,
) -> Contract:
    terms = facts.terms
    return Contract(
        order_id=order.order_id,
        at=at,
        terms_hash=order.terms_hash,
        version=terms.version,
        seller=terms.seller,
        payee=terms.payee,
        numbers=tuple(
            _number(each, language, terms.policy.time_zone)
            for each in what_decided(order, terms.policy, at)
        ),
        clauses=_clauses(order, facts, language),
        promises=tuple(
            PromiseShown(number=each.number, applied_at=each.applied_at, **_said(each.promise))
            for each in order.promises
        ),
        agreements=tuple(_agreement(each, at) for each in order.agreements),
        proposals=tuple(_agreement(each, at) for each in order.proposals),
        terms_offer=_terms_offer(order, terms, offered, language),
        changes=tuple(_change(order, each, facts, at, language, reader) for each in order.changes),
    )


def _terms_offer(
    order: Order, own: TermsVersion, offered: TermsVersion | None, language: str
) -> TermsOfferShown | None:
    """The offered version beside the order's own, parameter by parameter."""
    offer = order.terms_offer
    if offer is None or offered is None:
        return None
    return TermsOfferShown(
        terms_hash=offer.terms_hash,
        version=offer.version,
        offered_at=offer.offered_at,
        worse=offer.worse,
        differences=tuple(
            DifferenceShown(
                key=each.key,
                meaning=each.meaning[language],
                before=each.before[language],
                after=each.after[language],
                effect=each.effect,
                reason=each.reason[language],
            )
            for each in _differences(own, offered)
        ),
    )


def _differences(own: TermsVersion, offered: TermsVersion) -> tuple[Difference, ...]:
    """What differs between two documents; nothing where a version was not made from one."""
    before = read_document(own.source, own.version)
    after = read_document(offered.source, offered.version)
    if not isinstance(before, TermsDocument) or not isinstance(after, TermsDocument):
        return ()
    return differences(before, after)


def _number(decided: Decided, language: str, time_zone: str) -> NumberShown:
    return NumberShown(
        field=decided.field,
        value=decided.value,
        words=number_words(decided.field, decided.value, language, time_zone),
        source=decided.source,
        number=decided.number,
        instead_of=decided.instead_of,
        overlaps=decided.overlaps,
    )


def _clauses(order: Order, facts: Facts, language: str) -> tuple[ClauseStanding, ...]:
    missing = not_incorporated(order, facts.terms)
    return tuple(
        ClauseStanding(
            clause_id=each.clause_id,
            material=each.material,
            is_incorporated=each.clause_id not in missing,
            without_it=without_clause(each.clause_id, language)
            if each.clause_id in missing
            else None,
        )
        for each in facts.terms.clauses
    )


def _said(promise: PublicPromise) -> dict[str, Any]:
    return {
        "promise_id": promise.promise_id,
        "overrides": promise.overrides,
        "text": promise.text,
        "source": promise.source,
    }


_SAME = frozenset(AgreementShown.__struct_fields__) - {"in_force"}


def _agreement(agreement: Agreement, at: Instant) -> AgreementShown:
    same = {name: getattr(agreement, name) for name in _SAME}
    return AgreementShown(in_force=agreement.in_force(at), **same)


def _change(
    order: Order,
    change: WaitingChange,
    facts: Facts,
    at: Instant,
    language: str,
    reader: Reader,
) -> ChangeShown:
    waits = change.is_unanswered and at < change.answer_until
    return ChangeShown(
        number=change.number,
        change=change.change,
        explanation=change.explanation,
        announced_at=change.announced_at,
        answer_until=change.answer_until,
        answer=change.answer,
        choices=tuple(
            _choice(order, change, choice, facts, at, language, reader)
            for choice in change.choices()
        )
        if waits
        else (),
    )


def _choice(
    order: Order,
    change: WaitingChange,
    choice: ChangeChoice,
    facts: Facts,
    at: Instant,
    language: str,
    reader: Reader,
) -> ChoiceShown:
    """What an answer would mean; the statement is the one that leaving would post."""
    price, promise, settlement = order.price, order.binding_promise, None
    if choice is ChangeChoice.LEAVE:
        policy = effective_policy(order, facts, at)
        statement = statement_of(order, Ground.CHANGED_WHILE_WAITING, policy, at)
        settlement = settlement_in_words(statement, facts.terms, language, reader)
        return ChoiceShown(choice=choice, price=None, promise=None, settlement=settlement)
    if choice is ChangeChoice.SWITCH and change.switch is not None:
        price, promise = change.switch.price, change.switch.promise or promise
    return ChoiceShown(choice=choice, price=price, promise=promise, settlement=settlement)


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/orders/{order_id}/contract",
            operation="showOrderContract",
            summary="What runs for an order, and which of terms, promise and agreement decided it.",
            tag="orders",
            access=Access.READERS,
            takes=ContractAsked,
            handler=show_contract,
            gives=Contract,
            codes=(Reason.ORDER_UNKNOWN,),
        )
    ]
