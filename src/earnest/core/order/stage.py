"""The stages of an order and every way between them, as data that a lawyer can read.

Not here: the conditions of a step, which stand in the chapter files.
"""

from enum import StrEnum


class Stage(StrEnum):
    """Where an order stands on its main path, or by which exit it left."""

    RESERVED = "reserved"
    DEPOSITED = "deposited"
    LOCKED = "locked"
    SCHEDULED = "scheduled"
    BUILT = "built"
    IN_TRANSIT = "in_transit"
    TENDERED = "tendered"
    INSPECTED = "inspected"
    PAID = "paid"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"
    LAPSED = "lapsed"


R, D, L, S, B, T, E, I, P, H, C = list(Stage)[:11]  # noqa: E741 - read as a row of stages
W, X, F, Z = list(Stage)[11:]

EXITS = frozenset({W, X, F, Z})
"""Stages by which an order ended without a handover."""

OVER = EXITS | {H, C}
"""Stages in which the sale itself is finished, one way or the other."""

BEFORE_LOCK = frozenset({R, D})
ALIVE = frozenset(Stage) - OVER
"""Stages of an order that still waits for its car."""

Ways = dict[str, frozenset[Stage]]


def _ways(**targets: Stage | tuple[Stage, ...]) -> Ways:
    return {
        command: frozenset(stages if isinstance(stages, tuple) else (stages,))
        for command, stages in targets.items()
    }


def _beside(stage: Stage) -> Ways:
    """Commands that change facts beside the stage and are possible in every stage."""
    return _ways(
        RecordPayment=stage,
        RecordPayout=stage,
        RecordChargeback=stage,
        OpenCase=stage,
        AddEvidence=stage,
        AnswerCase=stage,
        CloseCase=stage,
        Remind=stage,
        DeliverBenefit=stage,
    )


def _agreeing(stage: Stage) -> Ways:
    """Commands by which both sides agree something of their own, until the handover."""
    return _ways(
        ProposeAgreement=stage,
        AcceptAgreement=stage,
        DeclineAgreement=stage,
        ApplyPublicPromise=stage,
        OfferTerms=stage,
        AcceptTerms=stage,
        DeclineTerms=stage,
    )


def _waiting(stage: Stage, back_to: Stage) -> Ways:
    """Where a buyer waits for the car: what changes meanwhile is asked, never done in silence."""
    return _ways(AnnounceChange=stage, AnswerChange=(stage, back_to, X), EndChange=stage)


def _can_choose_centre(stage: Stage) -> Ways:
    """Until the car is shipped its buyer says where it goes."""
    return _ways(ChooseCentre=stage)


def _can_be_overtaken(stage: Stage) -> Ways:
    """Where an order without a car can be passed by a later rank."""
    return _ways(RecordOvertaking=stage)


def _can_be_delayed(stage: Stage) -> Ways:
    """Until the car is shipped a buyer can answer a delay; silence can end the order (US-02)."""
    return _ways(ConsentToDelay=stage, LeaveForDelay=X, EndDelay=X)


def _alive_after_lock(stage: Stage) -> Ways:
    """Commands that every locked order knows until the car is handed over."""
    return _seller_can_fail(stage) | _ways(
        CancelByBuyer=X, RecordFinanceDeclined=stage, RecordPartialDelivery=stage
    )


def _seller_can_fail(stage: Stage) -> Ways:
    """A seller may declare what it likes; without every condition the order stays as it is."""
    return _ways(
        RevisePromise=stage,
        CancelBySeller=stage,
        RevokeCancellation=stage,
        RefusePerformance=stage,
        DocumentLoss=stage,
        ApproveLoss=stage,
        TerminateByBuyer=F,
        ApproveCancellation=stage,
        TerminateForForceMajeure=F,
    )


def _buyer_can_default(stage: Stage) -> Ways:
    """Where the buyer can owe an act, and so the only stages in which a seller can cancel.

    The acts are: to answer after a deferral, to collect a tendered car, to pay the balance.
    """
    return _ways(RecordNotice=stage, CancelBySeller=(X, stage))


def _deferrable(stage: Stage, back_to: Stage) -> Ways:
    """Deferral is possible from `deposited` to `tendered`; slot and VIN are released.

    From `scheduled` on, asking changes nothing: only the maker's agreement leads back. A request
    can be taken back, and ends by itself where it is not answered.
    """
    return _ways(
        Defer=stage, AnswerDeferral=(back_to, stage), Resume=stage, EndDeferralRequest=stage
    )


def _can_be_deferred(stage: Stage) -> Ways:
    """Where a deferred order waits, and comes back from its deferral."""
    return _deferrable(stage, stage) | _ways(EndDeferral=stage, AllowEarlier=stage)


