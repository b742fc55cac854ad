"""Pointers: mail that tells buyers or staff that something is there to be read, and not what.

Not here: the words (`desk/telling/pointing.py`), who is told when (`desk/conversing.py`), and
letters about what happened to an order (`letters.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from earnest.core.order.state import Order
from earnest.core.terms.version import TermsVersion
from earnest.core.values.instant import Instant
from earnest.desk.conversing import (
    ANSWERING,
    POINTER_FOR_STAFF,
    POINTER_TO_DECISION,
    POINTER_TO_LINK,
    Conversations,
    OrderLink,
    OrderLinks,
)
from earnest.desk.outgoing import Address, AddressBook, Occurrences, Outcome
from earnest.desk.ports import OrderKey, OutgoingMessage
from earnest.desk.staff import StaffBook, StaffMember
from earnest.desk.telling import language_of
from earnest.desk.telling.letter import Letter
from earnest.desk.telling.pointing import link_pointer, message_pointer, staff_pointer
from earnest.gateways.mail import Mail, MailGateway
from earnest.gateways.mail_sending import send_written

_FOR_STAFF = frozenset({POINTER_FOR_STAFF, POINTER_TO_DECISION})

log = structlog.get_logger(__name__)


class Pointers:
    """Writes to buyers, and to staff who answer them, where to look."""

    def __init__(  # noqa: PLR0913 - keyword-only parts, named where they are put together
        self,
        *,
        occurrences: Occurrences,
        addresses: AddressBook,
        conversations: Conversations,
        links: OrderLinks,
        staff: StaffBook,
        link_of: Callable[[OrderKey, OrderLink], str],
        mail: MailGateway,
        now: Callable[[], Instant],
        public_url: str,
    ) -> None:
        """Send through `mail`; `link_of` writes the address behind a link of an order."""
        self._occurrences = occurrences
        self._addresses = addresses
        self._conversations = conversations
        self._links = links
        self._staff = staff
        self._link_of = link_of
        self._mail = mail
        self._now = now
        self._public_url = public_url.rstrip("/")

    async def send(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Write to those for whom there still is something to be read.

        A message for staff comes again for all of them when the server did not take one's mail.
        """
        addresses = await self._addresses.addresses([each.buyer_id for each in messages])
        written: list[list[Mail]] = []
        for message in messages:
            if message.subject in _FOR_STAFF:
                mails = await self._to_staff(message)
            else:
                mail = await self._to_buyer(message, addresses.get(message.buyer_id))
                mails = [] if mail is None else [mail]
            if not mails:
                log.info("message_dropped", why="nothing_to_tell", order_id=message.order_id)
            written.append(mails)
        left = iter(await send_written(self._mail, [mail for mails in written for mail in mails]))
        outcomes = [[next(left) for _ in mails] for mails in written]
        return [next(filter(None, each), None) for each in outcomes]

    async def _to_staff(self, message: OutgoingMessage) -> list[Mail]:
        """A mail to everybody who answers messages, unless somebody has read or answered."""
        key = OrderKey(message.buyer_id, message.order_id)
        is_decision = message.subject == POINTER_TO_DECISION
        if not is_decision:
            progress = await self._conversations.progress(key)
            if progress.waits_since is None or progress.read_by_seller >= progress.messages:
                return []
        readers = [each for each in await self._staff.everybody() if _answers(each)]
        if not readers:
            return []
        order = await self._occurrences.order_of_buyer(key)
        assert order is not None, "what is said or decided belongs to an order"
        place = "" if is_decision else "/messages"
        seller = (await self._terms(order)).seller
        return [
            _mail(
                staff_pointer(
                    name=each.name,
                    language=language_of(each.language),
                    order_id=order.order_id,
                    link=f"{self._public_url}/office/orders/{order.order_id}{place}",
                    seller=seller,
                    is_decision=is_decision,
                ),
                each.email,
                f"{order.order_id}.{message.subject}.{message.sequence}.{each.staff_id}",
                self._now(),
            )
            for each in readers
        ]

    async def _to_buyer(self, message: OutgoingMessage, address: Address | None) -> Mail | None:
        """The mail; None when nobody can be told, or nothing is left to be told."""
        if address is None or not address.email:
            return None
        key = OrderKey(message.buyer_id, message.order_id)
        order = await self._occurrences.order_of_buyer(key)
        assert order is not None, "what is said or shown belongs to an order"
        if message.subject == POINTER_TO_LINK:
            return await self._to_link(order, key, address)
        return await self._to_message(order, key, address, message.sequence)

    async def _to_message(
        self, order: Order, key: OrderKey, address: Address, number: int
    ) -> Mail | None:
        progress = await self._conversations.progress(key)
        if progress.read_by_buyer >= number or not address.wishes.mail:
            return None
        written = message_pointer(
            name=address.name,
            language=language_of(address.language),
            order_id=order.order_id,
            link=f"{self._public_url}/orders/{order.order_id}/messages",
            seller=(await self._terms(order)).seller,
        )
        return _mail(written, address.email, f"{order.order_id}.message.{number}", self._now())

    async def _to_link(self, order: Order, key: OrderKey, address: Address) -> Mail | None:
        link = await self._links.link(key)
        if link is None or not link.is_open(self._now()):
            return None
        terms = await self._terms(order)
        written = link_pointer(
            name=address.name,
            language=language_of(address.language),
            order_id=order.order_id,
            link=self._link_of(key, link),
            ends_at=link.ends_at,
            time_zone=terms.policy.time_zone,
            seller=terms.seller,
        )
        made = f"{order.order_id}.link.{int(link.made_at.timestamp())}"
        return _mail(written, address.email, made, link.made_at)

    async def _terms(self, order: Order) -> TermsVersion:
        terms = await self._occurrences.terms(order.terms_hash)
        assert terms is not None, "an order refers to known terms"
        return terms


def _answers(member: StaffMember) -> bool:
    """Whether somebody works here, has an address, and holds a role that answers messages."""
    is_here = member.active and member.joined_at is not None and bool(member.email)
    return is_here and not ANSWERING.isdisjoint(member.roles)


def _mail(written: Letter, to: str, name: str, composed_at: Instant) -> Mail:
    return Mail(
        to=to,
        subject=written.subject,
        text=written.text,
        language=written.language,
        message_id=name,
        composed_at=composed_at,
    )
