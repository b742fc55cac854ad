"""Addresses that are told of events, on PostgreSQL.

Not here: posting and signing (`gateways/endpoints.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from earnest.core.values.ids import BuyerId, OrderId
from earnest.desk.endpoints import DELIVERIES_KEPT, Delivery, DeliveryResult, EndpointKept
from earnest.desk.staff import Act
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.staff import note_act
from earnest.store.statements import STATEMENTS

Row = tuple[Any, ...]


class PostgresEndpoints:
    """`EndpointBook` of the desk's ports."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def endpoints(self) -> Sequence[EndpointKept]:
        """Every address, the oldest first."""
        return [_endpoint(row) for row in await self._rows("webhook_endpoints")]

    async def add(self, endpoint: EndpointKept, act: Act) -> bool:
        """Add an address; False for an id in use."""
        row = {**msgspec.structs.asdict(endpoint), "kinds": list(endpoint.kinds)}
        return await self._changed("add_webhook_endpoint", act, row) is not None

    async def switch(self, endpoint_id: str, act: Act, *, active: bool) -> bool:
        """Switch an address on or off; False for an unknown one."""
        row = {"endpoint_id": endpoint_id, "active": active}
        return await self._changed("switch_webhook_endpoint", act, row) is not None

    async def rotate(self, endpoint_id: str, reference: str, act: Act) -> EndpointKept | None:
        """Give an address another secret; the one before is kept beside it."""
        row = {"endpoint_id": endpoint_id, "reference": reference, "at": act.at}
        changed = await self._changed("rotate_webhook_endpoint", act, row)
        return None if changed is None else _endpoint(changed[0])

    async def note_act(self, act: Act) -> None:
        """Note an act that changed no address."""
        with named_faults():
            async with self._pool.connection() as connection:
                await note_act(connection, act)

    async def note(self, deliveries: Sequence[Delivery]) -> None:
        """Note how deliveries fared; of one that is tried again only the last result is kept."""
        columns = {
            "endpoint_ids": [each.endpoint_id for each in deliveries],
            "webhook_ids": [each.webhook_id for each in deliveries],
            "buyer_ids": [each.buyer_id for each in deliveries],
            "order_ids": [each.order_id for each in deliveries],
            "sequences": [each.sequence for each in deliveries],
            "kinds": [each.kind for each in deliveries],
            "delivered_at": [each.delivered_at for each in deliveries],
            "results": [each.result.value for each in deliveries],
            "explanations": [each.explanation for each in deliveries],
            "answer_statuses": [each.answer_status for each in deliveries],
            "next_tries": [each.next_try_at for each in deliveries],
        }
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(STATEMENTS["note_webhook_deliveries"].text, columns)
                await connection.execute(
                    STATEMENTS["forget_webhook_deliveries"].text, {"most": DELIVERIES_KEPT}
                )

    async def deliveries(self, endpoint_id: str) -> Sequence[Delivery]:
        """The last deliveries of an address, the newest first."""
        rows = await self._rows("webhook_deliveries", endpoint_id=endpoint_id, most=DELIVERIES_KEPT)
        return [_delivery(row) for row in rows]

    async def _changed(self, name: str, act: Act, row: dict[str, Any]) -> list[Row] | None:
        """Change something and note who did it; None when there was nothing to change."""
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                cursor = await connection.execute(STATEMENTS[name].text, row)
                if not cursor.rowcount:
                    return None
                await note_act(connection, act)
                return await cursor.fetchall() if cursor.description else []

    async def _rows(self, name: str, /, **parameters: object) -> list[Row]:
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS[name].text, parameters)
                return await cursor.fetchall()


def _endpoint(row: Row) -> EndpointKept:
    return EndpointKept(
        endpoint_id=row[0],
        url=row[1],
        secret_reference=row[2],
        kinds=tuple(row[3]),
        active=row[4],
        created_at=row[5],
        earlier_reference=row[6],
        rotated_at=row[7],
    )


def _delivery(row: Row) -> Delivery:
    return Delivery(
        endpoint_id=row[0],
        webhook_id=row[1],
        buyer_id=BuyerId(row[2]),
        order_id=OrderId(row[3]),
        sequence=row[4],
        kind=row[5],
        delivered_at=row[6],
        result=DeliveryResult(row[7]),
        explanation=row[8],
        answer_status=row[9],
        next_try_at=row[10],
        attempts=row[11],
    )
