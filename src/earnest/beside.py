"""What commands read and write in the database beside a running server, without disturbing it.

Not here: serving and working (`main.py`), and what is printed (`cli`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta

import msgspec

from earnest.audit.beside import audit_beside, reading
from earnest.audit.run import Audited
from earnest.core.launch.announcing import Announced, in_force
from earnest.core.launch.campaign import Campaign
from earnest.core.order.state import Order
from earnest.core.terms.publishing import Unpublishable
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import CampaignId, OrderId, TermsHash
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.desk.campaign_ports import (
    Announcement,
    Attributed,
    CodesOfGroup,
    Count,
    IssuedCode,
)
from earnest.desk.campaigns import (
    Circumstances,
    Draft,
    WantedCodes,
    codes_over,
    issue_codes,
    publish_campaign,
    why_not_published,
)
from earnest.desk.group import KeyReused
from earnest.desk.pack.assemble import assemble
from earnest.desk.pack.gather import gather
from earnest.desk.pack.pack import Pack
from earnest.desk.ports import Publication
from earnest.desk.publishing import Act, publish_terms
from earnest.desk.records import OrderFile, UnreadableFile
from earnest.desk.views import OrderFilter
from earnest.gateways.clock import VirtualClock
from earnest.keyring import codes_of
from earnest.main import database_to_read, provider
from earnest.people.caller import STAFF_PREFIX
from earnest.settings import Settings
from earnest.store.campaigns import PostgresCampaigns
from earnest.store.pool import Pool, open_pool
from earnest.store.private import PostgresNotices
from earnest.store.publications import PostgresPublications
from earnest.store.reader import PostgresReader
from earnest.store.register import PostgresRegister
from earnest.store.shelf import PostgresShelf


async def run_audit(
    settings: Settings, progress: Callable[[int, int], None], *, ask_provider: bool
) -> Audited:
    """Audit the whole database beside a running server; `progress` gets done and total."""
    with database_to_read(settings) as url:
        async with provider(settings) as payments:
            return await audit_beside(url, payments if ask_provider else None, progress)


async def read_order(
    settings: Settings, order_id: str
) -> tuple[OrderFile | UnreadableFile, TermsVersion | None] | None:
    """Everything stored of one order, with its terms; None when there is no such order."""
    with database_to_read(settings) as url:
        async with reading(url) as records:
            file = await records.order_file(order_id)
            if file is None:
                return None
            published = await records.published_terms()
    terms = published.get(file.state.terms_hash) if isinstance(file, OrderFile) else None
    return file, terms


async def read_pack(settings: Settings, order_id: str, language: str) -> Pack | None:
    """The dispute pack of an order; None when there is no such order."""
    with database_to_read(settings) as url:
        async with await open_pool(url, size_min=1, size_max=1) as pool:
            reader = PostgresReader(pool)
            order = await reader.order_by_id(OrderId(order_id))
            if order is None:
                return None
            notices, register = PostgresNotices(pool), PostgresRegister(pool)
            return assemble(await gather(order, reader, notices, register), language)


async def read_orders(settings: Settings, wanted: OrderFilter, limit: int) -> Sequence[Order]:
    """The first orders that fit, in the order of their keys."""
    with database_to_read(settings) as url:
        async with await open_pool(url, size_min=1, size_max=1) as pool:
            return await PostgresReader(pool).orders(wanted, None, limit)


async def publish_document(
    settings: Settings, source: str, name: str, staff_id: str
) -> Publication | Unpublishable | Rejected:
    """Publish a terms document in the name of a member of staff.

    The document is its own key, so publishing it again gives the first result.
    """
    digest = hashlib.sha256(source.encode()).hexdigest()
    with database_to_read(settings) as url:
        async with await open_pool(url, size_min=1, size_max=1) as pool:
            act = Act(
                actor_id=f"{STAFF_PREFIX}{staff_id}",
                key=f"document:{digest}",
                content_hash=digest,
                received_at=await _now(pool),
            )
            outcome = await publish_terms(PostgresShelf(pool), act, source, name)
    assert not isinstance(outcome, KeyReused), "a document that is its own key has one content"
    return outcome


async def _now(pool: Pool) -> Instant:
    """The present, in a demo the demo's."""
    offset = await PostgresPublications(pool).clock_offset_seconds()
    return VirtualClock(timedelta(seconds=offset)).now()


