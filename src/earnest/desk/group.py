"""Deciding a group of commands and collecting everything it writes.

Not here: waiting, transactions and retries (`desk.py`). This part is pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from earnest.core.bookkeeping import entry
from earnest.core.order.commands import Command, Reserve
from earnest.core.order.decide import Step, carry_out
from earnest.core.order.events import Tendered
from earnest.core.order.facts import Facts
from earnest.core.order.standing import LaneOf, moved
from earnest.core.order.state import Order
from earnest.core.order.turned_out import PromiseOutcome, outcome_of
from earnest.core.queue.rank import Queue
from earnest.core.terms.policy import Policy
from earnest.core.timers import Deadline, deadlines
from earnest.core.values.ids import QueueId, TermsHash
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.allocating import Cars, Giving, as_taker, giver_of, taken_from, with_cars
from earnest.desk.answer import Answer, accepted_answer, rejected_answer
from earnest.desk.centres import Bays, delivery_of, with_centres
from earnest.desk.checkouts import wants_checkout
from earnest.desk.messages import messages_of
from earnest.desk.ports import (
    Changes,
    CommandKey,
    KnownCommand,
    Loaded,
    Lookup,
    OrderDeadline,
    OrderKey,
    RecordedCommand,
    RecordedEvent,
    RecordedMove,
    RecordedPosting,
)
from earnest.desk.taking import Places
from earnest.desk.telling.pauses import refused_in_pause
from earnest.desk.units import Units, allotted, first_waiting_of, people_of


class Asked(msgspec.Struct, frozen=True):
    """A command as it waits: the digest of its content, and the deadline that fired it.

    One that is `unkeyed` is the machine's own and may be asked again: its answer is not kept.
    """

    command: Command
    content_hash: str
    fired: Deadline | None = None
    unkeyed: bool = False

    @property
    def has_key(self) -> bool:
        """Whether the answer is kept under the command's key."""
        return self.fired is None and not self.unkeyed


class KeyReused(msgspec.Struct, frozen=True):
    """The key was used before with other content: nothing is done, the door says 422."""


FactsOf = Callable[[Order | None, Command, int | None], Facts | Rejected]
"""Finds the facts of a command: its order (or none), itself, and the rank it would get."""

_encode = msgspec.json.Encoder().encode
_decode_answer = msgspec.json.Decoder(Answer).decode


def answer_again(known: KnownCommand, content_hash: str) -> Answer | KeyReused:
    """The first answer to a command that was decided before, to whoever asks the same again."""
    return _decode_answer(known.answer) if known.content_hash == content_hash else KeyReused()


def order_key(command: Command) -> OrderKey:
    """Where the order of a command is stored."""
    return OrderKey(command.buyer_id, command.order_id)


def command_key(command: Command) -> CommandKey:
    """What makes this command the same as another."""
    return CommandKey(command.buyer_id, command.actor.actor_id, command.key)


def lookup_of(group: Sequence[Asked]) -> Lookup:
    """What a group locks and loads.

    A reservation's order id follows from its key, so looking the key up is enough. Timers have
    no keys to look up: a deadline that already fired is no longer due.
    """
    orders: dict[OrderKey, None] = {}
    queues: dict[QueueId, None] = {}
    keys: dict[CommandKey, None] = {}
    for asked in group:
        command = asked.command
        if isinstance(command, Reserve):
            queues[command.queue_id] = None
        else:
            orders[order_key(command)] = None
        if asked.has_key:
            keys[command_key(command)] = None
    commands = [asked.command for asked in group]
    lookup = Lookup(
        orders=tuple(sorted(orders)),
        queues=tuple(sorted(queues)),
        commands=tuple(keys),
        people=people_of(commands),
        first_waiting=first_waiting_of(commands),
    )
    return with_centres(with_cars(lookup, commands), commands)


def recorded_moves(before: Order | None, step: Step, lane_of: LaneOf) -> Iterator[RecordedMove]:
    """How an accepted command moved its order in the queue."""
    after = step.order
    sequence, moves = moved(before, step.events, after, lane_of)
    for move in moves:
        yield RecordedMove(
            buyer_id=after.buyer_id,
            order_id=after.order_id,
            sequence=sequence,
            queue_id=after.queue_id,
            lane=move.lane,
            rank=move.rank,
            change=move.change,
            cause=move.cause,
            at=move.at,
        )


