"""/office/plan/capacity: every version with who and when, tables to keep, and importing tables.

Not here: what tables hold (`desk/planning/tables.py`), and publishing an import (`runs.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from earnest.core.values.reason import Reason
from earnest.desk.planning.tables import COLUMNS, OPTIONAL, TableFault, TableFaultCode
from earnest.web.api.capacity_changes import CapacityFinding, CapacityProposed, finding_of
from earnest.web.api.planning import CapacityHistory, CapacityShown
from earnest.web.codes import DoorCode
from earnest.web.house import BODY_LIMIT
from earnest.web.office.planning.board import known, shown, started
from earnest.web.office.planning.proposing import FAULTY, OK, kept_document
from earnest.web.office.rooms import PLAN
from earnest.web.pages.forms import Upload
from earnest.web.pages.page import Answer, Page, Sent
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway

_ARCHIVE = "all"


async def show(visit: Visit) -> Answer:
    """The versions, and the form to import tables."""
    return await _shown(visit, ())


async def _shown(visit: Visit, findings: Sequence[CapacityFinding]) -> Answer:
    return shown(
        visit,
        "capacity.html",
        status=FAULTY if findings else OK,
        capacity=await known(visit, "showCapacity", CapacityShown, Reason.CAPACITY_MISSING),
        versions=(await visit.ask("listCapacity", CapacityHistory)).versions,
        findings=findings,
        tables=[(name, [each.name for each in columns]) for name, columns in COLUMNS.items()],
        optional=OPTIONAL,
    )


async def take(visit: Visit) -> Answer:
    """Read the tables, and show their faults, or start the dry run that says who would move."""
    uploads = visit.form.files.get("tables", [])
    if not uploads:
        raise TurnedAway(DoorCode.FORM_MALFORMED)
    unreadable = [finding for each in uploads for finding in _not_utf8(each, visit.language)]
    if unreadable:
        return await _shown(visit, unreadable)
    tables = {PurePath(each.name).stem: each.content.decode("utf-8-sig") for each in uploads}
    proposed = await visit.ask("proposeCapacity", CapacityProposed, {"tables": tables})
    if proposed.capacity is None:
        return await _shown(visit, proposed.findings)
    return await started(visit, kept_document(proposed))


def _not_utf8(upload: Upload, language: str) -> Iterable[CapacityFinding]:
    """The line of a file with the first byte that is no text, as old spreadsheets write it."""
    try:
        upload.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = upload.content.count(b"\n", 0, error.start) + 1
        fault = TableFault(PurePath(upload.name).stem, line, TableFaultCode.NOT_UTF8)
        yield finding_of(fault, line, language)


async def send_tables(visit: Visit) -> Answer:
    """One table of a version, or all of them in an archive."""
    table = visit.path["table"].removesuffix(".csv")
    body = {"version": visit.path["version"]}
    if table == f"{_ARCHIVE}.zip":
        content = await visit.ask("exportCapacity", bytes, body)
        name, media_type = f"capacity-{body['version']}.zip", "application/zip"
    else:
        content = await visit.ask("exportCapacity", bytes, body | {"table": table})
        name, media_type = f"{table}.csv", "text/csv; charset=utf-8"
    disposition = f'attachment; filename="{name}"'.encode()
    return Sent(
        content=content, media_type=media_type, headers=[(b"content-disposition", disposition)]
    )


def pages() -> list[Page]:
    """The pages of this module."""
    here = f"{PLAN.path}/capacity"
    return [
        PLAN.page("office-plan-capacity", show, take, here, BODY_LIMIT),
        PLAN.page("office-plan-tables", send_tables, path=f"{here}/{{version}}/{{table}}"),
    ]
