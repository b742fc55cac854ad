"""English: what bears on a settlement and what comes out of one beside the usual.

Not here: demands, exits and payouts (`english_exits.py`).
"""

from __future__ import annotations

from earnest.desk.telling.sentence import Wording

_OPEN_CASE = "If you see it differently, open a case on the page of your order."
_STATEMENT = "The statement on the page of your order shows every sum with the rule that says so."

SETTLING = {
    "Withdrawn.after_handover": Wording(
        "You give the car back",
        "You withdrew after the handover. As soon as the car is back, or its way back is proven, "
        "everything you paid comes back to you.",
        "Bring the car back or let the seller fetch it, and keep the receipt.",
    ),
    "CarReturned": Wording(
        "Your car has arrived, your money leaves",
        "The seller has the car back ({proof:quoted}). Everything you paid is on its way to you.",
    ),
    "LossDocumented": Wording(
        "A loss was put on record",
        "A loss of {amount} ({item:word}) was put on record, with this evidence: "
        "{evidence:quoted}. It counts only once a second person has checked it.",
        _OPEN_CASE,
    ),
    "LossDocumented.buyer": Wording(
        "Your loss is on record",
        "Your loss of {amount} ({item:word}) is on record, with this evidence: "
        "{evidence:quoted}. The seller has to check it; if it answers for the end of the order "
        "or delivers late, the part that nothing else covers is paid to you.",
    ),
    "LossApproved": Wording(
        "A loss was checked",
        "A second person checked loss {number} against its evidence. From now on it counts in a "
        "settlement; look on the page of your order what each exit would mean.",
        _OPEN_CASE,
    ),
    "FinanceDeclined": Wording(
        "Your loan was declined",
        "It is on record that your loan or lease was declined ({proof:quoted}). The order goes on "
        "as before.",
        "The page of your order shows what leaving for this reason means for your money, or pay "
        "in another way.",
    ),
    "PartlyDelivered": Wording(
        "Part of your fleet is delivered",
        "{fleet.delivered} of {fleet.vehicles} vehicles are delivered and accepted. The deposit "
        "secures only the others from now on.",
    ),
    "CompensationFixed": Wording(
        "The seller owes you compensation for the late delivery",
        "Your car came late, so {payout.amount} comes to you beside it. A second person has to "
        "release it, due by {payout.release_due_at:until}; nothing you signed waives it.",
        _STATEMENT,
    ),
    "LateRefundCompensated": Wording(
        "Your refund came late, so more comes to you",
        "Payout {late_payout_number} came {days_late} days too late. {payout.amount} is owed to "
        "you as well, once a second person has released it.",
        _STATEMENT,
    ),
    "ResaleRecorded": Wording(
        "The car was sold to somebody else",
        "The car of your order was sold again for {price}. This does not change what was kept.",
        _OPEN_CASE,
    ),
    "ResaleRecorded.returned": Wording(
        "The car was sold to somebody else, and money comes back",
        "The car of your order was sold again for {price}, so the seller lost less than it kept: "
        "{payout.amount} comes back to you by {payout.due_at:until}.",
        _STATEMENT,
    ),
    "SettlementFixed.beyond": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: {statement.owed_to_buyer} comes to you, of which {beyond} goes "
        "beyond what you paid. That part waits for the release by a second person, due by "
        "{release_due_at:until}.",
        _STATEMENT,
    ),
    "SettlementFixed.loss_kept": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: the seller keeps its documented net loss of {kept} once a second "
        "person has released it. You may prove that it lost less.",
        f"{_STATEMENT} {_OPEN_CASE}",
    ),
    "SettlementFixed.loss_kept_rest_owed": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: {statement.owed_to_buyer} comes to you; the seller keeps its "
        "documented net loss of {kept} once a second person has released it. You may prove that "
        "it lost less.",
        f"{_STATEMENT} {_OPEN_CASE}",
    ),
    "ForfeitureReleased.fee": Wording(
        "A fee was released",
        "A second person checked that the fee of {amount} is kept.",
    ),
}
"""What English says about losses, compensation and late refunds."""
