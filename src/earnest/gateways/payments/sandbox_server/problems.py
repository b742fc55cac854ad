"""Refusals of the sandbox as values, and their form on the wire (RFC 9457).

They are answers to a caller who can do something about it, never reports of a bug.
"""

import msgspec
from msgspec import Struct

PROBLEM_TYPE = "application/problem+json"


class Problem(Struct, frozen=True):
    """A refusal: HTTP status, stable code, and what to do."""

    status: int
    code: str
    explanation: str


class ProblemDocument(Struct, frozen=True, kw_only=True):
    """The RFC 9457 form; ``type`` is left out, which means ``about:blank`` by that standard."""

    title: str
    status: int
    code: str
    detail: str


def document(problem: Problem) -> bytes:
    """Return the problem as RFC 9457 JSON; the title is the code in words."""
    return msgspec.json.encode(
        ProblemDocument(
            title=problem.code.replace("_", " ").capitalize(),
            status=problem.status,
            code=problem.code,
            detail=problem.explanation,
        )
    )
