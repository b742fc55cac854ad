"""Staff, sessions, tokens, webhooks and the trail at the doors: refusals, and who may what.

Not here: the rules (`tests/people/test_staffing.py`), and who gets through which door at all
(`test_access.py`).
"""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import msgspec
import pyotp

from earnest.core.order.events import EVENTS
from earnest.core.values.ids import BuyerId, OrderId
from earnest.desk.endpoints import Delivery, DeliveryResult
from earnest.people.sessions import FOREVER
from earnest.web.office.event_words import EVENT_WORDS
from earnest.web.office.webhooks import explained
from earnest.web.office.words import ACTS
from tests.tidy.source import files, text_of
from tests.web.asking import Client, Told
from tests.web.browsing import Browser, signed_in
from tests.web.maker import World, buyer_id, world

API = "/api/v1"
LI: dict[str, Any] = {
    "staff_id": "li-wei",
    "name": "Li Wei",
    "email": "li@maker.example",
    "language": "en",
    "roles": ["planning", "finance"],
}


def secret_in(here: World) -> str:
    """The secret part of the newest link that was mailed."""
    found = re.search(r"/office/invitation/(\S+)", here.mail.sent[-1].text)
    assert found is not None
    return found[1]


def code_in(here: World) -> str:
    found = re.search(r"\d{6}", here.mail.sent[-1].text)
    assert found is not None
    return found[0]


async def with_session(here: World, name: str, *roles: str) -> Client:
    """Somebody in a browser session that is noted."""
    token = await here.house.sessions.begin_staff(
        name, roles, "Firefox", here.clock.now(), timedelta(hours=1), "test"
    )
    return Client(here.doors, token)


async def joined(here: World) -> Client:
    """Li Wei, who was invited and came in; the client of an administrator."""
    ann = here.staff("admin", name="ann")
    assert (await ann.post(f"{API}/staff", LI)).status == 201
    assert await here.house.staffing.join(secret_in(here), here.clock.now()) is not None
    return ann


def test_an_administrator_invites_and_a_second_one_gives_what_approves_money() -> None:
    async def story() -> None:
        async with world() as here:
            ann, bo = here.staff("admin", name="ann"), here.staff("admin", name="bo")
            made = await ann.post(f"{API}/staff", LI)
            assert (made.status, made.json["staff"]["roles"]) == (201, ["planning"])
            assert [each["role"] for each in made.json["wishes"]] == ["finance"]
            assert (await ann.post(f"{API}/staff", LI)).code == "staff_exists"
            path, finance = f"{API}/staff/li-wei", {"role": "finance"}
            assert (await ann.post(f"{path}/approve-role", finance)).code == "second_person_missing"
            # Not even with the right of an administrator does Li approve the own role.
            li = here.staff("admin", name="li-wei")
            assert (await li.post(f"{path}/approve-role", finance)).code == "second_person_missing"
            assert (await li.post(f"{path}/give-role", {"role": "sales"})).code == "own_rights"
            given = await bo.post(f"{path}/approve-role", finance)
            assert given.json["staff"]["roles"] == ["finance", "planning"]
            assert (await bo.post(f"{path}/approve-role", finance)).code == "role_wish_unknown"
            assert (await bo.post(f"{path}/give-role", {"role": "king"})).code == "wrong_type"
            assert (await ann.get(f"{API}/staff/nobody")).code == "staff_unknown"

    asyncio.run(story())


def test_whoever_is_deactivated_is_turned_away_at_the_next_request() -> None:
    async def story() -> None:
        async with world() as here:
            ann = await joined(here)
            li = await with_session(here, "li-wei", "planning")
            program = here.staff("planning", name="li-wei")
            assert (await li.get(f"{API}/orders")).status == 200
            assert (await ann.post(f"{API}/staff/li-wei/deactivate")).status == 200
            for who in (li, program):
                told = await who.get(f"{API}/orders")
                assert (told.status, told.code) == (401, "session_ended")
                assert "invalid_token" in told.headers["www-authenticate"]
            assert (await ann.post(f"{API}/staff/li-wei/give-role", {"role": "sales"})).code == (
                "staff_inactive"
            )
            news = await here.kept.sessions.ended_since(None, here.clock.now())
            assert news.actors == {"staff:li-wei": FOREVER}

    asyncio.run(story())


