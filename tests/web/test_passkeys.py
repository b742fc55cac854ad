"""Passkeys at the doors: adding, signing in, the second factor of the staff, and each refusal.

The device is ours and the browser runs no scripts: what a page would ask is read from it. Not here:
the rules (`tests/people/test_passkeys.py`) and real buttons (`tests/browser/test_foundation.py`).
"""

from __future__ import annotations

import asyncio
import html
import json
import re
from datetime import timedelta
from typing import Any

import msgspec
import pyotp

from earnest.core.values.ids import BuyerId
from earnest.desk.staff import StaffMember
from earnest.desk.views import Admission, BuyerProfile
from earnest.gateways.mail import NullMail
from earnest.gateways.sms import NullSms
from earnest.people.passkey_letters import Happened, PasskeyLetters
from earnest.store.memory_reader import MemoryRegister
from earnest.store.memory_staff import MemoryStaff
from tests.people.authenticator import Authenticator
from tests.store.test_passkeys import OFFICE, TELEPHONE
from tests.web.asking import Client, Told
from tests.web.browsing import Browser, signed_in
from tests.web.maker import World, world
from tests.web.test_staff import API, LI, code_in, joined, secret_in

ACCOUNT, OFFICE_ACCOUNT = "/account", "/office/account"


async def asked_on(who: Browser, path: str, form: str) -> dict[str, str]:
    """What the passkey button of a form asks the device, by the field that takes the answer."""
    page = (await who.get(path)).body.decode()
    found = re.search(rf'id="form-{form}[^"]*".*?data-passkey=\'([^\']+)\'', page, re.DOTALL)
    assert found is not None, page
    return {each["field"]: each["ask"] for each in json.loads(html.unescape(found[1]))}


async def adds(who: Browser, device: Authenticator, path: str = ACCOUNT, **more: str) -> Told:
    """Add a passkey on the page of one's account."""
    asked = await asked_on(who, path, "passkey-add")
    fields = {"form": "passkey-add", "passkey_name": "Telephone", **more}
    fields["answer"] = device.makes(asked["answer"])
    if "shown" in asked and "code" not in more:
        fields["shown"] = device.shows(asked["shown"], place=0)
    return await who.send(path, fields)


async def signs_in(here: World, device: Authenticator) -> tuple[Browser, Told]:
    """Somebody at a new browser with a passkey."""
    who = Browser(here)
    asked = await asked_on(who, "/sign-in", "passkey")
    fields = {"form": "passkey", "answer": device.shows(asked["answer"])}
    return who, await who.send("/sign-in?to=/orders", fields)


def code_of(told: Told) -> tuple[int, str]:
    """The status of a page and the code of the refusal on it."""
    found = re.search(r'data-code="([^"]+)"', told.body.decode())
    return told.status, "" if found is None else found[1]


def test_a_buyer_adds_a_passkey_signs_in_with_it_and_removes_it() -> None:
    async def story() -> None:
        async with world() as here:
            anna, device = await signed_in(here), Authenticator()
            assert b"not used yet" not in (await anna.get(ACCOUNT)).body
            told = await adds(anna, device)
            assert (told.status, told.headers["location"]) == (303, ACCOUNT)
            mail = here.mail.sent[-1]
            assert (mail.to, mail.subject) == ("anna@example.com", "A passkey was added")
            assert "“Telephone”" in mail.text
            assert "https://maker.example/account" in mail.text
            page = (await anna.get(ACCOUNT, accept_language="en")).body
            assert b"<strong>Telephone</strong>" in page
            assert b"not used yet" in page

            again, told = await signs_in(here, device)
            assert (told.status, told.headers["location"]) == (303, "/orders")
            page = (await again.get(ACCOUNT, accept_language="en")).body
            assert b"last used" in page
            found = re.search(rb'name="passkey_id" value="([0-9a-f]+)"', page)
            assert found is not None
            fields = {"form": "passkey-remove", "passkey_id": found[1].decode()}
            assert (await again.send(ACCOUNT, fields)).status == 303
            assert here.mail.sent[-1].subject == "A passkey was removed"
            assert b"<strong>Telephone</strong>" not in (await again.get(ACCOUNT)).body
            _, told = await signs_in(here, device)
            assert code_of(told) == (422, "passkey_unknown")
            # The code still lets her in.
            here.pass_time(minutes=1)
            assert (await (await signed_in(here)).get("/orders")).status == 200

    asyncio.run(story())


