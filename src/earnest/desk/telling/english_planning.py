"""English: slots, windows, and what a delay gives the buyer.

Not here: the rest of an order's life (`english.py`, `english_exits.py`).
"""

from earnest.desk.telling.sentence import Wording

RIGHTS = (
    "On the page of your order you can wait, agree to the later window, change your car where that "
    "is still possible, ask for a deferral, or leave with your whole deposit back. It shows to the "
    "cent what each means for your money."
)

PASSED = (
    "A later rank ({by_rank}) of those who wait for the same configuration got its slot before "
    "you, on {given_at:day}. The published order of the queue [CN-26] allows that here: {reason}. "
    "You keep your rank, your price and every right you have."
)

PASSED_BECAUSE = {
    "asked_for_later": "you had asked to have your car later, or had not allowed it "
    "to come before its promised window",
    "plant_not_allowed": "the plant that had the free slot does not build your car",
    "scarce": "a part of your car was scarce, and the other car did without it",
    "hold": "your order was on hold just then, because a payment was missing or was taken back",
    "cooling_off": "you could still withdraw freely just then, and no material is committed before",
}

PLANNING = {
    "Scheduled": Wording(
        "Your car is scheduled",
        "Your car has a production slot in {slot.week:week} at {slot.plant}. Material is being "
        "committed from now on, so a deferral needs the maker's agreement.",
    ),
    "Rescheduled": Wording(
        "Your production slot has moved",
        "Your production slot moved to {slot.week:week} at {slot.plant}, for one cause: "
        "{cause:quoted}. The promised window does not change by this.",
    ),
    "PromiseRevised": Wording(
        "The window shown for your delivery has changed",
        "The seller now expects delivery from {promise:days}, for this cause: {cause:quoted}. You "
        "may wait, ask for a deferral or leave, and you need not agree: the window promised "
        "with your order still binds the seller [CN-09], and once it is over you may demand "
        "delivery and, after a reasonable time in vain, end the order [CN-12] and {owed}.",
        "Compare the ways on the page of your order; it shows to the cent what each means for "
        "your money.",
    ),
    "PromiseRevised.earlier": Wording(
        "Good news: your car is expected earlier",
        "The seller now expects delivery from {promise:days}, for this cause: {cause:quoted}. "
        "Nothing else changes: you keep your rank, your price and every right you have, and the "
        "window promised with your order still binds the seller [CN-09].",
        "If the earlier date does not suit you, you can ask for a deferral on the page of your "
        "order.",
    ),
    "PromiseRevised.undated_delay": Wording(
        "The seller can name no date for your car: what would you like?",
        "In all that the plants have published there is no day for your car, for this cause: "
        "{cause:quoted}; the seller hopes for {promise:days} and does not promise it. You need not "
        "agree: as long as you say nothing the window promised before, {delay.was:days}, binds "
        "the seller [CN-09], and once it is over you may demand delivery and, after a reasonable "
        "time in vain, end the order [CN-12] and {owed}. Until your car is shipped you may also "
        "leave at once, with your whole deposit back.",
        RIGHTS,
    ),
    "PromiseRevised.undated_consent": Wording(
        "The seller can name no date for your car: please answer",
        "In all that the plants have published there is no day for your car, for this cause: "
        "{cause:quoted}; before, {delay.was:days} was promised, and the seller now hopes for "
        "{promise:days} without promising it. Your order goes on only if you agree expressly "
        "by {delay.answer_until:until}. If you say nothing, it ends then and all you paid comes "
        "back to you unasked [CN-12]; until your car is shipped you may also leave at once.",
        RIGHTS,
    ),
    "PromiseRevised.delay": Wording(
        "Your car will be later than promised: what would you like?",
        "The seller now expects delivery from {promise:days}, for this cause: {cause:quoted}. You "
        "need not agree: as long as you say nothing the window promised before, {delay.was:days}, "
        "binds the seller [CN-09], and once it is over you may demand delivery and, after a "
        "reasonable time in vain, end the order [CN-12] and {owed}. Until your car is shipped you "
        "may also leave at once, with your whole deposit back.",
        RIGHTS,
    ),
    "PromiseRevised.consent": Wording(
        "Your car will be later than promised: please answer",
        "The seller now expects delivery from {promise:days}, for this cause: {cause:quoted}; "
        "before, {delay.was:days} was promised. Your order goes on only if you agree expressly by "
        "{delay.answer_until:until}. If you say nothing, it ends then and all you paid comes "
        "back to you unasked [CN-12]; until your car is shipped you may also leave at once.",
        RIGHTS,
    ),
    "DelayAnswered": Wording(
        "You agreed to a later delivery",
        "You agreed to the later window, so {promise:days} binds the seller now [CN-09]. What your "
        "terms pay for each day of delay still counts from the window that was promised first.",
    ),
    "DelayAnswered.leave": Wording(
        "You leave because of the delay",
        "You chose to leave because the seller will be later than promised, so your deposit comes "
        "back to you.",
    ),
    "DelayUnanswered": Wording(
        "Your order has ended, and your money comes back",
        "You did not agree to the later delivery, and silence is no yes: your order has ended and "
        "everything you paid comes back to you without your asking [CN-12].",
    ),
    "EarlierAllowed": Wording(
        "Your car may come earlier",
        "You let your order be pulled in: when an earlier slot falls free, your car can be built "
        "earlier. Nothing else changes, and you can take this back until your car is scheduled.",
    ),
    "EarlierAllowed.taken_back": Wording(
        "Your car comes no earlier than planned",
        "Your order will not be pulled in to an earlier slot any more; nothing else changes.",
    ),
    "Overtaken": Wording(
        "Somebody behind you was served first",
        "A later rank ({by_rank}) of those who wait for the same configuration got its slot before "
        "you, on {given_at:day}, and none of the published reasons explains it. By the published "
        "order of the queue [CN-26] it was your turn. You keep your rank, your price and every "
        "right you have; the promised window still binds the seller [CN-09].",
        "If you want it explained or put right, open a case on the page of your order.",
    ),
    **{
        f"Overtaken.{code}": Wording(
            "Somebody behind you was served first, for a published reason",
            PASSED.replace("{reason}", reason),
            "If you think that the reason is wrong, open a case on the page of your order.",
        )
        for code, reason in PASSED_BECAUSE.items()
    },
    "CarAllocated": Wording(
        "A car for you stands ready",
        "A car exactly as you ordered it, with the VIN {vin}, was given up by another buyer. You "
        "are the next who waits for it, so it is yours: nothing else of your order changes. You "
        "inspect it before you pay the balance, and may refuse it like any other car [CN-25].",
    ),
    "SlotTaken": Wording(
        "The slot you left went to somebody else",
        "The production slot in {slot.week:week} at {slot.plant} that your order left went to the "
        "next who waits for such a car. Nothing changes for your own order by this.",
    ),
    "SlotTaken.returned": Wording(
        "Another order has your slot, and money comes back",
        "The production slot in {slot.week:week} at {slot.plant} that your order left went to the "
        "next who waits for such a car. By the terms of your order {payout.amount} of what was "
        "kept comes back to you by {payout.due_at:until}.",
        "Your settlement is on the page of your order.",
    ),
    "CarHeld": Wording(
        "The car you gave up is kept back",
        "The car with the VIN {vin} that your order gave up is being looked at before anybody "
        "else gets it. Nothing changes for your own order by this.",
    ),
    "CarHeld.released": Wording(
        "The car you gave up can be given on",
        "The car with the VIN {vin} that your order gave up can go to another buyer now. Nothing "
        "changes for your own order by this.",
    ),
    "CarTaken": Wording(
        "The car you gave up has a new owner",
        "Another buyer who waited for the same car takes the one of your order, for {price}. This "
        "does not change what was kept.",
        "If you think that less should have been kept, open a case on the page of your order.",
    ),
    "CarTaken.refused": Wording(
        "The car you refused went to somebody else",
        "Another buyer takes the car with the VIN {vin} that you refused. Nothing changes for "
        "your own order by this.",
    ),
    "CarTaken.returned": Wording(
        "Another buyer has the car, and money comes back",
        "Another buyer who waited for the same car takes the one of your order, for {price}, so "
        "the seller lost less than it kept: {payout.amount} comes back to you by "
        "{payout.due_at:until}.",
        "Your settlement is on the page of your order.",
    ),
    "Reminded.overtakings": Wording(
        "Who was served before you while you wait longer",
        "Your car will be later than promised, and later ranks of those who wait for the same "
        "configuration were served before you, for reasons that the published order of the queue "
        "[CN-26] allows. Each stands with its reason in the history of your order; this is the "
        "only letter about them.",
        "If you think that a reason is wrong, open a case on the page of your order.",
    ),
    "Reminded.delay_answer_due": Wording(
        "A delay still waits for your answer",
        "The seller will be later than promised, and the time to agree ends soon. If you say "
        "nothing, your order ends and everything you paid comes back to you [CN-12].",
        "Agree or leave on the page of your order.",
    ),
}
"""What English says about slots, windows and delays."""
