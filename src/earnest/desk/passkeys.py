"""Passkeys as they are kept: a public key each, whose it is, and how often it was used.

`store/passkeys.py` implements this on PostgreSQL, and the memory twin for tests. Nothing here lets
anybody in by itself: the other half of each key never leaves the device of its owner. Not here:
checking what a device answers (`people/passkeys.py`).

Every method raises `StoreUnavailable` when the database cannot be reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from earnest.core.values.instant import Instant
from earnest.desk.staff import Act


class KeptPasskey(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey of somebody, buyer or staff, by the id that their device gave it.

    `sign_count` is what the device counted last, always zero for one that counts nothing.
    `transports` are the ways to the device, for the browser to look there first.
    """

    credential_id: bytes
    actor_id: str
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    name: str
    added_at: Instant
    last_used_at: Instant | None = None


class PasskeyBook(Protocol):
    """Passkeys of buyers and staff, and the challenges that were answered."""

    async def passkeys_of(self, actor_id: str) -> Sequence[KeptPasskey]:
        """The passkeys of somebody, the oldest first."""

    async def passkey(self, credential_id: bytes) -> KeptPasskey | None:
        """The passkey with this id, whosever it is."""

    async def holders(self) -> Mapping[str, int]:
        """Who of the staff has passkeys, by staff id, and how many."""

    async def add(self, passkey: KeptPasskey, act: Act | None) -> bool:
        """Keep a passkey, and note the act; False when its id is somebody's already."""

    async def use_try(self, credential_id: bytes, at: Instant, since: Instant, most: int) -> bool:
        """Use up one of `most` tries of a passkey since an instant; False when none is left."""

    async def note_use(self, credential_id: bytes, sign_count: int, at: Instant) -> bool:
        """Note that a passkey was used; False when its counter did not go on, as a copy's does not.

        A device that counts nothing says zero each time. Whoever got in has every try again.
        """

    async def remove(self, credential_id: bytes, actor_id: str, act: Act | None) -> bool:
        """Forget a passkey of somebody, and note the act; False when they have none like it."""

    async def take_challenge(self, digest: bytes, lapses_at: Instant, now: Instant) -> bool:
        """Take a challenge once, by its digest; False for one that was taken.

        It is remembered until it lapses, after which nobody would take it anyway.
        """