def test_a_session_that_is_not_fresh_adds_no_passkey_until_its_buyer_signs_in_again() -> None:
    async def story() -> None:
        async with world() as here:
            anna, device = await signed_in(here), Authenticator()
            here.pass_time(minutes=15)
            asked = await asked_on(anna, ACCOUNT, "passkey-add")
            here.pass_time(minutes=1)
            page = (await anna.get(ACCOUNT, accept_language="en")).body
            assert b'href="/sign-in?to=/account"' in page
            assert b"form-passkey-add" not in page
            me = Client(here.app, anna.cookies["earnest_session"])
            told = (await me.post(f"{API}/me/passkeys/ask")).json
            assert (told["add"], told["sign_in_anew"]) == ("", True)
            # What was asked in time may still be answered.
            fields = {"form": "passkey-add", "passkey_name": "Telephone"}
            fields["answer"] = device.makes(asked["answer"])
            assert (await anna.send(ACCOUNT, fields)).status == 303
            # With the passkey she is known afresh, and may add another.
            again, _ = await signs_in(here, device)
            assert b"form-passkey-add" in (await again.get(ACCOUNT)).body

    asyncio.run(story())


def test_an_answer_is_refused_in_words_and_the_page_asks_anew() -> None:
    async def story() -> None:
        async with world() as here:
            anna, device = await signed_in(here), Authenticator()
            await adds(anna, device)
            who = Browser(here)
            asked = (await asked_on(who, "/sign-in", "passkey"))["answer"]
            here.pass_time(minutes=10)
            fields = {"form": "passkey", "answer": device.shows(asked)}
            told = await who.send("/sign-in", fields, accept_language="en")
            assert code_of(told) == (403, "passkey_challenge_over")
            assert b"The page has stood too long" in told.body
            fresh = (await asked_on(who, "/sign-in", "passkey"))["answer"]
            fields["answer"] = device.shows(fresh)
            # Another browser did not ask for it, and this one is believed once.
            assert code_of(await Browser(here).send("/sign-in", fields)) == (
                403,
                "passkey_challenge_unknown",
            )
            assert (await who.send("/sign-in", fields)).status == 303
            del who.cookies["earnest_session"]
            assert code_of(await who.send("/sign-in", fields)) == (403, "passkey_challenge_used")
            told = await anna.send(ACCOUNT, {"form": "passkey-add", "passkey_name": "Two"})
            assert code_of(told) == (400, "wrong_type")

    asyncio.run(story())


async def first_step(here: World, told_to: str) -> Browser:
    """Li Wei at a new browser, who has shown the code of the mail and nothing else."""
    here.pass_time(minutes=15)
    li = Browser(here)
    await li.send("/office/sign-in", {"form": "address", "address": "li@maker.example"})
    fields = {"form": "code", "address": "li@maker.example", "code": code_in(here)}
    told = await li.send("/office/sign-in?to=/office/money", fields)
    assert told.headers["location"].startswith(told_to)
    return li


STEP = "/office/sign-in/second-step?to=/office/money"


async def shows(li: Browser, device: Authenticator, place: int = 0) -> Told:
    """Show a passkey as the second factor at the sign-in."""
    asked = await asked_on(li, STEP, "passkey")
    return await li.send(
        STEP, {"form": "passkey", "answer": device.shows(asked["answer"], place=place)}
    )


def test_whoever_has_a_passkey_and_no_role_yet_is_told_when_codes_can_be_set_up() -> None:
    async def story() -> None:
        async with world() as here:
            ann = here.staff("admin", name="ann")
            await ann.post(f"{API}/staff", {**LI, "roles": ["finance"]})
            await here.house.staffing.join(secret_in(here), here.clock.now())
            li = await first_step(here, "/office/money")
            assert (await adds(li, Authenticator(), OFFICE_ACCOUNT)).status == 303
            told = await li.get(f"{OFFICE_ACCOUNT}?set-up=now", accept_language="en")
            assert told.status == 200
            assert b"once you have a role" in told.body
            assert b"form-confirm" not in told.body

    asyncio.run(story())


