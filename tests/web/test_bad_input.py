"""Bad input: each gets a clear problem with a stable code, changes nothing and loses nothing.

Not here: rules of an order's life (`tests/core`) and who may enter (`test_access.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from earnest.people.tokens import SigningKey, Tokens
from earnest.web.house import BODY_LIMIT, HOT_BODY_LIMIT
from earnest.web.problems import TurnedAway
from earnest.web.reading import read_body
from tests.web.asking import Client, Told
from tests.web.life import begun
from tests.web.maker import LASTS, World, acknowledged, buyer_id, price, reservation, world

RESERVATIONS = "/api/v1/reservations"
CONFIGURATION: dict[str, Any] = reservation()["configuration"]


def with_options(*options: str) -> dict[str, Any]:
    """A reservation of the same model with other options."""
    return reservation(configuration={"model": "s7-max", "options": list(options)})


def with_price(amount: object, currency: object = "CNY") -> dict[str, Any]:
    """A reservation at another price."""
    return reservation(price={"amount": amount, "currency": currency})


def without(field: str) -> dict[str, Any]:
    """A reservation that lacks a field."""
    body = reservation()
    del body[field]
    return body


def raw(body: object, old: bytes, new: bytes) -> bytes:
    """A body with some of its bytes exchanged after it was written."""
    written = msgspec.json.encode(body)
    assert old in written
    return written.replace(old, new)


BODIES: dict[str, tuple[object, int, str, dict[str, str]]] = {
    "unknown field": (reservation(vip=True), 400, "unknown_field", {"field": "vip"}),
    "unknown field inside": (
        reservation(configuration=CONFIGURATION | {"colour": "red"}),
        400,
        "unknown_field",
        {"field": "configuration.colour"},
    ),
    "missing field": (without("terms_hash"), 400, "field_missing", {"field": "terms_hash"}),
    "wrong type": (
        reservation(queue_id=7),
        400,
        "wrong_type",
        {"field": "queue_id", "expected": "str"},
    ),
    "a list instead of an object": (
        [],
        400,
        "wrong_type",
        {"field": "$", "expected": "object"},
    ),
    "negative amount": (
        with_price(-1),
        400,
        "wrong_type",
        {"field": "price.amount", "expected": "int >= 1"},
    ),
    "nothing": (
        with_price(0),
        400,
        "wrong_type",
        {"field": "price.amount", "expected": "int >= 1"},
    ),
    "fraction of a minor unit": (
        with_price(29_990_000.5),
        400,
        "wrong_type",
        {"field": "price.amount", "expected": "int"},
    ),
    "amount as text": (
        with_price("29990000"),
        400,
        "wrong_type",
        {"field": "price.amount", "expected": "int"},
    ),
    "astronomic amount": (
        with_price(10**40),
        400,
        "wrong_type",
        {"field": "price.amount", "expected": "int <= 1000000000000000"},
    ),
    "no currency": (
        with_price(29_990_000, "yuan"),
        400,
        "wrong_type",
        {"field": "price.currency", "expected": "str matching regex '^[A-Z]{3}$'"},
    ),
    "other currency": (
        with_price(29_990_000, "EUR"),
        422,
        "price_differs",
        {"price": str(price().price.amount)},
    ),
    "other price": (
        with_price(1),
        422,
        "price_differs",
        {"price": str(price().price.amount)},
    ),
    "unknown option": (
        with_options("paint-aqua", "wheels-19", "interior-grey", "jet"),
        422,
        "option_unknown",
        {"option": "jet", "model": "s7-max"},
    ),
    "option named twice": (with_options("paint-aqua", "paint-aqua"), 422, "option_repeated", {}),
    "choice not made": (
        with_options("paint-aqua", "wheels-19"),
        422,
        "choice_missing",
        {"choice": "interior"},
    ),
    "terms never accepted": (
        reservation(acknowledgements=[]),
        422,
        "terms_not_acknowledged",
        {"clause": "terms"},
    ),
    "terms in other words": (
        reservation(acknowledgements=[acknowledged("terms") | {"text_hash": "0"}]),
        422,
        "terms_not_acknowledged",
        {"clause": "terms"},
    ),
    "language nobody speaks": (
        reservation(language="tlh"),
        400,
        "wrong_type",
        {"field": "language"},
    ),
    "queue without a sale": (reservation(queue_id="none"), 409, "sale_not_open", {}),
    "not JSON": (b"price=1", 400, "malformed_json", {}),
    "cut off": (msgspec.json.encode(reservation())[:-1], 400, "malformed_json", {}),
    "broken UTF-8": (raw(reservation(), b"s7-cn", b"s7-\xff\xfe"), 400, "malformed_json", {}),
    "lone surrogate": (raw(reservation(), b"s7-cn", b"\\ud800"), 400, "malformed_json", {}),
    "NUL": (raw(reservation(), b"s7-cn", b"s7\\u0000"), 400, "character_unsuitable", {}),
    "too deep": (b'{"price":' * 7_000, 400, "unknown_field", {"field": "price.price"}),
    "empty": (b"", 400, "field_missing", {"field": "queue_id"}),
    "repeated field": (
        raw(reservation(), b'"queue_id"', b'"vip":1,"queue_id"'),
        400,
        "unknown_field",
        {"field": "vip"},
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_body_changes_nothing(name: str) -> None:
    body, status, code, details = BODIES[name]

    async def story() -> None:
        async with world() as here:
            before = here.snapshot()

            told = await here.buyer().post(RESERVATIONS, body, "key")

            assert (told.status, told.code) == (status, code)
            assert told.json["details"].items() >= details.items()
            assert here.snapshot() == before
            assert (await here.reserve(key="after")).json["rank"] == 1

    asyncio.run(story())


def test_an_excluded_combination_is_named() -> None:
    async def story() -> None:
        async with world() as here:
            catalogue_hash = reservation()["catalogue_hash"]
            catalogue = (await here.anybody().get(f"/api/v1/catalogues/{catalogue_hash}")).json
            model = catalogue["models"][0]
            rule = next(each for each in model["rules"] if each["kind"] == "excludes")
            chosen = {
                choice["code"]: next(
                    option["code"]
                    for option in model["options"]
                    if option["choice"] == choice["code"]
                )
                for choice in model["choices"]
                if choice["single"]
            }
            of_choice = {option["code"]: option["choice"] for option in model["options"]}
            options = {*chosen.values()}
            for code in (rule["option"], rule["others"][0]):
                options.discard(chosen.get(of_choice[code], ""))
                options.add(code)

            told = await here.anybody().post(
                "/api/v1/quotes",
                {
                    "catalogue_hash": catalogue_hash,
                    "configuration": {"model": model["code"], "options": sorted(options)},
                },
            )

            assert (told.status, told.code) == (422, "option_excludes")
            assert told.json["details"]["option"] == rule["option"]

    asyncio.run(story())


def test_a_key_is_needed_and_has_a_form() -> None:
    async def story() -> None:
        async with world() as here:
            body = reservation()

            missing = await here.buyer().post(RESERVATIONS, body)
            spaced = await here.buyer().post(RESERVATIONS, body, "two words")
            long = await here.buyer().post(RESERVATIONS, body, "k" * 201)

            assert [each.code for each in (missing, spaced, long)] == [
                "key_missing",
                "key_malformed",
                "key_malformed",
            ]
            assert {each.status for each in (missing, spaced, long)} == {400}

    asyncio.run(story())


def test_the_same_key_with_other_content_does_nothing() -> None:
    async def story() -> None:
        async with world() as here:
            first = await here.reserve(key="mine")
            before = here.snapshot()
            other = reservation(language="en")

            told = await here.buyer().post(RESERVATIONS, other, "mine")

            assert (told.status, told.code) == (422, "key_reused")
            assert here.snapshot() == before
            assert await here.reserve(key="mine") == first

    asyncio.run(story())


def test_the_same_key_at_another_door_does_nothing() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            buyer = here.buyer()
            await buyer.post(f"{life.path}/open-case", {"subject": "paint"}, "one")
            before = here.snapshot()

            told = await buyer.post(f"{life.path}/withdraw", None, "one")

            assert (told.status, told.code) == (422, "key_reused")
            assert here.snapshot() == before

    asyncio.run(story())


def test_tokens_that_prove_nothing() -> None:
    async def story() -> None:
        async with world() as here:
            other = Tokens([SigningKey("test", b"another key, of thirty-two bytes too")])
            forged = other.for_buyer(buyer_id("one"), here.clock.now(), LASTS)
            short = here.house.tokens.for_buyer(
                buyer_id("one"), here.clock.now(), timedelta(minutes=5)
            )
            here.pass_time(minutes=5)
            body = reservation()
            expected = {
                None: "token_missing",
                "": "token_invalid",
                "nonsense": "token_invalid",
                forged: "token_invalid",
                short: "token_expired",
            }
            for token, code in expected.items():
                told = await Client(here.doors, token).post(RESERVATIONS, body, "key")
                assert (told.status, told.code) == (401, code)
                assert told.headers["www-authenticate"].startswith("Bearer")
                listed = await Client(here.doors, token).get("/api/v1/orders")
                assert (listed.status, listed.code) == (401, code)
            basic = await here.anybody().get("/api/v1/orders", authorization="Basic b25l")
            assert basic.code == "token_missing"

    asyncio.run(story())


def test_a_stale_version_is_told_the_newest() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            before = here.snapshot()

            stale = await life.ask(here.buyer(), "withdraw", if_match='"1"')
            malformed = await life.ask(here.buyer(), "withdraw", if_match="2")
            weak = await life.ask(here.buyer(), "withdraw", if_match='W/"2"')

            assert (stale.status, stale.code) == (412, "sequence_stale")
            assert stale.json["details"] == {"sequence": "2"}
            assert {(each.status, each.code) for each in (malformed, weak)} == {
                (400, "etag_malformed")
            }
            assert here.snapshot() == before
            fresh = await life.ask(here.buyer(), "open-case", {"subject": "x"}, if_match='"2"')
            assert (fresh.status, fresh.headers["etag"]) == (200, '"3"')
            assert (await life.ask(here.buyer(), "withdraw", if_match="*")).status == 200

    asyncio.run(story())


class Pieces:
    """A body without end that counts how much of it was taken."""

    def __init__(self) -> None:
        self.taken = 0

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.taken += 65_536
            yield b" " * 65_536


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        (RESERVATIONS, HOT_BODY_LIMIT),
        ("/api/v1/quotes", BODY_LIMIT),
        ("/api/v1/webhooks/null", HOT_BODY_LIMIT),
    ],
)
def test_a_body_too_large_is_turned_away_while_it_arrives(path: str, limit: int) -> None:
    async def story() -> None:
        async with world() as here:
            pieces = Pieces()

            told = await here.buyer().stream("POST", path, pieces, headers={"idempotency-key": "k"})

            assert (told.status, told.code) == (413, "body_too_large")
            assert told.headers["connection"] == "close"
            assert pieces.taken == limit + 65_536

    asyncio.run(story())


def test_a_body_too_large_in_one_piece_is_turned_away_as_well() -> None:
    async def at_once() -> dict[str, object]:
        return {"type": "http.request", "body": b"four", "more_body": False}

    with pytest.raises(TurnedAway) as away:
        asyncio.run(read_body(at_once, [], 3))

    assert (away.value.code, away.value.details) == ("body_too_large", {"limit": "3"})
    assert asyncio.run(read_body(at_once, [], 4)) == b"four"


def test_a_body_that_does_not_arrive_in_time_is_given_up() -> None:
    async def never() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError("nothing ever arrives")

    with pytest.raises(TurnedAway) as away:
        asyncio.run(read_body(never, [], 3, seconds=0.01))

    assert away.value.code == "body_cut_short"


@pytest.mark.parametrize("announced", [str(10 * BODY_LIMIT), "a lot", "-1"])
def test_a_body_announced_too_large_is_never_read(announced: str) -> None:
    async def story() -> None:
        async with world() as here:
            pieces = Pieces()
            headers = {"idempotency-key": "k", "content-length": announced}

            told = await here.buyer().stream("POST", RESERVATIONS, pieces, headers=headers)

            assert (told.status, told.code) == (413, "body_too_large")
            assert pieces.taken == 0

    asyncio.run(story())


def test_a_body_that_breaks_off_changes_nothing() -> None:
    class Broken:
        """An application's view of a client that hangs up half-way."""

        def __init__(self, app: Any) -> None:  # noqa: ANN401 - any application
            self._app = app

        async def __call__(self, scope: Any, _: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has it
            pieces = iter(
                [
                    {"type": "http.request", "body": b"{", "more_body": True},
                    {"type": "http.disconnect"},
                ]
            )

            async def cut() -> Any:  # noqa: ANN401 - as ASGI has it
                return next(pieces)

            await self._app(scope, cut, send)

    async def story() -> None:
        async with world() as here:
            before = here.snapshot()

            told = await Client(Broken(here.doors), here.buyer_token()).post(
                RESERVATIONS, reservation(), "key"
            )

            assert (told.status, told.code) == (400, "body_cut_short")
            assert here.snapshot() == before

    asyncio.run(story())


COMMANDS: dict[str, tuple[str, str, object, int, str]] = {
    "unknown field": ("buyer", "withdraw", {"refund": 1}, 400, "unknown_field"),
    "instant without a zone": (
        "buyer",
        "defer",
        {"until": "2024-09-01T00:00:00"},
        400,
        "wrong_type",
    ),
    "instant in words": ("buyer", "defer", {"until": "soon"}, 400, "wrong_type"),
    "yes as a word": ("sales", "answer-deferral", {"agreed": "yes"}, 400, "wrong_type"),
    "unknown ground": ("buyer", "terminate-by-buyer", {"ground": "anger"}, 400, "wrong_type"),
    "endless text": ("buyer", "open-case", {"subject": "x" * 2_001}, 400, "wrong_type"),
    "endless cure": ("delivery", "demand-collection", {"cure_days": 10**9}, 400, "wrong_type"),
    "week of the wrong form": (
        "planning",
        "schedule",
        {"slot": {"plant": "one", "week": "next"}},
        400,
        "wrong_type",
    ),
    "payment of nothing": (
        "buyer",
        "request-payment",
        {"amount": {"amount": 0, "currency": "CNY"}},
        400,
        "wrong_type",
    ),
    "VIN of the wrong form": (
        "planning",
        "record-built",
        {"vin": "123", "configuration": CONFIGURATION},
        409,
        "stage_unsuitable",
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_bad_command_changes_nothing(name: str) -> None:
    role, command, body, status, code = COMMANDS[name]

    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            before = here.snapshot()
            who = here.buyer() if role == "buyer" else here.staff(role)

            told = await life.ask(who, command, body)

            assert (told.status, told.code) == (status, code)
            assert here.snapshot() == before

    asyncio.run(story())


QUERIES = {
    "orders?limit=0": "wrong_type",
    "orders?limit=201": "wrong_type",
    "orders?limit=many": "wrong_type",
    "orders?stage=lost": "wrong_type",
    "orders?colour=red": "unknown_field",
    "orders?vin=%00": "character_unsuitable",
    "orders?cursor=xyz": "cursor_malformed",
    "orders?cursor=WyJhIl0": "cursor_malformed",
    "orders?cursor=%C3%A4": "cursor_malformed",
    "orders?cursor=WyJ0b28iLCJzaG9ydCJd": "cursor_malformed",
}


@pytest.mark.parametrize("query", QUERIES)
def test_a_bad_query_is_turned_away(query: str) -> None:
    async def story() -> None:
        async with world() as here:
            told = await here.buyer().get(f"/api/v1/{query}")

            assert (told.status, told.code) == (400, QUERIES[query])

    asyncio.run(story())


async def _both(here: World, method: str, path: str) -> Told:
    return await here.buyer().ask(method, path, headers={})


def test_an_address_nobody_has_and_a_method_it_does_not_take() -> None:
    async def story() -> None:
        async with world() as here:
            nowhere = await _both(here, "GET", "/api/v1/nowhere")
            hot = await _both(here, "GET", RESERVATIONS)
            routed = await _both(here, "DELETE", "/api/v1/orders")
            webhook = await _both(here, "GET", "/api/v1/webhooks/null")

            assert (nowhere.status, nowhere.code) == (404, "route_unknown")
            assert [each.status for each in (hot, routed, webhook)] == [405, 405, 405]
            assert {each.code for each in (hot, routed, webhook)} == {"method_unsuitable"}
            assert hot.headers["allow"] == "POST"
            assert routed.headers["allow"] == "GET"

    asyncio.run(story())
