"""Rows of facts as the values that the rest of Earnest knows.

Not here: which rows (`reader.py`, `records.py`). The statements name their columns in this order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting
from earnest.core.values.money import Money
from earnest.desk.ports import RecordedEvent, RecordedPosting
from earnest.store.codec import decode_event


def recorded_event(row: Sequence[Any]) -> RecordedEvent:
    """Buyer, order, sequence, body, actor, command key, recorded at."""
    return RecordedEvent(
        buyer_id=row[0],
        order_id=row[1],
        sequence=row[2],
        event=decode_event(row[3]),
        actor_id=row[4],
        command_key=row[5],
        recorded_at=row[6],
    )


def recorded_posting(row: Sequence[Any]) -> RecordedPosting:
    """Buyer, order, sequence, line, debit, credit, minor units, currency."""
    return RecordedPosting(
        buyer_id=row[0],
        order_id=row[1],
        sequence=row[2],
        line=row[3],
        posting=Posting(Account(row[4]), Account(row[5]), Money(row[6], row[7])),
    )
