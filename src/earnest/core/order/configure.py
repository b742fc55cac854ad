"""Changing the configuration: free before the lock, in a window after it.

Not here: checking and pricing a selection (`core/catalogue`).
"""

from __future__ import annotations

from earnest.core.catalogue.configuration import quote
from earnest.core.order.commands import ChangeConfiguration
from earnest.core.order.events import ConfigurationChanged
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.promised import reduced
from earnest.core.order.state import Order, changed
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant, hours_later
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def change_configuration(
    order: Order, command: ChangeConfiguration, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Choose something else at the prices of the order's own catalogue; the rank stays.

    A reduction that was agreed or passed on stays too. A buyer who was told of a delay may change
    as long as it is not answered: the wait may be for the one part that was chosen.

    Rejections: `change_window_over`, the catalogue's own, `price_differs`,
    `configuration_unchanged`.
    """
    if (
        order.lock is not None
        and order.open_delay is None
        and now >= hours_later(order.lock.locked_at, policy.change_hours_after_lock)
    ):
        return Rejected(Reason.CHANGE_WINDOW_OVER)
    quoted = quote(facts.catalogue, command.configuration)
    if isinstance(quoted, Rejected):
        return quoted
    if quoted.configuration == order.configuration:
        return Rejected(Reason.CONFIGURATION_UNCHANGED)
    price = reduced(order, quoted.price)
    if price != command.price:
        return Rejected(Reason.PRICE_DIFFERS, {"price": str(price.amount)})
    return accepted(
        ConfigurationChanged(
            at=now,
            configuration=quoted.configuration,
            price=price,
            previous_price=order.price,
        )
    )


def configuration_changed(order: Order, event: ConfigurationChanged) -> Order:
    """The order is for the new configuration at the new price."""
    return changed(order, event.at, configuration=event.configuration, price=event.price)
