"""The pages of an order, step by step in the process: what they show and what their forms do.

Not here: what a browser makes of them (`tests/browser`).
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec
import pytest

from earnest.web.site.orders.delivery import sum_in
from tests.web import maker
from tests.web.asking import Told
from tests.web.browsing import Browser, multipart
from tests.web.life import VIN, Life, begun
from tests.web.maker import TERMS, World, world
from tests.web.test_contract import newer
from tests.web.test_office import staff

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 24
PAGES = ("", "/agreed", "/money", "/papers", "/notices", "/cases", "/leave", "/defer", "/change")


class Buyer(Browser):
    """A buyer who is signed in, at the pages of one order."""

    def __init__(self, life: Life, language: str = "en") -> None:
        super().__init__(life.here)
        self.life = life
        self.at = f"/orders/{life.order_id}"
        self.cookies["earnest_session"] = life.here.buyer_token(life.name)
        self.cookies["earnest_language"] = language

    async def reads(self, page: str = "", status: int = 200) -> str:
        """What a page says, without its tags."""
        told = await self.get(f"{self.at}{page}")
        assert told.status == status, (page, told.status, words(told)[:600])
        return words(told)

    async def fills(self, page: str, form: str, **fields: str) -> Told:
        """Send a form of a page as its fields stand there, with some filled in."""
        told = await self.get(f"{self.at}{page}")
        hidden = fields_of(told.body.decode(), form)
        return await self.post(f"{self.at}{page}", hidden | fields)

    async def sends(self, page: str, fields: Mapping[str, str], name: str, content: bytes) -> Told:
        """Send a form with one file."""
        body, media_type = multipart(fields, name, content)
        headers = self._named({"content_type": media_type})
        told = await self._client.post(self.at + page, body, **headers)
        self._keep(told)
        return told

    async def signs(self) -> None:
        """Tick every paper and sign for the car."""
        page = (await self.get(f"{self.at}/delivery")).body.decode()
        fields = [
            *fields_of(page, "sign").items(),
            *(("received", each) for each in TERMS.policy.handover_documents),
        ]
        headers = self._named({"content_type": "application/x-www-form-urlencoded"})
        body = urlencode(fields).encode()
        told = await self._client.post(f"{self.at}/delivery", body, **headers)
        assert told.status == 303, words(told)

    async def presses(self, page: str, form: str, **fields: str) -> str:
        """The same, where it must work; the address at which it goes on."""
        told = await self.fills(page, form, **fields)
        assert told.status == 303, words(told)
        return told.headers["location"].removeprefix(self.at)


def fields_of(page: str, form: str) -> dict[str, str]:
    """The hidden fields of a form."""
    found = re.search(rf'<form[^>]*id="form-{form}".*?</form>', page, re.DOTALL)
    assert found is not None, f"there is no form {form}"
    pairs = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', found[0])
    return {name: html.unescape(value) for name, value in pairs}


def words(told: Told) -> str:
    """The text of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", told.body.decode())).split())


def code_of(told: Told) -> str:
    """The code of the refusal that a page shows."""
    found = re.search(rb'data-code="(\w+)"', told.body)
    assert found is not None, words(told)
    return found[1].decode()


async def at_stage(here: World, *steps: str) -> Life:
    """An order after some steps of its life."""
    life = await begun(here)
    for step in steps:
        await getattr(life, f"until_{step}")()
    return life


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("stage", ["deposited", "locked", "built", "tendered", "inspected", "paid"])
def test_every_page_opens_at_every_stage(language: str, stage: str) -> None:
    async def story() -> None:
        async with world() as here:
            await here.house.places.refresh()
            steps = ["locked", "built", "tendered", "inspected", "paid"]
            wanted = [] if stage == "deposited" else steps[: steps.index(stage) + 1]
            buyer = Buyer(await at_stage(here, *wanted), language)
            for page in (*PAGES, "/delivery", "/lock"):
                if (stage, page) != ("deposited", "/lock"):
                    await buyer.reads(page)
            listed = await buyer.get("/orders")
            assert buyer.life.order_id.encode() in listed.body

    asyncio.run(story())


