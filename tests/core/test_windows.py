"""Every window an order ever showed, and what deferring would mean before it is confirmed."""

from __future__ import annotations

from datetime import date

import msgspec

from earnest.core.order.deferring import TaxShown, deferral_preview, longest_deferral
from earnest.core.order.windows import windows_shown
from earnest.core.plan.promise import Foreseen, PromiseReason
from earnest.core.values.instant import Window
from earnest.core.values.reason import Reason
from tests.core.orders import order_after, then
from tests.core.stories import stories
from tests.core.telling import told
from tests.core.world import FACTS, facts_of, local, terms_with, yuan

AT = local(2024, 7, 9, 10)
LATER = Window(local(2025, 3, 1), local(2025, 4, 1))
REASON = PromiseReason(capacity="c", horizon=date(2025, 12, 31), lane_group="aurora")


def test_every_window_is_kept_with_what_bound_then() -> None:
    title = "A yes makes the later window bind, and waives no compensation"
    story = next(each for each in stories() if each.title == title)
    shown = windows_shown(told(story).events)

    assert [each.event for each in shown] == ["Reserved", "PromiseRevised", "DelayAnswered"]
    first, revised, agreed = shown
    assert first.shown == first.binding == revised.binding
    assert (revised.cause, revised.shown) == ("parts", agreed.binding)
    assert revised.delay is not None
    assert first.delay is None
    assert agreed.cause == ""


def test_a_window_that_is_told_again_is_kept_again() -> None:
    title = "A better window takes the place of a delay, and a deferral leaves the right to leave"
    story = next(each for each in stories() if each.title == title)
    shown = windows_shown(told(story).events)

    assert [each.event for each in shown].count("PromiseRevised") == 5
    assert shown[-1].event == "Resumed"


def test_the_free_deferral_is_previewed_with_window_queue_price_and_tax() -> None:
    order = order_after("Locked")
    preview = deferral_preview(order, FACTS, local(2025, 12, 31), AT)
    beyond = deferral_preview(order, FACTS, local(2025, 6, 30), AT)

    assert beyond.is_right
    assert (preview.is_right, preview.reason) == (False, Reason.DEFERRAL_TOO_LONG)
    assert preview.details["longest"]
    assert (beyond.rank, beyond.free_left, beyond.released) == (order.rank, 0, ())
    assert beyond.price_now == beyond.price_then == order.price
    assert beyond.window_now == order.promise
    assert beyond.window_then.begins == local(2025, 8, 25)
    assert [each.date() for each in beyond.reminders] == [
        date(2025, 5, 1),
        date(2025, 5, 31),
        date(2025, 6, 23),
    ]


def test_a_deferral_into_another_year_shows_what_the_tax_would_be() -> None:
    order = order_after("Locked")
    preview = deferral_preview(order, FACTS, local(2025, 6, 30), AT)
    into_2026 = Foreseen(Window(local(2026, 1, 10), local(2026, 2, 10)), REASON)
    later = deferral_preview(order, FACTS, local(2025, 6, 30), AT, into_2026)

    assert preview.tax_now == TaxShown(year=2024, amount=yuan(0))
    assert (later.tax_then.year, later.window_reason) == (2026, REASON)
    assert later.tax_then.amount is not None
    assert later.tax_then.amount.is_positive
    unknown = deferral_preview(order, FACTS, local(2025, 6, 30), AT, Foreseen(None, REASON))
    assert unknown.window_then == preview.window_then


def test_where_the_law_knows_no_purchase_tax_none_is_shown() -> None:
    facts = facts_of(terms_with(jurisdiction="DE"))
    preview = deferral_preview(order_after("Locked"), facts, local(2025, 6, 30), AT)
    assert preview.tax_now.amount is None


def test_beyond_the_free_number_the_maker_is_asked_and_what_is_held_goes_to_others() -> None:
    order = order_after("Tendered")
    preview = deferral_preview(order, FACTS, local(2025, 6, 30), local(2024, 8, 27))
    assert (preview.is_right, preview.reason, preview.free_left) == (False, None, 1)
    assert preview.released == ("slot", "car", "tender")


def test_nobody_is_reminded_of_an_end_that_is_near() -> None:
    order = then(order_after("Locked"), AT, "buyer", "AllowEarlier")
    preview = deferral_preview(order, FACTS, local(2024, 7, 20), AT)
    assert [each.date() for each in preview.reminders] == [date(2024, 7, 13)]
    asked = msgspec.structs.replace(order, deferrals_used=5)
    assert deferral_preview(asked, FACTS, local(2024, 7, 20), AT).free_left == 0


def test_the_longest_deferral_is_that_of_the_terms() -> None:
    assert longest_deferral(order_after("Locked"), FACTS, AT) == local(2025, 7, 5)
