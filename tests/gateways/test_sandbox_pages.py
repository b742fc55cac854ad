"""The hosted payment page in both languages, and the way back to the seller."""

import re
from html import unescape

import pytest

from earnest.gateways.payments.sandbox_server.pages import money
from earnest.gateways.payments.sandbox_server.texts import TEXTS
from tests.gateways.running import (
    Receiver,
    Reply,
    SandboxInThread,
    call,
    checkout,
    long_ago,
)

HTML = {"accept": "text/html,application/xhtml+xml"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


def page(link: str, language: str = "en") -> Reply:
    return call("GET", link, headers=HTML | {"accept-language": language})


def submit(link: str, shown: str, decision: str = "pay") -> Reply:
    """Press a button of the form as a browser does."""
    action = re.search(r'<form method="post" action="([^"]+)">', shown)
    attempt = re.search(r'name="attempt" value="([^"]+)"', shown)
    assert action is not None
    assert attempt is not None
    host = link.partition("/pay?")[0]
    body = f"attempt={attempt[1]}&method=wallet&decision={decision}".encode()
    return call("POST", host + unescape(action[1]), body, HTML | FORM)


@pytest.mark.parametrize(
    ("language", "code", "words"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans", "测试银行卡"),
        ("en-GB,en;q=0.9", "en", "Test card"),
        ("fr", "en", "Test card"),
    ],
)
def test_the_page_says_what_is_paid_to_whom_in_the_browsers_language(
    sandbox: SandboxInThread, language: str, code: str, words: str
) -> None:
    shown = page(sandbox.client.checkout_link(checkout("D-1")), language)
    assert shown.status == 200
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    text = shown.body.decode()
    assert f'<html lang="{code}">' in text
    for part in (words, "5,000.00 CNY", "SU7 Max 定金", "<code>D-1</code>", "earnest"):
        assert part in text
    assert "<script" not in text


def test_the_language_can_be_chosen_on_the_page(sandbox: SandboxInThread) -> None:
    link = sandbox.client.checkout_link(checkout("D-1"))
    english = page(link).body.decode()
    chinese = re.search(r'<a href="([^"]+)" lang="zh-Hans"', english)
    assert chinese is not None
    host = link.partition("/pay?")[0]
    assert '<html lang="zh-Hans">' in page(host + unescape(chinese[1])).body.decode()


@pytest.mark.parametrize(("decision", "status"), [("pay", "succeeded"), ("decline", "failed")])
def test_a_button_pays_or_declines_and_leads_back(
    sandbox: SandboxInThread, receiver: Receiver, decision: str, status: str
) -> None:
    link = sandbox.client.checkout_link(checkout("D-1", return_url="https://shop.example/o?id=1#x"))
    answer = submit(link, page(link).body.decode(), decision)
    outcome = "paid" if decision == "pay" else "declined"
    assert answer.status == 303
    assert answer.headers["location"] == f"https://shop.example/o?id=1&payment={outcome}#x"
    receiver.wait_for(1)
    assert receiver.events()[0]["type"] == f"payment.{status}"


def test_a_double_click_is_one_payment_and_a_second_visit_another(
    sandbox: SandboxInThread,
) -> None:
    link = sandbox.client.checkout_link(checkout("D-1"))
    shown = page(link).body.decode()
    assert TEXTS["en"]["already_paid"] not in shown
    submit(link, shown)
    submit(link, shown)
    assert sandbox.status()["counts"]["payments"] == 1
    second = page(link).body.decode()
    assert TEXTS["en"]["already_paid"] in second
    submit(link, second)
    assert sandbox.status()["counts"]["payments"] == 2


@pytest.mark.parametrize("return_url", ["", "javascript:alert(1)", "//evil.example", "http://[x"])
def test_without_a_web_address_to_return_to_the_page_says_how_it_ended(
    sandbox: SandboxInThread, return_url: str
) -> None:
    link = sandbox.client.checkout_link(checkout("D-1", return_url=return_url))
    paid = submit(link, page(link).body.decode())
    assert paid.status == 200
    assert TEXTS["en"]["paid_text"] in paid.body.decode()


def test_the_page_may_load_its_style_and_post_to_itself_and_the_seller_only(
    sandbox: SandboxInThread,
) -> None:
    link = sandbox.client.checkout_link(checkout("D-1", return_url="https://shop.example:8443/o"))
    assert page(link).headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; form-action 'self' https://shop.example:8443; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    css = call("GET", f"{sandbox.url}/sandbox.css")
    assert css.headers["content-type"] == "text/css; charset=utf-8"


def test_words_of_the_link_cannot_become_markup(sandbox: SandboxInThread) -> None:
    link = sandbox.client.checkout_link(checkout("<b>\"&'$amount"))
    text = page(link).body.decode()
    assert "&lt;b&gt;&quot;&amp;&#x27;$amount" in text
    assert "<b>" not in text


@pytest.mark.parametrize(("language", "code"), [("zh", "zh-Hans"), ("en", "en")])
def test_a_link_that_cannot_be_paid_says_what_to_do(
    sandbox: SandboxInThread, language: str, code: str
) -> None:
    expired = sandbox.client.checkout_link(checkout("D-1", expires_at=long_ago()))
    shown = page(expired, language)
    assert shown.status == 410
    assert TEXTS[code]["link_expired"] in shown.body.decode()
    assert "<code>link_expired</code>" in shown.body.decode()
    assert call("GET", expired).code == "link_expired"

    changed = sandbox.client.checkout_link(checkout("D-1")).replace("500000", "1")
    assert page(changed, language).status == 403
    assert TEXTS[code]["link_signature_wrong"] in page(changed, language).body.decode()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "form_invalid"),
        (b"attempt=1&method=cash&decision=pay", "form_invalid"),
        (b"attempt=1&method=card&decision=maybe", "form_invalid"),
        (b"attempt=" + b"x" * 201 + b"&decision=pay", "form_invalid"),
        (b"a=1&" * 11, "form_malformed"),
        (b"attempt=\xff", "form_malformed"),
    ],
)
def test_a_form_that_is_not_the_pages_own_pays_nothing(
    sandbox: SandboxInThread, body: bytes, code: str
) -> None:
    link = sandbox.client.checkout_link(checkout("D-1"))
    assert call("POST", link, body, FORM).code == code
    assert sandbox.status()["counts"]["payments"] == 0


def test_both_languages_say_everything() -> None:
    assert TEXTS["en"].keys() == TEXTS["zh-Hans"].keys()
    assert all(text for texts in TEXTS.values() for text in texts.values())


@pytest.mark.parametrize(
    ("amount_minor", "currency", "written"),
    [
        (500_000, "CNY", "5,000.00 CNY"),
        (1, "EUR", "0.01 EUR"),
        (31_890_000_005, "CNY", "318,900,000.05 CNY"),
        (5_000, "JPY", "5,000 JPY"),
        (1_234, "KWD", "1.234 KWD"),
    ],
)
def test_sums_are_written_with_their_currencys_decimals(
    amount_minor: int, currency: str, written: str
) -> None:
    assert money(amount_minor, currency) == written
