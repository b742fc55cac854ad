"""Which rule of law stands behind a rejection or an event, so that a report can name it.

A statement's lines carry their rules themselves. Not here: the rules (`core/terms/packs`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from earnest.core.order.events import Event
from earnest.core.terms.policy import Policy
from earnest.core.values.reason import Reason
from earnest.desk.telling.english import TABLE
from earnest.desk.telling.occasion import occasion
from earnest.desk.telling.owed import owed
from earnest.desk.telling.sentence import OWED

_NAMED = re.compile(r"\[([A-Z]{2}-\d{2})\]")

BEHIND: dict[Reason, tuple[str, ...]] = {
    Reason.TERMS_NOT_CURRENT: ("CN-09",),
    Reason.TERMS_NOT_ACKNOWLEDGED: ("CN-03",),
    Reason.PRICE_DIFFERS: ("CN-09", "US-05"),
    Reason.COOLING_OFF_OVER: ("CN-27",),
    Reason.COOLING_OFF_RUNNING: ("CN-27",),
    Reason.ACKNOWLEDGEMENT_MISSING: ("CN-03",),
    Reason.DEFERRAL_REQUEST_OPEN: ("CN-06",),
    Reason.ORDER_DEFERRED: ("CN-05", "CN-09"),
    Reason.AGREEMENT_OPEN: ("CN-05",),
    Reason.VIN_MISSING: ("CN-08",),
    Reason.PLACE_MISSING: ("CN-08",),
    Reason.APPOINTMENT_MISSING: ("CN-37",),
    Reason.NOT_TENDERED: ("CN-08",),
    Reason.BUYER_CONFIRMATION_MISSING: ("CN-25", "CN-37"),
    Reason.CHECKLIST_INCOMPLETE: ("CN-37",),
    Reason.NOT_INSPECTED: ("CN-07", "CN-08", "EU-10"),
    Reason.INSPECTION_REFUSED: ("CN-08", "CN-24"),
    Reason.BALANCE_UNPAID: ("CN-08",),
    Reason.DOCUMENTS_MISSING: ("CN-36",),
    Reason.CONFIGURATION_DIFFERS: ("CN-36",),
    Reason.CURE_PERIOD_TOO_SHORT: ("DE-06",),
    Reason.CURE_PERIOD_RUNNING: ("CN-12",),
    Reason.NO_MISSED_APPOINTMENT: ("CN-25",),
    Reason.NO_DEFAULT: ("CN-08",),
    Reason.DEMAND_UNKNOWN: ("CN-11",),
    Reason.NOTICE_MALFORMED: ("CN-11",),
    Reason.NOT_LATE: ("CN-12",),
    Reason.GROUND_NOT_PROVEN: ("CN-11", "CN-12"),
    Reason.ALREADY_LATE: ("CN-20",),
    Reason.NOTIFIED_LATE: ("CN-20",),
    Reason.PROOF_MISSING: ("CN-20",),
    Reason.SECOND_PERSON_MISSING: ("CN-17",),
    Reason.NOTHING_TO_RELEASE: ("CN-17",),
    Reason.FORFEITURE_MAY_COME_BACK: ("CN-17", "CN-21"),
}
"""The rules that a rejection holds. Reasons that no law stands behind are not here."""

BEHIND_COMMAND: dict[tuple[str, Reason], tuple[str, ...]] = {
    ("record-notice", Reason.PROOF_MISSING): ("CN-11", "CN-39"),
    ("terminate-for-force-majeure", Reason.NOTICE_MALFORMED): ("CN-20",),
}
"""Rules of a rejection that mean something else for one command than for the others."""


def rules_of_reason(reason: Reason | None, command: str = "") -> str:
    """The rules behind a rejection (of a command, by its name), as a report prints them."""
    if reason is None:
        return ""
    return ", ".join(BEHIND_COMMAND.get((command, reason), BEHIND.get(reason, ())))


def rules_of_events(events: Iterable[Event], policy: Policy | None) -> str:
    """The rules that the buyer is told with these events, each once, as a report prints them.

    `policy` is the one of the order's terms, whose law can be behind a sentence.
    """
    named: dict[str, None] = {}
    for event in events:
        wording = TABLE.get(occasion(event)) or TABLE.get(type(event).__name__)
        if wording is not None:
            named.update(dict.fromkeys(_NAMED.findall(wording.told)))
            if f"{{{OWED}}}" in wording.told:
                named[owed(policy)[1]] = None
    return ", ".join(rule for rule in named if rule)