def test_nobody_else_finds_an_order_and_nobody_without_a_login_gets_in() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            stranger, nobody = Browser(here), Browser(here)
            stranger.cookies["earnest_session"] = here.buyer_token("two")
            for page in (*PAGES, "/delivery", "/lock", "/inspect", "/papers/contract"):
                path = f"/orders/{life.order_id}{page}"
                assert (page, (await stranger.get(path)).status) == (page, 404)
                assert (page, (await nobody.get(path)).status) == (page, 303)
            seal = await stranger.seal("/")
            told = await stranger.post(
                f"/orders/{life.order_id}/leave",
                {"seal": seal, "form": "leave", "command": "withdraw", "key": "k" * 32},
            )
            assert told.status == 404
            assert (await life.shown())["stage"] == "deposited"

    asyncio.run(story())


def test_a_secret_link_reads_and_cannot_act() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            reader, buyer = Browser(here), Buyer(life)
            assert await buyer.presses("/papers", "make-link") == "/papers#link"
            (address,) = re.findall(r"https://maker.example(/o/\S+)", await buyer.reads("/papers"))
            await reader.get(address)
            for page in PAGES:
                told = await reader.get(f"/orders/{life.order_id}{page}")
                assert (page, told.status) == (page, 200)
                assert b"secret link" in told.body
                assert b'name="seal"' not in told.body
                assert b"/o/" not in told.body
            assert (await reader.get(f"/orders/{life.order_id}/messages")).status == 303

    asyncio.run(story())


def test_cancelling_is_two_clicks_and_brings_what_was_shown() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            first = await buyer.get(buyer.at)
            page = "/leave?ground=cooling_off"
            assert f'href="{buyer.at}{page}"'.encode() in first.body
            assert "¥5,000.00 comes back within 24 hours" in words(first)
            assert "¥5,000.00 is paid out to you" in await buyer.reads(page)
            sent = fields_of((await buyer.get(buyer.at + page)).body.decode(), "leave")
            for _ in range(2):
                # A double click is one withdrawal.
                assert (await buyer.post(buyer.at + page, sent)).status == 303
            shown = await buyer.life.shown()
            assert shown["stage"] == "withdrawn"
            assert [each["amount"]["amount"] for each in shown["payouts"]] == [500_000]
            after = await buyer.reads()
            assert "This order is over" in after
            # Another tab that still shows the form does it again: refused in words.
            stale = await buyer.post(buyer.at + page, sent | {"key": "another-key-of-this-form"})
            assert (stale.status, code_of(stale)) == (409, "order_over")

    asyncio.run(story())


def test_withdrawing_does_not_insist_on_a_version_and_other_ways_out_do() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            page = "/leave?ground=cooling_off"
            sent = fields_of((await buyer.get(buyer.at + page)).body.decode(), "leave")
            await buyer.life.done(here.buyer(), "allow-earlier")
            assert (await buyer.post(buyer.at + page, sent)).status == 303

            other = Buyer(await begun(here, "two"))
            await other.life.until_locked()
            page = "/leave?ground=buyer_wish"
            sent = fields_of((await other.get(other.at + page)).body.decode(), "leave")
            await other.life.done(here.buyer("two"), "allow-earlier")
            stale = await other.post(other.at + page, sent)
            assert (stale.status, code_of(stale)) == (412, "sequence_stale")
            assert await other.presses(page, "leave", explanation="<script>moved</script>") == ""
            assert "<script>moved" not in (await other.get(other.at)).body.decode()

    asyncio.run(story())


