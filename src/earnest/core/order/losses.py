"""Documented losses of either side, the second person who checks them, and a later resale.

Not here: how a loss bears on a settlement (`core/settlement`).
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from earnest.core.ledger.account import Account
from earnest.core.order.commands import ApproveLoss, DocumentLoss, RecordResale
from earnest.core.order.events import (
    CarTaken,
    LossApproved,
    LossDocumented,
    ResaleRecorded,
    SlotTaken,
)
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import (
    DEPOSIT_PAYMENT,
    LossFact,
    LossItem,
    LossSide,
    Payout,
    PayoutKind,
    PayoutState,
)
from earnest.core.order.state import Order, changed
from earnest.core.settlement.refund_clock import refund_due_at
from earnest.core.settlement.statement import LineKind, to_buyer
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money, above, smaller, total
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

Sold = TypeVar("Sold", ResaleRecorded, CarTaken)
"""The car was sold again, on the market or to another order."""

Eased = TypeVar("Eased", ResaleRecorded, CarTaken, SlotTaken)
"""The car was sold again, or another order took the slot: the end of the order cost less."""


def document_loss(
    order: Order, command: DocumentLoss, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Put a loss on record with its evidence; it counts once somebody else has approved it.

    Both sides document theirs, each item on its own (UK-02, DE-03, CN-14). Rejections:
    `currency_differs`, `amount_not_positive`, `proof_missing`.
    """
    if command.amount.currency != order.price.currency:
        return Rejected(Reason.CURRENCY_DIFFERS, {"currency": order.price.currency})
    if not command.amount.is_positive:
        return Rejected(Reason.AMOUNT_NOT_POSITIVE)
    if not command.evidence.strip():
        return Rejected(Reason.PROOF_MISSING)
    return accepted(
        LossDocumented(
            at=now,
            number=len(order.losses) + 1,
            side=LossSide.BUYER if command.actor.is_buyer else LossSide.SELLER,
            item=command.item,
            amount=command.amount,
            evidence=command.evidence,
            documented_by=command.actor.actor_id,
        )
    )


