"""/capacity/proposals, /capacity/document: a change looked at before it counts, and tables to keep.

A proposal is made from tables or from edits of what counts now. It says every fault with its place
and what would change, and writes nothing. Not here: publishing (`planning.py`), and who would move,
which a dry run says (`plan_runs.py`).
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.plan.capacity import Capacity
from earnest.core.plan.editing import Edit, edited
from earnest.core.plan.faults import CapacityFault
from earnest.core.plan.unbuildable import Unbuilt
from earnest.core.plan.weeks import CapacityChanges, changes_of
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.planning.ports import CapacityVersion
from earnest.desk.planning.publishing import faults_in, unbuilt_by
from earnest.desk.planning.tables import COLUMNS, TableFault, Tables, read_tables, write_tables
from earnest.web.api.planning import PLANNERS
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import Name
from earnest.web.telling_capacity import fault_told

MOST_EDITS = 200
MOST_TABLES = 20

_FOR_SPREADSHEETS = "utf-8-sig"
"""The mark at the beginning tells spreadsheets that the text is no local code page."""

_MADE = (1980, 1, 1, 0, 0, 0)
"""The time of files in an archive: the same document gives the same archive."""


class CapacityProposal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tables (comma-separated values) by their names, and edits that follow.

    Tables that are not given stay as they are in the version that counts.
    """

    tables: Annotated[dict[Name, str], Meta(max_length=MOST_TABLES)] = {}
    edits: Annotated[tuple[Edit, ...], Meta(max_length=MOST_EDITS)] = ()


class CapacityFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One fault or warning: the table, its line from 1 where tables were given, its row from 1.

    `key` is the column that it is about (empty for none), `what` the matter and `cure` what to do,
    in the language that was asked for.
    """

    table: str
    line: int | None
    row: int | None
    code: str
    details: dict[str, str]
    key: str
    what: str
    cure: str


class CapacityProposed(msgspec.Struct, frozen=True, kw_only=True):
    """What a proposal comes to: everything that is wrong, or the document and what it changes.

    `instead_of` is the version that it was made from; null where none is published. `warnings` say
    what is on sale or waited for, and no line of the document builds; they keep nobody from
    publishing it.
    """

    instead_of: int | None
    findings: tuple[CapacityFinding, ...]
    warnings: tuple[CapacityFinding, ...]
    capacity: Capacity | None
    changes: CapacityChanges | None


class DocumentAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which version, the newest without; and one table of it, or all as an archive."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    table: Name | None = None


async def propose_capacity(house: House, asked: Asked, wanted: CapacityProposal) -> Reply:
    """Read and check a change of what counts now; nothing is written."""
    published = await house.plans.capacity()
    if published is None and not wanted.tables:
        raise TurnedAway(Reason.CAPACITY_MISSING)
    read = read_tables(_files(published, wanted.tables))
    if not isinstance(read, Tables):
        told = [finding_of(each, each.line, asked.language) for each in read]
        return Reply(value=_faulty(published, told))
    changed = edited(read.capacity, wanted.edits)
    if isinstance(changed, Rejected):
        raise TurnedAway(changed.reason, changed.details)
    # Rows that were edited stand in no file.
    lines = None if wanted.edits else read
    faults = await faults_in(house.plans, house.on_sale, changed, asked.received_at)
    if faults:
        told = [finding_of(each, _line(each, lines), asked.language) for each in faults]
        return Reply(value=_faulty(published, told))
    unbuilt = await unbuilt_by(house.plans, house.on_sale, changed, asked.received_at)
    before = None if published is None else published.capacity
    proposed = CapacityProposed(
        instead_of=None if published is None else published.version,
        findings=(),
        warnings=tuple(finding_of(each, _line(each, lines), asked.language) for each in unbuilt),
        capacity=changed,
        changes=changes_of(before, changed),
    )
    return Reply(value=proposed)


def _files(published: CapacityVersion | None, tables: dict[str, str]) -> dict[str, bytes]:
    """The tables that were given, and the others as they are published."""
    known = {} if published is None else write_tables(published.capacity)
    return {name: text.encode() for name, text in (known | tables).items()}


def _faulty(published: CapacityVersion | None, findings: list[CapacityFinding]) -> CapacityProposed:
    return CapacityProposed(
        instead_of=None if published is None else published.version,
        findings=tuple(findings),
        warnings=(),
        capacity=None,
        changes=None,
    )


def _line(fault: CapacityFault | Unbuilt, read: Tables | None) -> int | None:
    return None if read is None else read.line_of(fault)


def finding_of(
    fault: CapacityFault | TableFault | Unbuilt, line: int | None, language: str
) -> CapacityFinding:
    """A fault or warning in the words of a language."""
    row = None if isinstance(fault, TableFault) else fault.row
    told = fault_told(fault.table, fault.code, fault.details, language)
    return CapacityFinding(
        table=fault.table,
        line=line,
        row=None if row is None else row + 1,
        code=fault.code.value,
        details=fault.details,
        key=told.key,
        what=told.what,
        cure=told.cure,
    )


async def export_capacity(house: House, asked: Asked, wanted: DocumentAsked) -> Reply:  # noqa: ARG001 - as all
    """A published document as tables for spreadsheets."""
    found = await house.plans.capacity(wanted.version)
    if found is None:
        raise TurnedAway(Reason.CAPACITY_MISSING)
    tables = write_tables(found.capacity)
    if wanted.table is None:
        return _file(_archive(tables), "application/zip", f"capacity-{found.version}.zip")
    if wanted.table not in tables:
        known = ", ".join(COLUMNS)
        raise TurnedAway(Reason.CAPACITY_NAME_UNKNOWN, {"name": wanted.table, "known": known})
    content = tables[wanted.table].encode(_FOR_SPREADSHEETS)
    return _file(content, "text/csv", f"{wanted.table}.csv")


def _archive(tables: dict[str, str]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in tables.items():
            entry = zipfile.ZipInfo(f"{name}.csv", _MADE)
            archive.writestr(entry, text.encode(_FOR_SPREADSHEETS), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _file(content: bytes, media_type: str, name: str) -> Reply:
    disposition = f'attachment; filename="{name}"'.encode()
    return Reply(
        raw=content, media_type=media_type, headers=[(b"content-disposition", disposition)]
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/capacity/proposals",
            operation="proposeCapacity",
            summary="Look at a change of capacity: every fault, or what would change.",
            description="Tables by name, edits, or both. Nothing is written: to see who would move "
            "start a dry run with the document, to make it count publish that.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=CapacityProposal,
            handler=propose_capacity,
            gives=CapacityProposed,
            codes=(Reason.CAPACITY_MISSING, Reason.CAPACITY_NAME_UNKNOWN),
        ),
        Route(
            method="GET",
            path="/capacity/document",
            operation="exportCapacity",
            summary="A version of capacity as tables for spreadsheets.",
            tag="planning",
            access=Access.ACTORS,
            roles=PLANNERS,
            takes=DocumentAsked,
            handler=export_capacity,
            gives=None,
            gives_file=("application/zip", "text/csv"),
            codes=(Reason.CAPACITY_MISSING, Reason.CAPACITY_NAME_UNKNOWN),
        ),
    ]
