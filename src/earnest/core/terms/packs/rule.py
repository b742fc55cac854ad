"""A rule of law and how Earnest holds it, and what is found when a document does not.

Not here: the rules themselves, which stand in the folder of their pack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TypeAlias

import msgspec

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.sections.ordering import Jurisdiction


class Severity(StrEnum):
    """What follows when a rule is broken."""

    S1 = "S1"
    """The term is void or the seller owes money; it blocks publishing."""

    S2 = "S2"
    """A penalty by an authority, or a term that can probably not be enforced."""

    S3 = "S3"
    """Good practice."""


class Held(StrEnum):
    """How Earnest holds a rule."""

    LINTED = "linted"
    """The linter finds documents that break it."""

    ENFORCED = "enforced"
    """A running order cannot break it: a type, a rule of the core or a constraint says no."""

    EVIDENCED = "evidenced"
    """A process leaves the evidence that the rule asks for."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule: its provision, what it says in our words, and where Earnest holds it.

    `where` names functions or types as `module:name` below `earnest`; `tests` names test
    functions as `path::name`. A test proves that all of them exist.
    """

    rule_id: str
    jurisdiction: Jurisdiction
    provision: str
    says: str
    severity: Severity
    held: tuple[Held, ...]
    where: tuple[str, ...]
    tests: tuple[str, ...]


class Cure(msgspec.Struct, frozen=True):
    """A changed parameter that mends a finding: the key as `section.name`, and its new value."""

    key: str
    value: str | int | bool | tuple[str, ...]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one parameter of a document, why, and what would be right.

    `key` is where the document says it (`balance_due.when`), `clause_id` the clause whose text
    comes of it, `rule_ids` the provisions, `pattern` the number in the list of patterns, if any.
    `why` has a sentence in every language of the project.
    """

    key: str
    clause_id: str
    rule_ids: tuple[str, ...]
    severity: Severity
    why: dict[str, str]
    cures: tuple[Cure, ...]
    pattern: int | None = None


Check: TypeAlias = Callable[[TermsDocument], Iterable[Finding]]
"""Finds what a document does against one rule or pattern. Pure."""
