"""Reading a provider's webhook whose body is the contract's own event: verify first, then parse.

It serves the sandbox and its null twin; a real provider has its own body and maps it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from earnest.gateways.payments.contract import ProviderEvent
from earnest.gateways.signatures import WebhookRejected, WebhookVerifier


class EventReader:
    """Turns raw webhooks into events; made once, used for every message."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """Take the secrets in force; raise ``ValueError`` for one that is malformed."""
        self._verifier = WebhookVerifier(secrets)
        self._decoder: msgspec.json.Decoder[ProviderEvent] = msgspec.json.Decoder(ProviderEvent)

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> ProviderEvent:
        """Return the event, or raise ``WebhookRejected``."""
        webhook_id = self._verifier.verify(headers, body, now)
        try:
            event = self._decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise WebhookRejected(
                "webhook_malformed", f"the signed body is not an event of the contract: {error}"
            ) from error
        if event.event_id != webhook_id:
            raise WebhookRejected(
                "webhook_malformed", "event_id in the body must equal the header webhook-id"
            )
        return event
