"""The twin in memory of the addresses that are told of events.

Not here: staff (`memory_staff.py`). One contract suite runs against this and against PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from earnest.desk.endpoints import DELIVERIES_KEPT, Delivery, EndpointKept
from earnest.desk.staff import Act
from earnest.store.memory_staff import MemoryStaff


class MemoryEndpoints:
    """`EndpointBook` of the desk's ports."""

    def __init__(self, staff: MemoryStaff) -> None:
        self._staff = staff
        self._endpoints: dict[str, EndpointKept] = {}
        self._deliveries: dict[tuple[str, str], Delivery] = {}

    async def endpoints(self) -> Sequence[EndpointKept]:
        """Every address, the oldest first."""
        return sorted(
            self._endpoints.values(), key=lambda each: (each.created_at, each.endpoint_id)
        )

    async def add(self, endpoint: EndpointKept, act: Act) -> bool:
        """Add an address; False for an id in use."""
        if endpoint.endpoint_id in self._endpoints:
            return False
        self._endpoints[endpoint.endpoint_id] = endpoint
        self._staff.acts.append(act)
        return True

    async def switch(self, endpoint_id: str, act: Act, *, active: bool) -> bool:
        """Switch an address on or off; False for an unknown one."""
        return self._change(endpoint_id, act, active=active) is not None

    async def rotate(self, endpoint_id: str, reference: str, act: Act) -> EndpointKept | None:
        """Give an address another secret; the one before is kept beside it."""
        before = self._endpoints.get(endpoint_id)
        earlier = None if before is None else before.secret_reference
        return self._change(
            endpoint_id,
            act,
            secret_reference=reference,
            earlier_reference=earlier,
            rotated_at=act.at,
        )

    async def note_act(self, act: Act) -> None:
        """Note an act that changed no address."""
        self._staff.acts.append(act)

    async def note(self, deliveries: Sequence[Delivery]) -> None:
        """Note how deliveries fared; of one that is tried again only the last result is kept."""
        for each in deliveries:
            key = (each.endpoint_id, each.webhook_id)
            before = self._deliveries.get(key)
            self._deliveries[key] = each if before is None else each.after(before)
        for endpoint_id in {each.endpoint_id for each in deliveries}:
            for old in self._newest_first(endpoint_id)[DELIVERIES_KEPT:]:
                del self._deliveries[old.endpoint_id, old.webhook_id]

    async def deliveries(self, endpoint_id: str) -> Sequence[Delivery]:
        """The last deliveries of an address, the newest first."""
        return self._newest_first(endpoint_id)

    def _newest_first(self, endpoint_id: str) -> list[Delivery]:
        found = [each for each in self._deliveries.values() if each.endpoint_id == endpoint_id]
        return sorted(found, key=lambda each: (each.delivered_at, each.webhook_id), reverse=True)

    def _change(self, endpoint_id: str, act: Act, **changed: object) -> EndpointKept | None:
        before = self._endpoints.get(endpoint_id)
        if before is None:
            return None
        self._endpoints[endpoint_id] = msgspec.structs.replace(before, **changed)
        self._staff.acts.append(act)
        return self._endpoints[endpoint_id]
