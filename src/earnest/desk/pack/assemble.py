"""Assembling a dispute pack from what is stored: pure, the same input gives the same bytes.

Not here: reading what is stored (`gather.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from earnest.core.cases.notice import BALANCE_DEMAND
from earnest.core.order import events as happened
from earnest.core.order.events_of_agreements import TermsAccepted
from earnest.core.order.parts import DemandFact, Purpose
from earnest.core.order.state import Order
from earnest.core.terms.agreement import Agreement
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import Acknowledgement, TermsVersion, acknowledged_as_shown
from earnest.core.values.ids import TermsHash
from earnest.core.values.instant import Instant, Window
from earnest.desk.notices import UNTOLD, is_legal
from earnest.desk.pack.pack import (
    Pack,
    PackAcknowledgement,
    PackClause,
    PackDemand,
    PackEvent,
    PackNotice,
    PackParties,
    PackPosting,
    PackPromise,
    PackSignature,
    PackTerms,
    digest_of_pack,
)
from earnest.desk.ports import RecordedEvent, RecordedPosting
from earnest.desk.private import NoticeMark, NoticePlace
from earnest.desk.telling import subject, tell

AGREEING = frozenset(
    {
        *("DeferralRequested", "DeferralDeclined", "DeferralTakenBack", "DeferralUnanswered"),
        *("Deferred", "Resumed", "DeferralEnded"),
        *("AgreementProposed", "AgreementMade", "AgreementDeclined", "PublicPromisesApplied"),
        *("PriceLowered", "TermsOffered", "TermsAccepted", "TermsDeclined"),
        *("ChangeAnnounced", "ChangeAnswered", "Switched", "ChangeUnanswered"),
        *("DelayAnswered", "DelayUnanswered", "EarlierAllowed"),
    }
)
"""Events about what was agreed beside the standard terms."""

DECIDING = frozenset(
    {
        *("CancellationApproved", "CancelledBySeller", "CancellationContested"),
        *("CancellationRevoked", "TerminatedForForceMajeure", "SettlementFixed"),
        *("PayoutReleased", "ForfeitureReleased", "LossDocumented", "LossApproved"),
        *("CaseAnswered", "CaseClosed"),
    }
)
"""Events in which somebody of the seller's decided, checked or released something."""


class PackSources(msgspec.Struct, frozen=True, kw_only=True):
    """What a pack is made of. `terms` has every version that the order was ever under."""

    order: Order
    events: Sequence[RecordedEvent]
    postings: Sequence[RecordedPosting]
    marks: Mapping[NoticePlace, Sequence[NoticeMark]]
    terms: Mapping[TermsHash, TermsVersion]
    buyer_name: str


def assemble(sources: PackSources, language: str) -> Pack:
    """The whole pack in one language, with its digest."""
    order, events = sources.order, sources.events
    current = sources.terms[order.terms_hash]
    timeline = tuple(_event(each, language, current.policy) for each in events)
    pack = Pack(
        language=language,
        time_zone=current.policy.time_zone,
        order_id=order.order_id,
        sequence=order.sequence,
        as_of=events[-1].recorded_at,
        parties=PackParties(
            seller=current.seller,
            payee=current.payee,
            buyer_id=order.buyer_id,
            buyer_name=sources.buyer_name,
        ),
        order=msgspec.to_builtins(order, builtin_types=(datetime,)),
        terms=tuple(_terms(sources)),
        acknowledgements=tuple(_acknowledgements(sources)),
        agreements=tuple(each for each in timeline if each.kind in AGREEING),
        promises=tuple(_promises(events)),
        demands=(*_balance_demand(order), *(_demand(each) for each in order.demands)),
        notices=tuple(_notices(sources, language)),
        cases=order.cases,
        evidence=order.evidence,
        decisions=tuple(each for each in timeline if each.kind in DECIDING),
        signatures=tuple(_signatures(events)),
        statement=order.statement,
        payouts=order.payouts,
        postings=tuple(_postings(sources)),
        timeline=timeline,
    )
    return msgspec.structs.replace(pack, digest=digest_of_pack(pack))


def terms_of(events: Sequence[RecordedEvent]) -> tuple[tuple[TermsHash, Instant], ...]:
    """Every version of the terms that an order was under, and since when."""
    return tuple(
        (recorded.event.terms_hash, recorded.event.at)
        for recorded in events
        if isinstance(recorded.event, happened.Reserved | TermsAccepted)
    )


def _event(recorded: RecordedEvent, language: str, policy: Policy) -> PackEvent:
    data: dict[str, Any] = msgspec.to_builtins(recorded.event, builtin_types=(datetime,))
    return PackEvent(
        sequence=recorded.sequence,
        kind=data.pop("kind"),
        at=data.pop("at"),
        recorded_at=recorded.recorded_at,
        by=recorded.actor_id,
        words=tell(recorded.event, language, policy),
        data=data,
    )


