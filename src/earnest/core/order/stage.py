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
IN_PRODUCTION = frozenset({S, B, T})
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
        ReleasePayout=stage,
        ReleaseForfeiture=stage,
        RecordChargeback=stage,
        OpenCase=stage,
        CloseCase=stage,
        Remind=stage,
    )


def _alive_after_lock(stage: Stage) -> Ways:
    """Commands that every locked order knows until the car is handed over."""
    return _ways(
        RevisePromise=stage,
        DemandPerformance=stage,
        RecordNotice=stage,
        ApproveCancellation=stage,
        CancelByBuyer=X,
        CancelBySeller=(X, stage),
        RevokeCancellation=stage,
        DemandDelivery=stage,
        RefusePerformance=stage,
        TerminateByBuyer=F,
        TerminateForForceMajeure=F,
    )


def _deferrable(stage: Stage, back_to: Stage) -> Ways:
    """Deferral is possible from `deposited` to `tendered`; slot and VIN are released."""
    return _ways(
        Defer=(back_to, stage),
        AnswerDeferral=(back_to, stage),
        Resume=stage,
        EndDeferral=stage,
    )


def _seller_fails_early(stage: Stage) -> Ways:
    """What a buyer or seller can do about a failing seller before the lock."""
    return _ways(
        RevisePromise=stage,
        CancelBySeller=stage,
        RevokeCancellation=stage,
        RefusePerformance=stage,
        TerminateByBuyer=F,
        TerminateForForceMajeure=F,
    )


TRANSITIONS: dict[Stage, Ways] = {
    R: _beside(R) | _ways(RecordPayment=(R, D, Z), Lapse=Z, ChangeConfiguration=R, Withdraw=W),
    D: _beside(D)
    | _deferrable(D, D)
    | _seller_fails_early(D)
    | _ways(Withdraw=W, Lock=L, ChangeConfiguration=D),
    L: _beside(L)
    | _deferrable(L, L)
    | _alive_after_lock(L)
    | _ways(Withdraw=W, UndoLock=D, ChangeConfiguration=L, Schedule=S),
    S: _beside(S) | _deferrable(S, L) | _alive_after_lock(S) | _ways(Reschedule=S, RecordBuilt=B),
    B: _beside(B) | _deferrable(B, L) | _alive_after_lock(B) | _ways(Ship=T, Tender=E),
    T: _beside(T) | _deferrable(T, L) | _alive_after_lock(T) | _ways(Tender=E),
    E: _beside(E)
    | _deferrable(E, L)
    | _alive_after_lock(E)
    | _ways(
        BookAppointment=E,
        RecordMissedAppointment=E,
        DemandCollection=E,
        RecordInspection=(I, B, L),
    ),
    I: _beside(I)
    | _alive_after_lock(I)
    | _ways(DemandBalance=I, RequestPayment=I, RecordPayment=(I, P)),
    P: _beside(P) | _alive_after_lock(P) | _ways(HandOver=H),
    H: _beside(H) | _ways(Close=C),
    C: _beside(C),
    W: _beside(W),
    X: _beside(X),
    F: _beside(F),
    Z: _beside(Z) | _ways(RecordPayment=(Z, D)),
}
"""For each stage: the commands it knows and the stages in which they can leave the order."""
