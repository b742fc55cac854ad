"""English: what departs from the standard terms of one order.

Not here: the rest of an order's life (`english.py`, `english_exits.py`).
"""

from earnest.desk.telling.sentence import Wording

CHOOSE = (
    "Keep the order, switch where something is offered, or leave with your deposit back: the page "
    "of your order shows price, window and money of each. If you say nothing, nothing changes."
)

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
    "ChangeAnnounced": Wording(
        "Something changed while you wait: what would you like?",
        "Something changed on the maker's side: {change.explanation:quoted}. Your order stays as "
        "it is unless you choose otherwise by {change.answer_until:until} [CN-09].",
        CHOOSE,
    ),
    "ChangeAnnounced.price_fell": Wording(
        "The price of your car fell: what would you like?",
        "The car you ordered now costs {change.switch.price}: {change.explanation:quoted}. Your "
        "order stays as it is unless you choose otherwise by {change.answer_until:until} [CN-09].",
        CHOOSE,
    ),
    "ChangeAnnounced.model_refreshed": Wording(
        "Your model was refreshed: what would you like?",
        "The model you ordered was refreshed: {change.explanation:quoted}. Your order stays as it "
        "is unless you choose otherwise by {change.answer_until:until} [CN-09].",
        CHOOSE,
    ),
    "ChangeAnnounced.option_withdrawn": Wording(
        "An option of your car is withdrawn: what would you like?",
        "The maker withdraws an option that you ordered: {change.explanation:quoted}. Your order "
        "still binds the seller unless you choose otherwise by {change.answer_until:until} "
        "[CN-09].",
        CHOOSE,
    ),
    "ChangeAnnounced.tax_year_passed": Wording(
        "Your car comes in another tax year: what would you like?",
        "Your car will be invoiced in another tax year than expected: "
        "{change.explanation:quoted}. Your order stays as it is unless you choose otherwise by "
        "{change.answer_until:until} [CN-09].",
        CHOOSE,
    ),
    "ChangeAnnounced.guarantee_missed": Wording(
        "Your car misses a guaranteed date: what would you like?",
        "Your car will be built after a date up to which something was guaranteed: "
        "{change.explanation:quoted}. Your order stays as it is unless you choose otherwise by "
        "{change.answer_until:until}; what the delay gives you stays yours [CN-12].",
        CHOOSE,
    ),
    "ChangeAnswered": Wording(
        "Your order stays as it is",
        "You chose to keep your order as it is after the change; nothing about it changes.",
    ),
    "ChangeAnswered.switch": Wording(
        "You switch, with your rank",
        "You chose to switch after the change; your rank stays.",
    ),
    "ChangeAnswered.leave": Wording(
        "You leave after the change",
        "You chose to leave after the change, so your deposit comes back to you.",
    ),
    "Switched": Wording(
        "Your order is for another car",
        "Your order is now for what you switched to, at {switch.price} instead of "
        "{previous_price}, with the rank it always had.",
    ),
    "ChangeUnanswered": Wording(
        "Your order stays as it is",
        "The time to answer is over and you said nothing, so your order stays exactly as it was "
        "[EU-08].",
    ),
}
"""What English says about promises and agreements."""
