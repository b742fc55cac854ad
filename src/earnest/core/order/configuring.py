"""What another configuration would mean, before the buyer confirms it: price and delivery.

The preview runs the very command. Not here: changing it (`configure.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.catalogue.configuration import Configuration, PriceLine, quote
from earnest.core.order.actor import Actor, Role
from earnest.core.order.commands import ChangeConfiguration
from earnest.core.order.decide import decide
from earnest.core.order.exits import PREVIEW
from earnest.core.order.facts import Facts
from earnest.core.order.promised import reduced
from earnest.core.order.state import Order
from earnest.core.plan.promise import Foreseen, PromiseReason
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


class ConfigurationPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What changing to a configuration would mean, when nothing else changes.

    `price_then` is the sum of `lines` less any reduction of the order. The rank stays, and the
    `window` that was promised goes on binding; `foreseen` is when a car so configured would come
    as far as live counters tell. `reason` says why the change cannot be asked at all.
    """

    configuration: Configuration
    lines: tuple[PriceLine, ...]
    price_now: Money
    price_then: Money
    window: Window
    foreseen: Window | None
    foreseen_reason: PromiseReason | None
    reason: Reason | None
    details: dict[str, str]


def configuration_preview(
    order: Order,
    facts: Facts,
    selection: Configuration,
    at: Instant,
    then: Foreseen | None = None,
) -> ConfigurationPreview | Rejected:
    """The whole preview, or what is wrong with the selection itself."""
    quoted = quote(facts.catalogue, selection)
    if isinstance(quoted, Rejected):
        return quoted
    price = reduced(order, quoted.price)
    command = ChangeConfiguration(
        buyer_id=order.buyer_id,
        order_id=order.order_id,
        actor=Actor(f"buyer:{order.buyer_id}", frozenset({Role.BUYER})),
        key=PREVIEW,
        received_at=at,
        configuration=quoted.configuration,
        price=price,
    )
    outcome = decide(order, command, facts, at)
    return ConfigurationPreview(
        configuration=quoted.configuration,
        lines=quoted.lines,
        price_now=order.price,
        price_then=price,
        window=order.promise,
        foreseen=None if then is None else then.window,
        foreseen_reason=None if then is None else then.reason,
        reason=outcome.reason if isinstance(outcome, Rejected) else None,
        details=outcome.details if isinstance(outcome, Rejected) else {},
    )
