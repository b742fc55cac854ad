"""/office/orders/bulk: one command for many orders, with what it would do before, and what it did.

Orders are ticked in the list or are all that fit its filter. Nothing is done before its preview
was shown. Not here: which commands these are (`core/order/in_bulk.py`), giving them
(`desk/bulk.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from earnest.desk.bulk import MOST_ORDERS
from earnest.web.api.bulk import (
    BULK_STAFF,
    BulkLine,
    BulkList,
    BulkPreview,
    BulkShown,
)
from earnest.web.api.order_shown import OrderShown
from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.office import rooms
from earnest.web.office.acting.fields import CommandForm, body_of
from earnest.web.office.acting.in_bulk import bulk_forms, with_choices
from earnest.web.office.acting.page import FORMS, overrides
from earnest.web.office.looking import WANTED, all_found
from earnest.web.office.rooms import ORDERS
from earnest.web.office.words import STAGES
from earnest.web.pages.page import Answer, Moved, Page, Sent
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said
from earnest.web.problems import TurnedAway

PATH = f"{ORDERS.path}/bulk"
LISTED = 100
"""Orders of one kind that a page lists; the counts and the table hold all of them."""

OUTCOMES = {
    "accepted": (said("Done"), "good"),
    "refused": (said("Refused"), "bad"),
    "waiting": (said("Waits"), ""),
    "failed": (said("Failed by a fault of ours"), "bad"),
}
"""What came of an order, and the kind of tag that shows it."""


async def show(visit: Visit) -> Answer:
    """What was asked lately; or the fields again when a form of this page was refused."""
    orders = visit.form.get("orders").split()
    if visit.form.name in {"fill", "apply"} and orders and _command(visit) is not None:
        return await _fields(visit, orders)
    acts = (await visit.ask("listBulk", BulkList)).acts
    return rooms.shown(visit, "bulk.html", acts=acts, titles=FORMS, most=MOST_ORDERS)


async def submit(visit: Visit) -> Answer:
    """From the chosen orders to the fields, from those to the preview, from that to the act."""
    if visit.form.name == "choose":
        return await _fields(visit, await _chosen(visit))
    orders = visit.form.get("orders").split()
    if not orders:
        raise TurnedAway(DoorCode.BULK_EMPTY)
    if visit.form.name == "apply":
        body = {"act": _act_sent(visit), "orders": orders}
        done = await visit.ask("applyBulk", BulkShown, body, key=visit.form.key)
        return Moved(f"{PATH}/{done.head.bulk_id}")
    return await _previewed(visit, orders)


async def _chosen(visit: Visit) -> list[str]:
    """The orders that were ticked, or all that fit what the list was narrowed by."""
    if visit.form.get("which") == "all":
        wanted = {name: visit.form.get(name) for name in WANTED[:-1] if visit.form.get(name)}
        orders = await all_found(visit, wanted, MOST_ORDERS)
    else:
        orders = visit.form.all("order")
    if not orders:
        raise TurnedAway(DoorCode.BULK_EMPTY)
    return orders


def _command(visit: Visit) -> CommandForm | None:
    return bulk_forms(visit.by).get(visit.form.get("command"))


async def _form(visit: Visit) -> CommandForm:
    form = _command(visit)
    if form is None:
        raise TurnedAway(DoorCode.FORM_MALFORMED)
    return await with_choices(visit, form)


async def _fields(visit: Visit, orders: list[str]) -> Answer:
    form = await _form(visit)
    return rooms.shown(
        visit,
        "bulk_fields.html",
        form=form,
        orders=orders,
        values={field.name: visit.form.get(field.name) for field in form.fields},
        overrides=overrides(visit.language),
    )


async def _previewed(visit: Visit, orders: list[str]) -> Answer:
    form = await _form(visit)
    first = await visit.ask("showOrder", OrderShown, path={"order_id": orders[0]})
    act = {"command": form.command, **body_of(form, visit.form, first)}
    preview = await visit.ask("previewBulk", BulkPreview, {"act": act, "orders": orders})
    accepted = [line for line in preview.lines if line.problem is None]
    return rooms.shown(
        visit,
        "bulk_preview.html",
        form=form,
        preview=preview,
        act=msgspec.json.encode(act).decode(),
        orders=[line.order.order_id for line in accepted],
        accepted=accepted[:LISTED],
        refused=[line for line in preview.lines if line.problem is not None][:LISTED],
        reasons=_reasons(line.problem for line in preview.lines),
        sample=_sample(accepted),
        stages=STAGES,
    )


def _reasons(problems: Iterable[Any]) -> list[tuple[str, int]]:
    """Why orders are refused, the most frequent first, with how often."""
    return Counter(each.title for each in problems if each is not None).most_common()


def _sample(accepted: list[BulkLine]) -> tuple[str, ...]:
    """What the first of the buyers would read."""
    return accepted[0].words if accepted else ()


def _act_sent(visit: Visit) -> object:
    try:
        return msgspec.json.decode(visit.form.get("act"))
    except msgspec.DecodeError as error:
        raise TurnedAway(DoorCode.FORM_MALFORMED) from error


async def show_act(visit: Visit) -> Answer:
    """How far an act is, and what came of each order."""
    await visit.follow("bulk", visit.path["bulk_id"])
    act = await visit.ask("showBulk", BulkShown, path={"bulk_id": visit.path["bulk_id"]})
    listed = {
        outcome: [each for each in act.answers if each.outcome == outcome][:LISTED]
        for outcome in ("refused", "failed", "waiting", "accepted")
    }
    return rooms.shown(
        visit,
        "bulk_act.html",
        act=act,
        title=FORMS[act.head.command].title,
        listed=[each for answers in listed.values() for each in answers],
        reasons=_reasons(each.problem for each in act.answers),
        outcomes=OUTCOMES,
        stages=STAGES,
    )


async def keep_table(visit: Visit) -> Answer:
    """The whole result as a file to keep."""
    bulk_id = visit.path["bulk_id"]
    content = await visit.ask("showBulkTable", bytes, path={"bulk_id": bulk_id})
    named = f'attachment; filename="bulk-{bulk_id}.csv"'.encode()
    return Sent(
        content=content,
        media_type="text/csv; charset=utf-8",
        headers=[(b"content-disposition", named)],
    )


def pages() -> list[Page]:
    """The pages of this module."""
    access, roles = Access.OFFICE, BULK_STAFF
    act = f"{PATH}/{{bulk_id}}"
    return [
        Page(path=PATH, name="office-bulk", access=access, roles=roles, show=show, submit=submit),
        Page(path=act, name="office-bulk-act", access=access, roles=roles, show=show_act),
        Page(
            path=f"{act}/table",
            name="office-bulk-table",
            access=access,
            roles=roles,
            show=keep_table,
        ),
    ]
