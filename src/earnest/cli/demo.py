"""`earnest demo`: what the running demo offers, and moving its time forward.

Not here: the demo's documents (`earnest/demo`).
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, table
from earnest.demo.advance import advance_demo
from earnest.demo.stage import DemoFile, read_demo_file


def demo(
    *,
    data: DataOption = Path(".earnest"),
    advance_hours: Annotated[
        int, Parameter(help="Move the time of the demo and of its provider forward, for good.")
    ] = 0,
) -> None:
    """Show where the running demo is and its tokens; with --advance-hours, move its time."""
    file = read_demo_file(data)
    if advance_hours:
        now = asyncio.run(advance_demo(file, advance_hours * 3600))
        console.print(f"In the demo it is now {now}.")
        return
    print_demo(file)


def print_demo(file: DemoFile) -> None:
    """The addresses and tokens of a demo."""
    console.print(f"API and documentation  {file.url}/api/v1/openapi.json")
    console.print(f"Payment provider       {file.sandbox_url}")
    tokens = table("Tokens of the demo's people", "who", "token")
    for who, each in file.tokens.items():
        tokens.add_row(who, each)
    console.print(tokens)
