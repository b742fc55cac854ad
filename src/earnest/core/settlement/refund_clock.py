"""The refund clock: until when money that is owed has to be on its way back.

Not here: what is owed (`settle.py`) and what a missed clock costs (`interest.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.law import Law
from earnest.core.terms.sections.ordering import Jurisdiction
from earnest.core.values.instant import Instant, end_of_business_day_after, end_of_day_after

REFUND_RULES: dict[Jurisdiction, str] = {
    Jurisdiction.CN: "CN-29",
    Jurisdiction.EU: "EU-02",
    Jurisdiction.DE: "EU-02",
    Jurisdiction.FR: "EU-02",
    Jurisdiction.US_FTC: "US-03",
    Jurisdiction.US_CA: "US-03",
    Jurisdiction.US_NY: "US-03",
}
"""The rule that limits the refund clock, by law. No rule of the packs of the United Kingdom and of
Korea names the limit that is computed with there."""


def refund_due_at(
    owed_since: Instant, terms_days: int, law: Law, time_zone: str, *, by_card: bool
) -> Instant:
    """The end of the last day of the refund: what the terms promise, or sooner if the law says.

    `by_card` is whether the money goes back on the payment it came by; a transfer counts as cash
    does (US-03: seven working days instead of a billing cycle). Limits: CN-29, EU-02, US-03.
    """
    due_at = end_of_day_after(owed_since, min(terms_days, law.longest_refund_days), time_zone)
    if law.longest_refund_business_days is None or by_card:
        return due_at
    working = end_of_business_day_after(owed_since, law.longest_refund_business_days, time_zone)
    return min(due_at, working)
