"""The first half of a contract: who sells, what is paid first, how it binds and what may change.

Not here: what is delivered (`delivering.py`) and how it ends (`leaving.py`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from earnest.core.terms.policy import DepositKind
from earnest.core.terms.sections.section import Amount, Days, Hours, Section, Text


class Jurisdiction(StrEnum):
    """The pack of rules that a document is checked against; it brings those it builds on."""

    CN = "CN"
    EU = "EU"
    DE = "DE"
    FR = "FR"
    UK = "UK"
    US_FTC = "US-FTC"
    US_CA = "US-CA"
    US_NY = "US-NY"
    KR = "KR"


class Seller(Section, frozen=True, kw_only=True):
    """Who sells and answers (CN-28)."""

    name: Text
    address: Text
    contact: Text


class Payee(Section, frozen=True, kw_only=True):
    """Who takes the money. Another than the seller must answer jointly (pattern 19)."""

    name: Text
    jointly_liable: bool = True


class Holding(StrEnum):
    """Where a deposit is kept until handover."""

    OWN_ACCOUNT = "own_account"
    SEGREGATED = "segregated"
    ESCROW = "escrow"


class Deposit(Section, frozen=True, kw_only=True):
    """What is paid first. `label` is the word on page, receipt and terms (CN-23)."""

    kind: DepositKind
    amount: Amount
    label: Text
    holding: Holding = Holding.SEGREGATED
    credited: bool = True


class Payment(Section, frozen=True, kw_only=True):
    """How long a reservation waits for its deposit."""

    window_minutes: Annotated[int, Meta(ge=1, le=44_640)]


class Formation(StrEnum):
    """When there is a contract (CN-01, CN-02)."""

    ORDER_SUBMITTED = "order_submitted"
    PAYMENT = "payment"
    SELLER_CONFIRMS = "seller_confirms"


class Contract(Section, frozen=True, kw_only=True):
    """How the contract comes about and what binds beside its text."""

    formed_by: Formation = Formation.PAYMENT
    staff_promises_bind: bool = True
    public_promises_bind: bool = True
    seller_interprets: bool = False
    order_button: Text = "order_with_obligation_to_pay"


class Ending(StrEnum):
    """An act that ends the cooling-off period before its time."""

    BUYER_LOCK = "buyer_lock"
    SIGNATURE = "signature"
    TEST_DRIVE = "test_drive"
    CONFIGURATION = "configuration"
    SCHEDULING = "scheduling"


class CoolingOff(Section, frozen=True, kw_only=True):
    """Free withdrawal after the deposit; `hours` count from the payment."""

    hours: Hours
    refund_hours: Annotated[int, Meta(ge=1, le=720)] = 24
    ended_by: tuple[Ending, ...] = (Ending.BUYER_LOCK,)
    ending_confirmed_separately: bool = True


class Unlocked(StrEnum):
    """What becomes of an order whose buyer did nothing when the cooling-off period ended."""

    LOCKS = "locks"
    LAPSES_REFUNDED = "lapses_refunded"
    LAPSES_WITH_LOSS = "lapses_with_loss"


class Locking(Section, frozen=True, kw_only=True):
    """When the commitment becomes fixed, and how long an early lock can be undone."""

    early_offered: bool = True
    undo_hours: Hours = 24
    if_buyer_does_nothing: Unlocked = Unlocked.LOCKS


class Changeable(StrEnum):
    """What a seller may reserve the right to change alone; each one is a finding."""

    PRICE = "price"
    CONFIGURATION = "configuration"
    DELIVERY = "delivery"
    TERMS = "terms"


class QueueEffect(StrEnum):
    """What a change of configuration does to the place in the queue."""

    KEEPS_RANK = "keeps_rank"
    RESTARTS = "restarts"


class WaitingChoice(StrEnum):
    """What a buyer may choose when the product changes during the wait."""

    KEEP = "keep"
    SWITCH = "switch"
    LEAVE = "leave"


class Changes(Section, frozen=True, kw_only=True):
    """Changes after the order: the buyer's windows, the seller's limits."""

    hours_after_lock: Hours = 24
    queue_effect: QueueEffect = QueueEffect.KEEPS_RANK
    seller_alone: tuple[Changeable, ...] = ()
    while_waiting: tuple[WaitingChoice, ...] = (
        WaitingChoice.KEEP,
        WaitingChoice.SWITCH,
        WaitingChoice.LEAVE,
    )
    answer_days: Days = 14


class QueueKey(StrEnum):
    """What decides the place in the queue."""

    RESERVATION = "reservation"
    LOCK = "lock"


class QueueRule(Section, frozen=True, kw_only=True):
    """The published sort key of the queue (ADR 0004)."""

    key: QueueKey = QueueKey.RESERVATION
