"""What an injured buyer gets: the seller answers for the end of the order.

The buyer chooses between the double return and the compensation of the terms, and gets the loss
that exceeds either (CN-18, Civil Code 588). Not here: the other sides of an exit (`settle.py`).
"""

from __future__ import annotations

from earnest.core.ledger.account import Account
from earnest.core.settlement.earnest import split_earnest
from earnest.core.settlement.interest import interest, rate
from earnest.core.settlement.position import Claim, Held, Position
from earnest.core.settlement.statement import Line, LineKind, moving
from earnest.core.terms.packs.law import Law, Remedy
from earnest.core.terms.policy import DepositKind
from earnest.core.values.money import Money, above, nothing, total


def claims(position: Position, law: Law) -> tuple[Claim, ...]:
    """What the buyer can choose from; both computations are offered where they differ (CN-18)."""
    earnest = (
        law.remedy_at(shipped=position.is_shipped) is Remedy.EARNEST
        and position.deposit_kind is DepositKind.EARNEST
        and position.deposit_paid.is_positive
    )
    if not earnest:
        return (Claim.COMPENSATION,)
    compensation = position.delay_compensation
    if compensation is None or not compensation.is_positive:
        return (Claim.EARNEST,)
    return (Claim.EARNEST, Claim.COMPENSATION)


def lines(position: Position, law: Law) -> list[Line]:
    """The lines of the claim the buyer chose; without a choice those that give the buyer more."""
    possible = claims(position, law)
    if position.claim in possible:
        possible = (position.claim,)
    computed = [_COMPUTED[claim](position, law) for claim in possible]
    return max(computed, key=lambda each: _sum(each, position).amount)


def _sum(some: list[Line], position: Position) -> Money:
    return total([line.amount for line in some], position.price.currency)


def _doubled(position: Position, law: Law) -> list[Line]:
    """Earnest money comes back double; what lies above the cap comes back with interest."""
    rules, account = law.citations, position.deposit_account
    split = split_earnest(position, law)
    doubled = split.effective if position.fleet.rest_needed else split.at_stake
    doubled_by = rules.own_breach if doubled == split.effective else rules.proportion
    expense = Account.DOUBLE_RETURN_EXPENSE
    found = moving(
        (LineKind.EARNEST_RETURNED, account, split.effective, rules.own_breach),
        (LineKind.EARNEST_DOUBLED, expense, doubled, doubled_by),
        (LineKind.EXCESS_REFUNDED, account, split.excess, rules.excess),
    )
    found += _interest(position, law, split.excess)
    return found + _loss_above(position, law, doubled)


def _compensated(position: Position, law: Law) -> list[Line]:
    """The single sum with interest, and for each day of delay what the terms promise."""
    rules, deposit = law.citations, position.deposit_paid
    account, expense = position.deposit_account, Account.COMPENSATION_EXPENSE
    compensation = position.delay_compensation or nothing(position.price.currency)
    rule = rules.own_breach
    if position.deposit_kind is not DepositKind.EARNEST:
        rule = rules.single
    found = moving((LineKind.DEPOSIT_REFUNDED, account, deposit, rule))
    found += _interest(position, law, deposit)
    found += moving((LineKind.DELAY_COMPENSATED, expense, compensation, rules.delay))
    return found + _loss_above(position, law, compensation)


_COMPUTED = {Claim.EARNEST: _doubled, Claim.COMPENSATION: _compensated}


def _interest(position: Position, law: Law, of_deposit: Money) -> list[Line]:
    """Interest on what the seller held without a right to it in the end (CN-29)."""
    basis_points = rate(position.interest_basis_points, law)
    held = (Held(of_deposit, position.deposit_days), *position.balance_held)
    amounts = [interest(each, basis_points) for each in held]
    owed = total(amounts, position.price.currency)
    rule = law.citations.interest
    return moving((LineKind.INTEREST_PAID, Account.INTEREST_EXPENSE, owed, rule))


def _loss_above(position: Position, law: Law, compensated: Money) -> list[Line]:
    """The part of the buyer's documented loss that nothing else makes good (CN-18)."""
    loss = position.buyers_loss or nothing(position.price.currency)
    expense, rule = Account.COMPENSATION_EXPENSE, law.citations.loss
    return moving((LineKind.LOSS_COMPENSATED, expense, above(loss, compensated), rule))
