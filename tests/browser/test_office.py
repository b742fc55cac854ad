"""The staff's day in a browser: terms blocked, cured and sold by another; two staff; a live launch.

And somebody who is invited and comes in with a second factor.

Not here: what each page holds (`tests/web/test_office*.py`).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Route, expect

from earnest.demo.capacity import demo_capacity
from earnest.desk.planning.tables import write_tables
from earnest.gateways.clock import Clock
from tests.browser.driving import DESKTOP, LANGUAGES, PHONE, Visitor, follow, visitor
from tests.browser.mailing import mailed
from tests.demo.running import Running

ROOMS = {
    "sales": (
        *("", "/orders", "/orders/bulk", "/cases", "/launches", "/launches/s7-cn"),
        *("/campaigns", "/campaigns/y7-night", "/campaigns/y7-night/codes"),
        "/campaigns/y7-night/report",
    ),
    "planning": (
        *("/plan", "/plan/what-if", "/plan/capacity", "/plan/promises", "/plan/inversions"),
    ),
    "delivery": ("/delivery",),
    "finance": ("/money", "/money/statements", "/money/open"),
    "terms": ("/terms", "/campaigns/draft?from=y7-night"),
    "admin": ("/people", "/people/staff/gu-finance", "/people/trail", "/account?set-up=now"),
}
"""The rooms that are looked at, by who is in them."""

BOTH = pytest.mark.parametrize(
    ("language", "width"), list(zip(LANGUAGES, (DESKTOP, PHONE), strict=True))
)
"""Both languages and both sizes, for what looks the same in the other two pairs."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_room_can_be_read_by_everybody(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    for who, rooms in ROOMS.items():
        with visitor(browser, demo.url, language=language, width=width) as chen:
            chen.signs_in(who, "/office/sign-in")
            for room in rooms:
                chen.goes(f"/office{room}")
                scrolled = chen.page.evaluate("() => document.documentElement.scrollWidth")
                assert (room, scrolled) == (room, width)
                assert (room, chen.serious_findings()) == (room, [])


