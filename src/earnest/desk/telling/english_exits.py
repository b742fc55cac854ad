"""English: demands, exits, payouts, cases and reminders.

Not here: the main path of an order (`english.py`).
"""

from __future__ import annotations

from earnest.desk.telling.sentence import Wording

_KEPT = "It is kept safe and goes back to you by {payout.due_at:until} [CN-29]."
_OPEN_CASE = "If you see it differently, open a case on the page of your order."
_STATEMENT = "The statement on the page of your order shows every sum with the rule that says so."

_DEMANDS = {
    "PerformanceDemanded": Wording(
        "The seller asks you to act",
        "The seller asks you to act ({ground:word}) and gives you {cure_days} days, which run "
        "only from the proven arrival of the notice [CN-11]. Nothing has ended.",
        _OPEN_CASE,
    ),
    "PerformanceDemanded.balance_default": Wording(
        "The seller asks for the overdue balance",
        "The seller asks you to pay the overdue balance of the car you inspected and gives you "
        "{cure_days} days, which run only from the proven arrival of the notice [CN-11]. Nothing "
        "has ended.",
        f"Pay on the page of your order, at once or in parts. {_OPEN_CASE}",
    ),
    "PerformanceDemanded.collection_default": Wording(
        "The seller asks you to come and inspect your car",
        "The seller asks you to come and inspect your car, and gives you {cure_days} days, which "
        "run only from the proven arrival of the notice [CN-11]. Nothing is due before the "
        "inspection and nothing has ended.",
        f"Choose an appointment on the page of your order, or ask for a deferral. {_OPEN_CASE}",
    ),
    "PerformanceDemanded.deferral_silence": Wording(
        "The seller asks what you want after the deferral",
        "The seller asks what you want now that the deferral has ended, and gives you {cure_days} "
        "days, which run only from the proven arrival of the notice [CN-11]. Nothing has ended.",
        f"Choose on the page of your order: resume, defer again or leave. {_OPEN_CASE}",
    ),
    "NoticeDelivered": Wording(
        "Your time to act is running",
        "It is on record that demand {demand_number} reached you on {delivered_at}. If you do "
        "what it asks before {cure_until:until}, nothing follows; only after that may the seller "
        "end the order, and only with a second person's check [CN-11].",
        _OPEN_CASE,
    ),
    "NoticeDelivered.in_app": Wording(
        "Your time to act is running",
        "You opened demand {demand_number} with your own login on {delivered_at}, which is the "
        "proof of its arrival. If you do what it asks before {cure_until:until}, nothing follows; "
        "only after that may the seller end the order, and only with a second person's check "
        "[CN-11].",
        _OPEN_CASE,
    ),
    "NoticeDelivered.balance": Wording(
        "Your time to pay the balance is running",
        "It is on record that the demand for the balance reached you on {delivered_at}, so its "
        "days run from then [CN-11]: the balance is due by {cure_until:until}.",
        f"Pay on the page of your order, at once or in parts. {_OPEN_CASE}",
    ),
    "NoticeDelivered.balance_in_app": Wording(
        "Your time to pay the balance is running",
        "You opened the demand for the balance with your own login on {delivered_at}, which is "
        "the proof of its arrival, so its days run from then [CN-11]: the balance is due by "
        "{cure_until:until}.",
        f"Pay on the page of your order, at once or in parts. {_OPEN_CASE}",
    ),
    "CancellationApproved": Wording(
        "An intended cancellation was checked",
        "A second person checked an intended cancellation by the seller ({ground:word}). By itself "
        "this changes nothing.",
    ),
}