def test_a_passkey_is_the_second_factor_of_staff_from_the_first_day() -> None:
    async def story() -> None:
        async with world() as here:
            ann = await joined(here)
            await here.staff("admin", name="bo").post(
                f"{API}/staff/li-wei/approve-role", {"role": "finance"}
            )
            device, li = Authenticator(), await first_step(here, OFFICE_ACCOUNT)
            assert (await li.get("/office/money")).status == 403
            told = await adds(li, device, OFFICE_ACCOUNT)
            assert (told.status, told.headers["location"]) == (303, OFFICE_ACCOUNT)
            assert (here.mail.sent[-1].to, here.mail.sent[-1].subject) == (
                "li@maker.example",
                "A passkey was added",
            )
            assert (await li.get("/office/money")).status == 200

            again = await first_step(here, "/office/sign-in/second-step")
            # The mailed code alone neither adds a factor beside the passkey nor sees its secret.
            me = Client(here.app, again.cookies["earnest_session"])
            assert (await me.post(f"{API}/me/second-factor")).code == "factor_not_shown"
            ask = (await me.post(f"{API}/me/passkeys/ask")).json["add"]
            body = {"name": "Mine", "answer": Authenticator().makes(ask)}
            assert (await me.post(f"{API}/me/passkeys", body)).code == "factor_not_shown"
            passkey_id = (await me.get(f"{API}/me/passkeys")).json["passkeys"][0]["passkey_id"]
            meant = {"passkey_id": passkey_id}
            assert (await me.post(f"{API}/me/passkeys/remove", meant)).code == "factor_not_shown"
            assert (await again.get("/office/money")).status == 403
            told = await shows(again, device)
            assert (told.status, told.headers["location"]) == (303, "/office/money")
            assert (await again.get("/office/money")).status == 200

            shown = (await ann.get(f"{API}/staff/li-wei")).json["staff"]
            assert (shown["has_second_factor"], shown["has_codes"], shown["passkeys"]) == (
                True,
                False,
                1,
            )
            reset = await ann.post(f"{API}/staff/li-wei/reset-second-factor")
            assert reset.json["staff"]["has_second_factor"] is False
            assert "passkeys too" in here.mail.sent[-1].text
            assert (await again.get("/office/money")).status == 303
            await first_step(here, OFFICE_ACCOUNT)
            lines = (await ann.get(f"{API}/trail?kind=passkey_added")).json["lines"]
            assert [(each["actor_id"], each["detail"]) for each in lines] == [
                ("staff:li-wei", "Telephone")
            ]

    asyncio.run(story())


def test_codes_and_passkeys_stand_beside_each_other_and_each_change_wants_one_of_them() -> None:
    async def story() -> None:
        async with world() as here:
            await joined(here)
            device = Authenticator()
            li = Browser(here)
            li.cookies["earnest_session"] = await here.house.sessions.begin_staff(
                "li-wei", ["planning"], "Firefox", here.clock.now(), timedelta(days=1), "test"
            )
            await adds(li, device, OFFICE_ACCOUNT)
            # Codes beside the passkey: the secret is shown, and counts once both were shown.
            set_up = f"{OFFICE_ACCOUNT}?set-up=now"
            page = (await li.get(set_up)).body.decode()
            found = re.search(r'class="code secret">([A-Z2-7]{32})<', page)
            assert found is not None
            telephone = pyotp.TOTP(found[1])
            fields = {"form": "confirm", "code": telephone.at(here.clock.now())}
            told = await li.send(set_up, fields)
            assert code_of(told) == (403, "factor_not_shown")
            asked = await asked_on(li, set_up, "confirm")
            fields["shown"] = device.shows(asked["shown"])
            assert b"<li>" in (await li.send(set_up, fields)).body

            # Another passkey with a code, and one with a passkey.
            here.pass_time(minutes=1)
            code = telephone.at(here.clock.now())
            assert (await adds(li, device, OFFICE_ACCOUNT, code="000000")).status == 422
            assert (await adds(li, device, OFFICE_ACCOUNT, code=code)).status == 303
            assert (await adds(li, device, OFFICE_ACCOUNT)).status == 303
            wrong = {"form": "passkey-remove", "code": "000000"}
            wrong["passkey_id"] = device.held[0].credential_id.hex()
            told = await li.send(OFFICE_ACCOUNT, wrong)
            assert code_of(told)[0] == 422
            asked = await asked_on(li, OFFICE_ACCOUNT, "passkey-remove")
            right = {**wrong, "code": "", "shown": device.shows(asked["shown"], place=0)}
            assert (await li.send(OFFICE_ACCOUNT, right)).status == 303
            # A passkey also takes the codes away, for another telephone.
            asked = await asked_on(li, OFFICE_ACCOUNT, "remove")
            fields = {"form": "remove", "shown": device.shows(asked["shown"])}
            assert (await li.send(OFFICE_ACCOUNT, fields)).status == 303
            me = (await Client(here.app, li.cookies["earnest_session"]).get(f"{API}/me")).json
            assert (me["has_second_factor"], me["has_codes"], me["passkeys"]) == (True, False, 2)

    asyncio.run(story())


