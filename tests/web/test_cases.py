"""Disputes over the API: evidence that is hostile until proven otherwise, answers, decisions.

Not here: the rules (`tests/core/tables/17_cases.txt`).
"""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import pytest

from earnest.core.cases.evidence import LARGEST_BYTES, digest_of
from earnest.core.values.ids import OrderId
from earnest.desk.ports import OrderKey
from earnest.store.memory_private import MemoryContents
from tests.web.asking import Client, Told
from tests.web.life import Life, begun
from tests.web.maker import World, acknowledged, buyer_id, world

JPEG = b"\xff\xd8\xff\xe0 a photograph"
PNG = b"\x89PNG\r\n\x1a\n a picture"
WEBP = b"RIFF\x00\x00\x00\x00WEBP a picture"
PDF = b"%PDF-1.7 a paper"
TEXT = "你好，车门有划痕。".encode()


async def filed(life: Life, who: Client, content: bytes, key: str = "e1", **query: str) -> Told:
    """Upload a piece of evidence."""
    wanted = {"kind": "document", "description": "what it shows"} | query
    asked = "&".join(f"{name}={quote(value)}" for name, value in wanted.items())
    return await who.post(f"{life.path}/evidence?{asked}", content, key)


def test_a_dispute_from_its_opening_to_its_decision() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            buyer, sales = here.buyer(), here.staff("sales")
            await life.done(buyer, "open-case", subject="The door is scratched.")
            photo = await filed(life, buyer, JPEG, kind="photo", case_number="1")
            assert photo.status == 201, photo.body
            assert photo.json == {
                "number": 1,
                "case_number": 1,
                "kind": "photo",
                "digest": digest_of(JPEG),
                "media_type": "image/jpeg",
                "size_bytes": len(JPEG),
                "description": "what it shows",
                "added_by": f"buyer:{buyer_id('one')}",
                "added_at": here.clock.now().isoformat().replace("+00:00", "Z"),
            }
            await life.done(sales, "answer-case", case_number=1, answer="We repaint it.")
            alone = await life.ask(
                sales, "close-case", {"case_number": 1, "outcome": "for_buyer", "reasons": "seen"}
            )
            assert (alone.status, alone.code) == (409, "second_person_missing")
            await life.done(
                here.staff("sales", name="wu"),
                "close-case",
                case_number=1,
                outcome="for_buyer",
                reasons="The photograph shows it.",
            )

            shown = await life.shown("/cases")

            (case,) = shown["cases"]
            assert case["outcome"] == "for_buyer"
            assert case["reasons"] == "The photograph shows it."
            assert case["answered_by"] == "staff:lin"
            assert case["decided_by"] == "staff:wu"
            assert [piece["number"] for piece in shown["evidence"]] == [1]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [
        (JPEG, "image/jpeg", "jpg"),
        (PNG, "image/png", "png"),
        (WEBP, "image/webp", "webp"),
        (PDF, "application/pdf", "pdf"),
        (TEXT, "text/plain; charset=utf-8", "txt"),
    ],
)
def test_evidence_leaves_as_a_file_to_keep(content: bytes, media_type: str, ending: str) -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            assert (await filed(life, here.buyer(), content)).status == 201

            told = await here.buyer().get(f"{life.path}/evidence/1")

            assert (told.status, told.body) == (200, content)
            name = f"{life.order_id}-evidence-1.{ending}"
            assert told.headers["content-type"] == media_type
            assert told.headers["content-disposition"] == f'attachment; filename="{name}"'
            assert told.headers["x-content-type-options"] == "nosniff"
            assert told.headers["content-security-policy"] == "default-src 'none'; sandbox"
            assert told.headers["cache-control"] == "no-store"

    asyncio.run(story())


@pytest.mark.parametrize(
    ("content", "query", "status", "code"),
    [
        (b"MZ\x90\x00 a program", {}, 422, "evidence_type_unsuitable"),
        (b"PK\x03\x04\x00 an archive", {}, 422, "evidence_type_unsuitable"),
        (b"GIF89a\x00", {}, 422, "evidence_type_unsuitable"),
        (b"<svg/>\x00", {}, 422, "evidence_type_unsuitable"),
        (b"   \n", {}, 422, "evidence_type_unsuitable"),
        (b"", {}, 422, "evidence_type_unsuitable"),
        (TEXT, {"kind": "photo"}, 422, "evidence_type_unsuitable"),
        (TEXT, {"kind": "receipt"}, 422, "evidence_type_unsuitable"),
        (JPEG, {"kind": "film"}, 400, "wrong_type"),
        (JPEG, {"description": ""}, 400, "wrong_type"),
        (JPEG, {"description": "x" * 501}, 400, "wrong_type"),
        (JPEG, {"description": "   "}, 422, "evidence_malformed"),
        (JPEG, {"case_number": "1"}, 409, "case_unknown"),
        (JPEG, {"colour": "red"}, 400, "unknown_field"),
    ],
)
def test_what_is_not_evidence_is_turned_away_and_nothing_is_kept(
    content: bytes, query: dict[str, str], status: int, code: str
) -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)

            told = await filed(life, here.buyer(), content, **query)

            assert (told.status, told.code) == (status, code)
            assert (await life.shown("/cases"))["evidence"] == []
            key = OrderKey(buyer_id("one"), OrderId(life.order_id))
            assert await here.kept.contents.stored(key) == []

    asyncio.run(story())


