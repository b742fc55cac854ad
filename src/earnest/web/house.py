"""What the doors are given at the composition root: the house behind them.

Not here: making any of it (`main.py`) and how requests are read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Protocol

import msgspec

from earnest.core.order.commands import Command
from earnest.core.values.ids import CampaignId
from earnest.core.values.instant import Instant
from earnest.desk.answer import Answer
from earnest.desk.bulk import BulkActs
from earnest.desk.campaign_ports import Campaigns
from earnest.desk.centres import Centres
from earnest.desk.conversing import Conversations, OrderLinks
from earnest.desk.desk import Counts
from earnest.desk.group import KeyReused
from earnest.desk.library import Library
from earnest.desk.pause_ports import SalePauses
from earnest.desk.places.following import Places
from earnest.desk.planning.counting import PromiseCounts
from earnest.desk.planning.ports import Plans
from earnest.desk.planning.publishing import OnSale
from earnest.desk.planning.runs import PlanRuns
from earnest.desk.ports import Promises, Shelf
from earnest.desk.private import Contents, NoticeBook
from earnest.desk.reconciliation_ports import Reconciliations
from earnest.desk.rooms import WaitingRooms
from earnest.desk.sights import SightBook
from earnest.desk.staff import Trail
from earnest.desk.views import Inbox, Reader, Register
from earnest.desk.watching import Latencies, Watching
from earnest.gateways.documents.typesetter import Typesetter
from earnest.gateways.endpoints import Endpoints
from earnest.gateways.payments.contract import PaymentProvider
from earnest.gateways.supervisor import Health
from earnest.people.admissions import Admissions
from earnest.people.codes import Codes
from earnest.people.passkey_letters import PasskeyLetters
from earnest.people.passkeys import Passkeys
from earnest.people.proving import People
from earnest.people.reserving import Reservers
from earnest.people.seals import Seals
from earnest.people.second_factor import SecondFactors
from earnest.people.sessions import Sessions
from earnest.people.signing_in import SignIn
from earnest.people.staff_door import StaffDoor
from earnest.people.staffing import Staffing
from earnest.people.tokens import Tokens
from earnest.web.counting import Counting

UPLOADS_AT_ONCE = 16
"""Uploads that are read at a time at most: together they fill 160 MiB and no more."""

BODY_LIMIT = 1_048_576
"""Bytes of a request's body at most; a thousand buyers fit into it many times over."""

HOT_BODY_LIMIT = 65_536
"""Bytes of a reservation or a provider's message: many times what the largest honest one takes.

With four thousand connections at most, all bodies together fill 256 MiB and no more.
"""


class Submits(Protocol):
    """The desk as the doors see it."""

    @property
    def library(self) -> Library:
        """The terms, catalogues and offers the desk decides by."""

    @property
    def waiting(self) -> int:
        """How many commands wait for the next transaction."""

    @property
    def counts(self) -> Counts:
        """What the desk did since it started."""

    async def submit(self, command: Command, content_hash: str) -> Answer | KeyReused:
        """Decide a command and answer after the commit."""


class TellsTime(Protocol):
    """The clock by which requests are stamped and judged."""

    def now(self) -> Instant:
        """The present in UTC."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator decides about the doors.

    `public_url` is where buyers find this house, without a slash at the end; payment pages send
    them back there. `buyer_tokens_last` is how long the tokens of registered buyers are good.
    """

    public_url: str
    buyer_tokens_last: timedelta = timedelta(days=30)
    body_limit: int = BODY_LIMIT

    @property
    def hot_body_limit(self) -> int:
        """Bytes of a body at the hot doors at most, where thousands are read at once."""
        return min(self.body_limit, HOT_BODY_LIMIT)


class DoorCounts(msgspec.Struct):
    """What the two hot doors saw since the start, by status; they write no log of their own.

    `latencies` are those of reservations. `looks` at campaigns wait to be written down.
    """

    reservations: dict[int, int] = {}
    webhooks: dict[int, int] = {}
    latencies: Latencies = msgspec.field(default_factory=Latencies)
    looks: dict[tuple[CampaignId, str], int] = {}


class House(msgspec.Struct, frozen=True, kw_only=True):
    """Everything behind the doors. `advance` moves the demo's clock and is None outside a demo.

    `parts` says how those fare that run beside the doors, by name.
    """

    desk: Submits
    reader: Reader
    register: Register
    inbox: Inbox
    shelf: Shelf
    campaigns: Campaigns
    pauses: SalePauses
    watching: Watching
    codes: Codes
    contents: Contents
    notices: NoticeBook
    conversations: Conversations
    links: OrderLinks
    documents: Typesetter
    promises: Promises
    places: Places
    plans: Plans
    centres: Centres
    bulk_acts: BulkActs
    reconciliations: Reconciliations
    plan_runs: PlanRuns
    promise_counts: PromiseCounts
    on_sale: OnSale
    rooms: WaitingRooms
    admissions: Admissions
    tokens: Tokens
    people: People
    reservers: Reservers
    sign_in: SignIn
    seals: Seals
    sessions: Sessions
    staffing: Staffing
    second_factors: SecondFactors
    passkeys: Passkeys
    passkey_letters: PasskeyLetters
    staff_door: StaffDoor
    trail: Trail
    sights: SightBook
    endpoints: Endpoints
    payments: PaymentProvider
    clock: TellsTime
    settings: Settings
    advance: Callable[[timedelta], Awaitable[timedelta]] | None = None
    parts: Mapping[str, Health] = {}
    counts: DoorCounts = msgspec.field(default_factory=DoorCounts)
    counting: Counting = msgspec.field(default_factory=Counting)
    uploads: asyncio.Semaphore = msgspec.field(
        default_factory=lambda: asyncio.Semaphore(UPLOADS_AT_ONCE)
    )
