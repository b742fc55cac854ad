"""Grounds: the legal or contractual reason on which an order ends.

Not here: the proof that a ground exists, which each chapter of `core/order` asks for.
"""

from enum import StrEnum


class Ground(StrEnum):
    """Why an order ends. Grouped by who answers for it."""

    # Nobody answers for it.
    COOLING_OFF = "cooling_off"
    """Free withdrawal inside the cooling-off period (CN-27)."""

    FORCE_MAJEURE = "force_majeure"
    """An event that neither side answers for (CN-20, Civil Code 590)."""

    FINANCE_DECLINED = "finance_declined"
    """The loan or lease was declined, and terms or law return the deposit then (US-04)."""

    WITHDRAWAL_AFTER_HANDOVER = "withdrawal_after_handover"
    """The car is given back where law or terms allow it (EU-02)."""

    CHANGED_WHILE_WAITING = "changed_while_waiting"
    """Something changed on the maker's side and the buyer chose to leave (CN-09, EU-08)."""

    DELAY_NOT_AGREED = "delay_not_agreed"
    """The seller will be later than promised and the buyer did not agree (US-01, US-02, DE-04)."""

    # The buyer answers for it.
    BUYER_WISH = "buyer_wish"
    """The buyer leaves a locked order without a breach by the seller."""

    BALANCE_DEFAULT = "balance_default"
    """The balance stayed unpaid after inspection, demand and cure period."""

    COLLECTION_DEFAULT = "collection_default"
    """The buyer did not come after tender, missed appointments, demand and cure period."""

    DEFERRAL_SILENCE = "deferral_silence"
    """The deferral ended and the buyer stayed silent through demand and cure period."""

    # The seller answers for it.
    DELAY = "delay"
    """Late, and still late after the buyer's demand and a reasonable time (CN-12)."""

    REFUSAL = "refusal"
    """The seller said that it will not perform (CN-12, Civil Code 563 and 578)."""

    UNFOUNDED_CANCELLATION = "unfounded_cancellation"
    """The seller declared the order ended without a right to do so (CN-11)."""

    BREACHED_AGREEMENT = "breached_agreement"
    """The seller acted against a side agreement in force (CN-05, the Haikou case)."""


BUYER_ANSWERS = frozenset(
    {
        Ground.BUYER_WISH,
        Ground.BALANCE_DEFAULT,
        Ground.COLLECTION_DEFAULT,
        Ground.DEFERRAL_SILENCE,
    }
)
"""Grounds by which earnest money can be forfeited."""

SELLER_ANSWERS = frozenset(
    {
        Ground.DELAY,
        Ground.REFUSAL,
        Ground.UNFOUNDED_CANCELLATION,
        Ground.BREACHED_AGREEMENT,
    }
)
"""Grounds by which earnest money is returned double."""

SELLER_MAY_CANCEL_FOR = frozenset(
    {Ground.BALANCE_DEFAULT, Ground.COLLECTION_DEFAULT, Ground.DEFERRAL_SILENCE}
)
"""Defaults of the buyer for which a seller can ask performance and, in the end, cancel."""


class Answers(StrEnum):
    """Who answers for the end of an order."""

    NOBODY = "nobody"
    BUYER = "buyer"
    SELLER = "seller"
    BOTH = "both"


def who_answers(
    ground: Ground, *, buyer_broke_seriously: bool, seller_broke_seriously: bool
) -> Answers:
    """Who answers, when a serious breach of the other side is counted as well (CN-21).

    Serious is what defeats the purpose of the contract. A minor breach of one side does not
    shield a serious one of the other (Civil Code 592, SPC interpretation 68(1), S09).
    """
    if ground in BUYER_ANSWERS:
        return Answers.BOTH if seller_broke_seriously else Answers.BUYER
    if ground in SELLER_ANSWERS:
        return Answers.BOTH if buyer_broke_seriously else Answers.SELLER
    return Answers.NOBODY
