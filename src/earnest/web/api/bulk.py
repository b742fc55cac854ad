"""/bulk: one command for many orders: what would come of it, asking for it, what came of it.

Nothing here decides anything of its own: each order gets a command with its own key and its own
answer. Not here: what may be asked so (`core/order/in_bulk.py`), giving the commands
(`desk/bulk.py`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO
from typing import Annotated, Any, Union

import msgspec
from msgspec import Meta

from earnest.core.order.actor import STAFF
from earnest.core.order.authority import AUTHORITY
from earnest.core.order.command import Command
from earnest.core.order.commands import COMMANDS
from earnest.core.order.facts import Facts, Outcome
from earnest.core.order.in_bulk import IN_BULK, decide_in_bulk
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.answer import Answer
from earnest.desk.bulk import MOST_ORDERS, BulkAct, bulk_id_of
from earnest.desk.telling import tell
from earnest.web.api.commands import body_of, own_fields
from earnest.web.api.order_shown import OrderLine, order_line
from earnest.web.codes import DoorCode
from earnest.web.finding import key_of
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import Problem, TurnedAway, problem
from earnest.web.reading import idempotency_key
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Name

LATEST = 50
"""Acts in the list of them."""

BULK_COMMANDS: dict[str, type[Command]] = {
    kind.__name__: kind for kind in COMMANDS if kind.__name__ in IN_BULK
}
BULK_STAFF = frozenset(role for name in IN_BULK for role in AUTHORITY[name]) & STAFF
"""Staff who may ask at least one of these commands."""

_BODIES = {body_of(kind, is_one_of_several=True): kind for kind in BULK_COMMANDS.values()}
_Act: Any = Union[tuple(_BODIES)]  # noqa: UP007 - a union of a tuple has no other form

COLUMNS = ("order_id", "outcome", "stage", "events", "code", "explanation")


class BulkWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A command with its fields, and the orders for which it is asked, each once."""

    act: _Act
    orders: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=MOST_ORDERS)]


async def preview_bulk(house: House, asked: Asked, wanted: BulkWanted) -> Reply:
    """What the rules would answer for each order now, and what its buyer would read."""
    lines = tuple(
        _previewed(order, facts, outcome, asked.language)
        for order, facts, outcome in await _decided(house, asked, wanted)
    )
    accepted = sum(line.problem is None for line in lines)
    preview = BulkPreview(
        command=_kind(wanted).__name__,
        accepted=accepted,
        refused=len(lines) - accepted,
        lines=lines,
    )
    return Reply(value=preview)


async def apply_bulk(house: House, asked: Asked, wanted: BulkWanted) -> Reply:
    """Keep what is asked; the commands are given at once, one for each order.

    An order that the rules refuse stays as it is, and its answer says why. When one of the orders
    would be worse off, nothing is asked of any.
    """
    key, actor = idempotency_key(asked.headers), asked.by.actor
    bulk_id = bulk_id_of(actor.actor_id, key)
    kept = await house.bulk_acts.act(bulk_id)
    if kept is None:
        decided = await _decided(house, asked, wanted)
        for _, _, outcome in decided:
            if isinstance(outcome, Rejected) and outcome.reason is Reason.NOT_IN_BULK:
                raise TurnedAway(outcome.reason, outcome.details)
        orders = [order for order, _, _ in decided]
        act = BulkAct(
            bulk_id=bulk_id,
            content_hash=asked.content_hash,
            command=_command(asked, wanted, orders[0], key),
            orders=tuple(key_of(order) for order in orders),
        )
        kept = await house.bulk_acts.keep(act)
    if kept.content_hash != asked.content_hash:
        raise TurnedAway(DoorCode.KEY_REUSED)
    return Reply(value=await _shown(house, asked, kept), status=201)


