"""/orders/{order_id}/papers: contract, receipts and the record of the handover, and what was filed.

Not here: what stands in them (`desk/papers`).
"""

from __future__ import annotations

from earnest.core.cases.evidence import ENDINGS
from earnest.web.api.cases import Cases
from earnest.web.api.order_links import LinkShown
from earnest.web.api.papers import Papers
from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page, Sent
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said
from earnest.web.problems import TurnedAway
from earnest.web.site.orders.reading import back, page, path_of, read_order

PAPER_NAMES = {
    "contract": said("Contract"),
    "receipt": said("Receipt"),
    "handover": said("Record of the handover"),
}


async def show(visit: Visit) -> Answer:
    """Every paper, with the day it is of."""
    read = await read_order(visit)
    found = await visit.ask("listPapers", Papers, path=path_of(visit))
    filed = await visit.ask("showCases", Cases, path=path_of(visit))
    link = None
    if visit.buyer_id == read.order.buyer_id and not visit.is_by_link:
        # Whoever looks by a link, or works for the seller, is not shown it.
        link = await visit.ask("showOrderLink", LinkShown, path=path_of(visit))
    return page(
        visit,
        read,
        "order_papers.html",
        papers=found.papers,
        paper_names=PAPER_NAMES,
        evidence=filed.evidence,
        link=link,
    )


async def submit(visit: Visit) -> Answer:
    """Make the secret link, or take it back."""
    if visit.form.name == "drop-link":
        await visit.ask("dropOrderLink", LinkShown, path=path_of(visit))
    else:
        await visit.ask("makeOrderLink", LinkShown, {"mail": True}, path=path_of(visit))
    return back(visit, "/papers#link")


async def send(visit: Visit) -> Answer:
    """One paper, to be read in the browser or kept."""
    name = visit.path["paper"]
    path = path_of(visit) | {"paper": name}
    content = await visit.ask("showPaper", bytes, {"language": visit.language}, path=path)
    is_kept = "keep" in visit.query
    disposition = (
        f'{"attachment" if is_kept else "inline"}; filename="{path["order_id"]}-{name}.pdf"'
    )
    headers = [(b"content-disposition", disposition.encode())]
    return Sent(content=content, media_type="application/pdf", headers=headers)


async def send_evidence(visit: Visit) -> Answer:
    """A piece of evidence as a file to keep; nothing of it is ever shown in place."""
    filed = await visit.ask("showCases", Cases, path=path_of(visit))
    number = visit.path["number"]
    piece = next((each for each in filed.evidence if str(each.number) == number), None)
    if piece is None:
        raise TurnedAway(DoorCode.EVIDENCE_UNKNOWN, {"number": number})
    path = path_of(visit) | {"number": number}
    content = await visit.ask("showEvidence", bytes, path=path)
    name = f"{filed.order_id}-evidence-{number}.{ENDINGS[piece.media_type]}"
    headers = [
        (b"content-disposition", f'attachment; filename="{name}"'.encode()),
        (b"content-security-policy", b"default-src 'none'; sandbox"),
    ]
    return Sent(content=content, media_type=piece.media_type.value, headers=headers)


def pages() -> list[Page]:
    """The pages of this module."""
    base = "/orders/{order_id}"
    return [
        Page(
            path=f"{base}/papers",
            name="order-papers",
            access=Access.READERS,
            by_link=True,
            show=show,
            submit=submit,
        ),
        Page(
            path=f"{base}/papers/{{paper}}",
            name="order-paper",
            access=Access.READERS,
            by_link=True,
            show=send,
        ),
        Page(
            path=f"{base}/evidence/{{number}}",
            name="order-evidence",
            access=Access.READERS,
            show=send_evidence,
        ),
    ]
