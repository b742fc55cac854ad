"""Real servers for the gateways' tests: the sandbox in a thread or process, and a receiver.

Everything listens on the loopback interface on a free port. Waiting is for a condition, with a
limit that only a broken test reaches.
"""

import asyncio
import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

import uvicorn

from earnest.gateways.clock import Clock, VirtualClock
from earnest.gateways.listening import listening_socket
from earnest.gateways.payments.contract import CheckoutRequest
from earnest.gateways.payments.sandbox import SandboxPayments
from earnest.gateways.payments.sandbox_server.app import SandboxApp, SandboxSettings
from earnest.gateways.payments.sandbox_server.http import Receive, Scope, Send
from earnest.gateways.payments.sandbox_server.run import server_for

MERCHANT_KEY = "merchant key of the tests"
WEBHOOK_SECRET = "whsec_dGhlIHdlYmhvb2sgc2VjcmV0IG9mIHRoZSB0ZXN0cw=="
PATIENCE_SECONDS = 20.0

Value = TypeVar("Value")

Hook = tuple[dict[str, str], bytes]


def wait_until(condition: Callable[[], Value]) -> Value:
    """Return the condition's first true value."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < limit:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("what the test waits for did not happen")


def run(work: Coroutine[Any, Any, Value]) -> Value:
    """Run a coroutine to its end."""
    return asyncio.run(work)


class ServerThread:
    """A uvicorn server in a thread of its own."""

    def __init__(self, server: uvicorn.Server, listening: socket.socket) -> None:
        self._server = server
        self._thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listening]}, daemon=True
        )
        self._thread.start()
        wait_until(lambda: server.started)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()


class Receiver:
    """The merchant's side of the webhooks: remembers them all and answers as it is told."""

    def __init__(self, port: int = 0) -> None:
        self.hooks: list[Hook] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        listening = listening_socket("127.0.0.1", port)
        self.port: int = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/webhooks"
        config = uvicorn.Config(
            self._serve, interface="asgi3", lifespan="off", ws="none", log_level="critical"
        )
        self._thread = ServerThread(uvicorn.Server(config), listening)

    def stop(self) -> None:
        self._thread.stop()

    def events(self) -> list[dict[str, Any]]:
        """Return the bodies of all webhooks, in the order in which they arrived."""
        return [json.loads(body) for _headers, body in self.hooks]

    def wait_for(self, count: int) -> list[Hook]:
        """Return all webhooks once there are so many."""
        wait_until(lambda: len(self.hooks) >= count)
        return list(self.hooks)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        body = message["body"]
        while message["more_body"]:
            message = await receive()
            body += message["body"]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.hooks.append((headers, body))
        status, more = self.answers.pop(0) if self.answers else (204, {})
        pairs = [(name.encode(), value.encode()) for name, value in more.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": b""})


class ScriptedServer:
    """A server that answers what it is told, byte for byte, and remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[Hook] = []
        self.answers: list[tuple[int, bytes]] = []
        self.delay_seconds = 0.0
        listening = listening_socket("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            self._serve,
            interface="asgi3",
            lifespan="off",
            ws="none",
            log_level="critical",
            timeout_graceful_shutdown=1,
        )
        self._thread: ServerThread | None = ServerThread(uvicorn.Server(config), listening)

    def stop(self) -> None:
        """Stop once; stopping again does nothing."""
        if self._thread is not None:
            self._thread.stop()
            self._thread = None

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.requests.append((headers, message["body"]))
        await asyncio.sleep(self.delay_seconds)
        status, body = self.answers.pop(0) if self.answers else (200, b"{}")
        location = [(b"location", b"/elsewhere")] if 300 <= status < 400 else []
        await send({"type": "http.response.start", "status": status, "headers": location})
        await send({"type": "http.response.body", "body": body})


class Reply:
    """A reply of the sandbox as a caller sees it."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.body = body

    @property
    def json(self) -> dict[str, Any]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value

    @property
    def code(self) -> object:
        """The stable code of a problem document."""
        assert self.headers["content-type"] == "application/problem+json"
        assert self.json["status"] == self.status
        return self.json["code"]


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Shows a redirect instead of following it."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        return None


_opener = urllib.request.build_opener(_StayHere, urllib.request.ProxyHandler({}))


def call(
    method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Reply:
    """Make one HTTP call; any status is a reply."""
    request = urllib.request.Request(  # noqa: S310 - the tests' own servers
        url, data=body, headers=dict(headers or {}), method=method
    )
    try:
        with _opener.open(request, timeout=PATIENCE_SECONDS) as response:
            return Reply(response.status, dict(response.headers), response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, dict(error.headers), error.read())


def post_json(url: str, value: object) -> Reply:
    """Post a value as JSON."""
    return call("POST", url, json.dumps(value).encode(), {"content-type": "application/json"})


def checkout(
    reference: str,
    *,
    amount_minor: int = 500_000,
    currency: str = "CNY",
    expires_at: datetime | None = None,
    return_url: str = "http://shop.example/orders/1",
) -> CheckoutRequest:
    """Return a deposit of CNY 5,000, as the SU7 launch asked for."""
    return CheckoutRequest(
        reference=reference,
        amount_minor=amount_minor,
        currency=currency,
        description="SU7 Max 定金",
        return_url=return_url,
        expires_at=expires_at or VirtualClock().now() + timedelta(hours=1),
    )


class Sandbox:
    """A sandbox at an address, with everything a test asks of it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.runner = asyncio.Runner()
        self.client = self.new_client()

    def new_client(self, **more: Any) -> SandboxPayments:  # noqa: ANN401 - passed through
        return SandboxPayments(
            base_url=self.url,
            merchant_key=more.pop("merchant_key", MERCHANT_KEY),
            webhook_secrets=[WEBHOOK_SECRET],
            **more,
        )

    def pay(self, link: str, attempt: str = "1", decision: str = "pay") -> Reply:
        return post_json(
            f"{self.url}/api/pay", {"link": link, "attempt": attempt, "decision": decision}
        )

    def pay_new(self, reference: str, **more: Any) -> Reply:  # noqa: ANN401 - passed through
        return self.pay(self.client.checkout_link(checkout(reference, **more)))

    def switch_on(self, *switches: dict[str, object], reset: bool = False) -> Reply:
        return post_json(f"{self.url}/api/switches", {"reset": reset, "switches": list(switches)})

    def move_clock(self, offset_seconds: float) -> Reply:
        return post_json(f"{self.url}/api/clock", {"offset_seconds": offset_seconds})

    def status(self) -> dict[str, Any]:
        return call("GET", f"{self.url}/api/status").json

    def wait_until_quiet(self) -> dict[str, Any]:
        """Return the figures of the webhooks once none is waiting."""
        wait_until(lambda: self.status()["webhooks"]["pending"] == 0)
        webhooks = self.status()["webhooks"]
        assert isinstance(webhooks, dict)
        return webhooks

    def close(self) -> None:
        self.runner.run(self.client.close())
        self.runner.close()


class SandboxInThread(Sandbox):
    """A sandbox inside the test's process."""

    def __init__(self, journal: Path, webhook_url: str, *, clock: Clock | None = None) -> None:
        listening = listening_socket("127.0.0.1", 0)
        app = SandboxApp(
            SandboxSettings(
                journal=journal,
                merchant_key=MERCHANT_KEY,
                webhook_secret=WEBHOOK_SECRET,
                webhook_url=webhook_url,
            ),
            clock=clock,
        )
        self._thread = ServerThread(server_for(app), listening)
        super().__init__(f"http://127.0.0.1:{listening.getsockname()[1]}")

    def close(self) -> None:
        super().close()
        self._thread.stop()


_PROGRAM = """
import sys
from pathlib import Path
from earnest.gateways.payments.sandbox_server.run import run_sandbox
run_sandbox(host="127.0.0.1", port=0, journal=Path(sys.argv[1]), merchant_key=sys.argv[2],
            webhook_secret=sys.argv[3], webhook_url=sys.argv[4], durable=sys.argv[5] == "durable",
            ready=lambda address: print(address, flush=True))
"""


class SandboxProcess(Sandbox):
    """A sandbox in a process of its own, which a test may kill."""

    def __init__(self, journal: Path, webhook_url: str, *, mode: str = "quick") -> None:
        arguments = [str(journal), MERCHANT_KEY, WEBHOOK_SECRET, webhook_url, mode]
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *arguments], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        super().__init__(self.process.stdout.readline().strip())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.kill()

    def kill(self) -> None:
        """Kill it as a power switch would, without a last word."""
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.close()


def long_ago() -> datetime:
    """Return an instant at which every link has expired."""
    return datetime(2024, 7, 19, tzinfo=UTC)
