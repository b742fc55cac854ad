"""POST /terms, and what was published to keep: contract, document, and the acts of publishing.

Not here: a version as JSON (`documents.py`) and putting it on sale (`offers.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.terms.paper import markdown
from earnest.core.terms.publishing import Unpublishable
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import QueueId, TermsHash
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.group import KeyReused
from earnest.desk.ports import Publication
from earnest.desk.publishing import Act, publish_terms
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.reading import idempotency_key
from earnest.web.revealing import price_is_hidden
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Language
from earnest.web.telling_terms import FindingShown, findings_shown

LARGEST_DOCUMENT = 131_072
"""Bytes; the longest shipped example has four thousand."""

_FOR_EVER = (b"cache-control", b"public, max-age=31536000, immutable")


class DocumentNamed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The name by which faults call the document."""

    name: Annotated[str, Meta(min_length=1, max_length=200)] = "terms.toml"


class InLanguage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The language of a contract."""

    language: Language = "zh-Hans"


async def add_terms(house: House, asked: Asked, named: DocumentNamed) -> Reply:
    """Publish a document. Faults and grave findings are listed, and then nothing is published."""
    try:
        source = asked.content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise TurnedAway(DoorCode.ENCODING_WRONG, {"line": str(line)}) from error
    outcome = await publish_terms(house.shelf, act_of(asked), source, named.name)
    if isinstance(outcome, Unpublishable):
        code = Reason.TERMS_FAULTY if outcome.faults else Reason.TERMS_UNFAIR
        count = str(len(outcome.faults) or len(outcome.findings))
        raise TurnedAway(code, {"count": count}, lists=outcome)
    return Reply(status=201, value=publication_shown(published_only(outcome), asked.language))


def act_of(asked: Asked) -> Act:
    """Who asks for a publication, and by which key."""
    return Act(
        actor_id=asked.by.actor.actor_id,
        key=idempotency_key(asked.headers),
        content_hash=asked.content_hash,
        received_at=asked.received_at,
    )


def published_only(outcome: Publication | Rejected | KeyReused) -> Publication:
    """The publication on record; otherwise the request is turned away."""
    if isinstance(outcome, KeyReused):
        raise TurnedAway(DoorCode.KEY_REUSED)
    if isinstance(outcome, Rejected):
        raise TurnedAway(outcome.reason, outcome.details)
    return outcome


async def show_contract(house: House, asked: Asked, wanted: InLanguage) -> Reply:
    """The contract as Markdown, the same for ever."""
    version = await _version(house, asked)
    text = markdown(version, wanted.language)
    return Reply(raw=text.encode(), media_type="text/markdown", headers=[_FOR_EVER])


async def show_source(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The document exactly as it was published, from which anybody can compile the version."""
    version = await _version(house, asked)
    if price_is_hidden(house, version.terms_hash, asked.received_at):
        raise TurnedAway(DoorCode.TERMS_UNKNOWN)
    return Reply(
        raw=version.source.encode(),
        media_type="application/toml",
        headers=[_FOR_EVER],
    )


async def list_publications(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Who published these terms, who put them on sale, when, and what the linter said then."""
    version = await _version(house, asked)
    found = await house.shelf.publications(version.terms_hash)
    shown = tuple(publication_shown(each, asked.language) for each in found)
    return Reply(value=PublicationsShown(publications=shown))


async def _version(house: House, asked: Asked) -> TermsVersion:
    version = await house.reader.terms(TermsHash(asked.path["terms_hash"]))
    if version is None:
        raise TurnedAway(DoorCode.TERMS_UNKNOWN)
    return version


class PublicationShown(msgspec.Struct, frozen=True, kw_only=True):
    """An act of publishing terms, or of putting them on sale."""

    kind: str
    terms_hash: TermsHash
    published_by: str
    published_at: Instant
    findings: tuple[FindingShown, ...]
    queue_id: QueueId | None
    opens_at: Instant | None


class PublicationsShown(msgspec.Struct, frozen=True):
    """Every act about one version, the oldest first."""

    publications: tuple[PublicationShown, ...]


def publication_shown(publication: Publication, language: str) -> PublicationShown:
    """An act in the reader's language."""
    return PublicationShown(
        kind=publication.kind.value,
        terms_hash=publication.terms_hash,
        published_by=publication.actor_id,
        published_at=publication.published_at,
        findings=findings_shown(publication.findings, language),
        queue_id=publication.queue_id,
        opens_at=publication.opens_at,
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/terms",
            operation="publishTerms",
            summary="Publish a terms document, if the linter lets it pass.",
            description="The body is the TOML file. A document with faults or with findings of "
            "severity S1 is refused with the list of them, and nothing is published.",
            tag="terms",
            access=Access.EDITORS,
            takes=DocumentNamed,
            handler=add_terms,
            gives=PublicationShown,
            status=201,
            needs_key=True,
            largest_upload=LARGEST_DOCUMENT,
            codes=(
                Reason.TERMS_FAULTY,
                Reason.TERMS_UNFAIR,
                Reason.VERSION_TAKEN,
                DoorCode.ENCODING_WRONG,
                DoorCode.KEY_REUSED,
            ),
        ),
        Route(
            method="GET",
            path="/terms/{terms_hash}/contract",
            operation="showContract",
            summary="The contract of a version as Markdown, clause by clause.",
            tag="terms",
            access=Access.PUBLIC,
            takes=InLanguage,
            handler=show_contract,
            gives=str,
            gives_file=("text/markdown",),
            is_cacheable=True,
            codes=(DoorCode.TERMS_UNKNOWN,),
        ),
        Route(
            method="GET",
            path="/terms/{terms_hash}/source",
            operation="showSource",
            summary="The document of a version, exactly as it was published.",
            tag="terms",
            access=Access.PUBLIC,
            takes=NoInput,
            handler=show_source,
            gives=str,
            gives_file=("application/toml",),
            is_cacheable=True,
            codes=(DoorCode.TERMS_UNKNOWN,),
        ),
        Route(
            method="GET",
            path="/terms/{terms_hash}/publications",
            operation="listPublications",
            summary="Who published a version and put it on sale, and when.",
            tag="terms",
            access=Access.EDITORS,
            takes=NoInput,
            handler=list_publications,
            gives=PublicationsShown,
            codes=(DoorCode.TERMS_UNKNOWN,),
        ),
    ]
