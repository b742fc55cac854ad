"""The JSON Schema of case files, made from the same tables that read them.

Editors complete and check a case with it. Not here: reading a case, which checks far more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from inspect import getdoc
from typing import Any

from msgspec import inspect

from earnest.core.ledger.account import Account
from earnest.core.order.commands import Command
from earnest.core.order.stage import Stage
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.position import Claim
from earnest.core.settlement.statement import LineKind
from earnest.core.terms.effective import Source
from earnest.core.terms.override import Override, OverrideField
from earnest.core.terms.packs.registry import RULES
from earnest.core.terms.packs.rule import Severity
from earnest.core.terms.policy import Policy
from earnest.core.terms.sections.ordering import Jurisdiction
from earnest.core.timers import DeadlineKind
from earnest.core.values.reason import Reason
from earnest.simulator.scenarios.carrying import FACTS
from earnest.simulator.scenarios.case import UNKNOWN, Certainty
from earnest.simulator.scenarios.completing import FILLED_IN
from earnest.simulator.scenarios.expecting_money import EXIT_KEYS, MONEY, STATEMENT_KEYS
from earnest.simulator.scenarios.expecting_terms import YES_OR_NO
from earnest.simulator.scenarios.given import LANGUAGES
from earnest.simulator.scenarios.meaning import SHORT, struct_info
from earnest.simulator.scenarios.people import PEOPLE
from earnest.simulator.scenarios.reading import ALL_SUBJECTS
from earnest.simulator.scenarios.steps import (
    BASE_FIELDS,
    COMMAND_NAMES,
    EVENT_NAMES,
    NEVER,
)

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

MOMENT: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?\s*(Z|[+-]\d\d:\d\d)?)?$",
    "description": "A date, or a date and time; without a zone by the clock of the terms.",
}
AMOUNT: Schema = {
    "type": ["string", "number"],
    "description": "An amount in units of the currency of the terms, for example 14110.62.",
}


def case_schema() -> Schema:
    """The schema of a file of cases, or of a file that is one case."""
    return {
        "$schema": DIALECT,
        "title": "Cases for `earnest case run`",
        "description": "What is given, what is done when, and what has to follow.",
        "if": {"required": ["cases"]},
        "then": _table({"cases": {"type": "array", "minItems": 1, "items": _ref("case")}}, "cases"),
        "else": _ref("case"),
        "$defs": {
            "case": _case(),
            "offer": _table(_offer()),
            "given": _given(),
            "step": _step(),
            "expectation": _expectation(),
            "statement": _table({key: _statement_part(key) for key in STATEMENT_KEYS}),
            "exit": _table({key: _statement_part(key) for key in EXIT_KEYS}),
        },
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _words(words: Collection[str]) -> Schema:
    return {"enum": [str(each) for each in words]}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _table(properties: Schema, *required: str) -> Schema:
    made: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        made["required"] = list(required)
    return made


def _named(words: Collection[str], value: Schema) -> Schema:
    """A table whose keys are some of these words."""
    return _table({str(word): value for word in words})


def _unknown_or(schema: Schema) -> Schema:
    """What is expected, or UNKNOWN where nobody knows."""
    return {"anyOf": [{"const": UNKNOWN.word}, schema]}


def _case() -> Schema:
    return _table(
        {
            "id": {"type": "string", "description": "The name of the case; no two share one."},
            "title": {"type": "string"},
            "source": {"type": "string", "description": "Where the outcome comes from."},
            "certainty": _words(tuple(Certainty)),
            "rules": _list(_words(tuple(RULES))),
            "notes": {"type": "string"},
            "given": _ref("given"),
            "when": _list(_ref("step")),
            "then": {"anyOf": [_ref("expectation"), _list(_ref("expectation"))]},
        },
        "id",
        "title",
        "source",
        "certainty",
        "given",
        "then",
    )


def _offer() -> Schema:
    return {
        "terms": {
            "type": "string",
            "description": "`demo`, the name of a shipped example, or a path to a TOML document.",
        },
        "change": {
            "type": "object",
            "description": "Parameters of the document that are different: cooling_off.hours: 72.",
        },
        "price": AMOUNT,
        "catalogue": {"type": "string", "description": "`demo` or a path to a TOML catalogue."},
        "configuration": _table(
            {"model": {"type": "string"}, "options": _list({"type": "string"})}, "model", "options"
        ),
    }


def _given() -> Schema:
    clauses = _list({"type": "string", "description": "The id of a clause."})
    return _table(
        {
            **_offer(),
            "jurisdiction": _words(tuple(Jurisdiction)),
            "language": _words(LANGUAGES),
            "acknowledged": clauses,
            "not_acknowledged": clauses,
            "ordered": MOMENT,
            "paid": {"anyOf": [{"const": NEVER}, MOMENT]},
            "promised": _list(_promise()),
            "later": _list(_table({"from": MOMENT, **_offer()}, "from")),
        }
    )


def _promise() -> Schema:
    text: Schema = {"type": "string"}
    return _table(
        {"text": text, "source": text, "from": MOMENT, "until": MOMENT, "overrides": _overrides()},
        *("text", "source", "from", "overrides"),
    )


def _overrides() -> Schema:
    value = {"type": ["boolean", "number", "string"]}
    return _named(tuple(OverrideField), value)


def _list_of(info: inspect.VarTupleType) -> Schema:
    if isinstance(info.item_type, inspect.StructType) and info.item_type.cls is Override:
        return _overrides()
    return _list(_value(info.item_type))


def _step() -> Schema:
    nothing: Schema = {"anyOf": [{"type": "null"}, _table({})]}
    properties: Schema = {
        "at": MOMENT,
        "by": _words(PEOPLE),
        "order": {"type": "string"},
        "rejected": _words(tuple(Reason)),
        "leads_to": _list(_words(EVENT_NAMES)),
    }
    properties |= {name: nothing | {"description": says} for name, says in FACTS.items()}
    properties |= {name: _command(command) for name, command in COMMAND_NAMES.items()}
    one_of = [{"required": [name]} for name in (*FACTS, *COMMAND_NAMES)]
    return _table(properties, "at") | {"oneOf": one_of}


def _command(command: type[Command]) -> Schema:
    own = [each for each in struct_info(command).fields if each.name not in BASE_FIELDS]
    needed = [each.encode_name for each in own if each.required and each.name not in FILLED_IN]
    fields = _table({each.encode_name: _value(each.type) for each in own}, *needed)
    kinds: list[Schema] = [fields] if needed else [{"type": "null"}, fields]
    return {"anyOf": kinds, "description": _first_sentence(command)}


def _first_sentence(documented: object) -> str:
    return (getdoc(documented) or "").partition("\n\n")[0].replace("\n", " ")


def _value(info: inspect.Type) -> Schema:
    """How a value of a declared type is written."""
    reader = _INNER.get(type(info))
    return _PLAIN.get(type(info), {}) if reader is None else reader(info)


def _struct(info: inspect.StructType) -> Schema:
    names = [each.encode_name for each in info.fields if each.required]
    table = _table({each.encode_name: _value(each.type) for each in info.fields}, *names)
    if info.cls not in SHORT:
        return table
    short = {"type": ["string", "number", "array", "boolean"], "description": SHORT[info.cls][0]}
    return {"anyOf": [short, table]}


_PLAIN: dict[type, Schema] = {
    inspect.StrType: {"type": ["string", "integer"]},
    inspect.IntType: {"type": "integer"},
    inspect.BoolType: {"type": "boolean"},
    inspect.NoneType: {"type": "null"},
    inspect.DateTimeType: MOMENT,
    inspect.DictType: {"type": "object"},
}
"""Types that are written in one way. A type that is not here is written in any way."""

_INNER: dict[type, Callable[[Any], Schema]] = {
    inspect.EnumType: lambda info: _words(tuple(info.cls)),
    inspect.VarTupleType: _list_of,
    inspect.UnionType: lambda info: {"anyOf": [_value(each) for each in info.types]},
    inspect.StructType: _struct,
}
"""Types that are written as what is inside them."""


def _expectation() -> Schema:
    properties: Schema = {
        "at": {"anyOf": [{"const": "end"}, MOMENT]},
        "order": {"type": "string"},
    }
    for name, reader in ALL_SUBJECTS.items():
        properties[name] = _subject(name) | {"description": _first_sentence(reader)}
    return _table(properties)


def _subject(name: str) -> Schema:
    """How a subject is written. One that is not in the table takes any value."""
    known: dict[str, Callable[[], Schema]] = {
        "stage": lambda: _unknown_or(_words(tuple(Stage))),
        "rank": lambda: _unknown_or({"type": "integer"}),
        "late": lambda: _unknown_or({"type": "boolean"}),
        "policy": _policy,
        "events": lambda: _list(_words(EVENT_NAMES)),
        "no_events": lambda: _list(_words(EVENT_NAMES)),
        "told": lambda: _list(_words(EVENT_NAMES)),
        "not_told": lambda: _list(_words(EVENT_NAMES)),
        "deadlines": lambda: _named(
            tuple(DeadlineKind), _unknown_or({"anyOf": [{"type": "null"}, MOMENT]})
        ),
        "facts": lambda: {"type": "object"},
        "lint": _lint,
        "statement": lambda: {"anyOf": [{"type": "null"}, _ref("statement")]},
        "exits": lambda: _named(tuple(Ground), _ref("exit")),
        "sellers_exits": lambda: _named(tuple(Ground), _ref("exit")),
        "decided_by": lambda: _named(tuple(OverrideField), _words(tuple(Source))),
        "money": lambda: _named(tuple(MONEY), _unknown_or(AMOUNT)),
        "books": lambda: _named(tuple(Account), _unknown_or(AMOUNT)),
    }
    return known[name]() if name in known else {}


def _policy() -> Schema:
    fields = struct_info(Policy).fields
    return _table({each.encode_name: _unknown_or(_value(each.type)) for each in fields})


def _lint() -> Schema:
    rules = _list(_words(tuple(RULES)))
    finding = _table(
        {"rules": rules, "severity": _words(tuple(Severity)), "pattern": {"type": "integer"}}
    )
    return _table(
        {
            **{key: _unknown_or({"type": "boolean"}) for key in YES_OR_NO},
            "finds": {
                "type": "object",
                "additionalProperties": _unknown_or({"anyOf": [rules, finding]}),
            },
            "finds_not": _list({"type": "string"}),
        }
    )


def _statement_part(key: str) -> Schema:
    line = {"anyOf": [AMOUNT, _table({"amount": AMOUNT, "rule": {"type": "string"}})]}
    parts: dict[str, Schema] = {
        "ground": _words(tuple(Ground)),
        "open": {"type": "boolean"},
        "rejected": _words(tuple(Reason)),
        "pays": AMOUNT,
        "keeps": AMOUNT,
        "lines": _named(tuple(LineKind), line),
        "claims": _named(tuple(Claim), _ref("statement")),
    }
    return _unknown_or(parts[key])
