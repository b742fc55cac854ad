"""The terms of a case: a document that exists, with the parameters that the case changes.

A document may be unfair: the linter can be expected to say so. An order is made only under terms
that the engine runs. Not here: finding the document (`shelf.py`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from earnest.core.terms.compile import compile_terms
from earnest.core.terms.contradictions import contradictions
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.version import TermsVersion
from earnest.simulator.scenarios import keys
from earnest.simulator.scenarios.fault import FaultCode, did_you_mean
from earnest.simulator.scenarios.meaning import MEANINGLESS, Meaning, Tongue, info_of, struct_info
from earnest.simulator.scenarios.world import BEGINNING
from earnest.simulator.scenarios.written import Faults, Written


def changed(document: TermsDocument, written: Written, faults: Faults) -> TermsDocument | None:
    """The document with some parameters changed: `cooling_off.hours: 72`."""
    tongue = Tongue(currency=document.currency, time_zone=document.time_zone)
    meaning = Meaning(tongue, faults, BEGINNING)
    result: TermsDocument | None = document
    for name, each in keys.table(written, faults, None).items():
        path = tuple(name.split("."))
        info = _type_at(info_of(TermsDocument), path)
        if info is None:
            faults.add(
                each,
                FaultCode.KEY_UNKNOWN,
                f"Terms have no parameter `{name}`. {did_you_mean(name, parameters())}",
            )
            result = None
            continue
        value = meaning.of_info(each, info)
        if value is MEANINGLESS:
            result = None
        elif result is not None:
            result = _with(result, path, value)
    return None if result is None else _sound(result, written, faults)


def _sound(document: TermsDocument, written: Written, faults: Faults) -> TermsDocument | None:
    """The document if it can be written down at all: bounded values that do not contradict."""
    try:
        msgspec.convert(msgspec.to_builtins(document), TermsDocument)
    except msgspec.ValidationError as error:
        faults.add(written, FaultCode.TERMS_MALFORMED, f"No terms can say this: {error}.")
        return None
    found = list(contradictions(document, frozenset()))
    for each in found:
        key = ".".join(str(step) for step in each.path)
        faults.add(written, FaultCode.TERMS_MALFORMED, f"{key}: {each.why['en']}.")
    return None if found else document


def compiled(document: TermsDocument, written: Written, faults: Faults) -> TermsVersion | None:
    """The version that runs, or a fault for everything that the engine does not run."""
    version = compile_terms(document, "")
    if isinstance(version, TermsVersion):
        return version
    for fault in version:
        rules = f" ({', '.join(fault.rule_ids)})" if fault.rule_ids else ""
        faults.add(
            written,
            FaultCode.TERMS_CANNOT_RUN,
            f"No order can be made under these terms: {fault.key}: {fault.why['en']}{rules}.",
        )
    return None


def _sections() -> dict[str, inspect.Type]:
    return {each.encode_name: each.type for each in struct_info(TermsDocument).fields}


@cache
def parameters() -> tuple[str, ...]:
    """Every parameter of a document, as a case names it."""
    names: list[str] = []
    for section, info in _sections().items():
        if isinstance(info, inspect.StructType):
            names.extend(f"{section}.{each.encode_name}" for each in info.fields)
        else:
            names.append(section)
    return tuple(names)


def _type_at(info: inspect.Type, path: tuple[str, ...]) -> inspect.Type | None:
    if not path:
        return None if isinstance(info, inspect.StructType) else info
    if not isinstance(info, inspect.StructType):
        return None
    found = next((each.type for each in info.fields if each.encode_name == path[0]), None)
    return None if found is None else _type_at(found, path[1:])


def _with(struct: Any, path: tuple[str, ...], value: object) -> Any:  # noqa: ANN401 - a section
    """The document, or a section of it, with one parameter changed."""
    name, rest = path[0], path[1:]
    if rest:
        value = _with(getattr(struct, name), rest, value)
    return msgspec.structs.replace(struct, **{name: value})
