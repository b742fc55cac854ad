"""A document in which every parameter counts, and other values for each of them.

Not here: what a parameter changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from earnest.core.terms.schema import keys
from earnest.core.terms.sections.ordering import Changeable
from tests.core.documents import END, changed

RICH = changed(
    (
        END,
        END + '[late_delivery]\nper_day = "200"\ncap = "10000"\n'
        '[storage]\nbasis = "actual_cost"\nper_day = "20"\ncap = "600"\n'
        '[tax]\ndifference_borne = true\ncap = "15000"\n'
        "[withdrawal_after_handover]\ndays = 14\n"
        "[[clauses]]\nid = 'card'\nzh_hans = '甲。'\nen = 'A.'\n",
    ),
    ('[payee]\nname = "Aurora Haikou"', '[payee]\nname = "Aurora Pay"'),
)
"""A document in which every parameter has a meaning."""


def _other_values(value: Any) -> Iterator[Any]:  # noqa: ANN401 - a parameter may hold anything
    """Values of the same type that are not this one."""
    match value:
        case bool():
            yield not value
        case int():
            yield value + 1
        case tuple() if value:
            yield value[:-1]
        case StrEnum():
            yield from (member for member in type(value) if member is not value)
        case _:
            yield f"{value}1"


_CHOSEN: dict[str, Any] = {
    "currency": "EUR",
    "handover_documents": ("invoice",),
    "changes.seller_alone": (Changeable.PRICE,),
}
"""Other values of parameters whose values cannot be guessed from the one they have."""


def parameters() -> list[str]:
    """Every key of a document but the pinned texts, as `section.key`."""
    return [each.path for each in keys() if each.path != "texts"]


def values_besides(key: str, value: Any) -> Iterator[Any]:  # noqa: ANN401 - a parameter may hold anything
    """Other values that the parameter of this key can have."""
    yield from (_CHOSEN[key],) if key in _CHOSEN else _other_values(value)