@BOTH
def test_terms_are_edited_blocked_cured_and_published(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    with visitor(browser, demo.url, language=language, width=width) as ida:
        ida.signs_in("terms", "/office/sign-in?to=/office/terms")
        follow(ida.page.locator(".line-name").last)
        follow(ida.page.locator("main a.button.main"))
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
        follow(ida.page.locator('button[value="publish"]'))
        expect(ida.page.get_by_role("alert")).to_be_visible()
        follow(ida.page.locator('button[value="cure"]'))
        expect(ida.page.locator("#checked .tag.bad")).to_have_count(0)
        follow(ida.page.locator('button[value="publish"]'))
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
        follow(chen.page.locator("#form-act button"))
        assert "Done: Open a case" in chen.reads()
        follow(chen.page.get_by_role("link", name="Case 1"))
        assert "A second person decides" in chen.reads()
        path = chen.page.url.removeprefix(demo.url)
    with visitor(browser, demo.url, scripts=False, width=PHONE) as gu:
        gu.signs_in("finance", f"/office/sign-in?to={path}")
        gu.page.get_by_label("in the buyer's favour").check()
        gu.page.get_by_label("Reasons").fill("The sample differs.")
        follow(gu.page.locator("#form-decide button"))
        assert "The sample differs." in gu.reads()
        with gu.page.expect_download() as kept:
            gu.page.get_by_role("link", name="As PDF").click()
        assert kept.value.suggested_filename == f"{order_id}-dispute-pack.pdf"


@BOTH
def test_a_launch_is_watched_live(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    with visitor(browser, demo.url, language=language, width=width) as chen:
        chen.signs_in("sales", "/office/sign-in?to=/office/launches/s7-cn")
        figure = chen.page.locator('[data-figure="reservations"]')
        before = int(figure.inner_text())
        demo.reserved(f"office-live-{language}")
        # Nobody loads the page again.
        expect(figure).to_have_text(str(before + 1))


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
        follow(chen.page.locator("#form-act button"))
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
        follow(gu.page.get_by_role("link", name="Release a payout"))
        gu.page.get_by_label("Payout").fill(number)
        follow(gu.page.locator("#form-act button"))
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
        follow(ida.page.locator('button[value="announce"]'))
        expect(ida.page.locator('[data-code="campaign_version_stale"]')).to_be_visible()
        richer = re.sub(r'en = "Y7 Night: the launch"', 'en = "Y7 Night, again"', text, count=1)
        assert richer != text
        field.fill(richer)
        expect(ida.page.locator("#differs")).to_be_visible()
        follow(ida.page.locator('button[value="announce"]'))
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
        follow(chen.page.locator("#form-pause button"))
        expect(chen.page.locator("#figures [data-pause]")).to_contain_text("价目表有误")
        assert chen.serious_findings() == []
        # Nobody loads the buyer's page again.
        expect(notice).to_contain_text("The price list was wrong")
        assert anna.serious_findings() == []
        follow(chen.page.locator("#form-resume button"))
        expect(chen.page.locator("#form-pause")).to_be_visible()
        expect(notice).to_have_count(0)


LI = "li-wei@maker.example"


def comes_in(demo: Running, li: Visitor, code: str) -> None:
    """Sign in by the mailed code and the second factor."""
    li.goes("/office/sign-in?to=/office/money")
    li.page.get_by_label("Your e-mail address at work").fill(LI)
    follow(li.page.locator("#form-address button"))
    li.page.get_by_label("Code").fill(mailed(demo, LI, r"Your code is (\d{6})"))
    follow(li.page.locator("#form-code button"))
    li.page.get_by_label("Code").fill(code)
    follow(li.page.locator("#form-second-step button"))


def test_somebody_is_invited_and_comes_in_with_a_second_factor_without_scripts(
    browser: Browser, demo: Running
) -> None:
    """Invited, set up, a role given by a second person, and a session ended from elsewhere."""
    with visitor(browser, demo.url, scripts=False) as ann:
        ann.invites("Li Wei", "li-wei", LI, "Finance")
        # Whoever asks for a role does not approve it.
        expect(ann.page.get_by_text("another administrator approves")).to_be_visible()
        expect(ann.page.get_by_role("button", name="Approve")).to_have_count(0)
    with visitor(browser, demo.url, scripts=False, width=PHONE) as cai:
        cai.signs_in("admin_second", "/office/sign-in?to=/office/people")
        follow(cai.page.get_by_role("button", name="Approve"))
        expect(cai.page.get_by_role("button", name="Approve")).to_have_count(0)
    with visitor(browser, demo.url, scripts=False, width=PHONE) as li:
        li.goes(mailed(demo, LI, r"(/office/invitation/\S+)"))
        follow(li.page.locator("#form-accept-invitation button"))
        expect(li.page.get_by_text("Set up your second factor to go on")).to_be_visible()
        telephone = pyotp.TOTP(li.page.locator(".secret").inner_text())
        li.page.get_by_label("Code").fill(telephone.at(Clock().now()))
        follow(li.page.locator("#form-confirm button"))
        codes = li.page.locator(".recovery li").all_inner_texts()
        assert len(codes) == 10
        li.goes("/office/money")
        expect(li.page.get_by_role("heading", name="Money")).to_be_visible()
        with visitor(browser, demo.url, scripts=False) as elsewhere:
            # The code of the step at hand was taken; the next one is good already.
            comes_in(demo, elsewhere, telephone.at(Clock().now() + timedelta(seconds=30)))
            expect(elsewhere.page.get_by_role("heading", name="Money")).to_be_visible()
            elsewhere.goes("/office/account")
            expect(elsewhere.page.get_by_role("button", name="End", exact=True)).to_have_count(2)
            follow(elsewhere.page.get_by_role("button", name="End", exact=True).last)
            expect(elsewhere.page.get_by_role("button", name="End", exact=True)).to_have_count(1)
        li.goes("/office/money")
        expect(li.page.get_by_role("heading", name="Sign in to the office")).to_be_visible()
        comes_in(demo, li, codes[0])
        expect(li.page.get_by_role("heading", name="Money")).to_be_visible()
    with visitor(browser, demo.url, scripts=False) as bo:
        bo.signs_in("auditor", "/office/sign-in?to=/office/people/trail?by=li-wei")
        assert "Used a recovery code" in bo.reads()
        assert "Ended a session" in bo.reads()


@BOTH
def test_one_thing_is_asked_of_many_orders_after_a_look_at_each(
    browser: Browser, demo: Running, language: str, width: int
) -> None:
    made = [demo.reserved(f"office-bulk-{language}-{number}") for number in range(3)]
    for each in made[:2]:
        demo.pays(each)
    with visitor(browser, demo.url, language=language, width=width) as chen:
        chen.signs_in("sales", "/office/sign-in?to=/office/orders")
        for each in made:
            chen.page.locator(f'input[value="{each["order_id"]}"]').check()
        chen.page.locator(".bulk summary").click()
        chen.page.locator("#command").select_option("RevisePromise")
        assert chen.serious_findings() == []
        follow(chen.page.locator(".bulk button"))
        chen.page.locator("#field-promise-begins").fill("2029-01-01")
        chen.page.locator("#field-promise-ends").fill("2029-01-31")
        chen.page.locator("#field-cause").fill("The press line stands still.")
        follow(chen.page.locator("#form-fill button"))
        assert [each.inner_text() for each in chen.page.locator("[data-preview] dd").all()] == [
            "2",
            "1",
        ]
        assert (chen.page.url, chen.serious_findings()) == (chen.page.url, [])
        follow(chen.page.locator("#form-apply button"))
        # How far it is comes by itself.
        expect(chen.page.locator('[data-count="accepted"]')).to_have_text("2")
        expect(chen.page.locator("progress")).to_have_count(0)
        scrolled = chen.page.evaluate("() => document.documentElement.scrollWidth")
        assert (scrolled, chen.serious_findings()) == (width, [])
    for each in made[:2]:
        told = demo.ask(f"/orders/{each['order_id']}/timeline")["events"]
        assert [event["kind"] for event in told].count("PromiseRevised") == 1


def test_what_happens_before_a_page_listens_comes_by_itself_too(
    browser: Browser, demo: Running
) -> None:
    made = demo.reserved("office-listens")
    with visitor(browser, demo.url) as chen:

        def pays_first(stream: Route) -> None:
            """The deposit is paid after the page was read, and before anybody listens for it."""
            demo.pays(made)
            stream.continue_()

        chen.page.route("**/live/**", pays_first, times=1)
        chen.signs_in("sales", f"/office/sign-in?to=/office/orders/{made['order_id']}")
        expect(chen.page.locator('#order [aria-current="step"]')).to_have_text("Cooling off")


def test_a_statement_is_imported_and_the_rest_is_matched_by_two_people_without_scripts(
    browser: Browser, demo: Running
) -> None:
    made = demo.reserved("office-money")
    demo.pays(made)
    ours = f"payment,p1,{made['order_id']},,{{day}},5000.00,CNY"
    with visitor(browser, demo.url, scripts=False) as gu:
        gu.signs_in("finance", "/office/sign-in?to=/office/money/statements")
        day = demo.ask("/health")["now"][:10]
        for name, value in {
            "name": "Sandbox Pay",
            "account_id": "pay",
            "number": "earnest",
            "limit": "100",
        }.items():
            gu.page.locator(f'#form-account [name="{name}"]').fill(value)
        gu.page.locator("#kind").select_option("provider")
        follow(gu.page.locator("#form-account button"))
        content = "\n".join(
            (
                "kind,id,reference,batch,day,amount,currency",
                f"opening,S1,earnest,,{day},0.00,CNY",
                ours.format(day=day),
                f"payment,p2,a stranger,,{day},200.00,CNY",
                f"closing,S1,earnest,,{day},5200.00,CNY",
            )
        )
        file = {"name": "pay.csv", "mimeType": "text/csv", "buffer": content.encode()}
        gu.page.locator("#file").set_input_files(file)  # type: ignore[arg-type]  # as Playwright says
        follow(gu.page.get_by_role("button", name="Look at it"))
        assert "a stranger" in gu.page.locator("#preview").inner_text()
        follow(gu.page.get_by_role("button", name="Import this statement"))
        follow(gu.page.get_by_role("link", name="Open items"))
        assert made["order_id"] not in gu.reads()
        gu.page.locator('input[name="lines"]').check()
        gu.page.get_by_label("Why it is the same money").fill("A gift of a stranger, kept.")
        follow(gu.page.get_by_role("button", name="Match", exact=True))
        assert "Somebody else has to approve it." in gu.reads()
    with visitor(browser, demo.url, scripts=False, width=PHONE) as han:
        han.signs_in("finance_second", "/office/sign-in?to=/office/money/open")
        follow(han.page.get_by_role("button", name="Approve"))
        assert "approved by han-finance" in han.reads()
        with han.page.expect_download() as kept:
            han.page.get_by_role("link", name="Open items as CSV").click()
        assert kept.value.suggested_filename.startswith("open-items-")
        han.goes("/office/money")
        assert "Written off by two people" in han.reads()


def test_capacity_is_imported_cured_edited_supposed_and_a_plan_of_it_applied(
    browser: Browser, demo: Running, tmp_path: Path
) -> None:
    order_id = demo.reserved("office-plan")["order_id"]
    today = date.fromisoformat(demo.ask("/health")["now"][:10])
    tables = write_tables(demo_capacity(today))
    wrong = tables["calendar"].replace(",2,600,", ",2,many,", 1)
    with visitor(browser, demo.url, scripts=False) as eva:
        eva.signs_in("planning", "/office/sign-in?to=/office/plan/capacity")

        def imports(**changed: str) -> None:
            files = []
            for name, text in (tables | changed).items():
                file = tmp_path / f"{name}.csv"
                file.write_text(text, encoding="utf-8")
                files.append(file)
            eva.page.get_by_label("CSV files").set_input_files(files)
            follow(eva.page.get_by_role("button", name="Check the tables"))

        imports(calendar=wrong)
        finding = eva.page.locator(".finding")
        expect(finding).to_have_count(1)
        assert "line 2" in finding.inner_text()
        imports()
        # Its buyer waited without a day until now.
        assert order_id in eva.reads()
        follow(eva.page.get_by_role("button", name="Keep this change"))
        assert "The new capacity counts now" in eva.reads()

        follow(eva.page.locator(".heat td a").nth(4))
        eva.page.get_by_label("Cars a shift").fill("10")
        follow(eva.page.locator("#form-days").get_by_role("button"))
        assert "What this change would do" in eva.reads()
        follow(eva.page.get_by_role("button", name="Keep this change"))

        follow(eva.page.get_by_role("link", name="What if"))
        eva.page.get_by_label("Plant, line or part").first.select_option("north")
        eva.page.get_by_label("Per cent of what there is").first.fill("0")
        follow(eva.page.get_by_role("button", name="See what would happen"))
        assert "nothing of it was saved" in eva.reads()

        eva.goes("/office/plan")
        follow(eva.page.get_by_role("button", name="Try it"))
        assert order_id in eva.reads()
        follow(eva.page.get_by_role("button", name="Apply exactly this plan"))
        assert "The plan was applied" in eva.reads()
    for width, language in ((PHONE, "zh-Hans"), (DESKTOP, "en")):
        with visitor(browser, demo.url, language=language, width=width) as eva:
            eva.signs_in("planning", "/office/sign-in?to=/office/plan")
            follow(eva.page.locator(".heat td a").nth(4))
            # The next page has to be there before anybody measures it.
            eva.page.wait_for_url("**/office/plan/days?*")
            assert eva.page.evaluate("() => document.documentElement.scrollWidth") == width
            assert eva.serious_findings() == []
