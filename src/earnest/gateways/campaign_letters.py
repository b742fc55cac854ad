"""Mail about campaigns: to everybody who waits for one, when something about it moved.

Not here: the words (`desk/telling/news.py`), who is told (`store/campaigns.py`) and mail about
orders (`letters.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from earnest.core.launch.announcing import Announced
from earnest.desk.campaign_ports import Campaigns
from earnest.desk.outgoing import AddressBook, NotSent, Outcome
from earnest.desk.ports import OutgoingMessage, Shelf
from earnest.desk.telling.news import news
from earnest.gateways.mail import Mail, MailGateway, MailRefused, MailRetry

log = structlog.get_logger(__name__)


class CampaignLetters:
    """Writes to those who wait for a campaign."""

    def __init__(
        self,
        *,
        campaigns: Campaigns,
        shelf: Shelf,
        addresses: AddressBook,
        mail: MailGateway,
        public_url: str,
    ) -> None:
        """Send through `mail`; `public_url` is where the API and the pages are found."""
        self._campaigns = campaigns
        self._shelf = shelf
        self._addresses = addresses
        self._mail = mail
        self._public_url = public_url.rstrip("/")

    async def send(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Write to those who have an address.

        A version that was superseded meanwhile is told all the same: the next one says against it
        what moved.
        """
        versions = await self._campaigns.campaigns()
        known = {(str(x.campaign.campaign_id), x.campaign.version): x for x in versions}
        addresses = await self._addresses.addresses([each.buyer_id for each in messages])
        outcomes: list[Outcome] = [None] * len(messages)
        mails: list[tuple[int, Mail]] = []
        for position, message in enumerate(messages):
            address = addresses.get(message.buyer_id)
            after = known.get((message.subject, message.sequence))
            before = known.get((message.subject, message.sequence - 1))
            if after is None or before is None or address is None or not address.email:
                log.info("message_dropped", why="nobody_to_tell", campaign_id=message.subject)
                continue
            zone = await self._zone_of(after)
            written = news(
                before.campaign,
                after.campaign,
                name=address.name,
                language=address.language,
                time_zone=zone,
                link=f"{self._public_url}/api/v1/campaigns/{message.subject}",
            )
            mail = Mail(
                to=address.email,
                subject=written.subject,
                text=written.text,
                language=written.language,
                message_id=f"{message.subject}.{message.sequence}.{message.buyer_id}",
                composed_at=after.published_at,
            )
            mails.append((position, mail))
        results = await self._mail.send([mail for _, mail in mails])
        for (position, _), result in zip(mails, results, strict=True):
            if isinstance(result, MailRetry):
                outcomes[position] = NotSent(result.explanation)
            elif isinstance(result, MailRefused):
                log.warning("message_dropped", why=result.code)
        return outcomes

    async def _zone_of(self, announced: Announced) -> str:
        queue = await self._shelf.queue(announced.campaign.queue_id)
        assert queue is not None, "a campaign belongs to a known queue"
        return queue.time_zone
