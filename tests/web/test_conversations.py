"""Buyer and maker talk about an order: at the API, on the pages, and as a side agreement.

Not here: how messages are kept (`tests/store/test_conversations.py`) and the mail that points to
them (`tests/gateways/test_pointers.py`).
"""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import pytest

from earnest.core.cases.evidence import digest_of
from earnest.desk.conversing import MOST_MESSAGES, POINTER_FOR_STAFF, POINTER_TO_MESSAGE, pointer
from earnest.desk.ports import Channel, OrderKey
from tests.web.asking import Client, Told
from tests.web.life import Life, begun
from tests.web.maker import world
from tests.web.test_office import registered, staff
from tests.web.test_order_pages import Buyer, code_of, fields_of, words

SCRIPT = "<script>alert(1)</script> & “hold it till March”?"
PNG = b"\x89PNG\r\n\x1a\n a picture"
HTML = b"<html>\x00"


async def said(life: Life, who: Client, text: str, key: str) -> Told:
    """Say something at the API."""
    return await who.post(f"{life.path}/conversation", {"text": text}, key)


async def talk_of(life: Life, who: Client) -> dict[str, object]:
    """The conversation as somebody reads it."""
    told = await who.get(f"{life.path}/conversation")
    assert told.status == 200, told.body
    return dict(told.json)


def test_both_sides_read_what_the_other_said_and_see_that_it_was_seen() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            buyer, sales = here.buyer(), here.staff("sales")
            first = await said(life, buyer, f"  {SCRIPT}\x07\n", "a")
            assert (first.status, first.json["text"], first.json["by"]) == (201, SCRIPT, "buyer")
            assert (await said(life, sales, "Yes.", "b")).status == 201
            assert [(await talk_of(life, who))["unread"] for who in (buyer, sales)] == [1, 1]
            await buyer.post(f"{life.path}/conversation/read", {"number": 2})
            after = await talk_of(life, sales)
            assert (after["seen"], after["waits_since"]) == (2, None)
            told = [x for x in here.memory.tables.messages if x.channel is Channel.POINTER]
            key = OrderKey(told[0].buyer_id, told[0].order_id)
            assert told == [
                pointer(key, POINTER_FOR_STAFF, 1),
                pointer(key, POINTER_TO_MESSAGE, 2),
            ]

    asyncio.run(story())


def test_sent_twice_is_said_once_and_limits_are_told_in_words() -> None:
    async def story() -> None:
        async with world() as here:
            life, buyer = await begun(here), here.buyer()
            again = [await said(life, buyer, "Hello", "a") for _ in range(2)]
            assert [each.json["number"] for each in again] == [1, 1]
            assert (await said(life, buyer, "Other", "a")).code == "key_reused"
            assert (await said(life, buyer, " \n\t", "b")).code == "message_empty"
            assert (await said(life, buyer, "x" * 2_001, "c")).code == "wrong_type"
            for number in range(1, MOST_MESSAGES):
                assert (await said(life, buyer, "Hello?", f"more-{number}")).status == 201
            late = await said(life, buyer, "Hello??", "late")
            assert (late.status, late.code) == (403, "messages_too_often")
            assert "20 messages in 10 minutes" in late.json["detail"]
            here.pass_time(minutes=10)
            assert (await said(life, buyer, "Hello??", "late")).status == 201

    asyncio.run(story())


async def sent(life: Life, who: Client, content: bytes, key: str, text: str = "") -> Told:
    """Send a file at the API."""
    return await who.post(f"{life.path}/conversation/files?text={quote(text)}", content, key)


@pytest.mark.parametrize(("content", "code"), [(HTML, "file_unsuitable"), (b"", "file_unsuitable")])
def test_a_file_that_is_none_of_the_kinds_is_not_taken(content: bytes, code: str) -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            assert (await sent(life, here.buyer(), content, "a")).code == code
            assert (await talk_of(life, here.buyer()))["messages"] == []

    asyncio.run(story())


def test_a_file_leaves_as_a_file_to_keep_and_for_nobody_else() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            made = await sent(life, here.buyer(), PNG, "a", text="The colour I mean")
            assert made.json["file"] == {
                "digest": digest_of(PNG),
                "media_type": "image/png",
                "size_bytes": len(PNG),
            }
            path = f"{life.path}/conversation/1/file"
            for who in (here.buyer(), here.staff("delivery"), here.staff("auditor")):
                told = await who.get(path)
                assert (told.body, told.headers["content-type"]) == (PNG, "image/png")
                assert told.headers["content-disposition"] == (
                    f'attachment; filename="{life.order_id}-message-1.png"'
                )
                assert "sandbox" in told.headers["content-security-policy"]
            assert (await here.buyer("two").get(path)).code == "order_unknown"
            assert (await here.staff("planning").get(path)).code == "not_permitted"
            await said(life, here.buyer(), "Hello", "b")
            for number in ("2", "3", "x"):
                unknown = await here.buyer().get(f"{life.path}/conversation/{number}/file")
                assert (unknown.status, unknown.code) == (404, "message_unknown")

    asyncio.run(story())


