"""Words that many pages of the office say: stages, roles, what has to be done, states of money.

Not here: sentences of one page, which stand in its template.
"""

from __future__ import annotations

from earnest.core.ledger.account import Account
from earnest.core.order.parts import PayoutState
from earnest.core.order.stage import Stage
from earnest.core.order.work import WorkKind
from earnest.core.plan.counters import Resource
from earnest.core.plan.differences import Cause
from earnest.core.plan.plan import Hold
from earnest.core.reconciliation.explained import ItemKind
from earnest.core.reconciliation.matching import Cause as MatchCause
from earnest.core.reconciliation.matching import DoubtKind
from earnest.core.reconciliation.statement import LineKind
from earnest.desk.sights import SightKind
from earnest.web.pages.wording import said

STAGES: dict[Stage, tuple[str, str]] = {
    Stage.RESERVED: (said("Reserved"), ""),
    Stage.DEPOSITED: (said("Cooling off"), "accent"),
    Stage.LOCKED: (said("Locked"), "accent"),
    Stage.SCHEDULED: (said("Scheduled"), "accent"),
    Stage.BUILT: (said("Built"), "accent"),
    Stage.IN_TRANSIT: (said("In transit"), "accent"),
    Stage.TENDERED: (said("Ready for inspection"), "accent"),
    Stage.INSPECTED: (said("Inspected"), "accent"),
    Stage.PAID: (said("Paid in full"), "good"),
    Stage.HANDED_OVER: (said("Handed over"), "good"),
    Stage.CLOSED: (said("Closed"), ""),
    Stage.WITHDRAWN: (said("Withdrawn"), ""),
    Stage.CANCELLED: (said("Cancelled"), "warn"),
    Stage.TERMINATED: (said("Terminated"), "bad"),
    Stage.LAPSED: (said("Lapsed"), ""),
}
"""The name of every stage, and the kind of tag that shows it."""

ROLES: dict[str, str] = {
    "sales": said("Sales"),
    "planning": said("Planning"),
    "delivery": said("Delivery"),
    "finance": said("Finance"),
    "admin": said("Administration"),
    "auditor": said("Audit"),
    "terms_editor": said("Terms editor"),
}
"""Roles and privileges of staff."""

ACTORS: dict[str, str] = {
    "buyer": said("Buyer"),
    "staff": said("Staff"),
    "timer": said("Time"),
    "provider": said("Payment provider"),
}
"""Kinds of actors in a timeline."""

ACTS: dict[str, str] = {
    "signed_in": said("Signed in"),
    "staff_invited": said("Invited somebody"),
    "staff_joined": said("Accepted the invitation"),
    "staff_deactivated": said("Deactivated somebody"),
    "staff_reactivated": said("Let somebody come back"),
    "role_asked": said("Asked for a role"),
    "role_given": said("Gave a role"),
    "role_declined": said("Declined a role"),
    "role_taken": said("Took a role"),
    "factor_set": said("Set up the second factor"),
    "factor_removed": said("Removed the own second factor"),
    "factor_reset": said("Reset somebody's second factor"),
    "passkey_added": said("Added a passkey"),
    "passkey_removed": said("Removed a passkey"),
    "recovery_code_used": said("Used a recovery code"),
    "session_ended": said("Ended a session"),
    "sessions_ended": said("Signed out everywhere"),
    "token_made": said("Made a token"),
    "token_revoked": said("Revoked a token"),
    "trail_exported": said("Exported the trail"),
    "endpoint_added": said("Added an address for webhooks"),
    "endpoint_switched": said("Switched an address for webhooks"),
    "endpoint_rotated": said("Rotated the secret of an address"),
    "endpoint_tested": said("Tested an address for webhooks"),
    "delivery_repeated": said("Sent a webhook again"),
}
"""What staff do beside orders, as the trail tells it."""

SIGHTS: dict[SightKind, str] = {
    SightKind.BUYER: said("Name and how to reach them"),
    SightKind.FOUND: said("List of orders with names"),
    SightKind.MESSAGES: said("Messages"),
    SightKind.WAITING: said("List of who waits for an answer"),
    SightKind.CASES: said("Cases"),
    SightKind.EVIDENCE: said("Evidence"),
    SightKind.DISPUTE_PACK: said("Dispute pack"),
    SightKind.PAPERS: said("Papers with the name"),
    SightKind.APPOINTMENTS: said("Appointments with names"),
    SightKind.PAYERS: said("Payers on bank lines"),
}
"""What of somebody was shown to staff."""

WORK: dict[WorkKind, str] = {
    WorkKind.ANSWER_CASE: said("Answer the case"),
    WorkKind.DECIDE_CASE: said("Decide the case"),
    WorkKind.ANSWER_DEFERRAL: said("Answer the deferral request"),
    WorkKind.RELEASE_PAYOUT: said("Release the payout"),
    WorkKind.RELEASE_FORFEITURE: said("Release the forfeiture"),
    WorkKind.REFUND: said("Refund is due"),
}
"""What somebody has to do."""

