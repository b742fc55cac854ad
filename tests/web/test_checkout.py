"""Ordering on the pages: choosing, every outcome beforehand, clauses, review, one order, paying.

All of it without scripts. Not here: what a real browser makes of it (`tests/browser`).
"""

from __future__ import annotations

import asyncio
import html
import re

from earnest.core.terms.version import ACCEPTANCE_CLAUSE
from earnest.web.site.plain_words import plain_words
from tests.web.asking import Told
from tests.web.browsing import Browser, signed_in
from tests.web.maker import SELECTION, TERMS, World, price, world
from tests.web.test_proofs import code_sent

CAR = "queue=s7-cn&model=s7-max&paint=paint-aqua&wheels=wheels-19&interior=interior-grey"
AT = f"/checkout/{'c' * 32}?{CAR}"
PAY = f"/checkout/{'c' * 32}/pay"


def hidden(told: Told, form: str) -> dict[str, str | list[str]]:
    """What a form of the page would send if nobody wrote anything into it."""
    text = told.body.decode()
    found = re.search(rf'<form [^>]*id="form-{form}".*?</form>', text, re.DOTALL)
    assert found is not None, text
    fields: dict[str, str | list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[0]):
        known = fields.get(name)
        plain = html.unescape(value)
        fields[name] = (
            plain if known is None else [*([known] if isinstance(known, str) else known), plain]
        )
    return fields


def clauses(told: Told) -> list[str]:
    """The values of all boxes for clauses."""
    return [
        html.unescape(x) for x in re.findall(r'name="clause" value="([^"]+)"', told.body.decode())
    ]


async def reviewed(anna: Browser, at: str = AT, **changed: str | list[str]) -> Told:
    """The review, after every clause was ticked."""
    told = await anna.get(at)
    fields = hidden(told, "review") | {"name": "Anna Lee", "clause": clauses(told)} | changed
    return await anna.post(at, fields)


def test_nothing_is_ticked_beforehand_and_each_clause_has_its_own_box() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            told = await anna.get(AT)
            assert told.status == 200
            assert b'" checked' not in told.body
            material = [each.clause_id for each in TERMS.clauses if each.material]
            named = [each.partition("|")[0] for each in clauses(told)]
            assert named == [*material, ACCEPTANCE_CLAUSE]
            for clause in TERMS.clauses:
                if clause.material:
                    assert html.escape(clause.texts["en"], quote=False) in html.unescape(
                        told.body.decode()
                    ).replace("&#39;", "'")

    asyncio.run(story())


def test_what_is_ordered_is_what_was_reviewed_and_twice_is_once() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            review = await reviewed(anna)
            assert b"Anna Lee" in review.body
            order = hidden(review, "order")
            first, again = await anna.post(AT, order), await anna.post(AT, order)
            assert [each.headers["location"] for each in (first, again)] == [PAY, PAY]
            (made,) = here.memory.tables.orders.values()
            assert (made.configuration, made.price) == (SELECTION.sorted(), price().price)
            assert set(made.acknowledged) >= {"forfeiture", "deposit", "lock_effect"}
            profile = await here.house.register.buyer(made.buyer_id)
            assert profile is not None
            assert profile.name == "Anna Lee"
            # Going back finds the order that was made, not a form for another one.
            back = await anna.get(AT)
            assert (back.status, back.headers["location"]) == (303, PAY)

    asyncio.run(story())


def test_the_way_to_pay_is_shown_and_leads_on_once_it_is_paid() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            await anna.post(AT, hidden(await reviewed(anna), "order"))
            told = await anna.get(PAY)
            assert b"Your place is taken: number 1" in told.body
            link = re.search(r'class="button main" href="([^"]+)"', told.body.decode())
            assert link is not None
            assert (await here.pay(html.unescape(link[1]))).status == 204
            (made,) = here.memory.tables.orders.values()
            assert (await anna.get(PAY)).headers["location"] == f"/orders/{made.order_id}"

    asyncio.run(story())


def test_who_does_not_pay_in_time_is_told_that_nothing_is_owed() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            await anna.post(AT, hidden(await reviewed(anna), "order"))
            here.pass_time(minutes=31)
            await here.time_acts()
            assert b"The time to pay is over" in (await anna.get(PAY)).body

    asyncio.run(story())


def test_a_clause_that_was_not_ticked_is_no_part_of_the_contract() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            ticked = [
                each for each in clauses(await anna.get(AT)) if not each.startswith("forfeiture|")
            ]
            review = await reviewed(anna, clause=ticked)
            assert b"not part of your contract" in review.body
            await anna.post(AT, hidden(review, "order"))
            (made,) = here.memory.tables.orders.values()
            assert "forfeiture" not in made.acknowledged

    asyncio.run(story())


