"""`earnest demo`: where the running demo is, who its people are, and moving its time forward.

Not here: the demo's documents (`earnest/demo`).
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, say, table
from earnest.demo.advance import advance_demo, present_of_demo
from earnest.demo.launch import DEMO_LAUNCH
from earnest.demo.stage import PEOPLE, DemoFile, read_demo_file, token_of

DEFAULT_DATA = Path(".earnest")
SHOWN_NOW = "%Y-%m-%d %H:%M:%S UTC"


def demo(
    *,
    data: DataOption = DEFAULT_DATA,
    token: Annotated[
        str | None, Parameter(help="Print the token of this person alone, for use in a shell.")
    ] = None,
    advance_hours: Annotated[
        int | None,
        Parameter(
            help="Move the time of the demo and of its provider forward, for good.",
            validator=Number(gt=0),
        ),
    ] = None,
) -> None:
    """Show the running demo; print one person's token; move its time forward.

    Try `curl -H "Authorization: Bearer $(earnest demo --token auditor)"` with one of its
    addresses, or `earnest demo --advance-hours 24`.
    """
    file = read_demo_file(data)
    if token is not None:
        sys.stdout.write(token_of(file, token) + "\n")
    elif advance_hours is not None:
        now = asyncio.run(advance_demo(file, advance_hours * 3600))
        say(f"In the demo it is now {now.strftime(SHOWN_NOW)}.")
    else:
        now = asyncio.run(present_of_demo(file))
        say(f"In the demo it is {now.strftime(SHOWN_NOW)}.\n")
        print_demo(file, data)


def print_demo(file: DemoFile, data: Path) -> None:
    """The addresses and people of a demo, and how to get a token."""
    say(f"The API describes itself at  {file.url}/api/v1/openapi.json")
    say(f"Its payment provider is at   {file.sandbox_url}")
    say(f"Its launch, with a countdown {file.url}/api/v1/campaigns/{DEMO_LAUNCH}\n")
    people = table("People of the demo", "who!", "signs as!", "may act for!")
    for who, (staff_id, roles) in PEOPLE.items():
        people.add_row(who, f"staff:{staff_id}", ", ".join(roles))
    console.print(people)
    where = "" if data == DEFAULT_DATA else f" --data {data}"
    say(f"\nA token for one of them:  earnest demo --token finance{where}")