def test_a_message_becomes_an_agreement_that_both_confirm_with_itself_as_evidence() -> None:
    async def story() -> None:
        async with world() as here:
            life, buyer, sales = await begun(here), here.buyer(), here.staff("sales")
            await said(life, sales, "We give you 45 days to collect it, Lin.", "a")
            body = {"overrides": [{"field": "cure_days", "value": 45}]}
            at = f"{life.path}/conversation/1/agreement"
            proposed = await buyer.post(at, body, "p")
            assert (proposed.status, proposed.json["events"]) == (200, ["AgreementProposed"])
            # Proposed twice it is one proposal and one piece of evidence.
            assert (await buyer.post(at, body, "p")).json["events"] == ["AgreementProposed"]
            (proposal,) = (await life.shown("/contract"))["proposals"]
            assert (proposal["origin"], proposal["proposed_by"]) == ("chat", "buyer")
            assert proposal["text"] == "We give you 45 days to collect it, Lin."
            await life.done(sales, "accept-agreement", number=proposal["number"])
            contract = await life.shown("/contract")
            (agreement,) = contract["agreements"]
            assert agreement["seller_accepted_at"]
            assert agreement["buyer_accepted_at"]
            (number,) = [x for x in contract["numbers"] if x["field"] == "cure_days"]
            assert (number["value"], number["source"]) == (45, "agreement")
            (piece,) = (await life.shown("/cases"))["evidence"]
            assert (piece["kind"], piece["digest"]) == ("message", agreement["text_hash"])
            assert piece["description"] == (
                "Message 1 of the conversation, by the seller: agreement 1"
            )
            pack = (await buyer.get(f"{life.path}/dispute-pack?language=en")).json
            assert [each["digest"] for each in pack["evidence"]] == [agreement["text_hash"]]

    asyncio.run(story())


def test_a_proposal_that_is_refused_files_nothing_and_a_file_is_filed_with_its_words() -> None:
    async def story() -> None:
        async with world() as here:
            life, sales = await begun(here), here.staff("sales")
            await sent(life, here.buyer(), PNG, "a", text="Free storage till May, as you said")
            await sent(life, here.buyer(), PNG, "b")
            nothing = await sales.post(
                f"{life.path}/conversation/1/agreement", {"overrides": []}, "p"
            )
            assert (nothing.status, nothing.code) == (422, "override_missing")
            silent = {"overrides": [{"field": "storage_free_days", "value": 60}]}
            told = await sales.post(f"{life.path}/conversation/2/agreement", silent, "q")
            assert told.code == "agreement_text_missing"
            assert (await life.shown("/cases"))["evidence"] == []
            # What the seller's people record and only favours the buyer binds at once.
            made = await sales.post(f"{life.path}/conversation/1/agreement", silent, "r")
            assert made.json["events"] == ["AgreementMade"]
            assert [each["kind"] for each in (await life.shown("/cases"))["evidence"]] == [
                "message",
                "photo",
            ]
            unknown = await sales.post(f"{life.path}/conversation/9/agreement", silent, "s")
            assert unknown.code == "message_unknown"

    asyncio.run(story())


def test_the_buyers_page_escapes_what_was_said_says_what_is_new_and_takes_files() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            life = buyer.life
            assert "Nothing was said yet." in await buyer.reads("/messages")
            assert await buyer.presses("/messages", "say", text=SCRIPT) == "/messages#message-1"
            page = await buyer.get(f"{buyer.at}/messages")
            assert b"<script>alert" not in page.body
            assert "hold it till March" in words(page)
            assert "You wait for an answer since" in words(page)
            await said(life, here.staff("sales"), "Yes, till March.", "a")
            assert "1 new message" in await buyer.reads()
            assert "Yes, till March." in await buyer.reads("/messages")
            assert "new message" not in await buyer.reads()
            fields = fields_of((await buyer.get(f"{buyer.at}/messages")).body.decode(), "say")
            with_file = await buyer.sends("/messages", fields | {"text": ""}, "file", PNG)
            assert with_file.headers["location"].endswith("/messages#message-3")
            kept = await buyer.get(f"{buyer.at}/messages/3/file")
            assert (kept.body, kept.headers["content-disposition"].partition(";")[0]) == (
                PNG,
                "attachment",
            )
            empty = await buyer.fills("/messages", "say", text="  ")
            assert (empty.status, code_of(empty)) == (422, "message_empty")
            hostile = await buyer.sends("/messages", fields | {"key": "n" * 32}, "file", HTML)
            assert (hostile.status, code_of(hostile)) == (422, "file_unsuitable")
            assert await buyer.presses("/messages/2/agree", "agree", field="cure_days", value="45")
            assert "agreement 1" in await buyer.reads("/messages")
            assert "evidence 1" in await buyer.reads("/agreed")
            assert (await buyer.get(f"{buyer.at}/messages/9/agree")).status == 404

    asyncio.run(story())


