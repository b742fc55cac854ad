"""/orders/{order_id}/lock: confirming early, with what it gives up and what leaving costs then.

Not here: the lock by time, which nobody has to ask for.
"""

from __future__ import annotations

from earnest.core.settlement.ground import Ground
from earnest.core.terms.override import OverrideField
from earnest.core.terms.version import LOCK_CLAUSE
from earnest.web.api.contracts import Contract
from earnest.web.api.documents import ClauseShown
from earnest.web.api.previews import Exits
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit
from earnest.web.site.orders.reading import OrderRead, back, do, page, path_of, read_order


async def show(visit: Visit) -> Answer:
    """The clause in the reader's language, the money before and after, and the way back."""
    read = await read_order(visit)
    exits = await visit.ask("showExits", Exits, path=path_of(visit))
    contract = await visit.ask("showOrderContract", Contract, path=path_of(visit))
    hours = (each for each in contract.numbers if each.field is OverrideField.UNDO_LOCK_HOURS)
    return page(
        visit,
        read,
        "order_lock.html",
        clause=_clause(read),
        now_free=next((e for e in exits.exits if e.ground is Ground.COOLING_OFF), None),
        after=next((e for e in exits.exits if e.ground is Ground.BUYER_WISH), None),
        undo_hours=next(hours).value,
    )


def _clause(read: OrderRead) -> ClauseShown | None:
    """What the terms say about the lock."""
    return next((each for each in read.terms.clauses if each.clause_id == LOCK_CLAUSE), None)


async def submit(visit: Visit) -> Answer:
    """Lock; the acknowledgement is that of the very text that the page showed."""
    body = {}
    if visit.form.get("understood"):
        body["acknowledgement"] = {
            "clause_id": LOCK_CLAUSE,
            "text_hash": visit.form.get("text_hash", "-"),
            "language": visit.form.get("language", "-"),
        }
    await do(visit, "lock", body)
    return back(visit)


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/orders/{order_id}/lock",
            name="order-lock",
            access=Access.BUYER,
            show=show,
            submit=submit,
        )
    ]
