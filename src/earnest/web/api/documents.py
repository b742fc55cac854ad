"""GET /terms/{terms_hash} and /catalogues/{catalogue_hash}: published documents, by digest.

What has a digest never changes, so whoever has it may keep it for ever. Not here: publishing.
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.catalogue.model import Model
from earnest.core.terms.policy import Policy
from earnest.core.values.ids import CatalogueHash, TermsHash
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.reading import is_known_version
from earnest.web.revealing import price_is_hidden, readable_catalogue
from earnest.web.route import Asked, NoInput, Reply, Route

_FOR_EVER = b"public, max-age=31536000, immutable"


async def show_terms(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """A version of the terms: the numbers that run, and every clause in every language."""
    terms_hash = TermsHash(asked.path["terms_hash"])
    version = await house.reader.terms(terms_hash)
    if version is None:
        raise TurnedAway(DoorCode.TERMS_UNKNOWN)
    shown = TermsShown(
        terms_hash=terms_hash,
        version=version.version,
        seller=version.seller,
        payee=version.payee,
        policy=version.policy,
        clauses=tuple(
            ClauseShown(
                clause_id=clause.clause_id,
                material=clause.material,
                executed=clause.executed,
                texts=clause.texts,
                text_hashes={language: clause.text_hash(language) for language in clause.texts},
            )
            for clause in version.clauses
        ),
        source=version.source,
    )
    if price_is_hidden(house, terms_hash, asked.received_at):
        # The document names the lowest price; it is there from the reveal on.
        masked = msgspec.structs.replace(shown, source="")
        return Reply(value=masked, headers=[(b"cache-control", b"no-store")])
    return _unchanging(asked, terms_hash, shown)


async def show_catalogue(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """A version of the catalogue: models, choices, options, rules, prices."""
    catalogue_hash = CatalogueHash(asked.path["catalogue_hash"])
    catalogue = await readable_catalogue(house, catalogue_hash, asked.received_at)
    shown = CatalogueShown(
        catalogue_hash=catalogue_hash, version=catalogue.version, models=catalogue.models
    )
    return _unchanging(asked, catalogue_hash, shown)


class ClauseShown(msgspec.Struct, frozen=True, kw_only=True):
    """A clause with its text and the text's digest per language; acknowledge by the digest."""

    clause_id: str
    material: bool
    executed: bool
    texts: dict[str, str]
    text_hashes: dict[str, str]


class TermsShown(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the terms. `policy` holds the numbers exactly as they run.

    `source` is the document from which both they and the texts were made; it is empty while a
    campaign has not revealed its prices.
    """

    terms_hash: TermsHash
    version: str
    seller: str
    payee: str
    policy: Policy
    clauses: tuple[ClauseShown, ...]
    source: str


class CatalogueShown(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the catalogue. Prices include value-added tax."""

    catalogue_hash: CatalogueHash
    version: str
    models: tuple[Model, ...]


def _unchanging(asked: Asked, digest: str, shown: msgspec.Struct) -> Reply:
    etag = f'"{digest}"'.encode("ascii", "replace")
    headers = [(b"etag", etag), (b"cache-control", _FOR_EVER)]
    if is_known_version(asked.headers, etag):
        return Reply(status=304, headers=headers)
    return Reply(value=shown, headers=headers)


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/terms/{terms_hash}",
            operation="showTerms",
            summary="A version of the terms, by its hash.",
            tag="shop",
            access=Access.PUBLIC,
            takes=NoInput,
            handler=show_terms,
            gives=TermsShown,
            has_etag=True,
            is_cacheable=True,
            codes=(DoorCode.TERMS_UNKNOWN,),
        ),
        Route(
            method="GET",
            path="/catalogues/{catalogue_hash}",
            operation="showCatalogue",
            summary="A version of the catalogue, by its hash.",
            tag="shop",
            access=Access.PUBLIC,
            takes=NoInput,
            handler=show_catalogue,
            gives=CatalogueShown,
            has_etag=True,
            is_cacheable=True,
            codes=(DoorCode.CATALOGUE_UNKNOWN,),
        ),
    ]
