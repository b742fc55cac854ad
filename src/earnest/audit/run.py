"""Running the whole audit: every order, every queue, every account, and the provider's word.

Not here: the rules of one order (`rules.py`) and printing (`cli`).
"""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from typing import Protocol, TypeAlias

import msgspec

from earnest.audit.launches import LaunchBooks
from earnest.audit.moves import moves_follow
from earnest.audit.rules import Fault, Rule, faults_of
from earnest.core.ledger.account import Account
from earnest.core.terms.compile import difference_from_source
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import TermsHash
from earnest.desk.records import OrderFile, QueueFigures, Records, UnreadableFile
from earnest.desk.views import AccountSum


class ProviderFigure(msgspec.Struct, frozen=True, kw_only=True):
    """What the provider holds for one order: taken in minus given back, in minor units."""

    order_id: str
    currency: str
    held: int


class ProviderBooks(Protocol):
    """The provider's own word about every order; gateways implement it."""

    def figures(self) -> AsyncIterator[ProviderFigure]:
        """Every order the provider ever held money for."""


OrderMoney: TypeAlias = tuple[str, str]
"""An order id with a currency."""

Holdings: TypeAlias = dict[OrderMoney, int]
"""What is held for orders, in minor units."""

LookAgain: TypeAlias = Callable[[frozenset[str]], Awaitable[Holdings]]
"""What the books say of these orders now, which is later than when they were suspected."""

SECOND_LOOKS = 3
"""How often a suspected order is looked at again; who agrees once is trusted."""

PROGRESS_STEP = 1_000


class Audited(msgspec.Struct, kw_only=True):
    """The result of an audit: what was looked at, money by account, and every fault."""

    orders: int = 0
    events: int = 0
    postings: int = 0
    provider_compared: bool = False
    accounts: list[AccountSum] = []
    faults: list[Fault] = []

    @property
    def is_clean(self) -> bool:
        """Whether nothing at all was found."""
        return not self.faults


async def audit(
    records: Records,
    provider: ProviderBooks | None,
    progress: Callable[[int], None],
    look_again: LookAgain | None = None,
) -> Audited:
    """Check every invariant over the whole database.

    `provider` is None when nobody answers for the provider; then the comparison is left out and
    the result says so. `progress` is told how many orders were looked at. `records` show one
    moment and the provider's books go on, so payments on their way between the two would be
    accused: `look_again` tells what the books say of suspected orders later, and only who
    differs then as well is at fault.
    """
    result = Audited()
    books = await _audit_orders(records, result, progress)
    result.faults.extend(_ranks(await records.queue_figures()))
    result.accounts = list(await records.account_sums())
    result.faults.extend(_books_balance(result.accounts))
    result.faults.extend(
        [
            Fault(
                rule=Rule.NOTHING_ORPHANED,
                order_id=key.order_id,
                explanation="facts are stored of an order that has no row",
            )
            for key in await records.orphans()
        ]
    )
    messages = await records.message_figures()
    if messages.given_up:
        result.faults.append(
            Fault(
                rule=Rule.MESSAGES_LEAVE,
                order_id=None,
                explanation=f"{messages.given_up} groups of messages were given up after all tries",
            )
        )
    if provider is not None:
        result.provider_compared = True
        result.faults.extend(await _provider_differs(provider, books, look_again))
    return result


async def _audit_orders(
    records: Records, result: Audited, progress: Callable[[int], None]
) -> Holdings:
    """Look at every order, and return what the books say the provider holds for each."""
    books: Holdings = {}
    launches = LaunchBooks()
    published = await records.published_terms()
    policies = _true_policies(published)
    result.faults.extend(_terms_follow(published))
    catalogues = await records.published_catalogues()
    known_catalogues = {
        digest for digest, each in catalogues.items() if each.catalogue_hash == digest
    }
    async for file in records.order_files():
        result.orders += 1
        if result.orders % PROGRESS_STEP == 0:
            progress(result.orders)
        if isinstance(file, UnreadableFile):
            result.faults.append(_unreadable(file))
            launches.unreadable(file.key)
            continue
        result.events += len(file.events)
        result.postings += len(file.postings)
        result.faults.extend(faults_of(file, policies.get(file.state.terms_hash)))
        result.faults.extend(moves_follow(file, catalogues))
        launches.note(file.state)
        if file.state.catalogue_hash not in known_catalogues:
            result.faults.append(
                Fault(
                    rule=Rule.TERMS_KNOWN,
                    order_id=file.key.order_id,
                    explanation=f"catalogue {file.state.catalogue_hash} was never published",
                )
            )
        books |= held_for(file)
    progress(result.orders)
    result.faults.extend(launches.compared(await records.launch_tables()))
    return books


