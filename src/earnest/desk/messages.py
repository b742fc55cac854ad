"""Which messages an event sends out: mail to buyer and staff, webhooks to the maker, payouts.

Not here: wording, addresses, and the sending itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from earnest.core.order import events as happened
from earnest.core.order import events_of_agreements as agreed
from earnest.core.order import events_of_delivery as delivering
from earnest.core.order.event import Event
from earnest.core.order.parts import Payout, PayoutState
from earnest.desk.conversing import POINTER_TO_DECISION
from earnest.desk.notices import BY_SMS, is_told_later
from earnest.desk.ports import Channel, OutgoingMessage, RecordedEvent

SILENT: frozenset[type[Event]] = frozenset(
    {
        happened.Reserved,
        happened.ClauseAcknowledged,
        happened.PaymentRequested,
        happened.CancellationApproved,
        happened.PayoutReleased,
        happened.PayoutUnknown,
        happened.SettlementFixed,
        happened.Rescheduled,
        happened.CarHeld,
        happened.UnitAllotted,
        delivering.CentreChosen,
        delivering.Prepared,
    }
)
"""Events the buyer is not written to about: the page says them at once, or another event does."""

DECIDED: frozenset[type[Event]] = frozenset({agreed.AgreementMade, agreed.AgreementDeclined})
"""What staff are told of by mail when a buyer did it: something that was proposed is decided."""

_BUYER = "buyer:"

QUERY_AGAIN_AFTER = timedelta(seconds=20)
"""How long an unknown payout waits before the provider is asked what became of it."""

LONGEST_BETWEEN_ATTEMPTS = timedelta(hours=12)
"""The back-off of refused payouts doubles from one minute up to this."""

_DOUBLINGS = 10
"""More than these exceed the longest back-off; an owed sum may be refused far more often."""


def wait_before(attempt: int) -> timedelta:
    """How long the given attempt of a payout waits; the second is the first to wait."""
    doublings = min(attempt - 2, _DOUBLINGS)
    return min(timedelta(minutes=2**doublings), LONGEST_BETWEEN_ATTEMPTS)


def messages_of(recorded: RecordedEvent, *, webhooks: bool) -> Iterator[OutgoingMessage]:
    """Everything that must leave because of one event."""
    event = recorded.event
    if type(event) not in SILENT and not is_told_later(event):
        yield _message(recorded, Channel.MAIL, type(event).__name__)
    if type(event) in BY_SMS:
        yield _message(recorded, Channel.SMS, type(event).__name__)
    if type(event) in DECIDED and recorded.actor_id.startswith(_BUYER):
        yield _message(recorded, Channel.POINTER, POINTER_TO_DECISION)
    if webhooks:
        yield _message(recorded, Channel.WEBHOOK, type(event).__name__)
    yield from _payouts(recorded)


def _payouts(recorded: RecordedEvent) -> Iterator[OutgoingMessage]:
    match recorded.event:
        case happened.SurplusReceived(payout=payout):
            yield _payout(recorded, payout)
        case happened.SettlementFixed(payouts=payouts):
            for payout in payouts:
                if payout.state is PayoutState.DUE:
                    yield _payout(recorded, payout)
        case happened.CarReturned(payout_numbers=numbers):
            for number in numbers:
                yield _message(recorded, Channel.PAYOUT, str(number))
        case (
            happened.ResaleRecorded(payout=returned)
            | happened.CarTaken(payout=returned)
            | happened.SlotTaken(payout=returned)
        ) if returned is not None:
            yield _payout(recorded, returned)
        case happened.PayoutReleased(payout_number=number):
            yield _message(recorded, Channel.PAYOUT, str(number))
        case happened.PayoutUnknown(payout_number=number):
            yield _message(recorded, Channel.PAYOUT, str(number), QUERY_AGAIN_AFTER)
        case happened.PayoutFailed(payout_number=number, next_attempt=attempt):
            yield _message(recorded, Channel.PAYOUT, str(number), wait_before(attempt))


def _payout(recorded: RecordedEvent, payout: Payout) -> OutgoingMessage:
    return _message(recorded, Channel.PAYOUT, str(payout.number))


def _message(
    recorded: RecordedEvent, channel: Channel, subject: str, wait: timedelta | None = None
) -> OutgoingMessage:
    return OutgoingMessage(
        channel=channel,
        buyer_id=recorded.buyer_id,
        order_id=recorded.order_id,
        sequence=recorded.sequence,
        subject=subject,
        not_before=None if wait is None else recorded.recorded_at + wait,
    )
