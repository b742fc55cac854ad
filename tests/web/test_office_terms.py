"""Terms in the office: written with the linter beside, cured, published, put on sale by another.

Not here: what the linter finds (`tests/core/lint`).
"""

from __future__ import annotations

import asyncio
import html
import re

from tests.web.browsing import Browser
from tests.web.maker import TERMS, World, world
from tests.web.test_office import staff

PATH = f"/office/terms/draft?against={TERMS.terms_hash}"


async def document(who: Browser, path: str = PATH) -> str:
    """The document as it stands in the field."""
    shown = (await who.get(path)).body.decode()
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", shown, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def unfair(text: str) -> str:
    """The demo's document under another name, with the balance asked for before inspection."""
    text = re.sub(r'^version = ".*"$', 'version = "autumn"', text, count=1, flags=re.MULTILINE)
    changed = text.replace("[balance_due]\n", '[balance_due]\nwhen = "on_notice"\n')
    assert changed != text
    return changed


async def on_sale(here: World) -> dict[str, str]:
    offers = (await here.anybody().get("/api/v1/offers")).json["offers"]
    return {each["queue_id"]: each["terms_hash"] for each in offers}


def test_terms_are_blocked_cured_published_and_put_on_sale_by_another() -> None:
    async def story() -> None:
        async with world() as here:
            ida, kim = (
                staff(here, "terms_editor", name="ida"),
                staff(here, "terms_editor", name="kim"),
            )
            listed = (await ida.get("/office/terms")).body.decode()
            assert f"/office/terms/{TERMS.terms_hash}" in listed
            text = unfair(await document(ida))
            fields = {"form": "draft", "document": text}

            checked = await ida.send(PATH, {**fields, "deed": "check"})
            assert checked.status == 200
            assert b"Cannot be published" in checked.body
            assert b"What differs from the version before" in checked.body
            blocked = await ida.send(PATH, {**fields, "deed": "publish", "key": "a"})
            assert blocked.status == 422
            assert b'data-code="terms_faulty"' in blocked.body
            assert b"version = &#34;autumn&#34;" in blocked.body

            cured = await ida.send(PATH, {**fields, "deed": "cure"})
            found = re.search(r"<textarea[^>]*>(.*?)</textarea>", cured.body.decode(), re.DOTALL)
            assert found is not None
            mended = html.unescape(found[1])
            done = await ida.send(
                PATH, {"form": "draft", "document": mended, "deed": "publish", "key": "b"}
            )
            assert done.status == 303
            path = done.headers["location"]
            assert "A second person puts it on sale" in (await ida.get(path)).body.decode()
            sale = {"form": "sell", "queue_id": "s7-cn"}
            refused = await ida.send(path, {**sale, "key": "c", "seal": await ida.seal(path)})
            assert b'data-code="second_person_missing"' in refused.body
            assert (await on_sale(here))["s7-cn"] == TERMS.terms_hash
            assert (await kim.send(path, {**sale, "key": "d"})).status == 303
            assert (await on_sale(here))["s7-cn"] == path.rpartition("/")[2]
            later = {**sale, "key": "e", "opens_at": "2020-01-01T00:00"}
            assert b'data-code="offer_in_the_past"' in (await kim.send(path, later)).body
            nowhere = {**sale, "key": "f", "queue_id": "none"}
            assert (await kim.send(path, nowhere)).status == 404

    asyncio.run(story())


def test_a_document_that_says_nothing_is_told_its_faults_by_line() -> None:
    async def story() -> None:
        async with world() as here:
            ida = staff(here, "terms_editor")
            told = await ida.send(PATH, {"form": "draft", "document": "x = ", "deed": "check"})
            assert b"the document says nothing yet" in told.body
            assert b"line 1" in told.body
            empty = await ida.get("/office/terms/draft")
            assert b"the document says nothing yet" in empty.body
            assert (await ida.get("/office/terms/draft?against=none")).status == 404
            assert (await ida.get("/office/terms/none")).status == 404
            cured = await ida.send(PATH, {"form": "draft", "document": "x = ", "deed": "cure"})
            assert b"x =</textarea>" in cured.body
            long = {"form": "draft", "document": "x" * 50_001, "deed": "check"}
            assert (await ida.send(PATH, long)).status == 400

    asyncio.run(story())
