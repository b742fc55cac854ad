"""English: the life of an order, from the reservation to the closed file.

Not here: slots and windows (`english_planning.py`), and exits, payouts, cases and reminders
(`english_exits.py`).
"""

from __future__ import annotations

from earnest.desk.telling.english_agreements import AGREEMENTS
from earnest.desk.telling.english_exits import EXITS
from earnest.desk.telling.english_launch import LAUNCH
from earnest.desk.telling.english_planning import PLANNING
from earnest.desk.telling.english_scarcity import SCARCE
from earnest.desk.telling.english_settling import SETTLING
from earnest.desk.telling.language import English
from earnest.desk.telling.sentence import Wording

WORDS = {
    "balance": "balance",
    "deposit": "deposit",
    # Grounds.
    "cooling_off": "free withdrawal in the cooling-off period",
    "changed_while_waiting": "a change on the maker's side while waiting",
    "delay_not_agreed": "a later delivery that the buyer did not agree to",
    "force_majeure": "an event that neither side answers for",
    "buyer_wish": "the buyer's own wish",
    "balance_default": "the balance stayed unpaid",
    "collection_default": "the car was not inspected and collected",
    "deferral_silence": "no answer after the end of the deferral",
    "delay": "late delivery after a demand",
    "refusal": "the seller's refusal to perform",
    "unfounded_cancellation": "the seller's cancellation without a right to it",
    "breached_agreement": "a breach of what was agreed individually",
    "finance_declined": "the loan or lease was declined",
    "withdrawal_after_handover": "withdrawal after the handover",
    # What was lost.
    "costs": "costs",
    "lost_price": "a lower price",
    "lost_subsidy": "a lost subsidy",
    # Why a seller's cancellation ended nothing.
    "agreement_open": "a deferral is in force",
    "ground": "there is no ground that the law knows",
    "demand": "there was no demand to perform",
    "notice_delivered": "it is not proven that the demand arrived",
    "cure_period_over": "the cure period is not over",
    "right_alive": "the right to cancel was not used in time and has died",
    "second_person": "no second person has checked it",
    # How a case ended.
    "for_buyer": "in the buyer's favour",
    "for_seller": "in the seller's favour",
    "settled": "settled between both sides",
    "withdrawn": "taken back by the buyer",
    "referred": "passed on to a court, an authority or a mediator",
    # What a piece of evidence is.
    "message": "message",
    "photo": "photograph",
    "document": "document",
    "receipt": "proof of delivery",
}
"""The core's stable codes in words."""

CITATIONS = {
    "CN-03": "(CN-03, Civil Code 496)",
    "CN-05": "(CN-05, Civil Code 498)",
    "CN-06": "(CN-06, Civil Code 509)",
    "CN-08": "(CN-08, Civil Code 526)",
    "CN-09": "(CN-09, Civil Code 543)",
    "CN-11": "(CN-11, Civil Code 565)",
    "CN-12": "(CN-12, Civil Code 563)",
    "CN-16": "(CN-16, Civil Code 586)",
    "CN-17": "(CN-17, Civil Code 587)",
    "CN-20": "(CN-20, Civil Code 590)",
    "CN-24": "(CN-24, Civil Code 604–610)",
    "CN-25": "(CN-25, Civil Code 620–623)",
    "CN-26": "(CN-26, Consumer Law 23 and Civil Code 473)",
    "CN-27": "(CN-27, Consumer Law 25)",
    "CN-29": "(CN-29, Consumer Law 53)",
    "CN-33": "(CN-33, E-Commerce Law 59)",
    "CN-36": "(CN-36, car sales measures 15)",
    "CN-37": "(CN-37, three-guarantee rules 13)",
    "CN-23": "(CN-23, Contract interpretation 67)",
    "EU-02": "(EU-02, directive 2011/83 articles 9 and 13)",
    "EU-05": "(EU-05, directive 2011/83 article 18)",
    "EU-06": "(EU-06, directive 93/13 annex 1(d))",
    "EU-07": "(EU-07, directive 93/13 annex 1(e) and (f))",
    "EU-08": "(EU-08, directive 93/13 annex 1(j) and (k))",
    "DE-03": "(DE-03, Civil Code of Germany 309)",
    "DE-06": "(DE-06, Federal Court of Justice VIII ZR 318/19)",
    "FR-02": "(FR-02, Consumer Code L.214-1)",
    "UK-01": "(UK-01, Consumer Rights Act 2015)",
    "UK-02": "(UK-02, guidance for car dealers)",
    "US-02": "(US-02, 16 CFR 435.2)",
    "US-03": "(US-03, 16 CFR 435)",
    "US-04": "(US-04, California Vehicle Code 11713 and Civil Code 2982.7)",
    "US-05": "(US-05, New York General Business Law 396-p)",
    "KR-01": "(KR-01, Fair Trade Commission 2020 and 2023)",
}
"""The sources of the rules that sentences mention."""

