"""English: places without a unit or before they can be paid, and what frees or opens them.

Not here: the rest of an order's life (`english.py`, `english_exits.py`).
"""

from earnest.desk.telling.sentence import Wording

_LEAVE = "You may leave at any time and owe nothing."

SCARCE = {
    "Reserved.waiting": Wording(
        "You are on the waiting list",
        "Rank {rank} in the queue is yours, at the price of {price}. All units of this edition are "
        "taken and you are number {unit.waiting_number} on the waiting list: there is nothing to "
        "pay. When a unit is freed it is offered to whoever waits in the order of the ranks, and "
        "you are written to.",
        _LEAVE,
    ),
    "Reserved.opens_later": Wording(
        "Your place is reserved and payment opens shortly",
        "Rank {rank} in the queue is yours, at the price of {price} and with delivery promised "
        "from {promise:days}. The payment of the deposit of {deposit} opens shortly: you are "
        "written to, and your time to pay begins only then.",
        _LEAVE,
    ),
    "Reinstated.unit_gone": Wording(
        "Your reservation is back and first in line for a unit",
        "Your deposit was paid in time after all, but the unit had been given on before the "
        "payment provider said so. The reservation is back with its rank and gets the next unit "
        "that is freed before anybody behind it; your money goes back meanwhile.",
        _LEAVE,
    ),
    "UnitAllotted": Wording(
        "A unit of the edition is yours",
        "A unit of the edition was freed and, as the first of those who wait, you have it.",
        "You are told when and until when the deposit can be paid.",
    ),
    "PaymentOpened": Wording(
        "You can pay the deposit now",
        "The payment of your deposit is open. Please pay before {pay_until}; your time counts from "
        "now. If it stays unpaid, the reservation lapses and you owe nothing.",
        "Pay the deposit on the page of your order.",
    ),
    "PaymentOpened.offer": Wording(
        "A unit was freed for you",
        "A unit of the edition was freed and it is yours if you pay the deposit before "
        "{pay_until}. If it stays unpaid, the unit goes to the next who waits, the reservation "
        "lapses and you owe nothing.",
        "Pay the deposit on the page of your order.",
    ),
    "SurplusReceived.no_unit": Wording(
        "Your payment goes back: you are still waiting for a unit",
        "{amount} arrived while no unit of the edition is free for you. Your place on the waiting "
        "list stays, and the money is yours: it goes back to where it came from before "
        "{payout.due_at:until} [CN-29].",
    ),
    "SurplusReceived.unit_gone": Wording(
        "Your deposit goes back while you wait for the next unit",
        "{amount} was paid in time, but the unit had been given on. You are the first to get the "
        "next one, and until then the money is yours: it goes back to where it came from before "
        "{payout.due_at:until} [CN-29].",
    ),
}
