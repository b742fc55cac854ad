"""A terms version: policy and clause texts under one hash.

Not here: orders. They refer to a version by its hash and never to "the current terms".
"""

from __future__ import annotations

import hashlib
from functools import cache

import msgspec

from earnest.core.terms.policy import Policy
from earnest.core.values.ids import TermsHash
from earnest.core.values.instant import Instant

_LATER_NUMBERS = ("deposit_back_if_taken_days",)
"""Numbers of a policy that came after versions were published; zero is as if they were not there,
and no part of what is digested."""


@cache
def _digest(text: str) -> str:
    """Every order of a launch acknowledges the same few texts, so each is digested once."""
    return hashlib.sha256(text.encode()).hexdigest()


class Clause(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One clause in every language of the terms.

    A `material` clause has major impact and needs its own acknowledgement to become part of
    the contract (CN-03, Civil Code 496). One that is not `executed` is for people to keep: no
    rule of the engine stands behind it, and its text says so.
    """

    clause_id: str
    material: bool
    texts: dict[str, str]
    executed: bool = True

    def text_hash(self, language: str) -> str:
        """The digest of exactly what the buyer was shown in this language."""
        return _digest(self.texts[language])


class TermsVersion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Exact text and numbers; `terms_hash` follows from all other fields.

    `source` is the document exactly as it was published, from which policy and clauses can be
    made again at any time by a compiler of the same `edition`. Defaults are left out of what is
    digested, so that a version from before a field existed keeps its hash.
    """

    version: str
    seller: str
    payee: str
    policy: Policy
    clauses: tuple[Clause, ...]
    source: str = ""
    edition: int = 0

    @property
    def terms_hash(self) -> TermsHash:
        """The digest by which orders, acknowledgements and audits name this version."""
        plain = msgspec.to_builtins(self, order="deterministic")
        for name in _LATER_NUMBERS:
            if not plain["policy"][name]:
                del plain["policy"][name]
        document = msgspec.json.encode(plain)
        return TermsHash(hashlib.sha256(document).hexdigest())

    def clause(self, clause_id: str) -> Clause | None:
        """The clause with this id, if the version has it."""
        return next((clause for clause in self.clauses if clause.clause_id == clause_id), None)


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence that a clause was shown and accepted on its own (CN-03)."""

    clause_id: str
    text_hash: str
    language: str
    at: Instant


FORFEITURE_CLAUSE = "forfeiture"
"""The clause without whose acknowledgement no earnest money is ever forfeited."""

LOCK_CLAUSE = "lock_effect"
"""The clause that says what an early lock gives up."""

DEFERRAL_CLAUSE = "deferral"
"""The clause that says what silence after a deferral can lead to."""

STORAGE_CLAUSE = "storage"
"""The clause without whose acknowledgement no storage is ever charged."""

ACCEPTANCE_CLAUSE = "terms"
"""The clause by which the buyer accepts the version as a whole."""


def acknowledged_as_shown(acknowledgement: Acknowledgement, version: TermsVersion) -> bool:
    """Whether the acknowledged digest is the one of the clause's own text in that language."""
    clause = version.clause(acknowledgement.clause_id)
    if clause is None or acknowledgement.language not in clause.texts:
        return False
    return clause.text_hash(acknowledgement.language) == acknowledgement.text_hash
