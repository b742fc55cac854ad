"""What the desk needs from the store, as protocols and plain values.

Not here: how PostgreSQL does it (`store/`) and how a command is decided (`core/`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from typing import Protocol

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.launch.announcing import Announced
from earnest.core.launch.code import CodeFact
from earnest.core.ledger.posting import Posting
from earnest.core.order.centre import Centre, Delivery
from earnest.core.order.events import Event
from earnest.core.order.parts import Slot
from earnest.core.order.parts_of_launch import UnitState
from earnest.core.order.state import Order
from earnest.core.order.turned_out import PromiseOutcome
from earnest.core.queue.lane import Lane
from earnest.core.queue.move import Cause
from earnest.core.queue.offer import Offer
from earnest.core.queue.pause import SalePause
from earnest.core.queue.rank import Queue
from earnest.core.terms.agreement import PublicPromise
from earnest.core.terms.publishing import PlacedFinding
from earnest.core.terms.version import TermsVersion
from earnest.core.timers import Deadline
from earnest.core.values.ids import (
    BuyerId,
    CampaignId,
    CatalogueHash,
    CentreId,
    CodeId,
    OrderId,
    QueueId,
    TermsHash,
)
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.desk.keys import CommandKey as CommandKey  # noqa: PLC0414 - readers of ports look here
from earnest.desk.keys import OrderKey as OrderKey  # noqa: PLC0414 - readers of ports look here
from earnest.desk.keys import PersonKey as PersonKey  # noqa: PLC0414 - readers of ports look here


class Allotted(msgspec.Struct, frozen=True, kw_only=True):
    """An order that holds a unit of its queue's edition or waits for one.

    `person` is whose it is, while it counts towards what that person may hold.
    """

    order: OrderKey
    queue_id: QueueId
    rank: int
    state: UnitState
    person: str | None = None


class KnownCommand(msgspec.Struct, frozen=True):
    """A command decided earlier: the digest of its content and its first answer (JSON)."""

    content_hash: str
    answer: bytes


class Counted(msgspec.Struct, frozen=True, order=True):
    """A counter of a campaign, by the name of its quota."""

    campaign_id: CampaignId
    counter: str


class Lookup(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one group of commands has to lock and load, each without repetition.

    The queues of orders that are part of an edition are locked as well, without being named.
    `people` are those whose orders are counted with their logins, `first_waiting` how many of the
    lowest ranks that wait for a unit are read, `codes` the priority codes that reservations show,
    `counted` the queues whose campaigns count places, `given_cars` orders whose rivals for a car
    are read.
    `centres` are named, `centres_of` orders book at their own; bays count from `bays_since` on.
    """

    orders: tuple[OrderKey, ...]
    queues: tuple[QueueId, ...]
    commands: tuple[CommandKey, ...]
    people: tuple[PersonKey, ...] = ()
    first_waiting: int = 0
    codes: tuple[CodeId, ...] = ()
    counted: tuple[QueueId, ...] = ()
    given_cars: tuple[OrderKey, ...] = ()
    centres: tuple[CentreId, ...] = ()
    centres_of: tuple[OrderKey, ...] = ()
    bays_since: Instant | None = None


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, read after the locks were held. Absent keys were not found.

    `held` are the orders that count for the persons and logins asked about, each once.
    """

    orders: dict[OrderKey, Order]
    queues: dict[QueueId, Queue]
    commands: dict[CommandKey, KnownCommand]
    waiting: dict[QueueId, tuple[int, ...]] = {}
    held: tuple[Allotted, ...] = ()
    codes: dict[CodeId, CodeFact] = {}
    taken: dict[Counted, int] = {}
    ahead: dict[OrderKey, tuple[Order, ...]] = {}
    centres: dict[CentreId, Centre] = {}
    deliveries: dict[OrderKey, Delivery] = {}


class RecordedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it is stored, with who caused it by which command and when it was stored."""

    buyer_id: BuyerId
    order_id: OrderId
    sequence: int
    event: Event
    actor_id: str
    command_key: str
    recorded_at: Instant


