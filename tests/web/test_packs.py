"""The dispute pack over the API: whole, in both languages and forms, the same bytes each time.

Not here: how its pages look (`tests/gateways/test_typesetter.py`).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

import msgspec
import pytest

from earnest.core.values.ids import OrderId
from earnest.desk.pack.assemble import assemble
from earnest.desk.pack.gather import gather
from earnest.desk.pack.labels import LABELS
from earnest.desk.pack.pack import Pack
from earnest.desk.pack.writing import sheet_of
from tests.web.life import Life, begun
from tests.web.maker import World, acknowledged, world

RECEIPT = b"%PDF-1.7 a receipt"


async def disputed(here: World) -> Life:
    """An order with nearly everything: promise, agreement, case, evidence, notice, settlement."""
    life = await begun(here)
    buyer, sales = here.buyer(), here.staff("sales")
    await life.done(buyer, "acknowledge-clause", acknowledgement=acknowledged("deferral"))
    await life.until_locked()
    await life.done(buyer, "defer", until="2024-12-01T00:00:00Z", origin="chat")
    window = {"begins": "2024-12-20T00:00:00Z", "ends": "2025-01-31T00:00:00Z"}
    await life.done(sales, "revise-promise", promise=window, cause="paint line")
    await life.done(sales, "cancel-by-seller", ground="balance_default", explanation="late")
    await life.done(buyer, "open-case", subject="You cancelled against our agreement.")
    await life.done(sales, "answer-case", case_number=2, answer="A mistake.")
    await life.done(
        here.staff("sales", name="wu"),
        "close-case",
        case_number=2,
        outcome="for_buyer",
        reasons="The agreement was in force.",
    )
    here.pass_time(days=200)
    await here.time_acts()
    await life.done(sales, "demand-performance", ground="deferral_silence", cure_days=14)
    filed = await buyer.post(
        f"{life.path}/evidence?kind=receipt&description=a%20receipt", RECEIPT, "receipt"
    )
    assert filed.status == 201, filed.body
    inbox = (await buyer.get("/api/v1/notices")).json["notices"]
    demand = next(each for each in inbox if each["kind"] == "PerformanceDemanded")
    await buyer.post(f"/api/v1/notices/{life.order_id}/{demand['sequence']}/open")
    await life.done(buyer, "terminate-by-buyer", ground="breached_agreement")
    await life.done(here.staff("finance", name="he"), "release-payout", payout_number=2)
    return life


async def pack_of(life: Life, query: str = "") -> Any:  # noqa: ANN401 - a document
    told = await life.here.buyer(life.name).get(f"{life.path}/dispute-pack{query}")
    assert told.status == 200, told.body
    return told.json


def test_a_pack_has_everything_with_its_proof() -> None:
    async def story() -> None:
        async with world() as here:
            life = await disputed(here)

            pack = await pack_of(life, "?language=en")

            assert [each["sequence"] for each in pack["timeline"]] == list(
                range(1, pack["sequence"] + 1)
            )
            assert pack["order"]["stage"] == "terminated"
            (terms,) = pack["terms"]
            assert terms["in_force"]
            standing = {each["clause_id"]: each["acknowledged"] for each in terms["clauses"]}
            assert standing["forfeiture"]
            assert not standing["forum"]
            assert {each["language"] for each in terms["clauses"]} == {"zh-Hans"}
            assert {each["as_shown"] for each in pack["acknowledgements"]} == {True}
            assert [each["cause"] for each in pack["promises"]] == ["", "paint line"]
            assert [each["kind"] for each in pack["agreements"]] == ["Deferred", "DeferralEnded"]
            (demand,) = pack["demands"]
            assert demand["means"] == "in_app"
            opened = [each for each in pack["notices"] if each["marks"]]
            assert [each["subject"] for each in opened] == [
                "The seller asks what you want after the deferral"
            ]
            assert [each["number"] for each in pack["cases"]] == [1, 2]
            (piece,) = pack["evidence"]
            assert piece["digest"] == hashlib.sha256(RECEIPT).hexdigest()
            decided = {each["kind"]: each["by"] for each in pack["decisions"]}
            assert decided["CaseClosed"] == "staff:wu"
            assert decided["PayoutReleased"] == "staff:he"
            assert pack["statement"]["ground"] == "breached_agreement"
            assert [each["amount"]["amount"] for each in pack["postings"]] == [500_000] * 4
            assert [each["state"] for each in pack["payouts"]] == ["due", "due"]

    asyncio.run(story())


def test_a_pack_shows_what_started_the_days_of_the_balance() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()
            await life.until_built()
            await life.until_tendered()
            await life.until_inspected()
            await life.done(here.staff("finance"), "demand-balance")
            (waiting,) = (await pack_of(life))["demands"]
            part = {"amount": 100, "currency": "CNY"}
            await life.done(here.buyer(), "request-payment", amount=part)

            (running,) = (await pack_of(life))["demands"]

            assert (waiting["number"], waiting["ground"]) == (0, "balance")
            assert (waiting["cure_days"], waiting["cure_until"]) == (7, None)
            assert (running["means"], running["proof"]) == ("acted", "payment 2")
            assert running["cure_until"] > running["delivered_at"]
            assert not running["met"]

    asyncio.run(story())


def test_the_same_state_gives_the_same_bytes_and_anybody_can_check_the_digest() -> None:
    async def story() -> None:
        async with world() as here:
            life = await disputed(here)
            address = f"{life.path}/dispute-pack"
            first = await here.buyer().get(address, accept_language="en")
            here.pass_time(hours=1)
            second = await here.staff("finance").get(address, accept_language="en")
            assert first.body == second.body

            # With nothing but a library for JSON, as it says on the last page.
            document = json.loads(first.body)
            digest, document["digest"] = document["digest"], ""
            bare = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            assert digest == hashlib.sha256(bare.encode()).hexdigest()

            await life.done(here.buyer(), "open-case", subject="Where is my money?")
            assert (await pack_of(life))["digest"] != digest

    asyncio.run(story())


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_pack_can_be_had_as_pages_by_whoever_may_have_it(language: str) -> None:
    async def story() -> None:
        async with world() as here:
            life = await disputed(here)
            address = f"{life.path}/dispute-pack?format=pdf&language={language}"

            told = await here.buyer().get(address)

            assert told.status == 200
            assert told.headers["content-type"] == "application/pdf"
            sequence = (await life.shown())["sequence"]
            name = f"{life.order_id}-dispute-pack-{sequence}.pdf"
            assert told.headers["content-disposition"] == f'attachment; filename="{name}"'
            sheet = msgspec.json.decode(told.body.partition(b"\n")[2])
            assert sheet["title"] == LABELS[language]["title"]
            assert sheet["digest"] == (await pack_of(life, f"?language={language}"))["digest"]
            stranger = await here.buyer("two").get(address)
            assert (stranger.status, stranger.code) == (404, "order_unknown")
            planning = await here.staff("planning").get(address)
            assert (planning.status, planning.code) == (403, "not_permitted")

    asyncio.run(story())


async def assembled(here: World, life: Life, language: str) -> Pack:
    order = await here.kept.reader.order_by_id(OrderId(life.order_id))
    assert order is not None
    sources = await gather(order, here.kept.reader, here.kept.notices, here.kept.register)
    return assemble(sources, language)


def test_pages_of_an_order_that_just_began_say_that_there_is_nothing_yet() -> None:
    async def story() -> None:
        async with world() as here:
            life = Life(here, str((await here.reserve()).json["order_id"]))

            sheet = sheet_of(await assembled(here, life, "en"))

            empty = {
                section.heading
                for section in sheet.sections
                if not section.facts and not section.rows and not section.passages
            }
            assert {"Disputes", "Evidence", "The settlement, line by line"} <= empty

    asyncio.run(story())


def test_pages_of_a_whole_life_name_car_signatures_and_unproven_demands() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()
            await life.until_built()
            await life.until_tendered()
            here.pass_time(days=3)
            await life.done(here.staff("delivery"), "record-missed-appointment")
            await life.done(here.staff("delivery"), "demand-collection", cure_days=14)
            before = sheet_of(await assembled(here, life, "en"))
            await life.until_tendered()
            await life.until_inspected()
            await life.until_paid()
            await life.until_handed_over()

            after = sheet_of(await assembled(here, life, "zh-Hans"))

            rows = {section.heading: section.rows for section in before.sections}
            ((*_, proof),) = rows["Demands and the proof of their arrival"]
            assert proof == "not proven; no time runs"
            (_, *sections) = after.sections
            rows = {section.heading: section.rows for section in sections}
            assert [row[2] for row in rows["确认与签名"]] == ["联合验车", "交车"]
            assert "车辆（VIN）" in dict(after.sections[0].facts)
            assert [row[4] for row in rows["催告及其送达证明"]] == ["已履行", "已履行"]
            assert rows["催告及其送达证明"][0][5] == "购车人据此行事：购车人发起了尾款付款"

    asyncio.run(story())


def test_both_languages_have_the_same_labels() -> None:
    assert set(LABELS["en"]) == set(LABELS["zh-Hans"])
    assert all(all(words.values()) for words in LABELS.values())
