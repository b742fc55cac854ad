"""Who people have proven to be, in memory.

Not here: digests and codes (`people/proving.py`). One suite holds this against PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from earnest.core.launch.edition import Proof
from earnest.core.values.ids import BuyerId
from earnest.core.values.instant import Instant


class MemoryProofs:
    """What `people/proving.py` keeps, for as long as the process lives."""

    def __init__(self, counts: Callable[[BuyerId], bool] = lambda _: False) -> None:
        """`counts` says whether an order of a buyer counts against a limit."""
        self._counts = counts
        self._same_as: dict[str, str] = {}
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
    ) -> bool:
        """Note who a buyer is, unless the buyer stays who they are; the digest to keep first."""
        keys = [(kind, key_id, digest) for key_id, digest in digests]
        known = [key for key in keys if key in self._identities]
        fresh = f"identity-{len(self._identities) + 1}".rjust(32, "0")
        identity_id = self._identities.pop(known[0]) if known else fresh
        self._identities[keys[0]] = identity_id
        person = self._person(identity_id)
        others = {self._person(self._identities[key]) for key in known[1:]} - {person}
        for each in self._identities.values():
            if self._person(each) in others:
                self._same_as[each] = person
        own = self._proofs.get((buyer_id, kind))
        if own is not None and self._person(own) == person:
            return True
        is_bound = kind == Proof.IDENTITY_NUMBER or (kind == Proof.PHONE and self._counts(buyer_id))
        if own is not None and is_bound:
            return False
        self._proofs.pop((buyer_id, kind), None)
        self._proofs[buyer_id, kind] = identity_id
        return True

    def _person(self, identity_id: str) -> str:
        return self._same_as.get(identity_id, identity_id)

    async def identities_of(
        self, asked: Sequence[tuple[BuyerId, str]]
    ) -> Mapping[tuple[BuyerId, str], str]:
        """Who buyers have proven to be by a kind of proof; who has not is left out."""
        return {each: self._person(self._proofs[each]) for each in asked if each in self._proofs}

    async def other_accounts(
        self, buyer_ids: Sequence[BuyerId]
    ) -> Mapping[BuyerId, Sequence[BuyerId]]:
        """Every other buyer who has proven to be the same person as each, by any kind of proof."""
        persons = [(buyer, self._person(proof)) for (buyer, _), proof in self._proofs.items()]
        found: dict[BuyerId, Sequence[BuyerId]] = {}
        for asked in buyer_ids:
            own = {person for buyer, person in persons if buyer == asked}
            same = {buyer for buyer, person in persons if person in own}
            if others := sorted(same - {asked}):
                found[asked] = others
        return found

    async def first_to_prove(self, kind: str, digests: Sequence[tuple[str, str]]) -> BuyerId | None:
        """The buyer who first proved the first known of these, by key id and digest."""
        for key_id, digest in digests:
            known = self._identities.get((kind, key_id, digest))
            for (buyer_id, of_kind), identity_id in self._proofs.items():
                if of_kind == kind and identity_id == known:
                    return buyer_id
        return None