_ENDS = {
    "Withdrawn": Wording(
        "You have withdrawn",
        "You withdrew in the cooling-off period [CN-27]. The order has ended, you owe nothing, and "
        "everything you paid comes back to you.",
    ),
    "CancelledByBuyer": Wording(
        "You have cancelled your order",
        "You ended the order. What comes back to you, and what does not, is fixed line by line "
        "with the rule that says so [CN-16] [CN-17].",
        _STATEMENT,
    ),
    "CancelledBySeller": Wording(
        "The seller has ended your order",
        "The seller ended the order ({ground:word}), after demand {demand_number}, its cure "
        "period and a second person's check [CN-11]. What comes back to you is fixed line by "
        "line with its rules.",
        f"{_STATEMENT} {_OPEN_CASE}",
    ),
    "CancellationContested": Wording(
        "Your order has not ended",
        "The seller declared the order ended, but nothing has ended, for these reasons: "
        "{missing:words} [CN-11]. Your place, your slot and your money stay; you may hold on to "
        "the order, or end it for this breach and {owed}.",
        "A case is open for this. You do not have to do anything to keep your order.",
    ),
    "CancellationContested.against_agreement": Wording(
        "Your order has not ended",
        "The seller declared the order ended against your deferral in force [CN-05], and nothing "
        "has ended, for these reasons: {missing:words} [CN-11]. Your place, your slot and your "
        "money stay; you may hold on to the order, or end it for this breach of the agreement and "
        "{owed}.",
        "A case is open for this. You do not have to do anything to keep your order.",
    ),
    "CancellationRevoked": Wording(
        "The seller has taken its cancellation back",
        "The seller took back the declaration that your order had ended. Your place, your slot "
        "and your money were never touched, and the order goes on.",
    ),
    "PerformanceRefused": Wording(
        "The seller says that it will not perform",
        "The seller said that it will not perform, which by itself ends nothing: you may hold on "
        "to the order, or end it now [CN-12] and {owed}.{explanation:reason}",
        "Compare both ways on the page of your order; it shows to the cent what each means for "
        "your money.",
    ),
    "DeliveryDemanded": Wording(
        "You have demanded delivery",
        "You demanded delivery and gave the late seller until {cure_until:until} [CN-12]. If the "
        "car is not tendered by then, you may end the order and {owed}.",
    ),
    "TerminatedByBuyer": Wording(
        "You have ended your order for the seller's breach",
        "You ended the order for the seller's breach ({ground:word}) [CN-12]. What the seller owes "
        "you for it is fixed line by line [CN-17]; a second person has to release what goes beyond "
        "your own money and cannot change it.",
        _STATEMENT,
    ),
    "TerminatedForForceMajeure": Wording(
        "Your order has ended for an event beyond both sides",
        "The seller ended the order for an event of {occurred_at:day} that neither side answers "
        "for [CN-20]. Everything you paid comes back to you once.",
        f"{_STATEMENT} {_OPEN_CASE}",
    ),
    "TerminatedForForceMajeure.by_buyer": Wording(
        "You have ended your order for an event beyond both sides",
        "You ended the order for an event of {occurred_at:day} that neither side answers for "
        "[CN-20]. Everything you paid comes back to you once.",
        _STATEMENT,
    ),
}

_SETTLEMENTS = {
    "SettlementFixed": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: {statement.owed_to_buyer} comes to you.",
        _STATEMENT,
    ),
    "SettlementFixed.doubled": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: {statement.owed_to_buyer} comes to you, with the earnest money "
        "doubled by {doubled} [CN-17]. The doubled part waits for the release by a second person, "
        "due by {release_due_at:until}.",
        _STATEMENT,
    ),
    "SettlementFixed.forfeited": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: {forfeited} of earnest money is forfeited once a second person "
        "has checked and released it [CN-17].",
        f"{_STATEMENT} {_OPEN_CASE}",
    ),
    "SettlementFixed.forfeited_rest_owed": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: {statement.owed_to_buyer} comes to you; {forfeited} of earnest "
        "money is forfeited once a second person has checked and released it [CN-16] [CN-17].",
        f"{_STATEMENT} {_OPEN_CASE}",
    ),
    "SettlementFixed.fee_kept": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: the fee of {fee_kept} is not returned.",
        f"{_STATEMENT} {_OPEN_CASE}",
    ),
    "SettlementFixed.fee_kept_rest_owed": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: {statement.owed_to_buyer} comes to you; the fee of {fee_kept} "
        "is not returned.",
        f"{_STATEMENT} {_OPEN_CASE}",
    ),
    "SettlementFixed.forfeited_may_come_back": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: {forfeited} of earnest money is kept for now [CN-17]. If another "
        "order takes your slot or your car before {back_until:until}, it comes back to you, less "
        "documented costs; until then nobody can release it.",
        f"{_STATEMENT} {_OPEN_CASE}",
    ),
    "SettlementFixed.forfeited_rest_owed_may_come_back": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: {statement.owed_to_buyer} comes to you; {forfeited} of earnest "
        "money is kept for now [CN-16] [CN-17]. If another order takes your slot or your car "
        "before {back_until:until}, it comes back to you, less documented costs; until then "
        "nobody can release it.",
        f"{_STATEMENT} {_OPEN_CASE}",
    ),
    "SettlementFixed.fee_kept_may_come_back": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: the fee of {fee_kept} is kept for now. If another order takes "
        "your slot or your car before {back_until:until}, it comes back to you, less documented "
        "costs.",
        f"{_STATEMENT} {_OPEN_CASE}",
    ),
    "SettlementFixed.fee_kept_rest_owed_may_come_back": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: {statement.owed_to_buyer} comes to you; the fee of {fee_kept} is "
        "kept for now. If another order takes your slot or your car before {back_until:until}, it "
        "comes back to you, less documented costs.",
        f"{_STATEMENT} {_OPEN_CASE}",
    ),
    "SettlementFixed.set_off": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: your bank has already returned everything that was owed to you.",
        _STATEMENT,
    ),
    "SettlementFixed.nothing": Wording(
        "Your settlement is fixed",
        "The settlement is fixed: no money was held, so nobody owes anything.",
    ),
}