def test_what_comes_back_if_the_slot_is_taken_is_said_before_the_click(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy = msgspec.structs.replace(maker.TERMS.policy, deposit_back_if_taken_days=30)
    monkeypatch.setattr(maker, "TERMS", msgspec.structs.replace(maker.TERMS, policy=policy))
    said = {
        "en": "If another order takes your slot or your car before the end of",
        "zh-Hans": "其他订单在",
    }

    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()
            chosen = "/leave?ground=buyer_wish"
            for language, words_of_it in said.items():
                assert words_of_it not in await Buyer(life, language).reads(chosen)
            slot = {"plant": "one", "week": "2024-W35"}
            await life.done(here.staff("planning"), "schedule", slot=slot)
            for language, words_of_it in said.items():
                for page in ("/leave", chosen):
                    assert words_of_it in await Buyer(life, language).reads(page)
            await Buyer(life).presses(chosen, "leave")
            for language, words_of_it in said.items():
                assert words_of_it in await Buyer(life, language).reads("/money")

    asyncio.run(story())


def test_the_exits_are_shown_for_any_day_and_not_from_before_the_order() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            later = (here.clock.now() + timedelta(days=30)).date()
            text = await buyer.reads(f"/leave?on={later}")
            assert "if nobody does anything until then: Locked" in text
            assert "Leave this way" not in text
            assert "did not exist on that day" in await buyer.reads("/leave?on=2020-01-01")
            assert "Open now" in await buyer.reads("/leave?on=nonsense")
            assert "Open now" in await buyer.reads("/leave?ground=nonsense&claim=x")

    asyncio.run(story())


def test_an_early_lock_needs_its_own_tick_and_can_be_taken_back() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            assert "You need not do this" in await buyer.reads("/lock")
            without = await buyer.fills("/lock", "lock")
            assert code_of(without) == "acknowledgement_missing"
            assert await buyer.presses("/lock", "lock", understood="yes") == ""
            assert (await buyer.life.shown())["lock"]["mode"] == "early"
            assert "There is nothing to confirm early" in await buyer.reads("/lock")
            closed = await buyer.reads("/leave?ground=cooling_off")
            assert "Take the lock back first" in closed
            assert await buyer.presses("", "undo-lock") == ""
            assert (await buyer.life.shown())["stage"] == "deposited"

    asyncio.run(story())


def test_a_change_of_the_car_is_previewed_and_made_at_that_price() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            chosen = "/change?choice-paint=paint-aqua&choice-interior=interior-grey"
            wrong = await buyer.get(buyer.at + chosen)
            assert code_of(wrong) == "choice_missing"
            page = f"{chosen}&choice-wheels=wheels-20"
            assert "¥305,900.00" in await buyer.reads(page)
            fields = fields_of((await buyer.get(buyer.at + page)).body.decode(), "change")
            cheaper = await buyer.post(
                f"{buyer.at}/change", fields | {"price": "1", "key": "a" * 32}
            )
            assert code_of(cheaper) == "price_differs"
            nonsense = await buyer.post(
                f"{buyer.at}/change", fields | {"price": "x", "key": "b" * 32}
            )
            assert nonsense.status == 400
            assert (await buyer.post(f"{buyer.at}/change", fields)).status == 303
            assert "wheels-20" in (await buyer.life.shown())["configuration"]["options"]

    asyncio.run(story())


def test_a_deferral_is_previewed_made_and_ended_by_asking_for_the_car() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            await buyer.life.until_locked()
            until = (here.clock.now() + timedelta(days=100)).date()
            seen = await buyer.reads(f"/defer?until={until}")
            assert "It is your right" in seen
            assert await buyer.presses(f"/defer?until={until}", "defer") == ""
            deferral = (await buyer.life.shown())["deferral"]
            assert deferral["valid_until"][:10] == str(until)
            assert "You have put your car off" in await buyer.reads()
            assert await buyer.presses("", "resume") == ""
            assert (await buyer.life.shown())["deferral"] is None
            far = await buyer.get(f"{buyer.at}/defer?until=2099-01-01")
            assert code_of(far) == "deferral_too_long"
            fields = {
                "form": "defer",
                "until": "never",
                "seal": await buyer.seal("/"),
                "key": "c" * 32,
            }
            assert code_of(await buyer.post(f"{buyer.at}/defer", fields)) == "field_missing"

    asyncio.run(story())


def test_a_request_for_a_longer_deferral_says_until_when_it_is_answered_and_is_taken_back() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            await buyer.life.until_locked()
            until = (here.clock.now() + timedelta(days=100)).date()
            assert await buyer.presses(f"/defer?until={until}", "defer") == ""
            later = until + timedelta(days=50)
            assert await buyer.presses(f"/defer?until={later}", "defer") == ""
            assert "Asking for your car now takes this request back as well." in await buyer.reads()
            assert await buyer.presses("", "resume") == ""
            assert (await buyer.life.shown())["deferral_answer_until"] is None

            assert await buyer.presses(f"/defer?until={later}", "defer") == ""
            shown = await buyer.life.shown()
            due = here.clock.now() + timedelta(days=14)
            assert shown["deferral_answer_until"][:10] == str(due.date())
            seen = await buyer.reads()
            assert "You asked to have the car later" in seen
            assert "Take the request back" in seen
            office = (await staff(here, "sales").get("/office")).body.decode()
            assert "Answer the deferral request" in office
            assert f"/office/orders/{buyer.life.order_id}/do/AnswerDeferral" in office
            assert await buyer.presses("", "resume") == ""
            told = await buyer.life.shown("/timeline")
            assert told["events"][-1]["kind"] == "DeferralTakenBack"

            assert await buyer.presses(f"/defer?until={later}", "defer") == ""
            here.pass_time(days=14)
            await here.time_acts()
            shown = await buyer.life.shown()
            assert (shown["deferral_request"], shown["deferral_answer_until"]) == (None, None)
            assert "The maker did not answer your request" in await buyer.reads("/notices")

    asyncio.run(story())


def moves_to(here: World, at: str, days: int = 0) -> None:
    """Let the time of a page come, and so many days more."""
    here.clock.advance(datetime.fromisoformat(at) + timedelta(days=days) - here.clock.now())


def test_putting_off_a_late_car_names_what_stays_and_what_waits() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            await buyer.life.until_locked()
            promise = {"begins": "2025-02-01T00:00:00Z", "ends": "2025-03-01T00:00:00Z"}
            await buyer.life.done(
                here.staff("planning"), "revise-promise", promise=promise, cause="seats"
            )
            moves_to(here, (await buyer.life.shown())["binding_promise"]["ends"], days=3)
            assert "can demand delivery of the late seller again" in await buyer.reads("/defer")
            await buyer.presses("", "demand-delivery")
            seen = await buyer.reads("/defer")
            assert "you may leave for the announced delay" in seen
            assert "of your demand for delivery" in seen
            silent = await buyer.fills("/defer", "defer")
            assert code_of(silent) == "demand_waits_unacknowledged"
            await buyer.fills("/defer", "defer", demand_waits="yes")
            seen = await buyer.reads()
            assert "You may still leave for the earlier delay" in seen
            assert "It stands still since you put the car off" in seen
            await buyer.presses("/leave?ground=delay_not_agreed", "leave")
            shown = await buyer.life.shown()
            assert shown["payouts"][0]["amount"] == shown["deposit"]

    asyncio.run(story())


def test_a_demand_that_ran_out_in_vain_stays_open_after_putting_off() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            await buyer.life.until_locked()
            moves_to(here, (await buyer.life.shown())["binding_promise"]["ends"])
            await buyer.presses("", "demand-delivery")
            moves_to(here, (await buyer.life.shown())["delivery_demand"]["cure_until"])
            assert "your demand ran out in vain" in await buyer.reads("/defer")
            await buyer.fills("/defer", "defer")
            assert "Your demand for delivery ran out in vain" in await buyer.reads()

    asyncio.run(story())


def test_a_delay_is_agreed_to_or_left_for() -> None:
    async def story() -> None:
        async with world() as here:
            for name, acts in (("one", "agrees"), ("two", "leaves")):
                buyer = Buyer(await begun(here, name))
                await buyer.life.until_locked()
                promise = {"begins": "2025-02-01T00:00:00Z", "ends": "2025-03-01T00:00:00Z"}
                await buyer.life.done(
                    here.staff("planning"), "revise-promise", promise=promise, cause="seats"
                )
                assert "expects to be later than promised" in await buyer.reads()
                assert "Cause: seats" in await buyer.reads()
                if acts == "agrees":
                    await buyer.presses("", "agree-to-delay")
                    bound = (await buyer.life.shown())["binding_promise"]["ends"]
                    assert bound == promise["ends"]
                else:
                    await buyer.presses("/leave?ground=delay_not_agreed", "leave")
                    shown = await buyer.life.shown()
                    assert (shown["stage"], shown["payouts"][0]["amount"]["amount"]) == (
                        "cancelled",
                        500_000,
                    )

    asyncio.run(story())


def test_a_change_on_the_makers_side_is_answered() -> None:
    async def story() -> None:
        async with world() as here:
            for name in ("one", "two"):
                buyer = Buyer(await begun(here, name))
                await buyer.life.until_locked()
                await buyer.life.done(
                    here.staff("sales"),
                    "announce-change",
                    change="model_refreshed",
                    explanation="A new lamp",
                )
                assert "A new lamp" in await buyer.reads()
                if name == "one":
                    await buyer.presses("", "answer-change", choice="keep")
                    assert (await buyer.life.shown())["stage"] == "locked"
                else:
                    await buyer.presses("/leave?ground=changed_while_waiting", "leave")
                    assert (await buyer.life.shown())["stage"] == "cancelled"

    asyncio.run(story())


def test_a_late_seller_is_asked_to_deliver_and_then_left_with_the_double_return() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            await buyer.life.until_locked()
            here.pass_time(weeks=18)
            assert "The promised window is over" in await buyer.reads()
            await buyer.presses("", "demand-delivery")
            assert "You asked for delivery" in await buyer.reads()
            here.pass_time(days=17)
            page = "/leave?ground=delay&claim=earnest"
            page = (
                page if "¥10,000.00 is paid" in await buyer.reads(page) else "/leave?ground=delay"
            )
            assert "¥10,000.00 is paid out to you" in await buyer.reads(page)
            await buyer.presses(page, "leave")
            assert (await buyer.life.shown())["stage"] == "terminated"
            assert "The settlement" in await buyer.reads("/money")

    asyncio.run(story())


def test_force_majeure_is_left_for_with_a_day_and_a_proof() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            await buyer.life.until_locked()
            page = "/leave?ground=force_majeure"
            missing = await buyer.fills(page, "leave", proof="The plant burnt down")
            assert code_of(missing) == "field_missing"
            day = (here.clock.now() - timedelta(days=1)).date()
            await buyer.presses(page, "leave", proof="The plant burnt down", occurred_on=str(day))
            assert (await buyer.life.shown())["stage"] == "terminated"

    asyncio.run(story())


def test_the_delivery_day_goes_step_by_step_and_the_balance_follows_the_inspection() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await at_stage(here, "locked", "built", "tendered"))
            assert "Nobody may ask for it before you have inspected" in await buyer.reads(
                "/delivery"
            )
            wrong = await buyer.fills("/delivery", "appointment")
            assert wrong.status == 400
            assert code_of(wrong) == "field_missing"
            shown = (await buyer.get(f"{buyer.at}/delivery")).body.decode()
            (time,) = re.findall(r'name="appointment" value="([^"]+)"', shown)
            booked = await buyer.presses("/delivery", "appointment", appointment=time)
            assert booked == "/delivery"
            assert (await buyer.life.shown())["tender"]["appointment"] is not None
            answers = {f"item-{item}": "yes" for item in TERMS.policy.inspection_checklist}
            some = await buyer.fills("/inspect", "inspection", result="accepted")
            assert code_of(some) == "checklist_incomplete"
            answers |= {"result": "accepted_with_remarks", "remark-interior": "A stain"}
            assert await buyer.presses("/inspect", "inspection", **answers) == "/delivery"
            assert (await buyer.life.shown())["inspection"]["remarks"] == ["interior: A stain"]
            assert "A stain" in await buyer.reads("/delivery")
            too_much = await buyer.fills("/delivery", "pay", amount="294,900.01")
            assert code_of(too_much) == "amount_exceeds_balance_due"
            assert code_of(await buyer.fills("/delivery", "pay", amount="much")) == "wrong_type"
            for amount in ("¥100,000", "194900.00"):
                await buyer.presses("/delivery", "pay", amount=amount)
                told = await buyer.get(f"{buyer.at}/delivery")
                payments = (await buyer.life.shown("/payments"))["payments"]
                assert html.escape(payments[-1]["link"]).encode() in told.body
                await here.pay(payments[-1]["link"])
            assert (await buyer.life.shown())["stage"] == "paid"
            early = await buyer.fills("/delivery", "sign", received="keys")
            assert code_of(early) == "documents_missing"
            await buyer.signs()
            signed = (await buyer.life.shown("/handover-statement"))["signature"]
            assert signed["digest"][:16] in await buyer.reads("/delivery")
            await buyer.life.done(
                here.staff("delivery"),
                "hand-over",
                vin=VIN,
                documents=list(TERMS.policy.handover_documents),
                signatures=[signed["digest"]],
            )
            assert "It is yours." in await buyer.reads("/ceremony")
            assert VIN in await buyer.reads("/ceremony")
            assert "Still to pay" not in await buyer.reads()
            assert (await buyer.life.shown())["balance_due"]["amount"] == 0
            record = await buyer.get(f"{buyer.at}/papers/handover?keep=yes")
            assert record.headers["content-type"] == "application/pdf"
            assert b"the buyer's own login, " in record.body
            assert record.headers["content-disposition"].startswith("attachment")
            assert (await buyer.get(f"{buyer.at}/inspect")).status == 303

    asyncio.run(story())


