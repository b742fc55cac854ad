"""`earnest serve`: web server, worker and embedded database, in one process or in several.

Not here: putting the parts together (`main.py`, `running.py`, `serving.py`).
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

import uvloop
from cyclopts import Parameter
from cyclopts.validators import Number

from earnest.cli.demo import print_demo
from earnest.cli.logs import configure_logs
from earnest.cli.migrate import DataOption
from earnest.cli.printing import say
from earnest.cli.stopping import stopped_is_done
from earnest.demo.stage import DemoFile, read_demo_file
from earnest.gateways.crew import READY
from earnest.running import Place, run_beside_others, run_server
from earnest.serving import side_by_side
from earnest.settings import Settings, SettingsError, read_settings

MOST_PROCESSES = 16
"""So that each still has five connections of those that they share."""

LogOption = Annotated[
    Literal["debug", "info", "warning"], Parameter(help="What is worth a line on stderr.")
]


def serve(
    *,
    demo: Annotated[
        bool,
        Parameter(
            help="A demo maker, a sandbox payment provider, and time that can be moved.",
            negative="",
        ),
    ] = False,
    orders: Annotated[
        bool,
        Parameter(
            help="Begin the demo with orders in every stage; adds nothing to a demo that has some.",
            negative="",
        ),
    ] = False,
    data: DataOption = Path(".earnest"),
    host: Annotated[str, Parameter(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int,
        Parameter(
            help="Port of the API; the demo's provider takes the next.",
            validator=Number(gt=0, lt=65535),
        ),
    ] = 8080,
    processes: Annotated[
        int,
        Parameter(
            help="Server processes on this address. One uses one core of Python beside the "
            "database; more pay where cores are free, up to one for each two cores.",
            validator=Number(gte=1, lte=MOST_PROCESSES),
        ),
    ] = 1,
    log: LogOption = "warning",
) -> None:
    """Serve the API, fire deadlines and send messages.

    Without EARNEST_DATABASE_URL an embedded PostgreSQL is started in --data. Ctrl-C or SIGTERM
    stops everything in order; a kill loses nothing that was acknowledged. Of several processes
    one that dies is started again while the others go on; the first fires deadlines and sends
    messages. All guarantees hold over all of them, because the database keeps them.

    A payment provider is not called faster than it agreed to: EARNEST_CHECKOUTS_PER_SECOND is for
    one that has to be asked for each page a buyer pays on, EARNEST_PAYOUTS_PER_SECOND for refunds
    and other payouts (as many as pages where these are paced, or else 1000). EARNEST_PHONE_COUNTRY
    is where telephones are that buyers write without a country (CN).
    """
    configure_logs(log)
    if orders and not demo:
        raise SettingsError(
            "Only a demo begins with made-up orders: add --demo, or leave --orders out. "
            "[orders_without_demo]"
        )
    settings = read_settings(
        os.environ, data=data, host=host, port=port, demo=demo, demo_orders=orders
    )

    def ready(file: DemoFile | None) -> None:
        say(f"Earnest is open at {settings.public_url} (Ctrl-C stops it)", style="bold")
        if file is not None:
            say("")
            print_demo(file, data)

    if processes > 1:
        _serve_side_by_side(settings, processes, log, ready)
        return
    with stopped_is_done():
        uvloop.run(run_server(settings, ready))


def _serve_side_by_side(
    settings: Settings, count: int, log: str, ready: Callable[[DemoFile | None], None]
) -> None:
    def start(place: Place, taken: socket.socket, url: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "earnest", "serve-beside", str(place.number), str(count)]
        command += ["--socket", str(taken.fileno()), "--data", str(settings.data), "--log", log]
        command += ["--host", settings.host, "--port", str(settings.port)]
        return subprocess.Popen(  # noqa: S603 - our own program with our own arguments
            [*command, "--demo"] if settings.demo else command,
            env=os.environ | {"EARNEST_DATABASE_URL": url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[taken.fileno()],
            # A terminal sends Ctrl-C to the whole group; the processes are stopped in order.
            start_new_session=True,
        )

    with stopped_is_done(), side_by_side(settings, count, start) as crew:
        ready(read_demo_file(settings.data) if settings.demo else None)
        crew.keep()


def serve_beside(  # noqa: PLR0913 - it is told what `serve` was told, and its place
    number: int,
    count: int,
    *,
    socket_number: Annotated[int, Parameter(name="--socket")],
    data: DataOption,
    host: str,
    port: int,
    log: LogOption,
    demo: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Be one of several server processes; `earnest serve --processes` starts it.

    It ends when its standard input does, so that it never outlives the one that started it.
    """
    configure_logs(log)
    settings = read_settings(os.environ, data=data, host=host, port=port, demo=demo)
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    async def run() -> None:
        loop = asyncio.get_running_loop()

        def abandoned() -> None:
            loop.remove_reader(sys.stdin.fileno())
            os.kill(os.getpid(), signal.SIGTERM)

        loop.add_reader(sys.stdin.fileno(), abandoned)
        taken = socket.socket(fileno=socket_number)
        await run_beside_others(settings, Place(number, count), taken, lambda _: _say_ready())

    with suppress(KeyboardInterrupt):
        uvloop.run(run())


def _say_ready() -> None:
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
