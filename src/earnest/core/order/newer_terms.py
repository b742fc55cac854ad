"""A newer version of the terms: offered, and accepted or not. Nothing changes before (EU-08).

An order keeps its version for life; this is the only way to another one. Not here: publishing a
version, and agreements about single numbers (`agree.py`).
"""

from __future__ import annotations

from earnest.core.order.commands_of_agreements import AcceptTerms, DeclineTerms, OfferTerms
from earnest.core.order.events_of_agreements import TermsAccepted, TermsDeclined, TermsOffered
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts_of_agreements import TermsOffer
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order, changed
from earnest.core.terms.comparing import worse_for_buyer
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import ACCEPTANCE_CLAUSE, TermsVersion, acknowledged_as_shown
from earnest.core.values.instant import Instant, hours_later
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def offer_terms(
    order: Order, command: OfferTerms, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Offer another published version of the same queue; the buyer may take it or leave it.

    `worse` names every number that is not clearly as good for the buyer, so that nothing hides
    behind improvements. Rejections: `offered_terms_unknown`, `terms_unchanged`,
    `currency_differs`, `worse_terms_not_offered` (unless the seller says that it means them).
    """
    offered = facts.offered_terms
    if offered is None:
        return Rejected(Reason.OFFERED_TERMS_UNKNOWN, {"terms_hash": command.terms_hash})
    if command.terms_hash == order.terms_hash:
        return Rejected(Reason.TERMS_UNCHANGED)
    if offered.policy.currency != order.price.currency:
        return Rejected(Reason.CURRENCY_DIFFERS, {"currency": order.price.currency})
    worse = worse_for_buyer(facts.terms.policy, offered.policy)
    if worse and not command.even_if_worse:
        return Rejected(Reason.WORSE_TERMS_NOT_OFFERED, {"fields": ", ".join(worse)})
    return accepted(
        TermsOffered(at=now, terms_hash=command.terms_hash, version=offered.version, worse=worse)
    )


def accept_terms(
    order: Order, command: AcceptTerms, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Move the order to the offered version, by the buyer's own act and no other.

    Each material clause counts only with its own acknowledgement, given anew (CN-03). Whatever
    is worse has to be accepted expressly (EU-08). A cooling-off period that runs is never
    shortened. Rejections: `terms_not_offered`, `terms_not_acknowledged`, `worse_not_accepted`.
    """
    offer, offered = order.terms_offer, facts.offered_terms
    if offer is None or offered is None or command.terms_hash != offer.terms_hash:
        return Rejected(Reason.TERMS_NOT_OFFERED, {"terms_hash": command.terms_hash})
    for acknowledgement in command.acknowledgements:
        if not acknowledged_as_shown(acknowledgement, offered):
            return Rejected(Reason.TERMS_NOT_ACKNOWLEDGED, {"clause": acknowledgement.clause_id})
    if all(each.clause_id != ACCEPTANCE_CLAUSE for each in command.acknowledgements):
        return Rejected(Reason.TERMS_NOT_ACKNOWLEDGED, {"clause": ACCEPTANCE_CLAUSE})
    if offer.worse and not command.accept_what_is_worse:
        return Rejected(Reason.WORSE_NOT_ACCEPTED, {"fields": ", ".join(offer.worse)})
    return accepted(
        TermsAccepted(
            at=now,
            terms_hash=offer.terms_hash,
            version=offer.version,
            previous_terms_hash=order.terms_hash,
            acknowledgements=command.acknowledgements,
            cooling_off_ends=_prolonged(order, offered),
        )
    )


def decline_terms(
    order: Order, command: DeclineTerms, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Keep the version of the order; there is nothing to give a reason for."""
    if order.terms_offer is None:
        return Rejected(Reason.TERMS_NOT_OFFERED, {"terms_hash": order.terms_hash})
    return accepted(TermsDeclined(at=now, terms_hash=order.terms_offer.terms_hash))


def _prolonged(order: Order, offered: TermsVersion) -> Instant | None:
    """When the cooling-off period ends under the offered version, if it runs and ends later."""
    if order.stage is not Stage.DEPOSITED or order.deposited_at is None:
        return None
    assert order.cooling_off_ends is not None, "a paid deposit starts the cooling-off period"
    ends = hours_later(order.deposited_at, offered.policy.cooling_off_hours)
    return ends if ends > order.cooling_off_ends else None


def terms_offered(order: Order, event: TermsOffered) -> Order:
    """The latest offer stands beside the order and changes none of it."""
    offer = TermsOffer(
        terms_hash=event.terms_hash, version=event.version, offered_at=event.at, worse=event.worse
    )
    return changed(order, event.at, terms_offer=offer)


def terms_accepted(order: Order, event: TermsAccepted) -> Order:
    """The order runs under another version; only what was acknowledged now is part of it."""
    return changed(
        order,
        event.at,
        terms_hash=event.terms_hash,
        terms_offer=None,
        acknowledged=tuple(each.clause_id for each in event.acknowledgements),
        cooling_off_ends=event.cooling_off_ends or order.cooling_off_ends,
    )


def terms_declined(order: Order, event: TermsDeclined) -> Order:
    """The offer is gone."""
    return changed(order, event.at, terms_offer=None)
