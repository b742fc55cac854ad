"""The contract of the shelf: publications are kept whole, once per key, on either kind of store.

Not here: what may be published (`tests/core/test_sale.py`).
"""

from __future__ import annotations

from datetime import timedelta

import anyio
import msgspec
import pytest

from earnest.core.terms.publishing import Publishable, prepare
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import QueueId, TermsHash
from earnest.core.values.outcome import Rejected
from earnest.desk.group import KeyReused
from earnest.desk.ports import Publication, PublicationKind
from earnest.desk.publishing import Act, WantedOffer, publish_offer, publish_terms
from earnest.desk.views import TermsHead
from tests.core import world
from tests.core.documents import END, NAME, PLAIN, changed
from tests.store.house import QUEUE, START, House

pytestmark = pytest.mark.anyio

WEAKER = changed((END, f"{END}falls_passed_on = false\n"))
"""The plain document with something that the linter only mentions."""


def act(key: str = "first", content: str = "content", who: str = "staff:lin") -> Act:
    return Act(actor_id=who, key=key, content_hash=content, received_at=START)


def prepared(text: str = PLAIN) -> Publishable:
    made = prepare(text, NAME)
    assert isinstance(made, Publishable)
    return made


async def published(house: House, text: str = PLAIN, key: str = "first") -> Publication:
    outcome = await publish_terms(house.shelf, act(key), text, NAME)
    assert isinstance(outcome, Publication)
    return outcome


def wanted(terms: TermsVersion, **changes: object) -> WantedOffer:
    offer = WantedOffer(
        queue_id=QUEUE.queue_id,
        terms=terms,
        catalogue=world.CATALOGUE,
        opens_at=START + timedelta(hours=1),
    )
    return msgspec.structs.replace(offer, **changes)


# Terms --------------------------------------------------------------------------------------


async def test_published_terms_are_read_back_with_the_act_that_published_them(
    house: House,
) -> None:
    publication = await published(house, WEAKER)

    version = prepared(WEAKER).version
    assert publication == Publication(
        actor_id="staff:lin",
        key="first",
        content_hash="content",
        kind=PublicationKind.TERMS,
        terms_hash=version.terms_hash,
        published_at=START,
        findings=prepared(WEAKER).findings,
    )
    assert publication.findings
    assert await house.reader.terms(version.terms_hash) == version
    assert await house.shelf.publications(version.terms_hash) == [publication]
    assert await house.shelf.publication("staff:lin", "first") == publication


async def test_the_same_act_again_gets_the_first_result(house: House) -> None:
    first = await published(house)

    later = msgspec.structs.replace(act(), received_at=START + timedelta(days=1))
    assert await publish_terms(house.shelf, later, PLAIN, NAME) == first
    assert await house.shelf.publications(first.terms_hash) == [first]


async def test_a_key_is_for_one_content(house: House) -> None:
    first = await published(house)

    assert isinstance(
        await publish_terms(house.shelf, act(content="other"), WEAKER, NAME), KeyReused
    )
    assert isinstance(
        await publish_offer(house.shelf, act(content="other"), wanted(prepared().version)),
        KeyReused,
    )
    assert await house.reader.terms(prepared(WEAKER).version.terms_hash) is None
    assert await house.shelf.publications(first.terms_hash) == [first]


async def test_the_same_terms_may_be_published_by_another_act(house: House) -> None:
    first = await published(house)
    second = await published(house, key="second")

    assert second.terms_hash == first.terms_hash
    assert await house.shelf.publications(first.terms_hash) == [first, second]


async def test_a_name_of_a_version_is_for_one_text(house: House) -> None:
    await published(house)

    other = await publish_terms(house.shelf, act("second"), f"# Approved.\n{PLAIN}", NAME)

    assert reason_of(other) == "version_taken"
    assert await house.shelf.publication("staff:lin", "second") is None


async def test_refused_terms_leave_nothing_behind_not_even_their_key(house: House) -> None:
    refused = await publish_terms(
        house.shelf, act(), changed(("hours = 168", "hours = true")), NAME
    )

    assert not isinstance(refused, Publication)
    assert await house.shelf.publication("staff:lin", "first") is None
    assert await house.shelf.publications(TermsHash("unknown")) == []
    assert (await published(house)).key == "first"