def _unreadable(file: UnreadableFile) -> Fault:
    return Fault(rule=Rule.READABLE, order_id=file.key.order_id, explanation=file.explanation)


def _true_policies(published: Mapping[TermsHash, TermsVersion]) -> dict[TermsHash, Policy]:
    """Policies of the terms whose stored text still yields the digest it is filed under."""
    return {
        digest: version.policy
        for digest, version in published.items()
        if version.terms_hash == digest
    }


def _terms_follow(published: Mapping[TermsHash, TermsVersion]) -> Iterator[Fault]:
    """Terms whose text or numbers are not what the document behind them says."""
    for digest, version in published.items():
        difference = difference_from_source(version)
        if difference is not None:
            yield Fault(
                rule=Rule.TERMS_FOLLOW, order_id=None, explanation=f"terms {digest}: {difference}"
            )


def held_for(file: OrderFile) -> Holdings:
    """What the books say the provider holds for this order."""
    held: Holdings = {}
    for recorded in file.postings:
        amount = recorded.posting.amount
        key = (file.key.order_id, amount.currency)
        if recorded.posting.debit is Account.PROVIDER_CLEARING:
            held[key] = held.get(key, 0) + amount.amount
        elif recorded.posting.credit is Account.PROVIDER_CLEARING:
            held[key] = held.get(key, 0) - amount.amount
    return held


def _ranks(figures: Sequence[QueueFigures]) -> Iterator[Fault]:
    for each in figures:
        given = each.queue.next_rank - 1
        dense = (
            each.orders == each.distinct_ranks == given
            and (each.lowest_rank or 1) == 1
            and (each.highest_rank or 0) == given
        )
        if not dense:
            yield Fault(
                rule=Rule.RANKS_DENSE,
                order_id=None,
                explanation=(
                    f"queue {each.queue.queue_id} gave {given} ranks; stored are {each.orders} "
                    f"orders with {each.distinct_ranks} different ranks from "
                    f"{each.lowest_rank} to {each.highest_rank}"
                ),
            )


def _books_balance(accounts: list[AccountSum]) -> Iterator[Fault]:
    sums: dict[str, int] = {}
    for each in accounts:
        sums[each.currency] = sums.get(each.currency, 0) + each.debits_minus_credits
    for currency, amount in sums.items():
        if amount != 0:
            yield Fault(
                rule=Rule.ZERO_SUM,
                order_id=None,
                explanation=f"all accounts together hold {amount} {currency}",
            )


async def _provider_differs(
    provider: ProviderBooks, books: Holdings, look_again: LookAgain | None
) -> list[Fault]:
    """Compare order by order, so that two faults cannot hide each other."""
    told = await _told_by(provider)
    suspects = _differing(books.keys() | told.keys(), books, told)
    for _ in range(SECOND_LOOKS):
        if not suspects or look_again is None:
            break
        books = await look_again(frozenset(order_id for order_id, _ in suspects))
        told = await _told_by(provider)
        suspects = _differing(suspects, books, told)
    return [
        Fault(
            rule=Rule.PROVIDER_AGREES,
            order_id=key[0],
            explanation=(
                f"the books hold {books.get(key, 0)} {key[1]}, the provider "
                + (str(told[key]) if key in told else "knows nothing")
            ),
        )
        for key in sorted(suspects)
    ]


async def _told_by(provider: ProviderBooks) -> Holdings:
    return {(each.order_id, each.currency): each.held async for each in provider.figures()}


def _differing(keys: Iterable[OrderMoney], books: Holdings, told: Holdings) -> set[OrderMoney]:
    return {key for key in keys if books.get(key, 0) != told.get(key, 0)}
