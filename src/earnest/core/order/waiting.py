"""Change while waiting: the maker's side changed, and the buyer chooses; never in silence.

A price that falls is passed on where the policy says so. Everything else is offered: keep the
order as it is, switch with the rank kept, or leave with the deposit back (CN-09, CN-26, EU-08).
Not here: agreements that both sides made (`agree.py`) and late delivery (`terminate.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.catalogue.configuration import quote
from earnest.core.order.commands_of_agreements import AnnounceChange, AnswerChange, EndChange
from earnest.core.order.events import CancelledByBuyer
from earnest.core.order.events_of_agreements import (
    ChangeAnnounced,
    ChangeAnswered,
    ChangeUnanswered,
    PriceLowered,
    Switched,
)
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts_of_agreements import (
    ChangeChoice,
    ChangeKind,
    Switch,
    WaitingChange,
)
from earnest.core.order.settling import settlement_fixed
from earnest.core.order.stage import BEFORE_LOCK, Stage
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import Ground
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant, end_of_day_after
from earnest.core.values.money import nothing
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def announce_change(
    order: Order, command: AnnounceChange, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Tell a waiting buyer what changed and ask, or pass a price fall on at once.

    Rejections: `change_open`, `explanation_missing`, `promise_malformed`, those of the switch
    (`change_malformed`, `catalogue_not_current`, the catalogue's own, `price_differs`,
    `configuration_unchanged`, `price_not_lower`, `reduction_exceeds_balance_due`).
    """
    if any(each.change is command.change and each.is_unanswered for each in order.changes):
        return Rejected(Reason.CHANGE_OPEN, {"change": command.change})
    if not command.explanation.strip():
        return Rejected(Reason.EXPLANATION_MISSING)
    promise = command.promise
    if promise is not None and (promise.begins > promise.ends or promise.ends <= now):
        return Rejected(Reason.PROMISE_MALFORMED)
    switch = _switch(order, command, facts)
    if isinstance(switch, Rejected):
        return switch
    if (
        switch is not None
        and command.change is ChangeKind.PRICE_FELL
        and policy.price_falls_passed_on
    ):
        lowered = PriceLowered(
            at=now,
            price=switch.price,
            previous_price=order.price,
            reduction=switch.reduction,
            cause=ChangeKind.PRICE_FELL.value,
        )
        return accepted(lowered)
    change = WaitingChange(
        number=len(order.changes) + 1,
        change=command.change,
        explanation=command.explanation,
        announced_at=now,
        answer_until=end_of_day_after(now, policy.change_answer_days, policy.time_zone),
        switch=switch,
    )
    return accepted(ChangeAnnounced(at=now, change=change))


def _switch(order: Order, command: AnnounceChange, facts: Facts) -> Switch | Rejected | None:
    """What the buyer could have instead: a price fall offers the same car for less."""
    price = command.price
    if command.change is ChangeKind.PRICE_FELL:
        if price is None or command.configuration is not None:
            return Rejected(Reason.CHANGE_MALFORMED, {"field": "price"})
        return _cheaper(order, command, facts)
    if command.configuration is None and price is None:
        return None
    if command.configuration is None or price is None:
        missing = "configuration" if command.configuration is None else "price"
        return Rejected(Reason.CHANGE_MALFORMED, {"field": missing})
    catalogue = facts.catalogue if command.catalogue_hash is None else facts.offered_catalogue
    if catalogue is None:
        return Rejected(Reason.CATALOGUE_NOT_CURRENT, {"catalogue_hash": order.catalogue_hash})
    quoted = quote(catalogue, command.configuration)
    if isinstance(quoted, Rejected):
        return quoted
    if quoted.configuration == order.configuration:
        return Rejected(Reason.CONFIGURATION_UNCHANGED)
    if price.currency != quoted.price.currency or price > quoted.price:
        return Rejected(Reason.PRICE_DIFFERS, {"price": str(quoted.price.amount)})
    if price <= order.deposit_paid + order.balance_paid:
        details = {"balance_due": str(order.balance_due.amount)}
        return Rejected(Reason.REDUCTION_EXCEEDS_BALANCE_DUE, details)
    return Switch(
        configuration=quoted.configuration,
        price=price,
        reduction=quoted.price - price,
        catalogue_hash=command.catalogue_hash or order.catalogue_hash,
        promise=command.promise,
    )


