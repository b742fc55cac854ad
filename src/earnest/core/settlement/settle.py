"""The one function that computes a settlement; previews and postings both call it.

Not here: other law than China's, and whether the ground was proven.
"""

from __future__ import annotations

import msgspec

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting
from earnest.core.settlement.earnest import split_earnest
from earnest.core.settlement.ground import BUYER_ANSWERS, SELLER_ANSWERS, Ground
from earnest.core.settlement.statement import Line, LineKind, Statement
from earnest.core.terms.policy import DepositKind
from earnest.core.values.money import Money, smaller, total


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """What is held for an order at the moment it ends, and what bears on it.

    `deposit_account` says whether the deposit is still freely refundable or committed.
    `forfeiture_acknowledged` is whether the forfeiture clause became part of the contract.
    """

    price: Money
    deposit_kind: DepositKind
    deposit_account: Account
    deposit_paid: Money
    balance_paid: Money
    charged_back: Money
    earnest_cap_basis_points: int
    forfeiture_acknowledged: bool


def settle(ground: Ground, position: Position) -> Statement:
    """Who owes whom what when an order ends on this ground, under the law of China.

    Nobody answers: everything comes back once. The seller answers: earnest money comes back
    double (CN-17). The buyer answers: earnest money up to the cap is forfeited if the clause
    was acknowledged on its own (CN-03, CN-16, CN-17); whatever is not earnest comes back.
    """
    lines = [*_deposit_lines(ground, position)]
    if position.balance_paid.is_positive:
        lines.append(
            _to_buyer(
                LineKind.BALANCE_REFUNDED,
                Account.CUSTOMER_BALANCES,
                position.balance_paid,
                "CN-14",
            )
        )
    lines.extend(_charged_back_line(lines, position))
    return Statement(ground=ground, currency=position.price.currency, lines=tuple(lines))


def _deposit_lines(ground: Ground, position: Position) -> list[Line]:
    if not position.deposit_paid.is_positive:
        return []
    if ground in SELLER_ANSWERS and position.deposit_kind is DepositKind.EARNEST:
        return _doubled(position)
    if ground in BUYER_ANSWERS and position.deposit_kind is DepositKind.FEE:
        return [
            _kept(LineKind.FEE_KEPT, Account.FEE_INCOME, position, position.deposit_paid, "CN-23")
        ]
    if ground in BUYER_ANSWERS and position.deposit_kind is DepositKind.EARNEST:
        return _forfeited(position)
    rule = "CN-23" if ground in BUYER_ANSWERS | SELLER_ANSWERS else _single_refund_rule(ground)
    return [_deposit_refund(position, rule)]


def _single_refund_rule(ground: Ground) -> str:
    return "CN-20" if ground is Ground.FORCE_MAJEURE else "CN-27"


def _doubled(position: Position) -> list[Line]:
    split = split_earnest(position.deposit_paid, position.price, position.earnest_cap_basis_points)
    account = position.deposit_account
    lines = [
        _to_buyer(LineKind.EARNEST_RETURNED, account, split.effective, "CN-17"),
        _to_buyer(
            LineKind.EARNEST_DOUBLED, Account.DOUBLE_RETURN_EXPENSE, split.effective, "CN-17"
        ),
    ]
    if split.excess.is_positive:
        lines.append(_to_buyer(LineKind.EXCESS_REFUNDED, account, split.excess, "CN-16"))
    return lines


def _forfeited(position: Position) -> list[Line]:
    if not position.forfeiture_acknowledged:
        return [_deposit_refund(position, "CN-03")]
    split = split_earnest(position.deposit_paid, position.price, position.earnest_cap_basis_points)
    lines = [
        _kept(
            LineKind.EARNEST_FORFEITED,
            Account.FORFEITURES_UNRELEASED,
            position,
            split.effective,
            "CN-17",
        )
    ]
    if split.excess.is_positive:
        lines.append(
            _to_buyer(LineKind.EXCESS_REFUNDED, position.deposit_account, split.excess, "CN-16")
        )
    return lines


def _deposit_refund(position: Position, rule: str) -> Line:
    return _to_buyer(
        LineKind.DEPOSIT_REFUNDED, position.deposit_account, position.deposit_paid, rule
    )


def _charged_back_line(lines: list[Line], position: Position) -> list[Line]:
    """Set off what the buyer's bank already took back, so that nothing is returned twice."""
    owed = total(
        [line.amount for line in lines if line.posting.credit is Account.OWED_TO_BUYERS],
        position.price.currency,
    )
    set_off = smaller(owed, position.charged_back)
    if not set_off.is_positive:
        return []
    posting = Posting(Account.OWED_TO_BUYERS, Account.CHARGEBACKS, set_off)
    return [Line(kind=LineKind.ALREADY_CHARGED_BACK, rule="CN-14", posting=posting)]


def _to_buyer(kind: LineKind, source: Account, amount: Money, rule: str) -> Line:
    return Line(kind=kind, rule=rule, posting=Posting(source, Account.OWED_TO_BUYERS, amount))


def _kept(kind: LineKind, account: Account, position: Position, amount: Money, rule: str) -> Line:
    return Line(kind=kind, rule=rule, posting=Posting(position.deposit_account, account, amount))