def test_a_session_without_the_second_factor_opens_nothing_and_with_it_everything() -> None:
    async def story() -> None:
        async with world() as here:
            ann = await joined(here)
            bo = here.staff("admin", name="bo")
            await bo.post(f"{API}/staff/li-wei/approve-role", {"role": "finance"})
            li = Browser(here)
            await li.send("/office/sign-in", {"form": "address", "address": "LI@maker.example"})
            code = {"form": "code", "address": "li@maker.example", "code": code_in(here)}
            told = await li.send("/office/sign-in", code)
            assert told.headers["location"] == "/office/account"
            # The address alone lets nobody see or do anything.
            assert (await li.get("/office/money")).status == 403
            page = (await li.get("/office/account")).body.decode()
            found = re.search(r'class="code secret">([A-Z2-7]{32})<', page)
            assert found is not None
            telephone = pyotp.TOTP(found[1])
            wrong = await li.send("/office/account", {"form": "confirm", "code": "000000"})
            assert (wrong.status, b"factor_code_wrong" in wrong.body) == (422, True)
            now = here.clock.now()
            done = await li.send("/office/account", {"form": "confirm", "code": telephone.at(now)})
            assert len(re.findall(rb"<li>[A-Z2-7]{4}-", done.body)) == 10
            assert (await li.get("/office/money")).status == 200
            assert found[1] not in (await li.get("/office/account")).body.decode()

            again = Browser(here)
            here.pass_time(minutes=5)
            await again.send("/office/sign-in", {"form": "address", "address": "li@maker.example"})
            code["code"] = code_in(here)
            told = await again.send("/office/sign-in?to=/office/money", code)
            step = told.headers["location"]
            assert step == "/office/sign-in/second-step?to=%2Foffice%2Fmoney"
            assert (await again.get("/office/money")).status == 403
            fields = {"form": "second-step", "code": telephone.at(here.clock.now())}
            told = await again.send(step, fields)
            assert told.headers["location"] == "/office/money"
            assert (await again.get("/office/money")).status == 200
            # Another administrator resets it; whoever was in is out.
            reset = await ann.post(f"{API}/staff/li-wei/reset-second-factor")
            assert reset.json["staff"]["has_second_factor"] is False
            assert (await again.get("/office/money")).status == 303

    asyncio.run(story())


def test_a_link_is_opened_by_anybody_and_used_by_one() -> None:
    async def story() -> None:
        async with world() as here:
            await here.staff("admin", name="ann").post(f"{API}/staff", {**LI, "roles": []})
            path, li = f"/office/invitation/{secret_in(here)}", Browser(here)
            for _ in range(2):
                assert (await li.get(path)).status == 200
            told = await li.send(path, {"form": "accept-invitation"})
            assert (told.status, told.headers["location"]) == (303, "/office")
            late = await Browser(here).send(path, {"form": "accept-invitation"})
            assert late.status == 404

    asyncio.run(story())


def test_a_demo_login_is_a_click_and_says_so() -> None:
    async def story() -> None:
        async with world(is_demo=True) as here:
            chen = Browser(here)
            assert b"none needs a second factor" in (await chen.get("/office/sign-in")).body
            told = await chen.send("/office/sign-in", {"form": "demo", "who": "finance"})
            assert told.headers["location"] == "/office"
            assert (await chen.get("/office/money")).status == 200
        async with world() as here:
            told = await Browser(here).send("/office/sign-in", {"form": "demo", "who": "finance"})
            assert told.status == 404

    asyncio.run(story())


def test_a_token_has_some_of_ones_roles_is_shown_once_and_ends_when_revoked() -> None:
    async def story() -> None:
        async with world() as here:
            sales = await with_session(here, "chen", "sales", "delivery")
            end = (here.clock.now() + timedelta(days=30)).isoformat()
            wanted = {"name": "Dealer system", "roles": ["sales"], "ends_at": end}
            made = await sales.post(f"{API}/me/tokens", wanted, "first")
            assert made.status == 201
            assert (await sales.post(f"{API}/me/tokens", wanted, "first")).code == "key_reused"
            program = Client(here.doors, made.json["token"])
            assert (await program.get(f"{API}/orders")).status == 200
            # A program makes no token, so whoever stole one cannot make it last.
            assert (await program.post(f"{API}/me/tokens", wanted, "x")).code == "person_only"
            assert (await program.post(f"{API}/me/second-factor")).code == "person_only"
            more = {**wanted, "roles": ["sales", "finance"]}
            assert (await sales.post(f"{API}/me/tokens", more, "y")).code == "scope_unsuitable"
            for ends_at in (here.clock.now(), here.clock.now() + timedelta(days=367)):
                late = {**wanted, "ends_at": ends_at.isoformat()}
                told = await sales.post(f"{API}/me/tokens", late, "z")
                assert told.code == "token_lasts_too_long"
            listed = (await here.staff("auditor").get(f"{API}/tokens")).json["sessions"]
            assert [(each["name"], each["roles"]) for each in listed] == [
                ("Dealer system", ["sales"])
            ]
            assert made.json["token"] not in str(listed)
            ann = here.staff("admin", name="ann")
            ending = {"session_id": made.json["session_id"]}
            assert (await ann.post(f"{API}/tokens/revoke", ending)).json["sessions"] == []
            assert (await program.get(f"{API}/orders")).code == "session_ended"
            assert (await ann.post(f"{API}/tokens/revoke", ending)).code == "session_unknown"

    asyncio.run(story())


