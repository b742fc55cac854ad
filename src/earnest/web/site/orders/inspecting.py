"""/orders/{order_id}/inspect: looking at the car together, with remarks and photographs.

Without scripts it is one plain form. With them, entries are kept on the telephone and photographs
are sent one by one, each under a key of its own, so that a flaky connection loses and doubles
nothing (`static/orders/inspection.js`). Not here: the balance, which can only follow.
"""

from __future__ import annotations

from typing import Any

from earnest.core.cases.evidence import (
    LARGEST_BYTES,
    LONGEST_DESCRIPTION,
    EvidenceFact,
    EvidenceKind,
)
from earnest.core.order.parts import InspectionResult, Remedy
from earnest.core.order.stage import Stage
from earnest.core.values.reason import Reason
from earnest.web.api.cases import Cases
from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.pages.forms import Upload
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway
from earnest.web.site.orders.reading import (
    OrderRead,
    back,
    called,
    do,
    number_in,
    page,
    path_of,
    read_order,
)

LARGEST_FORM = 4 * LARGEST_BYTES
"""Bytes of a checklist with photographs at most; more of them go one by one."""

_YES, _NO = "yes", "no"


async def show(visit: Visit) -> Answer:
    """The checklist of the terms, and the photographs that have arrived."""
    read = await read_order(visit)
    if read.order.stage is not Stage.TENDERED:
        return back(visit, "/delivery")
    cases = await visit.ask("showCases", Cases, path=path_of(visit))
    tendered_at = _tendered_at(read)
    return page(
        visit,
        read,
        "order_inspect.html",
        checklist=read.terms.policy.inspection_checklist,
        results=tuple(InspectionResult),
        remedies=tuple(Remedy),
        photos=[
            each
            for each in cases.evidence
            if each.kind is EvidenceKind.PHOTO and each.added_at >= tendered_at
        ],
    )


def _tendered_at(read: OrderRead) -> Any:  # noqa: ANN401 - an instant
    tender = read.order.tender
    assert tender is not None, "a tendered order has a tender"
    return tender.tendered_at


async def submit(visit: Visit) -> Answer:
    """File a photograph that came alone, or the whole inspection with its result."""
    read = await read_order(visit)
    tender = read.order.tender
    if visit.form.name not in {"photo", "inspection"}:
        raise TurnedAway(DoorCode.FORM_MALFORMED)
    if tender is not None and number_in(visit, "tender") != tender.number:
        # What was looked at is not the car that stands there now.
        raise TurnedAway(Reason.SEQUENCE_STALE)
    for item in (*read.terms.policy.inspection_checklist, "general"):
        for number, photo in enumerate(visit.form.files.get(f"photo-{item}", ())):
            await _file(visit, item, photo, f"{visit.form.key}-{item}-{number}")
    if visit.form.name == "photo":
        return back(visit, "/inspect#photos")
    await do(visit, "recordInspection", _inspection(visit, read), insists=False)
    return back(visit, "/delivery")


async def _file(visit: Visit, item: str, photo: Upload, key: str) -> None:
    """File a photograph as evidence, named by the point that it shows."""
    remark = visit.form.get(f"remark-{item}")
    about = called(item, visit.language)
    description = f"{about}: {remark}" if remark else about
    await visit.ask(
        "addEvidence",
        EvidenceFact,
        {"kind": EvidenceKind.PHOTO.value, "description": description[:LONGEST_DESCRIPTION]},
        path=path_of(visit),
        key=key,
        content=photo.content,
    )


def _inspection(visit: Visit, read: OrderRead) -> dict[str, Any]:
    """The command's body: only what was really answered, so that nothing counts as looked at."""
    form = visit.form
    checklist, remarks = [], []
    for item in read.terms.policy.inspection_checklist:
        answer, remark = form.get(f"item-{item}"), form.get(f"remark-{item}")
        if answer in {_YES, _NO}:
            checklist.append({"item": item, "in_order": answer == _YES, "remark": remark})
        if remark:
            remarks.append(f"{called(item, visit.language)}: {remark}")
    if form.get("remark-general"):
        remarks.append(form.get("remark-general"))
    body: dict[str, Any] = {
        "result": form.get("result"),
        "checklist": checklist,
        "remarks": remarks,
    }
    if form.get("result") == InspectionResult.REFUSED and form.get("remedy"):
        body["remedy"] = form.get("remedy")
    return body


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/orders/{order_id}/inspect",
            name="order-inspect",
            access=Access.READERS,
            show=show,
            submit=submit,
            largest_form=LARGEST_FORM,
        )
    ]
