"""A dispute pack as data, and the digest over all of it.

Not here: how it comes about (`assemble.py`) and how it looks on paper (`sheet.py`).
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from earnest.core.cases.case import CaseFact
from earnest.core.cases.evidence import EvidenceFact
from earnest.core.cases.notice import Means
from earnest.core.ledger.account import Account
from earnest.core.order.parts import Payout
from earnest.core.settlement.statement import Statement
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money
from earnest.desk.private import NoticeMark

FORMAT = "earnest-dispute-pack/1"
"""What this document is; a number that changes when its fields change their meaning."""


class PackParties(msgspec.Struct, frozen=True, kw_only=True):
    """Who contracted. `buyer_name` is empty for somebody whose person was erased."""

    seller: str
    payee: str
    buyer_id: str
    buyer_name: str


class PackClause(msgspec.Struct, frozen=True, kw_only=True):
    """One clause in the language of the acceptance; `acknowledged` says whether on its own."""

    clause_id: str
    material: bool
    acknowledged: bool
    language: str
    text: str
    text_hash: str


class PackTerms(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the terms that this order was under, since when, and whether it still is."""

    terms_hash: str
    version: str
    since: Instant
    in_force: bool
    policy: Policy
    clauses: tuple[PackClause, ...]


class PackAcknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """A clause accepted on its own; `as_shown` says whether its digest is that of the text."""

    sequence: int
    at: Instant
    clause_id: str
    language: str
    text_hash: str
    as_shown: bool


class PackPromise(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery window that was told, when, and why it changed. None is ever overwritten."""

    sequence: int
    at: Instant
    promise: Window
    cause: str


class PackEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened: in words, as data, by whom, and when it was stored."""

    sequence: int
    kind: str
    at: Instant
    recorded_at: Instant
    by: str
    words: str
    data: dict[str, Any]


class PackNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What was told, and what became of it."""

    sequence: int
    at: Instant
    subject: str
    is_legal: bool
    marks: tuple[NoticeMark, ...]


class PackDemand(msgspec.Struct, frozen=True, kw_only=True):
    """A demand of the seller with the proof of its arrival and the time that it gives.

    The demand for the balance has the number `BALANCE_DEMAND`, and its `cure_until` is when the
    balance falls due.
    """

    number: int
    ground: str
    demanded_at: Instant
    cure_days: int
    delivered_at: Instant | None
    means: Means | None
    proof: str | None
    evidence_number: int | None
    cure_until: Instant | None
    met: bool


class PackPosting(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of money in the books, and the event that caused it."""

    sequence: int
    line: int
    at: Instant
    debit: Account
    credit: Account
    amount: Money


class PackSignature(msgspec.Struct, frozen=True, kw_only=True):
    """Who confirmed something with a login or a signature; a signature is its digest."""

    sequence: int
    at: Instant
    what: str
    by: str


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one order as it stood after its last event.

    The same order in the same state gives the same pack, to the byte. `agreements` and `decisions`
    are the events about these, which stand in the timeline as well. `order` is the whole state.
    """

    format: str = FORMAT
    language: str
    time_zone: str
    order_id: str
    sequence: int
    as_of: Instant
    parties: PackParties
    order: dict[str, Any]
    terms: tuple[PackTerms, ...]
    acknowledgements: tuple[PackAcknowledgement, ...]
    agreements: tuple[PackEvent, ...]
    promises: tuple[PackPromise, ...]
    demands: tuple[PackDemand, ...]
    notices: tuple[PackNotice, ...]
    cases: tuple[CaseFact, ...]
    evidence: tuple[EvidenceFact, ...]
    decisions: tuple[PackEvent, ...]
    signatures: tuple[PackSignature, ...]
    statement: Statement | None
    payouts: tuple[Payout, ...]
    postings: tuple[PackPosting, ...]
    timeline: tuple[PackEvent, ...]
    digest: str = ""


def digest_of_pack(pack: Pack) -> str:
    """The SHA-256 of the pack as JSON with sorted keys and no spaces, its own digest left empty.

    Anybody can compute it again with any library for JSON.
    """
    bare = msgspec.structs.replace(pack, digest="")
    return hashlib.sha256(msgspec.json.encode(bare, order="sorted")).hexdigest()


def written(pack: Pack) -> bytes:
    """The pack as a JSON document for people and programs."""
    return msgspec.json.format(msgspec.json.encode(pack, order="sorted"), indent=2) + b"\n"
