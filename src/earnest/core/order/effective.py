"""The effective policy of one order: what its rules, timers, exits and pages run by.

Standard terms <- public promises on the order <- its side agreements (`core/terms/effective.py`),
without the clauses that never became part of the contract (CN-03). Not here: agreeing anything.
"""

from __future__ import annotations

import msgspec

from earnest.core.order.facts import Facts
from earnest.core.order.state import Order
from earnest.core.terms.agreement import AppliedPromise, PublicPromise
from earnest.core.terms.effective import Decided, decided, effective
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import STORAGE_CLAUSE, TermsVersion
from earnest.core.values.instant import Instant


def effective_policy(order: Order | None, facts: Facts, at: Instant) -> Policy:
    """What runs for an order at an instant, or for somebody who reserves at it."""
    if order is not None:
        return running_policy(order, facts.terms.policy, at)
    if not facts.promises:
        return facts.terms.policy
    return effective(facts.terms.policy, promises_in_force(facts.promises, at), (), at)


def running_policy(order: Order, standard: Policy, at: Instant) -> Policy:
    """The effective policy from the standard one; itself when nothing departs from it.

    This is on the path of every command: the usual order leaves after two comparisons.
    """
    policy = standard
    if policy.storage_per_day is not None and STORAGE_CLAUSE not in order.acknowledged:
        policy = msgspec.structs.replace(policy, storage_per_day=None)
    if not order.agreements and not order.promises:
        return policy
    return effective(policy, order.promises, order.agreements, at)


def what_decided(order: Order, standard: Policy, at: Instant) -> tuple[Decided, ...]:
    """Every number that can be agreed otherwise, with its value and what decided it."""
    return decided(standard, order.promises, order.agreements, at)


def promises_in_force(
    promises: tuple[PublicPromise, ...], at: Instant, *, after: int = 0
) -> tuple[AppliedPromise, ...]:
    """The promises made to whoever orders now, numbered as they would stand on the order."""
    running = [each for each in promises if each.in_force(at)]
    return tuple(
        AppliedPromise(number=number, applied_at=at, promise=each)
        for number, each in enumerate(running, start=after + 1)
    )


def not_incorporated(order: Order, terms: TermsVersion) -> tuple[str, ...]:
    """The material clauses of the order's version that the buyer never accepted on their own.

    They are not part of the contract, and every rule that relies on one computes without it
    (CN-03, Civil Code 496; a tick box for the whole version is no proof).
    """
    return tuple(
        clause.clause_id
        for clause in terms.clauses
        if clause.material and clause.clause_id not in order.acknowledged
    )


def is_incorporated(order: Order, terms: TermsVersion, clause_id: str) -> bool:
    """Whether a rule may rely on this clause of the order's version."""
    if clause_id in order.acknowledged:
        return True
    clause = terms.clause(clause_id)
    return clause is None or not clause.material
