"""Terms documents for the linter's tests: a fair one for each law, and ways to spoil it.

Not here: what is found in them.
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.sections.ordering import Jurisdiction

CURRENCIES = {
    Jurisdiction.CN: ("CNY", "Asia/Shanghai"),
    Jurisdiction.EU: ("EUR", "Europe/Brussels"),
    Jurisdiction.DE: ("EUR", "Europe/Berlin"),
    Jurisdiction.FR: ("EUR", "Europe/Paris"),
    Jurisdiction.UK: ("GBP", "Europe/London"),
    Jurisdiction.US_FTC: ("USD", "America/Chicago"),
    Jurisdiction.US_CA: ("USD", "America/Los_Angeles"),
    Jurisdiction.US_NY: ("USD", "America/New_York"),
    Jurisdiction.KR: ("KRW", "Asia/Seoul"),
}

_REFUNDABLE: dict[str, Any] = {
    "deposit": {"kind": "intent", "amount": "500", "label": "refundable deposit"},
    "buyers_default": {"keeps": "nothing"},
    "sellers_default": {"returns": "single_with_interest"},
    "refunds": {"interest_basis_points": 400},
    "withdrawal_after_handover": {"days": 14},
}
_EARNEST: dict[str, Any] = {
    "deposit": {"kind": "earnest", "amount": "5000.00", "label": "定金"},
    "buyers_default": {"keeps": "earnest"},
    "sellers_default": {"returns": "double"},
    "tax": {"difference_borne": True, "cap": "15000"},
    "handover_documents": (
        "certificate_of_conformity",
        "consistency_certificate",
        "invoice",
        "manual",
        "three_guarantee_card",
    ),
}


def fair(jurisdiction: Jurisdiction) -> TermsDocument:
    """Terms in which the linter finds nothing under this law."""
    currency, time_zone = CURRENCIES[jurisdiction]
    seller = {"name": "Meridian Motors", "address": "1 Harbour Road", "contact": "care@m.example"}
    common: dict[str, Any] = {
        "version": "fair-1",
        "jurisdiction": jurisdiction.value,
        "currency": currency,
        "time_zone": time_zone,
        "seller": seller,
        "payee": {"name": "Meridian Motors"},
        "payment": {"window_minutes": 30},
        "cooling_off": {"hours": 168},
        "promise": {"weeks_from": 14, "weeks_to": 17},
        "inspection": {"checklist": ("vin_matches", "interior")},
        "price": {"lowest": "215900"},
    }
    kind = _EARNEST if jurisdiction is Jurisdiction.CN else _REFUNDABLE
    return msgspec.convert(common | kind, TermsDocument)


def spoilt(document: TermsDocument, changes: dict[str, Any]) -> TermsDocument:
    """The document with these parameters changed; keys as `section.name`."""
    plain = msgspec.to_builtins(document)
    for key, value in changes.items():
        section, _, name = key.partition(".")
        if name:
            plain[section][name] = value
        else:
            plain[section] = value
    return msgspec.convert(plain, TermsDocument)
