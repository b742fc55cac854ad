"""A campaign document: what a maker writes in TOML before it becomes a campaign.

Instants are written with their zone. What is left out has the fair or the plain value: no quota is
no limit, no end is no end. Not here: reading it (`reading.py`) and what is unfair about it
(`lint.py`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from earnest.core.launch.campaign import Entry
from earnest.core.launch.edition import Proof
from earnest.core.terms.sections.ordering import Jurisdiction

MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$"
MOMENT_OR_NONE = rf"{MOMENT}|^$"
NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$"

Moment: TypeAlias = Annotated[str, Meta(pattern=MOMENT)]
MomentOrNone: TypeAlias = Annotated[str, Meta(pattern=MOMENT_OR_NONE)]
Id: TypeAlias = Annotated[str, Meta(pattern=NAME)]
Sentence: TypeAlias = Annotated[str, Meta(min_length=1, max_length=400)]
Words: TypeAlias = dict[str, Sentence]
Count: TypeAlias = Annotated[int, Meta(ge=1, le=10_000_000)]
Limit: TypeAlias = Annotated[int, Meta(ge=0, le=10_000_000)]


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the document. Keys that it does not know are an error."""


class GroupTable(Table, frozen=True, kw_only=True):
    """People who are invited: who they are, how they show it, how many, and from when."""

    id: Id
    names: Words
    entry: Entry
    quota: Count
    opens_at: Moment
    closes_at: MomentOrNone = ""
    models: tuple[Id, ...] = ()
    reserves_units: bool = False


class BenefitTable(Table, frozen=True, kw_only=True):
    """Something given beside the car. Every condition that is written down has to hold."""

    id: Id
    texts: Words
    quota: Limit = 0
    worth: Annotated[str, Meta(pattern=r"^[0-9]{1,12}(\.[0-9]+)?$")] = "0"
    first_ranks: Limit = 0
    reserved_from: MomentOrNone = ""
    reserved_until: MomentOrNone = ""
    groups: tuple[Id, ...] = ()
    channels: tuple[Id, ...] = ()
    referred: bool = False
    deposited_before: MomentOrNone = ""
    locked_before: MomentOrNone = ""
    not_left: bool = False


class ChannelTable(Table, frozen=True, kw_only=True):
    """A way by which buyers come. Its id is the code that they give."""

    id: Id
    names: Words


class EditionTable(Table, frozen=True, kw_only=True):
    """What is scarce: units of the queue, and how many one verified person may hold."""

    units: Limit = 0
    per_person: Limit = 0
    offer_minutes: Annotated[int, Meta(ge=60, le=43_200)] = 24 * 60
    proof: Proof = Proof.PHONE


class Admitting(StrEnum):
    """How people are let in once the sale is open."""

    ALL = "all"
    FIRST_COME = "first_come"
    LOTTERY = "lottery"


class AdmissionTable(Table, frozen=True, kw_only=True):
    """The waiting room: in which order people are let in, and how fast."""

    kind: Admitting = Admitting.ALL
    joins_from: MomentOrNone = ""
    per_minute: Limit = 0
    token_minutes: Limit = 30
    joins_until: MomentOrNone = ""
    places: Limit = 0
    public_source: Annotated[str, Meta(max_length=400)] = ""


class CampaignDocument(Table, frozen=True, kw_only=True):
    """One version of a campaign as its maker writes it."""

    id: Id
    version: Annotated[int, Meta(ge=1, le=10_000)]
    queue: Id
    jurisdiction: Jurisdiction
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
    names: Words
    opens_at: Moment
    reveal_at: Moment
    closes_at: MomentOrNone = ""
    groups: tuple[GroupTable, ...] = ()
    benefits: tuple[BenefitTable, ...] = ()
    channels: tuple[ChannelTable, ...] = ()
    edition: EditionTable = EditionTable()
    admission: AdmissionTable = AdmissionTable()
