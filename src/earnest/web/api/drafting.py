"""GET /terms and POST /terms/draft: every version, and what a document would say and change.

Nothing is stored by drafting. Not here: publishing (`terms.py`) and putting on sale (`offers.py`).
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.terms.compile import compile_terms
from earnest.core.terms.diff import Difference, Verdict, differences, verdict
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.report import Report, report
from earnest.core.terms.reading import read_document
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import QueueId, TermsHash
from earnest.core.values.instant import Instant
from earnest.desk.curing import cured_text
from earnest.web.api.documents import ClauseShown
from earnest.web.api.linting import LONGEST_DOCUMENT
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Name

MOST_VERSIONS = 200


class DraftAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A terms document, the version to compare it with, and whether to cure it first."""

    document: Annotated[str, Meta(max_length=LONGEST_DOCUMENT)]
    name: Name = "terms.toml"
    against: Name | None = None
    cure: bool = False


async def list_terms(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Every version, the newest first, and where it is or will be on sale."""
    offers = house.desk.library.offers()
    lines = tuple(
        TermsLine(
            terms_hash=each.terms_hash,
            version=each.version,
            published_at=each.published_at,
            published_by=each.published_by,
            sold_in=tuple(
                sorted({offer.queue_id for offer in offers if offer.terms_hash == each.terms_hash})
            ),
        )
        for each in await house.reader.terms_versions(MOST_VERSIONS)
    )
    return Reply(value=TermsList(versions=lines))


async def draft_terms(house: House, asked: Asked, wanted: DraftAsked) -> Reply:  # noqa: ARG001 - as all
    """What the document says, what is unfair in it, and what differs. Nothing is stored."""
    before = None
    if wanted.against is not None:
        before = await house.reader.terms(TermsHash(wanted.against))
        if before is None:
            raise TurnedAway(DoorCode.TERMS_UNKNOWN)
    # Reading, linting and curing take a fifth of a second, in which nobody else should wait.
    return Reply(value=await asyncio.to_thread(_draft, wanted, before))


def _draft(wanted: DraftAsked, before: TermsVersion | None) -> DraftShown:
    text = wanted.document
    document = read_document(text, wanted.name)
    if wanted.cure and isinstance(document, TermsDocument):
        text = cured_text(text, document, wanted.name)
        document = read_document(text, wanted.name)
    clauses, changes = _clauses(document, text), _changes(document, before)
    return DraftShown(
        document=text,
        report=report(text, wanted.name),
        clauses=clauses,
        differences=changes,
        verdict=verdict(changes) if changes else None,
    )


def _clauses(document: TermsDocument | object, text: str) -> tuple[ClauseShown, ...]:
    """The contract as buyers would read it; nothing of a document that cannot run."""
    if not isinstance(document, TermsDocument):
        return ()
    compiled = compile_terms(document, text)
    if not isinstance(compiled, TermsVersion):
        return ()
    return tuple(
        ClauseShown(
            clause_id=each.clause_id,
            material=each.material,
            executed=each.executed,
            texts=each.texts,
            text_hashes={language: each.text_hash(language) for language in each.texts},
        )
        for each in compiled.clauses
    )


def _changes(
    document: TermsDocument | object, before: TermsVersion | None
) -> tuple[Difference, ...]:
    if before is None or not isinstance(document, TermsDocument):
        return ()
    earlier = read_document(before.source, before.version)
    return differences(earlier, document) if isinstance(earlier, TermsDocument) else ()


class TermsLine(msgspec.Struct, frozen=True, kw_only=True):
    """A version in a list; `sold_in` are the queues in which it is, was or will be on sale."""

    terms_hash: TermsHash
    version: str
    published_at: Instant | None
    published_by: str | None
    sold_in: tuple[QueueId, ...]


class TermsList(msgspec.Struct, frozen=True):
    """Every version, the newest first."""

    versions: tuple[TermsLine, ...]


class DraftShown(msgspec.Struct, frozen=True, kw_only=True):
    """What a document would be: its text (cured, if asked), findings, clauses and differences."""

    document: str
    report: Report
    clauses: tuple[ClauseShown, ...]
    differences: tuple[Difference, ...]
    verdict: Verdict | None


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/terms",
            operation="listTerms",
            summary="Every version of the terms, the newest first.",
            tag="terms",
            access=Access.EDITORS,
            takes=NoInput,
            handler=list_terms,
            gives=TermsList,
        ),
        Route(
            method="POST",
            path="/terms/draft",
            operation="draftTerms",
            summary="What a document would say and change, with what is unfair in it.",
            description="Nothing is stored. With `cure` the document comes back mended.",
            tag="terms",
            access=Access.EDITORS,
            takes=DraftAsked,
            handler=draft_terms,
            gives=DraftShown,
            codes=(DoorCode.TERMS_UNKNOWN,),
        ),
    ]
