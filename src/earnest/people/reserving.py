"""What has to be known of those who reserve before the desk decides, looked up for many at once.

That is which person reserves where a queue counts persons, whether they are on the list of an
invited group, and which other accounts they have when a friend sent them. All that waits is asked
together, and a key that was decided before is found first and costs nothing more. Not here: the
rules (`core/order`), the limit per person, which the desk holds under the lock of its queue, and
what was proven (`proving.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from earnest.core.launch.edition import Proof
from earnest.core.values.ids import BuyerId, CampaignId, GroupId, QueueId
from earnest.desk.campaign_ports import Campaigns, Member
from earnest.desk.desk import QUEUE_LIMIT
from earnest.desk.gathering import Gathering
from earnest.desk.ports import CommandKey, KnownCommand
from earnest.people.proving import Proofs, person_in


class Decided(Protocol):
    """Where commands are kept that were decided; the desk's store is one."""

    async def decided_before(self, keys: Sequence[CommandKey]) -> Mapping[CommandKey, KnownCommand]:
        """What was decided under these keys and committed; a key that is new is left out."""


class ToKnow(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be known for one reservation, or for a place in a waiting room (without a key).

    `proof` is by what its queue tells persons apart, `campaign_id` and `group_id` whose list the
    buyer says to be on; a buyer who `has_friend` might be that friend under another account.
    """

    buyer_id: BuyerId
    queue_id: QueueId
    key: CommandKey | None = None
    proof: Proof | None = None
    campaign_id: CampaignId | None = None
    group_id: GroupId | None = None
    has_friend: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether the desk can decide without any of it."""
        return self.proof is None and self.group_id is None and not self.has_friend

    @property
    def member(self) -> Member | None:
        """The line of the list that would let this buyer in."""
        if self.campaign_id is None or self.group_id is None:
            return None
        return Member(self.campaign_id, self.group_id, self.buyer_id)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known: of a reservation that was `decided` before nothing else was looked up.

    `person` is who reserves as the queue knows them, None for whoever has not proven it.
    """

    decided: KnownCommand | None = None
    person: str | None = None
    is_member: bool = False
    other_accounts: tuple[BuyerId, ...] = ()


class Reservers:
    """Looks those up who reserve. One process has one, whose `run` answers for ever."""

    def __init__(
        self,
        decided: Decided,
        proofs: Proofs,
        campaigns: Campaigns,
        *,
        queue_limit: int = QUEUE_LIMIT,
    ) -> None:
        """Ask these three, best over a connection of their own, once for a whole group."""
        self._decided = decided
        self._proofs = proofs
        self._campaigns = campaigns
        self._gathering = Gathering("reserving", self._known, queue_limit=queue_limit)

    async def look_up(self, asked: ToKnow) -> Known:
        """What is known. Raises `DeskFull`, `StoreUnavailable` and `CommandFailed`."""
        return await self._gathering.ask(asked)

    async def run(self) -> None:
        """Look up whoever waits, for ever."""
        await self._gathering.run()

    async def _known(self, asked: Sequence[ToKnow]) -> list[Known]:
        keys = [each.key for each in asked if each.key is not None]
        decided = await self._decided.decided_before(keys) if keys else {}
        new = [each for each in asked if each.key not in decided]
        people = await self._people(new)
        members = {each.member for each in new if each.member is not None}
        invited = await self._campaigns.invited([*members]) if members else set()
        sent = {each.buyer_id for each in new if each.has_friend}
        others = await self._proofs.other_accounts([*sent]) if sent else {}
        return [
            Known(decided=decided[each.key])
            if each.key is not None and each.key in decided
            else Known(
                person=people.get(each),
                is_member=each.member in invited,
                other_accounts=tuple(others.get(each.buyer_id, ())) if each.has_friend else (),
            )
            for each in asked
        ]

    async def _people(self, asked: Sequence[ToKnow]) -> Mapping[ToKnow, str]:
        """Who reserves, as each queue knows them."""
        wanted = {each: (each.buyer_id, each.proof.value) for each in asked if each.proof}
        if not wanted:
            return {}
        found = await self._proofs.identities_of(list(dict.fromkeys(wanted.values())))
        return {
            each: person_in(each.queue_id, found[proof])
            for each, proof in wanted.items()
            if proof in found
        }