def test_the_contract_is_read_and_kept_before_ordering_under_the_digest_of_the_order() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            ticked = [
                each for each in clauses(await anna.get(AT)) if not each.startswith("deposit|")
            ]
            review = await reviewed(anna, clause=ticked)
            found = re.search(r'href="(/checkout/\w+/contract\?[^"]+)"', review.body.decode())
            assert found is not None
            page = await anna.get(html.unescape(found[1]))
            text = html.unescape(page.body.decode())
            assert "Not concluded" in text
            assert all(clause.texts["en"] in text for clause in TERMS.clauses)
            assert text.count("no part of your contract") == 1
            (digest,) = re.findall(r'class="code">([0-9a-f]{64})<', text)
            for language, not_concluded in (("en", "Not concluded"), ("zh-Hans", "尚未订立")):
                file = re.search(rf'href="([^"]+&amp;in={language})"', page.body.decode())
                assert file is not None
                told = await anna.get(html.unescape(file[1]))
                assert told.headers["content-type"] == "application/pdf"
                assert told.headers["content-disposition"].startswith("attachment")
                sheet = told.body.decode().replace("\u200b", "")
                assert (digest in sheet, not_concluded in sheet) == (True, True)
            assert here.memory.tables.orders == {}
            await anna.post(AT, hidden(review, "order"))
            (made,) = here.memory.tables.orders.values()
            kept = await anna.get(f"/orders/{made.order_id}/papers/contract")
            assert digest in kept.body.decode().replace("\u200b", "")

    asyncio.run(story())


def test_the_review_counts_what_was_not_ticked_in_favour_of_the_buyer() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            told = await anna.get(AT)
            assert b"Counted as if you accepted every clause below." in told.body
            assert b"The seller keeps the earnest money" in told.body
            ticked = [each for each in clauses(told) if not each.startswith("forfeiture|")]
            review = await reviewed(anna, clause=ticked)
            assert b"The seller keeps the earnest money" not in review.body
            assert b"The seller keeps the earnest money" in (await reviewed(anna)).body

    asyncio.run(story())


def test_without_acceptance_or_name_nothing_is_ordered_and_what_was_written_stays() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            nobody = await reviewed(anna, name="")
            assert (nobody.status, b'data-code="name_missing"' in nobody.body) == (422, True)
            without = await reviewed(anna, clause=[])
            assert without.status == 422
            assert b'data-code="terms_not_acknowledged"' in without.body
            assert b'value="Anna Lee"' in without.body
            forged = await reviewed(anna, clause=["terms|0|en", "nonsense"])
            refused = await anna.post(AT, hidden(forged, "order"))
            assert refused.status == 422
            assert here.memory.tables.orders == {}

    asyncio.run(story())


def test_a_price_or_terms_that_moved_since_the_review_are_refused_beside_the_button() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            told, at = await reviewed(anna), AT
            order = hidden(told, "order")
            for changed, code in (
                ({"price": "much"}, "wrong_type"),
                ({"price": "1"}, "price_differs"),
                ({"terms_hash": "old"}, "key_reused"),
            ):
                told = await anna.post(AT, {**order, **changed})
                assert f'data-code="{code}"'.encode() in told.body
                assert b"Is everything right?" in told.body
                assert here.memory.tables.orders == {}
                # A rejected try is over; the form that is shown now begins another.
                again = re.search(r'action="([^"]+)" id="form-order"', told.body.decode())
                assert again is not None
                at = html.unescape(again[1])
                assert (code, at != AT) == (code, code != "wrong_type")
            made = await anna.post(at, hidden(told, "order"))
            assert made.headers["location"] == f"{at.partition('?')[0]}/pay"

    asyncio.run(story())


def test_something_can_be_corrected_with_nothing_lost() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            told = await anna.post(AT, hidden(await reviewed(anna), "correct"))
            assert told.status == 200
            assert told.body.count(b'" checked') == len(clauses(told))

    asyncio.run(story())


def test_a_car_that_cannot_be_built_is_explained_with_its_options_by_name() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            page = await anna.get("/models/s7-cn/s7-max?wheels=wheels-19&sport-brakes=yes")
            assert b"Sport brakes do not fit inside 19-inch wheels." in page.body
            assert b'data-code="option_requires"' in page.body
            told = await anna.get(f"{AT}&sport-brakes=yes")
            assert (told.status, b"cannot be ordered like this" in told.body) == (422, True)
            assert b"20-inch wheels" in told.body
            for path in ("/models/none/s7-max", "/models/s7-cn/none", "/compare?a=none"):
                assert (path, (await anna.get(path)).status) == (path, 404)

    asyncio.run(story())