ENGLISH = English(WORDS, CITATIONS)

_PATH = {
    "Reserved": Wording(
        "Your place is reserved",
        "Rank {rank} in the queue is yours, at the price of {price} and with delivery promised "
        "from {promise:days}. Please pay the deposit of {deposit} before {pay_until}; if it stays "
        "unpaid, the reservation lapses and you owe nothing.",
        "Pay the deposit on the page of your order.",
    ),
    "DepositReceived": Wording(
        "Your deposit has arrived",
        "Your deposit of {amount} arrived. Before {cooling_off_ends:until} you can withdraw "
        "freely and get all of it back [CN-27]; at that moment the order locks by itself.",
        "Look at your configuration in peace: you can change it or withdraw on the page of your "
        "order.",
    ),
    "Lapsed": Wording(
        "Your reservation has lapsed",
        "The payment window ended without a deposit, so the reservation has lapsed and you owe "
        "nothing. If you did pay in time, it comes back with its rank as soon as the payment "
        "provider confirms that.",
    ),
    "Reinstated": Wording(
        "Your reservation is back",
        "Your deposit was paid in time after all, so the reservation is back with its rank.",
    ),
    "ClauseAcknowledged": Wording(
        "You accepted a clause",
        "You accepted the clause {acknowledgement.clause_id:clause} by a separate act [CN-03].",
    ),
    "Locked": Wording(
        "Your order is locked",
        "The cooling-off period is over and the order is locked: the configuration is fixed and "
        "the deposit of {deposit} is committed. You can still defer delivery or leave; the page of "
        "your order shows beforehand, to the cent, what each way means for your money.",
    ),
    "Locked.early": Wording(
        "You locked your order early",
        "You locked the order before the cooling-off period was over. Before {undo_until} you can "
        "take the lock back, and then withdraw freely.",
        "If you did not mean to lock, take the lock back on the page of your order.",
    ),
    "LockUndone": Wording(
        "The lock is taken back",
        "You took the early lock back and the deposit of {deposit} is free again. Before "
        "{cooling_off_ends:until} you can withdraw and get all of it back [CN-27].",
    ),
    "ConfigurationChanged": Wording(
        "Your configuration has changed",
        "Your configuration has changed; the price is now {price} and was {previous_price}. Your "
        "rank stays.",
    ),
    "ConfigurationChanged.same_price": Wording(
        "Your configuration has changed",
        "Your configuration has changed; the price stays {price} and your rank stays too.",
    ),
    "DeferralRequested": Wording(
        "You asked for a deferral",
        "You asked to move delivery until {valid_until:until}, which at this point needs the "
        "maker's agreement. It has at most 14 days to answer; until then nothing changes and "
        "nothing is demanded. If it does not answer, your request ends and takes nothing from you "
        "[CN-06].",
        "You can take the request back on the page of your order as long as it is not answered.",
    ),
    "DeferralDeclined": Wording(
        "The deferral was not agreed",
        "The maker did not agree to the deferral you asked for; nothing else has changed."
        "{explanation:reason}",
    ),
    "DeferralDeclined.time_given_back": Wording(
        "The deferral was not agreed",
        "The maker did not agree to the deferral you asked for.{explanation:reason} The time of "
        "the demand that you were given stood still meanwhile and now runs until "
        "{cure_until:until} [CN-06]; nothing else has changed.",
    ),
    "DeferralTakenBack": Wording(
        "Your request is taken back",
        "You took back your request to have the car later. The order goes on as if you had not "
        "asked; you can ask again.",
    ),
    "DeferralTakenBack.time_given_back": Wording(
        "Your request is taken back",
        "You took back your request to have the car later. The order goes on as if you had not "
        "asked; you can ask again. The time of the demand that you were given stood still "
        "meanwhile and now runs until {cure_until:until} [CN-06].",
    ),
    "DeferralUnanswered": Wording(
        "The maker did not answer your request",
        "The maker did not answer in time whether you can have the car later, so your request is "
        "over. It takes nothing from you: the order goes on as it was, and what you had agreed "
        "before stays [CN-06].",
        "If you still want the car later, ask again on the page of your order.",
    ),
    "DeferralUnanswered.time_given_back": Wording(
        "The maker did not answer your request",
        "The maker did not answer in time whether you can have the car later, so your request is "
        "over. It takes nothing from you: the order goes on as it was, and the time of the demand "
        "that you were given stood still meanwhile and now runs until {cure_until:until} [CN-06].",
        "If you still want the car later, ask again on the page of your order.",
    ),
    "Deferred": Wording(
        "Your delivery is deferred",
        "Delivery is deferred until {agreement.valid_until:until}. Your rank stays, nothing is "
        "built before you ask for the car and nothing is demanded in that time [CN-05]; its end "
        "takes nothing from you.",
        "Ask for the car on the page of your order whenever you want it.",
    ),
    "Deferred.while_late": Wording(
        "Your delivery is deferred, and what a delay gave you stays",
        "Delivery is deferred until {agreement.valid_until:until}: your rank stays, nothing is "
        "built before you ask for the car, nothing is demanded, and the end takes nothing from "
        "you [CN-05]. The days of the seller's delay stay counted, and if you could leave or end "
        "the order for it you still can, until your car stands ready in the window agreed anew "
        "[CN-12]. A demand for delivery that was running stands still, and goes on if that window "
        "is missed as well.",
        "The page of your order shows what you can do now; ask for the car there whenever you "
        "want it.",
    ),
    "Resumed": Wording(
        "Your order goes on",
        "You asked for the car, so the order goes on with the rank it always had. Delivery is now "
        "promised from {promise:days}.",
    ),
    "DeferralEnded": Wording(
        "Your deferral has ended: what would you like?",
        "The agreed deferral has ended, and nothing is taken: the order, its rank and your money "
        "stay, and nothing is built before you ask. Please say whether you want the car now, a "
        "new deferral, or to leave; only a demand with at least 14 days to answer could follow "
        "silence, never an automatic loss [CN-11].",
        "Choose on the page of your order: resume, defer again or leave. It shows to the cent "
        "what each means for your money.",
    ),
    "Built": Wording(
        "Your car is built",
        "Your car came off the line with the VIN {vin}. Nothing is due for it before both sides "
        "have inspected it together [CN-08] [CN-37].",
    ),
    "Shipped": Wording(
        "Your car is on its way",
        "Your car is on its way to {destination}. Until the handover every risk is the seller's "
        "[CN-24].",
    ),
    "CentreChosen": Wording(
        "You chose a delivery centre",
        "You chose the delivery centre {centre_id} for inspection and handover. Until the car is "
        "shipped you can choose another one.",
    ),
    "Prepared": Wording(
        "The centre has prepared your car",
        "The centre checked your car with the VIN {vin} before you come, and found all in order. "
        "That takes the place of nothing: the car counts as inspected only when you have looked at "
        "it [CN-25].",
    ),
    "Prepared.with_faults": Wording(
        "The centre found something on your car",
        "The centre checked your car with the VIN {vin} before you come, and wrote down what is "
        "not in order. You can read it on the page of your order; whatever you see yourself counts "
        "as well [CN-25].",
    ),
    "Tendered": Wording(
        "Your car can be inspected",
        "Your car with the VIN {vin} stands at {place} for the joint inspection. You can choose "
        "{appointments:choices}; nothing is due before the car has passed [CN-37].",
        "Choose an appointment on the page of your order.",
    ),
    "AppointmentBooked": Wording(
        "Your inspection is arranged",
        "You inspect the car on {appointment}. Take the time you need: you may refuse a car that "
        "is not as ordered and keep your order [CN-24].",
        "If the time does not suit you any more, choose another appointment on the page of your "
        "order.",
    ),
    "AppointmentMissed": Wording(
        "We missed you at the inspection",
        "The appointment on {appointment} passed without you. Nothing is assumed from that: the "
        "car counts as inspected only when you have looked at it [CN-25].",
        "Choose another appointment on the page of your order, or ask for a deferral.",
    ),
    "Inspected": Wording(
        "The joint inspection is recorded",
        "The joint inspection of your car is recorded: you accepted it. The balance may now be "
        "demanded.",
    ),
    "Inspected.accepted_with_remarks": Wording(
        "The joint inspection is recorded",
        "The joint inspection of your car is recorded: you accepted it with the remarks "
        "{remarks:quoted}. The balance may now be demanded; your rights for defects stay as they "
        "are [CN-25].",
    ),
    "Inspected.refused_repair": Wording(
        "You refused the car: it is repaired first",
        "You refused the car at the joint inspection: {remarks:quoted}. It is repaired and "
        "tendered again; nothing is due, and order, rank and money stay [CN-24].",
    ),
    "Inspected.refused_another_car": Wording(
        "You refused the car: you get another",
        "You refused the car at the joint inspection: {remarks:quoted}. Another one is built for "
        "you in the first slot that fits; nothing is due, and order, rank and money stay [CN-24].",
    ),
    "BalanceDemanded": Wording(
        "The balance is asked for, for the car you inspected",
        "The joint inspection that you confirmed comes first and has passed [CN-37], so the "
        "seller asks for the balance of {amount}. You have {due_days} days, which have not begun: "
        "they run only from the proven arrival of this demand [CN-11]. It is for the very car you "
        "inspected and can be paid in several parts.",
        "Pay on the page of your order, at once or in parts.",
    ),
    "BalanceDemanded.dated": Wording(
        "The balance is due, for the car you inspected",
        "The joint inspection that you confirmed comes first and has passed [CN-37], so the "
        "balance of {amount} is now due by {due_at:until}. It is for the very car you inspected "
        "and can be paid in several parts.",
        "Pay on the page of your order, at once or in parts.",
    ),
    "PaymentRequested": Wording(
        "You opened a payment",
        "You opened payment {payment_number} of {amount} towards the {purpose:word}.",
    ),
    "PaymentRequested.starts_days": Wording(
        "You opened a payment",
        "You opened payment {payment_number} of {amount} towards the {purpose:word}. This shows "
        "that the demand for the balance reached you, so its days run from now [CN-11]: the "
        "balance is due by {balance_due_at:until}.",
    ),
    "BalanceReceived": Wording(
        "Your payment has arrived",
        "{amount} towards the balance arrived; {outstanding} is still missing.",
        "Pay the rest on the page of your order.",
    ),
    "BalanceReceived.all": Wording(
        "The price is paid in full",
        "{amount} towards the balance arrived, and with it the price is paid in full. Until the "
        "handover the money is held for you.",
    ),
    "HandedOver": Wording(
        "The car is yours",
        "The car with the VIN {vin} was handed over to you, with every document [CN-36]. Your "
        "rights for defects stay as the law gives them [CN-25].",
    ),
    "Closed": Wording(
        "Your order is closed",
        "The file of this order is closed. Your rights for defects do not end with it [CN-25].",
    ),
}

TABLE = _PATH | PLANNING | AGREEMENTS | EXITS | SETTLING | LAUNCH | SCARCE
"""What English says on every occasion."""
