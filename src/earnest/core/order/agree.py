"""Agreeing individually: proposing, accepting, declining, and what binds at once.

Not here: deferrals, which have their own chapter (`defer.py`), public promises (`promised.py`),
and which value runs in the end (`core/terms/effective.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.order.commands_of_agreements import (
    AcceptAgreement,
    DeclineAgreement,
    ProposeAgreement,
)
from earnest.core.order.events_of_agreements import (
    AgreementDeclined,
    AgreementMade,
    AgreementProposed,
)
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.overriding import moved_balance_due, moved_cure, with_overrides
from earnest.core.order.promised import price_lowered_by
from earnest.core.order.state import Order, changed
from earnest.core.terms.agreement import Agreement, Party, agreement_clause
from earnest.core.terms.effective import decided
from earnest.core.terms.override import OverrideField, Value, favour, why_not_overridden
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import Acknowledgement
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def propose_agreement(
    order: Order, command: ProposeAgreement, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Record or propose a side agreement.

    A promise by staff that nowhere makes the buyer worse off binds at once: the seller has to
    honour what its people say (CN-05, EU-09), and nobody has to accept a gift. Everything else
    waits for the other side. Rejections: those of the overrides, `agreement_text_missing`,
    `agreement_malformed`, `agreement_unknown`, `agreements_contradict`,
    `acknowledgement_missing` (a buyer's own disadvantage), those of a price reduction.
    """
    wrong = why_not_overridden(command.overrides, policy.currency)
    if wrong is not None:
        return wrong
    if not command.text.strip():
        return Rejected(Reason.AGREEMENT_TEXT_MISSING)
    agreement = _as_proposed(order, command, now)
    wrong = _why_not_valid(order, agreement, now)
    if wrong is not None:
        return wrong
    harms = _harms_buyer(order, agreement, facts.policy, now)
    if command.actor.is_buyer:
        if harms and not _acknowledges(command.acknowledgement, agreement):
            return _unacknowledged(agreement)
        return accepted(AgreementProposed(at=now, agreement=agreement))
    if harms:
        return accepted(AgreementProposed(at=now, agreement=agreement))
    return _made(order, agreement, policy, now)


