"""The papers of an order over the API: contract, receipts, record of the handover.

Not here: how pages look (`tests/gateways/test_typesetter.py`).
"""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from earnest.desk.papers.words import WORDS
from tests.web.life import VIN, Life, begun
from tests.web.maker import TERMS, acknowledged, price, world


async def paper(life: Life, name: str, language: str) -> str:
    """Everything that stands in a paper; the null typesetter sets it as JSON."""
    told = await life.here.buyer(life.name).get(f"{life.path}/papers/{name}?language={language}")
    assert told.status == 200, told.body
    assert told.headers["content-type"] == "application/pdf"
    again = await life.here.buyer(life.name).get(f"{life.path}/papers/{name}?language={language}")
    assert again.body == told.body
    return msgspec.json.encode(msgspec.json.decode(told.body.removeprefix(b"%PDF-null\n"))).decode()


def test_a_contract_and_a_receipt_are_there_as_soon_as_there_is_something_to_keep() -> None:
    async def story() -> None:
        async with world() as here:
            reserved = (await here.reserve("one", "first")).json
            life = Life(here, reserved["order_id"])
            assert [each["name"] for each in (await life.shown("/papers"))["papers"]] == [
                "contract"
            ]
            await here.pay(reserved["payment"]["link"])
            names = [each["name"] for each in (await life.shown("/papers"))["papers"]]
            assert names == ["contract", "receipt-1"]

    asyncio.run(story())


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_contract_has_the_car_the_price_every_clause_and_what_was_agreed(
    language: str,
) -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            override = {"field": "refund_days", "value": 3}
            await life.done(
                here.staff("sales"),
                "propose-agreement",
                overrides=[override],
                text="Money back in three days, Lin.",
                origin="chat",
            )
            await life.done(
                here.buyer(), "acknowledge-clause", acknowledgement=acknowledged("deferral")
            )
            text = await paper(life, "contract", language)
            assert "Money back in three days, Lin." in text
            assert all(clause.texts[language] in text for clause in TERMS.clauses)
            assert "299,900.00" in text
            assert price().price.amount == 29_990_000
            assert WORDS[language]["not_part"] in text
            assert WORDS[language]["acknowledged"] in text

    asyncio.run(story())


def test_a_receipt_names_the_payment_and_says_what_the_money_is() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            text = await paper(life, "receipt-1", "en")
            assert "¥5,000.00" in text
            assert WORDS["en"]["purpose_deposit"] in text
            assert WORDS["en"]["held"] in text
            unknown = await here.buyer().get(f"{life.path}/papers/receipt-2")
            assert (unknown.status, unknown.code) == (404, "paper_unknown")
            foreign = await here.buyer("two").get(f"{life.path}/papers/contract")
            assert (foreign.status, foreign.code) == (404, "order_unknown")

    asyncio.run(story())


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_record_of_the_handover_says_what_was_looked_at_and_what_was_given(
    language: str,
) -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()
            await life.until_built()
            await life.until_tendered()
            checklist = [
                {"item": item, "in_order": item != "interior", "remark": ""}
                for item in TERMS.policy.inspection_checklist
            ]
            await life.done(
                here.buyer(),
                "record-inspection",
                result="accepted_with_remarks",
                checklist=checklist,
                remarks=["A stain on the left seat"],
            )
            await life.until_paid()
            await life.until_handed_over()
            text = await paper(life, "handover", language)
            say = WORDS[language]
            for expected in (VIN, "Haikou", "A stain on the left seat", say["own_login"]):
                assert expected in text
            assert say["not_in_order"] in text
            assert say["rights_text"] in text

    asyncio.run(story())


def test_without_remarks_and_with_a_signature_the_record_says_so() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()
            await life.until_built()
            await life.until_tendered()
            checklist = [
                {"item": item, "in_order": True} for item in TERMS.policy.inspection_checklist
            ]
            await life.done(
                here.staff("delivery"),
                "record-inspection",
                result="accepted",
                checklist=checklist,
                buyer_signature="sha256:on-paper",
            )
            await life.until_paid()
            await life.until_handed_over()
            text = await paper(life, "handover", "en")
            assert WORDS["en"]["signature"] in text
            assert f'"heading":"{WORDS["en"]["remarks"]}"' not in text

    asyncio.run(story())


def test_both_languages_say_the_same_things() -> None:
    assert WORDS["en"].keys() == WORDS["zh-Hans"].keys()
