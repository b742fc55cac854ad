"""`earnest plan what-if`: what would be if plants could build less or more, or by other tables.

Not here: what may be supposed (`core/plan/supposing.py`), and how a plan is printed (`plan.py`).
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from earnest.beside_planning import faults_beside, plan_supposing, read_capacity
from earnest.cli.capacity_source import source_of
from earnest.cli.migrate import DataOption
from earnest.cli.plan import print_run, say_rejection, way_of
from earnest.cli.printing import say, working
from earnest.cli.terms import LanguageOption
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.supposing import read_supposition
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.planning.running import DryRun
from earnest.settings import Settings, settings_to_read


def what_if(
    *suppositions: Annotated[
        str,
        Parameter(
            help="NAME=PERCENT or NAME@FROM..UNTIL=PERCENT: north@2026-03-02..2026-03-16=50."
        ),
    ],
    capacity: Annotated[
        Path | None,
        Parameter(help="Begin with these CSV tables or this JSON document, not with what counts."),
    ] = None,
    fresh: Annotated[
        bool, Parameter(help="From nothing, not from the published plan.", negative="")
    ] = False,
    json: Annotated[bool, Parameter(help="Print the dry run as JSON.", negative="")] = False,
    data: DataOption = Path(".earnest"),
    language: LanguageOption = "en",
) -> int:
    """Change capacity in thought, and see who would move and which promises would break.

    Beside it stands the plan that would be made without it, from the capacity that counts: only
    the difference is the effect. NAME is a plant, a line (`north/1`) or a scarce part; `earnest
    capacity show` names them. UNTIL is the first day that is not meant, and 100 is what there is
    now. Nothing is saved, and nobody is told. To make it real, change the tables and use `earnest
    capacity import`. Exit code 1 when a supposition means nothing.

    Try `earnest plan what-if north=50`.
    """
    if not suppositions and capacity is None:
        return say_rejection(Rejected(Reason.SUPPOSITION_MISSING), language)
    read = [read_supposition(each) for each in suppositions]
    unread = [each for each in read if isinstance(each, Rejected)]
    for why in unread:
        say_rejection(why, language)
    settings = settings_to_read(os.environ, data)
    document = None if unread else _beginning(settings, capacity, language)
    if document is None:
        return 1
    meant = [each for each in read if not isinstance(each, Rejected)]
    with working("Planning"):
        tried = asyncio.run(plan_supposing(settings, way_of(fresh), document, meant))
    if not isinstance(tried, DryRun):
        for why in tried:
            say_rejection(why, language)
        return 1
    print_run(tried, json=json)
    if not json:
        say("Nothing was saved: this was a supposition.")
    return 0


def _beginning(settings: Settings, source: Path | None, language: str) -> Capacity | None:
    """The document that counts now, or a sound one from tables; None after its faults were said."""
    if source is None:
        found = asyncio.run(read_capacity(settings, None))
        if found is None:
            say_rejection(Rejected(Reason.CAPACITY_MISSING), language)
            return None
        return found.capacity
    read = source_of(source, language)
    if read is None:
        return None
    faults = asyncio.run(faults_beside(settings, read.capacity))
    read.say(faults, language)
    return None if faults else read.capacity