_PAYOUTS = {
    "SurplusReceived": Wording(
        "We hold money of yours and send it back",
        f"{{amount}} arrived that you do not owe. {_KEPT}",
    ),
    "SurplusReceived.paid_twice": Wording(
        "You paid twice: the second payment goes back",
        f"Payment {{payment_number}} arrived a second time, {{amount}}. {_KEPT}",
    ),
    "SurplusReceived.order_over": Wording(
        "Your payment goes back: nothing was due",
        f"{{amount}} arrived at a time when this order had nothing to pay. {_KEPT}",
    ),
    "SurplusReceived.amount_differs": Wording(
        "Your payment goes back: it was not the deposit",
        f"{{amount}} arrived, which is not the sum of the deposit. {_KEPT}",
        "To keep your place, pay exactly the deposit before the payment window ends.",
    ),
    "SurplusReceived.paid_too_late": Wording(
        "Your deposit goes back: it was paid too late",
        f"{{amount}} was paid on {{paid_at}}, after the end of the payment window. {_KEPT}",
    ),
    "SurplusReceived.more_than_due": Wording(
        "You paid more than was due: the rest goes back",
        f"Your payment exceeds the balance by {{amount}}. {_KEPT}",
    ),
    "PayoutReleased": Wording(
        "Your payout is released",
        "A second person released payout {payout_number}; it is on its way to you.",
    ),
    "ForfeitureReleased": Wording(
        "A forfeiture was released",
        "A second person checked and released the forfeiture of {amount} [CN-17].",
    ),
    "PayoutPaid": Wording(
        "Your money has been sent",
        "{amount} has been paid to you. The provider's reference is {provider_reference}.",
    ),
    "PayoutUnknown": Wording(
        "Your payout is being looked up",
        "The payment provider has not confirmed payout {payout_number} yet. It is asked what "
        "became of it before anything is repeated, so that you are paid exactly once.",
    ),
    "PayoutFailed": Wording(
        "Your payout did not go through and is tried again",
        "The payment provider did not carry out payout {payout_number}; the sum stays owed to you "
        "and is tried again [CN-29].{explanation:reason}",
    ),
    "ChargebackReceived": Wording(
        "Your bank has taken money back",
        "Your bank took {amount} of payment {payment_number} back. The order stays as it is, and "
        "a case is open to clear this up.",
    ),
}

_CASES = {
    "CaseOpened": Wording(
        "A case is open",
        "Case {number} is open: {subject:quoted}. It stands beside the order and changes nothing "
        "by itself.",
    ),
    "CaseOpened.contested_cancellation": Wording(
        "A case is open about the seller's cancellation",
        "Case {number} is open about the seller's cancellation, which lacks what it needs. The "
        "order goes on as before.",
    ),
    "CaseOpened.chargeback": Wording(
        "A case is open about money your bank took back",
        "Case {number} is open about the money that your bank took back. The order goes on as "
        "before.",
    ),
    "EvidenceAdded": Wording(
        "Evidence was filed",
        "A piece of evidence was filed as number {number} ({evidence_kind:word}): "
        "{description:quoted}. Both sides can read it, and nobody can change or remove it.",
        "Look at it on the page of your order, and file your own.",
    ),
    "CaseAnswered": Wording(
        "The seller has answered your case",
        "The seller answered case {number}: {answer:quoted}. The case stays open until somebody "
        "who had no part in it decides.",
        "File what you want to be considered as evidence, on the page of your order.",
    ),
    "CaseClosed": Wording(
        "A case is closed",
        "Case {number} is closed with this outcome: {outcome:word}.{reasons:reason}",
        "If you disagree, you can open a new case, complain to the authority or go to court; the "
        "dispute pack on the page of your order has everything for that.",
    ),
    "CaseClosed.withdrawn": Wording(
        "You have taken your case back",
        "You took case {number} back. You can open another at any time.",
    ),
}

