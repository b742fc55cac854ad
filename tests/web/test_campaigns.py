"""A campaign through the doors: nothing is readable before the reveal, codes open what they say.

Not here: the rules (`tests/core/tables/22_campaigns.txt`) and competing processes (`tests/desk`).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from earnest.core.catalogue.model import Catalogue
from earnest.core.queue.offer import Offer
from earnest.core.queue.rank import Queue
from earnest.core.terms.compile import read_and_compile
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import QueueId
from earnest.core.values.money import Money
from earnest.web.app import described
from earnest.web.wiring import BASE
from tests.web.asking import Told
from tests.web.maker import CATALOGUE, OPENED, SELECTION, TERMS, World, buyer_id, reservation, world

SECRET_PRICE = Money(12_345_678_900, "CNY")
QUEUE = QueueId("s9-cn")
HOUR = timedelta(hours=1)
REVEAL, EARLY, OPENS = OPENED + HOUR, OPENED + 2 * HOUR, OPENED + 3 * HOUR


def secret_terms() -> TermsVersion:
    """Terms that name a lowest price which nobody knows yet."""
    source = TERMS.source.replace('version = "', 'version = "next-', 1)
    before, _, after = source.partition("lowest = ")
    source = f'{before}lowest = "87654.00"\n{after.partition(chr(10))[2]}'
    compiled = read_and_compile(source, "terms.toml")
    assert isinstance(compiled, TermsVersion), compiled
    return compiled


def secret_catalogue() -> Catalogue:
    """A catalogue with a price and an option that nobody knows yet."""
    text = msgspec.json.encode(CATALOGUE).decode().replace("paint-aqua", "paint-unheard")
    catalogue = msgspec.json.decode(text, type=Catalogue)
    models = tuple(msgspec.structs.replace(each, price=SECRET_PRICE) for each in catalogue.models)
    return msgspec.structs.replace(catalogue, version="secret", models=models)


NEXT_TERMS, NEXT_CATALOGUE = secret_terms(), secret_catalogue()

DOCUMENT = f"""
id = "launch"
version = 1
queue = "{QUEUE}"
jurisdiction = "CN"
currency = "CNY"
names = {{ en = "Launch", zh-Hans = "首发" }}
reveal_at = {REVEAL.isoformat()}
opens_at = {OPENS.isoformat()}

[[groups]]
id = "loyal"
names = {{ en = "Loyal", zh-Hans = "老车主" }}
entry = "members"
quota = 5
opens_at = {EARLY.isoformat()}

[[groups]]
id = "vip"
names = {{ en = "Codes", zh-Hans = "优先码" }}
entry = "codes"
quota = 3
opens_at = {EARLY.isoformat()}
models = ["s7-max"]

[[benefits]]
id = "wheels"
texts = {{ en = "Wheels", zh-Hans = "轮毂" }}
quota = 10
not_left = true

