"""What the seller owes beside the car when it hands it over late.

Not here: exits (`settle.py`). A late car that is taken still gives the buyer its compensation.
"""

from __future__ import annotations

import msgspec

from earnest.core.ledger.account import Account
from earnest.core.settlement.statement import Line, LineKind, moving
from earnest.core.terms.packs.law import Law
from earnest.core.values.money import Money, above


class Lateness(msgspec.Struct, frozen=True, kw_only=True):
    """What the delay cost: by the terms, in tax, and as the buyer documented it."""

    compensation: Money
    tax_difference: Money
    buyers_loss: Money


def late_handover(lateness: Lateness, law: Law) -> tuple[Line, ...]:
    """The lines a late handover gives: for each day, for the tax, and for further loss.

    A documented loss is made good as far as the compensation does not already (CN-14, CN-18).
    """
    rules = law.citations
    loss = above(lateness.buyers_loss, lateness.compensation)
    expense, guarantee = Account.COMPENSATION_EXPENSE, Account.TAX_GUARANTEE_EXPENSE
    return tuple(
        moving(
            (LineKind.DELAY_COMPENSATED, expense, lateness.compensation, rules.delay),
            (LineKind.TAX_DIFFERENCE_BORNE, guarantee, lateness.tax_difference, rules.tax),
            (LineKind.LOSS_COMPENSATED, expense, loss, rules.loss),
        )
    )
