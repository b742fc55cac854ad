"""From a document to a terms version: the policy and the text come from the same parameters.

Not here: reading a file (`reading.py`), what the engine cannot run (`runnable.py`), and publishing.
"""

from __future__ import annotations

from earnest.core.terms.clauses.contract import clauses_of
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.fault import Fault, in_order
from earnest.core.terms.location import locate
from earnest.core.terms.policy import DepositKind, Policy
from earnest.core.terms.reading import read_document
from earnest.core.terms.runnable import cannot_run
from earnest.core.terms.sections.delivering import StorageBasis
from earnest.core.terms.sections.leaving import Kept
from earnest.core.terms.version import TermsVersion
from earnest.core.values.money import Money

EDITION = 1
"""Of the policy and the wording that a document yields. It rises when the same document would yield
another contract, so that a version of before is not taken for a forgery."""


def read_and_compile(source: str, name: str) -> TermsVersion | tuple[Fault, ...]:
    """The version that a TOML text yields, or why it yields none."""
    document = read_document(source, name)
    if isinstance(document, tuple):
        return document
    return compile_terms(document, source, name)


def compile_terms(
    document: TermsDocument, source: str, name: str = "terms.toml"
) -> TermsVersion | tuple[Fault, ...]:
    """The version of a document, or everything in it that the engine cannot run.

    `source` is the TOML that the document was read from and goes into the version as it is;
    `name` is the file's name, for the faults.
    """
    refused = list(cannot_run(document))
    if refused:
        lines = locate(source)
        return in_order([fault.at(name, lines) for fault in refused])
    return TermsVersion(
        version=document.version,
        seller=document.seller.name,
        payee=document.payee.name,
        policy=policy_of(document),
        clauses=clauses_of(document),
        source=source,
        edition=EDITION,
    )


def difference_from_source(version: TermsVersion) -> str | None:
    """How a version differs from what its own document yields, or None.

    A version without a document, or of another edition of this compiler, cannot be compared.
    """
    if not version.source or version.edition != EDITION:
        return None
    again = read_and_compile(version.source, version.version)
    if not isinstance(again, TermsVersion):
        return f"its document has faults: {again[0].sentence()}"
    if again.policy != version.policy:
        return "its numbers are not those of its document"
    if again.clauses != version.clauses:
        return "its text is not that of its document"
    return None if again == version else "its names are not those of its document"


def policy_of(document: TermsDocument) -> Policy:
    """The numbers that the engine runs for a document that it can run."""
    return Policy(
        jurisdiction=document.jurisdiction,
        currency=document.currency,
        time_zone=document.time_zone,
        deposit_kind=document.deposit.kind,
        deposit=document.money(document.deposit.amount),
        payment_window_minutes=document.payment.window_minutes,
        cooling_off_hours=document.cooling_off.hours,
        early_lock_offered=document.lock.early_offered,
        undo_lock_hours=document.lock.undo_hours,
        change_hours_after_lock=document.changes.hours_after_lock,
        deferrals_free=document.deferral.free,
        deferral_days_longest=document.deferral.longest_days,
        deferral_reminder_days=document.deferral.reminder_days,
        promise_weeks_from=document.promise.weeks_from,
        promise_weeks_to=document.promise.weeks_to,
        appointments_before_demand=document.collection.missed_before_demand,
        balance_due_days=document.balance_due.days,
        cure_days=document.buyers_default.cure_days,
        delivery_cure_days=document.late_delivery.cure_days,
        cooling_off_refund_hours=document.cooling_off.refund_hours,
        refund_days=document.refunds.days,
        release_days=document.refunds.release_days,
        close_days_after_handover=document.close_days_after_handover,
        inspection_checklist=document.inspection.checklist,
        handover_documents=document.handover_documents,
        late_delivery_per_day=_sum_or_none(document, document.late_delivery.per_day),
        late_delivery_cap=_sum_or_none(document, document.late_delivery.cap),
        late_delivery_free_days=document.late_delivery.free_days,
        refund_interest_basis_points=document.refunds.interest_basis_points,
        storage_per_day=_storage(document, document.storage.per_day),
        storage_cap=_storage(document, document.storage.cap),
        storage_free_days=document.storage.free_days,
        tax_difference_cap=_sum_or_none(document, document.tax.cap),
        price_falls_passed_on=document.price.falls_passed_on,
        change_answer_days=document.changes.answer_days,
        deposit_returned_if_finance_declined=document.finance.deposit_returned_if_declined,
        withdrawal_days_after_handover=document.withdrawal_after_handover.days,
        forfeiture_waived=document.buyers_default.keeps is Kept.NOTHING
        and document.deposit.kind is not DepositKind.INTENT,
        withdrawal_exempt=document.withdrawal_after_handover.exempt_as_made_to_specification,
        deposit_back_if_taken_days=document.buyers_default.deposit_back_if_taken_days,
    )


def _sum_or_none(document: TermsDocument, amount: str) -> Money | None:
    """A sum, or None for nothing, which is how the engine knows that none was agreed."""
    money = document.money(amount)
    return money if money.is_positive else None


def _storage(document: TermsDocument, amount: str) -> Money | None:
    if document.storage.basis is StorageBasis.NONE:
        return None
    return _sum_or_none(document, amount)
