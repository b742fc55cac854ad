"""Running the whole audit: every order, every queue, every account, and the provider's word.

Not here: the rules of one order (`rules.py`) and printing (`cli`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from earnest.audit.rules import Fault, Rule, faults_of
from earnest.core.ledger.account import Account
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import TermsHash
from earnest.desk.records import OrderFile, QueueFigures, Records
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
) -> Audited:
    """Check every invariant over the whole database.

    `provider` is None when nobody answers for the
    provider; then the comparison is left out and the result says so. `progress` is told how
    many orders were looked at.
    """
    result = Audited()
    clearing: dict[str, int] = {}
    policies = _true_policies(await records.published_terms())
    catalogues = await records.published_catalogues()
    known_catalogues = {
        digest for digest, each in catalogues.items() if each.catalogue_hash == digest
    }
    async for file in records.order_files():
        result.orders += 1
        result.events += len(file.events)
        result.postings += len(file.postings)
        result.faults.extend(faults_of(file, policies.get(file.state.terms_hash)))
        if file.state.catalogue_hash not in known_catalogues:
            result.faults.append(
                Fault(
                    rule=Rule.TERMS_KNOWN,
                    order_id=file.key.order_id,
                    explanation=f"catalogue {file.state.catalogue_hash} was never published",
                )
            )
        clearing[file.key.order_id] = _clearing(file)
        if result.orders % 1000 == 0:
            progress(result.orders)
    progress(result.orders)
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
                explanation=f"{messages.given_up} messages were given up after all retries",
            )
        )
    if provider is not None:
        result.provider_compared = True
        result.faults.extend([fault async for fault in _provider_agrees(provider, clearing)])
    return result


def _true_policies(published: Mapping[TermsHash, TermsVersion]) -> dict[TermsHash, Policy]:
    """Policies of the terms whose stored text still yields the digest it is filed under."""
    return {
        digest: version.policy
        for digest, version in published.items()
        if version.terms_hash == digest
    }


def _clearing(file: OrderFile) -> int:
    """What the books say the provider holds for this order, in minor units."""
    held = 0
    for recorded in file.postings:
        if recorded.posting.debit is Account.PROVIDER_CLEARING:
            held += recorded.posting.amount.amount
        elif recorded.posting.credit is Account.PROVIDER_CLEARING:
            held -= recorded.posting.amount.amount
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


async def _provider_agrees(
    provider: ProviderBooks, clearing: dict[str, int]
) -> AsyncIterator[Fault]:
    """Compare order by order, so that two faults cannot hide each other."""
    unseen = {order_id for order_id, held in clearing.items() if held != 0}
    async for figure in provider.figures():
        unseen.discard(figure.order_id)
        booked = clearing.get(figure.order_id, 0)
        if booked != figure.held:
            yield Fault(
                rule=Rule.PROVIDER_AGREES,
                order_id=figure.order_id,
                explanation=f"the books hold {booked}, the provider {figure.held}",
            )
    for order_id in sorted(unseen):
        yield Fault(
            rule=Rule.PROVIDER_AGREES,
            order_id=order_id,
            explanation=f"the books hold {clearing[order_id]}, the provider knows nothing",
        )
