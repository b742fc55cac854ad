"""Events that bear on a settlement or follow from one: losses, fleets, payouts, releases.

Not here: the events of an order's life (`events.py`, through which everybody names these as well).
"""

from __future__ import annotations

from earnest.core.ledger.account import Account
from earnest.core.order import parts
from earnest.core.order.event import Event
from earnest.core.settlement.position import Fleet
from earnest.core.settlement.statement import Line, Statement
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money


class LossDocumented(Event, frozen=True, kw_only=True):
    """One side put a loss on record with its evidence; it does not count yet."""

    number: int
    side: parts.LossSide
    item: parts.LossItem
    amount: Money
    evidence: str
    documented_by: str


class LossApproved(Event, frozen=True, kw_only=True):
    """A second person checked a documented loss; it counts from now on."""

    number: int
    staff_id: str


class FinanceDeclined(Event, frozen=True, kw_only=True):
    """The lender declined the loan or lease of the buyer."""

    proof: str


class PartlyDelivered(Event, frozen=True, kw_only=True):
    """Part of the fleet that this order's deposit secures was delivered and accepted."""

    fleet: Fleet
    buyer_signature: str


class CompensationFixed(Event, frozen=True, kw_only=True):
    """What a late handover owes the buyer beside the car, and the payout that follows."""

    lines: tuple[Line, ...]
    payout: parts.Payout
    fixed_by: str


class LateRefundCompensated(Event, frozen=True, kw_only=True):
    """A payout came too late; what it grew by is owed as well."""

    late_payout_number: int
    days_late: int
    line: Line
    payout: parts.Payout


class ResaleRecorded(Event, frozen=True, kw_only=True):
    """The car was sold again; what the seller lost less than it kept goes back to the buyer."""

    price: Money
    evidence: str
    line: Line | None = None
    payout: parts.Payout | None = None


class CarReturned(Event, frozen=True, kw_only=True):
    """The car of a withdrawn order is back; the payouts that waited for it are due."""

    proof: str
    payout_numbers: tuple[int, ...]


class SettlementFixed(Event, frozen=True, kw_only=True):
    """Who owes whom what at this exit, the payouts that follow, and by whom it was fixed.

    Until `back_until` what is kept goes back if another order takes the slot or the car.
    """

    statement: Statement
    payouts: tuple[parts.Payout, ...]
    fixed_by: str
    release_due_at: Instant
    back_until: Instant | None = None


class PayoutReleased(Event, frozen=True, kw_only=True):
    """A second person released a sum beyond the buyer's own money for payment."""

    payout_number: int
    staff_id: str


class ForfeitureReleased(Event, frozen=True, kw_only=True):
    """A second person released what the seller keeps of a deposit; it becomes income."""

    amount: Money
    staff_id: str
    income: Account = Account.FORFEITURE_INCOME


class PayoutPaid(Event, frozen=True, kw_only=True):
    """The provider confirmed that the buyer got the money."""

    payout_number: int
    amount: Money
    provider_reference: str


class PayoutUnknown(Event, frozen=True, kw_only=True):
    """The provider's answer was lost; it is asked again before anything is repeated."""

    payout_number: int
    explanation: str


class PayoutFailed(Event, frozen=True, kw_only=True):
    """The provider refused the payout; it stays owed and is tried again with a new attempt."""

    payout_number: int
    explanation: str
    next_attempt: int
