"""Contents of evidence and the book of notices: one suite for PostgreSQL and for the twin."""

from __future__ import annotations

from datetime import timedelta

import pytest

from earnest.core.cases.evidence import digest_of
from earnest.desk.ports import OrderKey
from earnest.desk.private import (
    MarkKind,
    NoticeChannel,
    NoticeCursor,
    NoticeMark,
    NoticePlace,
    Preferences,
    StoredContent,
)
from tests.store.house import PROVIDER, START, House, buyer_of

pytestmark = pytest.mark.anyio

PICTURE = b"\xff\xd8\xff a picture"
DIGEST = digest_of(PICTURE)


async def test_a_content_is_kept_once_and_read_by_its_own_order_only(house: House) -> None:
    ann, bo = await house.reserved("ann", "bo")

    await house.contents.keep(ann, DIGEST, PICTURE, START)
    await house.contents.keep(ann, DIGEST, PICTURE, START + timedelta(days=1))

    assert await house.contents.content(ann, DIGEST) == PICTURE
    assert await house.contents.content(ann, digest_of(b"x")) is None
    assert await house.contents.content(bo, DIGEST) is None
    assert await house.contents.content(OrderKey(bo.buyer_id, ann.order_id), DIGEST) is None
    assert await house.contents.stored(ann) == [
        StoredContent(digest=DIGEST, actual_digest=DIGEST, size_bytes=len(PICTURE))
    ]
    assert await house.contents.stored(bo) == []


@pytest.mark.parametrize("content", [b"another", b"", b"x" * (10 * 1024 * 1024 + 1)])
async def test_a_content_is_what_its_digest_says_and_not_too_large(
    house: House, content: bytes
) -> None:
    (ann,) = await house.reserved("ann")
    digest = DIGEST if content == b"another" else digest_of(content)

    with pytest.raises(house.violation):
        await house.contents.keep(ann, digest, content, START)

    assert await house.contents.stored(ann) == []


async def test_an_inbox_shows_the_newest_first_over_all_orders_of_the_buyer_alone(
    house: House,
) -> None:
    ann, bo = await house.reserved("ann", "bo")
    await house.live(ann, "RecordPayment", START + timedelta(minutes=5), PROVIDER)
    await house.live(bo, "RecordPayment", START + timedelta(minutes=5), PROVIDER)
    events = await house.reader.events(ann)

    whole = await house.notices.told(ann.buyer_id, (), None, 10)
    first = await house.notices.told(ann.buyer_id, (), None, 1)
    last = first[-1]
    cursor = NoticeCursor(last.recorded_at, NoticePlace(last.order_id, last.sequence))
    second = await house.notices.told(ann.buyer_id, (), cursor, 1)

    assert list(whole) == sorted(events, key=lambda each: each.sequence, reverse=True)
    assert [*first, *second] == list(whole)
    assert [
        type(each.event).__name__
        for each in await house.notices.told(ann.buyer_id, ("Reserved",), None, 10)
    ] == ["DepositReceived"]
    assert await house.notices.told(buyer_of("nobody"), (), None, 10) == []


def mark(key: OrderKey, channel: NoticeChannel, kind: MarkKind, minutes: int = 0) -> NoticeMark:
    return NoticeMark(
        place=NoticePlace(key.order_id, 1),
        channel=channel,
        kind=kind,
        at=START + timedelta(minutes=minutes),
        proof="what shows it",
    )


async def test_what_became_of_a_notice_is_noted_once_and_the_first_time_stays(
    house: House,
) -> None:
    ann, bo = await house.reserved("ann", "bo")
    sent = mark(ann, NoticeChannel.MAIL, MarkKind.SENT)
    opened = mark(ann, NoticeChannel.IN_APP, MarkKind.OPENED, 5)

    assert await house.notices.mark(ann.buyer_id, opened)
    assert await house.notices.mark(ann.buyer_id, sent)
    assert not await house.notices.mark(
        ann.buyer_id, mark(ann, NoticeChannel.IN_APP, MarkKind.OPENED, 9)
    )

    found = {NoticePlace(ann.order_id, 1): [sent, opened]}
    assert await house.notices.marks(ann.buyer_id) == found
    assert await house.notices.marks(ann.buyer_id, ann.order_id) == found
    assert await house.notices.marks(ann.buyer_id, bo.order_id) == {}
    assert await house.notices.marks(bo.buyer_id) == {}


@pytest.mark.parametrize(
    ("channel", "kind"),
    [
        (NoticeChannel.MAIL, MarkKind.DELIVERED),
        (NoticeChannel.MAIL, MarkKind.OPENED),
        (NoticeChannel.SMS, MarkKind.OPENED),
    ],
)
async def test_a_mail_that_was_taken_is_never_a_proof(
    house: House, channel: NoticeChannel, kind: MarkKind
) -> None:
    (ann,) = await house.reserved("ann")

    with pytest.raises(house.violation):
        await house.notices.mark(ann.buyer_id, mark(ann, channel, kind))


async def test_a_buyer_says_how_to_be_told_and_says_it_again(house: House) -> None:
    ann = buyer_of("ann")
    english = Preferences(language="en", mail=False, sms=True)

    assert await house.notices.preferences(ann) == Preferences(language=None, mail=True, sms=True)
    await house.notices.prefer(ann, english, START)
    assert await house.notices.preferences(ann) == english
    await house.notices.prefer(ann, Preferences(), START)
    assert await house.notices.preferences(ann) == Preferences()
    assert await house.notices.preferences(buyer_of("bo")) == Preferences()
