"""What runs for one order and what decided it: agreements, promises, newer terms, changes.

Not here: the rules themselves (`tests/core/tables`).
"""

import asyncio
from typing import Any

import msgspec

from earnest.core.queue.offer import Offer
from earnest.core.terms.compile import read_and_compile
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import QueueId
from tests.web.life import Life, begun
from tests.web.maker import CATALOGUE, TERMS, World, acknowledged, price, world

PROMISES = "/api/v1/public-promises"
SPRING: dict[str, Any] = {
    "promise_id": "spring",
    "queue_id": "s7-cn",
    "overrides": [
        {"field": "late_delivery_per_day", "value": {"amount": 20_000, "currency": "CNY"}}
    ],
    "text": "200 yuan for each day we are late.",
    "source": "https://maker.example/spring",
}


def number(contract: Any, field: str) -> dict[str, Any]:  # noqa: ANN401 - any document
    """One number of a contract, by its field."""
    found: dict[str, Any] = next(each for each in contract["numbers"] if each["field"] == field)
    return found


async def agreed(life: Life, **overrides: object) -> Any:  # noqa: ANN401 - any document
    """Staff promise something in a chat."""
    said = [{"field": field, "value": value} for field, value in overrides.items()]
    sales = life.here.staff("sales")
    return await life.done(
        sales, "propose-agreement", overrides=said, text="I promise.", origin="chat"
    )


def test_a_contract_says_what_decided_each_number() -> None:
    async def story() -> None:
        async with world() as here:
            assert (await here.staff("sales").post(PROMISES, SPRING)).status == 201
            life = await begun(here)
            done = await agreed(life, balance_due_days=30)
            assert done["events"] == ["AgreementMade"]

            contract = await life.shown("/contract?language=en")

            assert number(contract, "balance_due_days") == {
                "field": "balance_due_days",
                "value": 30,
                "words": "30 days to pay the balance",
                "source": "agreement",
                "number": 1,
                "instead_of": TERMS.policy.balance_due_days,
                "overlaps": [],
            }
            late = number(contract, "late_delivery_per_day")
            assert (late["source"], late["number"]) == ("public_promise", 1)
            assert late["words"] == "¥200.00 for each day of delay"
            assert number(contract, "refund_days")["source"] == "standard"
            assert contract["promises"][0]["text"] == SPRING["text"]
            assert contract["agreements"][0]["text"] == "I promise."
            assert contract["agreements"][0]["in_force"]
            assert "staff_id" not in contract["agreements"][0]

    asyncio.run(story())


def test_a_clause_that_was_not_acknowledged_is_shown_with_what_follows() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            before = await life.shown("/contract?language=zh-Hans")
            await life.done(
                here.buyer(), "acknowledge-clause", acknowledgement=acknowledged("lock_effect")
            )
            after = await life.shown("/contract")

            standing = {each["clause_id"]: each for each in before["clauses"]}
            assert standing["forfeiture"]["is_incorporated"]
            assert standing["forfeiture"]["without_it"] is None
            assert not standing["lock_effect"]["is_incorporated"]
            assert "提前锁单" in standing["lock_effect"]["without_it"]
            now = {each["clause_id"]: each["is_incorporated"] for each in after["clauses"]}
            assert now["lock_effect"]

    asyncio.run(story())


def test_a_disadvantage_waits_for_the_buyers_acknowledgement() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            assert (await agreed(life, refund_days=15))["events"] == ["AgreementProposed"]
            refused = await life.ask(here.buyer(), "accept-agreement", {"number": 1})
            assert (refused.status, refused.code) == (422, "acknowledgement_missing")

            [proposal] = (await life.shown("/contract"))["proposals"]
            shown = {
                "clause_id": "agreement-1",
                "text_hash": proposal["text_hash"],
                "language": "en",
            }
            await life.done(here.buyer(), "accept-agreement", number=1, acknowledgement=shown)

            contract = await life.shown("/contract")
            assert number(contract, "refund_days")["value"] == 15
            assert contract["proposals"] == []
            timeline = await life.shown("/timeline?language=en")
            told = [each["words"] for each in timeline["events"]]
            assert any("Agreement 1 now beats the standard terms" in each for each in told)

    asyncio.run(story())


def shown_newly(terms: TermsVersion, clause_id: str) -> dict[str, str]:
    """An acknowledgement of a clause of these terms."""
    clause = terms.clause(clause_id)
    assert clause is not None
    return {"clause_id": clause_id, "text_hash": clause.text_hash("en"), "language": "en"}


async def newer(here: World) -> TermsVersion:
    """Better terms, on sale in the same queue from now on."""
    source = TERMS.source.replace("[refunds]\ndays = 7", "[refunds]\ndays = 2")
    source = source.replace(f'version = "{TERMS.version}"', 'version = "newer"')
    terms = read_and_compile(source, "newer.toml")
    assert isinstance(terms, TermsVersion), terms
    offer = Offer(
        queue_id=QueueId("s7-cn"),
        terms_hash=terms.terms_hash,
        catalogue_hash=CATALOGUE.catalogue_hash,
        opens_at=here.clock.now(),
    )
    await here.kept.store.publish(queues=(), terms=terms, catalogue=CATALOGUE, offers=(offer,))
    await here.desk.library.refresh_offers()
    return terms


