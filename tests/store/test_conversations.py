"""Conversations and links of orders: one suite for PostgreSQL and for the twin."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest

from earnest.core.cases.evidence import MediaType, digest_of
from earnest.core.terms.agreement import Party
from earnest.core.values.instant import Instant
from earnest.desk.conversing import (
    MESSAGES_WITHIN,
    MOST_FILE_BYTES,
    MOST_MESSAGES,
    POINTED_ANEW_AFTER,
    POINTER_FOR_STAFF,
    POINTER_TO_LINK,
    POINTER_TO_MESSAGE,
    STAFF_TOLD_AGAIN_AFTER,
    Message,
    NewMessage,
    OrderLink,
    Progress,
    SentFile,
    Unsaid,
    Waiting,
    pointer,
)
from earnest.desk.ports import OrderKey
from tests.store.house import START, House

pytestmark = pytest.mark.anyio

PICTURE = b"\x89PNG\r\n\x1a\n a picture"


def said(
    by: Party, key: str, at: Instant = START, text: str = "When does it come?", content: bytes = b""
) -> NewMessage:
    """A message with what is usual filled in."""
    file = None
    if content:
        file = SentFile(
            digest=digest_of(content), media_type=MediaType.PNG, size_bytes=len(content)
        )
    return NewMessage(
        by=by,
        author=f"{by.value}:li",
        at=at,
        text=text,
        key=key,
        content_hash=digest_of(text.encode() + content),
        file=file,
        content=content,
    )


async def test_what_is_said_is_numbered_kept_and_read_in_its_order_by_its_own_order_alone(
    house: House,
) -> None:
    ann, bo = await house.reserved("ann", "bo")
    talk = house.conversations

    first = await talk.say(ann, said(Party.BUYER, "a"))
    second = await talk.say(ann, said(Party.SELLER, "b", text="In May.", content=PICTURE))

    assert first == Message(
        number=1, by=Party.BUYER, author="buyer:li", at=START, text="When does it come?"
    )
    assert await talk.messages(ann) == [first, second]
    assert [await talk.file(ann, number) for number in (1, 2, 3)] == [None, PICTURE, None]
    for foreign in (bo, OrderKey(bo.buyer_id, ann.order_id)):
        assert (await talk.messages(foreign), await talk.file(foreign, 2)) == ([], None)
        assert await talk.progress(foreign) == Progress()


async def test_sent_twice_it_is_said_once_and_a_key_has_one_content(house: House) -> None:
    (ann,) = await house.reserved("ann")
    talk = house.conversations

    same = await asyncio.gather(*(talk.say(ann, said(Party.BUYER, "a")) for _ in range(5)))

    assert len(await talk.messages(ann)) == 1
    assert same == [same[0]] * 5
    assert await talk.say(ann, said(Party.BUYER, "a", text="Other")) is Unsaid.KEY_REUSED
    assert isinstance(await talk.say(ann, said(Party.SELLER, "a")), Message)


async def test_messages_at_once_get_numbers_of_their_own(house: House) -> None:
    (ann,) = await house.reserved("ann")
    parties = (Party.BUYER, Party.SELLER) * 3

    await asyncio.gather(
        *(house.conversations.say(ann, said(by, f"k{n}")) for n, by in enumerate(parties))
    )

    assert [each.number for each in await house.conversations.messages(ann)] == [1, 2, 3, 4, 5, 6]


async def test_one_side_says_so_much_in_so_much_time_and_the_other_is_free(house: House) -> None:
    (ann,) = await house.reserved("ann")
    talk, later = house.conversations, START + MESSAGES_WITHIN

    for number in range(MOST_MESSAGES):
        assert isinstance(await talk.say(ann, said(Party.BUYER, f"k{number}")), Message)

    assert await talk.say(ann, said(Party.BUYER, "one more", later - timedelta(seconds=1))) is (
        Unsaid.TOO_OFTEN
    )
    assert isinstance(await talk.say(ann, said(Party.SELLER, "answer")), Message)
    assert isinstance(await talk.say(ann, said(Party.BUYER, "one more", later)), Message)


async def test_files_of_a_conversation_have_a_limit_together(house: House) -> None:
    (ann,) = await house.reserved("ann")
    await house.conversations.say(ann, said(Party.BUYER, "a", content=PICTURE))
    second = said(Party.BUYER, "b", content=PICTURE)
    left = MOST_FILE_BYTES - len(PICTURE)
    assert second.file is not None

    too_large = msgspec.structs.replace(
        second, file=msgspec.structs.replace(second.file, size_bytes=left + 1)
    )

    assert await house.conversations.say(ann, too_large) is Unsaid.FILES_TOO_LARGE
    assert isinstance(await house.conversations.say(ann, second), Message)


async def test_a_buyer_waits_from_the_first_unanswered_message_until_it_is_answered(
    house: House,
) -> None:
    ann, bo = await house.reserved("ann", "bo")
    talk, later = house.conversations, START + timedelta(hours=1)

    await talk.say(bo, said(Party.BUYER, "a", later))
    await talk.say(ann, said(Party.BUYER, "a"))
    await talk.say(ann, said(Party.BUYER, "b", later))
    longest = Waiting(buyer_id=ann.buyer_id, order_id=ann.order_id, messages=2, since=START)
    other = Waiting(buyer_id=bo.buyer_id, order_id=bo.order_id, messages=1, since=later)
    assert await talk.waiting(10) == [longest, other]
    assert await talk.waiting(1) == [longest]

    await talk.say(ann, said(Party.SELLER, "c", later))
    await talk.settle(bo, 0)
    assert await talk.waiting(10) == [other]
    await talk.settle(bo, 1)
    assert await talk.waiting(10) == []


async def test_what_was_seen_stays_seen_and_nobody_sees_what_was_not_said(house: House) -> None:
    (ann,) = await house.reserved("ann")
    talk = house.conversations
    await talk.say(ann, said(Party.SELLER, "a"))
    await talk.say(ann, said(Party.SELLER, "b"))

    await talk.note_read(ann, Party.BUYER, 99)
    await talk.note_read(ann, Party.BUYER, 1)
    await talk.note_read(ann, Party.SELLER, 1)

    progress = await talk.progress(ann)
    assert (progress.messages, progress.read_by_buyer, progress.read_by_seller) == (2, 2, 1)


async def test_the_buyer_is_told_once_until_it_is_read_and_anew_after_a_day(house: House) -> None:
    (ann,) = await house.reserved("ann")
    talk, before = house.conversations, len(await house.jobs())

    for key, at in (
        ("told", START),
        ("not told", START + POINTED_ANEW_AFTER - timedelta(seconds=1)),
        ("still within a day of the last", START + POINTED_ANEW_AFTER),
        ("told anew", START + 3 * POINTED_ANEW_AFTER),
    ):
        await talk.say(ann, said(Party.SELLER, key, at))
    await talk.note_read(ann, Party.BUYER, 4)
    await talk.say(ann, said(Party.SELLER, "told after reading", START + 3 * POINTED_ANEW_AFTER))
    await talk.say(ann, said(Party.BUYER, "a buyer's is never told to the buyer", START))

    assert (await house.jobs())[before:] == [
        *((pointer(ann, POINTER_TO_MESSAGE, number),) for number in (1, 4, 5)),
        (pointer(ann, POINTER_FOR_STAFF, 6),),
    ]


async def test_staff_are_told_at_most_once_an_hour_and_forget_nothing(house: House) -> None:
    ann, bo = await house.reserved("ann", "bo")
    talk, before, hour = house.conversations, len(await house.jobs()), STAFF_TOLD_AGAIN_AFTER

    # After the first mail the second one waits until the hour is over, and stands for the third.
    for key, minutes in (("a", 0), ("b", 10), ("c", 50), ("d", 90), ("e", 180)):
        await talk.say(ann, said(Party.BUYER, key, START + timedelta(minutes=minutes)))
    await talk.say(ann, said(Party.BUYER, "e", START + timedelta(hours=9)))
    await talk.say(bo, said(Party.BUYER, "a", START))

    assert (await house.jobs())[before:] == [
        (pointer(ann, POINTER_FOR_STAFF, 1),),
        (pointer(ann, POINTER_FOR_STAFF, 2, START + hour),),
        (pointer(ann, POINTER_FOR_STAFF, 4, START + 2 * hour),),
        (pointer(ann, POINTER_FOR_STAFF, 5),),
        (pointer(bo, POINTER_FOR_STAFF, 1),),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        said(Party.BUYER, "empty", text=""),
        said(Party.BUYER, "long", text="x" * 2_001),
        NewMessage(
            by=Party.BUYER,
            author="buyer:li",
            at=START,
            text="",
            key="digest",
            content_hash="c",
            file=SentFile(digest="another", media_type=MediaType.PNG, size_bytes=1),
            content=b"x",
        ),
    ],
    ids=lambda each: each.key,
)
async def test_a_message_that_says_nothing_too_much_or_another_file_is_not_kept(
    house: House, wrong: NewMessage
) -> None:
    (ann,) = await house.reserved("ann")

    with pytest.raises(house.violation):
        await house.conversations.say(ann, wrong)

    assert await house.conversations.messages(ann) == []


async def test_an_order_has_one_link_which_is_mailed_if_wanted_and_can_be_taken_back(
    house: House,
) -> None:
    ann, bo = await house.reserved("ann", "bo")
    links, before = house.links, len(await house.jobs())
    first, second = (
        OrderLink(nonce=nonce, made_at=START, ends_at=START + timedelta(days=30))
        for nonce in ("first", "second")
    )

    await links.put(ann, first, is_mailed=False)
    await links.put(ann, second, is_mailed=True)

    assert (await links.link(ann), await links.link(bo)) == (second, None)
    assert (await house.jobs())[before:] == [(pointer(ann, POINTER_TO_LINK),)]
    await links.drop(ann)
    await links.drop(ann)
    assert await links.link(ann) is None
