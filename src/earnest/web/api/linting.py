"""POST /terms/lint: what is unfair in a terms document, by which law, and what would be right.

Nothing is stored. Not here: the checks (`core/terms/lint`) and publishing.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.terms.lint.report import Report, report
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import Name

LONGEST_DOCUMENT = 50_000
"""Characters; the longest shipped example has 3,000."""


class LintAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A terms document as TOML, and the name under which faults and findings speak of it."""

    document: Annotated[str, Meta(max_length=LONGEST_DOCUMENT)]
    name: Name = "terms.toml"


async def lint_terms(house: House, asked: Asked, wanted: LintAsked) -> Reply:  # noqa: ARG001 - as all
    """Every fault of a document that cannot be read, else every finding, gravest first."""
    # A document at the limit takes a fifth of a second, in which nobody else should wait.
    return Reply(value=await asyncio.to_thread(report, wanted.document, wanted.name))


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/terms/lint",
            operation="lintTerms",
            summary="What is unfair in a terms document, and what would be right.",
            description="A document that cannot be read is answered as well: `faults` say why.",
            tag="terms",
            access=Access.PUBLIC,
            takes=LintAsked,
            handler=lint_terms,
            gives=Report,
        )
    ]