def approve_loss(
    order: Order, command: ApproveLoss, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Check a loss against its evidence, as somebody else than who documented it.

    Rejections: `loss_unknown`, `second_person_missing`.
    """
    loss = next((each for each in order.losses if each.number == command.loss_number), None)
    if loss is None or loss.approved_by is not None:
        return Rejected(Reason.LOSS_UNKNOWN, {"loss": str(command.loss_number)})
    if loss.documented_by == command.actor.actor_id:
        return Rejected(Reason.SECOND_PERSON_MISSING)
    return accepted(LossApproved(at=now, number=loss.number, staff_id=command.actor.actor_id))


def record_resale(
    order: Order, command: RecordResale, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Note that the car was sold again: the seller returns what it lost less than it kept.

    Mitigation is a duty, so a higher price of the resale takes from the loss and a lower one
    never adds to it (CN-21, Civil Code 591). Rejections: `no_loss_kept`, `currency_differs`,
    `amount_not_positive`, `proof_missing`.
    """
    kept = order.loss_kept
    if kept is None or order.resold_for is not None:
        return Rejected(Reason.NO_LOSS_KEPT)
    if command.price.currency != order.price.currency:
        return Rejected(Reason.CURRENCY_DIFFERS, {"currency": order.price.currency})
    if not command.price.is_positive:
        return Rejected(Reason.AMOUNT_NOT_POSITIVE)
    if not command.evidence.strip():
        return Rejected(Reason.PROOF_MISSING)
    returned = kept - smaller(kept, net_loss(order, command.price))
    event = ResaleRecorded(at=now, price=command.price, evidence=command.evidence)
    if not returned.is_positive:
        return accepted(event)
    return accepted(returning(order, event, returned, policy, command.actor.actor_id))


def returned_if_taken(order: Order, event: Eased, price: Money, policy: Policy, by: str) -> Eased:
    """The event by which another order took the slot or the car, with what goes back by the terms.

    What was kept goes back less the loss that is documented and approved by now, which counts as
    at a resale at this price: without a lower price there are only costs (CN-21).
    """
    forfeiture = order.forfeiture
    if forfeiture is None or not forfeiture.may_come_back(event.at):
        return event
    returned = above(forfeiture.amount, net_loss(order, price))
    if not returned.is_positive:
        return event
    return returning(order, event, returned, policy, by, LineKind.TAKEN_RETURNED)


def returning(
    order: Order,
    event: Eased,
    returned: Money,
    policy: Policy,
    fixed_by: str,
    kind: LineKind = LineKind.RESALE_RETURNED,
) -> Eased:
    """The event with what goes back: from what waits for a release, or from what was released."""
    assert order.forfeiture is not None, "a kept loss is a forfeiture"
    law = LAWS[policy.jurisdiction]
    released = order.forfeiture.released_at is not None
    source = Account.FORFEITURE_INCOME if released else Account.FORFEITURES_UNRELEASED
    deposit = order.payments[DEPOSIT_PAYMENT - 1]
    return msgspec.structs.replace(
        event,
        line=to_buyer(kind, source, returned, law.citations.resale),
        payout=Payout(
            number=len(order.payouts) + 1,
            kind=PayoutKind.REFUND,
            amount=returned,
            due_at=refund_due_at(event.at, policy.refund_days, law, policy.time_zone, by_card=True),
            state=PayoutState.DUE,
            payment_number=DEPOSIT_PAYMENT,
            fixed_by=fixed_by,
            provider=deposit.provider,
            provider_payment_id=deposit.provider_payment_id,
        ),
    )


def comes_back(order: Order, kept: Money) -> Money:
    """What of a kept sum would come back if another order took the slot or the car just so."""
    return above(kept, net_loss(order, order.price))


def approved(order: Order, side: LossSide, *items: LossItem) -> Money:
    """The sum of one side's approved losses, of the items named or of all."""
    return total(
        [
            each.amount
            for each in order.losses
            if each.side is side
            and each.approved_by is not None
            and (not items or each.item in items)
        ],
        order.price.currency,
    )


def net_loss(order: Order, resold_for: Money | None = None) -> Money:
    """The seller's approved loss, after what a resale saved of it."""
    if resold_for is None:
        return approved(order, LossSide.SELLER)
    lost = approved(order, LossSide.SELLER, LossItem.LOST_PRICE)
    costs = approved(order, LossSide.SELLER) - lost
    still_lost = smaller(lost, above(order.price, resold_for))
    return above(costs + still_lost, above(resold_for, order.price))


def loss_documented(order: Order, event: LossDocumented) -> Order:
    """One more loss, which does not count yet."""
    loss = LossFact(
        number=event.number,
        side=event.side,
        item=event.item,
        amount=event.amount,
        evidence=event.evidence,
        documented_by=event.documented_by,
    )
    return changed(order, event.at, losses=(*order.losses, loss))


def loss_approved(order: Order, event: LossApproved) -> Order:
    """The loss counts."""
    losses = tuple(
        msgspec.structs.replace(each, approved_by=event.staff_id)
        if each.number == event.number
        else each
        for each in order.losses
    )
    return changed(order, event.at, losses=losses)


def resale_recorded(order: Order, event: Sold) -> Order:
    """Less is kept, and the difference is on its way back."""
    return msgspec.structs.replace(given_back(order, event), resold_for=event.price)


def given_back(order: Order, event: Eased) -> Order:
    """The order with what this event returns, if it returns anything; the rest is kept for good."""
    if order.forfeiture is None:
        return changed(order, event.at)
    kept = order.forfeiture.kept_for_good(event.at)
    if event.line is None or event.payout is None:
        return changed(order, event.at, forfeiture=kept)
    left = kept.amount - event.line.amount
    return changed(
        order,
        event.at,
        payouts=(*order.payouts, event.payout),
        forfeiture=msgspec.structs.replace(kept, amount=left) if left.is_positive else None,
    )