def test_a_refused_inspection_leads_to_repair_and_nothing_is_asked_for() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await at_stage(here, "locked", "built", "tendered"))
            answers = {f"item-{item}": "no" for item in TERMS.policy.inspection_checklist}
            answers |= {"result": "refused", "remark-general": "Not my colour"}
            assert (
                code_of(await buyer.fills("/inspect", "inspection", **answers)) == "remedy_missing"
            )
            await buyer.presses("/inspect", "inspection", **answers, remedy="repair")
            shown = await buyer.life.shown()
            assert (shown["stage"], shown["balance_demand"]) == ("built", None)
            assert "Your car is not there yet" in await buyer.reads("/delivery")

    asyncio.run(story())


def test_photographs_are_filed_once_by_their_key_and_read_as_files() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await at_stage(here, "locked", "built", "tendered"))
            page = (await buyer.get(f"{buyer.at}/inspect")).body.decode()
            fields = fields_of(page, "inspection") | {"form": "photo", "remark-interior": "A stain"}
            for _ in range(2):
                told = await buyer.sends("/inspect", fields, "photo-interior", PNG)
                assert told.status == 303, words(told)
            filed = (await buyer.life.shown("/cases"))["evidence"]
            assert [each["description"] for each in filed] == ["interior: A stain"]
            assert "1 photograph has arrived" in await buyer.reads("/inspect")
            kept = await buyer.get(f"{buyer.at}/evidence/1")
            assert (kept.body, kept.headers["content-type"]) == (PNG, "image/png")
            assert kept.headers["content-disposition"].startswith("attachment")
            assert (await buyer.get(f"{buyer.at}/evidence/2")).status == 404
            wrong = await buyer.sends(
                "/inspect", fields | {"key": "d" * 32}, "photo-interior", b"MZ\0\1program"
            )
            assert code_of(wrong) == "evidence_type_unsuitable"
            other_tender = fields | {"tender": "2", "key": "e" * 32}
            stale = await buyer.sends("/inspect", other_tender, "photo-interior", PNG)
            assert code_of(stale) == "sequence_stale"

    asyncio.run(story())


