"""/orders/{order_id}/leave: what happens to my money if…, on any day, and leaving.

Not here: computing it. The preview is that of the API and the posting later equals it.
"""

from __future__ import annotations

from typing import Any

from earnest.core.order.stage import ALIVE
from earnest.core.settlement.ground import Ground
from earnest.web.api.contracts import Contract
from earnest.web.api.previews import Exits, ExitShown
from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said
from earnest.web.problems import TurnedAway
from earnest.web.site.orders.reading import (
    OrderRead,
    back,
    day_in,
    do,
    noon_of,
    number_in,
    page,
    path_of,
    read_order,
)

GROUND_NAMES: dict[Ground, str] = {
    Ground.COOLING_OFF: said("Cancel in the cooling-off period"),
    Ground.FORCE_MAJEURE: said("An event that neither side answers for"),
    Ground.FINANCE_DECLINED: said("My loan or lease was declined"),
    Ground.WITHDRAWAL_AFTER_HANDOVER: said("Give the car back after the handover"),
    Ground.CHANGED_WHILE_WAITING: said("Something changed on the maker's side"),
    Ground.DELAY_NOT_AGREED: said("The maker announced a later delivery"),
    Ground.BUYER_WISH: said("I no longer want the car"),
    Ground.DELAY: said("The car is late in spite of my demand"),
    Ground.REFUSAL: said("The seller said that it will not perform"),
    Ground.UNFOUNDED_CANCELLATION: said("The seller cancelled without a right to"),
    Ground.BREACHED_AGREEMENT: said("The seller acted against what we agreed"),
}
"""What a buyer calls each reason to leave."""

_OPERATIONS = {
    "withdraw": "withdraw",
    "cancel-by-buyer": "cancelByBuyer",
    "terminate-by-buyer": "terminateByBuyer",
    "terminate-for-force-majeure": "terminateForForceMajeure",
    "answer-change": "answerChange",
    "leave-for-delay": "leaveForDelay",
}


async def show(visit: Visit) -> Answer:
    """Every way out; one of them in full when it was chosen."""
    read = await read_order(visit)
    day = day_in(visit.query.get("on", ""))
    wanted = {} if day is None else {"at": noon_of(day, read.zone)}
    is_too_early = False
    try:
        exits = await visit.ask("showExits", Exits, wanted, path=path_of(visit))
    except TurnedAway as away:
        if away.code is not DoorCode.INSTANT_TOO_EARLY:
            raise
        is_too_early, day = True, None
        exits = await visit.ask("showExits", Exits, path=path_of(visit))
    chosen = None if day is not None else _chosen(visit, exits)
    return page(
        visit,
        read,
        "order_leave.html",
        exits=exits,
        day=day,
        is_too_early=is_too_early,
        chosen=chosen,
        number=0 if chosen is None else await _number(visit, read, chosen),
        ground_names=GROUND_NAMES,
        is_alive=read.order.stage in ALIVE,
    )


def _chosen(visit: Visit, exits: Exits) -> ExitShown | None:
    """The way that was chosen on the list, or is being taken by the form."""
    asked = visit.form.get if visit.form.name else visit.query.get
    ground, claim = asked("ground", ""), asked("claim", "")
    return next(
        (
            each
            for each in exits.exits
            if each.ground.value == ground and (each.claim.value if each.claim else "") == claim
        ),
        None,
    )


async def _number(visit: Visit, read: OrderRead, chosen: ExitShown) -> int:
    """The number of the delay or the change for which the buyer would leave."""
    if chosen.ground is Ground.DELAY_NOT_AGREED and read.order.open_delay is not None:
        return read.order.open_delay.number
    if chosen.ground is Ground.CHANGED_WHILE_WAITING:
        contract = await visit.ask("showOrderContract", Contract, path=path_of(visit))
        waiting = [each for each in contract.changes if each.choices]
        # Of several the API computes with the one that can be answered longest.
        return max(waiting, key=lambda each: each.answer_until).number if waiting else 0
    return 0


async def submit(visit: Visit) -> Answer:
    """Leave on the way that was shown.

    The version is not insisted on where a right ends by time. Everything else must still be as it
    was shown, because what comes back depends on it.
    """
    read = await read_order(visit)
    command, body = visit.form.get("command"), _body(visit, read)
    if command not in _OPERATIONS:
        raise TurnedAway(DoorCode.FORM_MALFORMED)
    await do(visit, _OPERATIONS[command], body, insists=command != "withdraw")
    return back(visit)


def _body(visit: Visit, read: OrderRead) -> dict[str, Any]:
    """What the command of the chosen way takes."""
    form = visit.form
    match form.get("command"):
        case "cancel-by-buyer":
            return {"explanation": form.get("explanation")}
        case "terminate-by-buyer":
            claim = form.get("claim")
            return {"ground": form.get("ground"), **({"claim": claim} if claim else {})}
        case "terminate-for-force-majeure":
            day = day_in(form.get("occurred_on"))
            proof = form.get("proof")
            happened = {} if day is None else {"occurred_at": noon_of(day, read.zone).isoformat()}
            return {"proof": proof, **happened}
        case "answer-change":
            return {"number": number_in(visit, "number"), "choice": "leave"}
        case "leave-for-delay":
            return {"number": number_in(visit, "number")}
        case _:
            return {}


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/orders/{order_id}/leave",
            name="order-leave",
            access=Access.READERS,
            by_link=True,
            show=show,
            submit=submit,
        )
    ]
