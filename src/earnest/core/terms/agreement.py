"""Side agreements: what was agreed individually and beats the standard terms (CN-05).

Not here: the rules that read them. They stand in the chapters of `core/order`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.values.instant import Instant


class Origin(StrEnum):
    """Where a side agreement was made."""

    SITE = "site"
    CHAT = "chat"
    MAIL = "mail"
    STAFF_NOTE = "staff_note"


class DeferralAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """The buyer moves delivery later; until `valid_until` nothing is built or demanded.

    Production starts only on the buyer's request (the agreement of the Haikou case). The end
    of its validity takes nothing away: it only allows the seller to ask.
    """

    number: int
    agreed_at: Instant
    valid_until: Instant
    origin: Origin
    build_only_on_request: bool = True

    def is_open(self, at: Instant) -> bool:
        """Whether the agreement still stops every demand, expiry and forfeiture."""
        return at < self.valid_until
