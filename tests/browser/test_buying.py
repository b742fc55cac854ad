"""A buyer's way in a real browser: choose, look at every outcome, order, pay; a launch opens live.

Not here: what comes after the deposit (the tests of its pages), and pages without a browser
(`tests/web/test_checkout.py`).
"""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driving import DESKTOP, LANGUAGES, PHONE, Visitor, follow, visitor
from tests.demo.running import Running

CAR = "/models/s7-cn/s7-max"


def reviews(li: Visitor, who: str = "li-wen") -> None:
    """Choose, sign in, tick every clause, go to the review."""
    li.goes(f"{CAR}?paint=paint-ember&wheels=wheels-20")
    follow(li.page.locator("#summary a.button.main"))
    follow(li.page.locator(f'input[value="{who}"] ~ button'))
    for box in li.page.locator('input[name="clause"]').all():
        box.check()
    follow(li.page.locator("#form-review button"))


def orders(li: Visitor, who: str = "li-wen") -> str:
    """Choose, sign in, tick every clause, review, order; the number of the order."""
    reviews(li, who)
    follow(li.page.locator("#form-order button"))
    return li.page.locator(".code").inner_text()


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
        follow(li.page.locator("#summary a.button.main"))
        follow(li.page.locator('input[value="li-wen"] ~ button'))
        assert (li.page.url, li.serious_findings()) == (li.page.url, [])
        assert li.page.locator('input[name="clause"]:checked').count() == 0
        for box in li.page.locator('input[name="clause"]').all():
            box.check()
        follow(li.page.locator("#form-review button"))
        assert (li.page.url, li.serious_findings()) == (li.page.url, [])
        follow(li.page.locator("#form-order button"))
        assert li.page.url.endswith("/pay")
        assert (li.page.url, li.serious_findings()) == (li.page.url, [])
        scrolled = li.page.evaluate("() => document.documentElement.scrollWidth")
        assert scrolled == width
        number = li.page.locator(".code").inner_text()
        follow(li.page.locator("#payment a.button.main"))
        follow(li.page.locator("form button").first)
        li.page.wait_for_url(f"**/orders/{number}*")
        arrives(demo, number)
        assert demo.ask(f"/orders/{number}")["deposit_paid"]["amount"] == 500_000


def arrives(demo: Running, number: str) -> None:
    """Wait for the provider's message, which may be slower than the buyer's way back."""
    for _ in range(1_200):
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
        follow(li.page.locator("#form-order button"))
        assert li.page.url == at
        follow(li.page.locator("#payment a.button.main"))
        follow(li.page.locator("form button").first)
        li.page.wait_for_url(f"**/orders/{number}*")
        arrives(demo, number)
        assert demo.ask(f"/orders/{number}")["stage"] == "deposited"


def test_a_double_click_orders_once(browser: Browser, demo: Running) -> None:
    with visitor(browser, demo.url) as li:
        li.goes(CAR)
        follow(li.page.locator("#summary a.button.main"))
        follow(li.page.locator('input[value="wang-fang"] ~ button'))
        for box in li.page.locator('input[name="clause"]').all():
            box.check()
        follow(li.page.locator("#form-review button"))
        li.page.locator("#form-order button").dblclick()
        li.page.wait_for_url("**/pay")
        number = li.page.locator(".code").inner_text()
        buyer = demo.ask(f"/orders/{number}")["buyer_id"]
        found = demo.ask("/orders?limit=100")["orders"]
        assert [each["order_id"] for each in found if each["buyer_id"] == buyer] == [number]


