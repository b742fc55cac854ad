"""`earnest serve`: web server, worker and embedded database in one process.

Not here: putting the parts together (`main.py`).
"""

from __future__ import annotations

import os
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
from earnest.demo.stage import DemoFile
from earnest.main import run_server
from earnest.settings import read_settings


def serve(
    *,
    demo: Annotated[
        bool,
        Parameter(
            help="A demo maker, a sandbox payment provider, and time that can be moved.",
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
    log: Annotated[
        Literal["debug", "info", "warning"], Parameter(help="What is worth a line on stderr.")
    ] = "warning",
) -> None:
    """Serve the API, fire deadlines and send messages.

    Without EARNEST_DATABASE_URL an embedded PostgreSQL is started in --data. Ctrl-C or SIGTERM
    stops everything in order; a kill loses nothing that was acknowledged.
    """
    configure_logs(log)
    settings = read_settings(os.environ, data=data, host=host, port=port, demo=demo)

    def ready(file: DemoFile | None) -> None:
        say(f"Earnest is open at {settings.public_url} (Ctrl-C stops it)", style="bold")
        if file is not None:
            say("")
            print_demo(file, data)

    with stopped_is_done():
        uvloop.run(run_server(settings, ready))
