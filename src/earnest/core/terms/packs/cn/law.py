"""The law of China as settlement computes with it, and its purchase tax.

Not here: the rules that documents and processes must hold, which stand beside this file.
"""

from __future__ import annotations

from earnest.core.terms.packs.law import Citations, Law, PurchaseTax, Remedy, TaxRelief
from earnest.core.terms.policy import LEAST_CURE_DAYS, LONGEST_REFUND_DAYS, STATUTORY_EARNEST_CAP
from earnest.core.terms.sections.ordering import Jurisdiction
from earnest.core.values.money import Money

CITATIONS = Citations(
    withdrawn="CN-27",
    event="CN-20",
    kept="CN-17",
    not_kept="CN-17",
    not_incorporated="CN-03",
    single="CN-23",
    own_breach="CN-17",
    excess="CN-16",
    both="CN-21",
    proportion="CN-22",
    held="CN-14",
    loss="CN-18",
    delay="CN-18",
    interest="CN-29",
    late_refund="CN-29",
    finance="CN-32",
    changed="CN-09",
    delayed="CN-09",
    tax="CN-40",
    resale="CN-21",
)

_THIRTY_THOUSAND = Money(3_000_000, "CNY")
_FIFTEEN_THOUSAND = Money(1_500_000, "CNY")

PURCHASE_TAX = PurchaseTax(
    # A tenth of the price without the 13 % of value added tax: price / 1.13 x 10 %.
    numerator=10,
    denominator=113,
    reliefs=tuple(
        TaxRelief(year=year, relieved_basis_points=share, relieved_at_most=most)
        for years, share, most in (
            ((2024, 2025), 10_000, _THIRTY_THOUSAND),
            ((2026, 2027), 5_000, _FIFTEEN_THOUSAND),
        )
        for year in years
    ),
)
"""Relief for new energy cars by the year of the invoice: announcement 10 of 2023 of the Ministry
of Finance, the State Taxation Administration and the Ministry of Industry and Information
Technology (CN-40) [K]. No later year is known, so nothing is computed for one."""

SELLERS_RIGHT_DAYS = 365
"""A right to end the contract dies a year after its holder knew the ground (Civil Code 564)."""

LAW = Law(
    jurisdiction=Jurisdiction.CN,
    remedy=Remedy.EARNEST,
    citations=CITATIONS,
    earnest_cap_basis_points=STATUTORY_EARNEST_CAP,
    least_cure_days=LEAST_CURE_DAYS,
    longest_refund_days=LONGEST_REFUND_DAYS,
    purchase_tax=PURCHASE_TAX,
    sellers_right_days=SELLERS_RIGHT_DAYS,
)
"""Earnest money (Civil Code 586-588), refunds within 15 days (CN-29).

The law gives interest when the seller answers and names no rate (Consumer Law 53), so the rate is
what the terms say. Earnest money that comes back double carries none beside it (Civil Code 588).
"""
