"""Values of the core as a report prints them.

Not here: the report itself (`report.py`).
"""

from __future__ import annotations

from enum import Enum

import msgspec

from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money
from earnest.simulator.scenarios.case import Unknown
from earnest.simulator.scenarios.moments import Day, instant_text, money_text


def shown(value: object, digits: int, time_zone: str) -> str:
    """One value in the words of a case file; `digits` are the currency's decimals."""
    match value:
        case None:
            return "nothing"
        case Unknown():
            return value.word
        case bool():
            return str(value).lower()
        case Money():
            return money_text(value, digits)
        case Day():
            return value.date.isoformat()
        case Instant():
            return instant_text(value, time_zone)
        case Window():
            begins = instant_text(value.begins, time_zone)
            return f"{begins} until {instant_text(value.ends, time_zone)}"
        case Enum():
            return str(value.value)
        case tuple():
            return ", ".join(shown(each, digits, time_zone) for each in value) or "none"
        case msgspec.Struct():
            parts = (
                f"{name} {shown(getattr(value, name), digits, time_zone)}"
                for name in value.__struct_fields__
            )
            return "; ".join(parts)
        case _:
            return str(value)
