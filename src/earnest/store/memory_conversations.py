"""The twin in memory of conversations and of the links of orders.

Not here: orders (`memory.py`). One contract suite runs against this and against PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence

from earnest.core.cases.evidence import digest_of
from earnest.core.terms.agreement import Party
from earnest.core.values.instant import Instant
from earnest.desk.conversing import (
    LONGEST_MESSAGE,
    MESSAGES_WITHIN,
    POINTER_TO_LINK,
    POINTER_TO_MESSAGE,
    Message,
    NewMessage,
    OrderLink,
    Progress,
    SaidBefore,
    Unsaid,
    Waiting,
    needs_pointer,
    pointer,
    pointer_for_staff,
    staff_told_when,
    why_unsaid,
)
from earnest.desk.ports import OrderKey, OutgoingMessage
from earnest.store.memory import MemoryStore
from earnest.store.memory_tables import ConstraintViolated


class MemoryConversations:
    """`Conversations` of the desk."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._progress: dict[OrderKey, Progress] = {}
        self._said: dict[OrderKey, list[tuple[Message, NewMessage]]] = {}
        self._staff_told: dict[OrderKey, Instant] = {}

    async def say(self, key: OrderKey, new: NewMessage) -> Message | Unsaid:
        """Add a message and note who is told; the same author's same key is the same message."""
        said = self._said.setdefault(key, [])
        for message, known in said:
            if (known.author, known.key) == (new.author, new.key):
                is_same = known.content_hash == new.content_hash
                return message if is_same else Unsaid.KEY_REUSED
        why_not = why_unsaid(new, _said_before(said, new))
        if why_not is not None:
            return why_not
        _see_that_it_is_sound(new)
        progress = await self.progress(key)
        message = new.numbered(progress.messages + 1)
        if needs_pointer([each for each, _ in said], progress, new):
            self._tell(pointer(key, POINTER_TO_MESSAGE, message.number))
        told_at = staff_told_when(self._staff_told.get(key), new)
        if told_at is not None:
            self._staff_told[key] = told_at
            self._tell(pointer_for_staff(key, message, told_at))
        said.append((message, new))
        self._progress[key] = progress.after_message(new.by, new.at)
        return message

    def _tell(self, told: OutgoingMessage) -> None:
        self._store.tables.messages = (*self._store.tables.messages, told)

    async def progress(self, key: OrderKey) -> Progress:
        """How far a conversation is; nothing was said where none was begun."""
        return self._progress.get(key, Progress())

    async def messages(self, key: OrderKey) -> Sequence[Message]:
        """Everything that was said about an order, in its order."""
        return [message for message, _ in self._said.get(key, ())]

    async def file(self, key: OrderKey, number: int) -> bytes | None:
        """The file of a message of this order, if it has one."""
        for message, new in self._said.get(key, ()):
            if message.number == number and message.file is not None:
                return new.content
        return None

    async def note_read(self, key: OrderKey, by: Party, number: int) -> None:
        """Note that a side has seen the messages up to this one."""
        self._progress[key] = (await self.progress(key)).after_reading(by, number)

    async def settle(self, key: OrderKey, number: int) -> None:
        """Note that nothing up to this message needs an answer."""
        self._progress[key] = (await self.progress(key)).after_settling(number)

    async def waiting(self, limit: int) -> Sequence[Waiting]:
        """The buyers who wait for an answer, the longest first."""
        found = [
            Waiting(
                buyer_id=key.buyer_id,
                order_id=key.order_id,
                messages=progress.messages,
                since=progress.waits_since,
            )
            for key, progress in self._progress.items()
            if progress.waits_since is not None
        ]
        return sorted(found, key=lambda each: (each.since, each.order_id))[:limit]


class MemoryOrderLinks:
    """`OrderLinks` of the desk."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._links: dict[OrderKey, OrderLink] = {}

    async def put(self, key: OrderKey, link: OrderLink, *, is_mailed: bool) -> None:
        """Make a link in place of the one before, and have it mailed to the buyer if wanted."""
        if link.ends_at <= link.made_at:
            raise ConstraintViolated("a link ends after it was made")
        self._links[key] = link
        if is_mailed:
            tables = self._store.tables
            tables.messages = (*tables.messages, pointer(key, POINTER_TO_LINK))

    async def link(self, key: OrderKey) -> OrderLink | None:
        """The link of an order, open or over."""
        return self._links.get(key)

    async def drop(self, key: OrderKey) -> None:
        """Take the link back; without one this changes nothing."""
        self._links.pop(key, None)


def _said_before(said: Sequence[tuple[Message, NewMessage]], new: NewMessage) -> SaidBefore:
    since = new.at - MESSAGES_WITHIN
    return SaidBefore(
        sum(each.by is new.by and each.at > since for each, _ in said),
        sum(each.file.size_bytes for each, _ in said if each.file is not None),
    )


def _see_that_it_is_sound(new: NewMessage) -> None:
    """What PostgreSQL checks by constraints."""
    if len(new.text) > LONGEST_MESSAGE or not (new.text or new.file):
        raise ConstraintViolated("a message says something, and not too much")
    if new.file is not None and new.file.digest != digest_of(new.content):
        raise ConstraintViolated("a file is what its digest says")
