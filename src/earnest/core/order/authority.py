"""Which role may ask for what: data for `decide` and for the page that documents it.

Not here: whose order it is. A door loads only orders that the asking buyer owns.
"""

from earnest.core.order.actor import Role

BUYER = frozenset({Role.BUYER})
SALES = frozenset({Role.SALES})
PLANNING = frozenset({Role.PLANNING})
DELIVERY = frozenset({Role.DELIVERY})
FINANCE = frozenset({Role.FINANCE})
PROVIDER = frozenset({Role.PROVIDER})
TIMER = frozenset({Role.TIMER})

AUTHORITY: dict[str, frozenset[Role]] = {
    "Reserve": BUYER,
    "RecordPayment": PROVIDER,
    "Lapse": TIMER,
    "Withdraw": BUYER,
    "RecordReturn": DELIVERY,
    "Lock": BUYER | TIMER,
    "UndoLock": BUYER,
    "ChangeConfiguration": BUYER,
    "Defer": BUYER,
    "AnswerDeferral": SALES,
    "Resume": BUYER,
    "EndDeferral": TIMER,
    "ProposeAgreement": BUYER | SALES | DELIVERY,
    "AcceptAgreement": BUYER | SALES,
    "DeclineAgreement": BUYER | SALES,
    "ApplyPublicPromise": BUYER | SALES,
    "AcknowledgeClause": BUYER,
    "OfferTerms": SALES,
    "AcceptTerms": BUYER,
    "DeclineTerms": BUYER,
    "AnnounceChange": SALES | PLANNING,
    "AnswerChange": BUYER,
    "EndChange": TIMER,
    "Schedule": PLANNING,
    "Reschedule": PLANNING,
    "RevisePromise": PLANNING | SALES,
    "ConsentToDelay": BUYER,
    "LeaveForDelay": BUYER,
    "EndDelay": TIMER,
    "AllowEarlier": BUYER,
    "RecordOvertaking": TIMER,
    "RecordBuilt": PLANNING,
    "AllocateCar": PLANNING,
    "TakeSlot": PLANNING,
    "RecordSlotTaken": PLANNING,
    "HoldCar": PLANNING | DELIVERY,
    "RecordCarTaken": PLANNING,
    "Ship": PLANNING | DELIVERY,
    "Tender": DELIVERY,
    "BookAppointment": BUYER,
    "RecordMissedAppointment": DELIVERY,
    "DemandCollection": DELIVERY | SALES,
    "RecordInspection": BUYER | DELIVERY,
    "DemandBalance": DELIVERY | FINANCE | SALES,
    "RequestPayment": BUYER,
    "HandOver": DELIVERY,
    "Close": TIMER | DELIVERY,
    "CancelByBuyer": BUYER,
    "DemandPerformance": SALES | FINANCE,
    "RecordNotice": BUYER | SALES | FINANCE | DELIVERY | PROVIDER,
    "ApproveCancellation": SALES | FINANCE,
    "CancelBySeller": SALES | FINANCE,
    "RevokeCancellation": SALES | FINANCE,
    "RefusePerformance": SALES,
    "DemandDelivery": BUYER,
    "TerminateByBuyer": BUYER,
    "TerminateForForceMajeure": BUYER | SALES,
    "DocumentLoss": BUYER | SALES | FINANCE,
    "ApproveLoss": FINANCE,
    "RecordFinanceDeclined": SALES | FINANCE,
    "RecordPartialDelivery": DELIVERY,
    "RecordResale": SALES | FINANCE,
    "ReleasePayout": FINANCE,
    "ReleaseForfeiture": FINANCE,
    "RecordPayout": PROVIDER,
    "RecordChargeback": PROVIDER,
    "OpenCase": BUYER | SALES,
    "AddEvidence": BUYER | SALES | FINANCE | DELIVERY,
    "AnswerCase": SALES | FINANCE | DELIVERY,
    "CloseCase": BUYER | SALES | FINANCE,
    "Remind": TIMER,
    "DeliverBenefit": SALES | DELIVERY,
    "AllotUnit": TIMER,
    "OpenPayment": PROVIDER,
    "GiveTimeBack": TIMER,
}
"""For each command, the roles of which the actor needs one."""
