"""Tax that a buyer pays because a delivery slipped into another year through the seller.

Not here: the tax itself, which is a fact of the law (`core/terms/packs/cn/law.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.law import PurchaseTax
from earnest.core.values.money import Money, above, nothing, smaller


def tax_in(tax: PurchaseTax, price: Money, year: int) -> Money | None:
    """The tax on a car invoiced in a year; None when nobody knows the relief of that year yet."""
    relief = tax.relief(year)
    if relief is None:
        return None
    whole = price.part(tax.numerator, tax.denominator)
    relieved = smaller(whole.share(relief.relieved_basis_points), relief.relieved_at_most)
    return whole - relieved


def tax_difference(
    tax: PurchaseTax, price: Money, promised_year: int, delivered_year: int, cap: Money
) -> Money:
    """What the seller bears of the difference, up to the cap of its guarantee (CN-40, S21).

    Nothing when the later year is better for the buyer, or not known.
    """
    then, now = tax_in(tax, price, promised_year), tax_in(tax, price, delivered_year)
    if then is None or now is None:
        return nothing(price.currency)
    return smaller(above(now, then), cap)