_REMINDERS = {
    "Reminded": Wording("A reminder about your order", "Something falls due: {due_at:until}."),
    "Reminded.deferral_ends_soon": Wording(
        "Your deferral ends soon",
        "The agreed deferral of your order ends soon, and its end takes nothing from you. You can "
        "ask for the car, defer again or leave [CN-05].",
        "Choose on the page of your order; it shows to the cent what each means for your money.",
    ),
    "Reminded.deferral_answer_due": Wording(
        "Your request still waits for the maker's answer",
        "The maker has not answered yet whether you can have the car later, and its time to answer "
        "ends in three days. If it stays silent, your request ends and takes nothing from you "
        "[CN-06].",
        "You need not do anything. You can take the request back on the page of your order.",
    ),
    "Reminded.change_answer_due": Wording(
        "A change still waits for your answer",
        "Something changed while you wait for your car, and the time to answer ends soon. If you "
        "say nothing, your order stays exactly as it is [CN-09].",
        "Choose on the page of your order: keep, switch or leave.",
    ),
    "Reminded.agreement_turns": Wording(
        "An individual agreement begins or ends",
        "The agreed time of an individual agreement about your order begins or ends now. The page "
        "of your order shows what runs from now on and what decided it [CN-05].",
    ),
    "Reminded.promise_missed": Wording(
        "Your delivery is late",
        "The window promised for your delivery ended on {due_at} and the car is not there. You "
        "may wait, or demand delivery; if a reasonable time after that passes in vain, you may "
        "end the order [CN-12] and {owed}.",
        "Demand delivery on the page of your order, or wait.",
    ),
    "Reminded.balance_overdue": Wording(
        "The balance is overdue",
        "The balance for the car you inspected was due by {due_at:until}. Nothing ends by itself: "
        "the seller would have to send a demand that gives you at least 14 days [CN-11].",
        "Pay on the page of your order, at once or in parts.",
    ),
    "Reminded.cure_period_over": Wording(
        "The time that a demand gave you is over",
        "The time that a demand gave you ended with {due_at:until}, and nothing has ended by "
        "itself. The seller may now end the order, but only with a second person's check [CN-11].",
        f"Do what the demand asked as long as the order stands. {_OPEN_CASE}",
    ),
    "Reminded.delivery_cure_over": Wording(
        "You may now end the order for the delay",
        "The time you gave the late seller ended with {due_at:until}. You may now end the order "
        "[CN-12] and {owed}, or go on waiting.",
        "Compare both ways on the page of your order.",
    ),
    "Reminded.release_overdue": Wording(
        "A release is overdue",
        "A second person was to release a sum of this order by {due_at:until} and has not done "
        "so. What is owed to you does not change by that.",
        _OPEN_CASE,
    ),
    "Reminded.case_answer_overdue": Wording(
        "The seller has not answered your case",
        "The seller was to answer a case of yours by {due_at:until} and has not done so [CN-33]. "
        "The case stays open, and the missing answer stands in the dispute pack.",
        "You can complain to the authority or go to court at any time; the dispute pack on the "
        "page of your order has everything for that.",
    ),
    "Reminded.case_decision_overdue": Wording(
        "A case is not decided yet",
        "A case was to be decided by {due_at:until} and is still open [CN-33].",
        "You can complain to the authority or go to court at any time; the dispute pack on the "
        "page of your order has everything for that.",
    ),
    "Reminded.refund_overdue": Wording(
        "A payment to you is overdue",
        "A payment to you was due by {due_at:until} and is not confirmed. It stays owed; more "
        "than 15 days count as wilful delay by the seller [CN-29].",
        _OPEN_CASE,
    ),
}

EXITS = _DEMANDS | _ENDS | _SETTLEMENTS | _PAYOUTS | _CASES | _REMINDERS
"""What English says on every occasion beside the main path."""
