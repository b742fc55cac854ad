"""/office/money/statements: accounts outside, their statements, and importing one.

A file is looked at first: what it holds, what matches, what does not. Not here: matching by hand.
"""

from __future__ import annotations

from typing import Any

from earnest.core.reconciliation.statement import OutsideAccount, StatementHead
from earnest.gateways.statements.faults import DAY_FORMS, ENCODINGS, LARGEST_FILE
from earnest.gateways.statements.reading import SEPARATORS
from earnest.web.api.accounts import BOOKKEEPERS
from earnest.web.api.outside_statements import Previewed
from earnest.web.api.reconciliation import Reconciliation
from earnest.web.office import rooms
from earnest.web.office.acting.fields import minor_units
from earnest.web.office.money import NO_ITEMS
from earnest.web.office.rooms import MONEY
from earnest.web.office.words import LINES
from earnest.web.pages.forms import Form
from earnest.web.pages.page import FORM_LIMIT, Answer, Moved, Page
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said

PATH = f"{MONEY.path}/statements"

COLUMNS: tuple[tuple[str, str, bool], ...] = (
    ("booked_on", said("Day of booking"), True),
    ("amount", said("Sum with its sign"), False),
    ("credit", said("Sum that came"), False),
    ("debit", said("Sum that left"), False),
    ("balance_after", said("Balance after the line"), True),
    ("reference", said("The bank's reference"), False),
    ("payer", said("Other side"), False),
    ("text", said("Text"), False),
)
"""Columns of a bank's file: the field, its words, and whether it has to be there."""

SEPARATOR_WORDS = {",": said("comma"), ";": said("semicolon"), "\t": said("tabulator")}


async def show(visit: Visit) -> Answer:
    """Every account with its statements."""
    return await _shown(visit, None)


async def _shown(visit: Visit, previewed: Previewed | None) -> Answer:
    seen = await visit.ask("showReconciliation", Reconciliation, NO_ITEMS)
    return rooms.shown(
        visit,
        "money_statements.html",
        seen=seen,
        names={each.account.account_id: each.account for each in seen.accounts},
        previewed=previewed,
        may_act=bool(visit.by.actor.roles & BOOKKEEPERS),
        line_words=LINES,
        columns=COLUMNS,
        day_forms=DAY_FORMS,
        encodings=ENCODINGS,
        separators=[(each, SEPARATOR_WORDS[each]) for each in SEPARATORS],
    )


async def submit(visit: Visit) -> Answer:
    """Look at a file, import the one that was looked at, or add an account."""
    form = visit.form
    if form.name == "look":
        uploads = form.files.get("file", [])
        content = uploads[0].content if uploads else b""
        path = {"account_id": form.get("account_id")}
        return await _shown(
            visit, await visit.ask("previewStatement", Previewed, path=path, content=content)
        )
    if form.name == "import":
        path = {"account_id": form.get("account_id")}
        body = {"digest": form.get("digest")}
        await visit.ask("importStatement", StatementHead, body, path=path, key=form.key)
    else:
        await visit.ask("addOutsideAccount", OutsideAccount, _account(form), key=form.key)
    return Moved(PATH)


def _account(form: Form) -> dict[str, Any]:
    """The body of a new account; a bank without columns sends CAMT.053 or MT940."""
    body: dict[str, Any] = {
        name: form.get(name)
        for name in ("account_id", "kind", "name", "number", "currency", "appears_as")
    }
    limit = form.get("limit")
    if limit:
        body["second_person_above"] = minor_units(limit)
    columns = {name: form.get(f"column-{name}") for name, _, _ in COLUMNS}
    if any(columns.values()):
        forms = {name: form.get(name) for name in ("day_form", "encoding")}
        # A tabulator would be taken for a blank around the value.
        separator = {"tab": "\t"}.get(form.get("separator"), form.get("separator"))
        body["columns"] = {**columns, **forms, "separator": separator}
    return body


def pages() -> list[Page]:
    """The pages of this module."""
    largest = LARGEST_FILE + FORM_LIMIT
    return [MONEY.page("office-money-statements", show, submit, PATH, largest)]
