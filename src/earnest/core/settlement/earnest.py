"""How much of a deposit is earnest money in law, and how much of that is at stake.

Not here: what becomes of it at an exit (`settle.py`, `injured.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.settlement.position import Position
from earnest.core.terms.packs.law import Law
from earnest.core.values.money import Money, smaller


class EarnestSplit(msgspec.Struct, frozen=True):
    """A paid deposit, divided into earnest money and a plain prepayment.

    `at_stake` is the part of the earnest money that secures what was not delivered (CN-22).
    """

    effective: Money
    excess: Money
    at_stake: Money


def split_earnest(position: Position, law: Law) -> EarnestSplit:
    """Divide a paid deposit at the cap: what lies above has no earnest effect (CN-16).

    The amount actually paid counts, not the amount promised (Civil Code 586). A law without a
    cap leaves the one of the terms, which is then theirs alone and no worse for the buyer.
    """
    paid = position.deposit_paid
    cap = position.earnest_cap_basis_points
    if law.earnest_cap_basis_points is not None:
        cap = min(cap, law.earnest_cap_basis_points)
    effective = smaller(paid, position.price.share(cap))
    fleet = position.fleet
    at_stake = effective.part(fleet.vehicles - fleet.delivered, fleet.vehicles)
    return EarnestSplit(effective, paid - effective, at_stake)
