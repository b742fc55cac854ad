"""GET /orders/{order_id}/statement: every posting, the sums by account, and the settlement.

Not here: what will be owed at an exit that nobody took yet (`previews.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import account_balances, natural_account_balance
from earnest.core.order.effective import effective_policy
from earnest.core.order.facts import Facts
from earnest.core.order.losses import comes_back
from earnest.core.order.parts import PayoutState
from earnest.core.order.settling import late_refund_line
from earnest.core.order.state import Order
from earnest.core.settlement.words import Reader
from earnest.core.terms.policy import Policy
from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant, days_late
from earnest.core.values.money import Money
from earnest.core.values.reason import Reason
from earnest.desk.ports import RecordedEvent, RecordedPosting
from earnest.desk.telling import tell
from earnest.desk.telling.account_words import account_words
from earnest.web.api.order_shown import PayoutShown, payout_shown
from earnest.web.finding import key_of, order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import Language
from earnest.web.telling_settlement import (
    IfTaken,
    Settlement,
    SettlementLine,
    if_taken,
    line_in_words,
    reader_of,
    settlement_in_words,
)


class StatementAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In which language; without one, the request's own."""

    language: Language | None = None


async def show_statement(house: House, asked: Asked, wanted: StatementAsked) -> Reply:
    """All money of an order. Postings and account balances are those of the books, to the cent."""
    order = await order_asked_for(house, asked)
    facts = await house.desk.library.facts_to_read(order)
    language = wanted.language or asked.language
    postings = await house.reader.postings(key_of(order))
    causes = {event.sequence: event for event in await house.reader.events(key_of(order))}
    settled, reader = order.statement, reader_of(asked.caller)
    return Reply(
        value=OrderStatement(
            order_id=order.order_id,
            currency=order.price.currency,
            postings=tuple(
                _shown(each, causes[each.sequence], language, facts.policy) for each in postings
            ),
            account_balances=_account_balances(postings, language),
            settlement=None
            if settled is None
            else settlement_in_words(settled, facts.terms, language, reader),
            payouts=tuple(payout_shown(payout) for payout in order.payouts),
            late_refunds=_late_refunds(order, facts, asked.received_at, language, reader),
            held=_held(order),
            if_taken=_if_taken(order, facts, asked.received_at, language, reader),
        )
    )


class PostingShown(msgspec.Struct, frozen=True, kw_only=True):
    """One amount from the credited to the debited account; `cause` is the event it follows from."""

    sequence: int
    line: int
    at: Instant
    cause: str
    words: str
    debit: Account
    credit: Account
    amount: Money


class AccountBalance(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on an account for this order, as an accountant reads it."""

    account: Account
    words: str
    amount: Money


class LateRefund(msgspec.Struct, frozen=True, kw_only=True):
    """A payout that is late, and what is owed beside it if it is paid at this moment."""

    payout_number: int
    due_at: Instant
    days_late: int
    line: SettlementLine


def _late_refunds(
    order: Order, facts: Facts, at: Instant, language: str, reader: Reader
) -> tuple[LateRefund, ...]:
    """What each unpaid payout has grown by so far; it is fixed when the payout is paid (CN-29)."""
    policy = effective_policy(order, facts, at)
    unpaid = [each for each in order.payouts if each.state is not PayoutState.PAID]
    grown = [(each, late_refund_line(order, each, policy, at)) for each in unpaid]
    return tuple(
        LateRefund(
            payout_number=payout.number,
            due_at=payout.due_at,
            days_late=days_late(payout.due_at, at, policy.time_zone),
            line=line_in_words(line, language, reader),
        )
        for payout, line in grown
        if line is not None
    )


class OrderStatement(msgspec.Struct, frozen=True, kw_only=True):
    """All money of an order. `held` is what the seller holds for the buyer right now.

    `late_refunds` is what unpaid payouts have grown by until this moment. `if_taken` is there while
    what is kept comes back once another order takes the slot or the car.
    """

    order_id: OrderId
    currency: str
    postings: tuple[PostingShown, ...]
    account_balances: tuple[AccountBalance, ...]
    settlement: Settlement | None
    late_refunds: tuple[LateRefund, ...]
    payouts: tuple[PayoutShown, ...]
    held: Money
    if_taken: IfTaken | None


def _if_taken(
    order: Order, facts: Facts, at: Instant, language: str, reader: Reader
) -> IfTaken | None:
    forfeiture = order.forfeiture
    if forfeiture is None or not forfeiture.may_come_back(at):
        return None
    back, until = comes_back(order, forfeiture.amount), forfeiture.back_until
    return if_taken(back, until, facts.policy.time_zone, language, reader)


def _shown(
    recorded: RecordedPosting, cause: RecordedEvent, language: str, policy: Policy
) -> PostingShown:
    posting = recorded.posting
    return PostingShown(
        sequence=recorded.sequence,
        line=recorded.line,
        at=cause.event.at,
        cause=type(cause.event).__name__,
        words=tell(cause.event, language, policy),
        debit=posting.debit,
        credit=posting.credit,
        amount=posting.amount,
    )


def _account_balances(
    postings: Sequence[RecordedPosting], language: str
) -> tuple[AccountBalance, ...]:
    sums = account_balances(each.posting for each in postings)
    return tuple(
        AccountBalance(
            account=account,
            words=account_words(account, language),
            amount=Money(natural_account_balance(account, amount), currency),
        )
        for (account, currency), amount in sorted(sums.items())
    )


def _held(order: Order) -> Money:
    return order.deposit_paid + order.balance_paid


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/orders/{order_id}/statement",
            operation="showStatement",
            summary="All money of an order: postings, sums by account, settlement.",
            tag="orders",
            access=Access.READERS,
            takes=StatementAsked,
            handler=show_statement,
            gives=OrderStatement,
            codes=(Reason.ORDER_UNKNOWN,),
        )
    ]
