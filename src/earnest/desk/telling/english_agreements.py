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
    "TermsOffered": Wording(
        "A newer version of your terms is offered",
        "The seller offers your order the version {version} of the terms. Your own version stays "
        "until you accept, and you never have to [EU-08].",
        "Compare both versions on the page of your order, and accept or decline there.",
    ),
    "TermsOffered.worse": Wording(
        "Other terms are offered, in part worse for you",
        "The seller offers your order the version {version} of the terms, which is in part not as "
        "good for you. Your own version stays until you accept expressly, and you never have to "
        "[EU-08].",
        "Compare both versions on the page of your order, and accept or decline there.",
    ),
    "TermsAccepted": Wording(
        "Your order runs under other terms",
        "You accepted the version {version} of the terms for your order. Only the clauses that "
        "you accepted on their own are part of it [CN-03].",
    ),
    "TermsDeclined": Wording(
        "Your terms stay",
        "You declined the offered terms; your own version stays and nothing has changed.",
    ),
}
"""What English says about promises and agreements."""
