"""Where those are looked up who reserve, of either kind, with every look-up counted.

Not here: what is looked up, which each test says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from earnest.core.values.ids import BuyerId
from earnest.desk.campaign_ports import Campaigns, Member
from earnest.desk.desk import QUEUE_LIMIT
from earnest.desk.ports import CommandKey, KnownCommand, StoreUnavailable
from earnest.people.proving import Proofs
from earnest.people.reserving import Decided, Reservers


class CountedLooks:
    """Stands for store, proofs and campaigns, counts the questions, and can be away.

    `looks` has how many were asked for at once, by what was asked.
    """

    def __init__(self, decided: Decided, proofs: Proofs, campaigns: Campaigns) -> None:
        self._decided, self._proofs, self._campaigns = decided, proofs, campaigns
        self.looks: dict[str, list[int]] = {}
        self.is_away = False

    def reservers(self, queue_limit: int = QUEUE_LIMIT) -> Reservers:
        """What looks up here."""
        return Reservers(self, self, self, queue_limit=queue_limit)  # type: ignore[arg-type]  # the part that is asked

    def _count(self, what: str, asked: Sequence[object]) -> None:
        self.looks.setdefault(what, []).append(len(asked))
        if self.is_away:
            raise StoreUnavailable("away")

    async def decided_before(self, keys: Sequence[CommandKey]) -> Mapping[CommandKey, KnownCommand]:
        self._count("keys", keys)
        return await self._decided.decided_before(keys)

    async def identities_of(
        self, asked: Sequence[tuple[BuyerId, str]]
    ) -> Mapping[tuple[BuyerId, str], str]:
        self._count("persons", asked)
        return await self._proofs.identities_of(asked)

    async def other_accounts(
        self, buyer_ids: Sequence[BuyerId]
    ) -> Mapping[BuyerId, Sequence[BuyerId]]:
        self._count("accounts", buyer_ids)
        return await self._proofs.other_accounts(buyer_ids)

    async def invited(self, asked: Sequence[Member]) -> set[Member]:
        self._count("lists", asked)
        return await self._campaigns.invited(asked)
