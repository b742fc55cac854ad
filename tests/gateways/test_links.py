"""Signed checkout links: what one side writes the other reads, and nothing else."""

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.gateways.payments.contract import CheckoutRequest
from earnest.gateways.payments.links import (
    CheckoutLink,
    LinkRejected,
    expires_at,
    merchant_key_bytes,
    merchant_token,
    read_query,
    signed_query,
)

KEY = merchant_key_bytes("a key of the tests")
UNTIL = datetime(2024, 3, 28, 14, 30, tzinfo=UTC)
TEXT_SIGNS = st.characters(codec="utf-8")
TEXT = st.text(TEXT_SIGNS)


def request(**more: object) -> CheckoutRequest:
    fields: dict[str, object] = {
        "reference": "D-1",
        "amount_minor": 500_000,
        "currency": "CNY",
        "description": "定金 & more = #1",
        "return_url": "https://shop.example/a?b=c&signature=d#e",
        "expires_at": UNTIL,
    }
    return CheckoutRequest(**(fields | more))  # type: ignore[arg-type] # fields by name


def code_of(query: str) -> str:
    with pytest.raises(LinkRejected) as rejected:
        read_query(KEY, query)
    assert rejected.value.explanation
    return rejected.value.code


@given(TEXT)
def test_values_are_escaped_as_the_standard_library_does(text: str) -> None:
    query = signed_query(KEY, text, request())

    assert query.startswith(f"merchant={quote(text, safe='')}&reference=")


def test_a_link_says_what_the_merchant_asked_for() -> None:
    link = read_query(KEY, signed_query(KEY, "earnest", request()))
    assert link == CheckoutLink(
        merchant="earnest",
        reference="D-1",
        amount_minor=500_000,
        currency="CNY",
        description="定金 & more = #1",
        return_url="https://shop.example/a?b=c&signature=d#e",
        expires_at=1711636200,
    )
    assert expires_at(link) == UNTIL


@given(
    reference=st.text(TEXT_SIGNS, min_size=1, max_size=200),
    description=TEXT,
    return_url=TEXT,
    merchant=TEXT,
)
def test_any_text_survives_the_way_through_a_link(
    reference: str, description: str, return_url: str, merchant: str
) -> None:
    wanted = request(reference=reference, description=description, return_url=return_url)
    link = read_query(KEY, signed_query(KEY, merchant, wanted))
    assert (link.merchant, link.reference, link.description, link.return_url) == (
        merchant,
        reference,
        description,
        return_url,
    )


@given(position=st.integers(min_value=0), sign=st.characters(codec="ascii"))
def test_no_character_of_a_link_can_be_changed(position: int, sign: str) -> None:
    query = signed_query(KEY, "earnest", request())
    at = position % len(query)
    changed = query[:at] + sign + query[at + 1 :]
    if changed == query:
        return
    assert code_of(changed) in ("link_signature_wrong", "link_malformed")


def test_what_stands_after_the_signature_is_nobodys_promise() -> None:
    query = signed_query(KEY, "earnest", request(language="zh-Hans"))
    assert query.endswith("&lang=zh-Hans")
    assert read_query(KEY, query + "&amount_minor=1").amount_minor == 500_000


def test_another_key_signs_nothing() -> None:
    assert code_of(signed_query(b"another", "earnest", request())) == "link_signature_wrong"


@pytest.mark.parametrize(
    ("part", "nonsense"),
    [
        ("merchant=e", ""),
        ("merchant=e&reference=D-1", "reference=D-1&merchant=e"),
        ("expires_at=1", "expires_at=1&more=1"),
        ("expires_at=1", "expires_at=soon"),
        ("expires_at=1", "expires_at=9999999999999999"),
        ("amount_minor=1", "amount_minor=0"),
        ("amount_minor=1", "amount_minor=-1"),
        ("amount_minor=1", "amount_minor=1.5"),
        ("amount_minor=1", "amount_minor=1000000000000001"),
        ("currency=CNY", "currency=cny"),
        ("reference=D-1", "reference="),
        ("reference=D-1", "reference=" + "x" * 201),
    ],
)
def test_a_merchant_who_signs_nonsense_is_told_so(part: str, nonsense: str) -> None:
    good = (
        "merchant=e&reference=D-1&amount_minor=1&currency=CNY&description=&return_url=&expires_at=1"
    )
    assert read_query(KEY, signed(good)).reference == "D-1"
    assert code_of(signed(good.replace(part, nonsense))) == "link_malformed"


def signed(text: str) -> str:
    """Sign any text as a merchant with the right key and wrong words would."""
    return f"{text}&signature={hmac.digest(KEY, text.encode(), hashlib.sha256).hex()}"


def test_the_token_proves_the_key_without_showing_it() -> None:
    token = merchant_token("a key of the tests")
    assert token == merchant_token("a key of the tests")
    assert token != merchant_token("another key")
    assert "a key" not in bytes.fromhex(token).decode("latin-1")


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(ValueError, match="may not be empty"):
        merchant_key_bytes("")
