"""Which rule a letter cites under the law of its order.

Sentences are written with the rules of the Civil Code of China, where the trade comes from. Under
another law a letter cites what that law has in the place, and nothing where it has nothing: a rule
of a foreign code would tell a buyer of a right that no court there gives. Not here: the words of a
source, which stand in the tables of each language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from earnest.core.terms.packs.law import Citations
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.packs.registry import rules_of
from earnest.core.terms.policy import Policy
from earnest.core.terms.sections.ordering import Jurisdiction

_IN_ITS_PLACE: Mapping[str, Callable[[Citations], str]] = {
    "CN-16": lambda rules: rules.kept,
    "CN-17": lambda rules: rules.own_breach,
    "CN-20": lambda rules: rules.event,
    "CN-23": lambda rules: rules.single,
    "CN-27": lambda rules: rules.withdrawn,
    "CN-29": lambda rules: rules.late_refund,
}
"""What a settlement under another law cites for the same thing."""

_LEAVING_FOR_DELAY: Mapping[Jurisdiction, str] = {
    Jurisdiction.EU: "EU-05",
    Jurisdiction.DE: "EU-05",
    Jurisdiction.FR: "EU-05",
    Jurisdiction.UK: "UK-01",
    Jurisdiction.US_FTC: "US-02",
    Jurisdiction.US_CA: "US-02",
    Jurisdiction.US_NY: "US-02",
    Jurisdiction.KR: "KR-01",
}
"""The right to leave a late seller (CN-12), by law."""


def source_under(rule: str, policy: Policy | None) -> str | None:
    """The rule to cite in the place of this one; None where nothing should be cited.

    `policy` is that of the order's terms; where they are lost nobody knows the law.
    """
    if policy is None:
        return None
    law = Jurisdiction(policy.jurisdiction)
    if rule in rules_of(law):
        return rule
    if rule == "CN-12":
        return _LEAVING_FOR_DELAY[law]
    in_its_place = _IN_ITS_PLACE.get(rule)
    return None if in_its_place is None else in_its_place(LAWS[law].citations)
