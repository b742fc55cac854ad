"""What the doors read: orders, their events and postings, what is on sale, and who people are.

`store/reader.py` and `store/register.py` implement these protocols on PostgreSQL, and the memory
twin of the store implements them for tests. Not here: writing orders, which only the desk does
(`ports.py`), and who may read what, which the doors decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.ledger.account import Account
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import BuyerId, CatalogueHash, OrderId, QueueId, TermsHash
from earnest.core.values.instant import Instant
from earnest.desk.ports import InboxMessage, OrderKey, RecordedEvent, RecordedPosting

EARLY_STAGES = frozenset({Stage.RESERVED, Stage.DEPOSITED, Stage.LOCKED})
"""Stages without an index of their own, because every order changes between them in a launch."""


class OrderFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which orders a page shows: those that fit every field that is given."""

    buyer_id: BuyerId | None = None
    stage: Stage | None = None
    queue_id: QueueId | None = None
    vin: str | None = None

    @property
    def walks_all(self) -> bool:
        """Whether what fits is found only by looking at one order after the other."""
        is_narrow = self.buyer_id is not None or self.vin is not None
        is_early = self.stage in EARLY_STAGES or self.stage is None
        has_wish = self.stage is not None or self.queue_id is not None
        return has_wish and is_early and not is_narrow


class AccountSum(msgspec.Struct, frozen=True, kw_only=True):
    """Debits minus credits of an account over all orders, in minor units."""

    account: Account
    currency: str
    debits_minus_credits: int


class PaymentStates(msgspec.Struct, frozen=True, kw_only=True):
    """How deposits of a queue stand with the provider, beside what the stages of orders say.

    `to_open` wait for the provider to open a page, `refused` are pages that it would not open.
    `unmatched` are messages of providers in the inbox that belong to no order of any queue, by
    provider and what was made of them.
    """

    to_open: int = 0
    refused: int = 0
    unmatched: tuple[tuple[str, str, int], ...] = ()


class DatedPosting(msgspec.Struct, frozen=True, kw_only=True):
    """A posting with when its event was recorded, and of which kind that was."""

    recorded_at: Instant
    cause: str
    posting: RecordedPosting


