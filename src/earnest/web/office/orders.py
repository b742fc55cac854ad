"""/office/orders and /office/orders/{order_id}: finding an order, and everything about one.

Not here: doing something with it (`acting`), and its disputes (`cases.py`).
"""

from __future__ import annotations

from earnest.core.order.stage import EXITS, Stage
from earnest.core.values.instant import Instant
from earnest.desk.telling import moment_words, window_words
from earnest.web.api.cases import Cases
from earnest.web.api.contracts import Contract
from earnest.web.api.conversations import ConversationShown
from earnest.web.api.documents import CatalogueShown
from earnest.web.api.notices import NoticesOfOrder
from earnest.web.api.order_shown import OrderShown
from earnest.web.api.searching import BuyerShown
from earnest.web.api.statements import OrderStatement
from earnest.web.api.timelines import Timeline
from earnest.web.office import rooms
from earnest.web.office.acting.in_bulk import bulk_forms
from earnest.web.office.acting.page import FORMS, forms_for
from earnest.web.office.looking import WANTED, found_orders
from earnest.web.office.rooms import ORDERS
from earnest.web.office.words import ACCOUNTS, ACTORS, PAYOUTS, STAGES
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.rendering import ZONE
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said, words_of

ON_A_PAGE = 50
_MAIN = [stage for stage in Stage if stage not in EXITS]


async def show_list(visit: Visit) -> Answer:
    """The orders that fit what is looked for. Planners see no names and search by none."""
    wanted = {name: visit.query[name] for name in WANTED if visit.query.get(name)}
    queues = sorted({each.queue_id for each in visit.house.desk.library.offers()})
    return rooms.shown(
        visit,
        "orders.html",
        found=await found_orders(visit, wanted, ON_A_PAGE),
        query=visit.query,
        queues=queues,
        stages=STAGES,
        may_search=rooms.CASES.is_open_to(visit.by),
        bulk_forms=bulk_forms(visit.by),
    )


async def show_order(visit: Visit) -> Answer:
    """One order with its buyer, its life, its money, what was agreed, and what can be done."""
    await visit.follow("order", visit.path["order_id"])
    here = {"order_id": visit.path["order_id"]}
    order = await visit.ask("showOrder", OrderShown, path=here)
    buyer = BuyerShown()
    if rooms.CASES.is_open_to(visit.by):
        buyer = await visit.ask("showBuyer", BuyerShown, path=here)
    document = {"catalogue_hash": order.catalogue_hash}
    catalogue = await visit.ask("showCatalogue", CatalogueShown, path=document)
    model = next(each for each in catalogue.models if each.code == order.configuration.model)
    timeline = await visit.ask("showTimeline", Timeline, path=here)
    conversation = None
    if rooms.MESSAGES.is_open_to(visit.by):
        conversation = await visit.ask("showConversation", ConversationShown, path=here)
    notices = (await visit.ask("showNoticesOfOrder", NoticesOfOrder, path=here)).notices
    return rooms.shown(
        visit,
        "order.html",
        order=order,
        buyer=buyer,
        model=model,
        options=[each for each in model.options if each.code in order.configuration.options],
        events=tuple(reversed(timeline.events)),
        statement=await visit.ask("showStatement", OrderStatement, path=here),
        contract=await visit.ask("showOrderContract", Contract, path=here),
        notices=notices,
        conversation=conversation,
        subjects={each.notice.sequence: each.notice.subject for each in notices},
        disputes=await visit.ask("showCases", Cases, path=here),
        chapters=forms_for(visit, order),
        facts=_facts(order, visit.language),
        accounts=ACCOUNTS,
        done=FORMS.get(visit.query.get("done", "")),
        may_see_cases=rooms.CASES.is_open_to(visit.by),
        stages=STAGES,
        payouts=PAYOUTS,
        actors=ACTORS,
        main_way=_stage_line(order),
    )


def _facts(order: OrderShown, language: str) -> list[tuple[str, str]]:
    """What else is known of the order, with the words of its reader."""
    say = words_of(language).gettext
    car, slot, deferral = order.car, order.slot, order.deferral
    known = [
        (said("Reserved"), moment_words(order.reserved_at, language, ZONE)),
        (said("Promised window"), window_words(order.promise, language, ZONE)),
        (said("Binding window"), window_words(order.binding_promise, language, ZONE)),
        (said("Cooling off until"), _moment(order.cooling_off_ends, language)),
        (said("Locked"), _moment(None if order.lock is None else order.lock.locked_at, language)),
        (
            said("Deferred until"),
            _moment(None if deferral is None else deferral.valid_until, language),
        ),
        (said("Slot"), None if slot is None else f"{slot.plant} {slot.week}"),
        (said("VIN"), None if car is None else car.vin),
        (said("Ready at"), None if order.tender is None else order.tender.place),
        (said("Handed over"), _moment(order.handed_over_at, language)),
    ]
    return [(say(term), value) for term, value in known if value]


def _moment(instant: Instant | None, language: str) -> str | None:
    return None if instant is None else moment_words(instant, language, ZONE)


def _stage_line(order: OrderShown) -> list[tuple[Stage, str]]:
    """The main way with what is behind, what is now and what is ahead; none after an exit."""
    if order.stage in EXITS:
        return []
    here = _MAIN.index(order.stage)
    states = ["done" if place < here else "ahead" for place in range(len(_MAIN))]
    states[here] = "now"
    return list(zip(_MAIN, states, strict=True))


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        ORDERS.page("office-orders", show_list),
        ORDERS.page("office-order", show_order, path=f"{ORDERS.path}/{{order_id}}"),
    ]
