"""POST /orders/{order_id}/configuration-preview: what another choice would mean for an order.

Nothing is stored. Not here: changing it, which is a command (`commands.py`), and quotes for those
who have no order yet (`quotes.py`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.order.configuring import ConfigurationPreview, configuration_preview
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.telling.foreseen import reason_words
from earnest.web.finding import order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import Problem, TurnedAway, problem
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import AskedConfiguration, Language


class ConfigurationAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What would be chosen instead, and in which language."""

    configuration: AskedConfiguration
    language: Language | None = None


async def preview_configuration(house: House, asked: Asked, wanted: ConfigurationAsked) -> Reply:
    """Price and delivery of another configuration, at the prices of the order's own catalogue."""
    order = await order_asked_for(house, asked)
    library, at = house.desk.library, asked.received_at
    facts = await library.facts_to_read(order)
    selection = wanted.configuration.meant(at)
    changed = msgspec.structs.replace(order, configuration=selection.sorted())
    then = library.foreseen_for(changed, at, at)
    preview = configuration_preview(order, facts, selection, at, then)
    if isinstance(preview, Rejected):
        raise TurnedAway(preview.reason, preview.details)
    language = wanted.language or asked.language
    obstacle = None
    if preview.reason is not None:
        obstacle = problem(preview.reason, language, preview.details)
    reason = preview.foreseen_reason
    return Reply(
        value=ConfigurationShown(
            preview=preview,
            words="" if reason is None else reason_words(reason, language, facts.catalogue),
            obstacle=obstacle,
        )
    )


class ConfigurationShown(msgspec.Struct, frozen=True, kw_only=True):
    """The preview; `words` say why the car is foreseen then, `obstacle` why it cannot be asked."""

    preview: ConfigurationPreview
    words: str
    obstacle: Problem | None


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/orders/{order_id}/configuration-preview",
            operation="previewConfiguration",
            summary="What changing the configuration would mean, before it is confirmed.",
            description="Nothing happens. The price to confirm is `price_then`.",
            tag="orders",
            access=Access.READERS,
            takes=ConfigurationAsked,
            handler=preview_configuration,
            gives=ConfigurationShown,
            codes=(Reason.ORDER_UNKNOWN, Reason.MODEL_UNKNOWN, Reason.OPTION_UNKNOWN),
        ),
    ]
