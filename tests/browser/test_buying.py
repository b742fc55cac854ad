"""A buyer's way in a real browser: choose, look at every outcome, order, pay; a launch opens live.

Not here: what comes after the deposit (the tests of its pages), and pages without a browser
(`tests/web/test_checkout.py`).
"""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driving import DESKTOP, LANGUAGES, PHONE, Visitor, visitor
from tests.demo.running import Running

CAR = "/models/s7-cn/s7-max"


def orders(li: Visitor, who: str = "li-wen") -> None:
    """Choose, sign in, tick every clause, review, order."""
    li.goes(f"{CAR}?paint=paint-ember&wheels=wheels-20")
    li.page.locator("#summary a.button.main").click()
    li.page.locator(f'input[value="{who}"] ~ button').click()
    for box in li.page.locator('input[name="clause"]').all():
        box.check()
    li.page.locator("#form-review button").click()
    li.page.locator("#form-order button").click()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_buyer_orders_and_pays(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    with visitor(browser, demo.url, language=language, width=width) as li:
        li.goes(f"{CAR}?paint=paint-ember")
        steps = ["model"]
        assert (steps, li.serious_findings()) == (steps, [])
        # A choice shows its price at once, and the address is the link to share.
        li.page.locator('input[value="wheels-20"]').check()
        expect(li.page.locator("#summary .sum td")).to_contain_text("314,900.00")
        assert "wheels=wheels-20" in li.page.url
        li.page.locator("#summary a.button.main").click()
        li.page.locator('input[value="li-wen"] ~ button').click()
        assert (li.page.url, li.serious_findings()) == (li.page.url, [])
        assert li.page.locator('input[name="clause"]:checked').count() == 0
        for box in li.page.locator('input[name="clause"]').all():
            box.check()
        li.page.locator("#form-review button").click()
        assert (li.page.url, li.serious_findings()) == (li.page.url, [])
        li.page.locator("#form-order button").click()
        assert li.page.url.endswith("/pay")
        assert (li.page.url, li.serious_findings()) == (li.page.url, [])
        scrolled = li.page.evaluate("() => document.documentElement.scrollWidth")
        assert scrolled == width
        number = li.page.locator(".code").inner_text()
        li.page.locator("#payment a.button.main").click()
        li.page.locator("form button").first.click()
        li.page.wait_for_url(f"**/orders/{number}*")
        arrives(demo, number)
        assert demo.ask(f"/orders/{number}")["deposit_paid"]["amount"] == 500_000


def arrives(demo: Running, number: str) -> None:
    """Wait for the provider's message, which may be slower than the buyer's way back."""
    for _ in range(200):
        if demo.ask(f"/orders/{number}")["stage"] != "reserved":
            return
        time.sleep(0.05)
    raise AssertionError("the provider's message never arrived")


@pytest.mark.parametrize(("language", "width"), [("en", PHONE), ("zh-Hans", DESKTOP)])
def test_ordering_and_paying_work_without_scripts(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    with visitor(browser, demo.url, scripts=False, language=language, width=width) as li:
        orders(li, "zhang-min")
        number = li.page.locator(".code").inner_text()
        # Going back to the review and sending it again is the same order.
        at = li.page.url
        li.page.go_back()
        li.page.locator("#form-order button").click()
        assert li.page.url == at
        li.page.locator("#payment a.button.main").click()
        li.page.locator("form button").first.click()
        li.page.wait_for_url(f"**/orders/{number}*")
        arrives(demo, number)
        assert demo.ask(f"/orders/{number}")["stage"] == "deposited"


def test_a_double_click_orders_once(browser: Browser, demo: Running) -> None:
    with visitor(browser, demo.url) as li:
        li.goes(CAR)
        li.page.locator("#summary a.button.main").click()
        li.page.locator('input[value="wang-fang"] ~ button').click()
        for box in li.page.locator('input[name="clause"]').all():
            box.check()
        li.page.locator("#form-review button").click()
        li.page.locator("#form-order button").dblclick()
        li.page.wait_for_url("**/pay")
        number = li.page.locator(".code").inner_text()
        buyer = demo.ask(f"/orders/{number}")["buyer_id"]
        found = demo.ask("/orders?limit=100")["orders"]
        assert [each["order_id"] for each in found if each["buyer_id"] == buyer] == [number]


def test_rules_of_options_are_explained_and_cars_compared(browser: Browser, demo: Running) -> None:
    with visitor(browser, demo.url) as li:
        li.goes(CAR)
        li.page.locator('input[name="sport-brakes"]').check()
        expect(li.page.get_by_role("alert")).to_contain_text("Sport brakes")
        li.page.locator('input[value="wheels-20"]').check()
        expect(li.page.get_by_role("alert")).to_have_count(0)
        li.page.get_by_role("link", name="Compare with another car").click()
        li.page.locator('button[name="b"]').last.click()
        assert li.serious_findings() == []
        assert "Meridian Y7 Max" in li.page.locator("table").inner_text()


def test_a_launch_opens_before_the_eyes_of_who_waits(browser: Browser, demo: Running) -> None:
    with visitor(browser, demo.url) as li:
        li.goes("/launch/y7-night")
        assert li.serious_findings() == []
        assert "Prices and options are shown from" in li.reads()
        seconds = 2 * 86_400
        demo.ask("/demo/clock", "admin", {"advance_seconds": seconds})
        expect(li.page.locator("#launch")).to_contain_text("The sale is open.", timeout=30_000)
        expect(li.page.locator("#launch .model").first).to_be_visible()
