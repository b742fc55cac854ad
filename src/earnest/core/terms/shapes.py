"""Every way in which a table of TOML differs from the shape it should have, all at once.

`msgspec.convert` stops at the first; this walks the same types and keeps going. Not here: what the
values mean together (`contradictions.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

import msgspec
from msgspec import inspect

from earnest.core.terms.fault import FaultCode, FoundFault, found
from earnest.core.terms.location import Path
from earnest.core.terms.nearest import nearest

Faults: TypeAlias = Iterator[FoundFault]


def shape_faults(raw: Mapping[str, Any], wanted: type[msgspec.Struct]) -> Faults:
    """Where the table differs from the type: unknown and missing keys, wrong types and values."""
    yield from _table(raw, _shape(wanted), ())


@cache
def _shape(wanted: type[msgspec.Struct]) -> inspect.StructType:
    shape = inspect.type_info(wanted)
    assert isinstance(shape, inspect.StructType), "only structs have keys"
    return shape


def _table(raw: Mapping[str, Any], shape: inspect.StructType, path: Path) -> Faults:
    fields = {field.encode_name: field for field in shape.fields}
    for key in raw.keys() - fields.keys():
        yield _unknown_key((*path, key), sorted(fields))
    for name, field in fields.items():
        if name in raw:
            yield from _value(raw[name], field.type, (*path, name))
        elif field.required:
            yield found(
                (*path, name),
                FaultCode.KEY_MISSING,
                f"is missing; write {_wanted(field.type)[0]}",
                f"缺失；应填写{_wanted(field.type)[1]}",
            )


def _unknown_key(path: Path, known: list[str]) -> FoundFault:
    near = nearest(str(path[-1]), known)
    english = f"; did you mean {near}?" if near else f"; this table knows {', '.join(known)}"
    chinese = f"；是否应为 {near}？" if near else f"；此表可用的键为：{'、'.join(known)}"
    return found(path, FaultCode.KEY_UNKNOWN, f"is not known{english}", f"是未知的键{chinese}")


def _value(raw: Any, shape: inspect.Type, path: Path) -> Faults:  # noqa: ANN401 - TOML holds anything
    match shape:
        case inspect.StructType() if isinstance(raw, dict):
            yield from _table(raw, shape, path)
        case inspect.VarTupleType() if isinstance(raw, list):
            yield from _entries(raw, shape.item_type, path)
        case inspect.DictType() if isinstance(raw, dict):
            for key, each in raw.items():
                yield from _value(each, shape.value_type, (*path, key))
        case inspect.EnumType() if isinstance(raw, str):
            yield from _choice(raw, shape, path)
        case inspect.StrType() if isinstance(raw, str):
            yield from _text(raw, shape, path)
        case inspect.IntType() if isinstance(raw, int) and not isinstance(raw, bool):
            yield from _number(raw, shape, path)
        case inspect.BoolType() if isinstance(raw, bool):
            return
        case _:
            english, chinese = _wanted(shape)
            yield found(
                path,
                FaultCode.TYPE_WRONG,
                f"is {_kind(raw)[0]}; write {english}",
                f"是{_kind(raw)[1]}；应填写{chinese}",
            )


def _entries(raw: list[Any], shape: inspect.Type, path: Path) -> Faults:
    for place, each in enumerate(raw):
        yield from _value(each, shape, (*path, place))
        if isinstance(each, str | int) and each in raw[:place]:
            yield found(
                (*path, place),
                FaultCode.VALUE_REPEATED,
                f"says {each} again; leave it out here",
                f"重复填写了 {each}；请删除此处",
            )


def _choice(raw: str, shape: inspect.EnumType, path: Path) -> Faults:
    allowed = [str(member.value) for member in shape.cls]
    if raw in allowed:
        return
    near = nearest(raw, allowed)
    yield found(
        path,
        FaultCode.VALUE_NOT_ALLOWED,
        f'cannot be "{raw}"; allowed are {", ".join(allowed)}'
        + (f"; did you mean {near}?" if near else ""),
        f"不能为“{raw}”；可填：{'、'.join(allowed)}" + (f"；是否应为 {near}？" if near else ""),
    )


def _text(raw: str, shape: inspect.StrType, path: Path) -> Faults:
    is_fit = (
        (shape.min_length or 0) <= len(raw)
        and (shape.max_length is None or len(raw) <= shape.max_length)
        and (shape.pattern is None or re.search(shape.pattern, raw) is not None)
    )
    if is_fit:
        return
    english, chinese = _wanted(shape)
    short = raw if len(raw) <= _SHOWN else f"{raw[:_SHOWN]}…"
    yield found(
        path,
        FaultCode.TEXT_UNSUITABLE,
        f'cannot be "{short}"; write {english}',
        f"不能为“{short}”；应填写{chinese}",
    )


def _number(raw: int, shape: inspect.IntType, path: Path) -> Faults:
    is_fit = (shape.ge is None or raw >= shape.ge) and (shape.le is None or raw <= shape.le)
    if is_fit:
        return
    english, chinese = _wanted(shape)
    yield found(
        path,
        FaultCode.NUMBER_OUT_OF_RANGE,
        f"cannot be {raw}; write {english}",
        f"不能为 {raw}；应填写{chinese}",
    )


_SHOWN = 40
"""Characters of a wrong text that a fault repeats."""

_PATTERNS = {
    r"^[0-9]{1,12}(\.[0-9]+)?$": (
        'a sum in quotes, digits with a point, for example "5000.00"',
        '加引号的金额，由数字和小数点组成，例如 "5000.00"',
    ),
    r"^[A-Z]{3}$": (
        'a currency of three capital letters, for example "CNY"',
        '三个大写字母的货币代码，例如 "CNY"',
    ),
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$": (
        'a name of up to 61 letters, digits, points and dashes, for example "2026-11"',
        '由字母、数字、点和短横组成、至多 61 个字符的名称，例如 "2026-11"',
    ),
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$": (
        "an instant with its zone, for example 2026-11-27T22:00:00+08:00",
        "带时区的时间，例如 2026-11-27T22:00:00+08:00",
    ),
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$|^$": (
        "an instant with its zone, for example 2026-11-27T22:00:00+08:00",
        "带时区的时间，例如 2026-11-27T22:00:00+08:00",
    ),
    r"^[a-z][a-z0-9_]{1,40}$": (
        "a name of small letters, digits and underscores, for example charging_card",
        "由小写字母、数字和下划线组成的名称，例如 charging_card",
    ),
}
"""What the patterns of the sections mean, in words."""


def _wanted(shape: inspect.Type) -> tuple[str, str]:
    """What belongs at a place, in both languages."""
    match shape:
        case inspect.StructType():
            required = [field.encode_name for field in shape.fields if field.required]
            if required:
                return f"a table with {', '.join(required)}", f"含有 {'、'.join(required)} 的表"
            return "a table", "一个表"
        case inspect.DictType():
            return "a table", "一个表"
        case inspect.VarTupleType():
            return "a list in square brackets", "方括号内的列表"
        case inspect.EnumType():
            allowed = [str(member.value) for member in shape.cls]
            return f"one of {', '.join(allowed)}", f"以下之一：{'、'.join(allowed)}"
        case inspect.StrType():
            return _wanted_text(shape)
        case inspect.IntType():
            return f"a whole number {_range(shape, ' to ')}", f"整数（{_range(shape, '至')}）"
        case _:
            assert isinstance(shape, inspect.BoolType), f"sections hold no {shape}"
            return "true or false", "true 或 false"


def _wanted_text(shape: inspect.StrType) -> tuple[str, str]:
    if shape.pattern is not None:
        return _PATTERNS[shape.pattern]
    longest = shape.max_length
    if longest is None:
        return "a text in quotes", "加引号的文字"
    return f"a text of 1 to {longest:,} characters in quotes", f"加引号的文字（1 至 {longest} 字）"


def _range(shape: inspect.IntType, to: str) -> str:
    assert shape.ge is not None and shape.le is not None, "every number has limits"  # noqa: PT018 - one fact
    return f"{shape.ge:,}{to}{shape.le:,}"


def _kind(raw: Any) -> tuple[str, str]:  # noqa: ANN401 - TOML holds anything
    """What TOML calls a value."""
    for kind, words in _KINDS.items():
        if isinstance(raw, kind):
            return words
    return "a date or time", "日期或时间"


_KINDS: dict[type, tuple[str, str]] = {
    bool: ("true or false", "布尔值"),
    int: ("a number", "数字"),
    float: ("a number with decimals", "小数"),
    str: ("a text", "文字"),
    list: ("a list", "列表"),
    dict: ("a table", "表"),
}
"""Kinds of values; a boolean is asked for first because Python counts it as a number."""
