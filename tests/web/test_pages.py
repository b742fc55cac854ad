"""The frame of all pages: sessions, forms that are ours, secret links, files, and what is missing.

Not here: what a browser makes of them (`tests/browser`).
"""

from __future__ import annotations

import asyncio

from earnest.core.values.ids import BuyerId, OrderId
from earnest.desk.ports import OrderKey
from earnest.web.pages.assets import assets
from earnest.web.pages.doors import place_within
from tests.web.asking import Client
from tests.web.browsing import Browser, signed_in
from tests.web.maker import world


def test_a_code_lets_its_reader_in_and_signing_out_ends_it() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            assert b"Sign out" in (await anna.get("/")).body
            assert (await anna.send("/", {}, accept="text/html")).status == 405
            left = await anna.post("/sign-out", {"seal": await anna.seal("/")})
            assert left.status == 303
            assert "Max-Age=0" in left.headers["set-cookie"]

    asyncio.run(story())


def test_the_same_address_is_the_same_buyer_again() -> None:
    async def story() -> None:
        async with world() as here:
            first, second = await signed_in(here), await signed_in(here)
            verify = here.house.tokens.verify
            found = {
                verify(each.cookies["earnest_session"], here.clock.now()).buyer_id
                for each in (first, second)
            }
            assert len(found) == 1

    asyncio.run(story())


def test_a_form_from_elsewhere_or_of_another_reader_does_nothing() -> None:
    async def story() -> None:
        async with world() as here:
            anna, mallory = Browser(here), Browser(here)
            fields = {"form": "address", "address": "anna@example.com"}
            without = await anna.post("/sign-in", fields)
            assert without.status == 403
            foreign = await anna.post("/sign-in", fields | {"seal": await mallory.seal("/sign-in")})
            assert foreign.status == 403
            other_site = await anna.send("/sign-in", fields, sec_fetch_site="cross-site")
            assert other_site.status == 403
            assert here.mail.sent == []
            assert (await anna.send("/sign-in", fields, sec_fetch_site="same-origin")).status == 200
            assert len(here.mail.sent) == 1

    asyncio.run(story())


def test_a_form_that_was_refused_is_shown_again_with_the_way_out() -> None:
    async def story() -> None:
        async with world() as here:
            anna = Browser(here)
            told = await anna.send("/sign-in", {"form": "address", "address": "<script>"})
            assert told.status == 422
            assert b'data-code="address_unsuitable"' in told.body
            assert b'value="&lt;script&gt;"' in told.body
            for number in range(6):
                told = await anna.send("/sign-in", {"form": "address", "address": "a@b.example"})
                here.pass_time(seconds=1)
                assert told.status == (200 if number < 5 else 403)

    asyncio.run(story())


def test_what_is_no_form_is_refused_in_words() -> None:
    async def story() -> None:
        async with world() as here:
            anna = Browser(here)
            for body, media_type in (
                ("{}", "application/json"),
                ("a=%ff", "application/x-www-form-urlencoded"),
                ("a=%00", "application/x-www-form-urlencoded"),
                ("nonsense", "multipart/form-data; boundary=x"),
                ("é", "application/x-www-form-urlencoded"),
            ):
                client = Client(here.front)
                told = await client.post("/sign-in", body.encode(), content_type=media_type)
                assert (body, told.status) == (body, 400)
            long = await anna.post("/sign-in", {"a": "x" * 70_000})
            assert long.status == 413

    asyncio.run(story())


def test_a_page_for_others_asks_to_sign_in_and_a_foreign_role_is_told_so() -> None:
    async def story() -> None:
        async with world() as here:
            anna = Browser(here)
            told = await anna.get("/office")
            assert told.headers["location"] == "/office/sign-in?to=%2Foffice"
            anna.cookies["earnest_session"] = here.buyer_token()
            assert (await anna.get("/office")).status == 403
            anna.cookies["earnest_session"] = "not.a.token"
            assert (await anna.get("/office")).status == 303

    asyncio.run(story())


def test_a_secret_link_is_kept_for_its_order_and_a_changed_one_opens_nothing() -> None:
    async def story() -> None:
        async with world() as here:
            order_id = OrderId(await here.deposited())
            made = await here.buyer().post(f"/api/v1/orders/{order_id}/link", {"mail": False})
            link = made.json["address"].removeprefix("https://maker.example/o/")
            anna = Browser(here)
            told = await anna.get(f"/o/{link}")
            assert told.headers["location"] == f"/orders/{order_id}"
            changed = f"{link[:-1]}{'a' if link[-1] != 'a' else 'b'}"
            assert (await Browser(here).get(f"/o/{changed}")).status == 404
            other = here.house.seals.link_of(OrderKey(BuyerId("0" * 16), order_id), "0" * 16)
            assert (await Browser(here).get(f"/o/{other}")).status == 404

    asyncio.run(story())


def test_the_language_is_kept_and_the_page_stays() -> None:
    async def story() -> None:
        async with world() as here:
            anna = Browser(here)
            assert b'<html lang="en"' in (await anna.get("/")).body
            told = await anna.get("/sign-in?to=%2Forders&language=zh-Hans")
            assert told.headers["location"] == "/sign-in?to=%2Forders"
            assert b'<html lang="zh-Hans"' in (await anna.get("/")).body

    asyncio.run(story())


def test_files_are_kept_for_ever_under_their_digest_only() -> None:
    async def story() -> None:
        async with world() as here:
            anna = Browser(here)
            current = await anna.get(assets().address("tokens.css"))
            assert "immutable" in current.headers["cache-control"]
            older = await anna.get("/static/000000000000/tokens.css")
            assert (older.body, older.headers["cache-control"]) == (current.body, "no-store")
            packed = await anna.get(assets().address("parts.css"), accept_encoding="gzip")
            assert packed.headers["content-encoding"] == "gzip"
            assert (await anna.get("/static/000000000000/none.css")).status == 404

    asyncio.run(story())


def test_people_get_a_page_where_there_is_none_and_programs_a_document() -> None:
    async def story() -> None:
        async with world() as here:
            anna = Browser(here)
            page = await anna.get("/nowhere", accept="text/html")
            assert (page.status, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
            assert (await anna.get("/nowhere")).code == "route_unknown"
            assert (await anna.get("/api/v1/none", accept="text/html")).code == "route_unknown"

    asyncio.run(story())


def test_nobody_is_sent_to_another_house() -> None:
    wanted = ("/orders?x=1", "//evil.example", "https://evil.example", "/\\evil", "orders", "/a\nb")

    assert [place_within(each) for each in wanted] == ["/orders?x=1", "/", "/", "/", "/", "/"]