def test_two_cars_are_compared_by_their_links() -> None:
    async def story() -> None:
        async with world() as here:
            anna = Browser(here)
            first = "/models/s7-cn/s7-max?wheels=wheels-20"
            link = "https%3A%2F%2Fmaker.example%2Fmodels%2Fy7-cn%2Fy7-max"
            told = await anna.get(f"/compare?a={first.replace('?', '%3F')}&b={link}")
            for words in ("20-inch wheels", "Emerald green", "¥305,900.00", "¥329,900.00"):
                assert words in told.body.decode()
            wrong = await anna.get(f"/compare?a={first.replace('?', '%3F')}&b=nonsense")
            assert (wrong.status, b'data-code="route_unknown"' in wrong.body) == (200, True)

    asyncio.run(story())


def test_the_contract_can_be_read_and_kept_by_anybody_for_ever() -> None:
    async def story() -> None:
        async with world() as here:
            anna = Browser(here)
            told = await anna.get(f"/terms/{TERMS.terms_hash}")
            assert told.status == 200
            kept = await anna.get(f"/terms/{TERMS.terms_hash}/file")
            assert kept.headers["content-disposition"].startswith("attachment; filename=")
            api = await here.anybody().get(f"/api/v1/terms/{TERMS.terms_hash}/contract?language=en")
            assert kept.body == api.body
            assert (await anna.get("/terms/none")).status == 404

    asyncio.run(story())


def test_the_button_says_what_the_contract_says_it_says() -> None:
    formation = TERMS.clause("formation")
    assert formation is not None

    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            for language in ("en", "zh-Hans"):
                await anna.get(f"/?language={language}")
                button = re.search(
                    r'id="form-order".*?<button [^>]*>([^<]+)<',
                    (await reviewed(anna)).body.decode(),
                    re.DOTALL,
                )
                assert button is not None
                assert button[1] in formation.texts[language]

    asyncio.run(story())


def test_plain_words_are_there_for_every_clause_that_is_ticked() -> None:
    named = [x.clause_id for x in TERMS.clauses if x.material or x.clause_id == ACCEPTANCE_CLAUSE]

    told = {
        (each, tongue): plain_words(each, TERMS.policy, tongue)
        for each in named
        for tongue in ("en", "zh-Hans")
    }

    assert [key for key, words in told.items() if not words or "{" in words] == []


async def outcomes(here: World) -> dict[str, int]:
    """What comes back in every situation, in minor units."""
    body = {
        "queue_id": "s7-cn",
        "configuration": {"model": "s7-max", "options": list(SELECTION.options)},
    }
    told = await here.anybody().post("/api/v1/quotes/outcomes", body)
    assert told.status == 200
    return {
        each["situation"]: each["settlement"]["owed_to_buyer"]["amount"]
        for each in told.json["outcomes"]
    }


def test_what_happens_to_the_money_is_known_before_and_holds_after() -> None:
    async def story() -> None:
        async with world() as here:
            before = await outcomes(here)
            assert before == {
                "leave_in_cooling_off": 500_000,
                "leave_after_lock": 0,
                "finance_declined": 500_000,
                "seller_is_late": 1_000_000,
                "seller_refuses": 1_000_000,
                "nobody_answers": 500_000,
            }
            order_id = await here.deposited()
            left = await here.buyer().post(f"/api/v1/orders/{order_id}/withdraw", {}, "leave")
            assert left.status == 200
            statement = await here.buyer().get(f"/api/v1/orders/{order_id}/statement")
            owed = statement.json["settlement"]["owed_to_buyer"]["amount"]
            assert owed == before["leave_in_cooling_off"]

    asyncio.run(story())


def test_what_is_not_on_sale_or_cannot_be_built_has_no_outcome() -> None:
    async def story() -> None:
        async with world() as here:
            anybody, at = here.anybody(), "/api/v1/quotes/outcomes"
            car = {"model": "s7-max", "options": list(SELECTION.options)}
            closed = await anybody.post(at, {"queue_id": "none", "configuration": car})
            assert closed.code == "sale_not_open"
            empty = {"model": "s7-max", "options": []}
            unbuilt = await anybody.post(at, {"queue_id": "s7-cn", "configuration": empty})
            assert unbuilt.code == "choice_missing"

    asyncio.run(story())


def test_who_must_show_who_they_are_does_it_and_comes_back() -> None:
    async def story() -> None:
        async with world() as here:
            anna = await signed_in(here)
            phone = {"phone": "+86 138 0013 8000"}
            at = "/prove?to=/checkout/x"
            asked = await anna.send(at, {"form": "phone", **phone})
            assert (asked.status, b'id="form-code"' in asked.body) == (200, True)
            slip = await anna.send(at, {"form": "code", **phone, "code": "000000"})
            assert (slip.status, b'data-code="proof_code_wrong"' in slip.body) == (422, True)
            shown = {"form": "code", **phone, "code": code_sent(here)}
            proven = await anna.send(at, shown)
            assert proven.headers["location"] == "/checkout/x"
            number = {"form": "number", "name": "Anna", "number": "110105194912310021"}
            unbelieved = await anna.send(at, number)
            assert b'data-code="proof_number_unconfirmed"' in unbelieved.body

    asyncio.run(story())
