"""An order in a pause of its queue's sale: its time to pay stands still and is given back.

Not here: the pause itself (`core/queue/pause.py`), and what a campaign announced (`core/launch`).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from earnest.core.launch.benefit import Benefit
from earnest.core.launch.keeping import benefit_kept_open
from earnest.core.order.commands_of_launch import GiveTimeBack
from earnest.core.order.events_of_launch import TimeGivenBack
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import DEPOSIT_PAYMENT
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order, changed
from earnest.core.queue.pause import SalePause, stood_still
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def payable_until(order: Order, pauses: Sequence[SalePause], at: Instant) -> Instant | None:
    """The end of the payment window with every pause that was not given back yet.

    While a pause goes on the window does not end; None while nothing can be paid.
    """
    open_pauses = [each for each in pauses if each.number > order.pauses_seen]
    if order.pay_until is None or not open_pauses:
        return order.pay_until
    return stood_still(_payable_from(order), order.pay_until, open_pauses, at)


def _payable_from(order: Order) -> Instant:
    payment = order.payment(DEPOSIT_PAYMENT)
    assert payment is not None, "every order has its deposit"
    return payment.requested_at


def give_time_back(
    order: Order, command: GiveTimeBack, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Write down what a pause that is over means for an order, once for each pause.

    Rejections: `nothing_due` when it is known already, or changes nothing for this order.
    """
    paused = command.paused
    assert paused.resumed_at is not None, "time is given back when the sale is resumed"
    if paused.number <= order.pauses_seen:
        return Rejected(Reason.NOTHING_DUE)
    pay_until = order.pay_until
    if order.stage is Stage.RESERVED and pay_until is not None:
        pay_until = stood_still(_payable_from(order), pay_until, (paused,), now)
    given = tuple(_kept(order, each.benefit, paused) for each in order.benefits)
    if pay_until == order.pay_until and given == tuple(each.benefit for each in order.benefits):
        return Rejected(Reason.NOTHING_DUE)
    return accepted(
        TimeGivenBack(
            at=now,
            number=paused.number,
            begins=paused.since,
            ends=paused.resumed_at,
            is_to_pay=order.stage is Stage.RESERVED and pay_until is not None,
            pay_until=pay_until,
            benefits=given,
        )
    )


def _kept(order: Order, benefit: Benefit, paused: SalePause) -> Benefit:
    assert paused.resumed_at is not None, "time is given back when the sale is resumed"
    return benefit_kept_open(benefit, order.reserved_at, (paused,), paused.resumed_at)


def time_given_back(order: Order, event: TimeGivenBack) -> Order:
    """The window ends later, and so do the dates of the order's benefits."""
    benefits = tuple(
        msgspec.structs.replace(each, benefit=benefit)
        for each, benefit in zip(order.benefits, event.benefits, strict=True)
    )
    return changed(
        order,
        event.at,
        pay_until=event.pay_until,
        benefits=benefits,
        pauses_seen=event.number,
    )
