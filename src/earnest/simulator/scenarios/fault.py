"""What is wrong with a written case: where it stands, and what would be right.

Not here: a case whose expectations fail. That is a result (`report.py`), not a fault.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from enum import StrEnum

import msgspec


class FaultCode(StrEnum):
    """Every kind of fault, with its stable code."""

    FILE_UNREADABLE = "file_unreadable"
    YAML_MALFORMED = "yaml_malformed"
    NOTHING_TO_RUN = "nothing_to_run"
    KEY_UNKNOWN = "key_unknown"
    KEY_MISSING = "key_missing"
    KEY_REPEATED = "key_repeated"
    VALUE_MALFORMED = "value_malformed"
    VALUE_AMBIGUOUS = "value_ambiguous"
    VALUE_CONTRADICTORY = "value_contradictory"
    CASE_REPEATED = "case_repeated"
    TERMS_UNKNOWN = "terms_unknown"
    TERMS_MALFORMED = "terms_malformed"
    TERMS_CANNOT_RUN = "terms_cannot_run"
    CATALOGUE_UNKNOWN = "catalogue_unknown"
    CATALOGUE_MALFORMED = "catalogue_malformed"
    CONFIGURATION_IMPOSSIBLE = "configuration_impossible"
    COMMAND_UNKNOWN = "command_unknown"
    COMMAND_MISSING = "command_missing"
    ACTOR_UNKNOWN = "actor_unknown"
    ACTOR_AMBIGUOUS = "actor_ambiguous"
    REASON_UNKNOWN = "reason_unknown"
    RULE_UNKNOWN = "rule_unknown"
    ORDER_UNKNOWN = "order_unknown"
    ORDER_REPEATED = "order_repeated"
    DATE_OUT_OF_ORDER = "date_out_of_order"
    AFTER_THE_END = "after_the_end"
    NOTHING_TO_FILL_IN = "nothing_to_fill_in"
    EXPECTATION_UNKNOWN = "expectation_unknown"
    EXPECTATIONS_CONTRADICT = "expectations_contradict"
    EXPECTATION_BEFORE_ORDER = "expectation_before_order"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault: file, line (from 1), the key it is about, its code, and what would be right."""

    file: str
    line: int
    key: str
    code: FaultCode
    message: str

    def __str__(self) -> str:
        """The fault on one line, as editors and people jump to it."""
        about = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}: {about}{self.message} [{self.code}]"


class Impossible(Exception):
    """A case came to a point that cannot be, for example a step after the end of its order."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault for whoever reports it."""
        super().__init__(str(fault))
        self.fault = fault


MOST_WORDS = 12
"""How many known words a fault lists; of more it names those that come closest."""


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or which ones there are."""
    words = sorted(known)
    close = difflib.get_close_matches(wrong, words, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]}?"
    if len(words) <= MOST_WORDS:
        return f"There are: {', '.join(words)}."
    nearest = difflib.get_close_matches(wrong, words, n=MOST_WORDS, cutoff=0.0)
    return f"There are {len(words)}, closest {', '.join(nearest)}; `earnest case schema` has all."
