"""What another configuration would mean, before it is confirmed."""

from __future__ import annotations

from datetime import date

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.configuring import ConfigurationPreview, configuration_preview
from earnest.core.plan.promise import Foreseen, PromiseReason
from earnest.core.values.instant import Instant, Window
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core.orders import order_after
from tests.core.world import DEAR, FACTS, PLAIN, local

AT = local(2024, 7, 2, 10)
LATER = Window(local(2025, 3, 1), local(2025, 4, 1))
REASON = PromiseReason(capacity="c", horizon=date(2025, 12, 31), lane_group="aurora")


def previewed(
    stage: str, selection: Configuration, at: Instant = AT, then: Foreseen | None = None
) -> ConfigurationPreview:
    found = configuration_preview(order_after(stage), FACTS, selection, at, then)
    assert isinstance(found, ConfigurationPreview)
    return found


def test_price_and_lines_are_those_that_the_change_would_ask_for() -> None:
    order = order_after("DepositReceived")
    preview = previewed("DepositReceived", DEAR)

    assert (preview.reason, preview.details) == (None, {})
    assert preview.price_now == order.price
    assert preview.price_then.amount == sum(line.amount.amount for line in preview.lines)
    assert preview.window == order.promise
    assert (preview.foreseen, preview.foreseen_reason) == (None, None)


def test_live_counters_tell_when_such_a_car_would_come() -> None:
    preview = previewed("DepositReceived", DEAR, then=Foreseen(LATER, REASON))

    assert (preview.foreseen, preview.foreseen_reason) == (LATER, REASON)


def test_what_stands_against_the_change_is_said_before_it_is_asked() -> None:
    same = previewed("DepositReceived", PLAIN)
    too_late = previewed("Locked", DEAR, local(2024, 9, 1))

    assert same.reason is Reason.CONFIGURATION_UNCHANGED
    assert too_late.reason is Reason.CHANGE_WINDOW_OVER


def test_a_selection_that_cannot_be_built_has_no_preview() -> None:
    selection = Configuration("aurora", ("no-such-option",))
    found = configuration_preview(order_after("DepositReceived"), FACTS, selection, AT)

    assert isinstance(found, Rejected)
    assert found.reason is Reason.OPTION_UNKNOWN
