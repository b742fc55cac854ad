"""/orders/{order_id}: where an order stands, what can be done now, and everything that happened.

Not here: the pages behind its links, each of which has a module.
"""

from __future__ import annotations

from earnest.core.order.stage import Stage
from earnest.core.settlement.ground import Ground
from earnest.core.values.instant import Instant
from earnest.web.api.centres import CentresShown
from earnest.web.api.contracts import Contract
from earnest.web.api.conversations import ConversationShown
from earnest.web.api.payments import Payments
from earnest.web.api.places import PositionShown
from earnest.web.api.previews import Exits
from earnest.web.api.timelines import Happened, Timeline
from earnest.web.api.windows import DeferralShown, PromisesShown
from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway
from earnest.web.site.orders.picture import picture_of
from earnest.web.site.orders.reading import (
    OrderRead,
    back,
    do,
    number_in,
    page,
    path_of,
    read_order,
)

PATH = tuple(Stage)[:10]
"""The stages that a buyer passes; closing the file is the house's own affair."""

REACHED_BY = {
    "Reserved": Stage.RESERVED,
    "Reinstated": Stage.RESERVED,
    "DepositReceived": Stage.DEPOSITED,
    "Locked": Stage.LOCKED,
    "Scheduled": Stage.SCHEDULED,
    "Built": Stage.BUILT,
    "CarAllocated": Stage.BUILT,
    "Shipped": Stage.IN_TRANSIT,
    "Tendered": Stage.TENDERED,
    "Inspected": Stage.INSPECTED,
    "BalanceReceived": Stage.PAID,
    "HandedOver": Stage.HANDED_OVER,
}
"""By which event each stage of the path is reached."""

MOST_MOVES = 20


async def show(visit: Visit) -> Answer:
    """Everything about the order on one page."""
    await visit.follow("order", visit.path["order_id"])
    read = await read_order(visit)
    order, path = read.order, path_of(visit)
    timeline = await visit.ask("showTimeline", Timeline, path=path)
    promises = await visit.ask("showPromises", PromisesShown, path=path)
    contract = await visit.ask("showOrderContract", Contract, path=path)
    payments = await visit.ask("listPayments", Payments, path=path)
    exits = await visit.ask("showExits", Exits, path=path)
    shown = [each.shown for each in promises.promises]
    return page(
        visit,
        read,
        "order.html",
        stages=stages_of(read, timeline.events),
        happened=tuple(reversed(timeline.events)),
        promises=promises.promises,
        picture=picture_of(
            shown, order.binding_promise, visit.received_at, read.zone, visit.language
        ),
        position=await _position(visit),
        open_changes=[each for each in contract.changes if each.choices],
        proposals=[each for each in contract.proposals if each.seller_accepted_at],
        terms_offer=contract.terms_offer,
        numbers={each.field.value: each for each in contract.numbers},
        deposit=payments.payments[0],
        withdrawal=next((e for e in exits.exits if e.ground is Ground.COOLING_OFF), None),
        is_late=_is_late(read, visit.received_at),
        resumed=await _resumed(visit, read),
        chooses_centre=await _chooses_centre(visit, read),
        unread=await _unread(visit, read),
        # What the provider's page says proves nothing; the words beside it say so.
        back_from_paying=visit.query.get("payment", ""),
    )


async def _unread(visit: Visit, read: OrderRead) -> int:
    """How many messages of the seller its buyer has not seen; others are told of none."""
    if visit.is_by_link or visit.buyer_id != read.order.buyer_id:
        return 0
    return (await visit.ask("showConversation", ConversationShown, path=path_of(visit))).unread


async def _position(visit: Visit) -> PositionShown | None:
    """The place in the queue; none while the picture of the queue is being made."""
    try:
        wanted = {"limit": MOST_MOVES}
        return await visit.ask("showPosition", PositionShown, wanted, path=path_of(visit))
    except TurnedAway as away:
        if away.code is not DoorCode.PLACES_NOT_READY:
            raise
        return None


async def _chooses_centre(visit: Visit, read: OrderRead) -> bool:
    """Whether the car comes soon and its buyer has not said where to collect it."""
    is_near = read.order.stage in {Stage.SCHEDULED, Stage.BUILT}
    if not is_near or read.order.centre_id is not None:
        return False
    centres = await visit.ask("listCentres", CentresShown)
    return any(each.is_open for each in centres.centres)


async def _resumed(visit: Visit, read: OrderRead) -> DeferralShown | None:
    """What asking for a deferred car now would bring."""
    if read.order.deferral is None:
        return None
    wanted = {"until": visit.received_at}
    return await visit.ask("previewDeferral", DeferralShown, wanted, path=path_of(visit))


def stages_of(
    read: OrderRead, events: tuple[Happened, ...]
) -> list[tuple[Stage, str, Instant | None]]:
    """The path with what is done, where the order is now and what is ahead, and since when."""
    reached: dict[Stage, Instant] = {}
    for event in events:
        stage = REACHED_BY.get(event.kind)
        if stage is not None:
            reached[stage] = event.at
    now = read.order.stage
    if read.is_over:
        path: list[tuple[Stage, str, Instant | None]] = [
            (stage, "done", reached[stage]) for stage in PATH if stage in reached
        ]
        return [*path, (now, "now", _ended(events))]
    place = PATH.index(now) if now in PATH else len(PATH)
    return [
        (
            stage,
            "done" if number < place else "now" if number == place else "ahead",
            reached.get(stage) if number <= place else None,
        )
        for number, stage in enumerate(PATH)
    ]


def _ended(events: tuple[Happened, ...]) -> Instant:
    """When the order ended: its settlement was fixed then, or it lapsed."""
    ends = {"SettlementFixed", "Lapsed"}
    return next((each.at for each in reversed(events) if each.kind in ends), events[-1].at)


def _is_late(read: OrderRead, now: Instant) -> bool:
    """Whether the promised window is over and the car does not stand there yet."""
    waits = read.order.stage in {Stage.LOCKED, Stage.SCHEDULED, Stage.BUILT, Stage.IN_TRANSIT}
    return waits and read.order.deferral is None and now >= read.order.binding_promise.ends


async def submit(visit: Visit) -> Answer:
    """The buttons of the page: each is one command."""
    form = visit.form
    match form.name:
        case "undo-lock":
            await do(visit, "undoLock", insists=False)
        case "resume":
            await do(visit, "resume")
        case "agree-to-delay":
            await do(visit, "consentToDelay", {"number": number_in(visit, "number")})
        case "answer-change":
            answer = {"number": number_in(visit, "number"), "choice": form.get("choice")}
            await do(visit, "answerChange", answer)
        case "allow-earlier":
            await do(visit, "allowEarlier", {"is_allowed": form.get("is_allowed") == "yes"})
        case "demand-delivery":
            await do(visit, "demandDelivery")
        case _:
            raise TurnedAway(DoorCode.FORM_MALFORMED)
    return back(visit)


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/orders/{order_id}",
            name="order",
            access=Access.READERS,
            by_link=True,
            show=show,
            submit=submit,
        )
    ]
