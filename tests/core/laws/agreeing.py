"""How a life comes nearer to side agreements, public promises and newer terms.

Not here: the other commands (`goals.py`).
"""

from __future__ import annotations

from datetime import timedelta

from earnest.core.order.stage import Stage
from earnest.core.terms.override import Override, OverrideField
from tests.core import world
from tests.core.laws.lives import Ask, Life

DAY = timedelta(days=1)

_KIND = (
    Override(OverrideField.BALANCE_DUE_DAYS, 30),
    Override(OverrideField.CURE_DAYS, 25),
    Override(OverrideField.COOLING_OFF_HOURS, 400),
    Override(OverrideField.REFUND_DAYS, 2),
    Override(OverrideField.PRICE_REDUCTION, world.yuan(1_000)),
    Override(OverrideField.FORFEITURE_WAIVED, value=True),
)
"""What staff promise in a good hour."""


def propose(life: Life, _: Stage) -> Ask | None:
    """Agree something new about a field that no agreement names yet, for a while or for good."""
    named = {each.field for one in life.order.agreements for each in one.overrides}
    free = [each for each in _KIND if each.field not in named]
    if not free:
        return None
    days = life.chance.choice((None, 5, 40))
    until = None if days is None else life.at + days * DAY
    fields = {"overrides": (life.chance.choice(free),), "valid_until": until}
    return Ask("ProposeAgreement", life.at, fields, who=life.chance.choice(("buyer", "sales")))


def accept_agreement(life: Life, target: Stage) -> Ask | None:
    if not life.order.proposals:
        ask = propose(life, target)
        return None if ask is None else Ask(ask.name, ask.at, ask.fields, who="buyer")
    return Ask("AcceptAgreement", life.at, who="sales")


def decline_agreement(life: Life, target: Stage) -> Ask | None:
    if not life.order.proposals:
        return accept_agreement(life, target)
    return Ask("DeclineAgreement", life.at)


def apply_promise(life: Life, _: Stage) -> Ask | None:
    applied = {each.promise.promise_id for each in life.order.promises}
    unapplied = [each.promise_id for each in life.facts.promises if each.promise_id not in applied]
    if not unapplied:
        return None
    return Ask("ApplyPublicPromise", life.at, {"promise_id": life.chance.choice(unapplied)})


def offer_terms(life: Life, _: Stage) -> Ask | None:
    assert life.facts.offered_terms is not None
    offered = life.facts.offered_terms.terms_hash
    return Ask("OfferTerms", life.at, {"terms_hash": offered, "even_if_worse": True})


def accept_terms(life: Life, target: Stage) -> Ask | None:
    offer, offered = life.order.terms_offer, life.facts.offered_terms
    if offer is None or offered is None:
        return offer_terms(life, target)
    clauses = life.chance.choice((("terms",), ("terms", "forfeiture")))
    shown = tuple(world.acknowledgement(each, life.at, offered) for each in clauses)
    fields = {"terms_hash": offer.terms_hash, "acknowledgements": shown}
    return Ask("AcceptTerms", life.at, fields | {"accept_what_is_worse": True})


def decline_terms(life: Life, target: Stage) -> Ask | None:
    return (
        offer_terms(life, target)
        if life.order.terms_offer is None
        else Ask("DeclineTerms", life.at)
    )


def acknowledge(life: Life, _: Stage) -> Ask | None:
    clause = life.chance.choice(("forfeiture", "lock_effect"))
    shown = world.acknowledgement(clause, life.at, life.facts.terms)
    return Ask("AcknowledgeClause", life.at, {"acknowledgement": shown})