[[channels]]
id = "live"
names = {{ en = "Live", zh-Hans = "直播" }}
"""


async def publish(here: World, text: str = DOCUMENT, key: str = "campaign") -> Told:
    editor = here.staff("terms_editor", name="ida")
    return await editor.post("/api/v1/campaigns?name=launch.toml", text.encode(), key)


async def announced(here: World, text: str = DOCUMENT) -> None:
    """The campaign is published, and only then what it will sell."""
    queue = Queue(queue_id=QUEUE, model_line="s7", market="CN", time_zone="Asia/Shanghai")
    await here.kept.store.publish(
        queues=(queue,), terms=NEXT_TERMS, catalogue=NEXT_CATALOGUE, offers=()
    )
    assert (await publish(here, text)).status == 201
    offer = Offer(
        queue_id=QUEUE,
        terms_hash=NEXT_TERMS.terms_hash,
        catalogue_hash=NEXT_CATALOGUE.catalogue_hash,
        opens_at=EARLY,
    )
    await here.kept.store.publish(
        queues=(), terms=NEXT_TERMS, catalogue=NEXT_CATALOGUE, offers=(offer,)
    )
    await here.desk.library.refresh_offers()


def wanted(**changed: object) -> dict[str, Any]:
    """A reservation in the launch that is accepted once it is open."""
    clauses = []
    for clause_id in ("terms", "forfeiture"):
        clause = NEXT_TERMS.clause(clause_id)
        assert clause is not None
        digest = clause.text_hash("zh-Hans")
        clauses.append({"clause_id": clause_id, "text_hash": digest, "language": "zh-Hans"})
    options = [each.replace("paint-aqua", "paint-unheard") for each in SELECTION.options]
    configuration = {"model": SELECTION.model, "options": options}
    model = next(each for each in NEXT_CATALOGUE.models if each.code == SELECTION.model)
    extra = sum(each.price.amount for each in model.options if each.code in options)
    body = reservation(
        queue_id=QUEUE,
        terms_hash=NEXT_TERMS.terms_hash,
        catalogue_hash=NEXT_CATALOGUE.catalogue_hash,
        acknowledgements=clauses,
        configuration=configuration,
        price={"amount": SECRET_PRICE.amount + extra, "currency": "CNY"},
    )
    return body | changed


async def reserve(here: World, name: str = "one", key: str = "k", **changed: object) -> Told:
    return await here.buyer(name).post("/api/v1/reservations", wanted(**changed), key)


async def codes(here: World, key: str = "codes", name: str = "lin", **wants: object) -> Told:
    body = {"group_id": "vip", "valid_until": (OPENED + 5 * HOUR).isoformat(), **wants}
    return await here.staff("sales", name=name).post("/api/v1/campaigns/launch/codes", body, key)


SECRETS = (
    NEXT_CATALOGUE.catalogue_hash,
    str(SECRET_PRICE.amount),
    "87654",
    "paint-unheard",
)
"""What must not be in any answer before the reveal: digest, price, lowest price, options."""


async def leaks(here: World) -> list[str]:
    """Every door that answers anybody with something of what is not revealed.

    Buyers, strangers and staff of every role knock at every door, with the digests in the path and
    in the body, as somebody would who got hold of them.
    """
    order_id = await here.deposited()
    people = [here.anybody(), here.buyer(), here.buyer("two")]
    people += [here.staff(role) for role in ("sales", "planning", "delivery", "finance")]
    people += [here.staff("terms_editor"), here.staff("admin"), here.staff("auditor")]
    found = []
    for operation in described():
        path = f"{BASE}{operation.path}"
        for name, value in (
            ("{catalogue_hash}", NEXT_CATALOGUE.catalogue_hash),
            ("{terms_hash}", NEXT_TERMS.terms_hash),
            ("{campaign_id}", "launch"),
            ("{queue_id}", QUEUE),
            ("{order_id}", order_id),
            ("{number}", "1"),
        ):
            path = path.replace(name, value)
        bodies = [b"", msgspec.json.encode(wanted())]
        bodies.append(
            msgspec.json.encode(
                {
                    "catalogue_hash": NEXT_CATALOGUE.catalogue_hash,
                    "configuration": wanted()["configuration"],
                }
            )
        )
        for place, body in enumerate(bodies if operation.method != "GET" else [b""]):
            for number, who in enumerate(people):
                headers = {"idempotency-key": f"{operation.operation}-{place}-{number}"}
                told = await who.ask(operation.method, path, body, headers=headers)
                text = told.body.decode(errors="replace")
                found += [
                    f"{operation.operation} {told.status} {each}"
                    for each in SECRETS
                    if each in text
                ]
    return sorted(set(found))


def test_before_the_reveal_no_door_tells_price_or_options() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)

            assert await leaks(here) == []

            # Whoever walked through every door has ended all sessions as well.
            refused = await reserve(here, "three")
            assert (refused.status, refused.code) == (409, "sale_not_open")
            shown = (await here.anybody().get(f"/api/v1/terms/{NEXT_TERMS.terms_hash}")).json
            assert shown["source"] == ""
            assert shown["clauses"]

    asyncio.run(story())


def test_the_walk_finds_what_is_revealed() -> None:
    """Control: the same walk, after the reveal, finds the doors that show all of it."""

    async def story() -> None:
        async with world() as here:
            await announced(here)
            here.pass_time(hours=1)

            found = await leaks(here)

            doors = {each.split()[0] for each in found}
            assert {"listOffers", "showCatalogue", "askQuote", "showTerms", "showSource"} <= doors

    asyncio.run(story())


def test_the_page_has_the_servers_time_the_rule_and_what_is_left() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            await codes(here, count=2)

            told = await here.anybody().get("/api/v1/campaigns/launch")

            page = told.json
            assert told.headers["cache-control"] == "public, max-age=1"
            assert (page["now"], page["version"]) == ("2024-07-19T04:00:00Z", 1)
            assert (page["is_open"], page["is_revealed"]) == (False, False)
            assert page["opens_at"].startswith("2024-07-19T07:00:00")
            assert [(x["group_id"], x["quota"], x["left"]) for x in page["groups"]] == [
                ("loyal", 5, 5),
                ("vip", 3, 3),
            ]
            vip = page["groups"][1]
            assert (vip["codes_issued"], vip["codes_used"]) == (2, 0)
            assert page["benefits"][0]["left"] == 10
            unknown = await here.anybody().get("/api/v1/campaigns/none")
            assert (unknown.status, unknown.code) == (404, "campaign_unknown")

    asyncio.run(story())


def test_codes_open_early_admission_once() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            made = (await codes(here, count=2)).json["codes"]
            assert (await codes(here, count=2)).json["codes"] == made
            bound = (await codes(here, "bound", buyer_ids=[buyer_id("one")])).json["codes"]
            here.pass_time(hours=2)

            first = await reserve(here, code=made[0]["code"])
            again = await reserve(here, "two", code=made[0]["code"])
            foreign = await reserve(here, "two", "k2", code=bound[0]["code"])
            forged = await reserve(here, "two", "k3", code=made[1]["code"][:-1] + "_")
            public = await reserve(here, "two", "k4")
            other = {"model": "s7-standard", "options": []}
            model = await reserve(here, "two", "k5", code=made[1]["code"], configuration=other)

            assert first.status == 201, first.body
            assert first.json["rank"] == 1
            assert [(x.status, x.code) for x in (again, foreign, forged, public, model)] == [
                (409, "code_used"),
                (403, "code_of_another_buyer"),
                (422, "code_forged"),
                (409, "sale_not_open"),
                (422, "code_of_another_model"),
            ]
            elsewhere = reservation(code=made[1]["code"])
            told = await here.buyer("two").post("/api/v1/reservations", elsewhere, "k6")
            assert (told.status, told.code) == (422, "code_of_another_queue")
            page = (await here.anybody().get("/api/v1/campaigns/launch")).json
            vip = page["groups"][1]
            assert (vip["codes_issued"], vip["codes_used"], vip["left"]) == (3, 1, 2)
            listed = (await here.staff("sales").get("/api/v1/campaigns/launch/codes")).json
            used = [each["order_id"] for each in listed["codes"] if each["order_id"]]
            assert used == [first.json["order_id"]]
            assert made[0]["code"] not in repr(listed)
            here.pass_time(hours=3)
            late = await reserve(here, "two", "k7", code=made[1]["code"])
            assert (late.status, late.code) == (409, "code_over")

    asyncio.run(story())


def test_who_published_the_quota_hands_out_no_codes() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)

            assert (await codes(here, name="ida", count=1)).code == "second_person_missing"
            assert (await codes(here, count=4)).code == "codes_exceed_quota"
            assert (await codes(here, count=1, group_id="loyal")).code == "group_unsuitable"
            assert (await codes(here)).code == "wrong_type"
            both = await codes(here, count=1, buyer_ids=["x"])
            assert both.code == "wrong_type"
            assert (await codes(here, "same", count=1)).status == 201
            assert (await codes(here, "same", count=2)).code == "key_reused"

    asyncio.run(story())


def test_a_member_of_a_list_comes_in_earlier_and_nobody_else() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            sales = here.staff("sales")
            path = "/api/v1/campaigns/launch/members"
            members = {"group_id": "loyal", "buyer_ids": [buyer_id("one")]}
            assert (await sales.post(path, members)).status == 200
            assert (await sales.post(path, members | {"group_id": "vip"})).code == (
                "group_unsuitable"
            )
            assert (await sales.post(path, members | {"group_id": "x"})).code == "group_unknown"
            here.pass_time(hours=2)

            assert (await reserve(here, group_id="loyal")).status == 201
            assert (await reserve(here, "two", group_id="loyal")).code == "not_invited"
            assert (await reserve(here, "two", "k2", group_id="vip")).code == "code_missing"

    asyncio.run(story())


def test_a_benefit_that_time_takes_away_is_seen_by_whoever_asks_again() -> None:
    async def story() -> None:
        async with world() as here:
            limit = (OPENS + HOUR).isoformat()
            document = DOCUMENT.replace(
                "not_left = true", f"not_left = true\ndeposited_before = {limit}"
            )
            await announced(here, document)
            here.pass_time(hours=3)
            path = f"/api/v1/orders/{(await reserve(here)).json['order_id']}"

            first = await here.buyer().get(path)
            here.pass_time(hours=2)
            later = await here.buyer().get(path, if_none_match=first.headers["etag"])

            found = [told.json["benefits"][0]["standing"] for told in (first, later)]
            assert (later.status, found) == (200, ["open", "lost"])
            assert later.headers["etag"] == first.headers["etag"]

    asyncio.run(story())


def test_nobody_refers_themselves_from_a_second_account() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            await here.reserve("friend")
            friend = (await here.buyer("friend").get("/api/v1/referral-code")).json["code"]
            here.pass_time(hours=3)
            first = await reserve(here, "friend again", referral=friend)
            for name in ("friend", "friend again"):
                number = {"name": "Li", "number": "11010519491231002X"}
                proven = await here.buyer(name).post(
                    "/api/v1/people/me/proofs/identity-number", number
                )
                assert proven.status in {200, 204}, proven

            repeated = await reserve(here, "friend again", referral=friend)
            again = await reserve(here, "friend again", "k2", referral=friend)
            other = await reserve(here, "two", "k3", referral=friend)

            assert (first.status, other.status) == (201, 201)
            # What was answered before anybody knew of the person is answered again.
            assert repeated.json["order_id"] == first.json["order_id"]
            assert again.code == "referred_by_oneself"

    asyncio.run(story())


def test_channel_and_friend_are_reported_without_names() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            none = await here.buyer("friend").get("/api/v1/referral-code")
            assert (none.status, none.code) == (409, "nothing_to_refer_to")
            await here.reserve("friend")
            friend = (await here.buyer("friend").get("/api/v1/referral-code")).json["code"]
            here.pass_time(hours=3)

            assert (await reserve(here, channel="live", referral=friend)).status == 201
            assert (await reserve(here, "friend", "k2", referral=friend)).code == (
                "referred_by_oneself"
            )
            assert (await reserve(here, "two", "k3", referral="x.y.z")).code == "referral_forged"
            assert (await reserve(here, "two", "k4", channel="radio")).code == "channel_unknown"
            (line,) = (await here.staff("sales").get("/api/v1/campaigns/launch/report")).json[
                "lines"
            ]
            assert (line["channel"], line["reservations"], line["paid"]) == ("live", 1, 0)
            assert line["referral"] is not None
            assert buyer_id("friend") not in repr(line)

    asyncio.run(story())


def test_a_campaign_with_faults_or_against_itself_is_refused_with_the_list() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)

            faulty = await publish(here, DOCUMENT.replace("quota = 3", "quotas = 3"), "a")
            assert (faulty.status, faulty.code) == (422, "campaign_faulty")
            assert {each["code"] for each in faulty.json["faults"]} == {
                "key_missing",
                "key_unknown",
            }
            unfair = DOCUMENT.replace(
                "quota = 10", f"quota = 10\ndeposited_before = {REVEAL.isoformat()}"
            )
            told = await publish(here, unfair, "b")
            assert (told.status, told.code) == (422, "campaign_unfair")
            assert told.json["findings"][0]["severity"] == "S1"
            assert (await publish(here, "\xff", "c")).status == 422
            binary = await here.staff("terms_editor").post(
                "/api/v1/campaigns", b'names = "\xff"', "d"
            )
            assert binary.code == "encoding_wrong"
            assert (await publish(here, key="e")).code == "campaign_version_stale"
            assert (await publish(here, DOCUMENT + "\n")).code == "key_reused"
            here.pass_time(hours=4)
            less = DOCUMENT.replace("version = 1", "version = 2").replace("quota = 10", "quota = 9")
            assert (await publish(here, less, "f")).code == "quota_taken_away"

    asyncio.run(story())


def test_an_opening_that_moves_is_a_version_that_those_who_wait_are_told() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            path = "/api/v1/campaigns/launch/news"
            for name, body in (("one", None), ("two", None), ("two", {"wanted": False})):
                assert (await here.buyer(name).post(path, body)).status == 200
            moved = DOCUMENT.replace("version = 1", "version = 2").replace(
                f"\nopens_at = {OPENS.isoformat()}", f"\nopens_at = {(OPENS + HOUR).isoformat()}", 1
            )

            assert (await publish(here, moved, "second")).status == 201

            told = [each for each in here.memory.tables.messages if each.subject == "launch"]
            assert [(each.buyer_id, each.sequence) for each in told] == [(buyer_id("one"), 2)]
            page = (await here.anybody().get("/api/v1/campaigns/launch")).json
            assert [each["version"] for each in page["versions"]] == [1, 2]
            assert page["opens_at"] == (OPENS + HOUR).isoformat().replace("+00:00", "Z")

    asyncio.run(story())


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_an_order_shows_how_it_came_and_what_it_is_owed(language: str) -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            here.pass_time(hours=3)
            order_id = (await reserve(here, channel="live")).json["order_id"]
            buyer = here.buyer()

            shown = (await buyer.get(f"/api/v1/orders/{order_id}", accept_language=language)).json

            assert shown["attribution"]["channel"] == "live"
            assert [(x["benefit"]["benefit_id"], x["standing"]) for x in shown["benefits"]] == [
                ("wheels", "owed")
            ]
            delivery = {"benefit_id": "wheels", "proof": "fitted"}
            path = f"/api/v1/orders/{order_id}/deliver-benefit"
            assert (await buyer.post(path, delivery, "d")).code == "not_permitted"
            assert (await here.staff("delivery").post(path, delivery, "d")).status == 200
            shown = (await buyer.get(f"/api/v1/orders/{order_id}")).json
            assert [each["standing"] for each in shown["benefits"]] == ["delivered"]

    asyncio.run(story())
