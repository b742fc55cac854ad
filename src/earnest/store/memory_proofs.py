"""Who people have proven to be, in memory.

Not here: digests and codes (`people/proving.py`). One suite holds this against PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from earnest.core.values.ids import BuyerId
from earnest.core.values.instant import Instant


class MemoryProofs:
    """What `people/proving.py` keeps, for as long as the process lives."""

    def __init__(self) -> None:
        self._tries: list[tuple[BuyerId, str, Instant, str | None]] = []
        self._left: dict[int, int] = {}
        self._identities: dict[tuple[str, str, str], str] = {}
        self._proofs: dict[tuple[BuyerId, str], str] = {}

    async def note_try(  # noqa: PLR0913, PLR0917 - one row
        self,
        buyer_id: BuyerId,
        kind: str,  # noqa: ARG002 - as the table has it
        subject: str,
        at: Instant,
        code_digest: str | None,
        tries: int,
        since: Instant,
        most: int,
    ) -> bool:
        """Note a try, unless this buyer or this subject had `most` of them since then."""
        lately = [each for each in self._tries if each[2] > since]
        by_buyer = sum(each[0] == buyer_id for each in lately)
        about_it = sum(each[1] == subject for each in lately)
        if max(by_buyer, about_it) >= most:
            return False
        self._left[len(self._tries)] = tries
        self._tries.append((buyer_id, subject, at, code_digest))
        return True

    async def use_try(self, buyer_id: BuyerId, subject: str, since: Instant) -> str | None:
        """Use up one try of the newest code sent since then; its digest, None without one."""
        places = [
            place
            for place, each in enumerate(self._tries)
            if each[:2] == (buyer_id, subject) and each[2] > since
        ]
        if not places or not self._left[places[-1]]:
            return None
        self._left[places[-1]] -= 1
        return self._tries[places[-1]][3]

    async def prove(
        self,
        buyer_id: BuyerId,
        kind: str,
        digests: Sequence[tuple[str, str]],
        at: Instant,  # noqa: ARG002 - as the table has it
    ) -> None:
        """Note who a buyer is, by the digests under each key, the newest first."""
        keys = [(kind, key_id, digest) for key_id, digest in digests]
        known = next((self._identities[key] for key in keys if key in self._identities), None)
        identity_id = known or f"identity-{len(self._identities) + 1}".rjust(32, "0")
        for key in keys:
            self._identities.pop(key, None)
        self._identities[keys[0]] = identity_id
        self._proofs[buyer_id, kind] = identity_id

    async def identities_of(
        self, asked: Sequence[tuple[BuyerId, str]]
    ) -> Mapping[tuple[BuyerId, str], str]:
        """Who buyers have proven to be by a kind of proof; who has not is left out."""
        return {each: self._proofs[each] for each in asked if each in self._proofs}

    async def other_accounts(
        self, buyer_ids: Sequence[BuyerId]
    ) -> Mapping[BuyerId, Sequence[BuyerId]]:
        """Every other buyer who has proven to be the same person as each, by any kind of proof."""
        found: dict[BuyerId, Sequence[BuyerId]] = {}
        for asked in buyer_ids:
            own = {proof for (buyer, _), proof in self._proofs.items() if buyer == asked}
            same = {buyer for (buyer, _), proof in self._proofs.items() if proof in own}
            if others := sorted(same - {asked}):
                found[asked] = others
        return found

    async def first_to_prove(self, kind: str, digests: Sequence[tuple[str, str]]) -> BuyerId | None:
        """The buyer who was the first to prove one of these, by key id and digest."""
        known = {self._identities.get((kind, key_id, digest)) for key_id, digest in digests}
        return next(
            (
                buyer_id
                for (buyer_id, of_kind), identity_id in self._proofs.items()
                if of_kind == kind and identity_id in known
            ),
            None,
        )