def _cheaper(order: Order, command: AnnounceChange, facts: Facts) -> Switch | Rejected:
    price = command.price
    assert price is not None, "a price fall names the price"
    if price.currency != order.price.currency or price >= order.price:
        return Rejected(Reason.PRICE_NOT_LOWER, {"price": str(order.price.amount)})
    if price <= order.deposit_paid + order.balance_paid:
        details = {"balance_due": str(order.balance_due.amount)}
        return Rejected(Reason.REDUCTION_EXCEEDS_BALANCE_DUE, details)
    stood_off = order.price_reduction or nothing(price.currency)
    return Switch(
        configuration=order.configuration,
        price=price,
        reduction=stood_off + (order.price - price),
        catalogue_hash=order.catalogue_hash,
    )


def answer_change(
    order: Order, command: AnswerChange, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Keep, switch with the rank kept, or leave with the deposit back.

    Rejections: `change_unknown`, `change_over`, `switch_not_offered`.
    """
    change = order.change(command.number)
    if change is None:
        return Rejected(Reason.CHANGE_UNKNOWN, {"number": str(command.number)})
    if not change.is_unanswered or now >= change.answer_until:
        return Rejected(Reason.CHANGE_OVER, {"until": change.answer_until.isoformat()})
    if command.choice not in change.choices():
        return Rejected(Reason.SWITCH_NOT_OFFERED, {"number": str(command.number)})
    answered = ChangeAnswered(at=now, number=change.number, choice=command.choice)
    if command.choice is ChangeChoice.LEAVE:
        ground = Ground.CHANGED_WHILE_WAITING
        left = CancelledByBuyer(at=now, ground=ground, explanation="")
        actor_id = command.actor.actor_id
        return accepted(answered, left, settlement_fixed(order, ground, policy, actor_id, now))
    if command.choice is ChangeChoice.SWITCH:
        assert change.switch is not None, "only what was offered can be chosen"
        switched = Switched(
            at=now, number=change.number, switch=change.switch, previous_price=order.price
        )
        return accepted(answered, switched)
    return accepted(answered)


def end_change(
    order: Order, command: EndChange, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """The time to answer is over: silence keeps the order as it was (EU-08)."""
    over = [each for each in order.changes if each.is_unanswered and now >= each.answer_until]
    if not over:
        return Rejected(Reason.NOTHING_DUE)
    return accepted(*(ChangeUnanswered(at=now, number=each.number) for each in over))


def change_announced(order: Order, event: ChangeAnnounced) -> Order:
    """The buyer is asked; the order stays what it is."""
    return changed(order, event.at, changes=(*order.changes, event.change))


def change_answered(order: Order, event: ChangeAnswered) -> Order:
    """The question is answered; what follows from it is another event."""
    answer = {"answer": event.choice, "answered_at": event.at}
    return changed(order, event.at, changes=_with(order, event.number, answer))


def change_unanswered(order: Order, event: ChangeUnanswered) -> Order:
    """Nobody is asked any more and nothing changed."""
    return changed(order, event.at, changes=_with(order, event.number, {"ended_at": event.at}))


def switched(order: Order, event: Switched) -> Order:
    """The order waits for something else in its old place; earlier demands are met by that."""
    switch = event.switch
    return changed(
        order,
        event.at,
        stage=order.stage if order.stage in BEFORE_LOCK else Stage.LOCKED,
        configuration=switch.configuration,
        price=switch.price,
        price_reduction=switch.reduction if switch.reduction.is_positive else None,
        catalogue_hash=switch.catalogue_hash,
        promise=switch.promise or order.promise,
        binding_promise=switch.promise or order.binding_promise,
        promise_reason=order.promise_reason if switch.promise is None else None,
        revised_reason=order.revised_reason if switch.promise is None else None,
        slot=None,
        car=None,
        tender=None,
        inspection=None,
        demands=order.demands_met(*Ground),
        delays=order.delays_ended(event.at, counting=switch.promise is None),
        late_from=order.late_from if switch.promise is None else None,
    )


def _with(order: Order, number: int, fields: dict[str, object]) -> tuple[WaitingChange, ...]:
    return tuple(
        msgspec.structs.replace(each, **fields) if each.number == number else each
        for each in order.changes
    )
