"""Bad input at the sandbox's doors: a stable code each, and nothing changed."""

import http.client
import json
import resource
from collections.abc import Iterator

import pytest

from earnest.gateways.payments.links import merchant_token
from tests.gateways.running import (
    MERCHANT_KEY,
    Receiver,
    Reply,
    SandboxInThread,
    call,
    checkout,
    post_json,
)

JSON = {"content-type": "application/json"}
MERCHANT = {"authorization": f"Bearer {merchant_token(MERCHANT_KEY)}"}
REFUND = {"key": "R-1", "reference": "D-1", "amount_minor": 1, "currency": "CNY"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxInThread]:
    """One sandbox for all of them: a refusal leaves nothing behind that the next could see."""
    receiver = Receiver()
    sandbox = SandboxInThread(tmp_path_factory.mktemp("doors") / "journal.jsonl", receiver.url)
    yield sandbox
    sandbox.close()
    receiver.stop()


def outcome(reply: Reply) -> tuple[int, object]:
    """Return a refusal's status and code; every refusal tells what to do."""
    assert reply.json["detail"]
    assert reply.json["title"]
    return reply.status, reply.code


def test_an_unknown_address_and_a_wrong_method_are_told_apart(sandbox: SandboxInThread) -> None:
    assert outcome(call("GET", f"{sandbox.url}/api/nothing")) == (404, "path_unknown")
    wrong = call("GET", f"{sandbox.url}/api/pay")
    assert outcome(wrong) == (405, "method_not_allowed")
    assert wrong.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "path",
    ["pay", "refunds", "payouts", "chargebacks", "clock", "switches"],
)
@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"{}", {"content-type": "text/plain"}, (415, "content_type_not_json")),
        (b"", JSON, (400, "body_malformed")),
        (b"{", JSON, (400, "body_malformed")),
        (b"\xff{}", JSON, (400, "body_malformed")),
        (b"[]", JSON, (422, "body_invalid")),
        (b'{"surprise":1}', JSON, (422, "body_invalid")),
        (b"x" * (64 * 1024 + 1), JSON, (413, "body_too_large")),
    ],
)
def test_a_body_that_cannot_be_used_is_refused_at_every_door(
    sandbox: SandboxInThread,
    path: str,
    body: bytes,
    headers: dict[str, str],
    expected: tuple[int, str],
) -> None:
    before = sandbox.status()["counts"]
    reply = call("POST", f"{sandbox.url}/api/{path}", body, headers | MERCHANT)
    assert outcome(reply) == expected
    assert sandbox.status()["counts"] == before


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 0},
        {"amount_minor": -1},
        {"amount_minor": 1.5},
        {"amount_minor": "1"},
        {"amount_minor": True},
        {"amount_minor": 10**15 + 1},
        {"currency": "yuan"},
        {"key": ""},
        {"key": "k" * 201},
        {"reference": None},
    ],
)
def test_a_refund_with_wrong_values_is_refused(
    sandbox: SandboxInThread, change: dict[str, object]
) -> None:
    sandbox.pay_new("D-1")
    body = json.dumps(REFUND | change).encode()
    reply = call("POST", f"{sandbox.url}/api/refunds", body, JSON | MERCHANT)
    assert outcome(reply) == (422, "body_invalid")
    assert sandbox.status()["counts"]["refunds"] == 0


def test_only_the_merchant_moves_money_and_looks_things_up(sandbox: SandboxInThread) -> None:
    sandbox.pay_new("D-1")
    stranger = (401, "merchant_token_wrong")
    for door in ("refunds", "payouts"):
        assert outcome(post_json(f"{sandbox.url}/api/{door}", REFUND)) == stranger
    for door in ("transfers?key=R-1", "payments?reference=D-1", "holdings", "movements"):
        wrong = {"authorization": "Bearer " + merchant_token("another key")}
        assert outcome(call("GET", f"{sandbox.url}/api/{door}", headers=wrong)) == stranger
        assert outcome(call("GET", f"{sandbox.url}/api/{door}")) == stranger
        assert call("GET", f"{sandbox.url}/api/{door}", headers=MERCHANT).status in (200, 404)


def test_an_unknown_transfer_is_not_found(sandbox: SandboxInThread) -> None:
    for query in ("?key=R-9", "", "?key="):
        reply = call("GET", f"{sandbox.url}/api/transfers{query}", headers=MERCHANT)
        assert outcome(reply) == (404, "transfer_unknown")


@pytest.mark.parametrize("cursor", ["x", "-1", "1.0", "%D9%A3", "1" * 13])
def test_a_cursor_from_nowhere_is_refused(sandbox: SandboxInThread, cursor: str) -> None:
    reply = call("GET", f"{sandbox.url}/api/movements?cursor={cursor}", headers=MERCHANT)
    assert outcome(reply) == (400, "cursor_malformed")


def test_a_cursor_past_the_end_is_an_empty_page(sandbox: SandboxInThread) -> None:
    reply = call("GET", f"{sandbox.url}/api/movements?cursor=99", headers=MERCHANT)
    assert reply.json == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("offset", [-1, 20_001 * 86_400, "1", None])
def test_the_clock_cannot_be_set_to_nonsense(sandbox: SandboxInThread, offset: object) -> None:
    reply = post_json(f"{sandbox.url}/api/clock", {"offset_seconds": offset})
    assert outcome(reply) == (422, "body_invalid")


def test_a_link_of_another_merchant_or_key_is_refused(sandbox: SandboxInThread) -> None:
    foreign = sandbox.new_client(merchant="somebody").checkout_link(checkout("D-1"))
    assert outcome(sandbox.pay(foreign)) == (403, "merchant_unknown")
    forged = sandbox.new_client(merchant_key="guessed").checkout_link(checkout("D-1"))
    assert outcome(sandbox.pay(forged)) == (403, "link_signature_wrong")
    assert outcome(sandbox.pay("https://example.org/")) == (400, "link_malformed")


def test_the_link_may_be_given_whole_or_as_its_query(sandbox: SandboxInThread) -> None:
    link = sandbox.client.checkout_link(checkout("D-1"))
    first = sandbox.pay(link)
    again = sandbox.pay(link.partition("?")[2])
    assert (again.status, again.json) == (200, first.json)


def test_an_attempt_must_be_named(sandbox: SandboxInThread) -> None:
    link = sandbox.client.checkout_link(checkout("D-1"))
    assert outcome(sandbox.pay(link, attempt="")) == (422, "body_invalid")
    assert outcome(post_json(f"{sandbox.url}/api/pay", {"link": link})) == (422, "body_invalid")


def test_a_body_of_unknown_length_is_cut_off_at_the_same_size(sandbox: SandboxInThread) -> None:
    host, port = sandbox.url.removeprefix("http://").split(":")
    caller = http.client.HTTPConnection(host, int(port), timeout=20)
    chunks = iter([b"x" * 40_000, b"x" * 40_000])
    caller.request("POST", "/api/pay", chunks, JSON, encode_chunked=True)
    response = caller.getresponse()
    assert response.status == 413
    assert json.loads(response.read())["code"] == "body_too_large"
    caller.close()


def test_a_full_disk_refuses_and_changes_nothing(sandbox: SandboxInThread) -> None:
    link = sandbox.client.checkout_link(checkout("full disk"))
    before = sandbox.status()["counts"]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        refused = sandbox.pay(link)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert outcome(refused) == (503, "journal_unwritable")
    assert sandbox.status()["counts"] == before
    assert sandbox.pay(link).status == 200
