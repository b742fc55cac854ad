"""Publishing terms through the door, selling under them, and having them for ever.

Not here: what the linter finds (`tests/core/lint`) and how acts are kept (`tests/store`).
"""

from __future__ import annotations

import asyncio
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from earnest.core.terms.compile import read_and_compile
from earnest.core.terms.version import TermsVersion
from tests.web.asking import Told
from tests.web.maker import CATALOGUE, TERMS, World, reservation, world

SOURCE = (Path(__file__).parents[2] / "examples/terms/cn.toml").read_text(encoding="utf-8")
DEMAND = 'when = "after_inspection"'
PATH = "/api/v1/terms?name=cn.toml"


def version(source: str = SOURCE) -> TermsVersion:
    compiled = read_and_compile(source, "cn.toml")
    assert isinstance(compiled, TermsVersion)
    return compiled


async def publish(here: World, source: str = SOURCE, key: str = "publish", **headers: str) -> Told:
    return await here.staff("terms_editor").post(PATH, source.encode(), key, **headers)


async def offer(here: World, key: str = "offer", **changed: object) -> Told:
    body: dict[str, Any] = {
        "queue_id": "s7-cn",
        "terms_hash": version().terms_hash,
        "catalogue_hash": CATALOGUE.catalogue_hash,
    }
    seller = here.staff("terms_editor", name="kim")
    return await seller.post("/api/v1/offers", body | changed, key)


async def terms_of_a_life(here: World) -> None:
    """Published, put on sale, and whoever reserved before keeps the terms of before."""
    before = (await here.reserve("early")).json
    published = await publish(here)
    assert published.status == 201
    assert published.json == {
        "kind": "terms",
        "terms_hash": version().terms_hash,
        "published_by": "staff:lin",
        "published_at": "2024-07-19T04:00:00Z",
        "findings": [],
        "queue_id": None,
        "opens_at": None,
    }
    assert await publish(here) == published

    here.pass_time(hours=1)
    offered = await offer(here)
    assert (offered.status, offered.json["opens_at"]) == (201, "2024-07-19T05:00:00Z")
    assert await offer(here) == offered
    offers = (await here.anybody().get("/api/v1/offers")).json["offers"]
    on_sale = {each["queue_id"]: each["terms_hash"] for each in offers}
    assert on_sale == {"s7-cn": version().terms_hash, "y7-cn": TERMS.terms_hash}

    late = await here.buyer("late").post("/api/v1/reservations", reservation(), "first")
    assert (late.status, late.code) == (409, "terms_not_current")
    order = (await here.buyer("early").get(f"/api/v1/orders/{before['order_id']}")).json
    assert order["terms_hash"] == TERMS.terms_hash

    acts = await here.staff("terms_editor").get(
        f"/api/v1/terms/{version().terms_hash}/publications"
    )
    assert [each["kind"] for each in acts.json["publications"]] == ["terms", "offer"]


def test_terms_are_published_and_sold_and_change_no_order() -> None:
    async def story() -> None:
        async with world() as here:
            await terms_of_a_life(here)

    asyncio.run(story())


def test_an_unfair_document_is_answered_with_every_finding_and_its_cure() -> None:
    unfair = SOURCE.replace(DEMAND, 'when = "on_notice"\nnotice = "sales_situation"')

    async def story() -> None:
        async with world() as here:
            told = await publish(here, unfair)

            assert (told.status, told.code) == (422, "terms_faulty")
            line = unfair.splitlines().index('when = "on_notice"') + 1
            fault = told.json["faults"][0]
            assert (fault["file"], fault["line"], fault["key"], fault["code"]) == (
                "cn.toml",
                line,
                "balance_due.when",
                "engine_cannot_run",
            )
            finding = next(
                each for each in told.json["findings"] if each["key"] == "balance_due.when"
            )
            assert (finding["line"], finding["severity"]) == (line, "S1")
            assert "CN-07" in finding["rule_ids"]
            assert finding["cures"]
            nothing = await here.anybody().get(f"/api/v1/terms/{version().terms_hash}")
            assert nothing.code == "terms_unknown"
            assert await here.kept.shelf.publication("staff:lin", "publish") is None

    asyncio.run(story())


def test_what_only_the_linter_blocks_is_unfair_and_not_faulty() -> None:
    barred = SOURCE + "\n[forum]\ncomplaints_open = false\n"

    async def story() -> None:
        async with world() as here:
            told = await publish(here, barred, accept_language="zh-Hans")

            assert (told.status, told.code) == (422, "terms_unfair")
            assert told.json["faults"] == []
            assert any("\u4e00" <= each <= "\u9fff" for each in told.json["findings"][0]["why"])
            # The key was not used up.
            assert (await publish(here)).status == 201

    asyncio.run(story())


def test_bad_input_is_refused_at_the_door() -> None:
    async def story() -> None:
        async with world() as here:
            editor = here.staff("terms_editor")
            broken = await editor.post(PATH, b'version = "1"\nlabel = "\xff"\n', "one")
            assert (broken.status, broken.code) == (400, "encoding_wrong")
            assert broken.json["details"] == {"line": "2"}
            syntax = await editor.post(PATH, b"version =\n", "two")
            assert (syntax.status, syntax.code) == (422, "terms_faulty")
            assert [each["code"] for each in syntax.json["faults"]] == ["toml_malformed"]
            assert (await editor.post(PATH, b"", "three")).code == "terms_faulty"
            assert (await editor.post(PATH, SOURCE.encode())).code == "key_missing"
            large = await editor.post(PATH, b"#" * 300_000, "four")
            assert (large.status, large.code) == (413, "body_too_large")
            assert (await publish(here)).status == 201
            reused = await publish(here, SOURCE + "# other\n")
            assert (reused.status, reused.code) == (422, "key_reused")
            taken = await publish(here, SOURCE + "# other\n", "five")
            assert (taken.status, taken.code) == (409, "version_taken")

    asyncio.run(story())


def test_an_offer_of_nothing_published_is_refused() -> None:
    async def story() -> None:
        async with world() as here:
            assert (await offer(here)).code == "terms_unknown"
            assert (await publish(here)).status == 201
            assert (await offer(here, catalogue_hash="none")).code == "catalogue_unknown"
            assert (await offer(here, queue_id="none")).code == "queue_unknown"
            past = (here.clock.now() - timedelta(hours=1)).isoformat()
            told = await offer(here, opens_at=past)
            assert (told.status, told.code) == (422, "offer_in_the_past")
            assert (await offer(here)).status == 201

    asyncio.run(story())


def test_what_was_published_can_be_had_for_ever_in_every_form() -> None:
    async def story() -> None:
        async with world() as here:
            await publish(here)
            anybody, path = here.anybody(), f"/api/v1/terms/{version().terms_hash}"

            shown = await anybody.get(path)
            assert shown.json["source"] == SOURCE
            assert {each["executed"] for each in shown.json["clauses"]} == {True, False}
            source = await anybody.get(f"{path}/source")
            assert source.body.decode() == SOURCE
            assert tomllib.loads(source.body.decode())["version"] == "cn-template-1"
            contract = await anybody.get(f"{path}/contract?language=en")
            assert contract.headers["content-type"] == "text/markdown; charset=utf-8"
            assert contract.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert contract.body.decode().startswith("# Terms of sale cn-template-1\n")
            assert (await anybody.get(f"{path}/contract")).body.decode().startswith("# 购车条款 ")
            for form in ("contract", "source"):
                unknown = await anybody.get(f"/api/v1/terms/none/{form}")
                assert (unknown.status, unknown.code) == (404, "terms_unknown")

    asyncio.run(story())