async def read_terms(settings: Settings, terms_hash: str) -> TermsVersion | None:
    """A published terms version, by its digest."""
    with database_to_read(settings) as url:
        async with await open_pool(url, size_min=1, size_max=1) as pool:
            return await PostgresReader(pool).terms(TermsHash(terms_hash))


class CampaignFile(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is kept of a campaign, and the present by which it is judged."""

    versions: tuple[Announced, ...]
    now: Instant
    counts: tuple[Count, ...]
    codes_by_group: tuple[CodesOfGroup, ...]
    codes: tuple[IssuedCode, ...]
    attributed: tuple[Attributed, ...]

    @property
    def current(self) -> Campaign:
        """The version in force."""
        found = in_force(self.versions, self.now)
        assert found is not None, "a campaign on file was published"
        return found.campaign


async def read_campaign_file(settings: Settings, campaign_id: str) -> CampaignFile | None:
    """Everything stored of one campaign; None when there is no such campaign."""
    wanted = CampaignId(campaign_id)
    with database_to_read(settings) as url:
        async with await open_pool(url, size_min=1, size_max=1) as pool:
            campaigns = PostgresCampaigns(pool)
            everything = await campaigns.campaigns()
            versions = tuple(x for x in everything if x.campaign.campaign_id == wanted)
            if not versions:
                return None
            queue_id = versions[-1].campaign.queue_id
            now = await _now(pool)
            pauses = await PostgresPublications(pool).pauses()
            is_over = codes_over(versions[-1].campaign, pauses, now)
            return CampaignFile(
                versions=versions,
                now=now,
                counts=tuple(await campaigns.counts(wanted)),
                codes_by_group=tuple(await campaigns.codes_by_group(wanted, is_over)),
                codes=tuple(await campaigns.codes(wanted)),
                attributed=tuple(await campaigns.attributed(wanted, queue_id)),
            )


async def publish_campaign_version(
    settings: Settings, draft: Campaign, source: str, staff_id: str, *, for_good: bool
) -> Announcement | Rejected | None:
    """Publish a version in the name of a member of staff; None when it could be, but should not.

    The document is its own key, so publishing it again gives the first result.
    """
    digest = hashlib.sha256(source.encode()).hexdigest()
    with database_to_read(settings) as url:
        async with await open_pool(url, size_min=1, size_max=1) as pool:
            campaigns, shelf = PostgresCampaigns(pool), PostgresShelf(pool)
            now = await _now(pool)
            published = PostgresPublications(pool)
            around = Circumstances(offers=await published.offers(), pauses=await published.pauses())
            act = Act(
                actor_id=f"{STAFF_PREFIX}{staff_id}",
                key=f"campaign:{digest}",
                content_hash=digest,
                received_at=now,
            )
            if not for_good:
                versions = await campaigns.campaigns()
                own = [x for x in versions if x.campaign.queue_id == draft.queue_id]
                return why_not_published(draft, own, around, now)
            wanted = Draft(campaign=draft, source=source)
            outcome = await publish_campaign(campaigns, shelf, act, wanted, around)
    assert not isinstance(outcome, KeyReused), "a document that is its own key has one content"
    return outcome


async def issue_campaign_codes(
    settings: Settings, staff_id: str, key: str, wanted: WantedCodes
) -> tuple[str, ...] | Rejected | KeyReused:
    """Issue codes in the name of a member of staff, as texts to hand over."""
    content = hashlib.sha256(msgspec.json.encode(wanted)).hexdigest()
    with database_to_read(settings) as url:
        async with await open_pool(url, size_min=1, size_max=1) as pool:
            campaigns = PostgresCampaigns(pool)
            everything = await campaigns.campaigns()
            versions = [x for x in everything if x.campaign.campaign_id == wanted.campaign_id]
            act = Act(
                actor_id=f"{STAFF_PREFIX}{staff_id}",
                key=key,
                content_hash=content,
                received_at=await _now(pool),
            )
            pauses = await PostgresPublications(pool).pauses()
            outcome = await issue_codes(campaigns, versions, act, wanted, pauses)
    if not isinstance(outcome, tuple):
        return outcome
    signs = codes_of(settings)
    return tuple(signs.sign(each) for each in outcome)