def _terms(sources: PackSources) -> Iterator[PackTerms]:
    order = sources.order
    for terms_hash, since in terms_of(sources.events):
        version = sources.terms[terms_hash]
        yield PackTerms(
            terms_hash=terms_hash,
            version=version.version,
            since=since,
            in_force=terms_hash == order.terms_hash,
            policy=version.policy,
            clauses=tuple(
                PackClause(
                    clause_id=clause.clause_id,
                    material=clause.material,
                    acknowledged=clause.clause_id in order.acknowledged,
                    language=order.language,
                    text=clause.texts[order.language],
                    text_hash=clause.text_hash(order.language),
                )
                for clause in version.clauses
            ),
        )


def _acknowledgements(sources: PackSources) -> Iterator[PackAcknowledgement]:
    for recorded in sources.events:
        for given in _given_in(recorded.event):
            yield PackAcknowledgement(
                sequence=recorded.sequence,
                at=given.at,
                clause_id=given.clause_id,
                language=given.language,
                text_hash=given.text_hash,
                as_shown=_as_shown(given, recorded.event, sources),
            )


def _given_in(event: happened.Event) -> Iterator[Acknowledgement]:
    """Every acknowledgement that an event carries, whatever kind it is."""
    yield from getattr(event, "acknowledgements", ())
    for holder in (event, getattr(event, "agreement", None)):
        alone = getattr(holder, "acknowledgement", None)
        if isinstance(alone, Acknowledgement):
            yield alone


def _as_shown(given: Acknowledgement, event: happened.Event, sources: PackSources) -> bool:
    """Whether the digest is that of the clause's, or of the agreement's, own text."""
    agreement = getattr(event, "agreement", None)
    if isinstance(agreement, Agreement):
        return given.text_hash == agreement.text_hash
    return any(acknowledged_as_shown(given, version) for version in sources.terms.values())


def _promises(events: Sequence[RecordedEvent]) -> Iterator[PackPromise]:
    for recorded in events:
        promise = getattr(recorded.event, "promise", None)
        if isinstance(promise, Window):
            yield PackPromise(
                sequence=recorded.sequence,
                at=recorded.event.at,
                promise=promise,
                cause=getattr(recorded.event, "cause", ""),
            )


def _balance_demand(order: Order) -> Iterator[PackDemand]:
    """The demand for the balance, which is met once the price is paid (a handover follows that)."""
    demand = order.balance_demand
    if demand is not None:
        yield PackDemand(
            number=BALANCE_DEMAND,
            ground=Purpose.BALANCE,
            demanded_at=demand.demanded_at,
            cure_days=demand.due_days,
            delivered_at=demand.notice_delivered_at,
            means=demand.notice_means,
            proof=demand.notice_proof,
            evidence_number=demand.notice_evidence_number,
            cure_until=demand.due_at,
            met=order.handed_over_at is not None or not order.balance_due.is_positive,
        )


def _demand(demand: DemandFact) -> PackDemand:
    return PackDemand(
        number=demand.number,
        ground=demand.ground,
        demanded_at=demand.demanded_at,
        cure_days=demand.cure_days,
        delivered_at=demand.notice_delivered_at,
        means=demand.notice_means,
        proof=demand.notice_proof,
        evidence_number=demand.notice_evidence_number,
        cure_until=demand.cure_until,
        met=demand.met,
    )


def _notices(sources: PackSources, language: str) -> Iterator[PackNotice]:
    for recorded in sources.events:
        if type(recorded.event) in UNTOLD:
            continue
        place = NoticePlace(recorded.order_id, recorded.sequence)
        yield PackNotice(
            sequence=recorded.sequence,
            at=recorded.event.at,
            subject=subject(recorded.event, language),
            is_legal=is_legal(recorded.event),
            marks=tuple(sources.marks.get(place, ())),
        )


def _signatures(events: Sequence[RecordedEvent]) -> Iterator[PackSignature]:
    for recorded in events:
        event, sequence = recorded.event, recorded.sequence
        if isinstance(event, happened.Inspected):
            yield PackSignature(
                sequence=sequence, at=event.at, what="inspection", by=event.confirmed_by
            )
        elif isinstance(event, happened.HandedOver):
            for signature in event.signatures:
                yield PackSignature(sequence=sequence, at=event.at, what="handover", by=signature)


def _postings(sources: PackSources) -> Iterator[PackPosting]:
    causes = {recorded.sequence: recorded.event.at for recorded in sources.events}
    for recorded in sources.postings:
        yield PackPosting(
            sequence=recorded.sequence,
            line=recorded.line,
            at=causes[recorded.sequence],
            debit=recorded.posting.debit,
            credit=recorded.posting.credit,
            amount=recorded.posting.amount,
        )