PAYOUTS: dict[PayoutState, tuple[str, str]] = {
    PayoutState.AWAITING_RELEASE: (said("Awaits a second person"), "warn"),
    PayoutState.AWAITING_RETURN: (said("Awaits the car"), "warn"),
    PayoutState.DUE: (said("On its way"), "accent"),
    PayoutState.UNKNOWN: (said("Result unknown"), "warn"),
    PayoutState.FAILED: (said("Failed"), "bad"),
    PayoutState.PAID: (said("Paid"), "good"),
}
"""States of a payout, and the kind of tag that shows them."""

CAUSES: dict[str, str] = {
    Cause.FIRST_PLAN: said("First place in a plan"),
    Cause.SLOT_FREE: said("An earlier day fell free"),
    Cause.OWN_RANK: said("Came back and stands by its rank again"),
    Cause.EARLIER_RANK: said("Makes room for an earlier rank that came back"),
    Cause.SHORT: said("Too little of something"),
    Cause.HELD: said("The order is held"),
    Cause.ASKED_FOR_LATER: said("The buyer asked for later"),
    Cause.NOT_BUILT_THERE: said("No longer built there"),
    Cause.SAME_DAY: said("Another line on the same day"),
}
"""Why an order's place in a plan changes."""

DECIDES: dict[Resource | Hold, str] = {
    Resource.PLANT: said("no plant builds it"),
    Resource.LINE: said("line"),
    Resource.OPTION: said("option"),
    Resource.PART: said("part"),
    Resource.HORIZON: said("the published days end before it"),
    Hold.COOLING_OFF: said("cooling off"),
    Hold.UNPAID: said("deposit not paid"),
    Hold.ANSWER_OPEN: said("the buyer has to answer"),
    Hold.DEFERRED: said("put off by the buyer"),
    Hold.WAITING_LIST: said("on the waiting list"),
}
"""What decides about a day: what is short, before its name, or what holds the order."""

EXPLAINED: dict[ItemKind, str] = {
    ItemKind.HELD: said("Held at the end of the last statement"),
    ItemKind.STOOD_BEFORE: said("Stood there before the first statement"),
    ItemKind.GAP: said("Changed between two statements; one is missing"),
    ItemKind.FEE: said("Kept by the provider as its fee"),
    ItemKind.IN_TRANSIT: said("Sent to the bank, not arrived there yet"),
    ItemKind.NOT_IN_BOOKS: said("On a statement, and not matched to the books"),
    ItemKind.BOOKED_BEFORE: said("Booked before the first statement"),
    ItemKind.NOT_SHOWN: said("Booked, and not matched to any statement"),
    ItemKind.NOT_YET_SHOWN: said("Booked after the last statement"),
    ItemKind.WRITTEN_OFF: said("Written off by two people"),
}
"""Steps from what is held outside to what the books say."""

LINES: dict[LineKind, str] = {
    LineKind.PAYMENT: said("Payment"),
    LineKind.REFUND: said("Refund"),
    LineKind.TRANSFER: said("Transfer to a buyer"),
    LineKind.CHARGEBACK: said("Chargeback"),
    LineKind.FEE: said("Fee"),
    LineKind.PAYOUT: said("Payout to the bank"),
    LineKind.OTHER: said("Bank line"),
}
"""What a line of a statement says it is."""

MATCHED: dict[MatchCause, str] = {
    MatchCause.REFERENCE: said("The provider's id and the sum"),
    MatchCause.PAYOUT_REFERENCE: said("The payout's id in the text of the bank"),
    MatchCause.PAYOUT_PAYER: said("The payout's sum, its payer and the days"),
    MatchCause.ORDER_IN_TEXT: said("The number of the order in the text, and the sum"),
    MatchCause.PAYER: said("The buyer as payer, the sum and the days"),
}
"""Why lines and booked sums were matched by themselves; a person gives a reason."""

DOUBTS: dict[DoubtKind, str] = {
    DoubtKind.SEVERAL: said("Several fit, so nothing was guessed"),
    DoubtKind.AMOUNT_DIFFERS: said("The same reference with another sum"),
}
"""Why a line was not matched although something fits."""

ACCOUNTS: dict[Account, str] = {
    Account.PROVIDER_CLEARING: said("Held by providers and banks"),
    Account.CUSTOMER_DEPOSITS: said("Deposits that buyers may take back"),
    Account.COMMITTED_DEPOSITS: said("Deposits of locked orders"),
    Account.CUSTOMER_BALANCES: said("Balances paid before the handover"),
    Account.OWED_TO_BUYERS: said("Owed to buyers, not paid out yet"),
    Account.FORFEITURES_UNRELEASED: said("Forfeitures without a second person yet"),
    Account.SALES_REVENUE: said("Revenue of cars handed over"),
    Account.FORFEITURE_INCOME: said("Income of released forfeitures"),
    Account.FEE_INCOME: said("Income of fees"),
    Account.DOUBLE_RETURN_EXPENSE: said("Cost of double returns"),
    Account.COMPENSATION_EXPENSE: said("Cost of compensation"),
    Account.INTEREST_EXPENSE: said("Cost of interest and late refunds"),
    Account.TAX_GUARANTEE_EXPENSE: said("Cost of the tax guarantee"),
    Account.CHARGEBACKS: said("Taken back by banks, not resolved yet"),
}
"""Accounts as bookkeepers call them; buyers read of them in words of their own."""
