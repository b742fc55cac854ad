"""What every page has: two languages, two widths, two modes, sign-in, and plain words for errors.

Passkeys are shown by a device that Chromium imitates, at a demo that is visited as localhost, since
browsers make them for names only. Not here: journeys of buyers and staff.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driving import DESKTOP, LANGUAGES, PHONE, Visitor, follow, visitor
from tests.browser.mailing import mailed
from tests.demo.running import Running

CODE = r"Your code is (\d{6})"
OPEN_PAGES = ("/", "/sign-in", "/office/sign-in", "/no-such-page")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_everybody_can_read_the_open_pages(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    with visitor(browser, demo.url, language=language, width=width) as anna:
        for path in OPEN_PAGES:
            anna.goes(path)
            assert anna.page.locator("html").get_attribute("lang") == language
            # Nothing sticks out to the side.
            scrolled = anna.page.evaluate("() => document.documentElement.scrollWidth")
            assert (path, scrolled) == (path, width)
            assert (path, anna.serious_findings()) == (path, [])


def test_dark_pages_have_contrast_as_well(browser: Browser, demo: Running) -> None:
    with visitor(browser, demo.url, dark=True) as anna:
        for path in OPEN_PAGES:
            anna.goes(path)
            assert (path, anna.serious_findings()) == (path, [])


def test_the_language_is_switched_on_the_page(browser: Browser, demo: Running) -> None:
    with visitor(browser, demo.url, scripts=False) as anna:
        anna.goes("/sign-in?to=/orders")
        follow(anna.page.get_by_role("link", name="中文"))
        assert anna.page.url == f"{demo.url}/sign-in?to=%2Forders"
        assert "登录或注册" in anna.reads()
        anna.goes("/")
        follow(anna.page.get_by_role("link", name="English"))
        assert "Made to order" in anna.reads()


def test_somebody_new_signs_up_by_a_code_and_out_again(browser: Browser, demo: Running) -> None:
    with visitor(browser, demo.url, scripts=False) as anna:
        anna.goes("/sign-in")
        anna.page.get_by_label("E-mail address").fill("anna.lee@example.com")
        follow(anna.page.get_by_role("button", name="Send the code"))
        anna.page.get_by_label("Code").fill("000000")
        follow(anna.page.locator("#form-code button"))
        assert "The code is not the one that was sent" in anna.reads()
        anna.page.get_by_label("Code").fill(mailed(demo, "anna.lee@example.com", CODE))
        follow(anna.page.locator("#form-code button"))
        assert anna.page.get_by_role("link", name="My orders").is_visible()
        follow(anna.page.get_by_role("button", name="Sign out"))
        assert anna.page.locator(".ways").get_by_role("link", name="Sign in").is_visible()


def test_the_staff_come_in_by_a_click_in_a_demo_or_by_their_token(
    browser: Browser, demo: Running
) -> None:
    with visitor(browser, demo.url) as chen:
        chen.goes("/office")
        follow(chen.page.locator('input[value="sales"] ~ button'))
        assert "chen-sales" in chen.reads()
    with visitor(browser, demo.url, scripts=False) as gu:
        gu.goes("/office/sign-in")
        gu.page.get_by_text("Sign in with a token").click()
        gu.page.get_by_label("Your access token").fill("nonsense")
        follow(gu.page.locator("#form-token button"))
        assert gu.page.get_by_role("alert").is_visible()
        gu.page.get_by_label("Your access token").fill(demo.file.tokens["finance"])
        follow(gu.page.locator("#form-token button"))
        assert "gu-finance" in gu.reads()


def test_the_first_load_is_light(browser: Browser, demo: Running) -> None:
    with visitor(browser, demo.url) as anna:
        sizes: dict[str, int] = {}
        anna.page.on(
            "requestfinished",
            lambda asked: sizes.update({asked.url: asked.sizes()["responseBodySize"]}),
        )
        anna.goes("/")
        anna.page.wait_for_load_state("load")
        images = {url for url in sizes if url.endswith(".svg")}
        assert sum(size for url, size in sizes.items() if url not in images) <= 100_000


ADD, SHOW = "#form-passkey-add [data-passkey]", "#form-passkey [data-passkey]"


def by_name(demo: Running) -> str:
    """The demo's address with a name in it."""
    return demo.url.replace("127.0.0.1", "localhost")