class Group:
    """One pass over a group: decides each command on what those before it left."""

    def __init__(
        self,
        loaded: Loaded,
        facts_of: FactsOf,
        recorded_at: Instant,
        *,
        lane_of: LaneOf,
        webhooks: bool,
    ) -> None:
        """Start from what the transaction loaded and locked."""
        self._lane_of = lane_of
        self._known = loaded.commands
        self._before = loaded.orders
        self._orders = dict(loaded.orders)
        self._queues = dict(loaded.queues)
        self._loaded_queues = loaded.queues
        self._units = Units(loaded, self._queues)
        self._cars = Cars(loaded.ahead, self._orders)
        self._bays = Bays(loaded)
        self._facts_of = facts_of
        self._recorded_at = recorded_at
        self._webhooks = webhooks
        self._places = Places(loaded.codes, loaded.taken)
        self._fired: set[OrderDeadline] = set()
        self._touched: dict[OrderKey, None] = {}
        self._policies: dict[TermsHash, Policy] = {}
        self._changes = Changes(
            commands=[],
            events=[],
            postings=[],
            orders=[],
            created=set(),
            deadlines_set=[],
            deadlines_cleared=[],
            queues=[],
            moves=[],
            messages=[],
        )

    def decide(self, asked: Asked) -> Answer | KeyReused:
        """Decide one command and remember everything it writes."""
        command = asked.command
        known = self._known.get(command_key(command)) if asked.has_key else None
        if known is not None:
            return answer_again(known, asked.content_hash)
        key = order_key(command)
        order = self._orders.get(key)
        if asked.fired is not None:
            self._fired.add(OrderDeadline(key, asked.fired))
        queue = self._queues.get(command.queue_id) if isinstance(command, Reserve) else None
        if queue is not None and queue.paused is not None:
            # Nothing is kept, so that the same key gets a place once the sale goes on.
            refused = refused_in_pause(queue.paused, queue.time_zone)
            return rejected_answer(command.order_id, order, refused)
        answer = self._decide_new(command, order, queue)
        if asked.has_key:
            self._changes.commands.append(
                RecordedCommand(
                    command=command_key(command),
                    order_id=command.order_id,
                    content_hash=asked.content_hash,
                    answer=_encode(answer),
                    decided_at=self._recorded_at,
                )
            )
        return answer

    def changes(self) -> Changes:
        """Everything the group writes, with deadlines derived from the orders as they end."""
        for key in self._touched:
            after = self._orders[key]
            self._changes.orders.append(after)
            before = self._before.get(key)
            if before is None:
                self._changes.created.add(key)
            had = frozenset() if before is None else self._deadlines(before)
            has = self._deadlines(after)
            self._changes.deadlines_set.extend(OrderDeadline(key, each) for each in has - had)
            cleared = {OrderDeadline(key, each) for each in had - has}
            self._changes.deadlines_cleared.extend(cleared)
            self._fired -= cleared
            if after.freed_slots != (() if before is None else before.freed_slots):
                self._changes.freed_slots[key] = after.freed_slots
            if after.centre_id is not None:
                self._delivery(key, before, after)
            if after.unit is not None:
                self._allotted(key, before, after)
            if after.pay_until is None or (before is not None and before.pay_until is None):
                self._checkouts(key, before, after)
            self._fired -= {OrderDeadline(key, each) for each in has}
        self._changes.deadlines_cleared.extend(self._fired)
        self._changes.queues.extend(
            queue
            for queue_id, queue in self._queues.items()
            if queue is not self._loaded_queues[queue_id]
        )
        self._changes.codes.extend(self._places.code_moves())
        self._changes.counts.extend(self._places.count_moves())
        return self._changes

    def _delivery(self, key: OrderKey, before: Order | None, after: Order) -> None:
        had, has = None if before is None else delivery_of(before), delivery_of(after)
        if has != had:
            self._changes.deliveries[key] = has

    def _allotted(self, key: OrderKey, before: Order | None, after: Order) -> None:
        had = None if before is None else allotted(before)
        has = allotted(after)
        if has is not None and has != had:
            self._changes.allotted.append(has)
        elif has is None and had is not None:
            self._changes.no_longer_allotted.append(key)

    def _checkouts(self, key: OrderKey, before: Order | None, after: Order) -> None:
        had = before is not None and wants_checkout(before)
        if wants_checkout(after):
            if not had:
                self._changes.checkouts_wanted.append(after)
        elif had:
            self._changes.checkouts_over.append(key)

    def _decide_new(self, command: Command, order: Order | None, queue: Queue | None) -> Answer:
        if order is None and not isinstance(command, Reserve):
            return rejected_answer(command.order_id, None, Rejected(Reason.ORDER_UNKNOWN))
        facts = self._facts_of(order, command, None if queue is None else queue.next_rank)
        if isinstance(facts, Rejected):
            return rejected_answer(command.order_id, order, facts)
        if facts.campaign is not None:
            facts = self._units.known(facts, command, order)
            facts = self._places.facts(facts, command)
        if isinstance(command, Giving):
            facts = self._cars.known(facts, command)
        facts = self._bays.known(facts, command, order)
        outcome = carry_out(order, command, facts, command.received_at)
        if isinstance(outcome, Rejected):
            return rejected_answer(command.order_id, order, outcome)
        if queue is not None:
            self._queues[queue.queue_id] = queue.rank_given()
        if outcome.events:
            self._keep(command, order, outcome, facts)
        if isinstance(command, Giving):
            self._take_from_giver(command, outcome.order)
        return accepted_answer(outcome.order, outcome.events)

    def _keep(self, command: Command, order: Order | None, outcome: Step, facts: Facts) -> None:
        """Remember everything that an accepted command writes."""
        key = order_key(command)
        self._orders[key] = outcome.order
        if outcome.order.unit is not None:
            edition = None if facts.allotment is None else facts.allotment.edition
            self._units.count(order, outcome.order, edition)
        self._places.note(order, outcome.order)
        self._bays.note(outcome.order)
        self._remember(order or outcome.order, outcome.order, facts)
        self._touched[key] = None
        self._record(command, order, outcome)
        self._changes.moves.extend(recorded_moves(order, outcome, self._lane_of))
        if order is not None:
            self._changes.outcomes.extend(_outcomes(order, outcome, facts))

    def _take_from_giver(self, command: Giving, taker: Order) -> None:
        """Write in the same commit that car or slot is gone from the order that gave it up."""
        follows, giver = taken_from(command), self._orders[giver_of(command)]
        facts = self._facts_of(giver, follows, None)
        assert not isinstance(facts, Rejected), "the facts of an order are always known"
        known = msgspec.structs.replace(facts, taker=as_taker(taker, command))
        outcome = carry_out(giver, follows, known, command.received_at)
        assert not isinstance(outcome, Rejected), "what is free can be taken"
        self._keep(follows, giver, outcome, known)

    def _remember(self, before: Order, after: Order, facts: Facts) -> None:
        """Keep the policies of a touched order: a buyer who accepts newer terms has two."""
        self._policies[before.terms_hash] = facts.policy
        if after.terms_hash not in self._policies:
            assert facts.offered_terms is not None, "only an offered version can be accepted"
            self._policies[after.terms_hash] = facts.offered_terms.policy

    def _deadlines(self, order: Order) -> frozenset[Deadline]:
        return deadlines(order, self._policies[order.terms_hash])

    def _record(self, command: Command, before: Order | None, step: Step) -> None:
        first = 1 if before is None else before.sequence + 1
        for sequence, event in enumerate(step.events, start=first):
            recorded = RecordedEvent(
                buyer_id=command.buyer_id,
                order_id=command.order_id,
                sequence=sequence,
                event=event,
                actor_id=command.actor.actor_id,
                command_key=command.key,
                recorded_at=self._recorded_at,
            )
            self._changes.events.append(recorded)
            self._changes.messages.extend(messages_of(recorded, webhooks=self._webhooks))
            for line, posting in enumerate(entry(event), start=1):
                self._changes.postings.append(
                    RecordedPosting(
                        buyer_id=command.buyer_id,
                        order_id=command.order_id,
                        sequence=sequence,
                        line=line,
                        posting=posting,
                    )
                )


def _outcomes(before: Order, step: Step, facts: Facts) -> Iterator[PromiseOutcome]:
    """What became of the order's promise, if the command tendered its car."""
    for event in step.events:
        if isinstance(event, Tendered):
            outcome = outcome_of(before, event, facts.policy.time_zone)
            if outcome is not None:
                yield outcome
