"""GET /orders/{order_id}/papers and /papers/{paper}: contract, receipts, record of the handover.

PDF files to read and to keep, for as long as the order is known. Not here: what stands in them
(`desk/papers`) and the dispute pack (`packs.py`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.order.state import Order
from earnest.core.values.ids import OrderId
from earnest.core.values.reason import Reason
from earnest.desk.papers.writing import Paper, PaperSources, papers_of, sheet_of
from earnest.desk.sights import Seen, SightKind
from earnest.web.codes import DoorCode
from earnest.web.finding import key_of, order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Language


class PaperAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In which language; without one, the request's own."""

    language: Language | None = None


async def list_papers(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """What papers there are for an order."""
    order = await order_asked_for(house, asked)
    return Reply(value=Papers(order_id=order.order_id, papers=papers_of(order)))


async def show_paper(house: House, asked: Asked, wanted: PaperAsked) -> Reply:
    """One of the papers as PDF. The same state of the order gives the same bytes."""
    order = await order_asked_for(house, asked)
    name = asked.path["paper"]
    paper = next((each for each in papers_of(order) if each.name == name), None)
    if paper is None:
        raise TurnedAway(DoorCode.PAPER_UNKNOWN)
    language = wanted.language or asked.language
    content = await house.documents.pdf(sheet_of(paper, await _sources(house, order), language))
    disposition = f'inline; filename="{order.order_id}-{paper.name}.pdf"'
    headers = [(b"content-disposition", disposition.encode())]
    seen = (Seen(kind=SightKind.PAPERS, of=(key_of(order),)),)
    return Reply(raw=content, media_type="application/pdf", headers=headers, seen=seen)


async def _sources(house: House, order: Order) -> PaperSources:
    facts = await house.desk.library.facts_to_read(order)
    profile = await house.register.buyer(order.buyer_id)
    return PaperSources(
        order=order,
        events=[each.event for each in await house.reader.events(key_of(order))],
        terms=facts.terms,
        catalogue=facts.catalogue,
        buyer_name="" if profile is None else profile.name,
    )


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """The papers of an order, by the names under which each can be read."""

    order_id: OrderId
    papers: tuple[Paper, ...]


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/orders/{order_id}/papers",
            operation="listPapers",
            summary="The papers of an order: contract, receipts, record of the handover.",
            tag="orders",
            access=Access.READERS,
            takes=NoInput,
            handler=list_papers,
            gives=Papers,
            codes=(Reason.ORDER_UNKNOWN,),
        ),
        Route(
            method="GET",
            path="/orders/{order_id}/papers/{paper}",
            operation="showPaper",
            summary="One of the papers of an order, as PDF.",
            tag="orders",
            access=Access.READERS,
            takes=PaperAsked,
            handler=show_paper,
            gives=None,
            gives_file=("application/pdf",),
            codes=(Reason.ORDER_UNKNOWN, DoorCode.PAPER_UNKNOWN),
        ),
    ]
