"""Arbitrary well-formed terms documents: every value of every choice, figures of any size.

Not here: what must hold for them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.paying import LABEL_OF_KIND
from earnest.core.terms.sections.delivering import NoticeTrigger, PromiseKind, StorageBasis
from earnest.core.terms.sections.ordering import Ending, Jurisdiction
from tests.core.lint.documents import fair, spoilt

AMOUNTS = ("0", "1", "500", "5000", "20000", "43180", "43181", "999999")
LABELS = (*LABEL_OF_KIND.values(), "订金", "定金/服务费", "预订", "deposit", "Anzahlung")
BUTTONS = ("order_with_obligation_to_pay", "continue")
SENTENCES = ("谢谢。", "最终解释权归卖方", "No oral promises.", "概不退还", "卖方有权随时调整价格")
_FIGURES = (0, 1, 3, 6, 7, 9, 10, 13, 14, 15, 16, 30, 31, 60, 72, 73, 337, 400, 1_501)


@cache
def choices() -> dict[str, tuple[Any, ...]]:
    """For each parameter, by key, the values that are tried."""
    made: dict[str, tuple[Any, ...]] = {}
    for section in msgspec.structs.fields(TermsDocument):
        if isinstance(section.type, type) and issubclass(section.type, msgspec.Struct):
            for field in msgspec.structs.fields(section.type):
                values = _values(section.name, field)
                if values:
                    made[f"{section.name}.{field.name}"] = values
    papers = ("invoice", "manual")
    made["handover_documents"] = ((), papers)
    made["clauses"] = tuple(
        ({"id": "own", "material": False, "zh_hans": said, "en": said},) for said in SENTENCES
    )
    return made


def _values(section: str, field: msgspec.structs.FieldInfo) -> tuple[Any, ...]:
    known: dict[str, tuple[Any, ...]] = {
        "deposit.label": LABELS,
        "contract.order_button": BUTTONS,
        "payee.name": ("Meridian Motors", "Other Company"),
        "price.lowest": ("10000", "215900"),
        "inspection.checklist": ((), ("vin_matches",)),
        "deferral.reminder_days": ((), (7,), (60, 30, 7)),
    }
    key = f"{section}.{field.name}"
    if key in known:
        return known[key]
    schema = msgspec.json.schema(field.type)
    if "$ref" in schema:
        (schema,) = schema["$defs"].values()
    match schema:
        case {"enum": list(values)}:
            return tuple(values)
        case {"type": "boolean"}:
            return (False, True)
        case {"type": "integer"}:
            low, high = schema.get("minimum", 0), schema.get("maximum", 3_650)
            return tuple(sorted({low, *(n for n in _FIGURES if low <= n <= high)}))
        case {"type": "string", "pattern": _}:
            return AMOUNTS
        case {"type": "array", "items": {"$ref": _}}:
            (members,) = schema["$defs"].values()
            every = tuple(members["enum"])
            return ((), every, *((member,) for member in every))
        case _:
            return ()


def single_changes() -> list[dict[str, Any]]:
    """Every value of every parameter, each on its own."""
    return [{key: value} for key, values in choices().items() for value in values]


@st.composite
def documents(draw: st.DrawFn) -> TermsDocument:
    """Fair terms of some law with any number of parameters changed to anything, well-formed."""
    law = draw(st.sampled_from(Jurisdiction))
    keys = draw(st.lists(st.sampled_from(sorted(choices())), unique=True))
    changes = {key: draw(st.sampled_from(choices()[key])) for key in keys}
    return without_contradictions(spoilt(fair(law), changes))


def without_contradictions(document: TermsDocument) -> TermsDocument:
    """The document with parameters that contradict each other brought into line, fair or not."""
    changes: dict[str, Any] = {}
    promise, deferral, tax = document.promise, document.deferral, document.tax
    if promise.kind is PromiseKind.NONE:
        changes |= {"promise.weeks_from": 0, "promise.weeks_to": 0}
    else:
        changes["promise.weeks_to"] = max(promise.weeks_from, promise.weeks_to, 1)
    if deferral.longest_days == 0:
        changes["deferral.free"] = 0
    changes["deferral.reminder_days"] = [
        days for days in deferral.reminder_days if days < deferral.longest_days
    ]
    if document.balance_due.notice is not NoticeTrigger.INSPECTION:
        changes["balance_due.when"] = "on_notice"
    if not document.lock.early_offered:
        changes["cooling_off.ended_by"] = [
            each for each in document.cooling_off.ended_by if each is not Ending.BUYER_LOCK
        ]
    if document.withdrawal_after_handover.exempt_as_made_to_specification:
        changes["withdrawal_after_handover.days"] = 0
    if not tax.difference_borne or tax.cap == "0":
        changes |= {"tax.difference_borne": False, "tax.cap": "0"}
    changes |= _daily("late_delivery", document.late_delivery.per_day, document.late_delivery.cap)
    storage = document.storage
    per_day = "0" if storage.basis is StorageBasis.NONE else (storage.per_day.lstrip("0") or "10")
    changes |= _daily("storage", per_day, storage.cap)
    if int(float(document.deposit.amount)) > int(document.price.lowest):
        changes["deposit.amount"] = document.price.lowest
    return spoilt(document, changes)


def _daily(section: str, per_day: str, cap: str) -> dict[str, Any]:
    """A sum for each day has a cap above it or none; no sum has no cap."""
    most = 0 if int(per_day) == 0 or int(cap) < int(per_day) else int(cap)
    return {f"{section}.per_day": per_day, f"{section}.cap": str(most)}
