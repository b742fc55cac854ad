"""GET /orders/{order_id}/dispute-pack: everything about an order, as JSON or as PDF.

Not here: what stands in it (`desk/pack`) and the setting of pages (`gateways/documents`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from earnest.core.values.reason import Reason
from earnest.desk.pack.assemble import assemble
from earnest.desk.pack.gather import gather
from earnest.desk.pack.pack import written
from earnest.desk.pack.writing import sheet_of
from earnest.desk.sights import Seen, SightKind
from earnest.web.api.cases import READS_EVIDENCE
from earnest.web.finding import key_of, order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import Language


class PackFormat(StrEnum):
    """How a pack leaves: for programs, or for people."""

    JSON = "json"
    PDF = "pdf"


MEDIA_TYPES = {PackFormat.JSON: "application/json", PackFormat.PDF: "application/pdf"}


class PackAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In which form and language; without one, the request's own language."""

    format: PackFormat = PackFormat.JSON
    language: Language | None = None


async def show_pack(house: House, asked: Asked, wanted: PackAsked) -> Reply:
    """The dispute pack, as a file to keep. The same state gives the same bytes."""
    order = await order_asked_for(house, asked)
    sources = await gather(order, house.reader, house.notices, house.register)
    pack = assemble(sources, wanted.language or asked.language)
    if wanted.format is PackFormat.PDF:
        content = await house.documents.pdf(sheet_of(pack))
    else:
        content = written(pack)
    name = f"{order.order_id}-dispute-pack-{order.sequence}.{wanted.format}"
    return Reply(
        raw=content,
        media_type=MEDIA_TYPES[wanted.format],
        headers=[(b"content-disposition", f'attachment; filename="{name}"'.encode())],
        seen=(Seen(kind=SightKind.DISPUTE_PACK, of=(key_of(order),)),),
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/orders/{order_id}/dispute-pack",
            operation="showDisputePack",
            summary="Everything about an order, for a court or an authority.",
            description=(
                "Timeline, terms as accepted, acknowledgements, agreements, promises, notices with "
                "proof, evidence by digest, decisions, signatures, settlement and every posting, "
                "with one digest over all of it."
            ),
            tag="cases",
            access=Access.CONFIDANTS,
            roles=READS_EVIDENCE,
            takes=PackAsked,
            handler=show_pack,
            gives=None,
            gives_file=tuple(MEDIA_TYPES.values()),
            codes=(Reason.ORDER_UNKNOWN,),
        )
    ]
