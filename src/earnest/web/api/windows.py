"""GET /orders/{order_id}/promises and /deferral-preview: every window shown, and what if later.

Not here: public promises to everybody (`promises.py`), and deferring itself, which is a command.
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.order.deferring import DeferralPreview, deferral_preview, longest_deferral
from earnest.core.order.events import Reserved
from earnest.core.order.parts_of_planning import DelayNotice
from earnest.core.order.windows import ShownWindow, windows_shown
from earnest.core.plan.promise import PromiseReason
from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant, Window
from earnest.core.values.reason import Reason
from earnest.desk.telling.foreseen import reason_words
from earnest.web.finding import events_asked_for, order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import Problem, problem
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import Language, Moment


class PromisesAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In which language; without one, the request's own."""

    language: Language | None = None


class DeferralAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Until when the delivery would be deferred (as long as possible), and in which language."""

    until: Moment | None = None
    language: Language | None = None


async def show_promises(house: House, asked: Asked, wanted: PromisesAsked) -> Reply:
    """Every window that was ever shown for an order, with what bound then and why."""
    recorded = await events_asked_for(house, asked)
    language = wanted.language or asked.language
    reserved = recorded[0].event
    assert isinstance(reserved, Reserved), "every order begins with its reservation"
    catalogue = house.desk.library.known_catalogue(reserved.catalogue_hash)
    if catalogue is None:
        catalogue = await house.reader.catalogue(reserved.catalogue_hash)
    assert catalogue is not None, "the catalogue of an order is kept"
    shown = windows_shown(each.event for each in recorded)
    return Reply(
        value=PromisesShown(
            order_id=recorded[0].order_id,
            promises=tuple(_shown(each, language, catalogue) for each in shown),
        )
    )


async def preview_deferral(house: House, asked: Asked, wanted: DeferralAsked) -> Reply:
    """What a deferral would mean for window, queue, price and tax; nothing happens."""
    order = await order_asked_for(house, asked)
    language = wanted.language or asked.language
    library = house.desk.library
    facts = await library.facts_to_read(order)
    at = asked.received_at
    until = wanted.until or longest_deferral(order, facts, at)
    then = library.foreseen_for(order, until, at)
    preview = deferral_preview(order, facts, until, at, then)
    obstacle = None
    if preview.reason is not None:
        obstacle = problem(preview.reason, language, preview.details)
    reason = preview.window_reason
    return Reply(
        value=DeferralShown(
            preview=preview,
            words="" if reason is None else reason_words(reason, language, facts.catalogue),
            obstacle=obstacle,
        )
    )


class PromiseShown(msgspec.Struct, frozen=True, kw_only=True):
    """A window from the instant on at which it was shown; `words` say why it was that one."""

    sequence: int
    at: Instant
    event: str
    shown: Window
    binding: Window
    reason: PromiseReason | None
    words: str
    cause: str
    delay: DelayNotice | None


class PromisesShown(msgspec.Struct, frozen=True, kw_only=True):
    """Every window of an order, the first one first."""

    order_id: OrderId
    promises: tuple[PromiseShown, ...]


class DeferralShown(msgspec.Struct, frozen=True, kw_only=True):
    """The preview; `words` say why the window is that one, `obstacle` why it cannot be asked."""

    preview: DeferralPreview
    words: str
    obstacle: Problem | None


_SAME = frozenset(ShownWindow.__struct_fields__)


def _shown(window: ShownWindow, language: str, catalogue: Catalogue) -> PromiseShown:
    same = {name: getattr(window, name) for name in _SAME}
    reason = window.reason
    words = "" if reason is None else reason_words(reason, language, catalogue)
    return PromiseShown(words=words, **same)


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/orders/{order_id}/promises",
            operation="showPromises",
            summary="Every delivery window that was ever shown for an order.",
            tag="orders",
            access=Access.READERS,
            takes=PromisesAsked,
            handler=show_promises,
            gives=PromisesShown,
            codes=(Reason.ORDER_UNKNOWN,),
        ),
        Route(
            method="GET",
            path="/orders/{order_id}/deferral-preview",
            operation="previewDeferral",
            summary="What deferring the delivery would mean, before it is confirmed.",
            tag="orders",
            access=Access.READERS,
            takes=DeferralAsked,
            handler=preview_deferral,
            gives=DeferralShown,
            codes=(Reason.ORDER_UNKNOWN,),
        ),
    ]
