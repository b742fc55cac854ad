"""The laws of exits: what was previewed is posted, and nobody loses money without every condition.

Not here: the laws on the way there (`laws.py`).
"""

from __future__ import annotations

from datetime import timedelta

from earnest.core.bookkeeping import entry
from earnest.core.ledger.account import Account
from earnest.core.order import events as happened
from earnest.core.order.commands_of_planning import EndDelay
from earnest.core.order.effective import running_policy
from earnest.core.order.events import Event
from earnest.core.order.exits import Exit, exits, sellers_exits
from earnest.core.order.parts import LossItem, LossSide
from earnest.core.order.settling import compensation_lines
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.settlement.ground import SELLER_MAY_CANCEL_FOR, Ground
from earnest.core.settlement.position import Claim
from earnest.core.terms.policy import Policy
from tests.core.laws.laws import (
    Record,
    judge_event,
    judge_money,
    judge_request,
    judge_standing,
    judge_whole,
    law,
)
from tests.core.laws.lives import Happening, Life
from tests.core.laws.minimum import approved_loss, judge_what_is_kept, least_owed
from tests.core.laws.moving import judge_moves

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
            judge_request(self.record, event, happening.before)
            judge_event(self.record, event, happening.before)
            self._judge_end(event, happening)
        judge_money(self.record, self.life, happening)
        judge_standing(self.life, happening)

    def close(self) -> None:
        """Judge the whole life."""
        judge_whole(self.life)
        judge_moves(self.life)

    def _judge_end(self, event: Event, happening: Happening) -> None:
        match event:
            case happened.CancelledBySeller():
                self._cancelled(event, happening)
            case happened.TerminatedByBuyer():
                self._terminated(event)
            case happened.SettlementFixed():
                assert happening.before is not None
                self._previewed(event, happening, happening.before)
                self._settled(event, happening, happening.before)
                self.record.fixed = event
            case happened.ForfeitureReleased():
                assert self.record.fixed is not None
                other = event.staff_id != self.record.fixed.fixed_by
                law("a second person releases a forfeiture", holds=other)
                assert happening.before is not None
                kept = happening.before.forfeiture
                final = kept is not None and not kept.may_come_back(event.at)
                law("what may still come back is not released", holds=final)
            case happened.SlotTaken() | happened.CarTaken():
                assert happening.before is not None
                self._taken(event, happening.before, happening.after)
            case happened.PayoutReleased(payout_number=number):
                assert happening.before is not None
                payout = happening.before.payout(number)
                assert payout is not None
                other = event.staff_id != payout.fixed_by
                law("a second person releases what goes beyond the buyer's own", holds=other)
            case happened.LossApproved():
                assert happening.before is not None
                loss = happening.before.losses[event.number - 1]
                other = event.staff_id != loss.documented_by
                law("a second person approves a loss", holds=other)
            case happened.CompensationFixed():
                assert happening.before is not None
                shown = compensation_lines(
                    happening.before, self._policy(happening.before, event), event.at
                )
                law("compensation was shown before the handover", holds=shown == event.lines)
                posted = tuple(line.posting for line in event.lines)
                law("the preview is the posting, to the cent", holds=posted == entry(event))
            case _:
                pass

    def _taken(
        self, event: happened.SlotTaken | happened.CarTaken, before: Order, after: Order
    ) -> None:
        """What was kept is afterwards kept or on its way back, to the cent and in one payout."""
        kept, left = (
            0 if each.forfeiture is None else each.forfeiture.amount.amount
            for each in (before, after)
        )
        back = 0 if event.payout is None else event.payout.amount.amount
        law("what was kept is kept or comes back", holds=kept == left + back)
        new = after.payouts[len(before.payouts) :]
        law("it comes back in one payout", holds=new == ((event.payout,) if event.payout else ()))
        fixed = self.record.fixed
        promised = None if fixed is None else fixed.back_until
        if isinstance(event, happened.SlotTaken):
            in_time = promised is not None and event.at < promised
            is_last = before.stage is Stage.CANCELLED and before.car is None
            is_given = in_time and is_last and event.slot == before.slot
            costs = approved_loss(before, LossSide.SELLER, without=LossItem.LOST_PRICE)
            owed = max(0, kept - costs) if is_given and before.forfeiture is not None else 0
            law("a taken slot brings back what the terms say, less the costs", holds=back == owed)

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
        law("nobody is cancelled before an answer", holds=record.asked_at is None)
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
        shown = self._shown(event, happening, before)
        law("every exit was shown before it was taken", holds=bool(shown))
        # A preview imagines an event of that very instant; a true one can be of before the delay.
        now = getattr(happening.command, "occurred_at", event.at) == event.at
        is_open = all(each.is_open for each in shown)
        law("an exit that was taken was shown as open", holds=is_open or not now)
        # Without a choice the buyer gets whichever of the two computations is more.
        best = max(shown, key=lambda each: each.statement.owed_to_buyer.amount)
        previewed = best.statement
        law("the preview is the statement", holds=previewed == event.statement)
        posted = tuple(line.posting for line in previewed.lines)
        law("the preview is the posting, to the cent", holds=posted == entry(event))

    def _policy(self, before: Order, event: happened.Event) -> Policy:
        return running_policy(before, self.life.facts.policy, event.at)

    def _shown(
        self, event: happened.SettlementFixed, happening: Happening, before: Order
    ) -> list[Exit]:
        """The exits that the preview had shown for what was asked, on either side."""
        command, facts = happening.command, self.life.facts
        name, ground = type(command).__name__, event.statement.ground
        if isinstance(command, EndDelay):
            # What time does unasked, the buyer could have done as well.
            possible, name = exits(before, facts, event.at), "LeaveForDelay"
        elif command.actor.is_buyer:
            possible = exits(before, facts, event.at)
        else:
            possible = sellers_exits(before, facts, event.at, command.actor)
        found = [each for each in possible if (each.command, each.ground) == (name, ground)]
        claim = getattr(command, "claim", None)
        chosen = [each for each in found if each.claim == claim]
        return chosen or found

    def _may_come_back(
        self, event: happened.SettlementFixed, before: Order, policy: Policy
    ) -> None:
        days = timedelta(days=policy.deposit_back_if_taken_days)
        has_something = before.slot is not None or before.car is not None
        until = event.back_until
        if days and has_something and event.statement.kept.is_positive:
            least, most = event.at + days, event.at + days + timedelta(days=1)
            runs = until is not None and least < until <= most
        else:
            runs = until is None
        law("what is kept comes back for the days that the terms say", holds=runs)

    def _settled(
        self, event: happened.SettlementFixed, happening: Happening, before: Order
    ) -> None:
        statement, balances = event.statement, self.record.balances
        law("an order is settled once", holds=self.record.fixed is None)
        for account in HELD:
            moved = sum(
                line.amount.amount for line in statement.lines if line.posting.debit is account
            )
            law(f"nothing stays in {account}", holds=moved == -balances[account])
        paid = sum(each.amount.amount for each in event.payouts)
        law("payouts are what is owed", holds=paid == statement.owed_to_buyer.amount)
        policy = self._policy(before, event)
        judge_what_is_kept(statement, before, policy, event.at)
        self._may_come_back(event, before, policy)
        if getattr(happening.command, "claim", None) is Claim.COMPENSATION:
            # Whoever chooses the compensation of the terms gives the double return up (CN-18).
            return
        least = least_owed(statement.ground, before, policy, event.at)
        law("the buyer gets the mandatory minimum", holds=statement.owed_to_buyer.amount >= least)