def test_nobody_adds_or_removes_a_passkey_of_another_or_with_the_token_of_a_program() -> None:
    async def story() -> None:
        async with world() as here:
            anna, bert = await signed_in(here), await signed_in(here, "bert@example.com")
            device = Authenticator()
            await adds(anna, device)
            body = {"name": "Mine", "answer": "{}"}
            meant = {"passkey_id": device.held[0].credential_id.hex()}
            for program in (here.buyer(), here.staff("sales")):
                for path, sent in (("", body), ("/ask", {}), ("/remove", meant)):
                    told = await program.post(f"{API}/me/passkeys{path}", sent)
                    assert (told.status, told.code) == (403, "person_only")
            bert_asks = Client(here.app, bert.cookies["earnest_session"])
            told = await bert_asks.post(f"{API}/me/passkeys/remove", meant)
            assert (told.status, told.code) == (422, "passkey_unknown")
            told = await bert_asks.post(f"{API}/me/passkeys", body)
            assert (told.status, told.code) == (422, "passkey_malformed")
            # What was asked in Anna's session is nothing in Bert's.
            ask = (
                await Client(here.app, anna.cookies["earnest_session"]).post(
                    f"{API}/me/passkeys/ask"
                )
            ).json["add"]
            body["answer"] = Authenticator().makes(ask)
            told = await bert_asks.post(f"{API}/me/passkeys", body)
            assert (told.status, told.code) == (403, "passkey_challenge_unknown")
            # Whoever comes by a token is on no list of the staff.
            lin = await here.house.sessions.begin_staff(
                "lin", ["sales"], "Firefox", here.clock.now(), timedelta(hours=1), "test"
            )
            told = await Client(here.app, lin).post(f"{API}/me/passkeys", body)
            assert (told.status, told.code) == (404, "staff_unknown")
            (kept,) = (
                await Client(here.app, anna.cookies["earnest_session"]).get(f"{API}/me/passkeys")
            ).json["passkeys"]
            assert (kept["passkey_id"], kept["last_used_at"]) == (meant["passkey_id"], None)

    asyncio.run(story())


def test_whoever_can_be_reached_is_told_in_their_language() -> None:
    async def story() -> None:
        register, staff, mail, sms = MemoryRegister(), MemoryStaff(), NullMail(), NullSms()
        letters = PasskeyLetters(register, staff, mail, sms, "https://maker.example")
        now = TELEPHONE.added_at
        buyer: dict[str, Any] = {"name": "", "language": "en", "created_at": now}
        wen = BuyerProfile(
            buyer_id=BuyerId("00000000000000a1"),
            name="文",
            email="wen@example.cn",
            phone=None,
            language="zh-Hans",
            created_at=now,
        )
        telephone = BuyerProfile(
            buyer_id=BuyerId("00000000000000b2"), email=None, phone="+8613800138000", **buyer
        )
        nobody = BuyerProfile(buyer_id=BuyerId("00000000000000c3"), email=None, phone=None, **buyer)
        admission = Admission(actor_id="site", key="a", content_hash="a", admitted_at=now)
        await register.admit(admission, [wen, telephone, nobody])
        await staff.put_demo([StaffMember(staff_id="li", name="Li", email="", language="en")])

        for actor_id in (
            "buyer:00000000000000a1",
            "buyer:00000000000000b2",
            "buyer:00000000000000c3",
            "buyer:00000000000000d4",
        ):
            theirs = msgspec.structs.replace(TELEPHONE, actor_id=actor_id)
            await letters.tell(theirs, Happened.REMOVED, now)
        await letters.tell(OFFICE, Happened.ADDED, now)

        (written,) = mail.sent
        assert (written.to, written.subject) == ("wen@example.cn", "已移除通行密钥")
        assert "您的账户已移除通行密钥“Telephone”。" in written.text
        assert [(each.to, each.text) for each in sms.sent.values()] == [
            ("+8613800138000", "The passkey “Telephone” was removed from your account.")
        ]

    asyncio.run(story())
