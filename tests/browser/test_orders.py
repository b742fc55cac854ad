"""A buyer's way through an order in a real browser: in both languages, on the phone and the desk.

The staff's steps are done through the API, as the demo's staff. Not here: the checkout before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driving import (
    DESKTOP,
    LANGUAGES,
    PHONE,
    SLOWLY,
    TABLET,
    Visitor,
    follow,
    visitor,
)
from tests.browser.lives import LivingOrder
from tests.demo.running import Running
from tests.web.maker import TERMS

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
WAYS = pytest.mark.parametrize(
    ("language", "width"),
    [(language, width) for language in LANGUAGES for width in (PHONE, DESKTOP)],
)
ZONE = ZoneInfo("Asia/Shanghai")
READY = {"zh-Hans": "齐备", "en": "Nothing is missing"}


BOTH = pytest.mark.parametrize(
    ("language", "width"), list(zip(LANGUAGES, (PHONE, DESKTOP), strict=True))
)
"""Both languages and both sizes, for what looks the same in the other two pairs."""

TABS = ("", "/agreed", "/money", "/papers", "/notices", "/cases", "/leave")


@contextmanager
def buyer(
    browser: Browser, demo: Running, language: str, width: int, **how: bool
) -> Iterator[Visitor]:
    """Li Wen, signed in."""
    with visitor(browser, demo.url, language=language, width=width, **how) as li:
        li.signs_in("li-wen")
        yield li


@contextmanager
def at_work(
    browser: Browser, demo: Running, who: str, language: str, width: int
) -> Iterator[Visitor]:
    """One of the staff, signed in."""
    with visitor(browser, demo.url, language=language, width=width) as somebody:
        somebody.signs_in(who, "/office/sign-in")
        yield somebody


def looks_well(li: Visitor, width: int) -> None:
    """Nothing sticks out to the side, and axe finds nothing that keeps somebody out."""
    scrolled = li.page.evaluate("() => document.documentElement.scrollWidth")
    assert (li.page.url, scrolled) == (li.page.url, width)
    assert (li.page.url, li.serious_findings()) == (li.page.url, [])


def sends(li: Visitor, form: str) -> None:
    """Press the button of a form, and wait for the page after it."""
    follow(li.page.locator(f"#form-{form} button").last)


def sends_what_stands(li: Visitor, path: str, form: str) -> None:
    """Open a page and send its form, again when time itself changed the order in between."""
    for _ in range(5):
        li.goes(path)
        sends(li, form)
        if li.page.locator('[data-code="sequence_stale"]').count() == 0:
            return
    raise AssertionError("the order never stands still")


def follows(li: Visitor, way: str) -> None:
    """Click a link, and wait for the page behind it."""
    follow(li.page.locator(way).first)


def answers_everything(li: Visitor, answer: str = "yes") -> None:
    """Tick every point of the checklist."""
    for item in TERMS.policy.inspection_checklist:
        li.page.locator(f'input[name="item-{item}"][value="{answer}"]').check()


@WAYS
def test_reserve_pay_and_withdraw(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    with buyer(browser, demo, language, width) as li:
        order = LivingOrder(demo, li, f"withdraw-{language}-{width}", language)
        li.goes("/orders")
        looks_well(li, width)
        follows(li, f'a[href="{order.path}"]')
        looks_well(li, width)
        assert li.page.locator("#now a.main").get_attribute("href") == order.link
        order.pays()
        # The page hears of the payment by itself.
        li.page.locator(f'#now a[href="{order.path}/lock"]').wait_for()
        for tab in (*TABS, "/lock", "/change", "/defer"):
            li.goes(f"{order.path}{tab}")
            looks_well(li, width)
        li.goes(order.path)
        follows(li, '#now a[href$="ground=cooling_off"]')
        looks_well(li, width)
        sends(li, "leave")
        assert order.shown()["stage"] == "withdrawn"
        looks_well(li, width)
        li.page.go_back()
        li.page.reload()
        assert li.page.locator("#form-leave").count() == 0


@WAYS
def test_from_the_lock_over_a_deferral_to_the_keys(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    with buyer(browser, demo, language, width) as li:
        order = LivingOrder(demo, li, f"keys-{language}-{width}", language)
        order.pays()
        li.goes(f"{order.path}/lock")
        li.page.locator('input[name="understood"]').check()
        sends(li, "lock")
        assert order.shown()["stage"] == "locked"
        looks_well(li, width)
        li.goes(f"{order.path}/defer")
        follows(li, ".pick-day button")
        looks_well(li, width)
        sends(li, "defer")
        assert order.shown()["deferral"] is not None
        looks_well(li, width)
        sends(li, "resume")
        assert order.shown()["deferral"] is None
        order.is_built()
        order.is_tendered()
        li.goes(f"{order.path}/delivery")
        looks_well(li, width)
        li.page.locator('input[name="appointment"]').first.check()
        sends(li, "appointment")
        follows(li, f'a[href="{order.path}/inspect"]')
        looks_well(li, width)
        answers_everything(li)
        li.page.locator('input[name="result"][value="accepted"]').check()
        sends(li, "inspection")
        assert order.shown()["stage"] == "inspected"
        looks_well(li, width)
        li.page.locator('input[name="amount"]').fill("100000")
        sends(li, "pay")
        order.pays(li.page.locator(".pay-open a").get_attribute("href"))
        li.goes(f"{order.path}/delivery")
        sends(li, "pay")
        order.pays(li.page.locator(".pay-open a").get_attribute("href"))
        assert order.shown()["stage"] == "paid"
        li.goes(f"{order.path}/delivery")
        for paper in TERMS.policy.handover_documents:
            li.page.locator(f'input[name="received"][value="{paper}"]').check()
        sends(li, "sign")
        looks_well(li, width)
        order.is_handed_over()
        for page in ("", "/delivery", "/ceremony", "/papers", "/money"):
            li.goes(f"{order.path}{page}")
            looks_well(li, width)
        record = li.page.request.get(f"{demo.url}{order.path}/papers/handover")
        assert record.body().startswith(b"%PDF-")


@pytest.mark.parametrize(("language", "width"), [("zh-Hans", PHONE), ("en", DESKTOP)])
def test_a_centre_on_its_tablet_from_the_arriving_car_to_the_keys(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    centre = "shanghai-meridian"
    room = f"/office/delivery?centre={centre}"
    with (
        buyer(browser, demo, language, width) as li,
        visitor(browser, demo.url, language=language, width=TABLET) as fan,
    ):
        fan.signs_in("delivery", "/office/sign-in")
        order = LivingOrder(demo, li, f"centre-{language}", language)
        order.pays()
        order.locks()
        li.goes(f"{order.path}/delivery")
        li.page.locator(f'input[name="centre"][value="{centre}"]').check()
        sends(li, "centre")
        looks_well(li, width)
        order.is_built()
        for step in ("Ship", "Tender", "RecordPreparation"):
            fan.goes(room)
            looks_well(fan, TABLET)
            follows(fan, f'a[href$="{order.order_id}/do/{step}?back=delivery"]')
            looks_well(fan, TABLET)
            for box in fan.page.locator("#form-act input[type=checkbox]").all():
                box.check()
            sends(fan, "act")
            fan.page.locator(".notice.good").wait_for()
        li.goes(f"{order.path}/delivery")
        looks_well(li, width)
        li.page.locator('input[name="appointment"]').first.check()
        sends(li, "appointment")
        begins = order.shown()["tender"]["appointment"]["begins"]
        day = f"{room}&day={datetime.fromisoformat(begins).astimezone(ZONE):%Y-%m-%d}"
        for view in (day, f"{day}&view=week"):
            fan.goes(view)
            assert fan.page.locator(f'a[href="/office/orders/{order.order_id}"]').count() > 0
            looks_well(fan, TABLET)
        order.is_inspected()
        order.balance_is_paid()
        li.goes(f"{order.path}/delivery")
        for paper in TERMS.policy.handover_documents:
            li.page.locator(f'input[name="received"][value="{paper}"]').check()
        sends(li, "sign")
        fan.goes(room)
        assert fan.page.locator(".tag.good", has_text=READY[language]).count() == 1
        follows(fan, f'a[href$="{order.order_id}/do/HandOver?back=delivery"]')
        looks_well(fan, TABLET)
        sends(fan, "act")
        assert order.shown()["stage"] == "handed_over"
        fan.goes(f"/office/delivery/centres/{centre}")
        looks_well(fan, TABLET)


@BOTH
def test_a_refused_car_is_repaired_and_nothing_is_paid(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    with buyer(browser, demo, language, width) as li:
        order = LivingOrder(demo, li, f"refused-{language}", language)
        order.pays()
        order.locks()
        order.is_built()
        order.is_tendered()
        li.goes(f"{order.path}/inspect")
        answers_everything(li, "no")
        li.page.locator('input[name="result"][value="refused"]').check()
        li.page.locator("#remark-general").fill("The door does not close")
        li.page.locator("#form-inspection > div button").click()
        # Refused in words beside the form, with everything still there.
        alert = li.page.locator("#form-inspection [role=alert]")
        alert.wait_for()
        assert alert.get_attribute("data-code") == "remedy_missing"
        assert li.page.locator("#remark-general").input_value() == "The door does not close"
        li.page.locator('input[name="remedy"][value="repair"]').check()
        sends(li, "inspection")
        shown = order.shown()
        assert (shown["stage"], shown["balance_demand"]) == ("built", None)
        looks_well(li, width)


@pytest.mark.skipif(SLOWLY, reason="a line that is slow on purpose cannot be cut as well")
def test_an_inspection_survives_a_connection_that_comes_and_goes(
    browser: Browser, demo: Running, tmp_path: Path
) -> None:
    photo = tmp_path / "seat.png"
    photo.write_bytes(PNG)
    with buyer(browser, demo, "en", PHONE) as li:
        order = LivingOrder(demo, li, "flaky")
        order.pays()
        order.locks()
        order.is_built()
        order.is_tendered()
        li.goes(f"{order.path}/inspect")
        li.page.context.set_offline(True)
        answers_everything(li)
        interior = li.page.locator("fieldset", has=li.page.locator("#photo-interior"))
        interior.locator("summary").click()
        li.page.locator("#remark-interior").fill("A stain")
        li.page.locator("#photo-interior").set_input_files(photo)
        interior.locator(".photos li").wait_for()
        expect(li.page.locator("[data-kept]")).to_contain_text("no connection")
        # The telephone loses the page and opens it again; nothing is lost.
        li.page.context.set_offline(False)
        with li.page.expect_response(lambda answer: answer.request.method == "POST"):
            li.page.reload()
        assert li.page.locator("#remark-interior").input_value() == "A stain"
        assert li.page.locator('input[name="item-interior"][value="yes"]').is_checked()
        li.page.locator(".photos li").wait_for(state="detached")
        filed = demo.ask(f"{order.path}/cases")["evidence"]
        assert [each["description"] for each in filed] == ["interior: A stain"]
        li.page.context.set_offline(True)
        li.page.locator('input[name="result"][value="accepted_with_remarks"]').check()
        li.page.locator("#form-inspection > div button").click()
        expect(li.page.locator("[data-kept]")).to_contain_text("as soon as the connection is back")
        assert order.shown()["stage"] == "tendered"
        with li.page.expect_navigation():
            li.page.context.set_offline(False)
        assert order.shown()["inspection"]["remarks"] == ["interior: A stain"]
        li.complaints = [each for each in li.complaints if "ERR_INTERNET_DISCONNECTED" not in each]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_everything_essential_works(
    browser: Browser, demo: Running, tmp_path: Path, language: str
) -> None:
    photo = tmp_path / "seat.png"
    photo.write_bytes(PNG)
    with buyer(browser, demo, language, PHONE, scripts=False) as li:
        leaving = LivingOrder(demo, li, f"plain-leave-{language}", language)
        leaving.pays()
        li.goes(leaving.path)
        follows(li, '#now a[href$="ground=cooling_off"]')
        sends(li, "leave")
        assert leaving.shown()["stage"] == "withdrawn"

        order = LivingOrder(demo, li, f"plain-{language}", language)
        order.pays()
        order.locks()
        li.goes(f"{order.path}/defer")
        sends(li, "defer")
        assert order.shown()["deferral"] is not None
        li.goes(order.path)
        sends(li, "resume")
        order.is_built()
        order.is_tendered()
        li.goes(f"{order.path}/inspect")
        answers_everything(li)
        interior = li.page.locator("fieldset", has=li.page.locator("#photo-interior"))
        interior.locator("summary").click()
        li.page.locator("#remark-interior").fill("A stain")
        li.page.locator("#photo-interior").set_input_files(photo)
        li.page.locator('input[name="result"][value="accepted_with_remarks"]').check()
        sends(li, "inspection")
        assert order.shown()["stage"] == "inspected"
        assert len(demo.ask(f"{order.path}/cases")["evidence"]) == 1
        sends(li, "pay")
        order.pays(li.page.locator(".pay-open a").get_attribute("href"))
        assert order.shown()["stage"] == "paid"


def test_a_double_click_and_a_second_tab_do_nothing_twice(browser: Browser, demo: Running) -> None:
    with buyer(browser, demo, "en", DESKTOP) as li:
        order = LivingOrder(demo, li, "twice")
        order.pays()
        li.goes(f"{order.path}/leave?ground=cooling_off")
        other = li.page.context.new_page()
        other.goto(li.page.url)
        with li.page.expect_navigation():
            li.page.locator("#form-leave button").dblclick()
        assert len(order.shown()["payouts"]) == 1
        follow(other.locator("#form-leave button"))
        refusal = other.locator("[role=alert]")
        refusal.wait_for()
        assert refusal.get_attribute("data-code") == "order_over"
        assert len(order.shown()["payouts"]) == 1


def test_dark_pages_of_an_order_have_contrast_as_well(browser: Browser, demo: Running) -> None:
    with buyer(browser, demo, "zh-Hans", PHONE, dark=True) as li:
        order = LivingOrder(demo, li, "dark", "zh-Hans")
        order.pays()
        for page in (*TABS, "/lock", "/change", "/defer", "/leave?ground=cooling_off"):
            li.goes(f"{order.path}{page}")
            looks_well(li, PHONE)


@BOTH
def test_a_late_car_ends_in_a_double_return_by_two_of_the_staff(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    with buyer(browser, demo, language, width) as li:
        order = LivingOrder(demo, li, f"late-{language}", language)
        order.pays()
        order.locks()
        promised = order.shown()["binding_promise"]["ends"]
        with at_work(browser, demo, "planning", language, width) as eva:
            eva.goes(f"/office{order.path}/do/RevisePromise")
            eva.page.locator("#field-promise-begins").fill("2029-01-01")
            eva.page.locator("#field-promise-ends").fill("2029-01-31")
            eva.page.locator("#field-cause").fill("The press line stands still.")
            looks_well(eva, width)
            sends(eva, "act")
        li.goes(order.path)
        assert "The press line stands still" in li.reads()
        # What was announced later moves nothing that the buyer may rely on.
        assert order.shown()["binding_promise"]["ends"] == promised
        order.passes_until(promised)
        li.goes(order.path)
        looks_well(li, width)
        sends_what_stands(li, order.path, "demand-delivery")
        order.passes_until(order.shown()["delivery_demand"]["cure_until"])
        leaving = f"{order.path}/leave?ground=delay"
        li.goes(leaving)
        assert "10,000.00" in li.reads()
        looks_well(li, width)
        sends_what_stands(li, leaving, "leave")
        assert order.shown()["stage"] == "terminated"
    with at_work(browser, demo, "finance", language, width) as gu:
        gu.goes(f"/office{order.path}")
        (waiting,) = [x for x in order.shown()["payouts"] if x["state"] == "awaiting_release"]
        follow(gu.page.locator(f'a[href$="{order.path}/do/ReleasePayout"]'))
        gu.page.locator("#field-payout_number").fill(str(waiting["payout_number"]))
        looks_well(gu, width)
        sends(gu, "act")
        gu.page.locator(".notice.good").wait_for()
    payouts = order.shown()["payouts"]
    assert "awaiting_release" not in {each["state"] for each in payouts}
    assert sum(each["amount"]["amount"] for each in payouts) == 1_000_000
