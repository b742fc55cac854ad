"""Letters: what a job's messages say to buyers, read, written and mailed together.

A launch sends half a million letters from jobs of up to five hundred, so everything that a job's
letters are about is read by two statements. Not here: words (`desk/telling`), the form and the way
of a mail (`mail_form.py`, `mail.py`), and trying again, which the outbox does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import structlog

from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import BuyerId, TermsHash
from earnest.core.values.instant import Instant
from earnest.desk.notices import is_legal, ways
from earnest.desk.outgoing import (
    Address,
    AddressBook,
    NotSent,
    Occurrence,
    Occurrences,
    Outcome,
    Place,
)
from earnest.desk.ports import OutgoingMessage, RecordedEvent
from earnest.desk.private import MarkKind, NoticeBook, NoticeChannel, NoticeMark, NoticePlace
from earnest.desk.telling.letter import letter
from earnest.gateways.mail import Mail, MailGateway, MailRefused, MailResult, MailRetry, MailSent

log = structlog.get_logger(__name__)


class Letters:
    """Writes to buyers about what happened to their orders."""

    def __init__(
        self,
        *,
        occurrences: Occurrences,
        addresses: AddressBook,
        mail: MailGateway,
        notices: NoticeBook,
        now: Callable[[], Instant],
        public_url: str,
        texts_leave: bool,
    ) -> None:
        """Send through `mail`; `public_url` is where buyers find the pages of their orders.

        `texts_leave` is whether a notice can go by telephone instead, where a buyer prefers it.
        """
        self._occurrences = occurrences
        self._addresses = addresses
        self._mail = mail
        self._notices = notices
        self._now = now
        self._public_url = public_url.rstrip("/")
        self._texts_leave = texts_leave
        self._terms: dict[TermsHash, TermsVersion] = {}

    async def send(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Write to the buyers who want mail. Somebody without address is not written to."""
        found = await self._occurrences.occurrences([place_of(each) for each in messages])
        buyer_ids = dict.fromkeys(each.buyer_id for each in messages)
        addresses = await self._addresses.addresses(list(buyer_ids))
        await self._fetch_terms(found.values())
        outcomes: list[Outcome] = [None] * len(messages)
        mails: list[tuple[int, Mail]] = []
        for position, message in enumerate(messages):
            occurrence, address = found.get(place_of(message)), addresses.get(message.buyer_id)
            why_not = self._why_not(occurrence, address)
            if occurrence is None or address is None or why_not is not None:
                dropped(message, why_not or "address_unknown")
                continue
            try:
                mails.append((position, self._written(occurrence, address)))
            except Exception as defect:  # noqa: BLE001 - one letter must not hold the others up
                outcomes[position] = defect
        results = await self._mail.send([mail for _, mail in mails])
        taken: list[RecordedEvent] = []
        for (position, _), result in zip(mails, results, strict=True):
            message = messages[position]
            outcomes[position] = _outcome(message, result)
            if isinstance(result, MailSent):
                taken.append(found[place_of(message)].recorded)
        await self._note(taken)
        return outcomes

    def _why_not(self, occurrence: Occurrence | None, address: Address | None) -> str | None:
        """Why nothing is written, now or later; None when the buyer is written to."""
        if occurrence is None:
            return "event_unknown"
        if address is None or not address.email:
            return "address_unknown"
        has_phone = self._texts_leave and bool(address.phone)
        chosen = ways(occurrence.recorded.event, address.wishes, has_mail=True, has_phone=has_phone)
        return None if NoticeChannel.MAIL in chosen else "switched_off"

    async def _note(self, taken: Iterable[RecordedEvent]) -> None:
        """Note that the mail server took legal notices, which proves no arrival."""
        marks: list[tuple[BuyerId, NoticeMark]] = [
            (
                recorded.buyer_id,
                NoticeMark(
                    place=NoticePlace(recorded.order_id, recorded.sequence),
                    channel=NoticeChannel.MAIL,
                    kind=MarkKind.SENT,
                    at=self._now(),
                    proof=name_of(recorded),
                ),
            )
            for recorded in taken
            if is_legal(recorded.event)
        ]
        if marks:
            await self._notices.mark_all(marks)

    async def _fetch_terms(self, occurrences: Iterable[Occurrence]) -> None:
        for terms_hash in {each.terms_hash for each in occurrences} - self._terms.keys():
            terms = await self._occurrences.terms(terms_hash)
            assert terms is not None, f"an order refers to unknown terms {terms_hash}"
            self._terms[terms_hash] = terms

    def _written(self, occurrence: Occurrence, address: Address) -> Mail:
        recorded, terms = occurrence.recorded, self._terms[occurrence.terms_hash]
        written = letter(
            recorded.event,
            name=address.name,
            language=address.language,
            policy=terms.policy,
            order_id=recorded.order_id,
            link=f"{self._public_url}/orders/{recorded.order_id}",
            seller=terms.seller,
        )
        return Mail(
            to=address.email,
            subject=written.subject,
            text=written.text,
            language=written.language,
            message_id=name_of(recorded),
            composed_at=recorded.recorded_at,
        )


def place_of(message: OutgoingMessage) -> Place:
    """Where the event is stored that a message is about."""
    return Place(message.buyer_id, message.order_id, message.sequence)


def name_of(recorded: RecordedEvent) -> str:
    """What a mail or webhook about this event is always called."""
    return f"{recorded.buyer_id}.{recorded.order_id}.{recorded.sequence}"


def dropped(message: OutgoingMessage, why: str) -> None:
    """Note a message for which there is nothing to say or nobody to say it to, now or later."""
    note = log.error if why == "event_unknown" else log.info
    note("message_dropped", why=why, order_id=message.order_id, sequence=message.sequence)


def _outcome(message: OutgoingMessage, result: MailResult) -> Outcome:
    if isinstance(result, MailRetry):
        return NotSent(result.explanation)
    if isinstance(result, MailRefused):
        log.warning(
            "message_dropped", why=result.code, order_id=message.order_id, sequence=message.sequence
        )
    return None
