"""Draws terms documents of every kind, fair and unfair, from the types of the sections.

Not here: what holds for them.
"""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from earnest.core.terms.contradictions import CURRENCY_OF
from earnest.core.terms.document import MINOR_DIGITS, TermsDocument
from earnest.core.terms.sections.ordering import Jurisdiction

WORDS = st.sampled_from(["Aurora", "定金", "invoice", "vin_matches", "x1", "delivery centre"])


def _amounts(currency: str) -> st.SearchStrategy[str]:
    whole = st.integers(min_value=0, max_value=99_999).map(str)
    if MINOR_DIGITS[currency] == 0:
        return whole
    return whole | st.tuples(whole, st.sampled_from(["5", "05", "99"])).map(".".join)


def _values(kind: inspect.Type, currency: str) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StructType():
            return st.fixed_dictionaries(
                {each.encode_name: _values(each.type, currency) for each in kind.fields}
            )
        case inspect.VarTupleType():
            unique = None if isinstance(kind.item_type, inspect.StructType) else str
            entries = _values(kind.item_type, currency)
            return st.lists(entries, max_size=4, unique_by=unique)
        case inspect.EnumType():
            return st.sampled_from([member.value for member in kind.cls])
        case inspect.IntType():
            return st.integers(min_value=kind.ge, max_value=kind.le)
        case inspect.BoolType():
            return st.booleans()
        case inspect.StrType():
            if kind.pattern is not None and kind.pattern.startswith("^[0-9]"):
                return _amounts(currency)
            return WORDS if kind.pattern is None else st.sampled_from(["own_a", "own_b"])
        case _:
            return st.just({})


@st.composite
def documents(draw: st.DrawFn) -> TermsDocument:
    """Any document of sound types: its parameters may be unfair, and may contradict each other."""
    jurisdiction = draw(st.sampled_from(Jurisdiction))
    currency = CURRENCY_OF[jurisdiction]
    raw = draw(_values(inspect.type_info(TermsDocument), currency))
    raw |= {"jurisdiction": jurisdiction.value, "currency": currency, "time_zone": "UTC"}
    return msgspec.convert(raw | {"version": "drawn"}, TermsDocument)
