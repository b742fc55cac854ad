"""The laws of exits: what was previewed is posted, and nobody loses money without every condition.

Not here: the laws on the way there (`laws.py`).
"""

from __future__ import annotations

from earnest.core.bookkeeping import entry
from earnest.core.ledger.account import Account
from earnest.core.order import events as happened
from earnest.core.order.effective import running_policy
from earnest.core.order.events import Event
from earnest.core.order.exits import exits
from earnest.core.order.settling import statement_of
from earnest.core.order.state import Order
from earnest.core.settlement.ground import (
    BUYER_ANSWERS,
    SELLER_ANSWERS,
    SELLER_MAY_CANCEL_FOR,
    Ground,
)
from earnest.core.settlement.statement import LineKind
from earnest.core.terms.policy import DepositKind
from earnest.core.terms.version import FORFEITURE_CLAUSE
from tests.core.laws.laws import (
    Record,
    judge_event,
    judge_money,
    judge_standing,
    judge_whole,
    law,
)
from tests.core.laws.lives import Happening, Life

HELD = (Account.CUSTOMER_DEPOSITS, Account.COMMITTED_DEPOSITS, Account.CUSTOMER_BALANCES)

_BREACH = {
    Ground.REFUSAL: "refused_to_perform",
    Ground.UNFOUNDED_CANCELLATION: "cancelled_without_ground",
    Ground.BREACHED_AGREEMENT: "acted_against_agreement",
}


class Judge:
    """Looks at every happening of one life as it comes, and at the whole life at its end."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.record = Record()
        self.look(life.happened[0])

    def look(self, happening: Happening) -> None:
        """Judge one accepted command."""
        for event in happening.events:
            judge_event(self.record, event, happening.before)
            self._judge_end(event, happening)
        judge_money(self.record, self.life, happening)
        judge_standing(self.life, happening)

    def close(self) -> None:
        """Judge the whole life."""
        judge_whole(self.life)

    def _judge_end(self, event: Event, happening: Happening) -> None:
        match event:
            case happened.CancelledBySeller():
                self._cancelled(event, happening)
            case happened.TerminatedByBuyer():
                self._terminated(event)
            case happened.SettlementFixed():
                assert happening.before is not None
                self._previewed(event, happening, happening.before)
                self._settled(event, happening.before)
                self.record.fixed = event
            case happened.ForfeitureReleased():
                assert self.record.fixed is not None
                other = event.staff_id != self.record.fixed.fixed_by
                law("a second person releases a forfeiture", holds=other)
            case happened.PayoutReleased():
                assert self.record.fixed is not None
                other = event.staff_id != self.record.fixed.fixed_by
                law("a second person releases a doubled sum", holds=other)
            case _:
                pass

    def _cancelled(self, event: happened.CancelledBySeller, happening: Happening) -> None:
        record = self.record
        demand = record.demands.get(event.demand_number)
        notice = record.notices.get(event.demand_number)
        law("a seller cancels only after a demand", holds=demand is not None)
        law("a seller cancels only after a delivered notice", holds=notice is not None)
        assert demand is not None
        assert notice is not None
        law("the demand was for this ground", holds=demand.ground is event.ground)
        law("the ground is one for a seller", holds=event.ground in SELLER_MAY_CANCEL_FOR)
        law("the cure period is over", holds=event.at >= notice.cure_until)
        law("no agreement is open", holds=not record.deferred_at(event.at))
        approved = any(
            each.ground is event.ground
            and each.at >= demand.at
            and each.staff_id != happening.command.actor.actor_id
            for each in record.approvals
        )
        law("a second person approved after the demand", holds=approved)
        assert happening.before is not None
        unpaid = happening.before.balance_due.is_positive
        law("nobody is cancelled who paid everything", holds=unpaid)

    def _terminated(self, event: happened.TerminatedByBuyer) -> None:
        if event.ground is Ground.DELAY:
            until = self.record.delivery_until
            law("a late seller had time to cure", holds=until is not None and event.at >= until)
        else:
            proven = _BREACH[event.ground] in self.record.breaches
            law("a breach is on record", holds=proven)

    def _previewed(
        self, event: happened.SettlementFixed, happening: Happening, before: Order
    ) -> None:
        name, ground = type(happening.command).__name__, event.statement.ground
        shown = [
            each
            for each in exits(before, self.life.facts, event.at)
            if (each.command, each.ground) == (name, ground)
        ]
        if name == "CancelBySeller":
            policy = running_policy(before, self.life.facts.policy, event.at)
            previewed = statement_of(before, ground, policy)
        else:
            law("every exit was shown before it was taken", holds=len(shown) == 1)
            law("an exit that was taken was shown as open", holds=shown[0].is_open)
            previewed = shown[0].statement
        law("the preview is the statement", holds=previewed == event.statement)
        posted = tuple(line.posting for line in previewed.lines)
        law("the preview is the posting, to the cent", holds=posted == entry(event))

    def _settled(self, event: happened.SettlementFixed, before: Order) -> None:
        statement, balances = event.statement, self.record.balances
        law("an order is settled once", holds=self.record.fixed is None)
        for account in HELD:
            moved = sum(
                line.amount.amount for line in statement.lines if line.posting.debit is account
            )
            law(f"nothing stays in {account}", holds=moved == -balances[account])
        paid = sum(each.amount.amount for each in event.payouts)
        law("payouts are what is owed", holds=paid == statement.owed_to_buyer.amount)
        kind = self.life.facts.policy.deposit_kind
        forfeited = statement.sum_of(LineKind.EARNEST_FORFEITED)
        doubled = statement.sum_of(LineKind.EARNEST_DOUBLED)
        capped = 5 * max(forfeited.amount, doubled.amount) <= before.price.amount
        law("earnest money is at most a fifth of the price", holds=capped)
        if forfeited.is_positive:
            law("only a buyer who answers forfeits", holds=statement.ground in BUYER_ANSWERS)
            law("only earnest money is forfeited", holds=kind is DepositKind.EARNEST)
            agreed = FORFEITURE_CLAUSE in self.record.acknowledged
            law("the forfeiture clause was acknowledged", holds=agreed)
        if doubled.is_positive:
            law("only a seller who answers doubles", holds=statement.ground in SELLER_ANSWERS)
            law("only earnest money is doubled", holds=kind is DepositKind.EARNEST)
        if statement.ground in SELLER_ANSWERS and kind is DepositKind.EARNEST:
            owes = doubled.is_positive or not before.deposit_paid.is_positive
            law("a seller who answers doubles", holds=owes)
