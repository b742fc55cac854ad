"""Running the sandbox as a process: the address, the server, and errors that say what to do."""

import gc
from collections.abc import Callable
from pathlib import Path

import uvicorn

from earnest.gateways.listening import AddressTaken, listening_socket
from earnest.gateways.payments.sandbox_server.app import SandboxApp, SandboxSettings
from earnest.gateways.payments.sandbox_server.journal import JournalUnusable

_COLLECT_AFTER = 20_000


class SandboxCannotStart(Exception):
    """The sandbox cannot start; the message says what to do."""


def server_for(app: SandboxApp) -> uvicorn.Server:
    """Return a quiet server: what is lost on purpose must not fill a log with errors."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            interface="asgi3",
            http="httptools",
            loop="auto",
            lifespan="on",
            ws="none",
            access_log=False,
            log_level="critical",
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=5,
        )
    )


def run_sandbox(  # noqa: PLR0913 - keyword-only settings of one process, given once by the CLI
    *,
    host: str,
    port: int,
    journal: Path,
    merchant_key: str,
    webhook_secret: str,
    webhook_url: str,
    merchant: str = "earnest",
    durable: bool = False,
    ready: Callable[[str], None] = lambda _address: None,
) -> None:
    """Run the sandbox until it is interrupted; ``ready`` is told its base address.

    Raise ``SandboxCannotStart`` when the port is in use, the journal cannot be used or a secret is
    malformed.
    """
    settings = SandboxSettings(
        journal=journal,
        merchant_key=merchant_key,
        webhook_secret=webhook_secret,
        webhook_url=webhook_url,
        merchant=merchant,
        durable=durable,
    )
    try:
        taken = listening_socket(host, port)
    except AddressTaken as error:
        raise SandboxCannotStart(str(error)) from error
    try:
        app = SandboxApp(settings)
    except (JournalUnusable, ValueError) as error:
        taken.close()
        raise SandboxCannotStart(str(error)) from error
    # What was read at the start lives as long as the process; the collector need not walk it, and
    # a launch that makes hundreds of thousands of payments should not be walked often either.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 50, 100)
    shown = f"[{host}]" if ":" in host else host
    ready(f"http://{shown}:{taken.getsockname()[1]}")
    server_for(app).run(sockets=[taken])
