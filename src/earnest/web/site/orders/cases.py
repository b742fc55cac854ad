"""/orders/{order_id}/cases: disputes with their clocks, their answers and their evidence.

Not here: answering and deciding them, which the staff do.
"""

from __future__ import annotations

from earnest.core.cases.case import CaseOutcome
from earnest.core.cases.evidence import LARGEST_BYTES, EvidenceFact, EvidenceKind
from earnest.web.api.cases import Cases
from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway
from earnest.web.site.orders.reading import back, do, number_in, page, path_of, read_order

LARGEST_FORM = LARGEST_BYTES + 65_536


async def show(visit: Visit) -> Answer:
    """Every dispute, and what was filed."""
    await visit.follow("order", visit.path["order_id"])
    read = await read_order(visit)
    found = await visit.ask("showCases", Cases, path=path_of(visit))
    return page(
        visit,
        read,
        "order_cases.html",
        cases=tuple(reversed(found.cases)),
        evidence=found.evidence,
        kinds=tuple(EvidenceKind),
    )


async def submit(visit: Visit) -> Answer:
    """Open a dispute, file something, or take a dispute back."""
    form = visit.form
    match form.name:
        case "open":
            await do(visit, "openCase", {"subject": form.get("subject")}, insists=False)
        case "file":
            await _file(visit)
        case "take-back":
            body = {"case_number": number_in(visit, "number"), "outcome": CaseOutcome.WITHDRAWN}
            await do(visit, "closeCase", body, insists=False)
        case _:
            raise TurnedAway(DoorCode.FORM_MALFORMED)
    return back(visit, "/cases")


async def _file(visit: Visit) -> None:
    """File one piece; the API tells by its bytes what it really is."""
    form = visit.form
    body = {"kind": form.get("kind"), "description": form.get("description")}
    number = number_in(visit, "case_number")
    files = form.files.get("file", [])
    if not files:
        raise TurnedAway(DoorCode.FIELD_MISSING, {"field": "file"})
    await visit.ask(
        "addEvidence",
        EvidenceFact,
        body | ({"case_number": number} if number else {}),
        path=path_of(visit),
        key=form.key,
        content=files[0].content,
    )


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/orders/{order_id}/cases",
            name="order-cases",
            access=Access.READERS,
            by_link=True,
            show=show,
            submit=submit,
            largest_form=LARGEST_FORM,
        )
    ]