def test_what_was_said_becomes_an_agreement_when_both_confirm_it() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            said = {"text": "Paid back in 3 days, Lin", "origin": "chat", "field": "refund_days"}
            wrong = await buyer.fills("/agreed", "propose", **said, value="three")
            assert code_of(wrong) == "wrong_type"
            await buyer.presses("/agreed", "propose", **said, value="3", valid_until="2030-01-01")
            assert "Proposal 1, by you" in await buyer.reads("/agreed")
            await buyer.life.done(here.staff("sales"), "accept-agreement", number=1)
            agreed = await buyer.reads("/agreed")
            assert "Agreement 1" in agreed
            assert "money back within 3 days" in agreed
            for field, value in (
                ("price_reduction", "500"),
                ("delivery_until", "2024-10-01"),
                ("price_falls_passed_on", "yes"),
            ):
                await buyer.presses(
                    "/agreed", "propose", text="x", origin="mail", field=field, value=value
                )
            assert (
                code_of(
                    await buyer.fills(
                        "/agreed", "propose", text="x", field="delivery_until", value="soon"
                    )
                )
                == "wrong_type"
            )
            assert (
                code_of(await buyer.fills("/agreed", "propose", text="x", field="none"))
                == "wrong_type"
            )
            await buyer.presses("/agreed", "decline", number="2")
            assert len((await buyer.life.shown("/contract"))["proposals"]) == 2

    asyncio.run(story())


