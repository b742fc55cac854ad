"""The proof that a notice arrived, and by which means it can be had.

A declaration counts when it has arrived (Civil Code 137, CN-11), and a note kept by the sender
alone proves nothing (CN-39). That a mail server took a mail is therefore no means here.

Not here: which events are told (`desk/notices.py`) and the demand that a notice starts
(`core/order/cancel.py`).
"""

from __future__ import annotations

from enum import StrEnum


class Means(StrEnum):
    """How it was proven that a notice arrived."""

    IN_APP = "in_app"
    """The buyer's own login opened it."""
    SMS = "sms"
    """The gateway's receipt says that the telephone has it."""
    REGISTERED_LETTER = "registered_letter"
    COURIER = "courier"
    IN_PERSON = "in_person"
    """Handed over against the buyer's signature."""
    REPLY = "reply"
    """The buyer answered it, for example by mail."""
    ACTED = "acted"
    """The buyer did what only somebody does whom it has reached: opened a payment of the balance.

    The order's own rule notes it; nobody can record it.
    """


BALANCE_DEMAND = 0
"""The number under which a notice names the demand for the balance; other demands count from 1."""

BY_STAFF = frozenset({Means.REGISTERED_LETTER, Means.COURIER, Means.IN_PERSON, Means.REPLY})
"""Means that a person records, who has to file the receipt as evidence."""
