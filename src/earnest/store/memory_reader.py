"""What the doors read, and the register of people, over the store's twin in memory.

Not here: writing orders (`memory.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.ledger.posting import account_balances
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.order.work import work_of
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import BuyerId, CatalogueHash, OrderId, QueueId, TermsHash
from earnest.core.values.instant import Instant
from earnest.desk.outgoing import Occurrence, Place
from earnest.desk.ports import OrderKey, PublicationKind, RecordedEvent, RecordedPosting
from earnest.desk.views import (
    AccountSum,
    Admission,
    BuyerProfile,
    DatedPosting,
    OrderFilter,
    PaymentStates,
    TermsHead,
    digits_to_find,
    only_digits,
)
from earnest.store.memory import MemoryStore
from earnest.store.memory_tables import ConstraintViolated


class MemoryReader:
    """`Reader` of the desk's views and `Occurrences` of its senders."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def order_by_id(self, order_id: OrderId) -> Order | None:
        """The order with this id, whoever's it is. For staff."""
        orders = self._store.tables.orders
        return next((order for key, order in orders.items() if key.order_id == order_id), None)

    async def orders_by_ids(self, order_ids: Sequence[OrderId]) -> Sequence[Order]:
        """The orders with these ids in the order of their keys, whoever's they are. For staff."""
        orders = self._store.tables.orders
        return [orders[key] for key in sorted(orders) if key.order_id in order_ids]

    async def order_of_buyer(self, key: OrderKey) -> Order | None:
        """The order with this id if it is this buyer's, otherwise None."""
        return self._store.tables.orders.get(key)

    async def orders(
        self,
        wanted: OrderFilter,
        after: OrderKey | None,
        limit: int,
        until: OrderKey | None = None,
    ) -> Sequence[Order]:
        """At most `limit` orders that fit, in the order of their keys, after the given key."""
        orders = self._store.tables.orders
        keys = sorted(key for key in orders if after is None or key > after)
        near = [key for key in keys if until is None or key <= until]
        return [orders[key] for key in near if _fits(orders[key], wanted)][:limit]

    async def key_after(self, after: OrderKey | None, count: int) -> OrderKey | None:
        """The key that stands so many orders behind the given one; None where there are fewer."""
        keys = sorted(key for key in self._store.tables.orders if after is None or key > after)
        return keys[count - 1] if len(keys) >= count else None

    async def orders_of(self, buyer_ids: Sequence[BuyerId], limit: int) -> Sequence[Order]:
        """At most `limit` orders of these buyers, in the order of their keys."""
        orders = self._store.tables.orders
        return [orders[key] for key in sorted(orders) if key.buyer_id in buyer_ids][:limit]

    async def orders_with_work(self, limit: int) -> Sequence[Order]:
        """At most `limit` orders that wait for somebody of the office, the soonest first."""
        waiting = sorted(
            (min(each.due_at for each in work_of(order)), key)
            for key, order in self._store.tables.orders.items()
            if work_of(order)
        )
        return [self._store.tables.orders[key] for _, key in waiting][:limit]

    async def events(self, key: OrderKey) -> Sequence[RecordedEvent]:
        """Everything that happened to an order, by sequence."""
        return list(self._store.tables.events.get(key, ()))

    async def occurrences(self, places: Sequence[Place]) -> Mapping[Place, Occurrence]:
        """The events at these places; a place where nothing is stored is left out."""
        found: dict[Place, Occurrence] = {}
        for place in places:
            key = OrderKey(place.buyer_id, place.order_id)
            for each in self._store.tables.events.get(key, ()):
                if each.sequence == place.sequence:
                    found[place] = Occurrence(each, self._store.tables.orders[key].terms_hash)
        return found

    async def postings(self, key: OrderKey) -> Sequence[RecordedPosting]:
        """Every posting of an order, by sequence and line."""
        return list(self._store.tables.postings.get(key, ()))

    async def journal(self, begins: Instant, ends: Instant, limit: int) -> Sequence[DatedPosting]:
        """At most `limit` postings recorded in `[begins, ends)`, in the order of recording."""
        found = []
        for key, postings in self._store.tables.postings.items():
            events = {each.sequence: each for each in self._store.tables.events[key]}
            for each in postings:
                event = events[each.sequence]
                if begins <= event.recorded_at < ends:
                    found.append(
                        DatedPosting(
                            recorded_at=event.recorded_at,
                            cause=type(event.event).__name__,
                            posting=each,
                        )
                    )
        found.sort(key=lambda each: (each.recorded_at, *_place_of(each.posting)))
        return found[:limit]

    async def account_sums(self) -> Sequence[AccountSum]:
        """Every account over all orders of all buyers."""
        balances = account_balances(
            each.posting for postings in self._store.tables.postings.values() for each in postings
        )
        return [
            AccountSum(account=account, currency=currency, debits_minus_credits=amount)
            for (account, currency), amount in sorted(balances.items())
        ]

    async def terms(self, terms_hash: TermsHash) -> TermsVersion | None:
        """A published terms version, by digest. It never changes."""
        return await self._store.terms(terms_hash)

    async def catalogue(self, catalogue_hash: CatalogueHash) -> Catalogue | None:
        """A published catalogue, by digest. It never changes."""
        return await self._store.catalogue(catalogue_hash)

    async def stage_counts(self, queue_id: QueueId) -> Mapping[Stage, int]:
        """How many orders of a queue stand at each stage; stages without any are left out."""
        orders = self._store.tables.orders.values()
        return Counter(order.stage for order in orders if order.queue_id == queue_id)

    async def payment_states(self, queue_id: QueueId) -> PaymentStates:
        """How the deposits of a queue stand with the provider."""
        rows = self._store.tables
        states = Counter(
            state for key, state in rows.checkouts.items() if rows.orders[key].queue_id == queue_id
        )
        unmatched = Counter((each.provider, each.outcome) for each in self._store.inbox.values())
        return PaymentStates(
            to_open=states.total() - states["refused"],
            refused=states["refused"],
            unmatched=tuple((*key, unmatched[key]) for key in sorted(unmatched)),
        )

    async def reserved_since(
        self, queue_id: QueueId, rank: int
    ) -> tuple[int, Instant, Instant] | None:
        """How many orders have this rank or a later one, and the first and the last instant."""
        found = [
            order.reserved_at
            for order in self._store.tables.orders.values()
            if order.queue_id == queue_id and order.rank >= rank
        ]
        return (len(found), min(found), max(found)) if found else None

    async def terms_versions(self, limit: int) -> Sequence[TermsHead]:
        """The versions of terms that were published last, the newest first."""
        found = []
        for terms in list(reversed(self._store.terms_known.values()))[:limit]:
            acts = await self._store.publications(terms.terms_hash)
            act = next((each for each in acts if each.kind is PublicationKind.TERMS), None)
            found.append(
                TermsHead(
                    terms_hash=terms.terms_hash,
                    version=terms.version,
                    published_at=None if act is None else act.published_at,
                    published_by=None if act is None else act.actor_id,
                )
            )
        return found

    async def ping(self) -> None:
        """Memory always answers."""


