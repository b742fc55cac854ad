"""What a provider answers that has to be asked for each page a buyer pays on.

Not here: asking (`contract.py`).
"""

from datetime import datetime

from msgspec import Struct


class CheckoutOpened(Struct, frozen=True, kw_only=True):
    """The page stands at ``link``; ``opened_at`` is the provider's instant."""

    key: str
    link: str
    opened_at: datetime


class Busy(Struct, frozen=True, kw_only=True):
    """Too many calls; nothing happened. ``after_seconds`` is when to try again, if it was said."""

    after_seconds: float | None = None