async def _decided(
    house: House, asked: Asked, wanted: BulkWanted
) -> list[tuple[Order, Facts, Outcome]]:
    """Each order with what the rules say now. Raises for an order that does not exist."""
    if not asked.by.actor.roles & AUTHORITY[_kind(wanted).__name__]:
        raise TurnedAway(Reason.NOT_PERMITTED)
    ids = {OrderId(order_id) for order_id in wanted.orders}
    orders = await house.reader.orders_by_ids(sorted(ids))
    if len(orders) < len(ids):
        raise TurnedAway(Reason.ORDER_UNKNOWN)
    found: list[tuple[Order, Facts, Outcome]] = []
    for order in orders:
        facts = await house.desk.library.facts_to_read(order)
        command = _command(asked, wanted, order, "preview")
        known = house.desk.library.facts_of(order, command, None)
        if isinstance(known, Rejected):
            found.append((order, facts, known))
        else:
            found.append((order, facts, decide_in_bulk(order, command, known, asked.received_at)))
    return found


def _kind(wanted: BulkWanted) -> type[Command]:
    return _BODIES[type(wanted.act)]


def _command(asked: Asked, wanted: BulkWanted, order: Order, key: str) -> Command:
    common: dict[str, Any] = {
        "buyer_id": order.buyer_id,
        "order_id": order.order_id,
        "actor": asked.by.actor,
        "key": key,
        "received_at": asked.received_at,
    }
    return _kind(wanted)(**common, **own_fields(wanted.act, asked.received_at))


def _previewed(order: Order, facts: Facts, outcome: Outcome, language: str) -> BulkLine:
    line = order_line(order)
    if isinstance(outcome, Rejected):
        refusal = problem(outcome.reason, language, outcome.details)
        return BulkLine(order=line, words=(), problem=refusal)
    words = tuple(tell(event, language, facts.policy) for event in outcome.events)
    return BulkLine(order=line, words=words, problem=None)