def test_the_sellers_proposal_to_a_disadvantage_needs_a_tick_of_its_own() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            await buyer.life.done(
                here.staff("sales"),
                "propose-agreement",
                overrides=[{"field": "refund_days", "value": 10}],
                text="Ten days for the money",
                origin="mail",
            )
            assert "waits for your answer" in await buyer.reads()
            without = await buyer.fills("/agreed", "accept")
            assert code_of(without) == "acknowledgement_missing"
            await buyer.presses("/agreed", "accept", understood="yes")
            assert "Ten days for the money" in await buyer.reads("/agreed")

    asyncio.run(story())


def test_messages_are_opened_by_an_act_of_their_own() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            before = (await buyer.life.shown("/notices"))["notices"]
            await buyer.reads("/notices")
            assert (await buyer.life.shown("/notices"))["notices"] == before
            number = before[-1]["notice"]["sequence"]
            to = await buyer.presses("/notices", f"open-{number}")
            assert to == f"/notices#notice-{number}"
            assert "opened on" in await buyer.reads("/notices")

    asyncio.run(story())


def test_a_dispute_is_opened_fed_with_evidence_and_taken_back() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await begun(here))
            assert code_of(await buyer.fills("/cases", "open", subject=" ")) == "subject_missing"
            await buyer.presses("/cases", "open", subject="<b>Nobody</b> answers")
            told = await buyer.get(f"{buyer.at}/cases")
            assert b"&lt;b&gt;Nobody" in told.body
            fields = fields_of(told.body.decode(), "file") | {
                "kind": "photo",
                "description": "Chat",
            }
            assert (await buyer.sends("/cases", fields, "file", PNG)).status == 303
            assert "Chat" in await buyer.reads("/cases")
            nothing = await buyer.fills("/cases", "file", kind="photo", description="x")
            assert code_of(nothing) == "field_missing"
            await buyer.presses("/cases", "take-back", number="1")
            assert "taken back by the buyer" in await buyer.reads("/cases")

    asyncio.run(story())


