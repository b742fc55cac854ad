"""/orders/{order_id}/defer: having the car later, with everything that would follow before it.

Not here: coming back from a deferral, which is a button of the order's page.
"""

from __future__ import annotations

from datetime import timedelta

from earnest.core.order.parts_of_deferral import LateRight
from earnest.core.terms.version import DEFERRAL_CLAUSE
from earnest.core.values.instant import last_day_of
from earnest.web.api.windows import DeferralShown
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit
from earnest.web.site.orders.reading import (
    back,
    day_in,
    do,
    end_of,
    page,
    path_of,
    read_order,
)


async def show(visit: Visit) -> Answer:
    """The preview for the day that was chosen, or for the longest deferral there is."""
    read = await read_order(visit)
    longest = await visit.ask("previewDeferral", DeferralShown, {}, path=path_of(visit))
    day = day_in(visit.form.get("until") or visit.query.get("until", ""))
    shown = longest
    if day is not None:
        wanted = {"until": end_of(day, read.zone)}
        shown = await visit.ask("previewDeferral", DeferralShown, wanted, path=path_of(visit))
    clauses = read.terms.clauses
    return page(
        visit,
        read,
        "order_defer.html",
        day=day,
        shown=shown,
        last_day=last_day_of(longest.preview.until, read.zone),
        first_day=last_day_of(visit.received_at, read.zone) + timedelta(days=1),
        clause=next((each for each in clauses if each.clause_id == DEFERRAL_CLAUSE), None),
    )


async def submit(visit: Visit) -> Answer:
    """Defer until the end of the day that was previewed."""
    read = await read_order(visit)
    day = day_in(visit.form.get("until"))
    body: dict[str, object] = {}
    if day is not None:
        body["until"] = end_of(day, read.zone).isoformat()
    if visit.form.get("demand_waits"):
        body["puts_off"] = [LateRight.CURE_TIME]
    await do(visit, "defer", body)
    return back(visit)


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/orders/{order_id}/defer",
            name="order-defer",
            access=Access.READERS,
            by_link=True,
            show=show,
            submit=submit,
        )
    ]
