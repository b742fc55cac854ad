"""/office/cases and /office/cases/{order_id}/{number}: disputes, their clocks, and their end.

Whoever answered a case does not decide it; the core sees to that, and the page says so before.
Not here: other things to do about the order (`acting`).
"""

from __future__ import annotations

from earnest.core.cases.case import CaseFact, CaseOutcome
from earnest.core.cases.evidence import ENDINGS, LARGEST_BYTES, EvidenceFact, EvidenceKind
from earnest.core.cases.second_person import is_another_person
from earnest.core.order.work import WorkKind
from earnest.web.api.cases import Cases
from earnest.web.api.commands import CommandDone
from earnest.web.api.order_shown import OrderShown
from earnest.web.api.previews import Exits
from earnest.web.api.searching import BuyerShown, WorkList
from earnest.web.codes import DoorCode
from earnest.web.office import rooms
from earnest.web.office.acting.fields import count_of
from earnest.web.office.rooms import CASES
from earnest.web.office.words import STAGES, WORK
from earnest.web.pages.page import FORM_LIMIT, Answer, Moved, Page, Sent
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway

_ABOUT_CASES = frozenset({WorkKind.ANSWER_CASE, WorkKind.DECIDE_CASE})
_TO_KEEP = [
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
"""What somebody filed is hostile until proven otherwise: it is kept as a file, never shown."""


async def show_inbox(visit: Visit) -> Answer:
    """Every open case, the one that is due first on top."""
    work = (await visit.ask("listWork", WorkList)).work
    return rooms.shown(
        visit,
        "cases.html",
        work=[each for each in work if each.kind in _ABOUT_CASES],
        stages=STAGES,
        kinds=WORK,
    )


async def show_case(visit: Visit) -> Answer:
    """One case with its evidence, what both sides said, and what each end would cost."""
    await visit.follow("order", visit.path["order_id"])
    here = {"order_id": visit.path["order_id"]}
    order = await visit.ask("showOrder", OrderShown, path=here)
    disputes = await visit.ask("showCases", Cases, path=here)
    case = _case(visit, disputes)
    exits = await visit.ask("showExits", Exits, path=here)
    reader = visit.by.actor
    return rooms.shown(
        visit,
        "case.html",
        order=order,
        buyer=await visit.ask("showBuyer", BuyerShown, path=here),
        case=case,
        evidence=[each for each in disputes.evidence if each.case_number in {None, case.number}],
        exits=[each for each in exits.exits if each.settlement.lines],
        outcomes=[each for each in CaseOutcome if each is not CaseOutcome.WITHDRAWN],
        evidence_kinds=list(EvidenceKind),
        is_second=all(
            is_another_person(each, reader.actor_id)
            for each in (case.opened_by, case.answered_by)
            if each
        ),
        may_decide=_may(visit, "closeCase"),
        may_answer=_may(visit, "answerCase"),
        stages=STAGES,
    )


def _case(visit: Visit, disputes: Cases) -> CaseFact:
    found = [each for each in disputes.cases if str(each.number) == visit.path["number"]]
    if not found:
        raise TurnedAway(DoorCode.ROUTE_UNKNOWN)
    return found[0]


def _may(visit: Visit, operation: str) -> bool:
    return bool(visit.by.actor.roles & visit.routes[operation].roles)


async def act(visit: Visit) -> Answer:
    """Answer, decide, or file a piece of evidence."""
    here, form = {"order_id": visit.path["order_id"]}, visit.form
    number = count_of(visit.path["number"])
    if form.name == "file":
        await _file(visit, number)
    elif form.name == "answer":
        body = {"case_number": number, "answer": form.get("answer")}
        await visit.ask("answerCase", CommandDone, body, path=here, key=form.key)
    else:
        body = {
            "case_number": number,
            "outcome": form.get("outcome"),
            "reasons": form.get("reasons"),
        }
        await visit.ask("closeCase", CommandDone, body, path=here, key=form.key)
    return Moved(visit.address)


async def _file(visit: Visit, number: int | str) -> None:
    form = visit.form
    uploads = form.files.get("file", [])
    body = {
        "kind": form.get("kind"),
        "description": form.get("description"),
        "case_number": number,
    }
    await visit.ask(
        "addEvidence",
        EvidenceFact,
        body,
        path={"order_id": visit.path["order_id"]},
        key=form.key,
        content=uploads[0].content if uploads else b"",
    )


async def keep_evidence(visit: Visit) -> Answer:
    """One piece of evidence, as a file to keep."""
    path = {"order_id": visit.path["order_id"], "number": visit.path["number"]}
    content = await visit.ask("showEvidence", bytes, path=path)
    disputes = await visit.ask("showCases", Cases, path={"order_id": path["order_id"]})
    piece = next(each for each in disputes.evidence if str(each.number) == path["number"])
    name = f"{path['order_id']}-evidence-{piece.number}.{ENDINGS[piece.media_type]}"
    return _kept(content, piece.media_type.value, name)


async def keep_pack(visit: Visit) -> Answer:
    """Everything about the order under one digest, as pages or as data."""
    order_id, wanted = visit.path["order_id"], visit.query.get("format", "pdf")
    body = {"format": wanted, "language": visit.language}
    path = {"order_id": order_id}
    content = await visit.ask("showDisputePack", bytes, body, path=path)
    return _kept(content, f"application/{wanted}", f"{order_id}-dispute-pack.{wanted}")


def _kept(content: bytes, media_type: str, name: str) -> Sent:
    headers = [(b"content-disposition", f'attachment; filename="{name}"'.encode()), *_TO_KEEP]
    return Sent(content=content, media_type=media_type, headers=headers)


def pages() -> list[Page]:
    """The pages of this module."""
    one = f"{CASES.path}/{{order_id}}/{{number}}"
    evidence = "/office/orders/{order_id}/evidence/{number}"
    pack = "/office/orders/{order_id}/dispute-pack"
    return [
        CASES.page("office-cases", show_inbox),
        CASES.page("office-case", show_case, act, one, LARGEST_BYTES + FORM_LIMIT),
        CASES.page("office-evidence", keep_evidence, path=evidence),
        CASES.page("office-pack", keep_pack, path=pack),
    ]
