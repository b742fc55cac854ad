"""An order's moves from its events, for the audit that compares them and the repair that adds them.

Not here: writing moves as events happen (`desk/group.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from earnest.core.catalogue.model import Catalogue
from earnest.core.order.standing import lane_in, moves_of
from earnest.core.order.state import Order
from earnest.core.queue.lane import Lane
from earnest.core.values.ids import CatalogueHash
from earnest.desk.ports import RecordedMove
from earnest.desk.records import OrderFile


def moves_of_file(
    file: OrderFile, catalogues: Mapping[CatalogueHash, Catalogue]
) -> Sequence[RecordedMove]:
    """Every move that follows from an order's events. Raises KeyError for an unknown catalogue."""

    def lane_of(order: Order) -> Lane:
        return lane_in(order.configuration, catalogues[order.catalogue_hash])

    return [
        RecordedMove(
            buyer_id=file.key.buyer_id,
            order_id=file.key.order_id,
            sequence=sequence,
            queue_id=file.state.queue_id,
            lane=move.lane,
            rank=move.rank,
            change=move.change,
            cause=move.cause,
            at=move.at,
        )
        for sequence, move in moves_of((each.event for each in file.events), lane_of)
    ]
