"""/office/orders/{order_id}/do/{command}: the form of one command, with what it would mean.

What ends an order shows the settlement to the cent before the button. Not here: the forms
themselves (`agreeing.py`, `building.py`, `settling.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from earnest.core.order.stage import TRANSITIONS
from earnest.core.settlement.ground import Ground
from earnest.core.terms.override import OverrideField
from earnest.core.terms.policy import Policy
from earnest.desk.telling import number_words
from earnest.web.api.commands import CommandDone
from earnest.web.api.documents import TermsShown
from earnest.web.api.order_shown import OrderShown
from earnest.web.api.previews import Exits
from earnest.web.codes import DoorCode
from earnest.web.identity import is_welcome
from earnest.web.office import rooms
from earnest.web.office.acting import agreeing, building, settling
from earnest.web.office.acting.fields import CommandForm, body_of
from earnest.web.office.acting.usual import usual_fields
from earnest.web.office.rooms import DELIVERY, ORDERS
from earnest.web.office.words import STAGES
from earnest.web.pages.page import Answer, Moved, Page
from earnest.web.pages.rendering import ZONE
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway

FORMS: dict[str, CommandForm] = {
    form.command: form for form in (*building.FORMS, *agreeing.FORMS, *settling.FORMS)
}
"""Every command of the staff that has a form, by its name."""

_ENDINGS = {
    "CancelBySeller": "cancel-by-seller",
    "ApproveCancellation": "cancel-by-seller",
    "RefusePerformance": "terminate-by-buyer",
    "TerminateForForceMajeure": "terminate-for-force-majeure",
}
"""Which exits show what a command would lead to."""


def forms_for(visit: Visit, order: OrderShown) -> dict[str, list[CommandForm]]:
    """The commands that this reader may ask of this order at its stage, by chapter."""
    chapters: dict[str, list[CommandForm]] = {}
    for form in FORMS.values():
        is_due = form.is_due is None or form.is_due(order)
        if is_due and form.command in TRANSITIONS[order.stage] and may_ask(visit, form):
            chapters.setdefault(form.chapter, []).append(form)
    return chapters


def may_ask(visit: Visit, form: CommandForm) -> bool:
    """Whether a command is for this reader at all."""
    route = visit.routes[form.operation]
    return is_welcome(visit.by, route.access, route.roles)


async def show(visit: Visit) -> Answer:
    """What the command does, its fields, and what would follow."""
    form = _form(visit)
    here = {"order_id": visit.path["order_id"]}
    order = await visit.ask("showOrder", OrderShown, path=here)
    terms = await visit.ask("showTerms", TermsShown, path={"terms_hash": order.terms_hash})
    exits = None
    if form.command in _ENDINGS:
        exits = await visit.ask("showExits", Exits, path=here)
    usual = await usual_fields(visit, form, order)
    return rooms.shown(
        visit,
        "act.html",
        form=form,
        order=order,
        policy=terms.policy,
        standards=_standards(form, order, terms.policy, visit, usual),
        centres=usual["centres"],
        overrides=overrides(visit.language),
        exits=[] if exits is None else _shown_exits(form, exits),
        stages=STAGES,
    )


def _form(visit: Visit) -> CommandForm:
    form = FORMS.get(visit.path["command"])
    if form is None:
        raise TurnedAway(DoorCode.ROUTE_UNKNOWN)
    return form


def _standards(
    form: CommandForm,
    order: OrderShown,
    policy: Policy,
    visit: Visit,
    known: Mapping[str, Any],
) -> dict[str, str]:
    """What stands in the fields: what was sent, what the address says, or what is usual."""
    filled = {}
    for field in form.fields:
        usual = known.get(field.name, "")
        if field.standard is not None:
            usual = field.standard(order, policy)
        filled[field.name] = visit.form.get(field.name) or visit.query.get(field.name, usual)
    return filled


def overrides(language: str) -> list[tuple[str, str]]:
    """What can be agreed otherwise, in words."""
    return [(each.value, number_words(each, None, language, ZONE)) for each in OverrideField]


def _shown_exits(form: CommandForm, exits: Exits) -> list[Any]:
    command = _ENDINGS[form.command]
    found = [each for each in (*exits.sellers_exits, *exits.exits) if each.command == command]
    if form.command == "RefusePerformance":
        # It is not open before it was said; what counts is what follows.
        found = [each for each in found if each.ground is Ground.REFUSAL]
        found = [msgspec.structs.replace(each, obstacle=None) for each in found]
    return list({(each.ground, each.claim): each for each in found}.values())


async def submit(visit: Visit) -> Answer:
    """Ask for the command."""
    form = _form(visit)
    here = {"order_id": visit.path["order_id"]}
    order = await visit.ask("showOrder", OrderShown, path=here)
    await visit.ask(
        form.operation,
        CommandDone,
        body_of(form, visit.form, order),
        path=here,
        key=visit.form.key,
        sequence=visit.form.sequence,
    )
    if visit.query.get("back") == "delivery" and order.centre_id is not None:
        return Moved(f"{DELIVERY.path}?centre={order.centre_id}&done={form.command}")
    return Moved(f"/office/orders/{order.order_id}?done={form.command}")


def pages() -> list[Page]:
    """The pages of this module."""
    path = f"{ORDERS.path}/{{order_id}}/do/{{command}}"
    return [ORDERS.page("office-act", show, submit, path)]
