"""A fault: why a terms document cannot be read, or cannot become terms, and what would be right.

Not here: what is unfair about a document that can be read; those are findings (`packs/rule.py`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.terms.location import Path, key_of, line_of

ENGLISH = "en"
CHINESE = "zh-Hans"


class FaultCode(StrEnum):
    """What is wrong with a document. Codes are part of the interface and are never renamed."""

    # The file as a whole.
    TOML_MALFORMED = "toml_malformed"

    # A key or its value.
    KEY_UNKNOWN = "key_unknown"
    KEY_MISSING = "key_missing"
    TYPE_WRONG = "type_wrong"
    VALUE_NOT_ALLOWED = "value_not_allowed"
    VALUE_REPEATED = "value_repeated"
    NUMBER_OUT_OF_RANGE = "number_out_of_range"
    TEXT_UNSUITABLE = "text_unsuitable"

    # What a value means.
    CURRENCY_UNKNOWN = "currency_unknown"
    CURRENCY_UNSUITABLE = "currency_unsuitable"
    TIME_ZONE_UNKNOWN = "time_zone_unknown"
    AMOUNT_TOO_PRECISE = "amount_too_precise"
    PARAMETERS_CONTRADICT = "parameters_contradict"

    # Clauses and texts.
    CLAUSE_REPEATED = "clause_repeated"
    CLAUSE_ID_TAKEN = "clause_id_taken"
    CLAUSE_UNKNOWN = "clause_unknown"
    LANGUAGE_UNKNOWN = "language_unknown"
    TEXT_DIFFERS = "text_differs"

    # Compiling.
    ENGINE_CANNOT_RUN = "engine_cannot_run"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault: where it stands, and in every language what it is and what would be right.

    `line` counts from 1; a key that is missing stands where its table begins. `rule_ids` are the
    provisions behind a fault of compiling.
    """

    file: str
    line: int
    key: str
    code: FaultCode
    why: dict[str, str]
    rule_ids: tuple[str, ...] = ()

    def sentence(self, language: str = ENGLISH) -> str:
        """The fault as one line: `file:line: key: what is wrong (rules) [code]`."""
        key = f"{self.key}: " if self.key else ""
        rules = f" ({', '.join(self.rule_ids)})" if self.rule_ids else ""
        return f"{self.file}:{self.line}: {key}{self.why[language]}{rules} [{self.code}]"


class FoundFault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault before it is known where in the file its key stands."""

    path: Path
    code: FaultCode
    why: dict[str, str]
    rule_ids: tuple[str, ...] = ()

    def at(self, file: str, lines: dict[Path, int]) -> Fault:
        """The same fault with its place in the file."""
        return Fault(
            file=file,
            line=line_of(lines, self.path),
            key=key_of(self.path),
            code=self.code,
            why=self.why,
            rule_ids=self.rule_ids,
        )


def found(path: Path, code: FaultCode, english: str, chinese: str, *rule_ids: str) -> FoundFault:
    """A fault at a key, in both languages."""
    why = {ENGLISH: english, CHINESE: chinese}
    return FoundFault(path=path, code=code, why=why, rule_ids=rule_ids)


def in_order(faults: list[Fault]) -> tuple[Fault, ...]:
    """Faults as a reader meets them: by line, and by key where they share one."""
    return tuple(sorted(faults, key=lambda fault: (fault.line, fault.key, fault.code)))
