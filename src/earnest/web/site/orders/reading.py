"""What every page of an order needs to read, and how a command of one of its forms is asked.

Not here: the pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from earnest.core.catalogue.model import Model, Names
from earnest.core.order.parts import PayoutState
from earnest.core.order.stage import EXITS, OVER, Stage
from earnest.core.terms.clauses.names import name_of
from earnest.core.values.instant import Instant, midnight, zone
from earnest.core.values.money import Money
from earnest.web.api.commands import CommandDone
from earnest.web.api.documents import CatalogueShown, TermsShown
from earnest.web.api.order_shown import OrderShown
from earnest.web.languages import ENGLISH
from earnest.web.pages.page import Moved, Shown
from earnest.web.pages.stages import STAGE_NAMES
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said

PAYOUT_STATES: dict[PayoutState, str] = {
    PayoutState.AWAITING_RELEASE: said("waits for a second person"),
    PayoutState.AWAITING_RETURN: said("waits for the car"),
    PayoutState.DUE: said("on its way"),
    PayoutState.UNKNOWN: said("being looked into"),
    PayoutState.FAILED: said("failed, tried again"),
    PayoutState.PAID: said("paid"),
}
"""Where a sum stands that goes back."""

ON_DELIVERY_DAY = frozenset(
    {Stage.TENDERED, Stage.INSPECTED, Stage.PAID, Stage.HANDED_OVER, Stage.CLOSED}
)
"""Stages that the page of the delivery day is about."""


DELIVERY_AHEAD = frozenset({Stage.LOCKED, Stage.SCHEDULED, Stage.BUILT, Stage.IN_TRANSIT})
"""Stages in which there is something to arrange for that day, and nothing to inspect yet."""

_LONGEST_NUMBER = 6


class ChosenOption(msgspec.Struct, frozen=True):
    """An answer to one of the catalogue's questions."""

    choice: Names
    option: Names
    price: Money


class OrderRead(msgspec.Struct, frozen=True, kw_only=True):
    """An order with its terms and what its configuration is called."""

    order: OrderShown
    terms: TermsShown
    model: Model

    @property
    def zone(self) -> str:
        """The time zone of its days."""
        return self.terms.policy.time_zone

    @property
    def is_over(self) -> bool:
        """Whether it ended without a handover."""
        return self.order.stage in EXITS

    @property
    def chosen(self) -> tuple[ChosenOption, ...]:
        """What was chosen, question by question in the catalogue's order."""
        questions = {each.code: each for each in self.model.choices}
        wanted = self.order.configuration.options
        return tuple(
            ChosenOption(questions[each.choice].names, each.names, each.price)
            for choice in self.model.choices
            for each in self.model.options
            if each.choice == choice.code and each.code in wanted
        )


async def read_order(visit: Visit) -> OrderRead:
    """The order in the path. Somebody else's order does not exist for a buyer."""
    order = await visit.ask("showOrder", OrderShown, path=path_of(visit))
    terms = await visit.ask("showTerms", TermsShown, path={"terms_hash": order.terms_hash})
    model = await model_of(visit, order.catalogue_hash, order.configuration.model)
    return OrderRead(order=order, terms=terms, model=model)


async def model_of(visit: Visit, catalogue_hash: str, code: str) -> Model:
    """A model of a catalogue that some order names."""
    path = {"catalogue_hash": catalogue_hash}
    catalogue = await visit.ask("showCatalogue", CatalogueShown, path=path)
    return next(each for each in catalogue.models if each.code == code)


def path_of(visit: Visit) -> dict[str, str]:
    """The order in the address, as the operations of the API name it."""
    return {"order_id": visit.path["order_id"]}


def page(visit: Visit, read: OrderRead, template: str, **values: Any) -> Shown:  # noqa: ANN401 - for templates
    """One of the pages of an order. Its reader may act when the order is their own."""
    may_act = visit.buyer_id == read.order.buyer_id and not visit.is_by_link
    common: dict[str, Any] = {
        "read": read,
        "order": read.order,
        "zone": read.zone,
        "here": f"/orders/{read.order.order_id}",
        "may_act": may_act,
        "is_settled": read.order.stage in OVER,
        "stage_names": STAGE_NAMES,
        "payout_states": PAYOUT_STATES,
        "on_delivery_day": read.order.stage in ON_DELIVERY_DAY,
        "delivery_ahead": read.order.stage in DELIVERY_AHEAD,
        "Stage": Stage,
        "called": lambda code: called(code, visit.language),
    }
    return Shown(template=f"site/{template}", values=common | values)


def called(code: str, language: str) -> str:
    """What a point of the inspection or a paper of the handover is called."""
    both = name_of(code)
    return both.en if language == ENGLISH else both.zh


def number_in(visit: Visit, field: str) -> int:
    """A running number in a field of the form; 0, which nothing has, where it is none."""
    text = visit.form.get(field)
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else 0


def day_in(text: str) -> date | None:
    """A day as browsers write it; None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def noon_of(day: date, time_zone: str) -> Instant:
    """The middle of a local day, for what is foreseen on it."""
    return datetime.combine(day, time(12), zone(time_zone)).astimezone(UTC)


def end_of(day: date, time_zone: str) -> Instant:
    """The local midnight that ends a day."""
    return midnight(day + timedelta(days=1), time_zone)


async def do(
    visit: Visit, operation: str, body: Mapping[str, Any] | None = None, *, insists: bool = True
) -> CommandDone:
    """Ask a command for the form that was sent.

    `insists` on the version of the order that the reader saw. A right that ends by time must not
    depend on it: an order may have locked by itself while its buyer was pressing the button.
    """
    return await visit.ask(
        operation,
        CommandDone,
        body,
        path=path_of(visit),
        key=visit.form.key,
        sequence=visit.form.sequence if insists else None,
    )


def back(visit: Visit, to: str = "") -> Moved:
    """On to a page of the order."""
    return Moved(f"/orders/{visit.path['order_id']}{to}")
