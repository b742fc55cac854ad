"""The one function that computes a settlement; previews and postings both call it.

Not here: whether the ground was proven, and what a late delivery costs at a handover
(`handing_over.py`).
"""

from __future__ import annotations

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting
from earnest.core.settlement import injured
from earnest.core.settlement.earnest import split_earnest
from earnest.core.settlement.ground import Answers, Ground, who_answers
from earnest.core.settlement.position import Position
from earnest.core.settlement.statement import Line, LineKind, Statement, moving, to_buyer
from earnest.core.terms.packs.law import Law, Remedy
from earnest.core.terms.policy import DepositKind
from earnest.core.values.money import Money, nothing, smaller, total


def settle(ground: Ground, position: Position, law: Law) -> Statement:
    """Who owes whom what when an order ends on this ground, under this law.

    Nobody answers, or both sides do: everything comes back once (CN-20, CN-21). The seller
    answers: earnest money comes back double (CN-17), other money with interest, and the buyer's
    documented loss is made good. The buyer answers: the seller keeps what the law's remedy lets
    it, if the clause was acknowledged on its own (CN-03); whatever else is held comes back.
    """
    answers = who_answers(
        ground,
        buyer_broke_seriously=position.buyer_broke_seriously,
        seller_broke_seriously=position.seller_broke_seriously,
    )
    rules, nothing_paid = law.citations, nothing(position.price.currency)
    price_paid = position.price_paid or nothing_paid
    lines = [
        *_deposit_lines(ground, answers, position, law),
        *moving(
            (
                LineKind.BALANCE_REFUNDED,
                Account.CUSTOMER_BALANCES,
                position.balance_paid,
                rules.held,
            ),
            (LineKind.PRICE_REFUNDED, Account.SALES_REVENUE, price_paid, rules.withdrawn),
        ),
    ]
    lines.extend(_charged_back_line(lines, position, law))
    return Statement(ground=ground, currency=position.price.currency, lines=tuple(lines))


def _deposit_lines(ground: Ground, answers: Answers, position: Position, law: Law) -> list[Line]:
    if answers is Answers.SELLER:
        return injured.lines(position, law)
    if not position.deposit_paid.is_positive:
        return []
    if answers is Answers.BUYER:
        return _buyer_answers(position, law)
    if answers is Answers.BOTH:
        return [_refund(position, law.citations.both)]
    return [_refund(position, _nobody_answers_rule(ground, law))]


def _nobody_answers_rule(ground: Ground, law: Law) -> str:
    rules = law.citations
    if ground is Ground.FORCE_MAJEURE:
        return rules.event
    if ground is Ground.CHANGED_WHILE_WAITING:
        return rules.changed
    if ground is Ground.DELAY_NOT_AGREED:
        return rules.delayed
    return rules.finance if ground is Ground.FINANCE_DECLINED else rules.withdrawn


def _buyer_answers(position: Position, law: Law) -> list[Line]:
    """What the seller keeps: what the law's remedy allows of a deposit that is no prepayment."""
    rules, kind = law.citations, position.deposit_kind
    remedy = law.remedy_at(shipped=position.is_shipped)
    if kind is DepositKind.INTENT or remedy is Remedy.REFUNDABLE:
        return [_refund(position, rules.single if kind is DepositKind.INTENT else rules.not_kept)]
    if not position.forfeiture_acknowledged:
        return [_refund(position, rules.not_incorporated)]
    if remedy is Remedy.LOSS:
        return _loss_kept(position, law)
    if kind is DepositKind.FEE:
        return _kept(LineKind.FEE_KEPT, position, position.deposit_paid, rules.single)
    return _forfeited(position, law)


def _loss_kept(position: Position, law: Law) -> list[Line]:
    """The documented net loss and no more; a seller that documents nothing keeps nothing."""
    rules, deposit = law.citations, position.deposit_paid
    loss = position.sellers_loss
    if loss is None or not loss.is_positive:
        return [_refund(position, rules.not_kept)]
    kept = smaller(loss, deposit)
    account, rest = position.deposit_account, deposit - kept
    return [
        *_kept(LineKind.LOSS_KEPT, position, kept, rules.kept),
        *moving((LineKind.DEPOSIT_REST_REFUNDED, account, rest, rules.kept)),
    ]


def _forfeited(position: Position, law: Law) -> list[Line]:
    """Earnest money up to the cap, in proportion to what was not delivered (CN-16, CN-22)."""
    rules = law.citations
    split = split_earnest(position, law)
    account, performed = position.deposit_account, split.effective - split.at_stake
    return [
        *_kept(LineKind.EARNEST_FORFEITED, position, split.at_stake, rules.kept),
        *moving(
            (LineKind.DELIVERED_PART_REFUNDED, account, performed, rules.proportion),
            (LineKind.EXCESS_REFUNDED, account, split.excess, rules.excess),
        ),
    ]


def _refund(position: Position, rule: str) -> Line:
    return to_buyer(
        LineKind.DEPOSIT_REFUNDED, position.deposit_account, position.deposit_paid, rule
    )


def _charged_back_line(lines: list[Line], position: Position, law: Law) -> list[Line]:
    """Set off what the buyer's bank already took back, so that nothing is returned twice."""
    owed = total(
        [line.amount for line in lines if line.posting.credit is Account.OWED_TO_BUYERS],
        position.price.currency,
    )
    set_off = smaller(owed, position.charged_back)
    if not set_off.is_positive:
        return []
    posting = Posting(Account.OWED_TO_BUYERS, Account.CHARGEBACKS, set_off)
    return [Line(kind=LineKind.ALREADY_CHARGED_BACK, rule=law.citations.held, posting=posting)]


def _kept(kind: LineKind, position: Position, amount: Money, rule: str) -> list[Line]:
    """What the seller may keep once a second person has released it."""
    if not amount.is_positive:
        return []
    posting = Posting(position.deposit_account, Account.FORFEITURES_UNRELEASED, amount)
    return [Line(kind=kind, rule=rule, posting=posting)]
