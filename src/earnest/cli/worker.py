"""`earnest worker`: deadlines and outgoing messages, in a process of their own.

Not here: the web server. `earnest serve` does both.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import uvloop
from cyclopts import Parameter

from earnest.cli.logs import configure_logs
from earnest.cli.migrate import DataOption
from earnest.cli.printing import say
from earnest.cli.stopping import stopped_is_done
from earnest.running import work
from earnest.settings import read_settings


def worker(
    *,
    data: DataOption = Path(".earnest"),
    log: Annotated[
        Literal["debug", "info", "warning"], Parameter(help="What is worth a line on stderr.")
    ] = "warning",
) -> None:
    """Fire deadlines and send messages for a database that web servers elsewhere write to.

    Needs EARNEST_DATABASE_URL: the embedded database belongs to the one process that started it.
    """
    configure_logs(log)
    settings = read_settings(os.environ, data=data)
    with stopped_is_done():
        uvloop.run(work(settings, lambda: say("The worker is at work (Ctrl-C stops it).")))