def test_other_terms_are_taken_or_left() -> None:
    async def story() -> None:
        async with world() as here:
            buyers = [Buyer(await begun(here, name)) for name in ("one", "two")]
            terms = await newer(here)
            for buyer in buyers:
                offer = {"terms_hash": terms.terms_hash, "even_if_worse": True}
                await buyer.life.done(here.staff("sales"), "offer-terms", **offer)
                assert "waits for your answer" in await buyer.reads()
                if buyer is buyers[0]:
                    await buyer.presses("/agreed", "decline-terms")
                    assert (await buyer.life.shown())["terms_hash"] == TERMS.terms_hash
                else:
                    clause = terms.clause("terms")
                    assert clause is not None
                    ticked = {"clause-terms": clause.text_hash("en"), "even_if_worse": "yes"}
                    await buyer.presses("/agreed", "accept-terms", **ticked)
                    assert (await buyer.life.shown())["terms_hash"] == terms.terms_hash

    asyncio.run(story())


def test_a_form_that_no_page_has_is_refused() -> None:
    async def story() -> None:
        async with world() as here:
            buyer = Buyer(await at_stage(here, "locked", "built", "tendered"))
            for page in ("", "/delivery", "/inspect", "/agreed", "/cases", "/leave"):
                fields = {"form": "none", "seal": await buyer.seal("/"), "key": "f" * 32}
                told = await buyer.post(buyer.at + page, fields)
                assert (page, told.status, code_of(told)) == (page, 400, "form_malformed")

    asyncio.run(story())


def test_a_reservation_that_waits_for_its_payment_shows_the_link_and_can_be_left() -> None:
    async def story() -> None:
        async with world() as here:
            made = (await here.reserve()).json
            buyer = Buyer(Life(here, made["order_id"]))
            told = await buyer.get(buyer.at)
            assert html.escape(made["payment"]["link"]).encode() in told.body
            await buyer.presses("/leave?ground=cooling_off", "leave")
            assert (await buyer.life.shown())["stage"] == "withdrawn"

    asyncio.run(story())


def test_sums_are_read_as_people_write_them() -> None:
    written = {"294,900.00": 29_490_000, "¥ 1 000": 100_000, "0.5元": 50, "7.05": 705}
    assert {text: sum_in(text, "CNY").amount for text in written} == written
    assert sum_in("1,000", "JPY").amount == 1_000