class TermsHead(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the terms in a list. A demo's own were published by nobody, at no instant."""

    terms_hash: TermsHash
    version: str
    published_at: Instant | None
    published_by: str | None


class Reader(Protocol):
    """The database as a reader sees it: committed rows, no locks.

    Every method raises `StoreUnavailable` when the database cannot be reached.
    """

    async def order_by_id(self, order_id: OrderId) -> Order | None:
        """The order with this id, whoever's it is. For staff."""

    async def orders_by_ids(self, order_ids: Sequence[OrderId]) -> Sequence[Order]:
        """The orders with these ids in the order of their keys, whoever's they are. For staff."""

    async def order_of_buyer(self, key: OrderKey) -> Order | None:
        """The order with this id if it is this buyer's, otherwise None."""

    async def orders(
        self,
        wanted: OrderFilter,
        after: OrderKey | None,
        limit: int,
        until: OrderKey | None = None,
    ) -> Sequence[Order]:
        """At most `limit` orders that fit, in the order of their keys, after the given key.

        The order of keys never changes, so nobody who walks from page to page sees an order
        twice or misses one that was there from the start. With `until` no order behind that key
        is looked at.
        """

    async def key_after(self, after: OrderKey | None, count: int) -> OrderKey | None:
        """The key that stands so many orders behind the given one; None where there are fewer.

        Between the two a filter that nothing fits looks at so many orders and no more.
        """

    async def orders_of(self, buyer_ids: Sequence[BuyerId], limit: int) -> Sequence[Order]:
        """At most `limit` orders of these buyers, in the order of their keys."""

    async def orders_with_work(self, limit: int) -> Sequence[Order]:
        """At most `limit` orders that wait for somebody of the office, the soonest first.

        That is: a case without its answer or its decision, a payout that is neither paid nor waits
        for the car, a forfeiture without its second person. `core/order/work.py` says which.
        """

    async def events(self, key: OrderKey) -> Sequence[RecordedEvent]:
        """Everything that happened to an order, by sequence."""

    async def postings(self, key: OrderKey) -> Sequence[RecordedPosting]:
        """Every posting of an order, by sequence and line."""

    async def journal(self, begins: Instant, ends: Instant, limit: int) -> Sequence[DatedPosting]:
        """At most `limit` postings recorded in `[begins, ends)`, in the order of recording."""

    async def account_sums(self) -> Sequence[AccountSum]:
        """Every account over all orders of all buyers."""

    async def terms(self, terms_hash: TermsHash) -> TermsVersion | None:
        """A published terms version, by digest. It never changes."""

    async def catalogue(self, catalogue_hash: CatalogueHash) -> Catalogue | None:
        """A published catalogue, by digest. It never changes."""

    async def stage_counts(self, queue_id: QueueId) -> Mapping[Stage, int]:
        """How many orders of a queue stand at each stage; stages without any are left out."""

    async def payment_states(self, queue_id: QueueId) -> PaymentStates:
        """How the deposits of a queue stand with the provider."""

    async def reserved_since(
        self, queue_id: QueueId, rank: int
    ) -> tuple[int, Instant, Instant] | None:
        """How many orders have this rank or a later one, and the first and the last instant."""

    async def terms_versions(self, limit: int) -> Sequence[TermsHead]:
        """The versions of terms that were published last, the newest first."""

    async def ping(self) -> None:
        """Ask the database for nothing; raises `StoreUnavailable` when it does not answer."""


class Inbox(Protocol):
    """Where providers' messages are kept that match nothing, until a person looked at them."""

    async def keep_in_inbox(self, message: InboxMessage) -> bool:
        """Keep a message that matches no order; False when it was already kept."""


class BuyerProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A buyer as a person. Personal data: it is stored in the schema `people` and nowhere else."""

    buyer_id: BuyerId
    name: str
    email: str | None
    phone: str | None
    language: str
    created_at: Instant


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """One request that registered buyers: who asked, its idempotency key, its content's digest.

    Together `actor_id` and `key` are unique; they are stored in the schema `people`.
    """

    actor_id: str
    key: str
    content_hash: str
    admitted_at: Instant


class Register(Protocol):
    """The register of people. Every method raises `StoreUnavailable` like a reader's."""

    async def admit(self, admission: Admission, buyers: Sequence[BuyerProfile]) -> Admission:
        """Register buyers once, in one transaction, and return the admission that is on record.

        When the actor has used the key before, nothing is written and the earlier admission is
        returned, whatever its content: the caller compares the digests. Ids are derived from the
        key, so a new admission never meets a buyer id that exists.
        """

    async def buyer(self, buyer_id: BuyerId) -> BuyerProfile | None:
        """The buyer with this id."""

    async def buyers(self, buyer_ids: Sequence[BuyerId]) -> Sequence[BuyerProfile]:
        """The buyers with these ids, in no particular order; an unknown id is left out."""

    async def find_buyers(self, text: str, limit: int) -> Sequence[BuyerProfile]:
        """At most `limit` buyers by the beginning of a name, the end of a number, or an address.

        A number has four digits at least; an address is whole. Capitals do not matter.
        """


LEAST_DIGITS = 4
"""Digits of a telephone number by which somebody is looked for at least."""


def digits_to_find(text: str) -> str | None:
    """The digits of a text that may be a telephone number; None where it is none."""
    digits = only_digits(text)
    rest = set(text) - set(digits)
    return digits if len(digits) >= LEAST_DIGITS and rest <= set("+ ()-") else None


def only_digits(text: str) -> str:
    """The digits of a text."""
    return "".join(each for each in text if each.isascii() and each.isdigit())
