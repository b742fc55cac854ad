"""Reads a terms document from TOML, or says everything that is wrong with it at once.

Not here: what is unfair (`lint/`), and what the engine cannot run (`compile.py`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from earnest.core.terms.clauses.contract import ENGINE_CLAUSES, clauses_of
from earnest.core.terms.clauses.words import LANGUAGES
from earnest.core.terms.contradictions import contradictions
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.fault import Fault, FaultCode, FoundFault, found, in_order
from earnest.core.terms.location import FIRST_LINE, Path, locate
from earnest.core.terms.nearest import nearest
from earnest.core.terms.shapes import shape_faults

STAND_IN: dict[str, Any] = {
    "version": "stand-in",
    "jurisdiction": "CN",
    "currency": "CNY",
    "time_zone": "Asia/Shanghai",
    "seller": {"name": "-", "address": "-", "contact": "-"},
    "payee": {"name": "-"},
    "deposit": {"kind": "earnest", "amount": "1", "label": "定金"},
    "payment": {"window_minutes": 30},
    "cooling_off": {"hours": 168},
    "promise": {},
    "inspection": {},
    "buyers_default": {"keeps": "earnest"},
    "sellers_default": {"returns": "double"},
    "price": {"lowest": "100"},
}
"""Every key that must be there, with a value that reads. Takes the place of values at fault, so
that the rest of a document can still be looked at."""


def read_document(text: str, name: str) -> TermsDocument | tuple[Fault, ...]:
    """The document that a TOML text says, or every fault of it in the order of its lines.

    `name` is the file's name, for the faults. A text that is no TOML has one fault; pinned texts
    are compared once nothing else is wrong, because they follow from everything else.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return (malformed(error, text, name),)
    lines = locate(text)
    faults = list(shape_faults(raw, TermsDocument))
    unsound = frozenset(fault.path for fault in faults)
    salvaged = msgspec.convert(_salvaged(raw, unsound), TermsDocument)
    faults += contradictions(salvaged, unsound)
    faults += _own_clause_faults(raw)
    if not faults:
        faults += _pinned_text_faults(salvaged)
    if faults:
        return in_order([fault.at(name, lines) for fault in faults])
    return salvaged


_LINE_IN_MESSAGE = re.compile(r"line (\d+)")


def malformed(error: tomllib.TOMLDecodeError, text: str, name: str) -> Fault:
    """The parser's own words and line; it stops at the first place it cannot follow."""
    message, _, place = str(error).rpartition(" (at ")
    named = _LINE_IN_MESSAGE.search(place)
    line = int(named[1]) if named else max(FIRST_LINE, len(text.splitlines()))
    return Fault(
        file=name,
        line=line,
        key="",
        code=FaultCode.TOML_MALFORMED,
        why={
            "en": f"this is not TOML: {message}. Texts stand in quotes, tables in [brackets]",
            "zh-Hans": f"不符合 TOML 语法：{message}。文字须加引号，表名须置于[方括号]内",
        },
    )


def _salvaged(raw: Mapping[str, Any], unsound: frozenset[Path]) -> dict[str, Any]:
    """The document without its values at fault: a default or the stand-in is in their place."""

    def sound(value: Any, path: Path) -> Any:  # noqa: ANN401 - TOML holds anything
        if isinstance(value, dict):
            return {
                key: sound(each, (*path, key))
                for key, each in value.items()
                if (*path, key) not in unsound
            }
        if isinstance(value, list):
            places = [(*path, place) for place in range(len(value))]
            pairs = zip(value, places, strict=True)
            return [sound(each, place) for each, place in pairs if place not in broken]
        return value

    broken = {path[:length] for path in unsound for length in range(1, len(path) + 1)}
    return _filled(sound(raw, ()), STAND_IN)


def _filled(kept: dict[str, Any], stand_in: Mapping[str, Any]) -> dict[str, Any]:
    filled = dict(kept)
    for key, value in stand_in.items():
        if isinstance(value, dict):
            filled[key] = _filled(filled.get(key, {}), value)
        else:
            filled.setdefault(key, value)
    return filled


def _own_clause_faults(raw: Mapping[str, Any]) -> Iterator[FoundFault]:
    """Own clauses have ids of their own: no two the same, none that the engine's text has."""
    clauses = raw.get("clauses")
    seen: list[object] = []
    for place, clause in enumerate(clauses if isinstance(clauses, list) else ()):
        clause_id = clause.get("id") if isinstance(clause, dict) else None
        path: Path = ("clauses", place, "id")
        if clause_id in ENGINE_CLAUSES:
            yield found(
                path,
                FaultCode.CLAUSE_ID_TAKEN,
                f"{clause_id} is a clause that follows from parameters; give yours another name",
                f"{clause_id} 是由参数生成的条款；请为自有条款另取名称",
            )
        elif clause_id is not None and clause_id in seen:
            yield found(
                path,
                FaultCode.CLAUSE_REPEATED,
                f"there is a clause {clause_id} already; give this one another name",
                f"已有名为 {clause_id} 的条款；请另取名称",
            )
        seen.append(clause_id)


def _pinned_text_faults(document: TermsDocument) -> Iterator[FoundFault]:
    """A pinned text says exactly what its parameters say."""
    clauses = {clause.clause_id: clause for clause in clauses_of(document)}
    for clause_id, pinned in document.texts.items():
        clause = clauses.get(clause_id)
        if clause is None:
            near = nearest(clause_id, clauses)
            yield found(
                ("texts", clause_id),
                FaultCode.CLAUSE_UNKNOWN,
                "is no clause of these terms" + (f"; did you mean {near}?" if near else ""),
                "不是本条款的任何一条" + (f"；是否应为 {near}？" if near else ""),
            )
            continue
        for language, text in pinned.items():
            path: Path = ("texts", clause_id, language)
            if language not in LANGUAGES:
                yield found(
                    path,
                    FaultCode.LANGUAGE_UNKNOWN,
                    f"is no language of the terms; write {' or '.join(LANGUAGES)}",
                    f"不是条款所用的语言；应填写 {' 或 '.join(LANGUAGES)}",
                )
            elif text != clause.texts[language]:
                yield _differing(path, text, clause.texts[language])


_SHOWN = 60
"""Characters of each side that a difference shows."""


def _differing(path: Path, pinned: str, rendered: str) -> FoundFault:
    same = 0
    for one, other in zip(pinned, rendered, strict=False):
        if one != other:
            break
        same += 1
    begins = max(0, same - 10)
    says, means = (_excerpt(text, begins) for text in (pinned, rendered))
    return found(
        path,
        FaultCode.TEXT_DIFFERS,
        f"the text says “{says}” where the parameters say “{means}”; change the parameters, or "
        "take over the rendered text",
        f"文本写作“{says}”，而参数的含义是“{means}”；请修改参数，或采用由参数生成的文本",
    )


def _excerpt(text: str, begins: int) -> str:
    excerpt = text[begins : begins + _SHOWN]
    before = "…" if begins else ""
    after = "…" if begins + _SHOWN < len(text) else ""
    return f"{before}{excerpt}{after}"
