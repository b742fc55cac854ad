"""`earnest worker`: deadlines and outgoing messages, in a process of their own.

Not here: the web server. `earnest serve` does both.
"""

from __future__ import annotations

import os
from pathlib import Path

import uvloop

from earnest.cli.logs import configure_logs
from earnest.cli.migrate import DataOption
from earnest.main import work
from earnest.settings import read_settings


def worker(*, data: DataOption = Path(".earnest")) -> None:
    """Fire deadlines and send messages for a database that web servers elsewhere write to.

    Needs EARNEST_DATABASE_URL: the embedded database belongs to the one process that started it.
    """
    configure_logs("info")
    uvloop.run(work(read_settings(os.environ, data=data)))
