"""An audit sees one moment of the database, however much is written meanwhile."""

import asyncio

from earnest.audit.beside import audit_beside, reading
from earnest.audit.run import audit
from tests.audit.town import Life, Town

NEWCOMERS = 150


async def _newcomers(life: Life, first: int) -> None:
    """Reservations, payments, locks: whatever a busy hour brings."""
    await life.deposits(*(f"newcomer-{first + number}" for number in range(NEWCOMERS // 3)))


def test_audits_beside_running_writers_raise_no_false_alarm(own_town: Town) -> None:
    async def story() -> list[int]:
        seen = []
        async with own_town.open() as life:
            writers = asyncio.gather(
                *(_newcomers(life, first) for first in range(0, NEWCOMERS, NEWCOMERS // 3))
            )
            while not writers.done():
                result = await audit_beside(
                    own_town.url, own_town.payments, lambda *_: None, pause_seconds=0.2
                )
                assert result.faults == []
                seen.append(result.orders)
            await writers
        return seen

    seen = asyncio.run(story())

    assert len(set(seen)) > 1, "writers wrote while audits ran"
    assert own_town.audited().orders == 12 + NEWCOMERS


def test_what_is_written_after_an_audit_began_is_not_in_it(own_town: Town) -> None:
    async def story() -> int:
        async with own_town.open() as life, reading(own_town.url) as records:
            assert await records.order_count() == 12
            await _newcomers(life, 0)
            result = await audit(records, None, lambda _: None)
        assert result.faults == []
        return result.orders

    assert asyncio.run(story()) == 12