def test_a_buyer_ends_one_session_and_then_all_of_them() -> None:
    async def story() -> None:
        async with world() as here:
            phone = await signed_in(here)
            here.pass_time(minutes=1)
            desk = await signed_in(here)
            here.pass_time(seconds=1)
            shown = (await desk.get("/account")).body.decode()
            ids = re.findall(r'name="session_id" value="(\w+)"', shown)
            assert len(ids) == 2
            told = await desk.send("/account", {"form": "end", "session_id": ids[1]})
            assert told.headers["location"] == "/account"
            assert (await phone.get("/orders")).headers["location"].startswith("/sign-in")
            # What is another's does not exist.
            other = await signed_in(here, "other@example.com")
            stolen = await other.send("/account", {"form": "end", "session_id": ids[0]})
            assert (stolen.status, b"session_unknown" in stolen.body) == (404, True)
            buyer_id = here.house.tokens.verify(
                desk.cookies["earnest_session"], here.clock.now()
            ).actor.actor_id.removeprefix("buyer:")
            program = Client(
                here.doors,
                here.house.tokens.for_buyer(BuyerId(buyer_id), here.clock.now(), timedelta(days=1)),
            )
            assert (await program.get(f"{API}/orders")).status == 200
            told = await desk.send("/account", {"form": "end-all"})
            assert told.headers["location"] == "/sign-in"
            assert (await program.get(f"{API}/orders")).code == "session_ended"
            here.pass_time(seconds=1)
            assert (await (await signed_in(here)).get("/orders")).status == 200

    asyncio.run(story())


def test_signing_out_ends_the_token_and_not_only_the_cookie() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            token = anna.cookies["earnest_session"]
            await anna.post("/sign-out", {"seal": await anna.seal("/")})
            assert (await Client(here.doors, token).get(f"{API}/orders")).code == "session_ended"

    asyncio.run(story())


async def trail(who: Client, query: str = "") -> list[tuple[str, str]]:
    """Who did what, the newest first."""
    lines = (await who.get(f"{API}/trail?limit=200{query}")).json["lines"]
    return [(each["actor_id"].removeprefix("staff:"), each["kind"]) for each in lines]


def test_the_trail_is_filtered_paged_and_exported_and_the_export_is_in_it() -> None:
    async def story() -> None:
        async with world() as here:
            await joined(here)
            order_id = await here.deposited()
            here.pass_time(days=1)
            path = f"{API}/orders/{order_id}/open-case"
            opened = await here.staff("sales", name="chen").post(path, {"subject": "paint"}, "c")
            assert opened.status == 200, opened.body
            bo = here.staff("auditor", name="bo")
            assert await trail(bo) == [
                ("chen", "CaseOpened"),
                ("li-wei", "staff_joined"),
                ("ann", "staff_invited"),
            ]
            assert await trail(bo, "&by=ann") == [("ann", "staff_invited")]
            assert await trail(bo, f"&order_id={order_id}") == [("chen", "CaseOpened")]
            assert await trail(bo, "&kind=staff_joined") == [("li-wei", "staff_joined")]
            since = here.clock.now().replace(hour=0).isoformat().replace("+", "%2B")
            assert await trail(bo, f"&begins={since}") == [("chen", "CaseOpened")]
            first = (await bo.get(f"{API}/trail?limit=2")).json
            rest = (await bo.get(f"{API}/trail?limit=2&cursor={first['next_cursor']}")).json
            assert (len(first["lines"]), len(rest["lines"])) == (2, 1)
            assert rest["next_cursor"] is None
            assert (await bo.get(f"{API}/trail?cursor=x")).code == "cursor_malformed"
            here.pass_time(seconds=1)
            kept: Told = await bo.get(f"{API}/trail/export?by=ann")
            lines = kept.body.decode().splitlines()
            assert lines[0] == "at,by,kind,order_id,subject,detail"
            assert [each.split(",")[1:3] for each in lines[1:]] == [["staff:ann", "staff_invited"]]
            assert (await trail(bo))[0] == ("bo", "trail_exported")
            for language, words in (("en", "Case opened"), ("zh-Hans", "提出争议")):
                page = Browser(here)
                page.cookies["earnest_session"] = here.house.tokens.for_staff(
                    "bo", ["auditor"], here.clock.now(), timedelta(hours=1)
                )
                shown = (await page.get("/office/people/trail", accept_language=language)).body
                row = f'{words} <span class="muted small code">CaseOpened</span>'
                assert row in shown.decode()

    asyncio.run(story())


