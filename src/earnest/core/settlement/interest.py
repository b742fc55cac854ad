"""Interest on the buyer's money, and what a late refund grows by.

Not here: the rates, which are the law's (`core/terms/packs`) and the policy's.
"""

from __future__ import annotations

from earnest.core.settlement.position import Held
from earnest.core.terms.packs.law import Law, Uplift
from earnest.core.values.money import BASIS_POINTS_OF_ONE, Money, larger

DAYS_OF_YEAR = 365
"""A year of interest has 365 days, also in a leap year."""


def interest(held: Held, basis_points: int) -> Money:
    """Simple interest at a yearly rate for the days that the seller had the money (CN-29)."""
    return held.amount.part(basis_points * held.days, BASIS_POINTS_OF_ONE * DAYS_OF_YEAR)


def rate(terms_basis_points: int, law: Law) -> int:
    """The yearly rate that counts: the terms may give more than the law, never less."""
    return max(terms_basis_points, law.interest_basis_points)


def late_refund_grows_by(
    late: Held, terms_basis_points: int, law: Law, *, after_withdrawal: bool
) -> Money:
    """What the seller owes beside a refund that is so many days late (CN-29, FR-02).

    A law that raises the sum in steps is compared with interest, and the buyer gets the higher.
    """
    if not late.days:
        return late.amount.share(0)
    steps = law.withdrawal_uplifts if after_withdrawal else law.uplifts
    grown = late.amount.share(_step(steps, late.days))
    return larger(grown, interest(late, rate(terms_basis_points, law)))


def _step(steps: tuple[Uplift, ...], days: int) -> int:
    return next(
        (each.basis_points for each in steps if each.until_days is None or days <= each.until_days),
        0,
    )
