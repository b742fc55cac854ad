"""The post: every message of the outbox leaves here, by mail, text, webhook or payout.

Not here: letters (`letters.py`), texts (`texts.py`), the ways out (`mail.py`, `webhooks.py`,
`payments/payouts.py`) and trying again, which the outbox does where an outcome says so.

Everything that leaves has a name that follows from its event, so that a message delivered twice
is the same mail and the same webhook.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

import structlog

from earnest.desk.outgoing import (
    ATTEMPTS,
    NotSent,
    Occurrences,
    Outcome,
    SendsOne,
    outcome_of,
    wait_after,
)
from earnest.desk.ports import Channel, OutgoingMessage, RecordedEvent
from earnest.gateways.campaign_letters import CampaignLetters
from earnest.gateways.endpoints import Endpoint, Endpoints, outgoing_to
from earnest.gateways.letters import Letters, dropped, place_of
from earnest.gateways.pointers import Pointers
from earnest.gateways.webhooks import (
    WebhookGateway,
    WebhookGone,
    WebhookRefused,
    WebhookResult,
    WebhookRetry,
)

Told: TypeAlias = tuple[Endpoint, RecordedEvent, WebhookResult]
"""Who was told of what, and how they took it."""

WEBHOOKS_AT_ONCE = 8
"""How many events of one job are announced at the same time."""

TEXTS_AT_ONCE = 8
"""How many short messages of one job are under way at the same time."""

PAYOUTS_AT_ONCE = 16
"""How many payouts of one job are under way at the same time."""

log = structlog.get_logger(__name__)


class Post:
    """Sends what the outbox hands over."""

    def __init__(  # noqa: PLR0913 - keyword-only parts, named where they are put together
        self,
        *,
        occurrences: Occurrences,
        letters: Letters,
        payouts: SendsOne,
        news: CampaignLetters | None = None,
        pointers: Pointers | None = None,
        texts: SendsOne | None = None,
        webhooks: WebhookGateway | None = None,
        endpoints: Sequence[Endpoint] = (),
        kept: Endpoints | None = None,
    ) -> None:
        """Send by these ways out; without one that may be missing, nothing leaves by it.

        Of events are told the endpoints of the settings, and those that are kept.
        """
        self._occurrences = occurrences
        self._letters = letters
        self._payouts = payouts
        self._news = news
        self._pointers = pointers
        self._texts = texts
        self._webhooks = webhooks
        self._endpoints = list(endpoints)
        self._kept = kept

    async def handle(
        self, messages: Sequence[OutgoingMessage], attempt: int = 1
    ) -> Sequence[Outcome]:
        """Send messages of one channel; repeating them is harmless."""
        match messages[0].channel:
            case Channel.MAIL:
                return await self._letters.send(messages)
            case Channel.CAMPAIGN:
                return await self._tell_news(messages)
            case Channel.POINTER:
                return await self._point(messages)
            case Channel.WEBHOOK:
                return await self._announce(messages, attempt)
            case Channel.SMS:
                return await self._text(messages)
            case Channel.PAYOUT:
                return await _a_few_at_once(self._payouts.handle, messages, PAYOUTS_AT_ONCE)

    async def _tell_news(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Tell of campaigns; where nobody is told of them there is nothing to do."""
        return [None] * len(messages) if self._news is None else await self._news.send(messages)

    async def _point(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Tell buyers where to look; where nobody is told there is nothing to do."""
        if self._pointers is None:
            return [None] * len(messages)
        return await self._pointers.send(messages)

    async def _text(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Send short messages; without a gateway for them there is nothing to do."""
        if self._texts is None:
            return [None] * len(messages)
        return await _a_few_at_once(self._texts.handle, messages, TEXTS_AT_ONCE)

    async def _announce(
        self, messages: Sequence[OutgoingMessage], attempt: int
    ) -> Sequence[Outcome]:
        """Tell every endpoint of every event, and note how the kept ones took it."""
        kept = [] if self._kept is None else await self._kept.active()
        webhooks = self._webhooks
        if webhooks is None or not (self._endpoints or kept):
            return [None] * len(messages)
        found = await self._occurrences.occurrences([place_of(each) for each in messages])
        told: list[Told] = []

        async def announce(message: OutgoingMessage) -> None:
            occurrence = found.get(place_of(message))
            if occurrence is None:
                dropped(message, "event_unknown")
            else:
                everywhere = [*self._endpoints, *kept]
                await self._tell_everywhere(webhooks, occurrence.recorded, everywhere, told)

        outcomes = await _a_few_at_once(announce, messages, WEBHOOKS_AT_ONCE)
        if self._kept is not None:
            again = {
                place_of(message): wait_after(outcome, attempt)
                for message, outcome in zip(messages, outcomes, strict=True)
                if outcome is not None and attempt < ATTEMPTS
            }
            await self._kept.note(told, again)
        return outcomes

    async def _tell_everywhere(
        self,
        webhooks: WebhookGateway,
        recorded: RecordedEvent,
        everywhere: Sequence[Endpoint],
        told: list[Told],
    ) -> None:
        """One endpoint that did not take it makes the message come again for all.

        The receivers drop what they already have by its id.
        """
        kind = type(recorded.event).__name__
        late: list[WebhookRetry] = []
        for endpoint in everywhere:
            if not endpoint.is_told_of(kind):
                continue
            result = await webhooks.send(outgoing_to(endpoint, recorded))
            told.append((endpoint, recorded, result))
            match result:
                case WebhookRetry():
                    late.append(result)
                case WebhookGone():
                    # Its owner switched it off; one of the settings is told again after a start.
                    log.warning("webhook_endpoint_gone", url=endpoint.url)
                    if endpoint in self._endpoints:
                        self._endpoints.remove(endpoint)
                case WebhookRefused(code=code, explanation=explanation):
                    log.error("webhook_endpoint_unusable", code=code, way_out=explanation)
        if late:
            waits = [each.after_seconds for each in late if each.after_seconds is not None]
            raise NotSent(late[0].explanation, max(waits, default=None))


async def _a_few_at_once(
    send: Callable[[OutgoingMessage], Awaitable[None]],
    messages: Sequence[OutgoingMessage],
    count: int,
) -> Sequence[Outcome]:
    """Send messages, so many at the same time, and tell of each what became of it."""
    some = asyncio.Semaphore(count)

    async def in_turn(message: OutgoingMessage) -> Outcome:
        async with some:
            return await outcome_of(send(message))

    return await asyncio.gather(*map(in_turn, messages))