def test_newer_terms_are_offered_and_accepted_and_move_what_runs() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            terms = await newer(here)
            other = await life.ask(here.staff("sales"), "offer-terms", {"terms_hash": "unheard"})
            assert (other.status, other.code) == (409, "offered_terms_unknown")
            await life.done(here.staff("sales"), "offer-terms", terms_hash=terms.terms_hash)
            offered = (await life.shown("/contract"))["terms_offer"]
            assert (offered["version"], offered["worse"]) == ("newer", [])
            differing = {each["key"]: each["effect"] for each in offered["differences"]}
            assert differing["refunds.days"] == "better"
            assert number(await life.shown("/contract"), "refund_days")["value"] != 2

            await life.done(
                here.buyer(),
                "accept-terms",
                terms_hash=terms.terms_hash,
                acknowledgements=[shown_newly(terms, "terms")],
            )

            contract = await life.shown("/contract")
            assert (contract["version"], contract["terms_offer"]) == ("newer", None)
            assert number(contract, "refund_days")["value"] == 2
            await life.until_locked()
            assert (await life.shown())["terms_hash"] == terms.terms_hash
            missing = [x["clause_id"] for x in contract["clauses"] if not x["is_incorporated"]]
            assert "forfeiture" in missing

    asyncio.run(story())


def test_a_change_shows_price_window_and_money_of_each_choice_and_leaving_posts_them() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()
            body = {"change": "tax_year_passed", "explanation": "A year later."}
            await life.done(here.staff("planning"), "announce-change", **body)

            [change] = (await life.shown("/contract?language=en"))["changes"]
            keep, leave = change["choices"]
            assert (keep["choice"], leave["choice"]) == ("keep", "leave")
            assert keep["price"] == msgspec.to_builtins(price().price)
            preview = await life.shown("/exits?language=en")
            way = next(
                each for each in preview["exits"] if each["ground"] == "changed_while_waiting"
            )
            assert way["is_open"]
            assert way["settlement"] == leave["settlement"]

            await life.done(here.buyer(), "answer-change", number=1, choice="leave")

            statement = await life.shown("/statement?language=en")
            assert statement["settlement"] == leave["settlement"]
            assert (await life.shown("/contract"))["changes"][0]["choices"] == []

    asyncio.run(story())


def test_a_change_nobody_answers_ends_by_itself_and_changes_nothing() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()
            before = await life.shown()
            body = {"change": "option_withdrawn", "explanation": "No more glass roofs."}
            await life.done(here.staff("sales"), "announce-change", **body)
            here.pass_time(days=16)
            await here.time_acts()

            [change] = (await life.shown("/contract"))["changes"]
            assert (change["answer"], change["choices"]) == (None, [])
            after = await life.shown()
            assert [after[each] for each in ("price", "configuration", "rank")] == [
                before[each] for each in ("price", "configuration", "rank")
            ]
            late = await life.ask(here.buyer(), "answer-change", {"number": 1, "choice": "leave"})
            assert (late.status, late.code) == (409, "change_over")

    asyncio.run(story())


def test_public_promises_are_listed_for_everybody_and_said_once() -> None:
    async def story() -> None:
        async with world() as here:
            sales = here.staff("sales")
            first = await sales.post(PROMISES, SPRING)
            again = await sales.post(PROMISES, SPRING)
            other = await sales.post(PROMISES, SPRING | {"text": "Something else."})

            assert (first.status, again.status) == (201, 201)
            assert first.json == again.json
            assert (other.status, other.code) == (422, "key_reused")
            listed = await here.anybody().get(f"{PROMISES}?queue_id=s7-cn")
            assert listed.json["promises"] == [first.json]
            assert (await here.anybody().get(f"{PROMISES}?queue_id=other")).json["promises"] == []
            life = Life(here, await here.deposited("two"), "two")
            applied = await life.ask(
                here.buyer("two"), "apply-public-promise", {"promise_id": "spring"}
            )
            assert applied.code == "promise_applied"

    asyncio.run(story())


def test_a_promise_that_cannot_be_kept_is_not_published() -> None:
    async def story() -> None:
        async with world() as here:
            sales = here.staff("sales")
            cases: dict[str, dict[str, Any]] = {
                "queue_unknown": {"queue_id": "nowhere"},
                "below_mandatory_minimum": {"overrides": [{"field": "cure_days", "value": 3}]},
                "override_malformed": {"overrides": [{"field": "cure_days", "value": True}]},
                "agreement_malformed": {"valid_until": "2020-01-01T00:00:00Z"},
                "wrong_type": {"overrides": [{"field": "rank", "value": 1}]},
                "unknown_field": {"colour": "red"},
            }
            for code, changed in cases.items():
                told = await sales.post(PROMISES, SPRING | changed)
                assert told.code == code, (code, told.body)
            assert (await here.buyer().post(PROMISES, SPRING)).code == "not_permitted"
            assert (await here.anybody().get(PROMISES)).json["promises"] == []

    asyncio.run(story())