TRANSITIONS: dict[Stage, Ways] = {
    R: _beside(R)
    | _agreeing(R)
    | _can_choose_centre(R)
    | _ways(
        RecordPayment=(R, D, Z),
        Lapse=Z,
        ChangeConfiguration=R,
        Withdraw=W,
        AcknowledgeClause=R,
        AllotUnit=R,
        OpenPayment=R,
        GiveTimeBack=R,
    ),
    D: _beside(D)
    | _agreeing(D)
    | _can_choose_centre(D)
    | _waiting(D, D)
    | _can_be_delayed(D)
    | _can_be_overtaken(D)
    | _can_be_deferred(D)
    | _seller_can_fail(D)
    | _ways(Withdraw=W, Lock=L, ChangeConfiguration=D, AcknowledgeClause=D, GiveTimeBack=D),
    L: _beside(L)
    | _agreeing(L)
    | _can_choose_centre(L)
    | _waiting(L, L)
    | _can_be_delayed(L)
    | _can_be_overtaken(L)
    | _can_be_deferred(L)
    | _alive_after_lock(L)
    | _buyer_can_default(L)
    | _ways(
        Withdraw=W,
        UndoLock=D,
        ChangeConfiguration=L,
        Schedule=S,
        TakeSlot=S,
        AllocateCar=B,
        RecordCarTaken=L,
        HoldCar=L,
        RecordSlotTaken=L,
        DemandPerformance=L,
        DemandDelivery=L,
    ),
    S: _beside(S)
    | _agreeing(S)
    | _can_choose_centre(S)
    | _waiting(S, L)
    | _can_be_delayed(S)
    | _can_be_overtaken(S)
    | _deferrable(S, L)
    | _alive_after_lock(S)
    | _ways(
        Reschedule=S,
        TakeSlot=S,
        RecordBuilt=B,
        AllocateCar=B,
        RecordCarTaken=S,
        HoldCar=S,
        RecordSlotTaken=S,
        DemandDelivery=S,
    ),
    B: _beside(B)
    | _agreeing(B)
    | _can_choose_centre(B)
    | _waiting(B, L)
    | _can_be_delayed(B)
    | _deferrable(B, L)
    | _alive_after_lock(B)
    | _ways(
        Ship=T,
        Tender=E,
        RecordPreparation=B,
        RecordCarTaken=B,
        HoldCar=B,
        RecordSlotTaken=B,
        DemandDelivery=B,
    ),
    T: _beside(T)
    | _agreeing(T)
    | _waiting(T, L)
    | _deferrable(T, L)
    | _alive_after_lock(T)
    | _ways(Tender=E, RecordPreparation=T, DemandDelivery=T),
    E: _beside(E)
    | _agreeing(E)
    | _waiting(E, L)
    | _deferrable(E, L)
    | _alive_after_lock(E)
    | _buyer_can_default(E)
    | _ways(
        Tender=E,
        RecordPreparation=E,
        BookAppointment=E,
        RecordMissedAppointment=E,
        DemandCollection=E,
        RecordInspection=(I, B, L),
    ),
    I: _beside(I)
    | _agreeing(I)
    | _alive_after_lock(I)
    | _buyer_can_default(I)
    | _ways(DemandBalance=I, RequestPayment=I, RecordPayment=(I, P), DemandPerformance=I),
    P: _beside(P) | _agreeing(P) | _alive_after_lock(P) | _ways(HandOver=H, DemandDelivery=P),
    H: _beside(H) | _ways(Close=C, Withdraw=W, ReleasePayout=H),
    C: _beside(C) | _ways(ReleasePayout=C),
    W: _beside(W) | _ways(RecordReturn=W, ReleasePayout=W),
    X: _beside(X)
    | _ways(
        ReleaseForfeiture=X,
        ReleasePayout=X,
        RecordResale=X,
        RecordCarTaken=X,
        HoldCar=X,
        RecordSlotTaken=X,
    ),
    F: _beside(F) | _ways(ReleasePayout=F, RecordSlotTaken=F),
    Z: _beside(Z) | _ways(RecordPayment=(Z, D, R)),
}
"""For each stage: the commands it knows and the stages in which they can leave the order."""

WAITING = frozenset(stage for stage in Stage if "AnswerChange" in TRANSITIONS[stage])
"""Stages in which a buyer waits for the car and is asked when something changes."""

DEFERRABLE = frozenset(stage for stage in Stage if "Defer" in TRANSITIONS[stage])
"""Stages in which a buyer can ask to have the car later, and the maker still owes an answer."""

AFTER_THE_END = frozenset(command for stage in OVER for command in TRANSITIONS[stage])
"""Commands that still have a meaning for some order whose sale is finished."""
