"""Which messages every event sends out, and when a payout is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from earnest.core.order import events as happened
from earnest.core.order import events_of_agreements as agreed
from earnest.core.order.events import EVENTS, Event
from earnest.core.queue.lane import Lane
from earnest.core.queue.overtaking import Why
from earnest.core.settlement.ground import Ground
from earnest.desk.conversing import POINTER_TO_DECISION
from earnest.desk.messages import (
    LONGEST_BETWEEN_ATTEMPTS,
    QUERY_AGAIN_AFTER,
    SILENT,
    messages_of,
    wait_before,
)
from earnest.desk.notices import BY_SMS, LEGAL, UNTOLD, is_legal, is_told_later, ways
from earnest.desk.ports import Channel, OutgoingMessage, RecordedEvent
from earnest.desk.private import NoticeChannel, Preferences
from tests.desk import samples
from tests.desk.samples_settling import EVERY_OCCASION
from tests.desk.shop import Shop, in_shop

DEMAND = samples.demanded(Ground.BALANCE_DEFAULT)
RECORDED_AT = samples.AT + timedelta(seconds=2)

MAILED = {
    *("PaymentOpened", "TimeGivenBack"),
    *("DepositReceived", "Lapsed", "Reinstated", "SurplusReceived", "Withdrawn", "Locked"),
    *("LockUndone", "ConfigurationChanged", "DeferralRequested", "DeferralDeclined", "Deferred"),
    *("DeferralTakenBack", "DeferralUnanswered"),
    *("Resumed", "DeferralEnded", "Scheduled", "PromiseRevised", "Built", "Shipped", "Tendered"),
    *("AppointmentBooked", "AppointmentMissed", "Inspected", "PerformanceDemanded"),
    *("NoticeDelivered", "BalanceDemanded", "BalanceReceived", "HandedOver", "Closed"),
    *("CancelledByBuyer", "CancelledBySeller", "CancellationContested", "CancellationRevoked"),
    *("PerformanceRefused", "DeliveryDemanded", "TerminatedByBuyer"),
    *("TerminatedForForceMajeure", "PayoutPaid", "PayoutFailed", "ChargebackReceived"),
    *("CaseOpened", "EvidenceAdded", "CaseAnswered", "CaseClosed", "ForfeitureReleased"),
    *("AgreementProposed", "AgreementMade", "AgreementDeclined", "PublicPromisesApplied"),
    *("DelayAnswered", "DelayUnanswered", "EarlierAllowed", "Overtaken"),
    *("CarAllocated", "CarTaken", "SlotTaken"),
    *("ChangeAnnounced", "ChangeAnswered", "Switched", "ChangeUnanswered"),
    *("PriceLowered", "TermsOffered", "TermsAccepted", "TermsDeclined"),
    *("CarReturned", "LossDocumented", "LossApproved", "FinanceDeclined", "PartlyDelivered"),
    *("CompensationFixed", "LateRefundCompensated", "ResaleRecorded", "Reminded"),
    "BenefitDelivered",
}
"""Events the buyer gets a letter about. A new event has to be put here or to be silent."""


def messages(
    event: Event, *, webhooks: bool = False, actor_id: str = "timer"
) -> list[OutgoingMessage]:
    recorded = RecordedEvent(
        buyer_id=samples.BUYER,
        order_id=samples.ORDER,
        sequence=9,
        event=event,
        actor_id=actor_id,
        command_key="lock",
        recorded_at=RECORDED_AT,
    )
    return list(messages_of(recorded, webhooks=webhooks))


def payouts(event: Event) -> list[tuple[str, timedelta | None]]:
    """The payouts that an event asks for, and how long each waits."""
    return [
        (each.subject, None if each.not_before is None else each.not_before - RECORDED_AT)
        for each in messages(event)
        if each.channel is Channel.PAYOUT
    ]


def test_every_event_is_mailed_or_silent() -> None:
    assert MAILED | {kind.__name__ for kind in SILENT} == {kind.__name__ for kind in EVENTS}
    assert MAILED & {kind.__name__ for kind in SILENT} == set()


ORDINARY = {
    *("Reserved", "Reinstated", "LockUndone", "DeferralRequested", "Resumed", "Scheduled", "Built"),
    *("Shipped", "AppointmentBooked", "AppointmentMissed", "Inspected", "Closed"),
    *("DeliveryDemanded", "EvidenceAdded", "Prepared", "DeferralTakenBack"),
}
"""Events that are told and that a buyer may switch off beside the inbox."""


def test_somebody_has_thought_about_whether_each_event_must_be_told() -> None:
    legal = {kind.__name__ for kind in LEGAL}
    untold = {kind.__name__ for kind in UNTOLD}

    assert legal | untold | ORDINARY == {kind.__name__ for kind in EVENTS}
    assert not legal & ORDINARY
    assert not untold & ORDINARY


def test_every_event_is_told_or_concerns_the_house_alone() -> None:
    """What the law wants told is never among the untold, and what is texted is legal."""
    assert set(LEGAL) & UNTOLD == set()
    assert set(LEGAL) >= BY_SMS
    assert {kind.__name__ for kind in LEGAL} - MAILED <= {"SettlementFixed"}


@pytest.mark.parametrize(
    ("event", "wishes", "has_phone", "expected"),
    [
        (DEMAND, Preferences(), True, {NoticeChannel.MAIL, NoticeChannel.SMS}),
        (DEMAND, Preferences(mail=False), True, {NoticeChannel.SMS}),
        (DEMAND, Preferences(mail=False), False, {NoticeChannel.MAIL}),
        (DEMAND, Preferences(mail=False, sms=False), True, {NoticeChannel.MAIL, NoticeChannel.SMS}),
        (samples.REVISED, Preferences(mail=False, sms=False), True, {NoticeChannel.MAIL}),
        (samples.REVISED, Preferences(), True, {NoticeChannel.MAIL}),
        (happened.Closed(at=samples.AT), Preferences(), True, {NoticeChannel.MAIL}),
        (happened.Closed(at=samples.AT), Preferences(mail=False), True, set()),
    ],
)
def test_wishes_choose_the_way_and_never_silence_the_law(
    event: Event, wishes: Preferences, *, has_phone: bool, expected: set[NoticeChannel]
) -> None:
    assert ways(event, wishes, has_mail=True, has_phone=has_phone) == expected
    assert ways(event, wishes, has_mail=False, has_phone=False) == set()


def test_a_demand_is_texted_as_well() -> None:
    assert [each.channel for each in messages(DEMAND)] == [Channel.MAIL, Channel.SMS]


@pytest.mark.parametrize("event", EVERY_OCCASION, ids=lambda event: type(event).__name__)
def test_an_event_is_mailed_once_and_announced_once(event: Event) -> None:
    kind = type(event).__name__
    by_channel = {
        channel: [each for each in messages(event, webhooks=True) if each.channel is channel]
        for channel in (Channel.MAIL, Channel.WEBHOOK)
    }

    is_mailed = kind in MAILED and not is_told_later(event)
    assert [each.subject for each in by_channel[Channel.MAIL]] == [kind] * is_mailed
    assert [each.subject for each in by_channel[Channel.WEBHOOK]] == [kind]
    assert {(each.buyer_id, each.order_id, each.sequence) for each in messages(event)} <= {
        (samples.BUYER, samples.ORDER, 9)
    }
    assert all(
        each.not_before is None
        for each in (*by_channel[Channel.MAIL], *by_channel[Channel.WEBHOOK])
    )


def test_nothing_is_announced_where_nobody_listens() -> None:
    assert {each.channel for each in messages(samples.DEPOSITED)} == {Channel.MAIL}


ASKING = {
    "SurplusReceived",
    "SettlementFixed",
    "PayoutReleased",
    "PayoutUnknown",
    "PayoutFailed",
    "CarReturned",
}


@pytest.mark.parametrize("event", EVERY_OCCASION, ids=lambda event: type(event).__name__)
def test_only_money_that_is_owed_is_paid_out(event: Event) -> None:
    asks = type(event).__name__ in ASKING
    if isinstance(event, happened.ResaleRecorded | happened.CarTaken | happened.SlotTaken):
        asks = event.payout is not None

    assert bool(payouts(event)) == asks


def test_payouts_begin_at_once() -> None:
    assert payouts(samples.surplus("paid_twice")) == [("1", None)]
    assert payouts(samples.settlement(samples.REFUNDED)) == [("1", None)]
    released = happened.PayoutReleased(at=samples.AT, payout_number=2, staff_id="staff:bo")
    assert payouts(released) == [("2", None)]


def test_a_lost_answer_is_asked_for_after_a_moment() -> None:
    unknown = happened.PayoutUnknown(at=samples.AT, payout_number=3, explanation="no answer")

    assert payouts(unknown) == [("3", QUERY_AGAIN_AFTER)]


@pytest.mark.parametrize(
    ("next_attempt", "minutes"),
    [(2, 1), (3, 2), (4, 4), (8, 64), (11, 512), (12, 720), (50, 720), (10_000, 720)],
)
def test_a_refused_payout_waits_longer_each_time_up_to_half_a_day(
    next_attempt: int, minutes: int
) -> None:
    """An account that stays closed for months must not make the back-off overflow."""
    failed = happened.PayoutFailed(
        at=samples.AT, payout_number=1, explanation="closed", next_attempt=next_attempt
    )

    assert payouts(failed) == [("1", timedelta(minutes=minutes))]
    assert wait_before(next_attempt) <= LONGEST_BETWEEN_ATTEMPTS


def test_messages_are_written_with_their_events() -> None:
    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        await shop.does(shop.command("Withdraw", order, "buyer", "leave"))

        assert [(each.channel, each.subject, each.sequence) for each in shop.store.messages] == [
            (Channel.WEBHOOK, "Reserved", 1),
            (Channel.MAIL, "DepositReceived", 2),
            (Channel.WEBHOOK, "DepositReceived", 2),
            (Channel.MAIL, "Withdrawn", 3),
            (Channel.WEBHOOK, "Withdrawn", 3),
            (Channel.WEBHOOK, "SettlementFixed", 4),
            (Channel.PAYOUT, "1", 4),
        ]

    in_shop(visit, Shop(webhooks=True))


def test_a_rejected_or_repeated_command_sends_nothing() -> None:
    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        sent = shop.store.messages
        await shop.does(shop.payment(order))
        undo = shop.command("UndoLock", order, "buyer", "undo")
        await shop.desk.submit(undo, "undo")

        assert shop.store.messages == sent

    in_shop(visit)


@pytest.mark.parametrize("why", [None, *Why])
def test_only_an_overtaking_without_a_reason_is_a_letter_of_its_own(why: Why | None) -> None:
    event = happened.Overtaken(
        at=samples.AT, lane=Lane("s7/red"), by_rank=41, given_at=samples.AT, why=why
    )
    assert [each.subject for each in messages(event)] == ["Overtaken"] * (why is None)
    assert is_legal(event) == (why is None)


@pytest.mark.parametrize(("actor", "told"), [("buyer:ann", True), ("staff:lin", False)])
def test_staff_are_told_of_what_a_buyer_decided_and_of_nothing_that_staff_did(
    actor: str, *, told: bool
) -> None:
    pointed = {
        each.subject
        for event in (
            agreed.AgreementProposed(at=samples.AT, agreement=samples.AGREEMENT),
            agreed.AgreementMade(at=samples.AT, agreement=samples.AGREEMENT),
        )
        for each in messages(event, actor_id=actor)
        if each.channel is Channel.POINTER
    }
    assert pointed == ({POINTER_TO_DECISION} if told else set())
