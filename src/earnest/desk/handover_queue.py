"""What an order on its way to the handover still lacks, for those who prepare it at the centre.

Not here: the rules. Each of these is asked again by the command that needs it, and none of them
is ever taken for done because time passed.
"""

from __future__ import annotations

from enum import StrEnum

from earnest.core.order.preparing import preparation_of
from earnest.core.order.stage import OVER, Stage
from earnest.core.order.state import Order
from earnest.core.terms.policy import Policy
from earnest.desk.papers.signing import signature

_BEFORE_TENDER = frozenset({Stage.BUILT, Stage.IN_TRANSIT})
_AFTER_INSPECTION = frozenset({Stage.INSPECTED, Stage.PAID})


class Lack(StrEnum):
    """What has to be there before a car is handed over, in the order in which it comes."""

    CAR = "car"
    """The car has not been offered for inspection: it is not there."""

    PREPARATION = "preparation"
    """The centre has not checked this car, or found something that is not in order."""

    APPOINTMENT = "appointment"
    """The buyer has not chosen when to come."""

    INSPECTION = "inspection"
    """Both have not looked at the car together."""

    BALANCE = "balance"
    """The balance is not paid, which nobody may ask for before the inspection."""

    DOCUMENTS = "documents"
    """Papers of the terms do not lie ready."""

    SIGNATURE = "signature"
    """The buyer has not signed by the own login; paper does as well."""


def lacking(order: Order, policy: Policy) -> tuple[Lack, ...]:
    """Everything that an order with a car still lacks; nothing once it is handed over."""
    if order.car is None or order.stage in OVER:
        return ()
    is_inspected = order.stage in _AFTER_INSPECTION
    tender, prepared = order.tender, preparation_of(order)
    checks = {
        Lack.CAR: order.stage in _BEFORE_TENDER,
        Lack.PREPARATION: not is_inspected and (prepared is None or bool(prepared.faults)),
        Lack.APPOINTMENT: not is_inspected and (tender is None or tender.appointment is None),
        Lack.INSPECTION: not is_inspected,
        Lack.BALANCE: order.stage is not Stage.PAID,
        Lack.DOCUMENTS: bool(missing_documents(order, policy)),
        Lack.SIGNATURE: signature(order, policy.handover_documents) is None,
    }
    return tuple(lack for lack, is_missing in checks.items() if is_missing)


def missing_documents(order: Order, policy: Policy) -> tuple[str, ...]:
    """The papers of the terms that do not lie ready for this car, by code."""
    prepared = preparation_of(order)
    ready = () if prepared is None else prepared.documents
    return tuple(each for each in policy.handover_documents if each not in ready)
