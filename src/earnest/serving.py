"""Several server processes on one database and one address, and what they stand on.

Not here: what one process is made of (`running.py`), and keeping processes alive
(`gateways/crew.py`).

The address is taken once for each process, so that the system deals new connections out. All of
these stay open here: what waits at the door of a process that died waits for its successor.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from earnest.demo.provider import sandbox_process
from earnest.gateways.crew import Crew
from earnest.gateways.listening import listening_sockets
from earnest.main import database
from earnest.running import Place
from earnest.seeding import seed_demo_orders
from earnest.settings import Settings

StartPart = Callable[[Place, socket.socket, str], "subprocess.Popen[bytes]"]
"""Starts the process of a place, which listens on a socket and uses the database at this URL."""


@contextmanager
def side_by_side(settings: Settings, count: int, start: StartPart) -> Iterator[Crew]:
    """Run so many server processes; yields when all of them answer.

    Raises `AddressTaken`, `StoreError`, `SettingsError`, `SandboxFailed`, `ProcessFailed`.
    """
    taken = listening_sockets(settings.host, settings.port, count)
    with ExitStack() as stack:
        for each in taken:
            stack.callback(each.close)
        url = stack.enter_context(database(settings))
        if settings.demo:
            if settings.demo_orders:
                asyncio.run(seed_demo_orders(settings, url))
            webhooks = f"{settings.local_url}/api/v1/webhooks/sandbox"
            port = settings.sandbox_port
            key = settings.keys.merchant_key
            stack.enter_context(sandbox_process(settings.data, port, webhooks, key))
        starts = [
            partial(start, Place(number, count), each, url) for number, each in enumerate(taken)
        ]
        yield stack.enter_context(Crew(starts))