async def test_two_who_publish_at_once_with_one_key_get_one_result(house: House) -> None:
    results = []

    async def publish() -> None:
        results.append(await publish_terms(house.shelf, act(), PLAIN, NAME))

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(publish)

    assert results == [results[0]] * 4
    assert isinstance(results[0], Publication)


async def test_an_act_that_comes_second_finds_the_first_on_record(house: House) -> None:
    first = await published(house)
    version = prepared(WEAKER).version
    late = msgspec.structs.replace(first, terms_hash=version.terms_hash)

    assert await house.shelf.add_terms(late, version) == first
    offer = world.offer_of(world.TERMS)
    assert await house.shelf.add_offer(late, offer) == first
    assert await house.reader.terms(version.terms_hash) is None


async def test_versions_are_listed_with_who_published_them_first(house: House) -> None:
    first = await published(house)
    await published(house, key="second")
    other = PLAIN.replace('version = "2026-11"', 'version = "2026-12"', 1)
    weaker = await published(house, other, key="third")

    heads = [
        TermsHead(
            terms_hash=each.terms_hash,
            version=prepared(source).version.version,
            published_at=START,
            published_by="staff:lin",
        )
        for each, source in ((weaker, other), (first, PLAIN))
    ]
    assert list(await house.reader.terms_versions(2)) == heads
    (oldest,) = list(await house.reader.terms_versions(9))[2:]
    assert (oldest.terms_hash, oldest.published_by) == (world.TERMS.terms_hash, None)


# Offers -------------------------------------------------------------------------------------


async def test_an_offer_is_kept_beside_those_before_it(house: House) -> None:
    await published(house)
    version = prepared().version

    offered = await publish_offer(house.shelf, act("offer", who="staff:kim"), wanted(version))

    assert isinstance(offered, Publication)
    assert (offered.kind, offered.queue_id) == (PublicationKind.OFFER, QUEUE.queue_id)
    assert offered.opens_at == START + timedelta(hours=1)
    assert (
        await publish_offer(house.shelf, act("offer", who="staff:kim"), wanted(version)) == offered
    )
    hashes = [each.terms_hash for each in await house.store.offers()]
    assert hashes == [world.TERMS.terms_hash, version.terms_hash]
    kinds = {each.kind for each in await house.shelf.publications(version.terms_hash)}
    assert kinds == {PublicationKind.TERMS, PublicationKind.OFFER}


async def test_without_an_instant_an_offer_opens_at_once(house: House) -> None:
    await published(house)

    offered = await publish_offer(
        house.shelf, act("offer", who="staff:kim"), wanted(prepared().version, opens_at=None)
    )

    assert isinstance(offered, Publication)
    assert offered.opens_at == START


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"queue_id": QueueId("nowhere")}, "queue_unknown"),
        ({"opens_at": START - timedelta(hours=1)}, "offer_in_the_past"),
    ],
)
async def test_an_offer_that_cannot_be_leaves_nothing_behind(
    house: House, changes: dict[str, object], reason: str
) -> None:
    await published(house)

    outcome = await publish_offer(
        house.shelf, act("offer", who="staff:kim"), wanted(prepared().version, **changes)
    )

    assert reason_of(outcome) == reason
    assert await house.shelf.publication("staff:kim", "offer") is None
    assert len(await house.store.offers()) == 1


async def test_whoever_published_terms_does_not_put_them_on_sale(house: House) -> None:
    await published(house)
    await published(house, key="second")

    outcome = await publish_offer(house.shelf, act("offer"), wanted(prepared().version))

    assert reason_of(outcome) == "second_person_missing"
    assert len(await house.store.offers()) == 1


async def test_one_sale_opens_in_a_queue_at_an_instant(house: House) -> None:
    await published(house)
    await publish_offer(house.shelf, act("offer", who="staff:kim"), wanted(prepared().version))

    outcome = await publish_offer(
        house.shelf, act("again", who="staff:kim"), wanted(prepared().version)
    )

    assert reason_of(outcome) == "offer_exists"
    assert await house.shelf.publication("staff:kim", "again") is None


async def test_a_queue_is_found_by_its_id(house: House) -> None:
    assert await house.shelf.queue(QUEUE.queue_id) == QUEUE
    assert await house.shelf.queue(QueueId("nowhere")) is None


def reason_of(outcome: object) -> str:
    assert isinstance(outcome, Rejected)
    return outcome.reason
