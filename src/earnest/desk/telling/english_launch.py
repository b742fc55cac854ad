"""English: what a launch brings to an order.

Not here: the rest of an order's life (`english.py`).
"""

from earnest.desk.telling.sentence import Wording

LAUNCH = {
    "Reserved.with_benefits": Wording(
        "Your place is reserved, with benefits",
        "Rank {rank} in the queue is yours, at the price of {price} and with delivery promised "
        "from {promise:days}; please pay the deposit of {deposit} before {pay_until}. To your "
        "order belong, under the conditions published then and no others [CN-26]: "
        "{benefits:benefits}.",
        "Pay the deposit on the page of your order, where the conditions of each benefit stand.",
    ),
    "TimeGivenBack": Wording(
        "Your time to pay is longer",
        "The sale was paused from {begins} to {ends}, and that time is given back to you: please "
        "pay the deposit before {pay_until}. Your place and your benefits were not touched; a "
        "benefit that had an end is yours for longer as well [CN-26].",
        "Pay the deposit on the page of your order.",
    ),
    "TimeGivenBack.benefits": Wording(
        "Your benefits can be had for longer",
        "The sale was paused from {begins} to {ends}, and that time is given back to you: the "
        "dates that benefits of your order name are later [CN-26]. Nothing else changed.",
        "The page of your order says the new dates.",
    ),
    "BenefitDelivered": Wording(
        "A benefit of your order was delivered",
        "The benefit {benefit_id} of your order was delivered; the seller notes: {proof:quoted}.",
        "If you did not get it, open a case on the page of your order.",
    ),
}
"""What English says about benefits."""
