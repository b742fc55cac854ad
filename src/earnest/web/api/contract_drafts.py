"""POST /contract-drafts and /contract-drafts/file: the contract as it would be concluded now.

It is written by what writes the contract of an order, from the order that would be made, and has
the digest that the order will have. Nothing is stored. Not here: the contract of an order
(`papers.py`), and what runs for one (`contracts.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.catalogue.configuration import Configuration, PriceLine
from earnest.core.order.contract import agreed_now
from earnest.core.order.effective import not_incorporated
from earnest.core.values.ids import CatalogueHash, QueueId, TermsHash
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money
from earnest.core.values.reason import Reason
from earnest.desk.papers.writing import DRAFT, Paper, PaperSources, sheet_of
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access, owner_of
from earnest.web.imagining import OrderToBe, order_to_be
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import MOST_ITEMS, AskedConfiguration, Language, Name


class DraftAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A selection in a queue, the clauses that would not be acknowledged, and the language."""

    queue_id: Name
    configuration: AskedConfiguration
    without: Annotated[tuple[Name, ...], Meta(max_length=MOST_ITEMS)] = ()
    language: Language | None = None


async def show_draft(house: House, asked: Asked, wanted: DraftAsked) -> Reply:
    """The contract as data."""
    to_be = await _to_be(house, asked, wanted)
    order, terms = to_be.imagined.deposited, to_be.facts.terms
    language = wanted.language or asked.language
    missing = not_incorporated(order, terms)
    return Reply(
        value=ContractDraft(
            digest=agreed_now(order).digest,
            terms_hash=order.terms_hash,
            version=terms.version,
            seller=terms.seller,
            payee=terms.payee,
            catalogue_hash=order.catalogue_hash,
            configuration=order.configuration,
            lines=to_be.quoted.lines,
            price=order.price,
            deposit=order.deposit,
            promise=order.binding_promise,
            made_at=asked.received_at,
            clauses=tuple(
                DraftClause(
                    clause_id=each.clause_id,
                    material=each.material,
                    is_incorporated=each.clause_id not in missing,
                    text=each.texts[language],
                    text_hash=each.text_hash(language),
                )
                for each in terms.clauses
            ),
        )
    )


async def show_draft_file(house: House, asked: Asked, wanted: DraftAsked) -> Reply:
    """The contract as PDF, marked as not concluded."""
    to_be = await _to_be(house, asked, wanted)
    profile = await house.register.buyer(owner_of(asked.by))
    sources = PaperSources(
        order=to_be.imagined.deposited,
        events=(),
        terms=to_be.facts.terms,
        catalogue=to_be.facts.catalogue,
        buyer_name="" if profile is None else profile.name,
    )
    paper = Paper(name=DRAFT, kind=DRAFT, made_at=asked.received_at)
    content = await house.documents.pdf(sheet_of(paper, sources, wanted.language or asked.language))
    headers = [(b"content-disposition", b'inline; filename="contract-draft.pdf"')]
    return Reply(raw=content, media_type="application/pdf", headers=headers)


async def _to_be(house: House, asked: Asked, wanted: DraftAsked) -> OrderToBe:
    configuration = wanted.configuration.meant(asked.received_at)
    queue_id = QueueId(wanted.queue_id)
    to_be = await order_to_be(house, asked, queue_id, configuration, wanted.without)
    if to_be.obstacle is not None:
        raise TurnedAway(to_be.obstacle.reason, to_be.obstacle.details)
    return to_be


class DraftClause(msgspec.Struct, frozen=True, kw_only=True):
    """A clause, and whether it would be part of the contract (CN-03)."""

    clause_id: str
    material: bool
    is_incorporated: bool
    text: str
    text_hash: str


class ContractDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The contract that would be concluded now. Nothing is concluded by reading it.

    `digest` is the one that the order will have if it is made like this. `promise` is foreseen now
    and fixed when the order is made; the digest does not cover it.
    """

    digest: str
    terms_hash: TermsHash
    version: str
    seller: str
    payee: str
    catalogue_hash: CatalogueHash
    configuration: Configuration
    lines: tuple[PriceLine, ...]
    price: Money
    deposit: Money
    promise: Window
    made_at: Instant
    clauses: tuple[DraftClause, ...]


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    common: dict[str, Any] = {
        "method": "POST",
        "tag": "shop",
        "access": Access.BUYER,
        "takes": DraftAsked,
        "codes": (
            DoorCode.CATALOGUE_UNKNOWN,
            Reason.SALE_NOT_OPEN,
            Reason.NO_PLANT_BUILDS_IT,
            Reason.BEYOND_HORIZON,
        ),
    }
    return [
        Route(
            path="/contract-drafts",
            operation="draftContract",
            summary="The contract as it would be concluded now, with the digest it will have.",
            description="Nothing is concluded or stored by asking for it.",
            handler=show_draft,
            gives=ContractDraft,
            **common,
        ),
        Route(
            path="/contract-drafts/file",
            operation="draftContractFile",
            summary="The same as PDF, marked as not concluded.",
            handler=show_draft_file,
            gives=None,
            gives_file=("application/pdf",),
            **common,
        ),
    ]