def test_the_office_sees_who_waits_longest_answers_and_agrees() -> None:
    async def story() -> None:
        async with world() as here:
            life, other = await begun(here), await begun(here, "two")
            await registered(here)
            await said(life, here.buyer(), SCRIPT, "a")
            here.pass_time(hours=30)
            await said(other, here.buyer("two"), "Thank you!", "a")
            lin = staff(here, "sales")
            inbox = await lin.get("/office/messages")
            assert b"<b>" not in inbox.body.replace(b"<b>Today", b"")
            told = words(inbox)
            assert told.index("Li Wen <b>") < told.index(other.order_id)
            assert "waits 1 day" in told
            at = f"/office/orders/{life.order_id}/messages"
            assert "waits 1 day" in words(await lin.get(f"/office/orders/{life.order_id}"))
            page = (await lin.get(at)).body.decode()
            assert "<script>alert" not in page
            answer = await lin.post(at, fields_of(page, "say") | {"text": "Yes, 60 days free."})
            assert answer.headers["location"] == f"{at}#message-2"
            form = fields_of((await lin.get(f"{at}/2/agree")).body.decode(), "agree")
            changed = {"overrides-field": "storage_free_days", "overrides-value": "60"}
            made = await lin.post(f"{at}/2/agree", form | changed)
            assert made.headers["location"].endswith("?done=ProposeAgreement")
            assert (await life.shown("/contract"))["agreements"][0]["text"] == "Yes, 60 days free."
            thanks = f"/office/orders/{other.order_id}/messages"
            settled = fields_of((await lin.get(thanks)).body.decode(), "settle")
            assert (await lin.post(thanks, settled)).headers["location"] == "/office/messages"
            assert "Nobody waits for an answer." in words(await lin.get("/office/messages"))
            # An auditor reads, and marks nothing as seen.
            auditor = staff(here, "auditor")
            assert b'name="text"' not in (await auditor.get(at)).body

    asyncio.run(story())


def test_a_link_is_made_once_by_a_double_click_ends_and_can_be_taken_back() -> None:
    async def story() -> None:
        async with world() as here:
            life, buyer = await begun(here), here.buyer()
            at = f"{life.path}/link"
            assert (await buyer.get(at)).json["address"] is None
            first = [(await buyer.post(at, {})).json["address"] for _ in range(2)]
            assert first[0] == first[1]
            told = [x for x in here.memory.tables.messages if x.channel is Channel.POINTER]
            assert [each.subject for each in told] == ["link"]
            here.pass_time(minutes=2)
            second = (await buyer.post(at, {})).json
            assert second["address"] not in {None, first[0]}
            strangers = {"order_unknown": here.buyer("two"), "not_permitted": here.staff("sales")}
            for code, who in strangers.items():
                for method in ("GET", "POST", "DELETE"):
                    assert (await who.ask(method, at, {}, headers={})).code == code
            reader = Buyer(life)
            reader.cookies.clear()
            old = await reader.get(first[0].removeprefix("https://maker.example"))
            assert (old.status, code_of(old)) == (404, "link_over")
            new = second["address"].removeprefix("https://maker.example")
            assert (await reader.get(new)).headers["location"] == f"/orders/{life.order_id}"
            assert (await reader.get(f"/orders/{life.order_id}")).status == 200
            here.pass_time(days=30)
            over = await reader.get(f"/orders/{life.order_id}")
            assert (over.status, code_of(over)) == (404, "link_over")
            third = (await buyer.post(at, {})).json["address"]
            assert (await buyer.ask("DELETE", at, headers={})).json["address"] is None
            assert code_of(await reader.get(third.removeprefix("https://maker.example"))) == (
                "link_over"
            )

    asyncio.run(story())
