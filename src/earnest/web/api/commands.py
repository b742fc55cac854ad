"""POST /orders/{order_id}/{command}: one route for every command that a person can ask.

The routes are made from the commands themselves: the body has exactly the command's own fields,
and the roles are those of `core/order/authority.py`. Not here: `Reserve` and `AddEvidence`, which
have doors of their own, and the commands of timers and providers, which have none.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, get_args, get_origin

import msgspec
from msgspec import Meta

from earnest.core.order.actor import Role
from earnest.core.order.authority import AUTHORITY
from earnest.core.order.commands import COMMANDS, AddEvidence, Command, Reserve
from earnest.core.order.stage import Stage
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.answer import Answer
from earnest.web.deciding import accepted_only
from earnest.web.house import House
from earnest.web.identity import Access, looks_like_id
from earnest.web.paying import PaymentToMake, payment_to_make
from earnest.web.problems import TurnedAway
from earnest.web.reading import expected_sequence, idempotency_key
from earnest.web.route import Asked, Handler, Reply, Route
from earnest.web.shapes import INCOMING, MOST_ITEMS, meant

_MACHINES = frozenset({Role.TIMER, Role.PROVIDER})
_OWN_DOORS = frozenset({Reserve, AddEvidence})
_BASE_FIELDS = {field.name for field in msgspec.structs.fields(Command)}
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def kebab(name: str) -> str:
    """A class name as a path: `CancelByBuyer` is `cancel-by-buyer`."""
    return _CAPITAL.sub("-", name).lower()


def asked_by_people() -> tuple[type[Command], ...]:
    """Every command that has a route here."""
    return tuple(
        command
        for command in COMMANDS
        if command not in _OWN_DOORS and AUTHORITY[command.__name__] - _MACHINES
    )


def body_of(command: type[Command], *, is_one_of_several: bool = False) -> type[msgspec.Struct]:
    """The body of a command's route: its own fields, strict and bounded.

    Where a body may be one of several commands, its field `command` says which.
    """
    fields = [
        (field.encode_name, _incoming(field.type))
        if field.required
        else (field.encode_name, _incoming(field.type), field.default)
        for field in msgspec.structs.fields(command)
        if field.name not in _BASE_FIELDS
    ]
    return msgspec.defstruct(
        f"{command.__name__}{'Act' if is_one_of_several else 'Body'}",
        fields,
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
        namespace={"__doc__": command.__doc__},
        module=__name__,
        tag_field="command" if is_one_of_several else None,
        tag=command.__name__ if is_one_of_several else None,
    )


def _incoming(declared: Any) -> Any:  # noqa: ANN401 - a type of any form, as msgspec names it
    """The type in which a field of the core comes in."""
    if get_origin(declared) is tuple:
        item: Any = _incoming(get_args(declared)[0])
        return Annotated[tuple[item, ...], Meta(max_length=MOST_ITEMS)]
    parts = get_args(declared)
    if type(None) in parts:
        (inner,) = (part for part in parts if part is not type(None))
        return _incoming(inner) | None
    return INCOMING.get(declared, declared)


def _handler(command: type[Command]) -> Handler[Any]:
    async def ask(house: House, asked: Asked, body: msgspec.Struct) -> Reply:
        """Put the command to the desk and say what came of it."""
        key = idempotency_key(asked.headers)
        sequence = expected_sequence(asked.headers)
        buyer_id, order_id = await _order_named(house, asked)
        wanted = command(
            buyer_id=buyer_id,
            order_id=order_id,
            actor=asked.by.actor,
            key=key,
            received_at=asked.received_at,
            expected_sequence=sequence,
            **own_fields(body, asked.received_at),
        )
        answer = accepted_only(await house.desk.submit(wanted, asked.content_hash))
        done = done_by(house, buyer_id, answer)
        return Reply(value=done, headers=[(b"etag", b'"%d"' % answer.sequence)])

    return ask


def own_fields(body: msgspec.Struct, received_at: Instant) -> dict[str, Any]:
    """The command's own fields, as the core means them, from the body that came in."""
    return {name: meant(getattr(body, name), received_at) for name in body.__struct_fields__}


async def _order_named(house: House, asked: Asked) -> tuple[BuyerId, OrderId]:
    """Whose order it is. A buyer's is looked for among the buyer's own; others do not exist."""
    order_id = asked.path["order_id"]
    if not looks_like_id(order_id):
        raise TurnedAway(Reason.ORDER_UNKNOWN)
    if asked.by.buyer_id is not None:
        return asked.by.buyer_id, OrderId(order_id)
    order = await house.reader.order_by_id(OrderId(order_id))
    if order is None:
        raise TurnedAway(Reason.ORDER_UNKNOWN)
    return order.buyer_id, order.order_id


class CommandDone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a command did: the events by name, and the order's version, stage and rank after it."""

    order_id: OrderId
    sequence: int
    stage: Stage | None
    rank: int | None
    events: tuple[str, ...]
    payment: PaymentToMake | None = None


def done_by(house: House, buyer_id: BuyerId, answer: Answer) -> CommandDone:
    """What an accepted command did, as its route tells it."""
    payment = None
    if answer.payment is not None:
        payment = payment_to_make(house, buyer_id, answer.order_id, answer.payment)
    return CommandDone(
        order_id=answer.order_id,
        sequence=answer.sequence,
        stage=answer.stage,
        rank=answer.rank,
        events=answer.events,
        payment=payment,
    )


def routes() -> list[Route[Any]]:
    """The routes of all commands, in the order of an order's life."""
    return [_route(command) for command in asked_by_people()]


def _route(command: type[Command]) -> Route[Any]:
    name = command.__name__
    summary, _, rest = (command.__doc__ or "").partition("\n\n")
    return Route(
        method="POST",
        path=f"/orders/{{order_id}}/{kebab(name)}",
        operation=name[0].lower() + name[1:],
        summary=summary.strip(),
        description=" ".join(rest.split()),
        tag="commands",
        access=Access.ACTORS,
        roles=AUTHORITY[name] - _MACHINES,
        takes=body_of(command),
        handler=_handler(command),
        gives=CommandDone,
        needs_key=True,
        has_etag=True,
        may_insist=True,
        codes=(Reason.ORDER_UNKNOWN, Reason.SEQUENCE_STALE, Reason.STAGE_UNSUITABLE),
    )
