"""Events that a launch brings to an order beside its reservation.

Not here: how they change the order (`benefiting.py`, `allot.py`, `standing_still.py`) and the rest
of its life (`events.py`).
"""

from __future__ import annotations

from earnest.core.launch.benefit import Benefit
from earnest.core.order.event import Event
from earnest.core.values.instant import Instant


class BenefitDelivered(Event, frozen=True, kw_only=True):
    """A benefit that was owed to the buyer was given."""

    benefit_id: str
    proof: str


class UnitAllotted(Event, frozen=True, kw_only=True):
    """A freed unit of the edition went to this order, the first of those that waited."""


class PaymentOpened(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The deposit can be paid from now on, and until `pay_until`.

    `is_offer`: it is for a unit that was freed, so that after the window it goes to the next.
    `link` is the provider's page, where the provider had to be asked for one.
    """

    payment_number: int
    pay_until: Instant
    is_offer: bool = False
    link: str | None = None


class TimeGivenBack(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A pause of the sale was over and nobody lost time by it: what ended later ends later still.

    `number` is the pause's in its queue, from `begins` to `ends`. `pay_until` is the end of the
    payment window from now on, `is_to_pay` while it can be paid; `benefits` are the order's with
    their dates from now on.
    """

    number: int
    begins: Instant
    ends: Instant
    is_to_pay: bool
    pay_until: Instant | None = None
    benefits: tuple[Benefit, ...] = ()
