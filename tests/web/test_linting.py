"""POST /terms/lint: anybody may ask what is unfair; a bad document is answered, a huge one refused.

Not here: what is found (`tests/core/lint`).
"""

from __future__ import annotations

import asyncio

from earnest.web.api.linting import LONGEST_DOCUMENT
from tests.tidy.source import ROOT
from tests.web.maker import world

STRUCK = (ROOT / "examples/terms/struck-clause.toml").read_text(encoding="utf-8")
PATH = "/api/v1/terms/lint"


def test_the_struck_clause_is_named_with_its_rules_and_cures() -> None:
    async def story() -> None:
        async with world() as here:
            told = await here.anybody().post(PATH, {"document": STRUCK, "name": "struck.toml"})

            assert told.status == 200
            assert told.json["blocks_publishing"] is True
            assert told.json["faults"] == []
            balance_due = told.json["findings"][1]
            assert balance_due["key"] == "balance_due.when"
            assert [rule["rule_id"] for rule in balance_due["rules"]] == ["CN-04", "CN-07", "CN-08"]
            assert set(balance_due["why"]) == {"en", "zh-Hans"}

    asyncio.run(story())


def test_a_document_that_cannot_be_read_says_why() -> None:
    async def story() -> None:
        async with world() as here:
            told = await here.anybody().post(PATH, {"document": "version = 1\n"})

            assert told.status == 200
            assert told.json["findings"] == []
            assert told.json["faults"][0]["file"] == "terms.toml"
            assert told.json["faults"][0]["line"] == 1

    asyncio.run(story())


def test_a_document_beyond_the_limit_is_refused() -> None:
    async def story() -> None:
        async with world() as here:
            told = await here.anybody().post(PATH, {"document": "#" * (LONGEST_DOCUMENT + 1)})

            assert (told.status, told.json["code"]) == (400, "wrong_type")

    asyncio.run(story())
