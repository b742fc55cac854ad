"""Everything that is stored of an order, as an audit or a dispute pack reads it.

Not here: judging it (`audit/`) and the SQL (`store/records.py` implements `Records`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.order.centre import Delivery
from earnest.core.order.state import Order
from earnest.core.queue.rank import Queue
from earnest.core.terms.version import TermsVersion
from earnest.core.timers import Deadline
from earnest.core.values.ids import CatalogueHash, TermsHash
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.desk.ports import OrderKey, RecordedEvent, RecordedMove, RecordedPosting
from earnest.desk.private import StoredContent
from earnest.desk.views import AccountSum


class StoredRow(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of an order's row that repeat what its state says, for reading and search."""

    queue_id: str
    rank: int
    stage: str
    sequence: int
    terms_hash: str
    catalogue_hash: str
    price: Money
    vin: str | None
    reserved_at: Instant
    changed_at: Instant


class StoredDemand(msgspec.Struct, frozen=True, kw_only=True):
    """A stored demand for the balance, with the inspection it stands on."""

    sequence: int
    tender_number: int
    amount: Money


class OrderFile(msgspec.Struct, frozen=True, kw_only=True):
    """One order with all its facts. `state` is the stored fold of its events."""

    key: OrderKey
    row: StoredRow
    state: Order
    events: tuple[RecordedEvent, ...]
    postings: tuple[RecordedPosting, ...]
    deadlines: frozenset[Deadline]
    demands: tuple[StoredDemand, ...]
    contents: tuple[StoredContent, ...] = ()
    moves: tuple[RecordedMove, ...] = ()


class UnreadableFile(msgspec.Struct, frozen=True, kw_only=True):
    """An order of which something is stored that no version of this code could have written."""

    key: OrderKey
    explanation: str


class QueueFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The ranks of a queue as they are stored: how many, how many different, the ends."""

    queue: Queue
    orders: int
    distinct_ranks: int
    lowest_rank: int | None
    highest_rank: int | None


class MessageFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Jobs of outgoing messages: still to send, and given up after all retries."""

    waiting: int
    given_up: int


class StoredUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A stored row of an order that holds a unit of an edition or waits for one."""

    order: OrderKey
    queue_id: str
    rank: int
    state: str
    person: str | None


class StoredCount(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a quota of a campaign is taken, as it is stored."""

    campaign_id: str
    counter: str
    taken: int


class LaunchTables(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored beside the orders of launches and deliveries and must follow from them.

    `counted` are the units held and waited for, by queue; `codes` those that an order uses, with
    the order; `pages` the orders for which a provider has to open a page;
    `deliveries` the centre, bay and time of every order that goes to one.
    """

    units: tuple[StoredUnit, ...]
    counted: Mapping[str, tuple[int, int]]
    counts: tuple[StoredCount, ...]
    codes: Mapping[str, str]
    pages: frozenset[OrderKey]
    deliveries: Mapping[OrderKey, Delivery]


class Records(Protocol):
    """Reading everything, in a transaction that sees one moment of the database."""

    def order_files(
        self, after: OrderKey | None = None
    ) -> AsyncIterator[OrderFile | UnreadableFile]:
        """Every order with its facts, in key order, streamed in pages."""

    async def order_count(self) -> int:
        """How many orders there are, for a progress bar."""

    async def order_file(self, order_id: str) -> OrderFile | UnreadableFile | None:
        """One order with its facts, by order id."""

    async def queue_figures(self) -> Sequence[QueueFigures]:
        """The ranks of every queue."""

    async def account_sums(self) -> Sequence[AccountSum]:
        """Every account over all orders."""

    async def published_terms(self) -> Mapping[TermsHash, TermsVersion]:
        """Every published terms version that can be read, by the digest it is filed under."""

    async def published_catalogues(self) -> Mapping[CatalogueHash, Catalogue]:
        """Every published catalogue that can be read, by the digest it is filed under."""

    async def orphans(self) -> Sequence[OrderKey]:
        """Keys that have events, postings or deadlines but no row."""

    async def launch_tables(self) -> LaunchTables:
        """What is stored of units, quotas, codes, pages to open, and deliveries."""

    async def message_figures(self) -> MessageFigures:
        """How outgoing messages stand."""