def test_markup_is_text_and_text_is_never_shown_in_place() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            page = b"<html><script>alert(1)</script></html>"

            assert (await filed(life, here.buyer(), page)).json["media_type"] == "text/plain"
            told = await here.buyer().get(f"{life.path}/evidence/1")

            assert told.headers["content-type"] == "text/plain; charset=utf-8"
            assert told.headers["content-disposition"].startswith("attachment")

    asyncio.run(story())


def test_a_file_that_is_too_large_is_turned_away_while_it_arrives() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            address = f"{life.path}/evidence?kind=document&description=x"
            announced = {"content-length": str(LARGEST_BYTES + 1), "idempotency-key": "a"}
            piece = b"\xff\xd8\xff" + bytes(1024 * 1024)

            early = await here.buyer().stream("POST", address, [], headers=announced)
            late = await here.buyer().stream(
                "POST", address, (piece for _ in range(11)), headers={"idempotency-key": "b"}
            )

            assert (early.status, early.code) == (413, "body_too_large")
            assert (late.status, late.code) == (413, "body_too_large")
            largest = JPEG + bytes(LARGEST_BYTES - len(JPEG))
            assert (await filed(life, here.buyer(), largest, "c")).status == 201

    asyncio.run(story())


def test_the_same_upload_twice_is_filed_once_and_another_under_its_key_is_not() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            first = await filed(life, here.buyer(), JPEG)
            again = await filed(life, here.buyer(), JPEG)
            other = await filed(life, here.buyer(), PNG)
            described = await filed(life, here.buyer(), JPEG, description="another sentence")

            assert first.json == again.json
            assert (other.status, other.code) == (422, "key_reused")
            assert (described.status, described.code) == (422, "key_reused")
            assert len((await life.shown("/cases"))["evidence"]) == 1

    asyncio.run(story())


def test_only_the_buyer_and_staff_for_disputes_read_what_is_personal() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await filed(life, here.buyer(), JPEG)
            address = f"{life.path}/evidence/1"

            codes = {
                role: (await here.staff(role).get(address)).status
                for role in ("sales", "finance", "delivery", "auditor", "planning", "admin")
            }

            assert codes == {
                "sales": 200,
                "finance": 200,
                "delivery": 200,
                "auditor": 200,
                "planning": 403,
                "admin": 403,
            }
            stranger = await here.buyer("two").get(address)
            assert (stranger.status, stranger.code) == (404, "order_unknown")
            for number in ("2", "0", "-1", "x", "9" * 30):
                unknown = await here.buyer().get(f"{life.path}/evidence/{number}")
                assert (unknown.status, unknown.code) == (404, "evidence_unknown")

    asyncio.run(story())


def test_uploads_beyond_what_fits_are_asked_to_come_back() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            while not here.house.uploads.locked():
                await here.house.uploads.acquire()

            told = await filed(life, here.buyer(), JPEG)

            assert (told.status, told.code) == (503, "desk_full")

    asyncio.run(story())


def test_evidence_whose_content_is_gone_says_so_instead_of_failing() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await filed(life, here.buyer(), JPEG)
            contents = here.kept.contents
            assert isinstance(contents, MemoryContents)
            contents.contents.clear()

            told = await here.buyer().get(f"{life.path}/evidence/1")

            assert (told.status, told.code) == (404, "evidence_unknown")

    asyncio.run(story())


async def _receipt(here: World, life: Life) -> int:
    told = await filed(life, here.staff("sales"), PDF, "receipt", kind="receipt")
    return int(told.json["number"])


def test_a_notice_that_staff_record_names_its_receipt() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            shown = acknowledged("deferral")
            await life.done(here.buyer(), "acknowledge-clause", acknowledgement=shown)
            await life.until_locked()
            await life.done(here.buyer(), "defer", until="2024-12-01T00:00:00Z")
            here.pass_time(days=200)
            await here.time_acts()
            sales = here.staff("sales")
            await life.done(sales, "demand-performance", ground="deferral_silence", cure_days=14)
            arrived = {
                "demand_number": 1,
                "delivered_at": here.clock.now().isoformat(),
                "proof": "registered letter, number 0815",
            }
            bare = await life.ask(sales, "record-notice", arrived)
            assert (bare.status, bare.code) == (422, "proof_missing")

            number = await _receipt(here, life)
            done = await life.done(sales, "record-notice", **arrived, evidence_number=number)

            assert done["events"] == ["NoticeDelivered"]
            (demand,) = (await life.shown())["demands"]
            assert demand["notice_means"] == "registered_letter"
            assert demand["notice_evidence_number"] == number

    asyncio.run(story())
