"""Sending what was written for messages of the outbox, and saying what becomes of each.

Not here: the ways out (`mail.py`), who writes what (`pointers.py`, `campaign_letters.py`), and
letters about events, which also note who was told (`letters.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from earnest.desk.outgoing import NotSent, Outcome
from earnest.gateways.mail import Mail, MailGateway, MailRefused, MailRetry

log = structlog.get_logger(__name__)


async def send_written(gateway: MailGateway, written: Sequence[Mail | None]) -> list[Outcome]:
    """Send the mail of each message, None where nothing is to be told; their outcomes in turn.

    What is never taken is dropped and said in the log; what may be taken later stays in the outbox.
    """
    outcomes: list[Outcome] = [None] * len(written)
    positions = [position for position, mail in enumerate(written) if mail is not None]
    results = await gateway.send([mail for mail in written if mail is not None])
    for position, result in zip(positions, results, strict=True):
        if isinstance(result, MailRetry):
            outcomes[position] = NotSent(result.explanation)
        elif isinstance(result, MailRefused):
            log.warning("message_dropped", why=result.code)
    return outcomes