def is_whole(who: Visitor, width: int) -> None:
    """Nothing keeps anybody out of the page, and nothing stands beside it."""
    assert (who.page.url, who.serious_findings()) == (who.page.url, [])
    assert who.page.evaluate("() => document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(("language", "width"), list(zip(LANGUAGES, (PHONE, DESKTOP), strict=True)))
def test_a_buyer_adds_a_passkey_signs_out_and_signs_in_with_it(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    with visitor(browser, by_name(demo), language=language, width=width) as li:
        li.has_a_device()
        li.signs_in("li-wen", "/sign-in?to=/account")
        li.page.locator("#field-passkey-name").fill(f"Device {language}")
        is_whole(li, width)
        li.page.locator(ADD).click()
        card = li.page.locator(".card", has_text=f"Device {language}")
        expect(card).to_be_visible()
        # The device makes no second one, and nothing is sent.
        li.page.locator(ADD).click()
        expect(li.page.locator("#form-passkey-add [role=status]")).not_to_be_empty()
        is_whole(li, width)
        follow(li.page.locator('form[action="/sign-out"] button'))
        li.goes("/sign-in?to=/account")
        is_whole(li, width)
        li.page.locator(SHOW).click()
        li.page.wait_for_url("**/account")
        card.locator("summary").click()
        is_whole(li, width)
        follow(card.locator("form button"))
        expect(card).to_have_count(0)
        # Whoever has removed it does not come in with it.
        follow(li.page.locator('form[action="/sign-out"] button'))
        li.goes("/sign-in")
        li.page.locator(SHOW).click()
        expect(li.page.locator('[data-code="passkey_unknown"]')).to_be_visible()
        is_whole(li, width)


def test_without_scripts_or_by_number_the_pages_offer_no_passkey_and_stay_whole(
    browser: Browser, demo: Running
) -> None:
    for url, scripts in ((by_name(demo), False), (demo.url, True)):
        with visitor(browser, url, scripts=scripts) as li:
            li.signs_in("li-wen", "/sign-in?to=/account")
            expect(li.page.locator(ADD)).to_be_hidden()
            expect(li.page.locator("[data-without-passkeys]")).to_be_visible()
            li.goes("/sign-in")
            expect(li.page.locator(SHOW)).to_be_hidden()
            expect(li.page.locator("#form-address button")).to_be_visible()


def test_somebody_of_the_staff_comes_in_with_a_passkey_as_second_factor(
    browser: Browser, demo: Running
) -> None:
    url, address = by_name(demo), "mei@maker.example"
    with visitor(browser, demo.url, scripts=False) as ann:
        ann.invites("Mei", "mei", address, "Planning")
    with visitor(browser, url, width=PHONE) as mei:
        mei.has_a_device()
        mei.goes(mailed(demo, address, r"(/office/invitation/\S+)"))
        follow(mei.page.locator("#form-accept-invitation button"))
        mei.goes("/office/account")
        mei.page.get_by_text("Add a passkey").first.click()
        mei.page.locator("#field-passkey-name").fill("Telephone")
        mei.page.locator(ADD).click()
        held = mei.page.locator("li.held", has_text="Telephone")
        expect(held).to_contain_text("not used yet")
        is_whole(mei, PHONE)
        follow(mei.page.locator('form[action="/sign-out"] button'))

        mei.goes("/office/sign-in?to=/office/account")
        mei.page.get_by_label("Your e-mail address at work").fill(address)
        follow(mei.page.locator("#form-address button"))
        mei.page.get_by_label("Code").fill(mailed(demo, address, CODE))
        follow(mei.page.locator("#form-code button"))
        expect(mei.page.get_by_role("heading", name="Show your passkey")).to_be_visible()
        is_whole(mei, PHONE)
        mei.page.locator(SHOW).click()
        mei.page.wait_for_url(re.compile(r"/office/account$"))
        expect(held).to_contain_text("last used")
        # Removing it wants the second factor once more, which is this passkey.
        held.locator("summary").click()
        is_whole(mei, PHONE)
        held.locator("[data-passkey]").click()
        expect(held).to_have_count(0)
    with visitor(browser, demo.url, scripts=False) as bo:
        bo.signs_in("auditor", "/office/sign-in?to=/office/people/trail?by=mei")
        assert "Added a passkey" in bo.reads()
        assert "Removed a passkey" in bo.reads()