def test_cancelling_at_the_provider_loses_nothing_and_paying_twice_is_paying_once(
    browser: Browser, demo: Running
) -> None:
    with visitor(browser, demo.url) as li:
        number = orders(li)
        pay = li.page.url
        follow(li.page.locator("#payment a.button.main"))
        follow(li.page.locator('button[value="decline"]'))
        li.page.wait_for_url(f"**/orders/{number}*")
        expect(li.page.locator("#now")).to_contain_text("Nothing was paid")
        assert demo.ask(f"/orders/{number}")["stage"] == "reserved"
        # Going on from there, a double click at the provider is one payment.
        follow(li.page.locator("#now a.button.main"))
        provider = li.page.url
        li.page.locator('button[value="pay"]').dblclick()
        li.page.wait_for_url(f"**/orders/{number}*")
        arrives(demo, number)
        # Back after paying: the provider says that it is paid, and the checkout leads on.
        li.page.goto(provider)
        expect(li.page.get_by_role("status")).to_contain_text("already paid once")
        li.page.goto(pay)
        assert li.page.url.endswith(f"/orders/{number}")
        assert demo.ask(f"/orders/{number}")["deposit_paid"]["amount"] == 500_000
        assert len(demo.ask(f"/orders/{number}/payments")["payments"]) == 1


def test_two_tabs_make_one_order_and_a_stale_one_is_told_so(
    browser: Browser, demo: Running
) -> None:
    with visitor(browser, demo.url) as li:
        reviews(li)
        first, second = li.page, li.page.context.new_page()
        second.goto(first.url)
        assert second.locator('input[name="clause"]:checked').count() == 0
        follow(first.locator("#form-order button"))
        number = first.locator(".code").inner_text()
        # The other window of the same checkout finds the order that was made meanwhile.
        second.reload()
        assert second.url == first.url
        second.goto(f"{demo.url}/orders/{number}/leave?ground=cooling_off")
        first.goto(second.url)
        follow(first.locator("#form-leave button").last)
        first.wait_for_url(f"**/orders/{number}")
        follow(second.locator("#form-leave button").last)
        expect(second.get_by_role("alert")).to_contain_text("This order is over")
        expect(second.get_by_role("alert")).not_to_contain_text("withdrawn")