def accept_agreement(
    order: Order, command: AcceptAgreement, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Accept the other side's proposal; from now on it beats the standard terms.

    What makes the buyer worse off becomes part of the contract only by the buyer's own separate
    act about its text (CN-03, CN-09: a change that is not clear is no change). Rejections:
    `agreement_unknown`, `agreement_not_yours`, `agreement_malformed`, `agreements_contradict`,
    `acknowledgement_missing`, those of a price reduction.
    """
    agreement = order.proposal(command.number)
    if agreement is None:
        return Rejected(Reason.AGREEMENT_UNKNOWN, {"number": str(command.number)})
    party = Party.BUYER if command.actor.is_buyer else Party.SELLER
    if party is agreement.proposed_by:
        return Rejected(Reason.AGREEMENT_NOT_YOURS, {"number": str(command.number)})
    wrong = _why_not_valid(order, agreement, now)
    if wrong is not None:
        return wrong
    if party is Party.SELLER:
        staff_id = command.actor.actor_id
        answered = msgspec.structs.replace(agreement, seller_accepted_at=now, staff_id=staff_id)
        return _made(order, answered, policy, now)
    harms = _harms_buyer(order, agreement, facts.policy, now)
    if harms and not _acknowledges(command.acknowledgement, agreement):
        return _unacknowledged(agreement)
    answered = msgspec.structs.replace(
        agreement, buyer_accepted_at=now, acknowledgement=command.acknowledgement
    )
    return _made(order, answered, policy, now)


def decline_agreement(
    order: Order, command: DeclineAgreement, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Decline a proposal or take one's own back: the contract stays what it is."""
    if order.proposal(command.number) is None:
        return Rejected(Reason.AGREEMENT_UNKNOWN, {"number": str(command.number)})
    party = Party.BUYER if command.actor.is_buyer else Party.SELLER
    declined = AgreementDeclined(
        at=now, number=command.number, by=party, explanation=command.explanation
    )
    return accepted(declined)


def _as_proposed(order: Order, command: ProposeAgreement, now: Instant) -> Agreement:
    by_buyer = command.actor.is_buyer
    return Agreement(
        number=order.agreements_proposed + 1,
        origin=command.origin,
        overrides=command.overrides,
        text=command.text,
        valid_from=command.valid_from or now,
        valid_until=command.valid_until,
        proposed_by=Party.BUYER if by_buyer else Party.SELLER,
        proposed_at=now,
        staff_id=None if by_buyer else command.actor.actor_id,
        replaces=command.replaces,
        seller_accepted_at=None if by_buyer else now,
        buyer_accepted_at=now if by_buyer else None,
        acknowledgement=command.acknowledgement if by_buyer else None,
    )


def _why_not_valid(order: Order, agreement: Agreement, now: Instant) -> Rejected | None:
    """A period that ended or never begins, an unknown agreement to replace, a contradiction."""
    ends = agreement.valid_until
    if ends is not None and (ends <= agreement.valid_from or ends <= now):
        return Rejected(Reason.AGREEMENT_MALFORMED, {"valid_until": ends.isoformat()})
    for number in agreement.replaces:
        if order.agreement(number) is None:
            return Rejected(Reason.AGREEMENT_UNKNOWN, {"number": str(number)})
    for other in _standing(order.agreements, agreement.replaces):
        field = _contradiction(agreement, other)
        if field is not None:
            details = {"field": field.value, "number": str(other.number)}
            return Rejected(Reason.AGREEMENTS_CONTRADICT, details)
    return None


def _standing(
    agreements: tuple[Agreement, ...], replaced_as_well: tuple[int, ...]
) -> tuple[Agreement, ...]:
    """The agreements that no other one put out of force."""
    replaced = {number for each in agreements for number in each.replaces}
    replaced.update(replaced_as_well)
    return tuple(each for each in agreements if each.number not in replaced)


def _contradiction(one: Agreement, other: Agreement) -> OverrideField | None:
    """The first field about which two agreements say different things at one time."""
    if not one.overlaps(other):
        return None
    for override in one.overrides:
        said = other.value_of(override.field)
        if said is not None and said != override.value:
            return override.field
    return None


def _harms_buyer(order: Order, agreement: Agreement, standard: Policy, now: Instant) -> bool:
    """Whether any number becomes worse for the buyer, at any time when something changes.

    Agreements that are replaced count as well: giving up a better one is a disadvantage.
    """
    instants = {max(now, agreement.valid_from)}
    instants |= {each.valid_from for each in order.agreements if each.valid_from > now}
    if agreement.valid_until is not None:
        instants.add(agreement.valid_until)
    return any(_harms_at(order, agreement, standard, instant) for instant in instants)


def _harms_at(order: Order, agreement: Agreement, standard: Policy, at: Instant) -> bool:
    before = decided(standard, order.promises, order.agreements, at)
    after = decided(standard, order.promises, (*order.agreements, agreement), at)
    return any(
        favour(now.field, _own(order, now.field, now.value))
        < favour(was.field, _own(order, was.field, was.value))
        for was, now in zip(before, after, strict=True)
    )


def _own(order: Order, field: OverrideField, value: Value | None) -> Value | None:
    """A fact of the order itself counts where neither promise nor agreement says anything."""
    if field is OverrideField.DELIVERY_UNTIL and value is None:
        return order.binding_promise.ends
    return value


def _acknowledges(acknowledgement: Acknowledgement | None, agreement: Agreement) -> bool:
    return (
        acknowledgement is not None
        and acknowledgement.clause_id == agreement_clause(agreement.number)
        and acknowledgement.text_hash == agreement.text_hash
    )


def _unacknowledged(agreement: Agreement) -> Rejected:
    clause = agreement_clause(agreement.number)
    return Rejected(Reason.ACKNOWLEDGEMENT_MISSING, {"clause": clause})


def _made(order: Order, agreement: Agreement, policy: Policy, now: Instant) -> Outcome:
    cause = f"agreement {agreement.number}"
    lowered = price_lowered_by(order, agreement.overrides, cause, now)
    if isinstance(lowered, Rejected):
        return lowered
    made = AgreementMade(
        at=now,
        agreement=agreement,
        balance_due_at=moved_balance_due(order, agreement.overrides, policy),
        cure_until=moved_cure(order, agreement.overrides, policy),
    )
    return accepted(made, *lowered)


def agreement_proposed(order: Order, event: AgreementProposed) -> Order:
    """The proposal waits for the other side."""
    return changed(
        order,
        event.at,
        proposals=(*order.proposals, event.agreement),
        agreements_proposed=event.agreement.number,
    )


def agreement_made(order: Order, event: AgreementMade) -> Order:
    """The agreement stands on the order, and periods that already run move with it."""
    agreement = event.agreement
    moved = with_overrides(
        order,
        agreement.overrides,
        balance_due_at=event.balance_due_at,
        cure_until=event.cure_until,
    )
    return changed(
        moved,
        event.at,
        agreements=(*order.agreements, agreement),
        proposals=_without(order.proposals, agreement.number),
        agreements_proposed=max(order.agreements_proposed, agreement.number),
    )


def agreement_declined(order: Order, event: AgreementDeclined) -> Order:
    """The proposal is gone."""
    return changed(order, event.at, proposals=_without(order.proposals, event.number))


def _without(proposals: tuple[Agreement, ...], number: int) -> tuple[Agreement, ...]:
    return tuple(each for each in proposals if each.number != number)