class RecordedPosting(msgspec.Struct, frozen=True, kw_only=True):
    """A posting as it is stored: the event's sequence is its cause, `line` counts from 1."""

    buyer_id: BuyerId
    order_id: OrderId
    sequence: int
    line: int
    posting: Posting


class RecordedMove(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A move of an order in its queue as it is stored: the event's sequence is its cause's.

    Buyer and order say who moved, rank and lane where, `change` is 1, -1 or 0 (`core/queue`).
    """

    buyer_id: BuyerId
    order_id: OrderId
    sequence: int
    queue_id: QueueId
    lane: Lane
    rank: int
    change: int
    cause: Cause
    at: Instant


class RecordedCommand(msgspec.Struct, frozen=True, kw_only=True):
    """A decided command with its first answer, accepted or rejected."""

    command: CommandKey
    order_id: OrderId
    content_hash: str
    answer: bytes
    decided_at: Instant


class OrderDeadline(msgspec.Struct, frozen=True):
    """A deadline with the order it belongs to."""

    order: OrderKey
    deadline: Deadline


class InboxMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's message that no order could be found for; kept for a person."""

    provider: str
    event_id: str
    kind: str
    body: bytes
    received_at: Instant
    outcome: str


class CodeMove(msgspec.Struct, frozen=True, kw_only=True):
    """A code goes from one order to another, or from and to nobody.

    One that was not locked when the group began moves only if it still is where it was.
    """

    code_id: CodeId
    order_before: OrderId | None
    order_id: OrderId | None
    was_locked: bool


class CountMove(msgspec.Struct, frozen=True, kw_only=True):
    """A counter of a campaign moves by so many places."""

    campaign_id: CampaignId
    counter: str
    change: int


class Channel(StrEnum):
    """How a message leaves. `POINTER` is mail that says only where something is to be read."""

    MAIL = "mail"
    CAMPAIGN = "campaign"
    POINTER = "pointer"
    WEBHOOK = "webhook"
    PAYOUT = "payout"
    SMS = "sms"


class OutgoingMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Something that must leave after the commit, at least once.

    `subject` is the template of a mail, what a pointer leads to, the kind of a webhook, the number
    of a payout, or the campaign whose version `sequence` is told, which concerns no order.
    """

    channel: Channel
    buyer_id: BuyerId
    order_id: OrderId
    sequence: int
    subject: str
    not_before: Instant | None = None


class Changes(msgspec.Struct, kw_only=True):
    """Everything one group writes, in one transaction.

    `orders` are the touched orders as they stand after the group, `created` those of them that are
    new, `queues` those whose next rank or units moved, `moves` what moved in them. `allotted` hold
    a unit of an edition or wait for one now, `no_longer_allotted` did before. `outcomes` are what
    became of promises whose cars were tendered, `freed_slots` what orders left, where it changed.
    `checkouts_wanted` wait for a provider to open their payment, `checkouts_over` no more.
    `deliveries` are those of orders that go to another centre, bay or time now, or to none.
    """

    commands: list[RecordedCommand]
    events: list[RecordedEvent]
    postings: list[RecordedPosting]
    orders: list[Order]
    created: set[OrderKey]
    deadlines_set: list[OrderDeadline]
    deadlines_cleared: list[OrderDeadline]
    queues: list[Queue]
    moves: list[RecordedMove]
    messages: list[OutgoingMessage]
    allotted: list[Allotted] = []
    no_longer_allotted: list[OrderKey] = []
    checkouts_wanted: list[Order] = []
    checkouts_over: list[OrderKey] = []
    codes: list[CodeMove] = []
    counts: list[CountMove] = []
    outcomes: list[PromiseOutcome] = []
    freed_slots: dict[OrderKey, tuple[Slot, ...]] = {}
    deliveries: dict[OrderKey, Delivery | None] = {}


class StoreUnavailable(Exception):
    """The database could not be reached or lost the connection.

    Whether a commit under way happened is unknown. Running the same group again is safe: the
    locks wait for the old transaction, and the keys are looked up before anything is repeated.
    """


class Transaction(Protocol):
    """One transaction. Leaving its context commits; an exception rolls everything back."""

    async def load(self, lookup: Lookup) -> Loaded:
        """Lock orders in key order, queues, codes and counters in id order, then read all of it.

        The command keys are read after the locks, so two processes never decide one command.
        """

    async def save(self, changes: Changes) -> None:
        """Write everything of a group; tender, inspection and demand rows follow from events."""


class Promises(Protocol):
    """What makers promise to everybody. Every method raises `StoreUnavailable`."""

    async def publish_promise(self, promise: PublicPromise) -> bool:
        """Make a public promise known; False when its id is used, which changes nothing."""

    async def public_promises(self) -> Sequence[PublicPromise]:
        """Everything the makers promised to everybody, for all queues, the oldest first."""


class Store(Promises, Protocol):
    """The database as the desk sees it."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction. Raises `StoreUnavailable`."""

    async def terms(self, terms_hash: TermsHash) -> TermsVersion | None:
        """A published terms version, by digest. It never changes."""

    async def catalogue(self, catalogue_hash: CatalogueHash) -> Catalogue | None:
        """A published catalogue, by digest. It never changes."""

    async def offers(self) -> Sequence[Offer]:
        """What is on sale, for all queues."""

    async def decided_before(self, keys: Sequence[CommandKey]) -> Mapping[CommandKey, KnownCommand]:
        """What was decided under these keys and committed; a key that is new is left out."""

    async def next_in_line(
        self, limits: Mapping[QueueId, int | None], most: int
    ) -> Sequence[OrderKey]:
        """Orders that wait while units of their queue are free, as many as there are, by rank.

        `limits` are the units of each edition now on sale; at most `most` orders are named.
        """

    async def campaigns(self) -> Sequence[Announced]:
        """Every version of every campaign, for all queues, the oldest first."""

    async def pauses(self) -> Sequence[SalePause]:
        """Every pause of every sale, by queue, the earliest first."""

    async def due_deadlines(self, now: Instant, limit: int) -> Sequence[OrderDeadline]:
        """What has fallen due, the oldest first; nothing lapses where a pause is not settled."""

    async def keep_in_inbox(self, message: InboxMessage) -> bool:
        """Keep a message that matches no order; False when it was already kept."""


class PublicationKind(StrEnum):
    """What was published."""

    TERMS = "terms"
    OFFER = "offer"


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """An act of publishing: who, by which key, with which content, what, and when.

    `actor_id` and `key` together are unique. `findings` are what the linter said of the terms
    then; an offer has its queue and opening instead.
    """

    actor_id: str
    key: str
    content_hash: str
    kind: PublicationKind
    terms_hash: TermsHash
    published_at: Instant
    findings: tuple[PlacedFinding, ...] = ()
    queue_id: QueueId | None = None
    opens_at: Instant | None = None


class Shelf(Protocol):
    """Where publications are kept, one act at a time. `store/shelf.py` implements it.

    Every method raises `StoreUnavailable`. Both ways of adding return the publication on record
    under this actor and key: the given one, or the earlier one, whatever its content was. What
    stands in the way is a rejection, and then nothing is kept.
    """

    async def publication(self, actor_id: str, key: str) -> Publication | None:
        """The act of this actor with this key."""

    async def publications(self, terms_hash: TermsHash) -> Sequence[Publication]:
        """Every act about these terms, the oldest first."""

    async def add_terms(
        self, publication: Publication, terms: TermsVersion
    ) -> Publication | Rejected:
        """Keep terms and the act. Rejections: `version_taken` by other terms of that name."""

    async def add_offer(self, publication: Publication, offer: Offer) -> Publication | Rejected:
        """Keep an offer and the act. Rejections: `offer_exists` for this queue and instant."""

    async def queue(self, queue_id: QueueId) -> Queue | None:
        """A queue, if it is known."""
