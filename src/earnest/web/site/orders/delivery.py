"""/orders/{order_id}/delivery: the delivery day on a telephone, step by step, and a last page.

Before that day the buyer chooses a centre. Then an appointment, what to bring, the joint
inspection, then and only then the balance, then the keys. Not here: the inspection's own page
(`inspecting.py`), and which centres and times there are (`coming.py`).
"""

from __future__ import annotations

import re

from earnest.core.cases.evidence import EvidenceFact, EvidenceKind
from earnest.core.order.parts import Purpose
from earnest.core.order.stage import Stage
from earnest.core.values.money import Money
from earnest.core.values.reason import Reason
from earnest.desk.telling.language import MINOR_DIGITS, decimal
from earnest.web.api.payments import Payments, Standing
from earnest.web.api.signing import SIGNED_AT, HandoverStatement
from earnest.web.api.timelines import Timeline
from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway
from earnest.web.site.orders.coming import chosen_time, where_and_when
from earnest.web.site.orders.reading import (
    OrderRead,
    back,
    called,
    do,
    page,
    path_of,
    read_order,
)

SIGNATURE_NAMES = {"en": "Signature for the handover", "zh-Hans": "交车签署"}
"""What the piece of evidence is called in which a buyer signs; it stays in that language."""

_SUM = re.compile(r"(\d{1,12})(?:\.(\d{1,3}))?")


async def show(visit: Visit) -> Answer:
    """The step that is next, and those before and after it."""
    await visit.follow("order", visit.path["order_id"])
    read = await read_order(visit)
    payments = await visit.ask("listPayments", Payments, path=path_of(visit))
    balance = [each for each in payments.payments if each.purpose is Purpose.BALANCE]
    return page(
        visit,
        read,
        "order_delivery.html",
        open_payments=[each for each in balance if each.standing is Standing.OPEN],
        due_text=decimal(read.order.balance_due),
        statement=await _statement(visit, read),
        received=[each for each in balance if each.standing is Standing.RECEIVED],
        **await where_and_when(visit, read.order),
    )


async def _statement(visit: Visit, read: OrderRead) -> HandoverStatement | None:
    """What is signed when the car is passed on; nothing before it is paid."""
    if read.order.stage not in SIGNED_AT:
        return None
    return await visit.ask("showHandoverStatement", HandoverStatement, path=path_of(visit))


async def submit(visit: Visit) -> Answer:
    """Choose centre or appointment, open a payment of part of the balance, or sign for the car."""
    if visit.form.name == "centre":
        await do(visit, "chooseCentre", {"centre_id": visit.form.get("centre")}, insists=False)
    elif visit.form.name == "appointment":
        await do(visit, "bookAppointment", chosen_time(visit.form.get("appointment")))
    elif visit.form.name == "pay":
        order = (await read_order(visit)).order
        amount = sum_in(visit.form.get("amount"), order.price.currency)
        body = {"amount": {"amount": amount.amount, "currency": amount.currency}}
        await do(visit, "requestPayment", body)
    elif visit.form.name == "sign":
        await _sign(visit)
    else:
        raise TurnedAway(DoorCode.FORM_MALFORMED)
    return back(visit, "/delivery")


async def _sign(visit: Visit) -> None:
    """Sign the statement by one's own login, once every paper was ticked as received."""
    path = path_of(visit)
    statement = await visit.ask("showHandoverStatement", HandoverStatement, path=path)
    received = visit.form.all("received")
    missing = [each for each in statement.documents if each not in received]
    if missing:
        names = ", ".join(called(each, visit.language) for each in missing)
        raise TurnedAway(Reason.DOCUMENTS_MISSING, {"documents": names})
    await visit.ask(
        "addEvidence",
        EvidenceFact,
        {"kind": EvidenceKind.DOCUMENT.value, "description": SIGNATURE_NAMES[visit.language]},
        path=path,
        key=visit.form.key,
        content=statement.texts[visit.language].encode(),
    )


def sum_in(text: str, currency: str) -> Money:
    """A sum as people write it, with or without groups; raises `TurnedAway` where it is none."""
    found = _SUM.fullmatch(re.sub("[\\s,，¥￥元]", "", text))
    digits = MINOR_DIGITS.get(currency, 2)
    if found is None or len(found[2] or "") > digits:
        raise TurnedAway(DoorCode.WRONG_TYPE, {"field": "amount", "expected": "0.00"})
    return Money(int(found[1] + (found[2] or "").ljust(digits, "0")), currency)


async def show_ceremony(visit: Visit) -> Answer:
    """The last page: the car, the day, and where the papers are. Nothing is asked here."""
    read = await read_order(visit)
    if read.order.stage not in {Stage.HANDED_OVER, Stage.CLOSED}:
        return back(visit, "/delivery")
    timeline = await visit.ask("showTimeline", Timeline, path=path_of(visit))
    tendered = [each for each in timeline.events if each.kind == "Tendered"]
    return page(visit, read, "order_ceremony.html", place=tendered[-1].data["place"])


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/orders/{order_id}/delivery",
            name="order-delivery",
            access=Access.READERS,
            by_link=True,
            show=show,
            submit=submit,
        ),
        Page(
            path="/orders/{order_id}/ceremony",
            name="order-ceremony",
            access=Access.READERS,
            by_link=True,
            show=show_ceremony,
        ),
    ]
