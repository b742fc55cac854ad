"""The twin in memory of passkeys; they stand with the staff's second factors, which are reset.

Not here: PostgreSQL (`passkeys.py`). One contract suite runs against both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from earnest.core.values.instant import Instant
from earnest.desk.passkeys import KeptPasskey
from earnest.desk.staff import Act
from earnest.store.memory_staff import MemoryStaff

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STAFF = "staff:"


class MemoryPasskeys:
    """`PasskeyBook` of the desk's ports."""

    def __init__(self, staff: MemoryStaff) -> None:
        self._staff = staff
        self._kept = staff.passkeys
        self._tries: dict[bytes, tuple[int, Instant]] = {}
        self._challenges: dict[bytes, Instant] = {}

    async def passkeys_of(self, actor_id: str) -> Sequence[KeptPasskey]:
        """The passkeys of somebody, the oldest first."""
        found = [each for each in self._kept.values() if each.actor_id == actor_id]
        return sorted(found, key=lambda each: (each.added_at, each.credential_id))

    async def passkey(self, credential_id: bytes) -> KeptPasskey | None:
        """The passkey with this id, whosever it is."""
        return self._kept.get(credential_id)

    async def holders(self) -> Mapping[str, int]:
        """Who of the staff has passkeys, by staff id, and how many."""
        return dict(
            Counter(
                each.actor_id.removeprefix(_STAFF)
                for each in self._kept.values()
                if each.actor_id.startswith(_STAFF)
            )
        )

    async def add(self, passkey: KeptPasskey, act: Act | None) -> bool:
        """Keep a passkey, and note the act; False when its id is somebody's already."""
        if passkey.credential_id in self._kept:
            return False
        self._kept[passkey.credential_id] = passkey
        self._note(act)
        return True

    async def use_try(self, credential_id: bytes, at: Instant, since: Instant, most: int) -> bool:
        """Use up one of `most` tries of a passkey since an instant; False when none is left."""
        tries, tries_since = self._tries.get(credential_id, (0, _EPOCH))
        if credential_id not in self._kept or (tries >= most and tries_since > since):
            return False
        again = tries_since > since
        self._tries[credential_id] = (tries + 1, tries_since) if again else (1, at)
        return True

    async def note_use(self, credential_id: bytes, sign_count: int, at: Instant) -> bool:
        """Note that a passkey was used; False when its counter did not go on."""
        kept = self._kept.get(credential_id)
        if kept is None or not (kept.sign_count < sign_count or kept.sign_count == sign_count == 0):
            return False
        self._kept[credential_id] = msgspec.structs.replace(
            kept, sign_count=sign_count, last_used_at=at
        )
        _, tries_since = self._tries.get(credential_id, (0, _EPOCH))
        self._tries[credential_id] = (0, tries_since)
        return True

    async def remove(self, credential_id: bytes, actor_id: str, act: Act | None) -> bool:
        """Forget a passkey of somebody, and note the act; False when they have none like it."""
        kept = self._kept.get(credential_id)
        if kept is None or kept.actor_id != actor_id:
            return False
        del self._kept[credential_id]
        self._note(act)
        return True

    async def take_challenge(self, digest: bytes, lapses_at: Instant, now: Instant) -> bool:
        """Take a challenge once, by its digest; False for one that was taken."""
        self._challenges = {each: end for each, end in self._challenges.items() if end > now}
        if digest in self._challenges:
            return False
        self._challenges[digest] = lapses_at
        return True

    def _note(self, act: Act | None) -> None:
        if act is not None:
            self._staff.acts.append(act)