def test_every_event_and_every_act_of_staff_has_words() -> None:
    assert set(EVENT_WORDS) == {each.__name__ for each in EVENTS}
    texts = [text_of(name) for name in files("src/earnest/")]
    source = "".join(text for text in texts if "from earnest.desk.staff import Act" in text)
    named = r'(?:\b_act\((?:\w+, )?|\bAct\([^()]*(?:\([^()]*\)[^()]*)*?kind=)\s*"([a-z_]+)"'
    acts = re.findall(named, source)
    assert set(ACTS) == set(acts)


async def deliveries_on_the_page(here: World, endpoint_id: str) -> None:
    """What was taken and what comes again, and how one that is unknown is refused."""
    order_id, now = await here.deposited(), here.clock.now()
    taken = Delivery(
        endpoint_id=endpoint_id,
        webhook_id=f"{buyer_id('one')}.{order_id}.2",
        buyer_id=buyer_id("one"),
        order_id=OrderId(order_id),
        sequence=2,
        kind="DepositReceived",
        delivered_at=now,
        result=DeliveryResult.DELIVERED,
        answer_status=204,
    )
    late = msgspec.structs.replace(
        taken,
        webhook_id="late",
        kind="Locked",
        result=DeliveryResult.LATE,
        explanation="the receiver did not answer in time",
        answer_status=None,
        next_try_at=now + timedelta(minutes=2),
        attempts=2,
    )
    await here.kept.endpoints.note([taken, late])
    ann, page = Browser(here), f"/office/people/webhooks/{endpoint_id}"
    ann.cookies["earnest_session"] = here.house.tokens.for_staff(
        "ann", ["admin"], now, timedelta(hours=1)
    )
    shown = (await ann.get(page, accept_language="en")).body.decode()
    for words in (
        "Deposit received<br>",
        "attempt 1 · answer 204",
        "attempt 2 · no answer · the receiver did not answer in time",
        "Comes again by itself: ",
    ):
        assert words in shown
    zh = (await ann.get(page, accept_language="zh-Hans")).body.decode()
    assert "接收方未在时限内答复" in zh
    assert "the receiver" not in zh
    sent = await ann.send(page, {"form": "again-1", "webhook_id": taken.webhook_id})
    assert (sent.status, here.webhooks.sent[-1].webhook_id) == (200, taken.webhook_id)
    found = await here.kept.endpoints.deliveries(endpoint_id)
    attempts = {each.webhook_id: each.attempts for each in found}
    assert attempts == {taken.webhook_id: 2, "late": 2}
    refused = await ann.send(page, {"form": "again-1", "webhook_id": "none"})
    assert (refused.status, b'data-code="delivery_unknown"' in refused.body) == (404, True)


def test_an_address_for_webhooks_is_added_tested_and_rotated() -> None:
    async def story() -> None:
        async with world() as here:
            ann, path = here.staff("admin", name="ann"), f"{API}/webhook-endpoints"
            for wrong in ({"url": "http://maker.example"}, {"url": "https://a.b", "kinds": ["?"]}):
                assert (await ann.post(path, wrong, "w")).code == "endpoint_unsuitable"
            wanted = {"url": "https://maker.example/hook", "kinds": ["Locked"]}
            made = await ann.post(path, wanted, "first")
            assert made.status == 201
            assert (await ann.post(path, wanted, "first")).code == "key_reused"
            one = f"{path}/{made.json['endpoint_id']}"
            tried = await ann.post(f"{one}/test")
            assert tried.json == {
                "is_delivered": True,
                "explanation": "the receiver answered 204",
            }
            (sent,) = here.webhooks.sent
            assert (sent.url, sent.secret) == (wanted["url"], made.json["secret"])
            rotated = (await ann.post(f"{one}/rotate")).json["secret"]
            assert rotated != made.json["secret"]
            off = await ann.post(f"{one}/switch", {"active": False})
            (shown,) = off.json["endpoints"]
            assert (shown["active"], "secret" in str(shown)) == (False, False)
            assert (await ann.get(f"{one}/deliveries")).json == {"deliveries": []}
            again = await ann.post(f"{one}/deliver-again", {"webhook_id": "none"})
            assert again.code == "delivery_unknown"
            await deliveries_on_the_page(here, made.json["endpoint_id"])
            assert (await ann.post(f"{path}/none/test")).code == "endpoint_unknown"

    asyncio.run(story())


def test_an_explanation_is_ours_first_and_then_what_the_machine_said() -> None:
    assert explained("the receiver answered 500") == ("the receiver answered", "500")
    away = explained("the receiver could not be reached: no route")
    assert away == ("the receiver could not be reached", "no route")
    assert explained("give a full address") == ("give a full address", "")