class MemoryRegister:
    """`Register` of the desk's views."""

    def __init__(self) -> None:
        self._admissions: dict[tuple[str, str], Admission] = {}
        self._buyers: dict[BuyerId, BuyerProfile] = {}

    async def admit(self, admission: Admission, buyers: Sequence[BuyerProfile]) -> Admission:
        """Register buyers once and return the admission that is on record."""
        key = (admission.actor_id, admission.key)
        if key in self._admissions:
            return self._admissions[key]
        new = {buyer.buyer_id: buyer for buyer in buyers}
        if len(new) != len(buyers) or new.keys() & self._buyers.keys():
            raise ConstraintViolated("a buyer is registered once")
        self._buyers.update(new)
        self._admissions[key] = admission
        return admission

    async def buyer(self, buyer_id: BuyerId) -> BuyerProfile | None:
        """The buyer with this id."""
        return self._buyers.get(buyer_id)

    async def buyers(self, buyer_ids: Sequence[BuyerId]) -> Sequence[BuyerProfile]:
        """The buyers with these ids; an unknown id is left out."""
        return [self._buyers[each] for each in dict.fromkeys(buyer_ids) if each in self._buyers]

    async def only_buyer_at(self, email: str) -> BuyerId | None:
        """The only buyer registered with this (lower-case) address; None for none or several."""
        found = [each for each in self._buyers.values() if (each.email or "").lower() == email]
        return found[0].buyer_id if len(found) == 1 else None

    async def name_buyer(self, buyer_id: BuyerId, name: str) -> None:
        """Note the name of a buyer who has none yet."""
        buyer = self._buyers.get(buyer_id)
        if buyer is not None and not buyer.name:
            self._buyers[buyer_id] = msgspec.structs.replace(buyer, name=name)

    async def find_buyers(self, text: str, limit: int) -> Sequence[BuyerProfile]:
        """Buyers by the beginning of their name, the end of their telephone, or their address."""
        wanted, digits = text.lower(), digits_to_find(text)
        found = [
            each
            for each in self._buyers.values()
            if each.name.lower().startswith(wanted)
            or (each.email or "").lower() == wanted
            or (digits is not None and only_digits(each.phone or "").endswith(digits))
        ]
        return sorted(found, key=lambda each: (each.name.lower(), each.buyer_id))[:limit]


def _fits(order: Order, wanted: OrderFilter) -> bool:
    vin = None if order.car is None else order.car.vin
    return (
        wanted.buyer_id in {None, order.buyer_id}
        and wanted.stage in {None, order.stage}
        and wanted.queue_id in {None, order.queue_id}
        and wanted.vin in {None, vin}
    )


def _place_of(posting: RecordedPosting) -> tuple[str, str, int, int]:
    return posting.buyer_id, posting.order_id, posting.sequence, posting.line
