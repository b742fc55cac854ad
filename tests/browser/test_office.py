"""The staff's day in a browser: terms blocked, cured and sold by another; two staff; a live launch.

Not here: what each page holds (`tests/web/test_office*.py`).
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driving import DESKTOP, LANGUAGES, PHONE, visitor
from tests.demo.running import Running

ROOMS = (
    *("", "/orders", "/cases", "/launches", "/launches/s7-cn", "/plan", "/money", "/terms"),
    *("/campaigns", "/campaigns/y7-night", "/campaigns/y7-night/codes"),
    *("/campaigns/y7-night/report", "/campaigns/draft?from=y7-night"),
)
WHO = {
    "/plan": "planning",
    "/money": "finance",
    "/terms": "terms",
    "/campaigns/draft?from=y7-night": "terms",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_room_can_be_read_by_everybody(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    for room in ROOMS:
        who = WHO.get(room, "sales")
        with visitor(browser, demo.url, language=language, width=width) as chen:
            chen.signs_in(who, "/office/sign-in")
            chen.goes(f"/office{room}")
            scrolled = chen.page.evaluate("() => document.documentElement.scrollWidth")
            assert (room, scrolled) == (room, width)
            assert (room, chen.serious_findings()) == (room, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_terms_are_edited_blocked_cured_and_published(
    browser: Browser, demo: Running, language: str
) -> None:
    with visitor(browser, demo.url, language=language) as ida:
        ida.signs_in("terms", "/office/sign-in?to=/office/terms")
        ida.page.locator(".line-name").last.click()
        ida.page.locator("main a.button.main").click()
        field = ida.page.locator("#document")
        text = re.sub(
            r'^version = "[^"]+"',
            f'version = "browser-{language}"',
            field.input_value(),
            count=1,
            flags=re.MULTILINE,
        )
        haikou = text.replace("[balance_due]\n", '[balance_due]\nwhen = "on_notice"\n')
        field.fill(haikou)
        # The finding comes by itself, while the text is written.
        expect(ida.page.locator("#checked .tag.bad").first).to_have_text("S1")
        expect(ida.page.get_by_text("balance_due.when", exact=True).first).to_be_visible()
        assert ida.serious_findings() == []
        ida.page.locator('button[value="publish"]').click()
        expect(ida.page.get_by_role("alert")).to_be_visible()
        ida.page.locator('button[value="cure"]').click()
        expect(ida.page.locator("#checked .tag.bad")).to_have_count(0)
        ida.page.locator('button[value="publish"]').click()
        expect(ida.page.locator("h1")).to_have_text(f"browser-{language}")
        # Whoever published it cannot put it on sale.
        expect(ida.page.locator("#form-sell")).to_have_count(0)


def test_a_case_is_answered_by_one_and_decided_by_another_without_scripts(
    browser: Browser, demo: Running
) -> None:
    order_id = demo.reserved("office-case")["order_id"]
    with visitor(browser, demo.url, scripts=False) as chen:
        chen.signs_in("sales", f"/office/sign-in?to=/office/orders/{order_id}/do/OpenCase")
        chen.page.get_by_label("What it is about").fill("The buyer saw another colour.")
        chen.page.locator("#form-act button").click()
        assert "Done: Open a case" in chen.reads()
        chen.page.get_by_role("link", name="Case 1").click()
        assert "A second person decides" in chen.reads()
        path = chen.page.url.removeprefix(demo.url)
    with visitor(browser, demo.url, scripts=False, width=PHONE) as gu:
        gu.signs_in("finance", f"/office/sign-in?to={path}")
        gu.page.get_by_label("in the buyer's favour").check()
        gu.page.get_by_label("Reasons").fill("The sample differs.")
        gu.page.locator("#form-decide button").click()
        assert "The sample differs." in gu.reads()
        with gu.page.expect_download() as kept:
            gu.page.get_by_role("link", name="As PDF").click()
        assert kept.value.suggested_filename == f"{order_id}-dispute-pack.pdf"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_launch_is_watched_live(browser: Browser, demo: Running, language: str) -> None:
    with visitor(browser, demo.url, language=language) as chen:
        chen.signs_in("sales", "/office/sign-in?to=/office/launches/s7-cn")
        figure = chen.page.locator('[data-figure="reservations"]')
        before = int(figure.inner_text())
        demo.reserved(f"office-live-{language}")
        # Nobody loads the page again.
        expect(figure).to_have_text(str(before + 1), timeout=15_000)


def test_a_refusal_ends_in_a_double_return_that_a_second_person_releases(
    browser: Browser, demo: Running
) -> None:
    made = demo.reserved("office-double")
    demo.pays(made)
    path = f"/office/orders/{made['order_id']}"
    with visitor(browser, demo.url, language="zh-Hans") as chen:
        chen.signs_in("sales", f"/office/sign-in?to={path}/do/RefusePerformance")
        assert "10,000.00" in chen.reads()
        chen.page.locator("#field-explanation").fill("该车型停产。")
        chen.page.locator("#form-act button").click()
        expect(chen.page.locator(".notice.good")).to_be_visible()
    demo.ask(
        f"/orders/{made['order_id']}/terminate-by-buyer",
        made["token"],
        {"ground": "refusal"},
        idempotency_key="office-double-end",
    )
    with visitor(browser, demo.url, width=PHONE) as gu:
        gu.signs_in("finance", f"/office/sign-in?to={path}")
        waiting = gu.page.locator("li.line", has_text="Awaits a second person")
        number = waiting.locator(".line-name").inner_text().split()[-1]
        gu.page.get_by_role("link", name="Release a payout").click()
        gu.page.get_by_label("Payout").fill(number)
        gu.page.locator("#form-act button").click()
        expect(gu.page.locator(".notice.good")).to_be_visible()
        expect(gu.page.get_by_text("Awaits a second person")).to_have_count(0)


def test_a_change_that_takes_away_is_refused_while_it_is_written_and_a_richer_one_is_announced(
    browser: Browser, demo: Running
) -> None:
    with visitor(browser, demo.url) as ida:
        ida.signs_in("terms", "/office/sign-in?to=/office/campaigns/draft?from=y7-night")
        field = ida.page.locator("#document")
        text = field.input_value()
        assert "version = 2" in text
        field.fill(re.sub(r"(?m)^version = 2", "version = 3", text))
        # It comes by itself, while the text is written.
        expect(ida.page.locator('[data-code="campaign_version_stale"]')).to_be_visible()
        ida.page.locator('button[value="announce"]').click()
        expect(ida.page.locator('[data-code="campaign_version_stale"]')).to_be_visible()
        richer = re.sub(r'en = "Y7 Night: the launch"', 'en = "Y7 Night, again"', text, count=1)
        assert richer != text
        field.fill(richer)
        expect(ida.page.locator("#differs")).to_be_visible()
        ida.page.locator('button[value="announce"]').click()
        expect(ida.page.locator("h1")).to_have_text("Y7 Night, again")
        expect(ida.page.locator("details[open] ins")).to_have_text("Y7 Night, again")


def test_a_sale_is_paused_buyers_are_told_at_once_and_it_goes_on(
    browser: Browser, demo: Running
) -> None:
    [campaign] = demo.ask("/campaigns")["campaigns"]
    with (
        visitor(browser, demo.url, language="zh-Hans") as chen,
        visitor(browser, demo.url, width=PHONE) as anna,
    ):
        anna.goes("/launch/y7-night")
        notice = anna.page.locator("[data-pause]")
        expect(notice).to_have_count(0)
        room = f"/office/launches/{campaign['queue_id']}"
        chen.signs_in("sales", f"/office/sign-in?to={room}")
        chen.page.locator("#field-why-zh-Hans").fill("价目表有误，正在更正。")
        chen.page.locator("#field-why-en").fill("The price list was wrong and is put right.")
        chen.page.locator("#form-pause button").click()
        expect(chen.page.locator("#figures [data-pause]")).to_contain_text("价目表有误")
        assert chen.serious_findings() == []
        # Nobody loads the buyer's page again.
        expect(notice).to_contain_text("The price list was wrong", timeout=15_000)
        assert anna.serious_findings() == []
        chen.page.locator("#form-resume button").click()
        expect(chen.page.locator("#form-pause")).to_be_visible()
        expect(notice).to_have_count(0, timeout=15_000)
