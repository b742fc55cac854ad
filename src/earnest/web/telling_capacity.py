"""What is wrong with a capacity document, or what no line builds, in words: what, where, the cure.

The words stand in `locale/capacity.*.toml`; every door says the same ones. Not here: finding it
(`core/plan/faults.py`, `core/plan/unbuildable.py`, `desk/planning/tables.py`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files

import msgspec

from earnest.core.plan.counters import Resource
from earnest.core.plan.faults import CapacityFaultCode
from earnest.core.plan.unbuildable import UnbuiltCode
from earnest.desk.planning.tables import TableFaultCode
from earnest.web.languages import LANGUAGES

_Code = CapacityFaultCode

_KEYS: Mapping[str, str] = {
    **dict.fromkeys((_Code.HORIZON_EMPTY, _Code.HORIZON_TOO_LONG, _Code.STRETCH_EMPTY), "ends"),
    **dict.fromkeys((_Code.STRETCHES_OVERLAP, _Code.CALENDAR_HOLE), "begins"),
    **dict.fromkeys((_Code.PLANT_REPEATED, _Code.LINE_REPEATED, _Code.PART_REPEATED), "code"),
    **dict.fromkeys((_Code.CAPACITY_MISSING, _Code.PLANT_WITHOUT_LINE), "code"),
    **dict.fromkeys((_Code.MARKET_UNKNOWN, _Code.MARKET_REPEATED), "market"),
    **dict.fromkeys((_Code.MODEL_UNKNOWN, _Code.LINE_WITHOUT_MODEL), "models"),
    **dict.fromkeys((UnbuiltCode.MODEL_UNBUILT, UnbuiltCode.ORDERS_UNBUILT), "models"),
    **dict.fromkeys((_Code.PART_UNUSED, UnbuiltCode.PART_UNNEEDED), "options"),
    **dict.fromkeys((_Code.TAKE_RATE_REPEATED, UnbuiltCode.CAP_UNNEEDED), "option"),
    **dict.fromkeys((UnbuiltCode.LINE_IDLE, UnbuiltCode.PLANT_UNREACHED), "code"),
    _Code.DAY_OUTSIDE: "day",
    _Code.DAY_PAST: "day",
    _Code.LINE_UNKNOWN: "line",
    _Code.PART_UNKNOWN: "part",
    _Code.PART_UNSUPPLIED: "code",
    _Code.PLANT_UNKNOWN: "plant",
    _Code.WEEKDAY_UNKNOWN: "weekdays",
}
"""The column that a fault stands in, where the fault itself does not say it."""

_KEYS_OF_TABLES: Mapping[tuple[str, str], str] = {
    ("calendar", _Code.DAY_PAST): "begins",
    ("capacity", _Code.DAY_PAST): "begins",
    ("lines", _Code.DAY_PAST): "code",
    ("take_rates", _Code.OPTION_UNKNOWN): "option",
    ("parts", _Code.OPTION_UNKNOWN): "options",
}
"""The same where it hangs on the table."""

_KINDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        Resource.PLANT: "a plant for this market",
        Resource.LINE: "the line {name}",
        Resource.OPTION: "the option {name}",
        Resource.PART: "the part {name}",
        Resource.HORIZON: "the calendar",
    },
    "zh-Hans": {
        Resource.PLANT: "供应该市场的工厂",
        Resource.LINE: "生产线{name}",
        Resource.OPTION: "选装项{name}",
        Resource.PART: "零件{name}",
        Resource.HORIZON: "日历",
    },
}


class FaultWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code in one language: what is the matter, and what to do about it.

    Both may name values in braces; they come from the details of the fault.
    """

    what: str
    cure: str


class FaultTold(msgspec.Struct, frozen=True, kw_only=True):
    """A fault in words: the column that it is about (empty for none), what, and the cure."""

    key: str
    what: str
    cure: str


class _Details(dict[str, str]):
    """Details of a fault; a value that was not given shows as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"


def fault_told(table: str, code: str, details: Mapping[str, str], language: str) -> FaultTold:
    """A fault of a table, or what no line builds, in the words of a language."""
    words = CAPACITY_WORDS[language][code]
    named = _Details(details)
    kind, _, name = details.get("short", "").partition(" ")
    if kind:
        named["short"] = _KINDS[language][kind].format(name=name)
    return FaultTold(
        key=key_of(table, code, details),
        what=words.what.format_map(named),
        cure=words.cure.format_map(named),
    )


def key_of(table: str, code: str, details: Mapping[str, str]) -> str:
    """The column that a fault is about; empty where it is about no one of them."""
    own = details.get("field") or details.get("column") or details.get("key")
    return own or _KEYS_OF_TABLES.get((table, code)) or _KEYS.get(code, "")


def _read(language: str) -> dict[str, FaultWords]:
    name = f"capacity.{language}.toml"
    text = files(__package__).joinpath("locale").joinpath(name).read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, FaultWords])


CAPACITY_WORDS: dict[str, dict[str, FaultWords]] = {
    language: _read(language) for language in LANGUAGES
}
"""Every code of `CapacityFaultCode`, `TableFaultCode` and `UnbuiltCode` in every language."""

CAPACITY_CODES = (*CapacityFaultCode, *TableFaultCode, *UnbuiltCode)
