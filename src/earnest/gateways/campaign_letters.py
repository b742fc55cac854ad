"""Mail about campaigns: to everybody who waits for one, when it moved or its sale was paused.

Not here: the words (`desk/telling/news.py`, `pauses.py`), who is told (`store/campaigns.py`,
`store/pauses.py`) and mail about orders (`letters.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import structlog

from earnest.core.launch.announcing import Announced
from earnest.core.queue.pause import SalePause
from earnest.core.values.ids import BuyerId, CampaignId
from earnest.core.values.instant import Instant
from earnest.desk.campaign_ports import Campaigns
from earnest.desk.outgoing import Address, AddressBook, Outcome
from earnest.desk.pause_ports import SalePauses
from earnest.desk.ports import OutgoingMessage, Shelf
from earnest.desk.telling.letter import Letter
from earnest.desk.telling.news import news
from earnest.desk.telling.pauses import RESUMED, letter_of_pause
from earnest.gateways.mail import Mail, MailGateway
from earnest.gateways.mail_sending import send_written

log = structlog.get_logger(__name__)


class CampaignLetters:
    """Writes to those who wait for a campaign."""

    def __init__(
        self,
        *,
        campaigns: Campaigns,
        pauses: SalePauses,
        shelf: Shelf,
        addresses: AddressBook,
        mail: MailGateway,
        public_url: str,
    ) -> None:
        """Send through `mail`; `public_url` is where the API and the pages are found."""
        self._campaigns = campaigns
        self._pauses = pauses
        self._shelf = shelf
        self._addresses = addresses
        self._mail = mail
        self._public_url = public_url.rstrip("/")

    async def send(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Write to those who have an address.

        A version that was superseded meanwhile is told all the same: the next one says against it
        what moved.
        """
        known = _Known(await self._campaigns.campaigns(), await self._pauses.pauses())
        addresses = await self._addresses.addresses([each.buyer_id for each in messages])
        written = []
        for message in messages:
            mail = await self._mail_of(message, known.about(message), addresses)
            if mail is None:
                log.info("message_dropped", why="nobody_to_tell", campaign_id=message.subject)
            written.append(mail)
        return await send_written(self._mail, written)

    async def _mail_of(
        self,
        message: OutgoingMessage,
        about: _About | None,
        addresses: Mapping[BuyerId, Address],
    ) -> Mail | None:
        """The mail; None when nobody can be told, or nothing is left to be told."""
        address = addresses.get(message.buyer_id)
        if about is None or address is None or not address.email:
            return None
        letter = await self._written(about, address)
        named = f"{message.subject}.{message.sequence}.{message.buyer_id}"
        return Mail(
            to=address.email,
            subject=letter.subject,
            text=letter.text,
            language=letter.language,
            message_id=named.replace(":", "."),
            composed_at=about.told_at,
        )

    async def _written(self, about: _About, address: Address) -> Letter:
        campaign = about.after.campaign
        queue = await self._shelf.queue(campaign.queue_id)
        assert queue is not None, "a campaign belongs to a known queue"
        reader = {
            "name": address.name,
            "language": address.language,
            "time_zone": queue.time_zone,
            "link": f"{self._public_url}/launch/{campaign.campaign_id}",
        }
        if about.paused is not None:
            return letter_of_pause(campaign, about.paused, about.what, **reader)
        assert about.before is not None, "what is told of a version is what it moved"
        return news(about.before.campaign, campaign, **reader)


class _About(msgspec.Struct, frozen=True, kw_only=True):
    """What a letter is about: a version and the one before it, or a pause and what of it."""

    after: Announced
    before: Announced | None = None
    paused: SalePause | None = None
    what: str = ""

    @property
    def told_at(self) -> Instant:
        """When that happened."""
        if self.paused is None:
            return self.after.published_at
        ended = self.paused.resumed_at if self.what == RESUMED else None
        return ended or self.paused.since


class _Known:
    """Every version and every pause, as messages name them."""

    def __init__(self, versions: Sequence[Announced], pauses: Sequence[SalePause]) -> None:
        self._versions = {(str(x.campaign.campaign_id), x.campaign.version): x for x in versions}
        self._newest = {x.campaign.campaign_id: x for x in versions}
        self._pauses = {(x.queue_id, x.number): x for x in pauses}

    def about(self, message: OutgoingMessage) -> _About | None:
        """What a message is about, where it is known."""
        campaign_id, _, what = message.subject.partition(":")
        if what:
            newest = self._newest.get(CampaignId(campaign_id))
            if newest is None:
                return None
            paused = self._pauses.get((newest.campaign.queue_id, message.sequence))
            return None if paused is None else _About(after=newest, paused=paused, what=what)
        after = self._versions.get((campaign_id, message.sequence))
        before = self._versions.get((campaign_id, message.sequence - 1))
        if after is None or before is None:
            return None
        return _About(after=after, before=before)