async def show_bulk(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """One act with the answer for each order, however far it is."""
    return Reply(value=await _shown(house, asked, await _act_named(house, asked)))


async def show_table(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The same as a table: one order in a line."""
    act = await _act_named(house, asked)
    written = StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for each in (await _shown(house, asked, act)).answers:
        stage = "" if each.stage is None else each.stage.value
        code, explanation = "", ""
        if each.problem is not None:
            code, explanation = each.problem.code, each.problem.detail
        table.writerow(
            (each.order_id, each.outcome, stage, " ".join(each.events), code, explanation)
        )
    name = f'attachment; filename="bulk-{act.bulk_id}.csv"'
    return Reply(
        raw=written.getvalue().encode(),
        media_type="text/csv",
        headers=[(b"content-disposition", name.encode())],
    )


async def list_bulk(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The acts that were asked last."""
    return Reply(
        value=BulkList(acts=tuple(_head(act) for act in await house.bulk_acts.latest(LATEST)))
    )


async def _act_named(house: House, asked: Asked) -> BulkAct:
    act = await house.bulk_acts.act(asked.path["bulk_id"])
    if act is None:
        raise TurnedAway(DoorCode.BULK_UNKNOWN)
    return act


class BulkLine(msgspec.Struct, frozen=True, kw_only=True):
    """What would come of one order: the words its buyer would read, or why nothing would happen."""

    order: OrderLine
    words: tuple[str, ...]
    problem: Problem | None


class BulkPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What would come of all of them, in the order of their keys; nothing was written."""

    command: str
    accepted: int
    refused: int
    lines: tuple[BulkLine, ...]


class BulkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one order: `accepted`, `refused`, `waiting`, or `failed` by a fault of ours."""

    order_id: OrderId
    outcome: str
    stage: Stage | None = None
    events: tuple[str, ...] = ()
    problem: Problem | None = None


class BulkHead(msgspec.Struct, frozen=True, kw_only=True):
    """An act in a list: who asked which command, when, for how many orders."""

    bulk_id: str
    command: str
    asked_by: str
    asked_at: Instant
    orders: int
    is_finished: bool


class BulkShown(msgspec.Struct, frozen=True, kw_only=True):
    """An act with the answer for each order. The four counts are together all of its orders."""

    head: BulkHead
    accepted: int
    refused: int
    waiting: int
    failed: int
    answers: tuple[BulkAnswer, ...]


class BulkList(msgspec.Struct, frozen=True):
    """The acts that were asked last, the newest first."""

    acts: tuple[BulkHead, ...]


def _head(act: BulkAct) -> BulkHead:
    return BulkHead(
        bulk_id=act.bulk_id,
        command=type(act.command).__name__,
        asked_by=act.actor_id,
        asked_at=act.command.received_at,
        orders=len(act.orders),
        is_finished=act.finished_at is not None,
    )


async def _shown(house: House, asked: Asked, act: BulkAct) -> BulkShown:
    known = await house.bulk_acts.answers(act)
    answers = tuple(_answered(act, each.order_id, known, asked.language) for each in act.orders)
    counts = dict.fromkeys(("accepted", "refused", "waiting", "failed"), 0)
    for each in answers:
        counts[each.outcome] += 1
    return BulkShown(head=_head(act), answers=answers, **counts)


def _answered(
    act: BulkAct, order_id: OrderId, known: Mapping[OrderId, Answer], language: str
) -> BulkAnswer:
    answer = known.get(order_id)
    if answer is None:
        # An order without an answer when all was given met a fault, and nothing of it was stored.
        outcome = "waiting" if act.finished_at is None else "failed"
        return BulkAnswer(order_id=order_id, outcome=outcome)
    if answer.reason is None:
        return BulkAnswer(
            order_id=order_id, outcome="accepted", stage=answer.stage, events=answer.events
        )
    refusal = problem(answer.reason, language, answer.details)
    return BulkAnswer(order_id=order_id, outcome="refused", stage=answer.stage, problem=refusal)


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [*_asking_routes(), *_reading_routes()]


def _asking_routes() -> list[Route[Any]]:
    return [
        Route(
            method="POST",
            path="/bulk/preview",
            operation="previewBulk",
            summary="What one command would do to each of many orders. Nothing is written.",
            tag="bulk",
            access=Access.ACTORS,
            roles=BULK_STAFF,
            takes=BulkWanted,
            handler=preview_bulk,
            gives=BulkPreview,
            codes=(Reason.ORDER_UNKNOWN,),
        ),
        Route(
            method="POST",
            path="/bulk",
            operation="applyBulk",
            summary="Ask one command of many orders, each with a key and an answer of its own.",
            description="Only commands that take nothing from any buyer. The same key is the same "
            "act: nothing is done twice.",
            tag="bulk",
            access=Access.ACTORS,
            roles=BULK_STAFF,
            takes=BulkWanted,
            handler=apply_bulk,
            gives=BulkShown,
            status=201,
            needs_key=True,
            codes=(DoorCode.KEY_REUSED, Reason.ORDER_UNKNOWN, Reason.NOT_IN_BULK),
        ),
    ]


def _reading_routes() -> list[Route[Any]]:
    return [
        Route(
            method="GET",
            path="/bulk",
            operation="listBulk",
            summary="What was asked of many orders lately.",
            tag="bulk",
            access=Access.OFFICE,
            roles=BULK_STAFF,
            takes=NoInput,
            handler=list_bulk,
            gives=BulkList,
        ),
        Route(
            method="GET",
            path="/bulk/{bulk_id}",
            operation="showBulk",
            summary="What came of a command for many orders, order by order.",
            tag="bulk",
            access=Access.OFFICE,
            roles=BULK_STAFF,
            takes=NoInput,
            handler=show_bulk,
            gives=BulkShown,
            codes=(DoorCode.BULK_UNKNOWN,),
        ),
        Route(
            method="GET",
            path="/bulk/{bulk_id}/table",
            operation="showBulkTable",
            summary="The same as CSV.",
            tag="bulk",
            access=Access.OFFICE,
            roles=BULK_STAFF,
            takes=NoInput,
            handler=show_table,
            gives=None,
            gives_file=("text/csv",),
            codes=(DoorCode.BULK_UNKNOWN,),
        ),
    ]
