"""What sending needs: the facts behind a message, somebody's address, and a way back to the desk.

Not here: which messages leave (`messages.py`), when they are tried again (`store/outbox.py`) and
how they leave (`gateways/`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Protocol, TypeAlias

import msgspec

from earnest.core.order.commands import Command
from earnest.core.order.state import Order
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import BuyerId, OrderId, TermsHash
from earnest.desk.desk import Result
from earnest.desk.ports import OrderKey, OutgoingMessage, RecordedEvent
from earnest.desk.private import NoticeBook, Preferences
from earnest.desk.views import BuyerProfile, Register


class NotSent(Exception):
    """A message could not be sent now and stays in the outbox.

    `after_seconds` is the earliest time at which the other side wants to be asked again, where
    it said so.
    """

    def __init__(self, explanation: str, after_seconds: int | None = None) -> None:
        """Keep the explanation for the log and the wish of the other side."""
        super().__init__(explanation)
        self.after_seconds = after_seconds


Outcome: TypeAlias = Exception | None
"""What became of a message: None when it left, otherwise why it has to be tried again."""


FIRST_WAIT_SECONDS = 60
LONGEST_WAIT_SECONDS = 3_600
ATTEMPTS = 76
"""One, two, four minutes and so on up to an hour, then every hour: about three days."""


def wait_before(attempt: int) -> int:
    """Seconds to wait before an attempt; the second one comes after a minute."""
    return min(FIRST_WAIT_SECONDS << min(attempt - 2, 10), LONGEST_WAIT_SECONDS)


def wait_after(failed: Exception, attempt: int) -> int:
    """In how many seconds a message is tried again that did not leave at this attempt."""
    asked_for = failed.after_seconds if isinstance(failed, NotSent) else None
    return max(wait_before(attempt + 1), asked_for or 0)


class Handler(Protocol):
    """Sends the messages of one job, at least once: repeating any of them must do no harm."""

    async def handle(
        self, messages: Sequence[OutgoingMessage], attempt: int = 1
    ) -> Sequence[Outcome]:
        """Send messages of one channel and tell for each, in their order, what became of it.

        `attempt` is the how manieth at them this is, to say when the next one comes.

        Raises when nothing can be said of any single one, `StoreUnavailable` for example.
        """


class SendsOne(Protocol):
    """Sends one message at a time, a payout or a text: repeating it must do no harm."""

    async def handle(self, message: OutgoingMessage) -> None:
        """Bring the message a step further. Raises `NotSent` while its outcome is unknown."""


async def outcome_of(sending: Awaitable[None]) -> Outcome:
    """What becomes of one message; nothing that goes wrong with it concerns another."""
    try:
        await sending
    except Exception as failed:  # noqa: BLE001 - whatever it is, the message comes again
        return failed
    return None


class Place(msgspec.Struct, frozen=True):
    """Where an event is stored."""

    buyer_id: BuyerId
    order_id: OrderId
    sequence: int


class Occurrence(msgspec.Struct, frozen=True):
    """An event with the terms of its order, which know its time zone and its seller."""

    recorded: RecordedEvent
    terms_hash: TermsHash


class Occurrences(Protocol):
    """The committed facts that messages are about; `store/reader.py` implements it.

    Every method takes a connection only for its own statement, so that none is held while a
    provider or a mail server is spoken to. Every method raises `StoreUnavailable`.
    """

    async def occurrences(self, places: Sequence[Place]) -> Mapping[Place, Occurrence]:
        """The events at these places; a place where nothing is stored is left out."""

    async def order_of_buyer(self, key: OrderKey) -> Order | None:
        """The order with this id if it is this buyer's, otherwise None."""

    async def terms(self, terms_hash: TermsHash) -> TermsVersion | None:
        """A published terms version, by digest. It never changes."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where, in which language and by which ways a buyer is written to.

    Personal data: never logged. `email` is empty for somebody who has none.
    """

    name: str
    email: str
    language: str
    phone: str = ""
    wishes: Preferences = Preferences()


class AddressBook(Protocol):
    """Finds addresses."""

    async def addresses(self, buyer_ids: Sequence[BuyerId]) -> Mapping[BuyerId, Address]:
        """Where to write to; somebody without address, or who was erased, is left out."""


class RegisteredAddresses:
    """The address book that is the register of people, with what they said about notices."""

    def __init__(self, register: Register, notices: NoticeBook) -> None:
        """Look people up in this register, and their wishes in this book."""
        self._register = register
        self._notices = notices

    async def addresses(self, buyer_ids: Sequence[BuyerId]) -> Mapping[BuyerId, Address]:
        """The registered addresses and wishes, in one question to each book."""
        profiles = await self._register.buyers(buyer_ids)
        wishes = await self._notices.preferences_of(buyer_ids)
        return {
            profile.buyer_id: _address(profile, wishes.get(profile.buyer_id, Preferences()))
            for profile in profiles
            if profile.email or profile.phone
        }


def _address(profile: BuyerProfile, wishes: Preferences) -> Address:
    return Address(
        name=profile.name,
        email=profile.email or "",
        language=wishes.language or profile.language,
        phone=profile.phone or "",
        wishes=wishes,
    )


class Submitting(Protocol):
    """The desk as a sender sees it: the place to say what came of a message."""

    async def submit(self, command: Command, content_hash: str) -> Result:
        """Decide a command and answer after the commit, as `Desk.submit`."""
