"""The ways out of a contract, and what is guaranteed meanwhile: default, refund, court, price, tax.

Not here: how the contract comes about (`ordering.py`) and what is delivered (`delivering.py`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from earnest.core.terms.sections.section import Amount, Days, Section


class BuyerDefault(StrEnum):
    """A default of the buyer that the seller can act on after a demand."""

    BALANCE = "balance"
    COLLECTION = "collection"
    DEFERRAL_SILENCE = "deferral_silence"


class Kept(StrEnum):
    """What the seller keeps when the buyer answers for the end."""

    NOTHING = "nothing"
    LOSS = "loss"
    EARNEST = "earnest"
    DEPOSIT = "deposit"


class BuyersDefault(Section, frozen=True, kw_only=True):
    """When the seller may end the order for the buyer's default, and what it keeps then."""

    grounds: tuple[BuyerDefault, ...] = tuple(BuyerDefault)
    demand: bool = True
    cure_days: Days = 14
    keeps: Kept
    flat_damages_basis_points: Annotated[int, Meta(ge=0, le=10_000)] = 0
    lower_loss_may_be_proven: bool = True
    deposit_back_if_taken_days: Days = 0


class Returned(StrEnum):
    """What the buyer gets when the seller answers for the end."""

    NOTHING = "nothing"
    SINGLE = "single"
    SINGLE_WITH_INTEREST = "single_with_interest"
    DOUBLE = "double"


class SellersDefault(Section, frozen=True, kw_only=True):
    """What the seller owes for its own default, and whether it may leave freely."""

    returns: Returned
    seller_may_leave_freely: bool = False
    notice_must_arrive: bool = True
    buyer_may_claim_more: bool = True


class Channel(StrEnum):
    """Where a buyer can cancel."""

    ONLINE = "online"
    PHONE = "phone"
    STORE = "store"


class Refunds(Section, frozen=True, kw_only=True):
    """How money comes back, and how long it and the second person's look take at most."""

    days: Annotated[int, Meta(ge=0, le=365)] = 7
    release_days: Annotated[int, Meta(ge=1, le=365)] = 3
    channels: tuple[Channel, ...] = (Channel.ONLINE, Channel.PHONE, Channel.STORE)
    interest_basis_points: Annotated[int, Meta(ge=0, le=10_000)] = 0
    all_at_once: bool = True


class WithdrawalAfterHandover(Section, frozen=True, kw_only=True):
    """The right to give the car back after handover, where the law or the maker gives it."""

    days: Days = 0
    exempt_as_made_to_specification: bool = False
    explained_before_order: bool = True


class TransferRule(StrEnum):
    """Whether another person may take the order over (CN-10)."""

    NOBODY = "nobody"
    FAMILY = "family"
    WITH_CONSENT = "with_consent"


class Transfer(Section, frozen=True, kw_only=True):
    """Passing the order on."""

    to: TransferRule = TransferRule.WITH_CONSENT


class Court(StrEnum):
    """Where a dispute is decided."""

    BUYER = "buyer"
    BUYER_OR_DELIVERY = "buyer_or_delivery"
    SELLER = "seller"
    ARBITRATION = "arbitration"


class Forum(Section, frozen=True, kw_only=True):
    """Court and complaint."""

    court: Court = Court.BUYER_OR_DELIVERY
    complaints_open: bool = True


class PriceRule(Section, frozen=True, kw_only=True):
    """The price guarantee. `lowest` is the lowest price sold under these terms (CN-16)."""

    lowest: Amount
    fixed: bool = True
    months_fixed: Annotated[int, Meta(ge=0, le=60)] = 24
    falls_passed_on: bool = True


class TaxRule(Section, frozen=True, kw_only=True):
    """What the seller bears when tax or subsidy worsens because it is late (CN-40)."""

    difference_borne: bool = False
    cap: Amount = "0"


class Finance(Section, frozen=True, kw_only=True):
    """What a failed loan or lease does to the deposit (US-04)."""

    deposit_returned_if_declined: bool = True
    trade_in_quote_binds: bool = True


class OwnClause(Section, frozen=True, kw_only=True):
    """A clause of the maker's own. The engine does not execute it, and its text says so."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    material: bool = False
    zh_hans: Annotated[str, Meta(min_length=1, max_length=4_000)]
    en: Annotated[str, Meta(min_length=1, max_length=4_000)]
