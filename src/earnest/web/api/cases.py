"""GET /orders/{order_id}/cases and /evidence, POST and GET of single pieces of evidence.

Evidence is hostile until proven otherwise: its type is told by its bytes, its size is bounded
while it arrives, and it is never shown in place: it leaves as a file to keep. Not here: opening,
answering and closing cases, which are commands (`commands.py`).
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.cases.case import CaseFact
from earnest.core.cases.evidence import (
    ENDINGS,
    LARGEST_BYTES,
    LONGEST_DESCRIPTION,
    EvidenceFact,
    EvidenceKind,
    MediaType,
    digest_of,
    media_type_of,
)
from earnest.core.order.actor import Role
from earnest.core.order.authority import AUTHORITY
from earnest.core.order.commands import AddEvidence
from earnest.core.order.decide import decide
from earnest.core.order.state import Order
from earnest.core.values.ids import OrderId
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.sights import Seen, SightKind, cases_seen
from earnest.web.codes import DoorCode
from earnest.web.deciding import accepted_only
from earnest.web.finding import key_of, order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.reading import expected_sequence, idempotency_key
from earnest.web.route import Asked, NoInput, Reply, Route

READS_EVIDENCE = frozenset({Role.SALES, Role.FINANCE, Role.DELIVERY})
"""Staff who handle disputes and so may read what is personal; planning does not."""

_TO_KEEP = [
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
"""With `nosniff` and `attachment`: a browser runs nothing of it, whatever it may contain."""


class EvidenceAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is filed: its kind, a sentence on what it shows, and the case it belongs to."""

    kind: EvidenceKind
    description: Annotated[str, Meta(min_length=1, max_length=LONGEST_DESCRIPTION)]
    case_number: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None


async def add_evidence(house: House, asked: Asked, wanted: EvidenceAsked) -> Reply:
    """File a piece of evidence. The rules are asked first, so that nothing is kept in vain."""
    key, sequence = idempotency_key(asked.headers), expected_sequence(asked.headers)
    order = await order_asked_for(house, asked)
    media_type = await asyncio.to_thread(media_type_of, asked.content)
    if media_type is None:
        raise TurnedAway(Reason.EVIDENCE_TYPE_UNSUITABLE, {"kind": wanted.kind.value})
    command = AddEvidence(
        buyer_id=order.buyer_id,
        order_id=order.order_id,
        actor=asked.by.actor,
        key=key,
        received_at=asked.received_at,
        expected_sequence=sequence,
        evidence_kind=wanted.kind,
        digest=await asyncio.to_thread(digest_of, asked.content),
        media_type=media_type,
        size_bytes=len(asked.content),
        description=wanted.description,
        case_number=wanted.case_number,
    )
    facts = await house.desk.library.facts_to_read(order)
    if not isinstance(decide(order, command, facts, asked.received_at), Rejected):
        await house.contents.keep(key_of(order), command.digest, asked.content, asked.received_at)
    answer = accepted_only(await house.desk.submit(command, asked.content_hash))
    after = await order_asked_for(house, asked)
    filed = [piece for piece in after.evidence if piece.digest == command.digest]
    return Reply(value=filed[-1], status=201, headers=[(b"etag", b'"%d"' % answer.sequence)])


async def show_cases(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Every dispute of an order with its clocks, its answer, its decision and its evidence."""
    order = await order_asked_for(house, asked)
    return Reply(
        seen=cases_seen(order),
        value=Cases(
            order_id=order.order_id,
            cases=order.cases,
            evidence=order.evidence,
        ),
    )


async def show_evidence(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """One piece of evidence, as a file to keep."""
    order = await order_asked_for(house, asked)
    piece = _piece(order, asked.path["number"])
    content = await house.contents.content(key_of(order), piece.digest)
    if content is None:
        raise TurnedAway(DoorCode.EVIDENCE_UNKNOWN, {"number": asked.path["number"]})
    name = f"{order.order_id}-evidence-{piece.number}.{ENDINGS[piece.media_type]}"
    return Reply(
        raw=content,
        media_type=piece.media_type.value,
        seen=(Seen(kind=SightKind.EVIDENCE, of=(key_of(order),)),),
        headers=[
            (b"content-disposition", f'attachment; filename="{name}"'.encode()),
            *_TO_KEEP,
        ],
    )


class Cases(msgspec.Struct, frozen=True, kw_only=True):
    """The disputes of an order and every piece of evidence; contents are read one by one."""

    order_id: OrderId
    cases: tuple[CaseFact, ...]
    evidence: tuple[EvidenceFact, ...]


def _piece(order: Order, number: str) -> EvidenceFact:
    piece = order.piece(int(number)) if number.isascii() and number.isdigit() else None
    if piece is None:
        raise TurnedAway(DoorCode.EVIDENCE_UNKNOWN, {"number": number})
    return piece


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/orders/{order_id}/cases",
            operation="showCases",
            summary="The disputes of an order, and its evidence.",
            tag="cases",
            access=Access.READERS,
            takes=NoInput,
            handler=show_cases,
            gives=Cases,
            codes=(Reason.ORDER_UNKNOWN,),
        ),
        Route(
            method="POST",
            path="/orders/{order_id}/evidence",
            operation="addEvidence",
            summary="File a piece of evidence: the body is the file.",
            description=(
                "JPEG, PNG, WebP, PDF or plain text of at most 10 MiB; its type is told by its "
                "first bytes. What is filed can be neither changed nor removed."
            ),
            tag="cases",
            access=Access.ACTORS,
            roles=AUTHORITY["AddEvidence"],
            takes=EvidenceAsked,
            handler=add_evidence,
            gives=EvidenceFact,
            status=201,
            needs_key=True,
            has_etag=True,
            may_insist=True,
            largest_upload=LARGEST_BYTES,
            codes=(
                Reason.ORDER_UNKNOWN,
                Reason.SEQUENCE_STALE,
                Reason.CASE_UNKNOWN,
                Reason.EVIDENCE_TYPE_UNSUITABLE,
                Reason.EVIDENCE_MALFORMED,
                Reason.EVIDENCE_LIMIT_REACHED,
            ),
        ),
        Route(
            method="GET",
            path="/orders/{order_id}/evidence/{number}",
            operation="showEvidence",
            summary="One piece of evidence, as a file to keep.",
            tag="cases",
            access=Access.CONFIDANTS,
            roles=READS_EVIDENCE,
            takes=NoInput,
            handler=show_evidence,
            gives=None,
            gives_file=tuple(media_type.value for media_type in MediaType),
            codes=(Reason.ORDER_UNKNOWN, DoorCode.EVIDENCE_UNKNOWN),
        ),
    ]
