"""What everybody may see before they decide: offers, terms, catalogues, quotes.

Not here: reserving (`test_reservations.py`).
"""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec

from tests.web.maker import CATALOGUE, SELECTION, TERMS, price, world


def plain(value: object) -> Any:  # noqa: ANN401 - any document
    """A value as it looks in JSON."""
    return msgspec.json.decode(msgspec.json.encode(value))


def test_offers_name_terms_and_catalogue() -> None:
    async def story() -> None:
        async with world() as here:
            told = await here.anybody().get("/api/v1/offers")

            assert told.headers["cache-control"] == "public, max-age=5"
            assert told.json["offers"][0] == {
                "queue_id": "s7-cn",
                "terms_hash": TERMS.terms_hash,
                "catalogue_hash": CATALOGUE.catalogue_hash,
                "opens_at": "2024-01-01T00:00:00Z",
                "closes_at": None,
                "is_open": True,
            }

    asyncio.run(story())


def test_terms_show_numbers_texts_and_the_digests_to_acknowledge() -> None:
    async def story() -> None:
        async with world() as here:
            path = f"/api/v1/terms/{TERMS.terms_hash}"

            told = await here.anybody().get(path)
            again = await here.anybody().get(path, if_none_match=told.headers["etag"])

            assert told.json["policy"] == plain(TERMS.policy)
            clause = TERMS.clauses[0]
            assert told.json["clauses"][0] == {
                "clause_id": clause.clause_id,
                "material": clause.material,
                "executed": clause.executed,
                "texts": clause.texts,
                "text_hashes": {each: clause.text_hash(each) for each in clause.texts},
            }
            assert told.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert (again.status, again.body) == (304, b"")
            assert again.headers["etag"] == told.headers["etag"]

    asyncio.run(story())


def test_a_catalogue_is_shown_by_its_digest() -> None:
    async def story() -> None:
        async with world() as here:
            told = await here.anybody().get(f"/api/v1/catalogues/{CATALOGUE.catalogue_hash}")

            assert told.json["models"] == plain(CATALOGUE.models)
            assert told.headers["x-content-type-options"] == "nosniff"

    asyncio.run(story())


def test_documents_that_were_never_published_are_unknown() -> None:
    async def story() -> None:
        async with world() as here:
            terms = await here.anybody().get("/api/v1/terms/0")
            catalogue = await here.anybody().get("/api/v1/catalogues/0")
            quote = await here.anybody().post(
                "/api/v1/quotes",
                {"catalogue_hash": "0", "configuration": {"model": "s7-max", "options": []}},
            )

            assert (terms.status, terms.code) == (404, "terms_unknown")
            assert (catalogue.status, catalogue.code) == (404, "catalogue_unknown")
            assert (quote.status, quote.code) == (404, "catalogue_unknown")

    asyncio.run(story())


def test_a_quote_gives_the_price_line_by_line() -> None:
    async def story() -> None:
        async with world() as here:
            told = await here.anybody().post(
                "/api/v1/quotes",
                {
                    "catalogue_hash": CATALOGUE.catalogue_hash,
                    "configuration": msgspec.to_builtins(SELECTION),
                },
            )

            assert told.status == 200
            assert told.json == plain(price()) | {"delivery": None, "taxes": []}

    asyncio.run(story())


def test_a_quote_names_the_purchase_tax_of_this_year_and_the_next() -> None:
    async def story() -> None:
        async with world() as here:
            here.clock.advance(timedelta(days=570))
            body = {
                "catalogue_hash": CATALOGUE.catalogue_hash,
                "configuration": msgspec.to_builtins(SELECTION),
                "queue_id": "s7-cn",
            }
            told = await here.anybody().post("/api/v1/quotes", body)
            # Half of a tenth of the price without its 13 % of value added tax (CN-40); the
            # reliefs of 2024 and 2025 are over.
            half = round(price().price.amount / 1.13 * 0.05)
            assert told.json["taxes"] == [
                {"year": year, "tax": {"amount": half, "currency": "CNY"}} for year in (2026, 2027)
            ]

    asyncio.run(story())
