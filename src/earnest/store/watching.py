"""Figures of server processes, and looks at campaigns, on PostgreSQL.

Not here: what they mean (`desk/watching.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from earnest.core.values.ids import CampaignId
from earnest.core.values.instant import Instant
from earnest.desk.watching import ServerFigures
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS

_decode = msgspec.json.Decoder(ServerFigures).decode


class PostgresWatching:
    """`Watching` of the desk. Every method raises `StoreUnavailable`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(self, figures: ServerFigures) -> None:
        """Write what a process saw in place of what it wrote before."""
        row = {
            "server": figures.server,
            "body": msgspec.json.encode(figures).decode(),
            "at": figures.at,
        }
        await self._send("put_server_figures", row)

    async def servers(self, since: Instant) -> Sequence[ServerFigures]:
        """What each process saw that wrote it later than an instant, by name."""
        with named_faults():
            async with self._pool.connection() as connection:
                asked = {"since": since}
                rows = await connection.execute(STATEMENTS["server_figures"].text, asked)
                return [_decode(row[0]) for row in await rows.fetchall()]

    async def add_looks(self, looks: Mapping[tuple[CampaignId, str], int]) -> None:
        """Add to how often pages of campaigns were asked for through a channel."""
        keys = sorted(looks)
        rows = {
            "campaign_ids": [campaign_id for campaign_id, _ in keys],
            "channels": [channel for _, channel in keys],
            "looks": [looks[key] for key in keys],
        }
        await self._send("add_campaign_looks", rows)

    async def _send(self, name: str, parameters: Mapping[str, object]) -> None:
        with named_faults():
            async with self._pool.connection() as connection:
                await connection.execute(STATEMENTS[name].text, parameters)
