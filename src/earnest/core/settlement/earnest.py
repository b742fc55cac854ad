"""How much of a deposit is earnest money in law.

Not here: what becomes of it at an exit (`settle.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.values.money import Money, smaller


class EarnestSplit(msgspec.Struct, frozen=True):
    """A paid deposit, divided into earnest money and a plain prepayment."""

    effective: Money
    excess: Money


def split_earnest(paid: Money, price: Money, cap_basis_points: int) -> EarnestSplit:
    """Divide a paid deposit at the cap: what lies above has no earnest effect (CN-16).

    The amount actually paid counts, not the amount promised (Civil Code 586).
    """
    effective = smaller(paid, price.share(cap_basis_points))
    return EarnestSplit(effective, paid - effective)
