"""GET /orders/{order_id}/handover-statement: what the buyer signs when the car is handed over.

To sign is to file the text, word for word, as evidence (`addEvidence`, kind `document`) by one's
own login; the digest of that piece is a signature for the handover. Not here: the handover.
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.cases.evidence import EvidenceFact
from earnest.core.order.effective import effective_policy
from earnest.core.order.stage import Stage
from earnest.core.values.ids import OrderId
from earnest.core.values.reason import Reason
from earnest.desk.papers.signing import signature, statements
from earnest.web.finding import order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route

SIGNED_AT = frozenset({Stage.PAID, Stage.HANDED_OVER, Stage.CLOSED})
"""Stages in which the car is passed on or was; nobody is asked to sign before it is paid."""


async def show_statement(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The statement in every language, and the signature under it."""
    order = await order_asked_for(house, asked)
    if order.stage not in SIGNED_AT:
        raise TurnedAway(Reason.STAGE_UNSUITABLE, {"stage": order.stage.value})
    facts = await house.desk.library.facts_to_read(order)
    documents = effective_policy(order, facts, asked.received_at).handover_documents
    return Reply(
        value=HandoverStatement(
            order_id=order.order_id,
            documents=documents,
            texts=statements(order, documents),
            signature=signature(order, documents),
        )
    )


class HandoverStatement(msgspec.Struct, frozen=True, kw_only=True):
    """The papers that belong to the car, the text by language, and the piece that signs it."""

    order_id: OrderId
    documents: tuple[str, ...]
    texts: dict[str, str]
    signature: EvidenceFact | None


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/orders/{order_id}/handover-statement",
            operation="showHandoverStatement",
            summary="What the buyer signs when the car is handed over, and the signature.",
            description="To sign, file the text word for word as evidence; its digest is a "
            "signature for the handover.",
            tag="orders",
            access=Access.READERS,
            takes=NoInput,
            handler=show_statement,
            gives=HandoverStatement,
            codes=(Reason.ORDER_UNKNOWN, Reason.STAGE_UNSUITABLE),
        ),
    ]
