"""What an order's own law gives a buyer whose seller broke the contract, in words.

Only earnest money under a law of earnest money comes back double (CN-17, FR-02); a letter that
said so under any other law would promise what no settlement pays. Not here: the sums
(`core/settlement/injured.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from earnest.core.terms.packs.law import Law, Remedy
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import DepositKind, Policy


class Owed(StrEnum):
    """What comes back to an injured buyer."""

    DOUBLE = "double"
    """Earnest money, twice."""

    SINGLE = "single"
    """Everything paid once with interest, and the documented loss."""

    EVERYTHING = "everything"
    """Everything paid, under a law by which no deposit is ever lost."""

    UNKNOWN = "unknown"
    """Nobody knows the terms of the order any more, so nothing is named."""


def owed(policy: Policy | None) -> tuple[Owed, str]:
    """What an injured buyer gets, and the rule that says so; "" where the terms are unknown."""
    if policy is None:
        return Owed.UNKNOWN, ""
    law, kind = LAWS[policy.jurisdiction], policy.deposit_kind
    rules = law.citations
    rule = rules.own_breach if kind is DepositKind.EARNEST else rules.single
    return _by_law(law, kind), rule


def _by_law(law: Law, kind: DepositKind) -> Owed:
    if law.remedy is Remedy.REFUNDABLE:
        return Owed.EVERYTHING
    if law.remedy is Remedy.EARNEST and kind is DepositKind.EARNEST:
        return Owed.DOUBLE
    return Owed.SINGLE


WORDS: Mapping[str, Mapping[Owed, str]] = {
    "en": {
        Owed.DOUBLE: "get earnest money back double {rule}",
        Owed.SINGLE: "get everything you paid back once, with the interest that is owed and your "
        "documented loss {rule}",
        Owed.EVERYTHING: "get everything you paid back {rule}",
        Owed.UNKNOWN: "get what your terms and the law give you for it",
    },
    "zh-Hans": {
        Owed.DOUBLE: "获双倍返还定金{rule}",
        Owed.SINGLE: "获退还已付的全部款项及应付利息，并就有凭证的损失获得赔偿{rule}",
        Owed.EVERYTHING: "获退还已付的全部款项{rule}",
        Owed.UNKNOWN: "获得条款和法律规定的返还",
    },
}
"""How a language says it with its rule, after "you may end the order and" or “您可以解除订单并”."""
