"""Starting the sandbox as a process: what is wrong is said before anything is served."""

import socket
from pathlib import Path

import pytest

from earnest.gateways.payments.sandbox_server.connection import target_of
from earnest.gateways.payments.sandbox_server.run import SandboxCannotStart, run_sandbox
from tests.gateways.running import MERCHANT_KEY, WEBHOOK_SECRET, Receiver, SandboxProcess


def start(folder: Path, *, port: int = 0, **more: str) -> None:
    run_sandbox(
        host="127.0.0.1",
        port=port,
        journal=folder / "journal.jsonl",
        merchant_key=more.get("merchant_key", MERCHANT_KEY),
        webhook_secret=more.get("webhook_secret", WEBHOOK_SECRET),
        webhook_url=more.get("webhook_url", "http://127.0.0.1:9/webhooks"),
    )


def test_a_port_in_use_says_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        in_use = rf"127\.0\.0\.1:{port} .*choose another with --port\. \[address_in_use\]$"
        with pytest.raises(SandboxCannotStart, match=in_use):
            start(tmp_path, port=port)
    with pytest.raises(SandboxCannotStart, match=r"with --port\. \[address_unusable\]$"):
        start(tmp_path, port=70_000)


def test_secrets_and_addresses_that_cannot_be_used_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(SandboxCannotStart, match="base64"):
        start(tmp_path, webhook_secret="not base64!")
    with pytest.raises(SandboxCannotStart, match="merchant key may not be empty"):
        start(tmp_path, merchant_key="")
    with pytest.raises(SandboxCannotStart, match="must begin with http"):
        start(tmp_path, webhook_url="ftp://127.0.0.1/")


def test_a_journal_in_use_stops_the_start(tmp_path: Path, receiver: Receiver) -> None:
    with (
        SandboxProcess(tmp_path / "journal.jsonl", receiver.url),
        pytest.raises(SandboxCannotStart, match="another sandbox is using"),
    ):
        start(tmp_path)


def test_a_webhook_address_becomes_the_head_of_a_request() -> None:
    plain = target_of("http://user:secret@shop.example:8080/hooks?a=b#c")
    assert (plain.host, plain.port, plain.tls) == ("shop.example", 8080, None)
    assert plain.head.startswith(b"POST /hooks?a=b HTTP/1.1\r\nhost: shop.example:8080\r\n")
    secure = target_of("https://shop.example")
    assert secure.port == 443
    assert secure.tls is not None
    assert secure.head.startswith(b"POST / HTTP/1.1\r\n")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example",
        "file:///etc/passwd",
        "http://",
        "http://x/a b",
        "http://x/日",
        "http://日/",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="webhook address"):
        target_of(url)
