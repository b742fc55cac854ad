"""What sending needs: the facts behind a message, somebody's address, and a way back to the desk.

Not here: which messages leave (`messages.py`), when they are tried again (`store/outbox.py`) and
how they leave (`gateways/`).
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from earnest.core.order.commands import Command
from earnest.core.order.state import Order
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import BuyerId, TermsHash
from earnest.desk.desk import Result
from earnest.desk.ports import OrderKey, OutgoingMessage, RecordedEvent
from earnest.desk.private import NoticeBook, Preferences
from earnest.desk.views import Register


class NotSent(Exception):
    """A message could not be sent now and stays in the outbox.

    `after_seconds` is the earliest time at which the other side wants to be asked again, where
    it said so.
    """

    def __init__(self, explanation: str, after_seconds: int | None = None) -> None:
        """Keep the explanation for the log and the wish of the other side."""
        super().__init__(explanation)
        self.after_seconds = after_seconds


class Handler(Protocol):
    """Sends one message of the outbox, at least once: repeating it must do no harm."""

    async def handle(self, message: OutgoingMessage) -> None:
        """Send the message. Raises `NotSent` (or anything) when it has to be tried again."""


class Occurrences(Protocol):
    """The committed facts that messages are about; `store/reader.py` implements it.

    Every method takes a connection only for its own statement, so that none is held while a
    provider or a mail server is spoken to. Every method raises `StoreUnavailable`.
    """

    async def event(self, key: OrderKey, sequence: int) -> RecordedEvent | None:
        """One event of an order."""

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

    async def address(self, buyer_id: BuyerId) -> Address | None:
        """Where to write to; None for somebody without address or who was erased."""


class RegisteredAddresses:
    """The address book that is the register of people, with what they said about notices."""

    def __init__(self, register: Register, notices: NoticeBook) -> None:
        """Look people up in this register, and their wishes in this book."""
        self._register = register
        self._notices = notices

    async def address(self, buyer_id: BuyerId) -> Address | None:
        """The registered address, if there is one."""
        profile = await self._register.buyer(buyer_id)
        if profile is None or not (profile.email or profile.phone):
            return None
        wishes = await self._notices.preferences(buyer_id)
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
