"""The whole contract of a document: every clause of the engine in order, then the maker's own.

Not here: the clauses themselves, which stand beside this file by phase of an order's life.
"""

from __future__ import annotations

from collections.abc import Callable

from earnest.core.terms.clauses import delivering, guarantees, leaving, ordering
from earnest.core.terms.clauses.words import Both, clause
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.sections.leaving import OwnClause
from earnest.core.terms.version import ACCEPTANCE_CLAUSE, FORFEITURE_CLAUSE, LOCK_CLAUSE, Clause

ENGINE_CLAUSES: dict[str, Callable[[TermsDocument], Clause]] = {
    ACCEPTANCE_CLAUSE: ordering.terms,
    "seller_and_payee": ordering.seller_and_payee,
    "formation": ordering.formation,
    "deposit": ordering.deposit,
    "payment_window": ordering.payment_window,
    "cooling_off": ordering.cooling_off,
    LOCK_CLAUSE: ordering.lock_effect,
    "changes": ordering.changes,
    "queue": ordering.queue,
    "promise": delivering.promise,
    "deferral": delivering.deferral,
    "inspection": delivering.inspection,
    "balance_due": delivering.balance_due,
    "collection": delivering.collection,
    "delay": delivering.delay,
    "storage": delivering.storage,
    "handover": delivering.handover,
    FORFEITURE_CLAUSE: leaving.buyers_default,
    "sellers_default": leaving.sellers_default,
    "seller_cancels": leaving.seller_cancels,
    "refunds": leaving.refunds,
    "withdrawal_after_handover": leaving.withdrawal_after_handover,
    "price": guarantees.price,
    "tax": guarantees.tax,
    "finance": guarantees.finance,
    "transfer": guarantees.transfer,
    "agreements": guarantees.agreements,
    "forum": guarantees.forum,
}
"""Every clause that follows from parameters, in the order of the contract."""


def clauses_of(document: TermsDocument) -> tuple[Clause, ...]:
    """The text of a document, fair or unfair, in every language of the terms."""
    return (
        *(render(document) for render in ENGINE_CLAUSES.values()),
        *(_own(each) for each in document.clauses),
    )


def _own(own: OwnClause) -> Clause:
    """A clause of the maker's own words, behind which no rule of the engine stands."""
    return clause(own.id, Both(own.en, own.zh_hans), material=own.material, executed=False)