@pytest.mark.parametrize(("language", "width"), [("zh-Hans", PHONE), ("en", DESKTOP)])
def test_the_contract_is_read_before_and_talked_about_after(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    with visitor(browser, demo.url, language=language, width=width) as li:
        reviews(li)
        follow(li.page.locator('a[href*="/contract?"]'))
        li.page.locator("dd.code").wait_for()
        looks_well(li, width)
        digest = li.page.locator("dd.code").inner_text().split()[0]
        for spoken in LANGUAGES:
            with li.page.expect_download() as kept:
                li.page.locator(f'a[href$="in={spoken}"]').click()
            assert kept.value.path().read_bytes().startswith(b"%PDF-")
        li.page.go_back()
        follow(li.page.locator("#form-order button"))
        number = li.page.locator(".code").inner_text()
        li.goes(f"/orders/{number}/messages")
        li.page.locator("#field-text").fill("<b>Free</b> storage for 60 days, as Chen said?")
        li.page.locator("#form-say button").dblclick()
        li.page.wait_for_url("**/messages#message-1")
        assert li.page.locator(".talk li").count() == 1
        looks_well(li, width)
        li.goes(f"/orders/{number}/messages/1/agree")
        looks_well(li, width)
        li.goes(f"/orders/{number}/papers")
        follow(li.page.locator("#form-make-link button"))
        li.page.locator("#form-drop-link").wait_for()
        looks_well(li, width)
        link = li.page.locator("#link ~ .code").inner_text()
        assert len(digest) == 64
        with visitor(browser, demo.url, language=language, width=width) as friend:
            friend.page.goto(link)
            assert number in friend.reads()
            follow(li.page.locator("#form-drop-link button"))
            li.page.locator("#form-drop-link").wait_for(state="detached")
            friend.page.reload()
            assert friend.page.locator('[data-code="link_over"]').count() == 1
            looks_well(friend, width)


def looks_well(li: Visitor, width: int) -> None:
    """Nothing sticks out to the side, and axe finds nothing that keeps somebody out."""
    scrolled = li.page.evaluate("() => document.documentElement.scrollWidth")
    assert (li.page.url, scrolled) == (li.page.url, width)
    assert (li.page.url, li.serious_findings()) == (li.page.url, [])


def test_what_was_said_becomes_an_agreement_between_two_windows(
    browser: Browser, demo: Running
) -> None:
    with visitor(browser, demo.url) as li, visitor(browser, demo.url, width=PHONE) as chen:
        number = orders(li)
        li.goes(f"/orders/{number}/messages")
        li.page.locator("#field-text").fill("May I have 45 days to collect it?")
        follow(li.page.locator("#form-say button"))
        chen.signs_in("sales", "/office/sign-in?to=/office/messages")
        assert chen.serious_findings() == []
        follow(chen.page.locator(f'a[href="/office/orders/{number}/messages"]'))
        chen.page.locator("#field-text").fill("Yes, 45 days.")
        follow(chen.page.locator("#form-say button"))
        # The buyer's window hears of the answer by itself.
        expect(li.page.locator(".talk")).to_contain_text("Yes, 45 days.")
        li.goes(f"/orders/{number}/messages/2/agree")
        li.page.locator("#field").select_option("cure_days")
        li.page.locator("#field-value").fill("45")
        follow(li.page.locator("#form-agree button"))
        assert "Proposal 1, by you" in li.reads()
        chen.goes(f"/office/orders/{number}/do/AcceptAgreement?number=1")
        assert chen.serious_findings() == []
        follow(chen.page.locator("#form-act button"))
        chen.page.wait_for_url("**?done=AcceptAgreement")
        li.page.reload()
        expect(li.page.locator("main")).to_contain_text("Agreement 1")
        follows = li.page.locator('a[href$="/evidence/1"]')
        with li.page.expect_download() as kept:
            follows.click()
        assert kept.value.path().read_text() == "Yes, 45 days."


OVER = re.compile("The time to pay is over|Lapsed, never paid")
"""What a page says before, and what it says after time has ended the reservation."""


def test_a_reservation_whose_time_is_over_says_so_everywhere(
    browser: Browser, demo: Running
) -> None:
    with visitor(browser, demo.url) as li:
        number = orders(li, "zhang-min")
        pay = li.page.url
        provider = li.page.locator("#payment a.button.main").get_attribute("href")
        demo.ask("/demo/clock", "admin", {"advance_seconds": 1_900})
        li.page.goto(pay)
        expect(li.page.locator("main")).to_contain_text(OVER)
        assert provider is not None
        li.page.goto(provider)
        li.goes(f"/orders/{number}")
        expect(li.page.locator("main")).to_contain_text(OVER)
        assert li.page.locator(f'a[href="{provider}"]').count() == 0


def test_rules_of_options_are_explained_and_cars_compared(browser: Browser, demo: Running) -> None:
    with visitor(browser, demo.url) as li:
        li.goes(CAR)
        li.page.locator('input[name="sport-brakes"]').check()
        expect(li.page.get_by_role("alert")).to_contain_text("Sport brakes")
        li.page.locator('input[value="wheels-20"]').check()
        expect(li.page.get_by_role("alert")).to_have_count(0)
        follow(li.page.get_by_role("link", name="Compare with another car"))
        follow(li.page.locator('button[name="b"]').last)
        assert li.serious_findings() == []
        assert "Meridian Y7 Max" in li.page.locator("table").inner_text()


def test_a_launch_opens_before_the_eyes_of_who_waits(browser: Browser, demo: Running) -> None:
    with visitor(browser, demo.url) as li:
        li.goes("/launch/y7-night")
        assert li.serious_findings() == []
        assert "Prices and options are shown from" in li.reads()
        seconds = 2 * 86_400
        demo.ask("/demo/clock", "admin", {"advance_seconds": seconds})
        expect(li.page.locator("#launch")).to_contain_text("The sale is open.")
        expect(li.page.locator("#launch .model").first).to_be_visible()
