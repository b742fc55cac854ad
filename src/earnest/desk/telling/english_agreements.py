"""English: what departs from the standard terms of one order.

Not here: the rest of an order's life (`english.py`, `english_exits.py`).
"""

from earnest.desk.telling.sentence import Wording

AGREEMENTS = {
    "AgreementProposed": Wording(
        "An individual agreement is proposed",
        "Agreement {agreement.number} is proposed for your order: {agreement.overrides:overrides}. "
        "It was said like this: {agreement.text:quoted}. Until both sides have accepted it nothing "
        "changes.",
        "Read it on the page of your order, where you can accept or decline it.",
    ),
    "AgreementMade": Wording(
        "An individual agreement binds",
        "Agreement {agreement.number} now beats the standard terms of your order [CN-05]: "
        "{agreement.overrides:overrides}. It was said like this: {agreement.text:quoted}.",
    ),
    "AgreementDeclined": Wording(
        "A proposed agreement was declined",
        "The proposed agreement {number} was declined or taken back; nothing else has changed."
        "{explanation:reason}",
    ),
    "PublicPromisesApplied": Wording(
        "What was promised to everybody holds for your order",
        "What the maker promised publicly is part of your order, for its whole life [CN-26]: "
        "{promised:overrides}.",
    ),
    "PriceLowered": Wording(
        "The price of your order fell",
        "The price of your order is now {price} and was {previous_price}. Nothing else changes.",
    ),
}
"""What English says about promises and agreements."""
