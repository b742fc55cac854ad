"""What every page has: two languages, two widths, two modes, sign-in, and plain words for errors.

Not here: journeys of buyers and staff.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import DESKTOP, LANGUAGES, PHONE, visitor
from tests.demo.running import Running

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
        anna.page.get_by_role("link", name="中文").click()
        assert anna.page.url == f"{demo.url}/sign-in?to=%2Forders"
        assert "登录或注册" in anna.reads()
        anna.goes("/")
        anna.page.get_by_role("link", name="English").click()
        assert "Made to order" in anna.reads()


def test_somebody_new_signs_up_by_a_code_and_out_again(browser: Browser, demo: Running) -> None:
    with visitor(browser, demo.url, scripts=False) as anna:
        anna.goes("/sign-in")
        anna.page.get_by_label("E-mail address").fill("anna.lee@example.com")
        anna.page.get_by_role("button", name="Send the code").click()
        anna.page.get_by_label("Code").fill("000000")
        anna.page.locator("#form-code button").click()
        assert "The code is not the one that was sent" in anna.reads()
        anna.page.get_by_label("Code").fill(code_mailed(demo))
        anna.page.locator("#form-code button").click()
        assert anna.page.get_by_role("link", name="My orders").is_visible()
        anna.page.get_by_role("button", name="Sign out").click()
        assert anna.page.locator(".ways").get_by_role("link", name="Sign in").is_visible()


def code_mailed(demo: Running) -> str:
    """The code in the newest mail that the demo wrote."""
    mails = sorted(
        (demo.data / "mail").rglob("sign-in-*.eml"), key=lambda each: each.stat().st_mtime
    )
    found = re.search(r"Your code is (\d{6})", mails[-1].read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def test_the_staff_come_in_by_a_click_in_a_demo_or_by_their_token(
    browser: Browser, demo: Running
) -> None:
    with visitor(browser, demo.url) as chen:
        chen.goes("/office")
        chen.page.locator('input[value="sales"] ~ button').click()
        assert "chen-sales" in chen.reads()
    with visitor(browser, demo.url, scripts=False) as gu:
        gu.goes("/office/sign-in")
        gu.page.get_by_text("Sign in with a token").click()
        gu.page.get_by_label("Your access token").fill("nonsense")
        gu.page.locator("#form-token button").click()
        assert gu.page.get_by_role("alert").is_visible()
        gu.page.get_by_label("Your access token").fill(demo.file.tokens["finance"])
        gu.page.locator("#form-token button").click()
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
