"""Standard Webhooks vectors, checked against the public library wherever it has an opinion."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from earnest.gateways.signatures import WebhookRejected, WebhookVerifier, secret_bytes, sign

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
STAMP = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime.fromtimestamp(STAMP, tz=UTC)


def headers(
    *, webhook_id: str = ID, stamp: str = str(STAMP), signature: str = SIGNATURE
) -> dict[str, str]:
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": stamp,
        "webhook-signature": signature,
    }


def rejection(given_headers: dict[str, str], body: bytes = BODY, now: datetime = NOW) -> str:
    with pytest.raises(WebhookRejected) as rejected:
        WebhookVerifier([SECRET]).verify(given_headers, body, now)
    assert rejected.value.explanation
    return rejected.value.code


def test_the_published_vector_is_signed_and_accepted() -> None:
    assert sign(secret_bytes(SECRET), ID, STAMP, BODY) == SIGNATURE
    assert WebhookVerifier([SECRET]).verify(headers(), BODY, NOW) == ID


@given(
    body=st.text(alphabet=st.characters(codec="utf-8")), webhook_id=st.text("abc_.-1", min_size=1)
)
def test_signatures_equal_those_of_the_public_library(body: str, webhook_id: str) -> None:
    theirs = Webhook(SECRET).sign(webhook_id, NOW, body)
    assert sign(secret_bytes(SECRET), webhook_id, STAMP, body.encode()) == theirs


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_or_empty_header_is_unsigned(name: str) -> None:
    assert rejection({key: value for key, value in headers().items() if key != name}) == (
        "webhook_unsigned"
    )
    assert rejection(headers() | {name: ""}) == "webhook_unsigned"


def test_a_changed_body_id_or_stamp_is_rejected() -> None:
    assert rejection(headers(), BODY + b" ") == "webhook_signature_wrong"
    assert rejection(headers(webhook_id="msg_other")) == "webhook_signature_wrong"
    assert rejection(headers(stamp=str(STAMP + 1))) == "webhook_signature_wrong"


def test_another_key_is_rejected() -> None:
    other = sign(b"another key", ID, STAMP, BODY)
    assert rejection(headers(signature=other)) == "webhook_signature_wrong"


@pytest.mark.parametrize(
    "signature",
    ["v1", "v1,", "v2" + SIGNATURE[2:], SIGNATURE[3:], "v1,Ã¼", "\udcff", SIGNATURE + "x", " "],
)
def test_a_signature_of_another_kind_is_rejected(signature: str) -> None:
    assert rejection(headers(signature=signature)) == "webhook_signature_wrong"


def test_one_right_signature_among_several_is_enough() -> None:
    several = f"v1a,abc v1,AAAA {SIGNATURE}"
    assert WebhookVerifier([SECRET]).verify(headers(signature=several), BODY, NOW) == ID


def test_an_old_and_a_new_secret_are_both_taken_while_rotating() -> None:
    assert WebhookVerifier(["whsec_bmV3", SECRET]).verify(headers(), BODY, NOW) == ID


def test_exactly_five_minutes_either_way_is_still_taken() -> None:
    verifier = WebhookVerifier([SECRET])
    assert verifier.verify(headers(), BODY, NOW + timedelta(minutes=5)) == ID
    assert verifier.verify(headers(), BODY, NOW - timedelta(minutes=5)) == ID


def test_older_is_stale_and_newer_is_future_dated() -> None:
    more = timedelta(minutes=5, microseconds=1)
    assert rejection(headers(), now=NOW + more) == "webhook_stale"
    assert rejection(headers(), now=NOW - more) == "webhook_future_dated"


@pytest.mark.parametrize("stamp", ["soon", "-1", "1.5", "1e9", "٣", "9" * 13, "+1614265330"])
def test_a_signed_stamp_that_is_no_number_is_malformed(stamp: str) -> None:
    content = f"{ID}.{stamp}.".encode() + BODY
    digest = hmac.digest(secret_bytes(SECRET), content, hashlib.sha256)
    signature = "v1," + base64.b64encode(digest).decode()
    assert rejection(headers(stamp=stamp, signature=signature)) == "webhook_malformed"


def test_a_secret_that_cannot_be_used_stops_the_start() -> None:
    with pytest.raises(ValueError, match="base64"):
        WebhookVerifier(["whsec_not base64!"])
    with pytest.raises(ValueError, match="empty"):
        WebhookVerifier(["whsec_"])
    with pytest.raises(ValueError, match="at least one"):
        WebhookVerifier([])


def test_a_secret_may_lack_its_padding_and_its_mark() -> None:
    assert secret_bytes("YWI") == secret_bytes("whsec_YWI=") == b"ab"
